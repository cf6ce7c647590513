import { quiet, writing } from './authorization-ends.js';
import {
  type AuthorizationRule,
  conclusionsOn,
  fenceOf,
  type ModelVerdict,
} from './authorization-replies.js';
import {
  AFTER_LIE,
  type AuthorizationWorldOptions,
  chainOf,
  type Ground,
  type Hold,
  holdText,
  lastLedger,
  mayLand,
  NO_ENTRY,
  NO_HOLD,
  START,
  type State,
  step,
  stored,
  withEntry,
  withHold,
} from './authorization-state.js';
import type { Step, World } from './explore.js';

const POOL = 1;
/** The fence of the first hold is 3, so two ledgers remain for its votes. */
const LAST_LEDGER = 5;
const LANDINGS_MAX = 2;
const LANDING_LEDGERS = 1;
const SIGNED_ONCE = ['authorization'] as const;
const BOTH = ['authorization', 'transaction'] as const;

/**
 * Holds by authorization beside holds by transaction, in a pool of one unit. We or a stranger land
 * an entry, a landing may fail, a node forgets transactions, and a verdict is written later than its
 * replies were read. The verdict is the product's own
 * (`authorization-replies.ts`).
 */
export function authorizationWorld(
  rule: AuthorizationRule,
  { requests = 1, liesMost = 1, afterLie = false }: AuthorizationWorldOptions = {},
): World<State> {
  const ground = { rule, liesMost };
  const empty = { ...START, holds: Array.from({ length: requests }, () => NO_HOLD) };
  const start = afterLie ? AFTER_LIE : empty;
  return { start, key: keyOf, steps: (state) => stepsOf(ground, state) };
}

function* stepsOf(ground: Ground, state: State): Generator<Step<State>> {
  yield* asking(state);
  for (const index of state.holds.keys()) yield* acting(ground, state, index);
  if (state.ledger < LAST_LEDGER) yield* closing(state);
  else yield quiet(ground, state);
  yield* observing(state);
  if (state.forgotten < 0 && state.locked > 0)
    yield step('the node forgets', { ...state, forgotten: state.ledger });
  if (state.verdict) yield writing(ground, state, state.verdict);
  else for (const index of state.holds.keys()) yield* judging(ground, state, index);
}

function* asking(state: State): Generator<Step<State>> {
  const index = state.holds.findIndex((hold) => hold.state === 'none');
  const counted = state.holds.filter(
    ({ state: at, settledAt }) =>
      at === 'held' || (at === 'settled' && settledAt > state.snapshot.ledger),
  ).length;
  if (index < 0 || POOL - state.snapshot.locked - counted < 1) return;
  // an empty pool at a later ledger is the same as at the first one
  if (index === 0 && state.ledger > 0) return;
  for (const signing of index === 0 ? SIGNED_ONCE : BOTH)
    yield step(
      `hold #${index}${signing === 'transaction' ? ' by transaction' : ''}`,
      withHold(state, index, {
        signing,
        state: 'held',
        entry: { ...NO_ENTRY, issuedAfter: state.ledger },
      }),
    );
}

/** The lander issues a landing; the borrower cancels. */
function* acting({ rule }: Ground, state: State, index: number): Generator<Step<State>> {
  const { state: holdState, signing, entry } = state.holds[index] ?? NO_HOLD;
  if (holdState !== 'held' || signing !== 'authorization') return;
  const { landing, cancelled, isSpent, spent, funding } = entry;
  const number = (landing?.number ?? 0) + 1;
  const isFree = landing === null || landing.state !== 'open';
  const isCandidate = !cancelled && !isSpent && spent === null && !funding;
  if (isFree && isCandidate && number <= LANDINGS_MAX && state.ledger < fenceOf(entry))
    yield step(
      `land #${index}`,
      withEntry(state, index, {
        landing: {
          state: 'open',
          number,
          issuedAfter: state.ledger,
          maxLedger: state.ledger + LANDING_LEDGERS,
          included: null,
          succeeded: false,
        },
      }),
    );
  if (!cancelled)
    yield step(
      `cancel #${index}`,
      rule === 'cancelFrees'
        ? withHold(state, index, { state: 'expired' })
        : withEntry(state, index, { cancelled: true }),
    );
}

