import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Keypair } from '@stellar/stellar-sdk';
import pg from 'pg';
import type { DevelopmentAccount } from '../../sandbox/control-client.js';
import { type Signable, signOffer } from '../../src/cli/sign-offer.js';
import type { Signing } from '../../src/modules/liquidity/reservation.js';
import { LOAN, loanBody } from '../door/requests.js';
import { type Child } from '../lab/children.js';
import { cpuOf } from '../lab/cpu.js';
import { type Answered, type Asked, closedLoop, type HttpClient } from '../lab/http-load.js';
import { type LabPool, Stage } from '../lab/stage.js';
import { type Books, readBooks } from './books.js';

export interface CrowdPlan {
  readonly callers: number;
  /** In which all callers come, one after the other. */
  readonly seconds: number;
  /** Loans that the pool has funds for. */
  readonly fit: number;
  readonly signing: Signing;
  /** How long a caller goes on after its first request when no answer decides. */
  readonly patienceSeconds: number;
}

/** What became of a caller in the end. */
export type Fate = 'promised' | 'refused' | 'gave up';
export interface CrowdReport {
  readonly plan: CrowdPlan;
  readonly fates: ReadonlyMap<Fate, number>;
  /** Every answer to POST /loans by status and code, milliseconds. */
  readonly answers: ReadonlyMap<string, readonly number[]>;
  /** Answers to submissions, by status and code. */
  readonly submissions: ReadonlyMap<string, readonly number[]>;
  /** From a caller's first request to the answer that decided, milliseconds. */
  readonly decidedAfter: Readonly<Record<Exclude<Fate, 'gave up'>, readonly number[]>>;
  /** Age of the snapshot by its close time at every look, seconds. */
  readonly snapshotAges: readonly number[];
  readonly ageAllowed: number;
  readonly books: Books;
  readonly cpuSeconds: number;
  readonly seconds: number;
}

const LEDGER_SECONDS = 5;
const UNIT = 10_000_000n;
export const FUNDED = LOAN.total - LOAN.guarantee;
const LOOK_MS = 500;
/**
 * `Retry-After` of COUNTER_WINDOW_FULL names the moment when a hold ends at the latest. Most land
 * long before, so a caller asks again at least this often, as the client of the demo does.
 */
const WAIT_MAX_MS = 5_000;
const LANDING_LIMIT_MS = 300_000;
const CHANNELS = 24;
const WARM_UP = { loans: 200, inFlight: 8, seconds: 15 } as const;

/** A crowd wants the funds of few: who is promised signs at once, and the others ask again. */
export class Crowd {
  readonly #answers = new Map<string, number[]>();
  readonly #submissions = new Map<string, number[]>();
  readonly #fates = new Map<Fate, number>();
  readonly #decidedAfter = { promised: [] as number[], refused: [] as number[] };
  readonly #ages: number[] = [];

  private constructor(
    private readonly plan: CrowdPlan,
    private readonly stage: Stage,
    private readonly pool: LabPool,
    private readonly client: HttpClient,
  ) {}

  static async measure(
    plan: CrowdPlan,
    say: (what: string, seconds: number) => void,
  ): Promise<CrowdReport> {
    say(`crowd: ${plan.callers} accounts`, PREPARATION_SECONDS);
    const stage = await Stage.open({ ledgerSeconds: LEDGER_SECONDS });
    try {
      const pool = await stage.makePool({
        name: 'crowd',
        deposit: String((FUNDED * BigInt(plan.fit)) / UNIT),
        rules: { signing: plan.signing },
      });
      const env = plan.signing === 'authorization' ? await withChannels(stage, pool) : {};
      await stage.startService({ role: 'worker', env });
      const service = await stage.startService({ role: 'api', env });
      const borrowers = await stage.makeBorrowers(pool, plan.callers);
      const crowd = new Crowd(plan, stage, pool, stage.client([service.url]));
      await crowd.#warmUp();
      say(`crowd: ${plan.callers} callers in ${plan.seconds} s`, crowdSeconds(plan));
      return await crowd.#run(borrowers, service);
    } finally {
      await stage.close();
    }
  }

