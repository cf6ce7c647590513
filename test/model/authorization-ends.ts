import {
  type AuthorizationRule,
  conclusionsOn,
  fenceOf,
  type ModelAuthorization,
  type ModelVerdict,
  TTL,
} from './authorization-replies.js';
import {
  chainOf,
  type Ground,
  type Hold,
  holdText,
  NO_HOLD,
  type State,
  step,
  stored,
  withEntry,
  withHold,
} from './authorization-state.js';
import type { Step } from './explore.js';

/** So long after the last ledger a person is asked, or the hold has ended. */
const QUIET_LEDGERS = 34;

/** Writes a verdict under the guards of `settle_batch`, `end_batch` and `noteNonces`. */
export function writing(
  { rule }: Ground,
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
  if (!mayExpire(rule, entry, expiry)) return step(`write #${index} expired: refused`, state);
  return step(
    `write #${index} expired`,
    withHold(state, index, { state: 'expired' }),
    entry.spentAt !== null || state.ledger < fenceOf(entry),
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
export function quiet({ rule }: Ground, state: State): Step<State> {
  const stuck = state.holds.some(
    (hold) =>
      hold.state === 'held' && hold.signing === 'authorization' && isStuck(rule, state, hold),
  );
  return step('quiet', state, stuck);
}

const stuckHolds = new Map<string, boolean>();
function isStuck(rule: AuthorizationRule, state: State, hold: Hold): boolean {
  const key = `${rule} ${state.ledger} ${state.snapshot.ledger} ${state.forgotten} ${holdText(hold)}`;
  const stuck = stuckHolds.get(key) ?? staysStuck(rule, state, hold);
  stuckHolds.set(key, stuck);
  return stuck;
}

function staysStuck(rule: AuthorizationRule, state: State, hold: Hold): boolean {
  const ground = { rule, liesMost: 0 };
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
