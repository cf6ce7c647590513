import { GENERATION_TRAITS } from '../../sandbox/contracts/generations.js';
import type { AlarmName } from '../../src/modules/settlement/alarm-log.js';
import { ledgerFaults } from '../support/ledger-checks.js';
import { Dice } from '../support/dice.js';
import { type Causes, Checks } from './checks.js';
import type { Look } from './look.js';
import { Clients } from './clients.js';
import { Crew } from './crew.js';
import { Diary } from './diary.js';
import { Failovers } from './failovers.js';
import { closeMonth } from './month.js';
import { Faults, NONCE_LIES } from './faults.js';
import { Oracle } from './oracle.js';
import { Others } from './others.js';
import { proofFaults } from './proof-check.js';
import { RESERVE_UTILISATION_BPS } from './seed-world.js';
import { UNIT } from './units.js';
import { openWorld, type Breakage, type WalkedSigning, type World } from './world.js';
import { authorizationFaults } from './authorization-checks.js';
import { Channels } from './channels.js';

export const WALKED_GENERATIONS = ['g1', 'g2', 'g3', 'reserve'] as const;

export interface WalkOptions {
  readonly seed: number;
  /**
   * Number of steps, each with its checks and the ledger it closes. Actions of others close further
   * ledgers.
   */
  readonly ledgers: number;
  /** Of the pool's contracts; default g1. */
  readonly generation?: (typeof WALKED_GENERATIONS)[number];
  /** How borrowers sign; default transaction. */
  readonly signing?: WalkedSigning;
  /** Something in the service that is broken on purpose, for the walk to find. */
  readonly breakage?: Breakage;
}
export interface WalkReport {
  readonly seed: number;
  readonly harm: boolean;
  readonly ledgers: number;
  readonly ms: number;
  readonly counts: Readonly<Record<string, number>>;
}

const SECONDS_PER_LEDGER = 5;
/** Steps between two checks of every row, which cost as much as a ledger. */
const WHOLE_CHECK_EVERY = 50;
const QUIET_ROUNDS = 60;
/** Nothing in a walk, whatever the nodes do, leads to these. */
const NEVER: readonly AlarmName[] = [
  'success_without_our_events',
  'failed_without_effect',
  'loans_ambiguous',
  'reconciliation_unexplained',
  'ledger_error',
  'contract_upgraded',
  'pool_of_another_network',
  'resolved_by_operator',
];

/**
 * Odd seeds: only our borrowers take from the pool, no more is held than can land in any order, and
 * every check is exact. Even seeds: strangers borrow, withdraw and drain interest.
 */
const withHarm = (seed: number): boolean => seed % 2 === 0;

/**
 * A seeded random walk over ledgers: two API apps, two workers, one database and one network whose
 * nodes misbehave. The seed repeats its choices, but not how they meet in the database.
 * @throws Error at the first broken rule, with seed, ledger, the last actions and the database's
 * URL
 */
export async function walk(options: WalkOptions): Promise<WalkReport> {
  const started = performance.now();
  const dice = new Dice(options.seed);
  const world = await openWorld({
    buffer: dice.chance(0.3) ? 25n * UNIT : 0n,
    strict: !withHarm(options.seed),
    breakage: options.breakage,
    generation: options.generation,
    signing: options.breakage?.signing ?? options.signing ?? 'transaction',
  });
  const diary = new Diary(() => world.network.control.head().ledger);
  const walker = new Walker(world, dice, diary, options);
  let failure: Error | null = null;
  try {
    for (let step = 0; step < options.ledgers; step++) await walker.step(step);
    await walker.quiet();
  } catch (thrown) {
    const { ledger } = world.network.control.head();
    failure = new Error(
      `seed ${options.seed}, ledger ${ledger}: ` +
        `${thrown instanceof Error ? thrown.message : String(thrown)}\n  ` +
        `${diary.last.join('\n  ')}\n  alarms:\n  ${world.lastAlarms.join('\n  ')}\n  database: ` +
        `${world.database.url}`,
      { cause: thrown },
    );
  }
  const { ledger } = world.network.control.head();
  walker.crew.stop();
  await world.end(failure !== null && !options.breakage);
  if (failure) throw failure;
  for (const [name, times] of world.alarms) diary.count(`alarm ${name}`, times);
  return {
    seed: options.seed,
    harm: withHarm(options.seed),
    ledgers: ledger,
    ms: Math.round(performance.now() - started),
    counts: diary.counts,
  };
}

class Walker {
  readonly crew: Crew;
  readonly #oracle: Oracle;
  readonly #clients: Clients;
  readonly #others: Others;
  readonly #channels: Channels;
  readonly #faults: Faults;
  readonly #failovers: Failovers;
  readonly #causes: Causes;
  readonly #checks: Checks;

