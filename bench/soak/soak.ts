import { setTimeout as wait } from 'node:timers/promises';
import type { DevelopmentAccount } from '../../sandbox/control-client.js';
import { type Kind, Requests } from '../door/requests.js';
import { closedLoop } from '../lab/http-load.js';
import { type LabPool, Stage } from '../lab/stage.js';
import { type Sample, Sampler } from './samples.js';

export interface SoakPlan {
  readonly minutes: number;
  readonly callers: number;
  /** Of what it can answer; 1: as fast as it answers. */
  readonly load: number;
  /** `split`: an API and a worker; `all`: one process. */
  readonly role: 'split' | 'all';
}
export interface SoakReport {
  readonly plan: SoakPlan;
  /** Answers a second that it can give at most, and those that were asked for. */
  readonly capacity: number;
  readonly rate: number;
  readonly samples: readonly Sample[];
  /** Answers that were not the expected ones, with how many. */
  readonly oddities: ReadonlyMap<string, number>;
  readonly busy: number;
  readonly counterFaults: readonly string[];
}

/** One loan among ten requests, as a backend asks that shows its loans. */
const MIX: readonly Kind[] = [
  'loan',
  'getLoan',
  'getPool',
  'getLoan',
  'short',
  'getPool',
  'getLoan',
  'replay',
  'getLoan',
  'invalid',
];
/** A hold lives this long, so that a borrower can ask again within the run. */
const HOLD_SECONDS = 60;
/** Until a hold that nobody signed has ended by proof. */
const ENDS_AFTER_SECONDS = 110;
const LEDGER_SECONDS = 5;
const BORROWERS_AT_FIRST = 1_500;
const PROBE_SECONDS = 15;
const SAMPLES = 40;
const SAMPLE_MS_LEAST = 500;
const START_LIMIT_MS = 60_000;
const BUSY = '503 BUSY_RETRY';

/** The service under a load for a long time, looked at from outside. */
export class Soak {
  readonly #free: { readonly account: DevelopmentAccount; readonly from: number }[] = [];
  readonly #turns: number[];
  readonly #requests: Requests;
  #answers = 0;
  #busy = 0;

  private constructor(
    private readonly plan: SoakPlan,
    private readonly stage: Stage,
    pools: { readonly ample: LabPool; readonly empty: LabPool },
    url: string,
  ) {
    this.#turns = Array.from({ length: plan.callers }, (_, caller) => caller);
    this.#requests = new Requests(stage.client([url]), pools, () => this.#nextBorrower());
  }

  static async measure(plan: SoakPlan, say: (line: string) => void): Promise<SoakReport> {
    const stage = await Stage.open({ ledgerSeconds: LEDGER_SECONDS });
    try {
      const rules = {
        strict: false,
        holdSeconds: HOLD_SECONDS,
        minSigningSeconds: 10,
        lapsesMax: 0,
      };
      const ample = await stage.makePool({ name: 'soak', deposit: '100000000', rules });
      const empty = await stage.makePool({ name: 'empty', deposit: '1', rules });
      const processes = await start(stage, plan.role);
      const [api] = processes;
      const soak = new Soak(plan, stage, { ample, empty }, api.url);
      const sampler = await Sampler.open({
        databaseUrl: stage.databaseUrl,
        poolId: ample.record.id,
        processes,
      });
      try {
        return await soak.#run(ample, sampler, say);
      } finally {
        await sampler.close();
      }
    } finally {
      await stage.close();
    }
  }

  async #run(pool: LabPool, sampler: Sampler, say: (line: string) => void): Promise<SoakReport> {
    await this.#addBorrowers(pool, BORROWERS_AT_FIRST);
    await this.#untilItServes();
    // the first one compiles what the second one measures
    const loop = { inFlight: this.plan.callers, seconds: probeSeconds(this.plan) };
    await closedLoop(loop, (caller) => this.#ask(caller));
    const probe = await closedLoop(loop, (caller) => this.#ask(caller));
    const capacity = probe.latencies.length / probe.seconds;
    const rate = capacity * this.plan.load;
    say(`it answers ${Math.round(capacity)} requests a second; ${Math.round(rate)} are asked for`);
    const loans = rate / MIX.length;
    await this.#addBorrowers(pool, Math.ceil(loans * ENDS_AFTER_SECONDS));
    const samples = await this.#soak(sampler, rate, say);
    return {
      plan: this.plan,
      capacity,
      rate,
      samples,
      oddities: this.#requests.oddities,
      busy: this.#busy,
      counterFaults: await this.#counterFaults(),
    };
  }

  /** On a busy machine the first snapshot is old by the time both processes run. */
  async #untilItServes(): Promise<void> {
    const until = performance.now() + START_LIMIT_MS;
    while (this.#requests.accepted === 0) {
      if (performance.now() > until) throw new Error('the service accepted no loan in a minute');
      await this.#requests.ask('loan');
      await wait(SAMPLE_MS_LEAST);
    }
    this.#requests.oddities.clear();
  }

