import { LAG_LEDGERS_MAX, type LedgerTime } from '../../common/ledger-time.js';
import type { NonceSighting } from '../chain/authorizations.js';
import type { Head, PoolParts } from '../chain/chain.js';
import type { TransactionReport } from '../chain/transaction-outcome.js';
import type { Settlement } from '../liquidity/ends/end-evidence.js';
import type {
  LandingDeath,
  LandingFailure,
  LandingSighting,
  LandingStep,
} from '../liquidity/landings/landing.js';
import type { LiveAuthorization, LiveHold, LiveLanding } from '../liquidity/reservation.js';
import { type Dispute, disputed, seenBy } from './absence.js';
import { agreementOn, disprovedBy } from './failure-agreement.js';
import { type AlarmReason, loanOf } from './finding.js';
import { canHaveLandedIn, disputedPlace } from './landing.js';

/** One look-up of a landing in flight. It began after the nonce and the head had been read. */
export interface LandingReport {
  readonly landing: LiveLanding;
  readonly report: TransactionReport;
}

/** Everything known in one round about one hold whose borrower signs an authorization. */
export interface AuthorizationEvidence {
  readonly hold: LiveHold;
  readonly authorization: LiveAuthorization;
  /** Whose events count. */
  readonly pool: PoolParts;
  /** A believed head. Null: this round seeks no proof that the fence has passed. */
  readonly head: Head | null;
  /** Ledgers whose close time is trusted. */
  readonly times: readonly LedgerTime[];
  /** The nonce, read before the look-ups. Null: it was not read. */
  readonly nonce: NonceSighting | null;
  /** A second reply about the nonce of the same round. Null: none was needed. */
  readonly nonceAgain: NonceSighting | null;
  /** How long the entry of a spent nonce lives at least, ledgers; null: the node did not say it. */
  readonly minTemporaryTtl: number | null;
  readonly reports: readonly LandingReport[];
  /** The transaction that the hold's funding event names, when it is none of our landings in flight. */
  readonly funded: { readonly hash: string; readonly report: TransactionReport } | null;
}

/** What one look-up says about a landing in flight. */
export interface LandingFinding {
  readonly settlement?: Settlement;
  readonly failure?: LandingFailure;
  readonly death?: LandingDeath;
  readonly step?: LandingStep;
  readonly sighting?: LandingSighting;
  readonly dispute?: Dispute;
  readonly alarm?: AlarmReason;
}

export function landingFinding(
  evidence: AuthorizationEvidence,
  { landing, report }: LandingReport,
): LandingFinding {
  const { hold, head, times } = evidence;
  const unreliable = disputed(seenBy(report), { head, times });
  if (unreliable) return { dispute: unreliable };
  const isFunded = hold.funding?.envelopeHash === landing.hash;
  if (report.status === 'not_found') {
    // Its events were read: the node has lost the transaction, which proves no death.
    if (isFunded) return {};
    const step = disprovedBy(landing, report);
    return {
      ...landingAbsence(evidence, landing, report),
      ...(step && { sighting: { ...idsOf(hold), ...step } }),
    };
  }
  const possible = canHaveLandedIn(landing, report);
  const dispute = possible ? disputedPlace(report, times) : null;
  if (dispute) return { dispute };
  if (report.status === 'success') return landedFinding(evidence, landing, report);
  // A result that was not valid is of no ledger. It takes no effect, and its time passes.
  if (!report.applied)
    return { ...landingAbsence(evidence, landing, report), alarm: 'failed_without_effect' };
  if (isFunded) return { alarm: 'outcome_disputed' };
  const agreement = agreementOn(landing, report);
  if (agreement.kind !== 'agreed')
    return {
      ...(agreement.step && { sighting: { ...idsOf(hold), ...agreement.step } }),
      ...(agreement.kind === 'disputed' && { alarm: 'outcome_disputed' as const }),
    };
  return {
    failure: {
      ...idsOf(hold),
      number: landing.number,
      failedLedger: report.ledger,
      closeTime: report.closeTime,
      resultCode: report.resultCode,
      cause: agreement.cause,
      feeCharged: report.feeCharged,
      seenAt: agreement.seenAt,
    },
  };
}

