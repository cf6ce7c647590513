import { holdfastClient, type HoldfastClient, type Schema } from '../client/holdfast-client.js';

export type Offer = Schema<'LoanOffer'>;
export type ListedLoan = Schema<'LoanList'>['loans'][number];
export type LoanPage = Schema<'LoanPage'>;
/** Figures as the API prints them: token units. */
export type PoolPage = Schema<'Pool'>;
/** Of POST /loans for lack of liquidity. */
export type Refusal = Schema<'ProblemInsufficientLiquidity'>;
export type Answer<T, Refused> =
  | { readonly ok: true; readonly body: T }
  | { readonly ok: false; readonly status: number; readonly refusal: Refused };

type Creation = Awaited<ReturnType<DemoApi['postLoan']>>;
type Submission = Awaited<ReturnType<DemoApi['postSubmission']>>;
const LIMIT_MS = 60_000;
const READY_LIMIT_MS = 2_000;

/** The public API, used as any client would: by the typed client that is made from its document. */
export class DemoApi {
  private readonly client: HoldfastClient;

  /** @param url of the API @param key an API key */
  constructor(
    private readonly url: string,
    key: string,
  ) {
    this.client = holdfastClient({ baseUrl: url, headers: { authorization: `Bearer ${key}` } });
  }

  /** Asked again with the same key the answer is the same, so a lost answer costs nothing. */
  async createLoan(
    body: Schema<'CreateLoan'>,
    key: string,
  ): Promise<Answer<Offer, NonNullable<Creation['error']>>> {
    return answerOf(await this.postLoan(body, key));
  }
  async submit(
    loanId: string,
    signed: Schema<'Submission'>,
  ): Promise<Answer<Schema<'SubmissionAnswer'>, NonNullable<Submission['error']>>> {
    return answerOf(await this.postSubmission(loanId, signed));
  }

  async loansOf(poolId: string): Promise<readonly ListedLoan[]> {
    return expected(
      await this.client.GET('/loans', {
        params: { query: { poolId, limit: 100 } },
        signal: AbortSignal.timeout(LIMIT_MS),
      }),
    ).loans;
  }
  async loan(id: string): Promise<LoanPage> {
    return expected(
      await this.client.GET('/loans/{id}', {
        params: { path: { id } },
        signal: AbortSignal.timeout(LIMIT_MS),
      }),
    );
  }
  async pool(poolId: string): Promise<PoolPage> {
    return expected(
      await this.client.GET('/pools/{id}', {
        params: { path: { id: poolId } },
        signal: AbortSignal.timeout(LIMIT_MS),
      }),
    );
  }

  async isReady(): Promise<boolean> {
    try {
      return (
        await this.client.GET('/health/ready', { signal: AbortSignal.timeout(READY_LIMIT_MS) })
      ).response.ok;
    } catch {
      return false;
    }
  }

  private postLoan(body: Schema<'CreateLoan'>, key: string) {
    return this.client.POST('/loans', {
      body,
      params: { header: { 'Idempotency-Key': key } },
      signal: AbortSignal.timeout(LIMIT_MS),
    });
  }
  private postSubmission(id: string, body: Schema<'Submission'>) {
    return this.client.POST('/loans/{id}/submission', {
      body,
      params: { path: { id } },
      signal: AbortSignal.timeout(LIMIT_MS),
    });
  }
}

interface Fetched<T, Refused> {
  readonly data?: T;
  readonly error?: Refused;
  readonly response: Response;
}

function answerOf<T, Refused>({
  data,
  error,
  response,
}: Fetched<T, Refused>): Answer<NonNullable<T>, NonNullable<Refused>> {
  if (data !== undefined && data !== null) return { ok: true, body: data };
  if (error === undefined || error === null)
    throw new Error(`The service answered ${response.status} with nothing.`);
  return { ok: false, status: response.status, refusal: error };
}

function expected<T, Refused extends { readonly code: string; readonly detail: string }>(
  fetched: Fetched<T, Refused>,
): NonNullable<T> {
  const answer = answerOf(fetched);
  if (!answer.ok)
    throw new Error(
      `The service answered ${answer.status} ${answer.refusal.code}: ${answer.refusal.detail}`,
    );
  return answer.body;
}
