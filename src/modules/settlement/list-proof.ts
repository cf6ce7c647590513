import type { LedgerTime } from '../../common/ledger-time.js';
import type { BorrowerLoan, BorrowerLoans } from '../chain/chain.js';
import type { AbsenceEvidence, Settlement } from '../liquidity/ends/end-evidence.js';
import type { LiveHold } from '../liquidity/reservation.js';

/**
 * What the contract's own list of loans proves about a hold whose ledgers the node has forgotten
 * (docs/protocol.md#contract-state).
 */
export type Resolution =
  | { readonly kind: 'settle'; readonly settlement: Settlement }
  | { readonly kind: 'expire'; readonly absence: AbsenceEvidence }
  | {
      readonly kind: 'keep';
      readonly why:
        | 'may_still_land'
        | 'node_behind'
        | 'ambiguous'
        | 'landing_not_found'
        | 'lists_disagree'
        | 'no_list';
    };

/** The list has the hold's loan. */
export const settledByList = (
  { poolId, reservationId }: LiveHold,
  { createdAt, loanId }: BorrowerLoan,
  at: Pick<Settlement, 'envelopeHash' | 'settledLedger'>,
): Resolution => ({
  kind: 'settle',
  settlement: {
    poolId,
    reservationId,
    ...at,
    closeTime: createdAt,
    loanId,
    feeBump: false,
    certificate: 'contract_state',
  },
});

/** The list lacks the hold's loan, and was read after `passed`, when it could no longer land. */
export const expiredByList = (
  { poolId, reservationId, envelopeVersion }: LiveHold,
  passed: LedgerTime,
  list: BorrowerLoans,
): Resolution => ({
  kind: 'expire',
  absence: {
    poolId,
    reservationId,
    envelopeVersion,
    passedLedger: passed.ledger,
    passedCloseTime: passed.closeTime,
    readLedger: list.ledger,
    loansRead: list.loans.length,
  },
});

/** The hold's terms, and the id that its funding event names, if it was read. */
export const hasTermsOf = (loan: BorrowerLoan, hold: LiveHold): boolean =>
  loan.loanId === (hold.funding?.loanId ?? loan.loanId) &&
  loan.vendor === hold.vendor &&
  loan.totalAmount === hold.totalAmount &&
  loan.guaranteeAmount === hold.guaranteeAmount;
