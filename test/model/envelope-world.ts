import { replaced, type Step, type World } from './explore.js';
import { type Lie, lies, proveLanding, proveSequence } from './replies.js';

/**
 * Several envelopes for one hold, in a pool of one unit with two requests. Envelopes may trap or
 * land inside a fee bump. Snapshots and verdicts are written later than they are read, when there
 * may be one more envelope. A node lies in one field of one reply at a time (`replies.ts`).
 */
export type EnvelopeRule =
  /** docs/protocol.md as written */
  | 'protocol'
  /**
   * a verdict is written if the hold is still held, whatever was issued since (against the guard by
   * envelope_version)
   */
  | 'guardStateOnly'
  /** expiry decided on the first envelope's deadline */
  | 'firstDeadline'
  /** one failed envelope releases the hold (against docs/protocol.md#failed) */
  | 'anyFailure'
  /** the next sequence while an envelope is open (against docs/protocol.md#rebuild) */
  | 'rebuildAhead'
  /** a landing inside a fee bump is looked up by the outer hash, which the ledger does not know */
  | 'outerHashOnly'
  /** a landing counts for the ledger that one reply names (against two replies that agree) */
  | 'landingByOneReply'
  /** one account reply proves that a sequence is used (against a second, later one) */
  | 'sequenceByOneReply';

const POOL = 1;
const REQUESTS = 2;
const HOLD_LEDGERS = 2;
const LAST_LEDGER = 5;
const ENVELOPES_MAX = 2;

type Inclusion = 'plain' | 'bumped' | 'trapped';
interface Envelope {
  readonly maxTime: number;
  readonly sequence: number;
  readonly tx: 'live' | 'failed' | 'landed' | 'landed bumped';
}
interface Hold {
  readonly state: 'none' | 'held' | 'settled' | 'released';
  /** Last sequence of the borrower's account that was used. */
  readonly consumed: number;
  readonly envelopes: readonly Envelope[];
  readonly landedAt: number;
}
interface View {
  readonly locked: number;
  readonly ledger: number;
}
interface Verdict {
  readonly index: number;
  readonly end: 'settled' | 'released';
  readonly envelopes: number;
  /** The ledger of a landing, proven by replies with one lie. */ readonly landedAt?: number;
}
export interface EnvelopeState {
  readonly ledger: number;
  readonly locked: number;
  readonly snapshot: View;
  readonly unstored: View | null;
  readonly verdict: Verdict | null;
  readonly holds: readonly Hold[];
}

const NO_HOLD: Hold = { state: 'none', consumed: 0, envelopes: [], landedAt: 0 };
const START: EnvelopeState = {
  ledger: 0,
  locked: 0,
  snapshot: { locked: 0, ledger: 0 },
  unstored: null,
  verdict: null,
  holds: Array.from({ length: REQUESTS }, () => NO_HOLD),
};

export function envelopeWorld(rule: EnvelopeRule): World<EnvelopeState> {
  return { start: START, key: keyOf, steps: (state) => stepsOf(rule, state) };
}

function* stepsOf(rule: EnvelopeRule, state: EnvelopeState): Generator<Step<EnvelopeState>> {
  yield* asking(state);
  for (const index of state.holds.keys()) yield* rebuilding(rule, state, index);
  if (state.ledger < LAST_LEDGER) yield* closing(state);
  yield* observing(state);
  if (state.verdict) yield writing(rule, state, state.verdict);
  else for (const index of state.holds.keys()) yield* verdicts(rule, state, index);
}

const harmless = (label: string, next: EnvelopeState): Step<EnvelopeState> => ({
  label,
  next,
  broken: false,
});
const hasLanded = ({ tx }: Envelope): boolean => tx === 'landed' || tx === 'landed bumped';
const issued = (state: EnvelopeState, sequence: number): Envelope => ({
  maxTime: state.ledger + HOLD_LEDGERS,
  sequence,
  tx: 'live',
});
const withHold = (state: EnvelopeState, index: number, hold: Hold): EnvelopeState => ({
  ...state,
  holds: replaced(state.holds, index, hold),
});

