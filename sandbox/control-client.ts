import { z } from 'zod';
import { type Generation, GENERATIONS } from './contracts/generations.js';
import { type Profile, PROFILES } from './contracts/host.js';

const head = z.object({ ledger: z.int(), closeTime: z.int() });
const poolRecord = z.object({
  pool: z.string(),
  creditline: z.string(),
  token: z.string(),
  profile: z.enum(PROFILES),
  decimals: z.int(),
  generation: z.enum(GENERATIONS).optional(),
});
const figures = z.object({ total: z.string(), locked: z.string(), tokenBalance: z.string() });
const shapes = {
  state: head.extend({
    passphrase: z.string(),
    closeSeconds: z.number(),
    pools: z.array(poolRecord.extend(figures.shape)),
  }),
  pool: poolRecord,
  borrowers: z.object({
    borrowers: z.array(z.object({ address: z.string(), secret: z.string() })),
  }),
  vendors: z.object({ vendors: z.array(z.string()) }),
  landed: z.object({ succeeded: z.literal(true) }),
  foreignLoans: z.object({ loans: z.array(z.object({ succeeded: z.boolean().nullable() })) }),
};

export type ControlState = Readonly<z.infer<typeof shapes.state>>;
export type NewPool = Readonly<z.infer<typeof poolRecord>>;
export interface DevelopmentAccount {
  readonly address: string;
  /** secret seed; the account exists on the local network only */
  readonly secret: string;
}

const LIMIT_MS = 15_000;

/**
 * The local network's control port over HTTP. Amounts are token units as text; figures in its
 * answers are base units.
 */
export class ControlClient {
  constructor(private readonly url: string) {}

  state(): Promise<ControlState> {
    return this.ask('GET', '/state', undefined, shapes.state);
  }

  makePool(request: {
    profile: Profile;
    generation?: Generation | undefined;
    decimals: number;
    deposit: string;
  }): Promise<NewPool> {
    return this.ask('POST', '/pools', request, shapes.pool);
  }

  async makeBorrowers(request: {
    pool: string;
    count: number;
    tokens: string;
    score: number;
  }): Promise<readonly DevelopmentAccount[]> {
    return (await this.ask('POST', '/borrowers', request, shapes.borrowers)).borrowers;
  }

  async makeVendors(request: { pool: string; count: number }): Promise<readonly string[]> {
    return (await this.ask('POST', '/vendors', request, shapes.vendors)).vendors;
  }

  /** Deposits the whole amount, by a provider's own transaction. */
  async deposit(request: { pool: string; amount: string }): Promise<void> {
    await this.ask('POST', '/deposits', request, shapes.landed);
  }

  /**
   * Loans of other accounts on the pool's creditline, by signed transactions that the service does
   * not know. @returns how many landed
   */
  async foreignLoans(request: {
    pool: string;
    count: number;
    total: string;
    guarantee: string;
  }): Promise<number> {
    const { loans } = await this.ask('POST', '/foreign-loans', request, shapes.foreignLoans);
    return loans.filter(({ succeeded }) => succeeded === true).length;
  }

  /** @throws Error with the control port's own sentence, or that the port does not answer */
  private async ask<T>(
    method: 'GET' | 'POST',
    path: string,
    body: object | undefined,
    shape: z.ZodType<T>,
  ): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      signal: AbortSignal.timeout(LIMIT_MS),
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    }).catch((thrown: unknown) => {
      throw new Error(`The local network's control port at ${this.url} does not answer.`, {
        cause: thrown,
      });
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`The local network's control port refused ${method} ${path}: ${text}`);
    return shape.parse(JSON.parse(text));
  }
}
