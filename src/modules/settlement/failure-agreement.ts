import { LAG_LEDGERS_MAX } from '../../common/ledger-time.js';
import type { TransactionReport } from '../chain/transaction-outcome.js';
import type { FailureCause, FailureSighting, LiveEnvelope } from '../liquidity/reservation.js';
import { canHaveLandedIn, type Timed } from './landing.js';

type Sighted = Pick<LiveEnvelope, 'number' | 'sighting'>;

type FailedReport = TransactionReport & { readonly status: 'failed' };
type NotFoundReport = TransactionReport & { readonly status: 'not_found' };

/**
 * What to store for step 1 of a failure's proof: a sighting, or null when a later reply disproved
 * the stored one.
 */
export interface FailureStep {
  readonly number: number;
  readonly was: number | null;
  readonly sighting: FailureSighting | null;
}

/** What a reply that reports FAILED, and applied, leads to. */
export type Agreement =
  | {
      readonly kind: 'agreed';
      readonly cause: FailureCause;
      readonly seenAt: readonly [number, number];
    }
  | { readonly kind: 'waiting'; readonly step: FailureStep | null }
  | { readonly kind: 'disputed'; readonly step: FailureStep | null };

/**
 * One reply alone releases nothing (docs/protocol.md#failed). A second reply, of a later ledger,
 * must name the same ledger, close time and result. A reply that differs replaces the first, and so
 * does one after a first reply far ahead of the chain.
 */
export function agreementOn(envelope: Sighted & Timed, report: FailedReport): Agreement {
  if (!canHaveLandedIn(envelope, report)) return { kind: 'disputed', step: null };
  const sighting: FailureSighting = {
    seenLedger: report.latestLedger,
    ledger: report.ledger,
    closeTime: report.closeTime,
    resultCode: report.resultCode,
    cause: report.cause ?? UNKNOWN,
  };
  const first = envelope.sighting;
  if (!first || farAhead(first, report)) {
    return {
      kind: 'waiting',
      step: { number: envelope.number, was: first?.seenLedger ?? null, sighting },
    };
  }
  if (
    first.ledger !== report.ledger ||
    first.closeTime !== report.closeTime ||
    first.resultCode !== report.resultCode
  ) {
    return { kind: 'disputed', step: { number: envelope.number, was: first.seenLedger, sighting } };
  }
  if (report.latestLedger <= first.seenLedger) return { kind: 'waiting', step: null };
  return {
    kind: 'agreed',
    cause: agreedCause(first.cause, sighting.cause),
    seenAt: [first.seenLedger, report.latestLedger],
  };
}

/**
 * A NOT_FOUND may be older than the ledger that the reply names. It disproves a failure only two
 * ledgers later, while that ledger is still kept. A sighting far ahead of the chain is discarded
 * too.
 */
export function disprovedBy(envelope: Sighted, report: NotFoundReport): FailureStep | null {
  const first = envelope.sighting;
  if (!first) return null;
  const proves = report.latestLedger >= first.seenLedger + 2 && report.oldestLedger <= first.ledger;
  if (!proves && !farAhead(first, report)) return null;
  return { number: envelope.number, was: first.seenLedger, sighting: null };
}

/** No reply could be later than such a sighting until the chain has caught up with it. */
const farAhead = (first: FailureSighting, { latestLedger }: TransactionReport): boolean =>
  first.seenLedger > latestLedger + LAG_LEDGERS_MAX;

const UNKNOWN: FailureCause = { by: 'unknown', reason: 'unknown', contract: null, number: null };

/**
 * Diagnostics are not part of consensus. "The contract decided" needs both replies, because it ends
 * the hold at once. "Ours" needs one reply beside an unknown one, because the hold is kept either
 * way. A contradiction counts as unknown.
 */
function agreedCause(first: FailureCause, second: FailureCause): FailureCause {
  if (
    first.by === second.by &&
    first.reason === second.reason &&
    first.contract === second.contract &&
    first.number === second.number
  )
    return second;
  const ours = [first, second].filter(({ by }) => by === 'ours');
  return ours.length === 1 && [first, second].some(({ by }) => by === 'unknown')
    ? (ours[0] ?? UNKNOWN)
    : UNKNOWN;
}
