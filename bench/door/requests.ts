import { randomBytes, randomUUID } from 'node:crypto';
import { StrKey } from '@stellar/stellar-sdk';
import type { Asked, Answered, HttpClient } from '../lab/http-load.js';
import type { LabPool } from '../lab/stage.js';

/** The kinds of requests that are measured, each of which must get one kind of answer. */
const KINDS = ['loan', 'short', 'replay', 'invalid', 'getLoan', 'getPool'] as const;
export type Kind = (typeof KINDS)[number];
/** All but the promise. */
export const CHEAP = KINDS.filter((kind) => kind !== 'loan');
export const KIND_WORDS: Readonly<Record<Kind, string>> = {
  loan: 'POST /loans, accepted',
  short: 'POST /loans, no funds',
  replay: 'POST /loans, known key',
  invalid: 'POST /loans, invalid body',
  getLoan: 'GET /loans/:id',
  getPool: 'GET /pools/:id',
};
const EXPECTED: Readonly<Record<Kind, string>> = {
  loan: '201',
  short: '409 INSUFFICIENT_LIQUIDITY',
  replay: '201',
  invalid: '400 VALIDATION_FAILED',
  getLoan: '200',
  getPool: '200',
};

/** The same loan for the service and for the SDK alone. Token units with seven decimals. */
const UNIT = 10_000_000n;
const DAY = 86_400;
const due = (days: number): number => Math.floor(Date.now() / 1000 / DAY + days) * DAY;
export const LOAN = {
  total: 100n * UNIT,
  guarantee: 20n * UNIT,
  schedule: [30, 60, 90].map((days, index) => ({
    amount: (index === 2 ? 34n : 33n) * UNIT,
    due: BigInt(due(days)),
  })),
};
export const loanBody = (pool: LabPool, borrower: string): string =>
  JSON.stringify({
    poolId: pool.record.id,
    borrower,
    vendor: pool.vendor,
    totalAmount: '100',
    guaranteeAmount: '20',
    schedule: LOAN.schedule.map(({ amount, due: at }) => ({
      amount: String(amount / UNIT),
      dueAt: new Date(Number(at) * 1000).toISOString().replace('.000Z', 'Z'),
    })),
  });

/** An account that only a node needs to know, not a signer. */
export const randomAccount = (): string => StrKey.encodeEd25519PublicKey(randomBytes(32));

interface Accepted {
  readonly key: string;
  readonly body: string;
  readonly loanId: string;
}

/** The service says that it cannot answer in time. */
export const BUSY = '503 BUSY_RETRY';
const REMEMBERED_MAX = 500;
const codeOf = ({ status, text }: Answered): string =>
  status < 400 ? String(status) : `${status} ${/"code":"([A-Z_]+)"/.exec(text)?.[1] ?? ''}`;

/** Asks a service in all ways, and counts what it answered otherwise than it should. */
export class Requests {
  readonly oddities = new Map<string, number>();
  /** Loans that were answered with a transaction to sign. */
  accepted = 0;
  readonly #known: Accepted[] = [];
  #turn = 0;
  #firstOdd: string | undefined;

  constructor(
    private readonly client: HttpClient,
    private readonly pools: { readonly ample: LabPool; readonly empty: LabPool },
    /** Undefined: none is left. */
    private readonly freshBorrower: () => string | undefined,
  ) {}

  /** @returns undefined when no borrower is left to ask for */
  ask(kind: Kind): Promise<string> | undefined {
    switch (kind) {
      case 'loan': {
        const borrower = this.freshBorrower();
        return borrower === undefined ? undefined : this.#loan(borrower);
      }
      case 'short':
        return this.#sent(kind, post(randomUUID(), loanBody(this.pools.empty, randomAccount())));
      case 'invalid':
        return this.#sent(
          kind,
          post(randomUUID(), loanBody(this.pools.ample, 'GNOBODY').replace('"100"', '"-1"')),
        );
      case 'replay': {
        const known = this.#remembered();
        return this.#sent(kind, post(known.key, known.body));
      }
      case 'getLoan':
        return this.#sent(kind, { method: 'GET', path: `/loans/${this.#remembered().loanId}` });
      case 'getPool':
        return this.#sent(kind, { method: 'GET', path: `/pools/${this.pools.ample.record.id}` });
    }
  }

  async #loan(borrower: string): Promise<string> {
    const key = randomUUID();
    const body = loanBody(this.pools.ample, borrower);
    const answer = await this.client.ask(post(key, body));
    if (answer.status === 201) {
      this.accepted++;
      if (this.#known.length < REMEMBERED_MAX) {
        const { loan } = JSON.parse(answer.text) as { loan: { id: string } };
        this.#known.push({ key, body, loanId: loan.id });
      }
    }
    return this.#judged('loan', answer);
  }

  async #sent(kind: Kind, asked: Asked): Promise<string> {
    return this.#judged(kind, await this.client.ask(asked));
  }

  #judged(kind: Kind, answer: Answered): string {
    const outcome = codeOf(answer);
    // refused at the door before it has cost anything: counted, and no fault
    if (outcome === EXPECTED[kind] || outcome === BUSY) return outcome;
    const odd = `${KIND_WORDS[kind]}: ${outcome}`;
    this.oddities.set(odd, (this.oddities.get(odd) ?? 0) + 1);
    this.#firstOdd ??= answer.text;
    return outcome;
  }

  #remembered(): Accepted {
    const known = this.#known[this.#turn++ % this.#known.length];
    if (!known) throw new Error(`No loan was accepted yet. ${this.#firstOdd ?? ''}`);
    return known;
  }
}

const post = (key: string, body: string): Asked => ({
  method: 'POST',
  path: '/loans',
  headers: { 'idempotency-key': key },
  body,
});