function landedFinding(
  evidence: AuthorizationEvidence,
  landing: LiveLanding,
  report: Success,
): LandingFinding {
  const loan = loanOf(evidence, report);
  if (!loan) return { alarm: 'success_without_our_events' };
  return canHaveLandedIn(landing, report) && canBeSpentIn(evidence.authorization, report)
    ? { settlement: settlementOf(evidence, { hash: landing.hash, report, loanId: loan.loanId }) }
    : { alarm: 'outcome_disputed' };
}

/**
 * A landing that was not found is dead once a ledger has closed after its maxTime and a reply two
 * ledgers later does not find it. No amount depends on it, because the nonce can be spent only once.
 * So it does not matter whether the node still has the ledgers in which it may have landed.
 */
function landingAbsence(
  { hold, head }: AuthorizationEvidence,
  landing: LiveLanding,
  report: TransactionReport,
): LandingFinding {
  const newest = Math.max(report.latestLedger, head?.ledger ?? 0);
  // A step far ahead rests on a ledger that turned out not to exist. It is stored anew.
  const isStored =
    landing.passedLedger !== null && landing.passedLedger <= newest + LAG_LEDGERS_MAX;
  const passed =
    isStored && landing.passedLedger !== null && landing.passedCloseTime !== null
      ? { ledger: landing.passedLedger, closeTime: landing.passedCloseTime }
      : head && head.closeTime > landing.maxTime && report.latestCloseTime > landing.maxTime
        ? head
        : null;
  if (!passed) return {};
  const step = {
    ...idsOf(hold),
    number: landing.number,
    passedLedger: passed.ledger,
    passedCloseTime: passed.closeTime,
  };
  if (report.latestLedger >= passed.ledger + 2)
    return { death: { ...step, voteLedger: report.latestLedger } };
  return isStored ? {} : { step: { ...step, voteLedger: null } };
}

type Success = TransactionReport & { readonly status: 'success' };

/** After S, because the nonce was made then, and not after its fence. */
const canBeSpentIn = (
  { issuedAfterLedger, expirationLedger }: LiveAuthorization,
  { ledger, latestLedger }: Pick<Success, 'ledger' | 'latestLedger'>,
): boolean => ledger > issuedAfterLedger && ledger <= expirationLedger && ledger <= latestLedger;

const settlementOf = (
  { hold }: AuthorizationEvidence,
  {
    hash,
    report,
    loanId,
  }: { readonly hash: string; readonly report: Success; readonly loanId: bigint | null },
): Settlement => ({
  ...idsOf(hold),
  envelopeHash: hash,
  settledLedger: report.ledger,
  closeTime: report.closeTime,
  loanId,
  feeBump: report.feeBump,
  feeCharged: report.feeCharged,
});

/**
 * By the transaction of the hold's funding event, whoever sent it. One of ours cannot succeed without
 * the nonce. A stranger's may carry the entry and not use it, so the nonce must be spent in its ledger.
 * @param spentLedger what replies say about the nonce; null: nothing
 */
export function settledByFunding(
  evidence: AuthorizationEvidence,
  spentLedger: number | null,
): Settlement | null {
  const { funded, times, head, authorization, hold } = evidence;
  if (funded?.report.status !== 'success') return null;
  const { hash, report } = funded;
  const isOurs = hold.landings.some((landing) => landing.hash === hash);
  if (!isOurs && spentLedger !== report.ledger) return null;
  if (disputed(seenBy(report), { head, times }) ?? disputedPlace(report, times)) return null;
  const loan = loanOf(evidence, report);
  return loan && canBeSpentIn(authorization, report)
    ? settlementOf(evidence, { hash, report, loanId: loan.loanId })
    : null;
}

export const idsOf = ({ poolId, reservationId }: LiveHold) => ({ poolId, reservationId });