function* asking(state: EnvelopeState): Generator<Step<EnvelopeState>> {
  const index = state.holds.findIndex((hold) => hold.state === 'none');
  const counted = state.holds.filter(
    (hold) =>
      hold.state === 'held' || (hold.state === 'settled' && hold.landedAt > state.snapshot.ledger),
  ).length;
  if (index < 0 || POOL - state.snapshot.locked - counted < 1) return;
  yield harmless(
    `hold #${index}`,
    withHold(state, index, { ...NO_HOLD, state: 'held', envelopes: [issued(state, 1)] }),
  );
}

/**
 * A rebuild takes the same sequence while an envelope is open, and the next one only when all are
 * dead (docs/protocol.md#rebuild).
 */
function* rebuilding(
  rule: EnvelopeRule,
  state: EnvelopeState,
  index: number,
): Generator<Step<EnvelopeState>> {
  const hold = state.holds[index] ?? NO_HOLD;
  if (hold.state !== 'held' || hold.envelopes.length >= ENVELOPES_MAX) return;
  const again = (label: string, sequence: number): Step<EnvelopeState> =>
    harmless(
      `${label} #${index}`,
      withHold(state, index, { ...hold, envelopes: [...hold.envelopes, issued(state, sequence)] }),
    );
  const open = hold.envelopes.every(({ sequence }) => sequence > hold.consumed);
  if (open)
    yield rule === 'rebuildAhead'
      ? again('rebuild ahead', hold.consumed + 2)
      : again('rebuild', hold.consumed + 1);
  else if (!hold.envelopes.some(hasLanded))
    yield again('rebuild with the next sequence', hold.consumed + 1);
}

/**
 * The next ledger: for each borrower nothing, or one valid envelope in one of the ways it can be
 * included.
 */
function* closing(state: EnvelopeState): Generator<Step<EnvelopeState>> {
  const ledger = state.ledger + 1;
  let sets: readonly (readonly [index: number, number: number, how: Inclusion])[][] = [[]];
  for (const [index, hold] of state.holds.entries()) {
    const valid = hold.envelopes.flatMap((envelope, number) =>
      envelope.tx === 'live' &&
      envelope.sequence === hold.consumed + 1 &&
      ledger <= envelope.maxTime
        ? [number]
        : [],
    );
    const ways = valid.flatMap((number) =>
      (['plain', 'bumped', 'trapped'] as const).map((how) => [index, number, how] as const),
    );
    sets = sets.flatMap((set) => [set, ...ways.map((way) => [...set, way])]);
  }
  for (const set of sets) {
    let next: EnvelopeState = { ...state, ledger };
    let broken = false;
    for (const [index, number, how] of set) {
      const reverted = how !== 'trapped' && next.locked >= POOL;
      broken ||= reverted;
      next = included(next, [index, number], reverted ? 'trapped' : how);
    }
    yield {
      label: `close ${ledger}${set.map((one) => labelOf(...one)).join('')}`,
      next,
      broken,
    };
  }
}

function included(
  state: EnvelopeState,
  [index, number]: readonly [number, number],
  how: Inclusion,
): EnvelopeState {
  const hold = state.holds[index] ?? NO_HOLD;
  const envelope = hold.envelopes[number];
  if (!envelope) return state;
  const tx = how === 'trapped' ? 'failed' : how === 'bumped' ? 'landed bumped' : 'landed';
  const landed = tx === 'failed' ? {} : { landedAt: state.ledger };
  const after: Hold = {
    ...hold,
    ...landed,
    consumed: envelope.sequence,
    envelopes: replaced(hold.envelopes, number, { ...envelope, tx }),
  };
  return { ...withHold(state, index, after), locked: state.locked + (tx === 'failed' ? 0 : 1) };
}

const labelOf = (index: number, number: number, how: string): string =>
  ` with #${index}.${number}${how === 'plain' ? '' : ` ${how}`}`;

function* observing(state: EnvelopeState): Generator<Step<EnvelopeState>> {
  const { ledger, locked, unstored, snapshot } = state;
  if (unstored)
    yield harmless(`store the snapshot of ledger ${unstored.ledger}`, {
      ...state,
      unstored: null,
      snapshot: unstored,
    });
  else if (ledger > snapshot.ledger)
    yield harmless(`read ledger ${ledger}`, { ...state, unstored: { ledger, locked } });
}