type Way = 'by us' | 'failed' | 'by a stranger' | 'by its borrower';
function waysOf(hold: Hold, ledger: number): readonly Way[] {
  const { landing, spentAt } = hold.entry;
  const may = mayLand(hold, ledger - 1);
  if (hold.signing === 'transaction') return may ? ['by its borrower'] : [];
  const carries = landing !== null && landing.included === null && ledger <= landing.maxLedger;
  return [
    ...(may && carries ? (['by us'] as const) : []),
    ...(carries && (spentAt !== null || may) ? (['failed'] as const) : []),
    ...(may ? (['by a stranger'] as const) : []),
  ];
}

/** The next ledger: for each hold nothing, or one of the ways to be included. */
function* closing(state: State): Generator<Step<State>> {
  const ledger = state.ledger + 1;
  let sets: readonly (readonly [index: number, way: Way])[][] = [[]];
  for (const [index, hold] of state.holds.entries())
    sets = sets.flatMap((set) => [
      set,
      ...waysOf(hold, ledger).map((way) => [...set, [index, way] as const]),
    ]);
  for (const set of sets) {
    let next: State = { ...state, ledger };
    let broken = false;
    for (const [index, way] of set) {
      const reverts = way !== 'failed' && next.locked >= POOL;
      broken ||= reverts;
      next = included(next, index, reverts ? 'failed' : way);
    }
    const label = set.map(([index, way]) => ` with #${index} ${way}`).join('');
    yield step(`close ${ledger}${label}`, next, broken);
  }
}

function included(state: State, index: number, way: Way): State {
  const { entry } = state.holds[index] ?? NO_HOLD;
  const landing = way === 'by us' || way === 'failed' ? entry.landing : null;
  const spends = way !== 'failed';
  const next = withEntry(state, index, {
    ...(landing && { landing: { ...landing, included: state.ledger, succeeded: spends } }),
    ...(spends && { spentAt: state.ledger, byStranger: way === 'by a stranger' }),
  });
  return { ...next, locked: state.locked + (spends ? 1 : 0) };
}

/** A snapshot is stored together with the events up to its ledger that the node still has. */
function* observing(state: State): Generator<Step<State>> {
  const { ledger, locked, snapshot } = state;
  if (ledger > snapshot.ledger)
    yield step(`observe ledger ${ledger}`, stored(state, { ledger, locked }));
}

const isEmpty = ({ settlement, expiry, nonce, failures, deaths }: ModelVerdict): boolean =>
  !settlement && !expiry && !nonce && failures.length + deaths.length === 0;
/** One round reads replies, and its verdict is written later. */
function* judging(ground: Ground, state: State, index: number): Generator<Step<State>> {
  const hold = state.holds[index] ?? NO_HOLD;
  if (hold.state !== 'held') return;
  if (hold.signing === 'transaction') return yield* judgingTransaction(state, index, hold);
  const at = (verdict: ModelVerdict, lies: number): State => ({
    ...withHold(state, index, { lies }),
    verdict: { index, verdict },
  });
  const { honest, lying } = conclusionsOn(ground.rule, hold.entry, chainOf(state));
  if (!isEmpty(honest)) yield step(`judge #${index}: ${wordOf(honest)}`, at(honest, hold.lies));
  if (hold.lies >= ground.liesMost) return;
  for (const { lie, verdict } of lying())
    if (!isEmpty(verdict))
      yield step(
        `judge #${index}: ${wordOf(verdict)}, by a lie in ${lie.reply}.${lie.field}`,
        at(verdict, hold.lies + 1),
      );
}
const wordOf = ({ settlement, expiry, nonce, failures }: ModelVerdict): string =>
  settlement
    ? `landed in ${settlement.settledLedger}`
    : expiry
      ? 'dead'
      : (nonce?.kind ?? (failures.length > 0 ? 'landing failed' : 'landing dead'));

/** By honest replies only: the other models are about these. */
function* judgingTransaction(state: State, index: number, hold: Hold): Generator<Step<State>> {
  const { spentAt } = hold.entry;
  if (spentAt !== null)
    yield step(
      `settle #${index}`,
      withHold(state, index, { state: 'settled', settledAt: spentAt }),
    );
  else if (state.ledger > lastLedger(hold))
    yield step(`expire #${index}`, withHold(state, index, { state: 'expired' }));
}

const keyOf = ({ ledger, locked, forgotten, snapshot, verdict, holds: list }: State): string =>
  [
    ledger,
    locked,
    forgotten,
    snapshot.ledger,
    snapshot.locked,
    verdict ? `${verdict.index}${verdict.verdict.text}` : '',
    ...list.map(holdText),
  ].join(';');
