import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { loanBody } from '../door/requests.js';
import { closedLoop, type HttpClient } from '../lab/http-load.js';
import { type LabPool, Stage } from '../lab/stage.js';
import { type Asking, askingOf } from './asking.js';
import { type Burst, burst } from './burst.js';
import { Eyes, type Watched } from './eyes.js';

export interface OverloadPlan {
  readonly seconds: number;
  /** `split`: an API and a worker; `all`: one process. */
  readonly role: 'split' | 'all';
  /** Folder of another build of the service. */
  readonly build?: string | undefined;
}
/** Requests of one tenant in one load. */
export interface Answers {
  readonly seconds: number;
  /** Milliseconds until each loan was answered with a transaction. */
  readonly accepted: readonly number[];
  /** Milliseconds until each request was refused because the service is busy. */
  readonly refused: readonly number[];
}
export interface Load {
  readonly label: string;
  readonly answers: Answers;
  readonly watched: Watched;
}
export interface OverloadReport {
  readonly plan: OverloadPlan;
  readonly few: Load;
  readonly many: Load;
  /** Ten times what `few` was answered, on 500 connections. */
  readonly flood: Load;
  readonly fewAgain: Load;
  /** One tenant with 16 callers, alone, beside one that floods, and alone again. */
  readonly alone: Load;
  readonly beside: Load;
  readonly aloneAgain: Load;
  /** More requests at once than may wait. */
  readonly burst: Burst;
  /** Another caller's reads before and during pipelined requests for a public document. */
  readonly quietMs: readonly number[];
  readonly pipelinedMs: readonly number[];
  readonly oddities: ReadonlyMap<string, number>;
}

const LEDGER_SECONDS = 5;
const HOLD_SECONDS = 600;
const BORROWERS_AT_FIRST = 1_500;
/** Loads that follow the first one, with room for one that answers faster. */
const LOADS = 9;
const FEW = 64;
const MANY = 200;
const FLOOD = 500;
const FLOOD_TIMES = 10;
const PATIENT = 16;
/** Requests of the burst, in seconds of work; ten seconds of it may wait. */
const BURST_SECONDS = 20;
const LOOK_MS = 250;
const START_LIMIT_MS = 60_000;
const SOCKETS = 4;
const PIPELINED = 1_500;
/** One API with more callers than it can answer, looked at from outside. */
export class Overload {
  readonly #oddities = new Map<string, number>();
  readonly #borrowers: string[] = [];

  private constructor(
    private readonly plan: OverloadPlan,
    private readonly pool: LabPool,
    private readonly url: string,
    private readonly eyes: Eyes,
  ) {}

  static async measure(plan: OverloadPlan, say: (line: string) => void): Promise<OverloadReport> {
    const stage = await Stage.open({ ledgerSeconds: LEDGER_SECONDS });
    try {
      const rules = { strict: false, holdSeconds: HOLD_SECONDS, lapsesMax: 0 };
      const pool = await stage.makePool({ name: 'overload', deposit: '100000000', rules });
      const build = plan.build === undefined ? {} : { build: plan.build };
      const roles = plan.role === 'all' ? (['all'] as const) : (['api', 'worker'] as const);
      const processes = [];
      for (const role of roles) processes.push(await stage.startService({ role, ...build }));
      const eyes = await Eyes.open({
        databaseUrl: stage.databaseUrl,
        rpcUrl: stage.network.rpcUrl,
        poolId: pool.record.id,
        pids: processes.map(({ pid }) => pid),
      });
      try {
        const overload = new Overload(plan, pool, processes[0]?.url ?? '', eyes);
        return await overload.#run(stage, say);
      } finally {
        await eyes.close();
      }
    } finally {
      await stage.close();
    }
  }

