import {
  type AuthorizationRule,
  conclusionsOn,
  fenceOf,
  type ModelAuthorization,
  type ModelChain,
  type ModelVerdict,
  TTL,
} from './authorization-replies.js';
import { replaced, type Step, type World } from './explore.js';

/**
 * Holds by authorization beside holds by transaction, in a pool of one unit with two requests. We
 * or a stranger land an entry, a landing may fail, a node forgets transactions, verdicts and
 * snapshots are written later than they are read. The verdict is the product's own
 * (`authorization-replies.ts`).
 */
export interface AuthorizationWorldOptions {
  /** Requests of one unit each; default 1. A second one shows what a wrong end leads to. */
  readonly requests?: 1 | 2;
  /** Wrong fields in replies about one hold. */
  readonly liesMost?: number;
  /**
   * What must never happen. wrong end: an amount is freed whose entry may land or has landed.
   * known funding: a hold expires whose funding was read.
   */
  readonly never?: 'wrong end' | 'known funding';
}

const POOL = 1;
/** The fence of the first hold is 3, so two ledgers remain for its votes. */
const LAST_LEDGER = 5;
const LANDINGS_MAX = 2;
const LANDING_LEDGERS = 1;
/** Of a hold by transaction. */
const HOLD_LEDGERS = 1;
/** So long after the last ledger a person is asked, or the hold has ended. */
const QUIET_LEDGERS = 34;

const SIGNED_ONCE = ['authorization'] as const;
const BOTH = ['authorization', 'transaction'] as const;

type HoldState = 'none' | 'held' | 'settled' | 'expired';
interface Hold {
  readonly signing: 'transaction' | 'authorization';
  readonly state: HoldState;
  /** The ledger that a settled hold was settled at. */ readonly settledAt: number;
  readonly lies: number;
  readonly entry: ModelAuthorization;
}
interface View {
  readonly locked: number;
  readonly ledger: number;
}
export interface AuthorizationState {
  readonly ledger: number;
  readonly locked: number;
  readonly forgotten: number;
  readonly snapshot: View;
  readonly verdict: { readonly index: number; readonly verdict: ModelVerdict } | null;
  readonly holds: readonly Hold[];
}
type State = AuthorizationState;

const NO_ENTRY: ModelAuthorization = {
  issuedAfter: 0,
  spentAt: null,
  byStranger: false,
  landing: null,
  cancelled: false,
  unspent: null,
  vote: null,
  spent: null,
  isSpent: false,
  funding: false,
};
const NO_HOLD: Hold = {
  signing: 'authorization',
  state: 'none',
  settledAt: 0,
  lies: 0,
  entry: NO_ENTRY,
};
const START: State = {
  ledger: 0,
  locked: 0,
  forgotten: -1,
  snapshot: { locked: 0, ledger: 0 },
  verdict: null,
  holds: [],
};

interface Ground extends Required<AuthorizationWorldOptions> {
  readonly rule: AuthorizationRule;
}
export function authorizationWorld(
  rule: AuthorizationRule,
  { requests = 1, liesMost = 1, never = 'wrong end' }: AuthorizationWorldOptions = {},
): World<State> {
  const ground = { rule, requests, liesMost, never };
  const start = { ...START, holds: Array.from({ length: requests }, () => NO_HOLD) };
  return { start, key: keyOf, steps: (state) => stepsOf(ground, state) };
}

function* stepsOf(ground: Ground, state: State): Generator<Step<State>> {
  yield* asking(state);
  for (const index of state.holds.keys()) yield* acting(ground, state, index);
  if (state.ledger < LAST_LEDGER) yield* closing(ground, state);
  else yield quiet(ground, state);
  yield* observing(state);
  if (state.forgotten < 0 && state.locked > 0)
    yield step('the node forgets', { ...state, forgotten: state.ledger });
  if (state.verdict) yield writing(ground, state, state.verdict);
  else for (const index of state.holds.keys()) yield* judging(ground, state, index);
}

const step = (label: string, next: State, broken = false): Step<State> => ({ label, next, broken });
const withHold = (state: State, index: number, change: Partial<Hold>): State => ({
  ...state,
  holds: replaced(
    state.holds,
    index,
    oneOfAKind({ ...(state.holds[index] ?? NO_HOLD), ...change }),
  ),
});
const texts = new WeakMap<Hold, string>();
const holds = new Map<string, Hold>();
/** The same object for the same hold, so that what is known of it is found again. */
function oneOfAKind(hold: Hold): Hold {
  const text = JSON.stringify(Object.values({ ...hold, entry: Object.values(hold.entry) }));
  const one = holds.get(text) ?? hold;
  holds.set(text, one);
  texts.set(one, text);
  return one;
}
const holdText = (hold: Hold): string => texts.get(hold) ?? '';
const withEntry = (state: State, index: number, change: Partial<ModelAuthorization>): State =>
  withHold(state, index, { entry: { ...(state.holds[index] ?? NO_HOLD).entry, ...change } });
const chainOf = ({ ledger, snapshot, forgotten }: State): ModelChain => ({
  ledger,
  knownLedger: snapshot.ledger,
  forgotten,
});
/** The last ledger that may include what the borrower signed. */
const lastLedger = ({ signing, entry }: Hold): number =>
  signing === 'authorization' ? fenceOf(entry) : entry.issuedAfter + HOLD_LEDGERS;