/** Gathers evidence. The verdict that it proves now is written later. */
function* verdicts(
  rule: EnvelopeRule,
  state: EnvelopeState,
  index: number,
): Generator<Step<EnvelopeState>> {
  const { state: holdState, consumed, envelopes } = state.holds[index] ?? NO_HOLD;
  if (holdState !== 'held') return;
  yield* lyingVerdicts(rule, state, index);
  const reached = (why: string, end: Verdict['end']): Step<EnvelopeState> =>
    harmless(`judge #${index}: ${why}`, {
      ...state,
      verdict: { index, end, envelopes: envelopes.length },
    });
  const found = envelopes.some(rule === 'outerHashOnly' ? ({ tx }) => tx === 'landed' : hasLanded);
  if (found) yield reached('landed', 'settled');
  else if (
    envelopes.every(({ maxTime, sequence }) => state.ledger >= maxTime || sequence <= consumed)
  )
    yield reached('all are dead', 'released');
  else if (rule === 'firstDeadline' && state.ledger >= (envelopes[0]?.maxTime ?? LAST_LEDGER))
    yield reached('the first T has passed', 'released');
  else if (rule === 'anyFailure' && envelopes.some(({ tx }) => tx === 'failed'))
    yield reached('one failed', 'released');
}

/**
 * Verdicts from replies of which one lies in one field, when they differ from the honest verdict.
 */
function* lyingVerdicts(
  rule: EnvelopeRule,
  state: EnvelopeState,
  index: number,
): Generator<Step<EnvelopeState>> {
  const { envelopes, consumed, landedAt } = state.holds[index] ?? NO_HOLD;
  const cause = ({ reply, field }: Lie): string => `by a lie in ${reply}.${field}`;
  if (envelopes.some(hasLanded)) {
    for (const lie of lies(['landing', 'laterLanding'])) {
      const ledger = proveLanding(rule === 'landingByOneReply' ? 'one' : 'agree', landedAt, lie);
      if (ledger !== null && ledger !== landedAt)
        yield harmless(`judge #${index}: landed in ${ledger}, ${cause(lie)}`, {
          ...state,
          verdict: { index, end: 'settled', envelopes: envelopes.length, landedAt: ledger },
        });
    }
    return;
  }
  const highest = envelopes.reduce((most, { sequence }) => Math.max(most, sequence), 0);
  for (const lie of lies(['account', 'laterAccount'])) {
    if (
      highest > consumed &&
      proveSequence(
        rule === 'sequenceByOneReply' ? 'one' : 'agree',
        { consumed, wanted: highest },
        lie,
      )
    ) {
      yield harmless(`judge #${index}: sequence used, ${cause(lie)}`, {
        ...state,
        verdict: { index, end: 'released', envelopes: envelopes.length },
      });
    }
  }
}

/**
 * Writes a verdict under the transition's guard: the hold is still held, and no envelope was issued
 * since the verdict. A landing may ignore the second condition.
 */
function writing(
  rule: EnvelopeRule,
  state: EnvelopeState,
  { index, end, envelopes, landedAt }: Verdict,
): Step<EnvelopeState> {
  const hold = state.holds[index] ?? NO_HOLD;
  const written =
    hold.state === 'held' &&
    (rule === 'guardStateOnly' || end === 'settled' || hold.envelopes.length === envelopes);
  const next = { ...state, verdict: null };
  return harmless(
    `write #${index} ${end}${written ? '' : ': refused'}`,
    written
      ? withHold(next, index, { ...hold, state: end, ...(landedAt !== undefined && { landedAt }) })
      : next,
  );
}

function keyOf({ ledger, locked, snapshot, unstored, verdict, holds }: EnvelopeState): string {
  const envelope = ({ maxTime, sequence, tx }: Envelope): string =>
    `${maxTime}${sequence}${tx === 'landed bumped' ? 'b' : tx.charAt(1)}`;
  return [
    ledger,
    locked,
    snapshot.ledger,
    snapshot.locked,
    unstored ? `${unstored.ledger}.${unstored.locked}` : '',
    verdict
      ? `${verdict.index}${verdict.end.charAt(0)}${verdict.envelopes}${verdict.landedAt ?? ''}`
      : '',
    ...holds.map(
      (hold) =>
        `${hold.state.charAt(0)}${hold.consumed}${hold.landedAt}${hold.envelopes.map(envelope).join('-')}`,
    ),
  ].join();
}
