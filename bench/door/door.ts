import { setTimeout as wait } from 'node:timers/promises';
import { type Child, Worker } from '../lab/children.js';
import { cpuOf, cpuOfTree } from '../lab/cpu.js';
import { closedLoop } from '../lab/http-load.js';
import { percentile } from '../lab/figures.js';
import { counterFaults, type LabPool, Stage } from '../lab/stage.js';
import type { FloorAnswer, FloorQuestion } from './floor-worker.js';
import {
  type ChainName,
  type DoorPlan,
  type DoorSetting,
  roundSeconds,
  type Say,
  WARM_UP_PLANNED,
  words,
} from './door-plan.js';
import { Profiler } from '../lab/profile.js';
import { BUSY, type Kind, KIND_WORDS, LOAN, randomAccount, Requests } from './requests.js';
import type { StubAnswer, StubQuestion } from './stub-worker.js';

/** One window of one kind of request. CPU is milliseconds for each answer. */
export interface DoorSample {
  readonly kind: Kind | 'floor' | 'idle';
  readonly setting: DoorSetting;
  readonly inFlight: number;
  /** Those that say that the service is busy are counted apart. */
  readonly answers: number;
  readonly busy: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** CPU of the service in units of the SDK's own build, measured just before; NaN when idle. */
  readonly floors: number;
  readonly cpu: {
    readonly service: number;
    readonly postgres: number;
    readonly chain: number;
    readonly worker: number;
  };
}
export interface DoorReport {
  readonly samples: readonly DoorSample[];
  /** Answers that should not have been, and counters that differ from their sums. */
  readonly faults: readonly string[];
  /** Where the CPU of each kind of request went. */
  readonly profile: string;
}

const LEDGER_SECONDS = 5;
/** Ends with the first of both: code that is not compiled yet costs a multiple. */
const WARM_UP = { seconds: 10, atMost: 1500 } as const;
const FLOOR_IN_FLIGHT = 16;
/** Accounts that the SDK alone asks for. They borrow nothing. */
const FLOOR_BORROWERS = 500;
/** Enough for a window at this rate; the rest is made between windows. */
const BORROWERS_A_SECOND = 700;

const NAIVE = new URL('./naive-preload.js', import.meta.url).href;
/** A service on one kind of chain, with so many API processes. */
interface Setting {
  readonly setting: DoorSetting;
  readonly services: readonly Child[];
  readonly requests: Requests;
  readonly rpcPid: number;
  readonly rpcUrl: string;
}

