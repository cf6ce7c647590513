import { LAG_LEDGERS_MAX } from '../../common/ledger-time.js';
import type { NonceSighting } from '../chain/authorizations.js';
import type { AuthorizationExpiry } from '../liquidity/ends/end-evidence.js';
import type { NonceNote } from '../liquidity/landings/landing.js';
import type { LiveAuthorization } from '../liquidity/reservation.js';
import { type AuthorizationEvidence, idsOf } from './authorization-finding.js';
import type { AlarmReason, KeepReason } from './finding.js';

/** `landing_not_found`: the nonce is spent, and nobody finds the transaction that spent it. */
export type AuthorizationAlarm = AlarmReason | 'landing_not_found';

/** What a round's replies about the nonce prove (docs/protocol.md#expired-by-ledger). */
export interface NonceWord {
  readonly note: NonceNote | null;
  readonly expiry: AuthorizationExpiry | null;
  readonly why: KeepReason | null;
  readonly alarm: AuthorizationAlarm | null;
}
const keep = (why: KeepReason, note: NonceNote | null = null): NonceWord => ({
  note,
  expiry: null,
  why,
  alarm: null,
});
const alarmed = (why: AlarmReason): NonceWord => ({ ...keep(why), alarm: why });

/**
 * The setting of the public network. A node that names a larger one could make an absence look like
 * a proof, so no more is believed.
 */
export const TEMPORARY_TTL_MAX = 720;
const believedTtl = ({ minTemporaryTtl }: AuthorizationEvidence): number | null =>
  minTemporaryTtl === null ? null : Math.min(minTemporaryTtl, TEMPORARY_TTL_MAX);

/** The events of a ledger are read within seconds. Later, a person must find the transaction. */
export const SEARCH_LEDGERS = 24;

export function nonceWord(evidence: AuthorizationEvidence): NonceWord {
  const { hold, authorization, nonce, head } = evidence;
  const { spent, expirationLedger } = authorization;
  const newest = Math.max(head?.ledger ?? 0, hold.knownLedger);
  const last = newest + LAG_LEDGERS_MAX;
  if (hasStepAfter(authorization, last)) {
    const why = newest > expirationLedger ? 'deadline_passed' : 'may_still_land';
    return keep(why, { ...idsOf(hold), ledger: last, kind: 'doubted' });
  }
  if (authorization.state === 'spent') return searched(authorization, newest);
  // A reply far ahead of the chain proves nothing, and no later one could contradict it.
  if (!nonce || nonce.ledger > last)
    return keep(newest > expirationLedger ? 'deadline_passed' : 'may_still_land');
  const at = { ...idsOf(hold), ledger: nonce.ledger };
  if (nonce.spent) return spentWord(authorization, nonce, at);
  if (spent)
    return isContradicted(evidence, nonce)
      ? keep('outcome_disputed', { ...at, kind: 'disproved', was: spent.seenLedger })
      : searched(authorization, newest);
  return nonce.ledger <= expirationLedger
    ? keep('may_still_land', unspentNote(evidence, at, newest))
    : afterFence(evidence, nonce, at);
}

/** A step that rests on a ledger which turned out not to exist, in whichever proof. */
const hasStepAfter = (
  { unspentLedger, voteLedger, spent }: LiveAuthorization,
  last: number,
): boolean => Math.max(unspentLedger ?? 0, voteLedger ?? 0, spent?.seenLedger ?? 0) > last;

type At = Pick<NonceNote, 'poolId' | 'reservationId' | 'ledger'>;

function searched({ spent }: LiveAuthorization, newest: number): NonceWord {
  const word = keep('landing_not_found');
  return spent && newest > spent.ledger + SEARCH_LEDGERS
    ? { ...word, alarm: 'landing_not_found' }
    : word;
}

/**
 * The entry of a spent nonce lives until E, and for `minTemporaryTtl` ledgers. A later reply
 * without it, about a ledger in which it must live, contradicts the first.
 */