  async #soak(sampler: Sampler, rate: number, say: (line: string) => void): Promise<Sample[]> {
    const seconds = this.plan.minutes * 60;
    const over = new AbortController();
    const begun = performance.now();
    const elapsed = (): number => (performance.now() - begun) / 1000;
    const load =
      this.plan.load >= 1
        ? closedLoop({ inFlight: this.plan.callers, seconds }, (caller) => this.#ask(caller))
        : Promise.all(this.#turns.map((caller) => this.#paced(caller, rate, over.signal)));
    const samples: Sample[] = [];
    const pauseMs = Math.max(SAMPLE_MS_LEAST, (seconds * 1000) / SAMPLES);
    const before = this.#answers;
    while (elapsed() < seconds) {
      const sample = await sampler.look(elapsed(), this.#answers - before);
      samples.push(sample);
      say(lineOf(sample));
      await wait(pauseMs);
    }
    over.abort();
    await load;
    return samples;
  }

  /** One caller among many, each with its own share of the rate. */
  async #paced(caller: number, rate: number, over: AbortSignal): Promise<void> {
    const everyMs = (1000 * this.plan.callers) / rate;
    let due = performance.now() + (everyMs * caller) / this.plan.callers;
    while (!over.aborted) {
      await wait(Math.max(0, due - performance.now()));
      due = Math.max(due + everyMs, performance.now());
      await this.#ask(caller);
    }
  }

  async #ask(caller: number): Promise<string> {
    const turn = this.#turns[caller] ?? 0;
    this.#turns[caller] = turn + 1;
    const kind = MIX[turn % MIX.length] ?? 'getPool';
    const outcome = await (this.#requests.ask(kind) ?? this.#requests.ask('getPool'));
    this.#answers++;
    if (outcome === BUSY) this.#busy++;
    return outcome ?? '';
  }

  /** The one whose last hold began longest ago, when it has ended by now. */
  #nextBorrower(): string | undefined {
    const [first] = this.#free;
    if (!first || first.from > performance.now()) return undefined;
    this.#free.shift();
    this.#free.push({ ...first, from: performance.now() + ENDS_AFTER_SECONDS * 1000 });
    return first.account.address;
  }

  async #addBorrowers(pool: LabPool, count: number): Promise<void> {
    const made = await this.stage.makeBorrowers(pool, count);
    this.#free.unshift(...made.map((account) => ({ account, from: 0 })));
  }

  /** Differences between counters and the sums of their rows. */
  async #counterFaults(): Promise<readonly string[]> {
    const differences = await this.stage.rooms.ledger.guards.differences(null);
    return differences.map((each) => JSON.stringify(each, (_, value: unknown) => String(value)));
  }
}

type Service = Awaited<ReturnType<Stage['startService']>>;
const start = async (
  stage: Stage,
  role: SoakPlan['role'],
): Promise<readonly [Service, ...Service[]]> =>
  role === 'all'
    ? [await stage.startService({ role: 'all' })]
    : [await stage.startService({ role: 'api' }), await stage.startService({ role: 'worker' })];

const probeSeconds = ({ minutes }: SoakPlan): number =>
  Math.min(PROBE_SECONDS, Math.max(1, minutes * 6));

const MB = 1_048_576;
const lineOf = (sample: Sample): string =>
  `${sample.seconds.toFixed(0).padStart(5)} s  ${sample.answers} answers, ${sample.holds} holds, ` +
  `memory ${(sample.memory / MB).toFixed(0)} MB, tables ${(sample.keptBytes / MB).toFixed(1)} + ` +
  `${(sample.historyBytes / MB).toFixed(1)} + ${(sample.otherBytes / MB).toFixed(1)} MB, ` +
  `dead rows ${sample.deadRows}, ` +
  `log ${(sample.logBytes / 1024).toFixed(0)} kB, sockets ${sample.sockets}, ` +
  `connections ${sample.connections}, snapshot ${sample.snapshotAge.toFixed(1)} s old`;