/** Measures `POST /loans` and its neighbours end to end, in turns with the SDK's own build. */
export class Door {
  readonly #samples: DoorSample[] = [];
  readonly #stubs = new Map<ChainName, { worker: Worker<StubQuestion, StubAnswer>; url: string }>();
  readonly #floor = new Worker<FloorQuestion, FloorAnswer>(
    new URL('./floor-worker.js', import.meta.url),
  );
  readonly #profiler: Profiler | undefined;
  #stock: string[] = [];
  #worker: Child | undefined;

  private constructor(
    private readonly plan: DoorPlan,
    private readonly stage: Stage,
    private readonly pools: { readonly ample: LabPool; readonly empty: LabPool },
    private readonly say: Say,
  ) {
    if (plan.profile !== undefined) this.#profiler = new Profiler(plan.profile);
  }

  static async measure(plan: DoorPlan, say: Say): Promise<DoorReport> {
    const stage = await Stage.open({ ledgerSeconds: LEDGER_SECONDS });
    let door: Door | undefined;
    try {
      const rules = { strict: false, holdSeconds: 7200, maxSnapshotAgeSeconds: 60 };
      const ample = await stage.makePool({ name: 'ample', deposit: '1000000000', rules });
      const empty = await stage.makePool({ name: 'empty', deposit: '10', rules });
      door = new Door(plan, stage, { ample, empty }, say);
      return await door.#run();
    } finally {
      await door?.stop();
      await stage.close();
    }
  }

  async #run(): Promise<DoorReport> {
    this.#worker = await this.stage.startService({ role: 'worker' });
    await this.#fill(FLOOR_BORROWERS);
    const settings: Setting[] = [];
    for (const setting of this.plan.settings) settings.push(await this.#open(setting));
    for (const setting of settings) await this.#warmUp(setting);
    for (let round = 1; round <= this.plan.rounds; round++)
      for (const setting of settings) await this.#round(setting, round);
    const oddities = settings.flatMap(({ requests: { oddities: odd } }) => [...odd]);
    const accepted = settings
      .filter(({ setting }) => setting.ledger === 'product')
      .reduce((sum, { requests }) => sum + requests.accepted, 0);
    return {
      samples: this.#samples,
      faults: [
        ...oddities.map(([what, times]) => `${what}, ${times} times`),
        ...(await counterFaults(this.stage, this.pools.ample, accepted)),
      ],
      profile: this.#profiler?.summary() ?? '',
    };
  }

  async #open(setting: DoorSetting): Promise<Setting> {
    const { chain, processes, ledger, build } = setting;
    const args = [
      ...(this.#profiler?.args ?? []),
      ...(ledger === 'naive' ? ['--import', NAIVE] : []),
    ];
    const node = await this.#node(chain);
    const services: (Child & { readonly url: string })[] = [];
    for (let index = 0; index < processes; index++)
      services.push(
        await this.stage.startService({
          role: 'api',
          rpcUrl: node.url,
          args,
          ...(build !== undefined && { build }),
          ...(ledger === 'naive' && { main: 'src/main.js' }),
        }),
      );
    const client = this.stage.client(services.map(({ url }) => url));
    const fresh = chain === 'network' ? () => this.#stock.pop() : randomAccount;
    return {
      setting,
      services,
      requests: new Requests(client, this.pools, fresh),
      rpcPid: node.pid,
      rpcUrl: node.url,
    };
  }

  async #node(chain: ChainName): Promise<{ readonly pid: number; readonly url: string }> {
    if (chain === 'network') return { pid: this.stage.network.pid, url: this.stage.network.rpcUrl };
    const known = this.#stubs.get(chain);
    if (known) return { pid: known.worker.pid, url: known.url };
    const worker = new Worker<StubQuestion, StubAnswer>(
      new URL('./stub-worker.js', import.meta.url),
    );
    const { url } = await worker.ask({
      upstream: this.stage.network.rpcUrl,
      account: this.#stock[0] ?? '',
      latencyMs: chain === 'stub50' ? 50 : 0,
    });
    this.#stubs.set(chain, { worker, url });
    return { pid: worker.pid, url };
  }

  async #warmUp(setting: Setting): Promise<void> {
    const { requests } = setting;
    this.say(`door: warming up ${words(setting.setting)}`, WARM_UP_PLANNED);
    if (setting.setting.chain === 'network') await this.#fill(WARM_UP.atMost + FLOOR_BORROWERS);
    const loop = { ...WARM_UP, inFlight: FLOOR_IN_FLIGHT };
    for (const kind of ['loan', ...this.#kindsOf(setting)] as const)
      await closedLoop(loop, () => requests.ask(kind));
    await this.#askFloor(setting, WARM_UP);
  }

  async #round(setting: Setting, round: number): Promise<void> {
    this.say(`door, round ${round}: ${words(setting.setting)}`, roundSeconds(this.plan));
    for (const inFlight of this.plan.inFlight) {
      if (setting.setting.chain === 'network')
        await this.#fill(BORROWERS_A_SECOND * this.plan.seconds);
      await this.#sample(setting, 'loan', inFlight);
    }
    for (const kind of this.#kindsOf(setting)) await this.#sample(setting, kind, FLOOR_IN_FLIGHT);
    await this.#idle(setting);
  }

  #kindsOf({ setting }: Setting): readonly Kind[] {
    return setting.ledger === 'product' ? this.plan.kinds : [];
  }

  async #fill(wanted: number): Promise<void> {
    const missing = Math.ceil(wanted) - this.#stock.length;
    if (missing <= 0) return;
    const made = await this.stage.makeBorrowers(this.pools.ample, missing);
    this.#stock = [...made.map(({ address }) => address), ...this.#stock];
  }

  #used(setting: Setting): DoorSample['cpu'] {
    return {
      service: cpuOf(setting.services.map(({ pid }) => pid)),
      postgres: cpuOfTree(this.stage.postgres.pid),
      chain: cpuOf([setting.rpcPid]),
      worker: cpuOf(this.#worker ? [this.#worker.pid] : []),
    };
  }

  async #sample(setting: Setting, kind: Kind, inFlight: number): Promise<void> {
    const floor = await this.#floorSample(setting);
    await this.#profiler?.begin(setting.services);
    const before = this.#used(setting);
    const loop = await closedLoop({ inFlight, seconds: this.plan.seconds }, () =>
      setting.requests.ask(kind),
    );
    const after = this.#used(setting);
    const busy = loop.outcomes.get(BUSY) ?? 0;
    const latencies = [...loop.latenciesOf].flatMap(([outcome, times]) =>
      outcome === BUSY ? [] : times,
    );
    const answers = latencies.length;
    const cpu = perAnswer(before, after, answers);
    const window = `${KIND_WORDS[kind]}, ${inFlight} (${words(setting.setting)})`;
    await this.#profiler?.end(setting.services, window, answers);
    this.#samples.push({
      kind,
      setting: setting.setting,
      inFlight,
      answers,
      busy,
      perSecond: answers / loop.seconds,
      p50: percentile(latencies, 0.5),
      p99: percentile(latencies, 0.99),
      floors: cpu.service / floor,
      cpu,
    });
  }

  async #idle(setting: Setting): Promise<void> {
    const before = this.#used(setting);
    await wait(1000);
    const cpu = perAnswer(before, this.#used(setting), 1);
    const nothing = {
      inFlight: 0,
      answers: 0,
      busy: 0,
      perSecond: 0,
      p50: 0,
      p99: 0,
      floors: Number.NaN,
    };
    this.#samples.push({ kind: 'idle', setting: setting.setting, ...nothing, cpu });
  }

  #askFloor(setting: Setting, length: typeof WARM_UP | { seconds: number }): Promise<FloorAnswer> {
    const { record, vendor } = this.pools.ample;
    return this.#floor.ask({
      rpcUrl: setting.rpcUrl,
      passphrase: this.stage.network.passphrase,
      lendingContract: record.lendingContract,
      vendor,
      borrowers: this.#stock.slice(0, FLOOR_BORROWERS),
      loan: LOAN,
      inFlight: FLOOR_IN_FLIGHT,
      ...length,
    });
  }

  /** @returns milliseconds of CPU for each build */
  async #floorSample(setting: Setting): Promise<number> {
    const before = this.#used(setting);
    const { builds, perSecond, cpu, latencies } = await this.#askFloor(setting, {
      seconds: this.plan.seconds / 3,
    });
    this.#samples.push({
      kind: 'floor',
      setting: setting.setting,
      inFlight: FLOOR_IN_FLIGHT,
      answers: builds,
      busy: 0,
      perSecond,
      p50: percentile(latencies, 0.5),
      p99: percentile(latencies, 0.99),
      floors: 1,
      cpu: { ...perAnswer(before, this.#used(setting), builds), service: cpu },
    });
    return cpu;
  }

  async stop(): Promise<void> {
    await Promise.all([
      this.#floor.stop(),
      ...[...this.#stubs.values()].map(({ worker }) => worker.stop()),
    ]);
  }
}

function perAnswer(
  before: DoorSample['cpu'],
  after: DoorSample['cpu'],
  answers: number,
): DoorSample['cpu'] {
  const each = (who: keyof DoorSample['cpu']): number =>
    (after[who] - before[who]) / Math.max(1, answers);
  return {
    service: each('service'),
    postgres: each('postgres'),
    chain: each('chain'),
    worker: each('worker'),
  };
}
