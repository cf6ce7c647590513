import { z } from 'zod';

const offer = z.object({
  loan: z.object({ id: z.string() }),
  reservation: z.object({ id: z.string(), amount: z.string(), expiresAt: z.string() }),
  transaction: z.object({ xdr: z.string(), hash: z.string(), networkPassphrase: z.string() }),
});
const refusal = z.object({ code: z.string(), detail: z.string().optional(), available: z.string().optional(), atLedger: z.int().optional(), nextDeadline: z.string().nullable().optional(), resultCode: z.string().nullable().optional() });
const submission = z.object({ status: z.string() });
const loans = z.object({ loans: z.array(z.object({ loan: z.object({ id: z.string() }), reservation: z.object({ state: z.string(), settledLedger: z.int().nullable() }) })) });
const pool = z.object({
  atLedger: z.int().nullable(), total: z.string().nullable(), locked: z.string().nullable(), tokenBalance: z.string().nullable(), observedAvailable: z.string().nullable(),
  held: z.string(), inFlight: z.string(), available: z.string(),
});

export type Offer = Readonly<z.infer<typeof offer>>;
export type Refusal = Readonly<z.infer<typeof refusal>>;
export type ListedLoan = Readonly<z.infer<typeof loans>['loans'][number]>;
/** Figures as the API prints them: token units. */
export type PoolPage = Readonly<z.infer<typeof pool>>;
export type Answer<T> = { readonly ok: true; readonly body: T } | { readonly ok: false; readonly status: number; readonly refusal: Refusal };

const LIMIT_MS = 60_000;

/** The public API, used as any client would. */
export class DemoApi {
  constructor(private readonly url: string, private readonly key: string) {}

  /** Asked again with the same key the answer is the same, so a lost answer costs nothing. */
  createLoan(body: object, key: string): Promise<Answer<Offer>> { return this.ask('POST', '/loans', { body, headers: { 'idempotency-key': key } }, offer); }
  submit(loanId: string, signedXdr: string): Promise<Answer<{ status: string }>> { return this.ask('POST', `/loans/${loanId}/submission`, { body: { signedXdr } }, submission); }

  async loansOf(poolId: string): Promise<readonly ListedLoan[]> { return expected(await this.ask('GET', `/loans?poolId=${poolId}&limit=100`, {}, loans)).loans; }
  async pool(poolId: string): Promise<PoolPage> { return expected(await this.ask('GET', `/pools/${poolId}`, {}, pool)); }

  async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(2000) })).ok;
    } catch {
      return false;
    }
  }

  private async ask<T>(method: 'GET' | 'POST', path: string, what: { body?: object; headers?: Record<string, string> }, shape: z.ZodType<T>): Promise<Answer<T>> {
    const response = await fetch(`${this.url}${path}`, {
      method, signal: AbortSignal.timeout(LIMIT_MS),
      headers: { authorization: `Bearer ${this.key}`, ...(what.body && { 'content-type': 'application/json' }), ...what.headers },
      ...(what.body && { body: JSON.stringify(what.body) }),
    });
    const body: unknown = await response.json();
    return response.ok ? { ok: true, body: shape.parse(body) } : { ok: false, status: response.status, refusal: refusal.parse(body) };
  }
}

function expected<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Error(`The service answered ${answer.status} ${answer.refusal.code}: ${answer.refusal.detail ?? ''}`);
  return answer.body;
}