  /** Loans of another pool, so that the service has compiled what it is about to run. */
  async #warmUp(): Promise<void> {
    const pool = await this.stage.makePool({
      name: 'warm-up',
      deposit: '1000000',
      rules: { strict: false },
    });
    const borrowers = [...(await this.stage.makeBorrowers(pool, WARM_UP.loans))];
    await closedLoop({ inFlight: WARM_UP.inFlight, seconds: WARM_UP.seconds }, () => {
      const borrower = borrowers.pop();
      return borrower && this.client.ask(loanRequest(pool, borrower.address)).then(outcomeOf);
    });
  }

  async #run(
    borrowers: readonly DevelopmentAccount[],
    service: Pick<Child, 'pid'>,
  ): Promise<CrowdReport> {
    const begun = performance.now();
    const cpuBefore = cpuOf([service.pid]);
    const over = new AbortController();
    const looks = this.#lookAtSnapshot(over.signal);
    let seconds = 0;
    let cpuSeconds = 0;
    let books: Books;
    try {
      await Promise.all(
        borrowers.map(async (borrower, index) => {
          await wait((index * this.plan.seconds * 1000) / borrowers.length);
          const fate = await this.#caller(borrower);
          this.#fates.set(fate, (this.#fates.get(fate) ?? 0) + 1);
        }),
      );
      seconds = (performance.now() - begun) / 1000;
      cpuSeconds = (cpuOf([service.pid]) - cpuBefore) / 1000;
      books = await this.#settledBooks();
    } finally {
      over.abort();
      await looks;
    }
    return {
      plan: this.plan,
      fates: this.#fates,
      answers: this.#answers,
      submissions: this.#submissions,
      decidedAfter: this.#decidedAfter,
      snapshotAges: this.#ages,
      ageAllowed: this.pool.record.maxSnapshotAgeSeconds,
      books,
      cpuSeconds,
      seconds,
    };
  }

  async #caller(borrower: DevelopmentAccount): Promise<Fate> {
    const begun = performance.now();
    const asked = loanRequest(this.pool, borrower.address);
    const answer = await this.#decided(asked, this.#answers, begun);
    if (answer.status === 201) {
      this.#decidedAfter.promised.push(performance.now() - begun);
      await this.#submit(answer.text, borrower);
      return 'promised';
    }
    if (isUndecided(answer)) return 'gave up';
    this.#decidedAfter.refused.push(performance.now() - begun);
    return 'refused';
  }

  async #submit(offer: string, borrower: DevelopmentAccount): Promise<void> {
    const { loan, ...signable } = JSON.parse(offer) as Signable & { loan: { id: string } };
    const body = JSON.stringify(await signOffer(signable, Keypair.fromSecret(borrower.secret)));
    await this.#decided(
      { method: 'POST', path: `/loans/${loan.id}/submission`, body },
      this.#submissions,
      performance.now(),
    );
  }

  /** Asks again with the same key until an answer decides, or the caller's patience ends. */
  async #decided(asked: Asked, answers: Map<string, number[]>, begun: number): Promise<Answered> {
    const until = begun + this.plan.patienceSeconds * 1000;
    for (;;) {
      const from = performance.now();
      const answer = await this.client.ask(asked).catch(noAnswer);
      const outcome = outcomeOf(answer);
      const same = answers.get(outcome);
      if (same) same.push(performance.now() - from);
      else answers.set(outcome, [performance.now() - from]);
      const pause = Math.min(WAIT_MAX_MS, (answer.retryAfterSeconds ?? 1) * 1000);
      if (!isUndecided(answer) || performance.now() + pause > until) return answer;
      await wait(pause);
    }
  }

  /** On a connection of its own, which the crowd cannot use up. */
  async #lookAtSnapshot(over: AbortSignal): Promise<void> {
    const client = new pg.Client(this.stage.databaseUrl);
    await client.connect();
    try {
      while (!over.aborted) {
        const { rows } = await client.query<{ age: number }>(
          `select extract(epoch from clock_timestamp() - snapshot_close_time)::float8 as age
            from pools where id = $1`,
          [this.pool.record.id],
        );
        if (rows[0]) this.#ages.push(rows[0].age);
        await wait(LOOK_MS, undefined, { signal: over }).catch(() => undefined);
      }
    } finally {
      await client.end();
    }
  }

  /** The books when nothing is live, or the limit has passed. */
  async #settledBooks(): Promise<Books> {
    const until = performance.now() + LANDING_LIMIT_MS;
    for (;;) {
      const books = await readBooks(this.stage, this.pool, this.plan.fit);
      if (books.live === 0 || performance.now() > until) return books;
      await wait(LOOK_MS);
    }
  }
}

const PREPARATION_SECONDS = 25;
/** A ledger takes about nine transactions of one contract. */
const LANDED_A_LEDGER = 9;
export const crowdSeconds = ({ seconds, fit }: Pick<CrowdPlan, 'seconds' | 'fit'>): number =>
  PREPARATION_SECONDS + Math.max(seconds, (fit / LANDED_A_LEDGER) * LEDGER_SECONDS) + 15;

const loanRequest = (pool: LabPool, borrower: string): Asked => ({
  method: 'POST',
  path: '/loans',
  headers: { 'idempotency-key': randomUUID() },
  body: loanBody(pool, borrower),
});

/** No answer, one that says to ask again, or one to a request that did not arrive in time. */
const isUndecided = ({ status }: Answered): boolean =>
  status === 0 || status === 408 || status >= 500;

/** The connection ended without an answer; the same key makes it safe to ask again. */
const noAnswer = (thrown: unknown): Answered => ({
  status: 0,
  text: thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown),
  retryAfterSeconds: undefined,
});

const outcomeOf = ({ status, text }: Answered): string =>
  status === 0
    ? `no answer, ${text}`
    : status < 400
      ? String(status)
      : `${status} ${/"code":"([A-Z_]+)"/.exec(text)?.[1] ?? ''}`;

/** Accounts of the service that land signed authorizations. */
async function withChannels(
  stage: Stage,
  pool: LabPool,
): Promise<Readonly<Record<string, string>>> {
  const accounts = await stage.control.makeBorrowers({
    pool: pool.record.poolContract,
    count: CHANNELS,
    tokens: '0',
    score: 0,
  });
  for (const [index, { address }] of accounts.entries())
    await stage.rooms.channels.add(
      { network: stage.network.passphrase, account: address, name: `bench ${index + 1}` },
      { by: { kind: 'command', id: 'bench', name: 'bench' }, reason: 'a measurement' },
    );
  return { CHANNEL_SECRETS: accounts.map(({ secret }) => secret).join(',') };
}