  async #run(stage: Stage, say: (line: string) => void): Promise<OverloadReport> {
    const main = stage.client([this.url]);
    const other = await stage.clientOf('another', [this.url]);
    await this.#addBorrowers(stage, BORROWERS_AT_FIRST);
    await this.#untilItServes(main);
    // it compiles what the others measure
    const { accepted } = await this.#closed(main, FEW);
    await this.#addBorrowers(stage, LOADS * accepted.length);
    const load = async (label: string, run: () => Promise<Answers>): Promise<Load> => {
      say(label);
      return { label, ...(await this.eyes.watch(main, run)) };
    };
    const closed = (client: HttpClient, callers: number) => () => this.#closed(client, callers);
    const few = await load(`${FEW} callers`, closed(main, FEW));
    const many = await load(`${MANY} callers`, closed(main, MANY));
    const rate = (FLOOD_TIMES * few.answers.accepted.length) / few.answers.seconds;
    const flood = await load(`${FLOOD} connections, ten times as much`, () =>
      this.#paced(main, rate),
    );
    const fewAgain = await load(`${FEW} callers again`, closed(main, FEW));
    const alone = await load(`${PATIENT} callers of one tenant, alone`, closed(other, PATIENT));
    const beside = await load(`${PATIENT} callers beside a tenant that floods`, async () => {
      const [answers] = await Promise.all([this.#closed(other, PATIENT), this.#paced(main, rate)]);
      return answers;
    });
    const aloneAgain = await load(`${PATIENT} callers alone again`, closed(other, PATIENT));
    const count = Math.ceil(BURST_SECONDS * (rate / FLOOD_TIMES));
    say(`${count} requests at once`);
    await this.#addBorrowers(stage, count);
    const atOnce = await burst(() => this.#ask(main), { count, rate });
    say('pipelined requests for a public document');
    const quietMs = await this.#reads(other, wait(2_000));
    const pipelinedMs = await this.#reads(other, this.#pipelined());
    return {
      plan: this.plan,
      few,
      many,
      flood,
      fewAgain,
      alone,
      beside,
      aloneAgain,
      burst: atOnce,
      quietMs,
      pipelinedMs,
      oddities: this.#oddities,
    };
  }

  async #addBorrowers(stage: Stage, count: number): Promise<void> {
    const made = await stage.makeBorrowers(this.pool, count);
    this.#borrowers.push(...made.map(({ address }) => address));
  }

  async #untilItServes(client: HttpClient): Promise<void> {
    const until = performance.now() + START_LIMIT_MS;
    while ((await this.#ask(client)).outcome !== 'accepted') {
      if (performance.now() > until) throw new Error('the service accepted no loan in a minute');
      await wait(LOOK_MS);
    }
    this.#oddities.clear();
  }

  /** Each caller asks again as soon as it is answered, or when a refusal says so. */
  async #closed(client: HttpClient, callers: number): Promise<Answers> {
    const { seconds, latenciesOf } = await closedLoop(
      { inFlight: callers, seconds: this.plan.seconds },
      async () => (await this.#ask(client)).outcome,
    );
    return answersOf(seconds, latenciesOf);
  }

  /** @param rate requests a second, of all connections together */
  async #paced(client: HttpClient, rate: number): Promise<Answers> {
    const latencies = new Map<string, number[]>();
    const everyMs = (1000 * FLOOD) / rate;
    const begun = performance.now();
    const end = begun + this.plan.seconds * 1000;
    const one = async (caller: number): Promise<void> => {
      let due = begun + (everyMs * caller) / FLOOD;
      for (;;) {
        await wait(Math.max(0, due - performance.now()));
        const from = performance.now();
        if (from >= end) return;
        due = Math.max(due + everyMs, from);
        const { outcome } = await this.#ask(client);
        const same = latencies.get(outcome);
        if (same) same.push(performance.now() - from);
        else latencies.set(outcome, [performance.now() - from]);
      }
    };
    await Promise.all(Array.from({ length: FLOOD }, (_, caller) => one(caller)));
    return answersOf((performance.now() - begun) / 1000, latencies);
  }

  async #ask(client: HttpClient): Promise<Asking> {
    const borrower = this.#borrowers.shift();
    if (borrower === undefined) throw new Error('no borrower is left');
    const answer = await client.ask({
      method: 'POST',
      path: '/loans',
      headers: { 'idempotency-key': randomUUID() },
      body: loanBody(this.pool, borrower),
    });
    const asking = askingOf(answer);
    const { outcome } = asking;
    if (outcome === 'accepted') return asking;
    this.#borrowers.push(borrower);
    if (outcome !== 'refused') this.#oddities.set(outcome, (this.#oddities.get(outcome) ?? 0) + 1);
    return asking;
  }

  /** Reads of one caller, one after the other, until `until` is over. */
  async #reads(client: HttpClient, until: Promise<unknown>): Promise<number[]> {
    let over = false;
    const ended = until.finally(() => {
      over = true;
    });
    const latencies: number[] = [];
    while (!over) {
      const from = performance.now();
      await client.ask({ method: 'GET', path: `/pools/${this.pool.record.id}` });
      latencies.push(performance.now() - from);
      await wait(5);
    }
    await ended;
    return latencies;
  }

  async #pipelined(): Promise<void> {
    const { hostname, port } = new URL(this.url);
    const text = `GET /docs/openapi.json HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`.repeat(PIPELINED);
    const one = (): Promise<void> =>
      new Promise((resolve) => {
        const socket = net.connect(Number(port), hostname);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          resolve();
        });
        socket.resume();
        socket.write(text);
      });
    await Promise.all(Array.from({ length: SOCKETS }, one));
  }
}

const answersOf = (
  seconds: number,
  latencies: ReadonlyMap<string, readonly number[]>,
): Answers => ({
  seconds,
  accepted: latencies.get('accepted') ?? [],
  refused: latencies.get('refused') ?? [],
});