function isContradicted(evidence: AuthorizationEvidence, { ledger }: NonceSighting): boolean {
  const { spent, expirationLedger } = evidence.authorization;
  if (!spent || ledger <= spent.seenLedger) return false;
  return ledger <= Math.max(expirationLedger, spent.ledger + (believedTtl(evidence) ?? 0) - 1);
}

/** A first reply that shows the nonce's entry, or a second one that agrees with it. */
function spentWord(
  { spent, issuedAfterLedger, expirationLedger }: LiveAuthorization,
  { ledger, spent: seen }: NonceSighting,
  at: At,
): NonceWord {
  const spentLedger = seen?.ledger ?? null;
  if (
    spentLedger === null ||
    spentLedger <= issuedAfterLedger ||
    spentLedger > Math.min(expirationLedger, ledger)
  )
    return alarmed('outcome_disputed');
  if (!spent) return keep('landing_not_found', { ...at, kind: 'spent', spentLedger });
  if (ledger <= spent.seenLedger) return keep('landing_not_found');
  return spent.ledger === spentLedger
    ? keep('landing_not_found', { ...at, kind: 'confirmed', spentLedger })
    : keep('outcome_disputed', { ...at, kind: 'disproved', was: spent.seenLedger });
}

/**
 * Absence proves that the nonce was not spent before only while the entry of a nonce that was spent
 * long ago would still live. A hold that lasts longer therefore needs proofs in between.
 */
const UNSPENT_AFTER = 3;
export const needsUnspentNote = (
  { unspentLedger, issuedAfterLedger }: LiveAuthorization,
  ledger: number,
  minTemporaryTtl: number,
): boolean =>
  ledger - (unspentLedger ?? issuedAfterLedger) >
  Math.min(minTemporaryTtl, TEMPORARY_TTL_MAX) / UNSPENT_AFTER;

/**
 * Two replies of one round agree. Up to the fence, the entry of a nonce that was spent at any time
 * since the issue still lives. The older of their ledgers counts, and none that is not known yet: a
 * later spending would else seem to be excluded.
 */
function unspentNote(
  { authorization, nonceAgain }: AuthorizationEvidence,
  at: At,
  newest: number,
): NonceNote | null {
  if (!nonceAgain || nonceAgain.spent) return null;
  const { unspentLedger, issuedAfterLedger, expirationLedger } = authorization;
  const ledger = Math.min(at.ledger, nonceAgain.ledger, newest);
  return nonceAgain.ledger <= expirationLedger && ledger > (unspentLedger ?? issuedAfterLedger)
    ? { ...at, ledger, kind: 'unspent' }
    : null;
}

/** Two replies of different ledgers after the fence. Each of them alone proves the death. */
function afterFence(evidence: AuthorizationEvidence, { ledger }: NonceSighting, at: At): NonceWord {
  const { hold, authorization, head } = evidence;
  const minTemporaryTtl = believedTtl(evidence);
  const { expirationLedger, issuedAfterLedger, unspentLedger, voteLedger } = authorization;
  // Not only the reply about the nonce, also the believed head must be past the fence.
  if (!head || head.ledger <= expirationLedger) return keep('deadline_passed');
  if (minTemporaryTtl === null) return keep('deadline_passed');
  if (ledger > (unspentLedger ?? issuedAfterLedger) + minTemporaryTtl)
    return alarmed('lookup_proves_nothing');
  if (voteLedger === null) return keep('one_vote', { ...at, kind: 'vote' });
  if (ledger <= voteLedger) return keep('one_vote');
  return {
    note: null,
    why: null,
    alarm: null,
    expiry: {
      ...idsOf(hold),
      envelopeVersion: hold.envelopeVersion,
      expirationLedger,
      firstVoteLedger: voteLedger,
      secondVoteLedger: ledger,
      minTemporaryTtl,
    },
  };
}