const mayLand = (hold: Hold, ledger: number): boolean =>
  hold.state !== 'none' && hold.entry.spentAt === null && ledger < lastLedger(hold);

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
function* closing({ never }: Ground, state: State): Generator<Step<State>> {
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
      broken ||= reverts && never === 'wrong end';
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

const stored = (state: State, snapshot: View): State => ({
  ...state,
  snapshot,
  holds: state.holds.map((hold) => {
    const { spentAt } = hold.entry;
    const isRead = spentAt !== null && spentAt <= snapshot.ledger && spentAt > state.forgotten;
    return isRead ? oneOfAKind({ ...hold, entry: { ...hold.entry, funding: true } }) : hold;
  }),
});

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
  for (const { lie, verdict } of lying)
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

/** Writes a verdict under the guards of `settle_batch`, `end_batch` and `noteNonces`. */
function writing(
  { rule, never }: Ground,
  before: State,
  { index, verdict }: NonNullable<State['verdict']>,
): Step<State> {
  let state: State = { ...before, verdict: null };
  const hold = state.holds[index] ?? NO_HOLD;
  const { settlement, expiry, nonce, failures, deaths } = verdict;
  if (hold.state !== 'held') return step(`write #${index}: refused`, state);
  if (nonce) state = withEntry(state, index, noted(hold.entry, nonce));
  const { landing } = hold.entry;
  for (const { number } of [...failures, ...deaths])
    if (landing?.state === 'open' && landing.number === number)
      state = withEntry(state, index, {
        landing: { ...landing, state: failures.length > 0 ? 'failed' : 'dead' },
      });
  if (settlement) {
    const { settledLedger } = settlement;
    return step(
      `write #${index} settled`,
      withHold(withEntry(state, index, { isSpent: true }), index, {
        state: 'settled',
        settledAt: settledLedger,
      }),
      hold.entry.spentAt !== settledLedger,
    );
  }
  if (!expiry) return step(`write #${index}`, state);
  const { entry } = state.holds[index] ?? NO_HOLD;
  if (rule !== 'noGuard' && !mayExpire(rule, entry, expiry))
    return step(`write #${index} expired: refused`, state);
  return step(
    `write #${index} expired`,
    withHold(state, index, { state: 'expired' }),
    never === 'known funding'
      ? entry.funding
      : entry.spentAt !== null || state.ledger < fenceOf(entry),
  );
}

function mayExpire(
  rule: AuthorizationRule,
  entry: ModelAuthorization,
  { firstVoteLedger, secondVoteLedger }: NonNullable<ModelVerdict['expiry']>,
): boolean {
  const { unspent, issuedAfter, isSpent, spent, funding } = entry;
  return (
    !isSpent &&
    spent === null &&
    (rule === 'ignoresFunding' || !funding) &&
    (rule === 'oneVote' || rule === 'ignoresFence' || firstVoteLedger > fenceOf(entry)) &&
    firstVoteLedger < secondVoteLedger &&
    (rule === 'ignoresUnspent' || secondVoteLedger <= (unspent ?? issuedAfter) + TTL)
  );
}

/** As `noteNonces` writes a note. */
function noted(
  entry: ModelAuthorization,
  note: NonNullable<ModelVerdict['nonce']>,
): Partial<ModelAuthorization> {
  const { isSpent, spent, unspent, vote } = entry;
  if (isSpent) return {};
  switch (note.kind) {
    case 'unspent':
      return spent === null ? { unspent: Math.max(unspent ?? 0, note.ledger) } : {};
    case 'vote':
      return spent === null ? { vote: vote ?? note.ledger } : {};
    case 'spent':
      return spent === null
        ? { spent: { ledger: note.spentLedger, seenLedger: note.ledger }, vote: null }
        : {};
    case 'confirmed':
      return spent?.ledger === note.spentLedger && note.ledger > spent.seenLedger
        ? { isSpent: true }
        : {};
    case 'disproved':
      return spent?.seenLedger === note.was && note.ledger > spent.seenLedger
        ? { spent: null }
        : {};
    case 'doubted':
      return {}; // no head of this world turns out not to exist
  }
}

/**
 * Ledgers close, and honest replies are read and written at once. A hold that is live afterwards
 * needs a person, who is asked only when a node has forgotten transactions, or when no reply was
 * read in time.
 */
function quiet({ rule, never }: Ground, state: State): Step<State> {
  const stuck = state.holds.some(
    (hold) =>
      hold.state === 'held' && hold.signing === 'authorization' && isStuck(rule, state, hold),
  );
  return step('quiet', state, never === 'wrong end' && stuck);
}

const stuckHolds = new Map<string, boolean>();
function isStuck(rule: AuthorizationRule, state: State, hold: Hold): boolean {
  const key = `${rule} ${state.ledger} ${state.snapshot.ledger} ${state.forgotten} ${holdText(hold)}`;
  const stuck = stuckHolds.get(key) ?? staysStuck(rule, state, hold);
  stuckHolds.set(key, stuck);
  return stuck;
}

function staysStuck(rule: AuthorizationRule, state: State, hold: Hold): boolean {
  const ground = { rule, requests: 1 as const, liesMost: 0, never: 'wrong end' as const };
  let next: State = { ...state, holds: [hold] };
  let alarm: ModelVerdict['alarm'] = null;
  for (let round = 0; round < QUIET_LEDGERS; round++) {
    const now = next.holds[0] ?? NO_HOLD;
    const verdict = conclusionsOn(rule, now.entry, chainOf(next)).honest;
    alarm = verdict.alarm;
    next = writing(ground, next, { index: 0, verdict }).next;
    if (next.holds[0]?.state !== 'held') return false;
    const { locked, ledger } = next;
    next = stored({ ...next, ledger: ledger + 1 }, { locked, ledger: ledger + 1 });
  }
  const { spent } = hold.entry;
  const isLate =
    spent !== null && state.ledger >= Math.max(fenceOf(hold.entry), spent.ledger + TTL - 1);
  return alarm === null || (alarm !== 'lookup_proves_nothing' && state.forgotten < 0 && !isLate);
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
