import { setTimeout as wait } from 'node:timers/promises';
import type { Dice } from '../support/dice.js';
import { TransactionCrashes } from '../support/transaction-crashes.js';
import type { Diary } from './diary.js';
import type { Landed } from '../../src/modules/settlement/lander.js';
import type { Worker } from './worker.js';
import type { World } from './world.js';

const WORKERS = [0, 1];
const PAUSE_BEGINS = 0.03;
const LONGEST_PAUSE = 10;
/** A start of an app takes 0.4 s: about two in 250 ledgers. */
const API_DIES = 0.008;
const WORKER_DIES = 0.012;
const CONNECTION_DIES = 0.02;
const TRANSACTION_DIES = 0.04;

/** In ledgers; the rolls of a seed stay those that they were. */
const NOTE_EVERY = 7;

const ROUNDS = ['observe', 'judge', 'reconcile', 'land', 'note'] as const;
type RoundName = (typeof ROUNDS)[number];

function roundOf(
  { settlement, reconciliation, lander, days }: Worker,
  what: RoundName,
): Promise<{ readonly failed: number } | Landed> {
  switch (what) {
    case 'observe':
      return settlement.observeAll();
    case 'judge':
      return settlement.expireAll();
    case 'reconcile':
      return reconciliation.reconcileAll();
    case 'land':
      return lander.round();
    case 'note':
      return days.noteAll();
  }
}

/**
 * The service's own side: the rounds of both workers, and the deaths of processes and connections.
 */
export class Crew {
  readonly #crashes: TransactionCrashes;
  readonly #pausedUntil = [0, 0];

  constructor(
    private readonly world: World,
    private readonly dice: Dice,
    private readonly diary: Diary,
  ) {
    // another walk may run beside this one
    this.#crashes = new TransactionCrashes(new URL(world.database.url).pathname.slice(1));
  }

  /** Whether there is something to land. */
  get #lands(): boolean {
    return this.world.signing !== 'transaction';
  }

  stop(): void {
    this.#crashes.stop();
  }

  /** Rounds of this ledger, which begin at once. */
  rounds(): (() => Promise<void>)[] {
    const { ledger } = this.world.network.control.head();
    return WORKERS.flatMap((index) => {
      if (this.dice.chance(PAUSE_BEGINS))
        this.#pausedUntil[index] = ledger + 2 + this.dice.below(LONGEST_PAUSE);
      if ((this.#pausedUntil[index] ?? 0) > ledger) return [];
      return [
        ...(this.dice.chance(0.38) ? [() => this.#round(index, 'observe')] : []),
        ...(this.dice.chance(0.2) ? [() => this.#round(index, 'judge')] : []),
        ...(this.dice.chance(0.12) ? [() => this.#round(index, 'reconcile')] : []),
        ...(ledger % NOTE_EVERY === 0 ? [() => this.#round(index, 'note')] : []),
        ...(this.#lands && this.dice.chance(0.4) ? [() => this.#round(index, 'land')] : []),
      ];
    });
  }

  /** One round of everything by both at once. */
  async everything(): Promise<void> {
    await Promise.all(
      WORKERS.flatMap((index) =>
        ROUNDS.filter((what) => what !== 'land' || this.#lands).map((what) =>
          this.#round(index, what),
        ),
      ),
    );
  }

  /** What dies while this ledger's work is under way. */
  accidents(): (() => Promise<void>)[] {
    const { dice } = this;
    return [
      ...(dice.chance(API_DIES) ? [() => this.#killApi(dice.below(2), dice.below(8))] : []),
      ...(dice.chance(WORKER_DIES) ? [() => this.#killWorker(dice.below(2), dice.below(8))] : []),
      ...(dice.chance(CONNECTION_DIES) ? [() => this.#cutConnection()] : []),
    ];
  }

  armCrash(): void {
    if (this.dice.chance(TRANSACTION_DIES))
      this.#crashes.arm(this.dice.chance(0.5) ? 'before COMMIT' : 'after COMMIT');
  }
  disarm(): void {
    this.#crashes.disarm();
    const done = this.#crashes.done.splice(0).length;
    if (done > 0) this.diary.count('transaction cut', done);
  }

  /** Counts a round that fails, as the queue would; the next one comes anyway. */
  async #round(index: number, what: RoundName): Promise<void> {
    const worker = this.world.workers[index];
    if (!worker) return;
    const failed = await roundOf(worker, what).then(
      (done) => ('failed' in done ? done.failed : 0),
      () => 1,
    );
    this.diary.count(failed > 0 ? `${what} failed` : what);
  }

  async #killApi(index: number, afterMs: number): Promise<void> {
    await wait(afterMs);
    this.diary.count('api restarted');
    this.diary.say(`api ${index} dies`);
    await this.world.restartApi(index);
  }
  async #killWorker(index: number, afterMs: number): Promise<void> {
    await wait(afterMs);
    this.diary.count('worker restarted');
    this.diary.say(`worker ${index} dies`);
    this.world.restartWorker(index);
  }
  async #cutConnection(): Promise<void> {
    const { rowCount } = await this.world.checks.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = ' +
        `current_database() and application_name like 'holdfast%' order by random() limit 1`,
    );
    if (rowCount) this.diary.count('connection terminated');
  }
}
