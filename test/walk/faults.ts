import type { RunningNetwork } from '../../sandbox/network/network.js';
import type { Dice } from '../support/dice.js';
import type { Diary } from './diary.js';

type Parameters = Readonly<Record<string, unknown>>;
const upTo = (dice: Dice, most: number): number => 1 + dice.below(most);
/**
 * What a node may do, with new random parameters each time. Faults that cost a time limit for each
 * call affect a few calls only.
 */
const FAULTS: Readonly<Record<string, (dice: Dice) => Parameters>> = {
  node_down: () => ({}),
  node_times_out: () => ({}),
  node_answers_html: (dice) => ({ times: upTo(dice, 20) }),
  node_hangs: (dice) => ({ times: upTo(dice, 3) }),
  answer_lost: (dice) => ({ times: upTo(dice, 3) }),
  node_errors: (dice) => ({ times: upTo(dice, 20) }),
  node_lags: (dice) => ({ ledgers: upTo(dice, 8) }),
  node_goes_backwards: (dice) => ({ ledgers: upTo(dice, 10) }),
  several_nodes: (dice) => ({ lags: [0, upTo(dice, 4), upTo(dice, 12)] }),
  look_up_race: (dice) => ({ times: upTo(dice, 2) }),
  network_reset: () => ({}),
  duplicate_event_pages: () => ({}),
  drop_after_pending: (dice) => ({ times: upTo(dice, 4) }),
  late_inclusion: (dice) => ({ ledgers: upTo(dice, 14) }),
  include_at_max_time: () => ({}),
  submission_error: (dice) => ({ queued: dice.chance(0.5), times: upTo(dice, 3) }),
  submission_try_again: (dice) => ({ times: upTo(dice, 3) }),
  node_forgets: (dice) => ({ ledgers: 3 + dice.below(12) }),
  reply_lies: oneLie,
  nonce_lies: nonceLie,
};
/**
 * Replies with one wrong field. Lies of the first kind do no harm however long they last, the
 * others only in one reply (decision 0032).
 */
const LASTING_LIES: readonly Parameters[] = [
  ...['getHealth', 'getTransaction'].flatMap((method) =>
    [1, 5_000, -1, -30].map((by) => ({ methods: [method], field: 'latestLedger', by })),
  ),
  ...['getHealth', 'getTransaction'].flatMap((method) =>
    [90, 400, -90].map((by) => ({ methods: [method], field: 'latestLedgerCloseTime', by })),
  ),
  ...['getHealth', 'getTransaction', 'getEvents'].map((method) => ({
    methods: [method],
    field: 'oldestLedger',
    by: 100_000,
  })),
  ...[1, 5_000, -30].map((by) => ({ methods: ['getLedgerEntries'], field: 'latestLedger', by })),
  { methods: ['getEvents'], field: 'cursor', by: 5_000 },
  { methods: ['sendTransaction'], field: 'latestLedger', by: 5_000 },
];
const SINGLE_LIES: readonly Parameters[] = [
  ...[-5, -1, 1, 5_000].map((by) => ({ methods: ['getTransaction'], field: 'ledger', by })),
  { methods: ['getTransaction'], field: 'createdAt', by: 400 },
  { methods: ['getTransaction'], field: 'status', status: 'NOT_FOUND' },
  { methods: ['getTransaction'], field: 'status', status: 'FAILED' },
  { methods: ['getLedgerEntries'], field: 'sequence', by: 1 },
  { methods: ['getLedgerEntries'], field: 'latestLedger', by: -1 },
];
function oneLie(dice: Dice): Parameters {
  const lie = dice.chance(0.5) ? dice.one(LASTING_LIES) : undefined;
  return lie ?? { ...dice.one(SINGLE_LIES), times: 1, after: dice.below(5) };
}
/** Where authorizations are signed. */
export const NONCE_LIES = 'nonce_lies';
/**
 * Every nonce may look spent for long, because no two replies agree. That a spent one is hidden
 * must not happen in two replies about one nonce, so it happens once.
 */
function nonceLie(dice: Dice): Parameters {
  return dice.chance(0.5) ? { spent: true } : { spent: false, times: 1 };
}
/** A lie beside another fault would be two faults, which the service need not withstand. */
const ALONE = 'reply_lies';

/**
 * Each retention gap makes a reconciliation unknown. Gaps are rare, so that bridges are checked.
 */
const FORGETS_AGAIN = 0.3;
const BEGINS = 0.07;
const LONGEST = 7;

/** Switches faults on for some ledgers and off again. */
export class Faults {
  readonly #until = new Map<string, number>();
  /** Whether events may have been lost to retention. */
  forgot = false;
  #lastOn = -1;

  constructor(
    private readonly network: RunningNetwork,
    private readonly dice: Dice,
    private readonly diary: Diary,
    /** Kinds that do not happen. */
    private readonly without: readonly string[] = [],
  ) {}

  /** Whether a fault was on at that ledger or a later one. */
  wasOnSince(ledger: number): boolean {
    return this.#until.size > 0 || this.#lastOn >= ledger;
  }

  step(): void {
    const { ledger } = this.network.control.head();
    for (const [name, until] of this.#until) if (until <= ledger) this.#end(name);
    if (!this.dice.chance(BEGINS)) return;
    // a third of them lie, because a lie is the hardest to notice
    const name = this.dice.chance(0.3)
      ? ALONE
      : (this.dice.one(Object.keys(FAULTS)) ?? 'node_down');
    if (this.#until.has(ALONE) || (name === ALONE && this.#until.size > 0)) return;
    if (this.without.includes(name)) return;
    if (name === 'node_forgets' && !this.dice.chance(FORGETS_AGAIN)) return;
    const parameters = FAULTS[name]?.(this.dice) ?? {};
    this.network.control.setFault(name, parameters);
    this.#until.set(name, ledger + 1 + this.dice.below(LONGEST));
    this.forgot ||= name === 'node_forgets';
    this.diary.count(`fault ${name}`);
    this.diary.say(`fault ${name} ${JSON.stringify(parameters)}`);
  }

  end(): void {
    for (const name of this.#until.keys()) this.#end(name);
  }

  #end(name: string): void {
    this.#until.delete(name);
    this.#lastOn = this.network.control.head().ledger;
    this.network.control.clearFaults(name);
    this.diary.say(`no more ${name}`);
  }
}

export const FAULT_KINDS: readonly string[] = Object.keys(FAULTS);
