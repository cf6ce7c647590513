import { replaced, type Step, type World } from './explore.js';
import { lies, proveStep, proveVotes, readAt, type TimeRules } from './replies.js';

/**
 * Holds and their ends in any order, in a pool of two units with three requests of one unit. The
 * close time of a ledger is its number, and snapshots are stored later than they are read. Honest
 * replies prove what is true; a node also lies in one field of one reply at a time (`replies.ts`).
 */
export type HoldRule =
  /** docs/protocol.md as written */
  | 'protocol'
  /** a settled hold stops counting at once (against docs/protocol.md#count-what-may-still-land) */
  | 'dropOnSettle'
  /**
   * expiry by a clock that is not the chain's (against docs/protocol.md#death-needs-a-certificate)
   */
  | 'wallClock'
  /** a cancellation frees the amount at once (against docs/protocol.md#cancellation) */
  | 'cancelFrees'
  /** an envelope without maxTime (against docs/protocol.md#fence-first) */
  | 'noTimebounds'
  /**
   * the head alone shows that a deadline has passed, and votes count by their ledger (against the
   * agreement of replies)
   */
  | 'oneReplyDates'
  /**
   * a snapshot is stored for the ledger that its own reply names, without a second reply (against
   * confirmed heads)
   */
  | 'snapshotByOneReply';

const POOL = 2;
const REQUESTS = 3;
const HOLD_LEDGERS = 2;
const LAST_LEDGER = 6;

interface View {
  readonly locked: number;
  readonly ledger: number;
}
interface Hold {
  readonly state: 'none' | 'held' | 'cancelling' | 'settled' | 'released' | 'expired';
  readonly maxTime: number;
  readonly landedAt: number;
  readonly tx: 'none' | 'live' | 'landed' | 'failed';
  /** The ledger of step one of an expiry, proven by replies with one lie. */
  readonly step: number | null;
}
export interface HoldState {
  readonly ledger: number;
  readonly locked: number;
  readonly snapshot: View;
  /** read from the chain, not stored yet */ readonly unstored: View | null;
  readonly holds: readonly Hold[];
}

const NO_HOLD: Hold = { state: 'none', maxTime: 0, landedAt: 0, tx: 'none', step: null };
const START: HoldState = {
  ledger: 0,
  locked: 0,
  snapshot: { locked: 0, ledger: 0 },
  unstored: null,
  holds: Array.from({ length: REQUESTS }, () => NO_HOLD),
};

export function holdWorld(rule: HoldRule): World<HoldState> {
  return {
    start: START,
    key: (state) => keyOf(rule, state),
    steps: (state) => stepsOf(rule, state),
  };
}

function* stepsOf(rule: HoldRule, state: HoldState): Generator<Step<HoldState>> {
  yield* asking(rule, state);
  if (state.ledger < LAST_LEDGER) yield* closing(rule, state);
  yield* observing(rule, state);
  for (const index of state.holds.keys()) yield* ending(rule, state, index);
}

const isLive = (hold: Hold): boolean => hold.state === 'held' || hold.state === 'cancelling';
const counts = (rule: HoldRule, hold: Hold, snapshot: View): boolean =>
  isLive(hold) ||
  (hold.state === 'settled' && rule !== 'dropOnSettle' && hold.landedAt > snapshot.ledger);
const mayLand = (rule: HoldRule, hold: Hold, ledger: number): boolean =>
  hold.tx === 'live' && (rule === 'noTimebounds' || ledger + 1 <= hold.maxTime);

function* asking(rule: HoldRule, state: HoldState): Generator<Step<HoldState>> {
  const index = state.holds.findIndex((hold) => hold.state === 'none');
  const counted = state.holds.filter((hold) => counts(rule, hold, state.snapshot)).length;
  if (index < 0 || POOL - state.snapshot.locked - counted < 1) return;
  const hold: Hold = {
    state: 'held',
    maxTime: state.ledger + HOLD_LEDGERS,
    landedAt: 0,
    tx: 'live',
    step: null,
  };
  yield {
    label: `hold #${index}`,
    next: { ...state, holds: replaced(state.holds, index, hold) },
    broken: false,
  };
}

/**
 * The next ledger includes any set of the envelopes that are still valid, and perhaps a repayment.
 */