  constructor(
    private readonly world: World,
    private readonly dice: Dice,
    private readonly diary: Diary,
    { seed, generation = 'g1' }: WalkOptions,
  ) {
    const harm = withHarm(seed);
    const isReserve = generation === 'reserve';
    this.#oracle = new Oracle(
      world.network,
      world.pool.poolContract,
      isReserve ? RESERVE_UTILISATION_BPS : undefined,
    );
    this.#clients = new Clients(world, this.#oracle, dice, diary);
    this.#others = new Others(world, dice, diary, {
      withHarm: harm,
      traits: isReserve ? null : GENERATION_TRAITS[generation],
    });
    // a reserve lists no loans, so what a node forgot is never proven (docs/families.md)
    this.#faults = new Faults(world.network, dice, diary, [
      ...(isReserve ? ['node_forgets'] : []),
      ...(world.signing === 'transaction' ? [NONCE_LIES] : []),
    ]);
    this.#channels = new Channels(world, dice, diary);
    this.crew = new Crew(world, dice, diary);
    this.#failovers = new Failovers(world, this.#clients, dice, diary);
    this.#causes = {
      harm,
      strict: !harm,
      faultSince: (ledger) => this.#faults.wasOnSince(ledger),
      forgot: () => this.#faults.forgot,
      cancelled: (id) => this.#clients.wasCancelled(id),
      failovers: this.#failovers,
    };
    this.#checks = new Checks(world, this.#oracle, diary, this.#causes);
  }

  /**
   * Runs actions at the same moment, then the checks and the next ledger. One step in three closes
   * its ledger in the middle of the actions.
   */
  async step(number: number): Promise<void> {
    const { dice } = this;
    this.#faults.step();
    this.crew.armCrash();
    const running = [...this.#requests(), ...this.crew.rounds(), ...this.crew.accidents()].map(
      (begin) => begin(),
    );
    const inTheMiddle = dice.chance(0.33);
    if (inTheMiddle) {
      await new Promise((resolve) => {
        setTimeout(resolve, dice.below(10));
      });
      this.#close();
    }
    await Promise.all(running);
    this.crew.disarm();
    await this.#check(number);
    await this.#failovers.maybe();
    if (dice.chance(0.2)) this.#others.act();
    await this.#channels.maybeDrain();
    if (!inTheMiddle) this.#close();
  }

  /**
   * Makes no new holds and closes ledgers, with honest nodes, until every T has passed and every
   * end is proven.
   */
  async quiet(): Promise<void> {
    this.#faults.end();
    let last = '';
    for (let round = 0; round < QUIET_ROUNDS; round++) {
      this.world.close(20);
      await this.crew.everything();
      // all jobs begin at once, so the bridges of the first call may have missed its snapshot
      await this.crew.everything();
      const look = await this.#checks.run();
      const done =
        look.state === 'active' &&
        look.live === 0 &&
        look.inFlight === '0' &&
        look.snapshotLedger === this.#checks.reconciledTo &&
        look.snapshotLedger === this.#oracle.head.ledger;
      if (done) return this.#atQuiet(look);
      last =
        `${look.state}, ${look.live} live, ${look.inFlight} in flight, snapshot ` +
        `${look.snapshotLedger}, reconciled to ${this.#checks.reconciledTo}, head ` +
        `${this.#oracle.head.ledger}`;
    }
    throw new Error(`quiet: holds are live, or bridges open, long after every T: ${last}`);
  }

  async #atQuiet(look: Look): Promise<void> {
    const spendable = this.#oracle.spendable();
    if (
      look.held !== '0' ||
      look.observed !== String(spendable) ||
      this.#oracle.mayStillLand() !== 0n
    )
      throw new Error(`quiet: observed ${look.observed} of ${spendable}, held ${look.held}`);
    this.#alarms();
    await this.#checks.answered(look, 0);
    await this.#wholeCheck();
    const proofs = await proofFaults(this.world, this.dice);
    if (proofs.length > 0) throw new Error(proofs.join('\n'));
    await closeMonth(
      { world: this.world, oracle: this.#oracle, diary: this.diary },
      this.#checks.reconciledTo,
      this.#causes,
    );
  }

  #requests(): (() => Promise<void>)[] {
    const { dice } = this;
    const clients = this.#clients;
    return [
      ...(dice.chance(0.42) ? [() => clients.ask()] : []),
      ...(dice.chance(0.06) ? [() => clients.ask()] : []),
      ...(dice.chance(0.12) ? [() => clients.askAgain()] : []),
      ...(dice.chance(0.45) ? [() => clients.move()] : []),
      ...(dice.chance(0.15) ? [() => clients.move()] : []),
      ...(dice.chance(0.05) ? [() => clients.submitLate()] : []),
      ...(dice.chance(0.02) ? [() => clients.lookUp()] : []),
    ];
  }

  #close(): void {
    this.world.close(this.dice.chance(0.02) ? 40 : 1 + this.dice.below(2 * SECONDS_PER_LEDGER - 1));
  }

  async #check(number: number): Promise<void> {
    const look = await this.#checks.run();
    this.#alarms();
    if (number % 10 === 9) await this.#checks.answered(look, number % 20 === 9 ? 0 : 1);
    if (number % WHOLE_CHECK_EVERY === WHOLE_CHECK_EVERY - 1) await this.#wholeCheck();
  }

  #alarms(): void {
    const raised = NEVER.filter((name) => this.world.alarms.has(name));
    if (raised.length > 0) throw new Error(`alarm: ${raised.join(', ')}`);
  }

  /**
   * Checks all rows by the test's own statements, and counters and sums by the product's
   * self-check.
   */
  async #wholeCheck(): Promise<void> {
    const faults = [
      ...(await ledgerFaults(this.world.checks)),
      ...(await authorizationFaults(this.world, this.#oracle)),
    ];
    const differences = await this.world.workers[0]?.ledger.guards
      .differences(null)
      .catch(() => []);
    if (faults.length > 0 || differences?.length)
      throw new Error(
        `rows: ${faults.join('\n')} ${JSON.stringify(differences?.map(({ poolId }) => poolId))}`,
      );
    this.diary.count('whole check');
  }
}