function* closing(rule: HoldRule, state: HoldState): Generator<Step<HoldState>> {
  const valid = [...state.holds.keys()].filter((index) =>
    mayLand(rule, state.holds[index] ?? NO_HOLD, state.ledger),
  );
  for (let set = 0; set < 1 << valid.length; set++) {
    const included = valid.filter((_, bit) => ((set >> bit) & 1) === 1);
    const ledger = state.ledger + 1;
    let { locked, holds } = state;
    let broken = false;
    for (const index of included) {
      const hold = holds[index] ?? NO_HOLD;
      const funded = locked < POOL;
      broken ||= !funded;
      if (funded) locked++;
      holds = replaced(
        holds,
        index,
        funded ? { ...hold, tx: 'landed', landedAt: ledger } : { ...hold, tx: 'failed' },
      );
    }
    const label = `close ${ledger}${included.length ? ` with ${included.map((index) => `#${index}`).join(' ')}` : ''}`;
    yield { label, next: { ...state, ledger, locked, holds }, broken };
    if (locked > 0)
      yield {
        label: `${label} and a repayment`,
        next: { ...state, ledger, locked: locked - 1, holds },
        broken,
      };
  }
}

const timeRules = (rule: HoldRule): TimeRules => ({
  replies: rule === 'oneReplyDates' ? 'one' : 'agree',
  snapshot: rule === 'snapshotByOneReply' ? 'itself' : 'confirmed',
});

function* observing(rule: HoldRule, state: HoldState): Generator<Step<HoldState>> {
  const { ledger, locked, unstored, snapshot } = state;
  for (const lie of lies(['head', 'figures'])) {
    const read = readAt(timeRules(rule), ledger, lie);
    if (!unstored && read !== null && read > snapshot.ledger && read !== ledger)
      yield {
        label: `read ledger ${read}, by a lie in ${lie.reply}.${lie.field}`,
        next: { ...state, unstored: { ledger: read, locked } },
        broken: false,
      };
  }
  if (unstored)
    yield {
      label: `store the snapshot of ledger ${unstored.ledger}`,
      next: { ...state, unstored: null, snapshot: unstored },
      broken: false,
    };
  else if (ledger > snapshot.ledger)
    yield {
      label: `read ledger ${ledger}`,
      next: { ...state, unstored: { ledger, locked } },
      broken: false,
    };
}

function* ending(rule: HoldRule, state: HoldState, index: number): Generator<Step<HoldState>> {
  const hold = state.holds[index] ?? NO_HOLD;
  if (!isLive(hold)) return;
  const becomes = (verb: string, end: Hold['state']): Step<HoldState> => ({
    label: `${verb} #${index}`,
    next: { ...state, holds: replaced(state.holds, index, { ...hold, state: end }) },
    broken: false,
  });
  if (hold.tx === 'landed') yield becomes('settle', 'settled');
  if (hold.tx === 'failed') yield becomes('release', 'released');
  if (rule === 'wallClock' || (hold.tx !== 'landed' && state.ledger > hold.maxTime))
    yield becomes('expire', 'expired');
  yield* lyingEnds(rule, state, index);
  if (hold.state === 'held')
    yield becomes('cancel', rule === 'cancelFrees' ? 'released' : 'cancelling');
}

/** Verdicts from replies of which one lies in one field. The honest ones are above. */
function* lyingEnds(rule: HoldRule, state: HoldState, index: number): Generator<Step<HoldState>> {
  const hold = state.holds[index] ?? NO_HOLD;
  const truth = { ledger: state.ledger, isFound: hold.tx === 'landed' || hold.tx === 'failed' };
  const next = (label: string, change: Partial<Hold>): Step<HoldState> => ({
    label: `${label} #${index}`,
    next: { ...state, holds: replaced(state.holds, index, { ...hold, ...change }) },
    broken: false,
  });
  if (hold.step === null) {
    for (const lie of lies(['head', 'look'])) {
      const step = proveStep(timeRules(rule), { ...truth, deadline: hold.maxTime }, lie);
      if (step !== null && state.ledger < hold.maxTime)
        yield next(`step one by a lie in ${lie.reply}.${lie.field}`, { step });
    }
    return;
  }
  for (const lie of [null, ...lies(['firstVote', 'secondVote'])]) {
    if (proveVotes(timeRules(rule), { ...truth, deadline: hold.maxTime, step: hold.step }, lie))
      yield next('expire', { state: 'expired' });
  }
}

/**
 * Requests are alike, so their order makes no difference. Nor does the past of a hold that has
 * ended and can neither land nor count any more.
 */
function keyOf(rule: HoldRule, state: HoldState): string {
  const holds = state.holds.map((hold) => {
    const over =
      hold.state !== 'none' &&
      !isLive(hold) &&
      !mayLand(rule, hold, state.ledger) &&
      !counts(rule, hold, state.snapshot);
    if (over) return '.';
    const step = hold.step === null ? '' : `s${hold.step}`;
    return `${hold.state.slice(0, 2)}${hold.tx.slice(0, 2)}${hold.maxTime},${hold.landedAt}${step}`;
  });
  const figures = ({ ledger, locked }: { readonly ledger: number; readonly locked: number }) =>
    `${ledger},${locked}`;
  const unstored = state.unstored ? figures(state.unstored) : '';
  return `${figures(state)};${figures(state.snapshot)};${unstored};${holds.sort().join(' ')}`;
}
