import { printedSchedule } from '../../common/schedule.js';
import { formatAmount } from '../../common/money.js';
import { chainTime, secondsOf, timeOf } from '../../common/times.js';
import {
  isOutdated,
  loanIdWindowOf,
  loansLeft,
  nextLoanId,
} from '../liquidity/holds/counter-window.js';
import type { EnvelopeEntity } from '../liquidity/holds/envelope.entity.js';
import type { ListedLoan, StoredLoan } from '../liquidity/holds/reservation.reader.js';
import type { EnvelopeRow, HoldRequest } from '../liquidity/reservation.js';
import {
  authorizationNowOf,
  authorizationToSignOf,
  type IssuedAuthorization,
  issuedOf,
  landingOf,
} from './authorization-answer.js';
import { inclusionFeeNow } from './loan-inclusion-fee.js';
import { failuresOf, rebuildsLeftOf, rebuildUntil } from './loan-failures.js';
import type {
  CounterWindow,
  LoanAnswer,
  LoanListAnswer,
  LoanPage,
  LoanSummary,
  TransactionAnswer,
} from './loan.schemas.js';

/**
 * The safety margin of wallets: about 10 s before T, nodes already refuse a transaction that could
 * be too late for the next ledger (docs/stellar.md#inclusion).
 */
const SUBMIT_MARGIN_SECONDS = 15n;

/**
 * The facts in the answer to `POST /loans`, from the request that was just held or from its rows.
 * They never change.
 */
export interface LoanOffer {
  readonly loanId: string;
  readonly poolId: string;
  readonly borrower: string;
  readonly vendor: string | null;
  readonly totalAmount: bigint;
  readonly guaranteeAmount: bigint;
  readonly schedule: readonly { readonly amount: string; readonly dueAt: string }[];
  readonly loanType: string;
  readonly reservationId: string;
  readonly amount: bigint;
  readonly atLedger: number;
  /** What the borrower signs. */
  readonly ask:
    | { readonly kind: 'hold'; readonly envelope: EnvelopeRow }
    | { readonly kind: 'hold-authorization'; readonly authorization: IssuedAuthorization };
  readonly networkPassphrase: string;
  readonly decimals: number;
}

/** The body of a 201, the first time and at every replay. */
export function renderOffer({ ask, ...offer }: LoanOffer): LoanAnswer {
  const held = (expiresAt: bigint): Pick<LoanAnswer, 'loan' | 'reservation'> => ({
    loan: summaryOf(offer),
    reservation: {
      id: offer.reservationId,
      state: 'held',
      amount: formatAmount(offer.amount, offer.decimals),
      expiresAt: timeOf(expiresAt),
      atLedger: offer.atLedger,
    },
  });
  // without `signing` and `authorization`, so that an older answer is repeated unchanged
  if (ask.kind === 'hold')
    return {
      ...held(ask.envelope.maxTime),
      transaction: transactionOf(ask.envelope, offer.networkPassphrase),
    };
  return {
    ...held(ask.authorization.expiresAt),
    signing: 'authorization',
    transaction: null,
    authorization: authorizationToSignOf(ask.authorization, offer),
  };
}

function summaryOf(
  loan: Omit<LoanOffer, 'ask' | 'networkPassphrase' | 'reservationId' | 'atLedger'>,
): LoanSummary {
  const print = (units: bigint): string => formatAmount(units, loan.decimals);
  return {
    id: loan.loanId,
    poolId: loan.poolId,
    borrower: loan.borrower,
    vendor: loan.vendor,
    totalAmount: print(loan.totalAmount),
    guaranteeAmount: print(loan.guaranteeAmount),
    fundedAmount: print(loan.amount),
    schedule: printedSchedule(loan.schedule, loan.decimals),
    loanType: loan.loanType,
  };
}

function transactionOf(envelope: EnvelopeRow, networkPassphrase: string): TransactionAnswer {
  return {
    xdr: envelope.xdr,
    hash: envelope.hash,
    networkPassphrase,
    maxTime: Number(envelope.maxTime),
    submitBefore: timeOf(envelope.maxTime - SUBMIT_MARGIN_SECONDS),
    fee: envelope.fee.toString(),
    sequence: envelope.sequence.toString(),
    loanIdWindow: loanIdWindowOf(envelope),
    // absent where it was not stored, so that an older answer is repeated unchanged
    ...(envelope.windowBytes !== null &&
      envelope.windowFee !== null && {
        window: {
          loans: windowLoans(envelope),
          bytes: envelope.windowBytes,
          fee: envelope.windowFee.toString(),
        },
      }),
    ...(envelope.inclusionFee !== null && {
      inclusionFee: {
        bid: envelope.inclusionFee.toString(),
        goingRate: envelope.goingRate?.toString() ?? null,
      },
    }),
  };
}

const windowLoans = ({
  loanIdFirst,
  loanIdLast,
}: Pick<EnvelopeRow, 'loanIdFirst' | 'loanIdLast'>): number =>
  loanIdFirst === null || loanIdLast === null ? 0 : Number(loanIdLast - loanIdFirst);

export function offerOfRequest(
  request: Omit<HoldRequest, 'ask'>,
  ask: LoanOffer['ask'],
  known: { atLedger: number; decimals: number },
): LoanOffer {
  return {
    loanId: request.loan.loanId,
    poolId: request.poolId,
    borrower: request.borrower,
    vendor: request.loan.vendor,
    totalAmount: request.loan.totalAmount,
    guaranteeAmount: request.loan.guaranteeAmount,
    schedule: request.loan.schedule,
    loanType: request.loan.loanType,
    reservationId: request.reservationId,
    amount: request.amount,
    ask,
    networkPassphrase: request.network,
    ...known,
  };
}

/** The offer as it was made: its first envelope, whatever was issued later. */
export function offerOfRows(stored: StoredLoan): LoanOffer {
  return {
    ...loanOf(stored),
    atLedger: stored.reservation.atLedger,
    ask: askOfRows(stored),
    networkPassphrase: stored.pool.network,
  };
}

function askOfRows(stored: StoredLoan): LoanOffer['ask'] {
  const authorization = issuedOf(stored);
  if (authorization) return { kind: 'hold-authorization', authorization };
  const first = stored.envelopes[0];
  if (!first) throw new Error(`loan ${stored.loan.id} has nothing to sign`);
  return { kind: 'hold', envelope: envelopeRow(first) };
}

/** A loan as it is now. The XDR is there only while it may be signed. */
export function renderLoan(stored: StoredLoan): LoanPage {
  const newest = stored.envelopes.at(-1);
  const live = newest?.state === 'open' && stored.reservation.state === 'held' ? newest : null;
  const mayLand = live !== null || (stored.authorization && stored.reservation.state === 'held');
  const rebuildsLeft = rebuildsLeftOf(stored);
  return {
    ...renderListed(stored),
    transaction: live && transactionOf(envelopeRow(live), stored.pool.network),
    counterWindow: live && counterWindowOf(stored, live, rebuildsLeft),
    inclusionFee: live && inclusionFeeNow(stored.pool, live),
    contractPaused: mayLand ? stored.pool.contractPaused : null,
    authorization: authorizationNowOf(stored),
    landings: stored.landings.map((row) => landingOf(stored.pool, row)),
    rebuildsLeft,
    failedTransactions: failuresOf(stored),
    rebuildUntil: live ? null : rebuildUntil(stored),
    landed: landedOf(stored),
  };
}

/** As the contract stored it: score and base interest may have changed since the simulation. */
function landedOf({ landed, pool }: StoredLoan): LoanPage['landed'] {
  if (!landed) return null;
  const print = (units: bigint): string => formatAmount(units, pool.decimals);
  const { totalAmount, interestAmount, serviceFeeAmount } = landed;
  return {
    loanId: landed.chainLoanId.toString(),
    totalAmount: print(totalAmount),
    guaranteeAmount: print(landed.guaranteeAmount),
    interestRateBps: landed.interestRateBps,
    interestAmount: print(interestAmount),
    serviceFeeAmount: print(serviceFeeAmount),
    owedAmount: print(totalAmount + interestAmount + serviceFeeAmount),
  };
}

/**
 * The counter window (docs/protocol.md#counter-window). It is apart from the transaction, because
 * the transaction is repeated unchanged and the window changes with every snapshot.
 */
function counterWindowOf(
  { pool, reservation, envelopes }: StoredLoan,
  envelope: EnvelopeEntity,
  rebuildsLeft: number,
): CounterWindow {
  const next = nextLoanId(pool.lastLoanId);
  const outdated = isOutdated(envelope, pool.lastLoanId);
  const remedy = reservation.cancelRequestedAt
    ? 'The loan was cancelled, so no new one is made.'
    : rebuildsLeft === 0
      ? `It was rebuilt ${envelopes.length - 1} times already, so no new one is made; the hold ends by itself.`
      : pool.state !== 'active'
        ? `The pool is ${pool.state}: no new one is made while it is.`
        : pool.contractPaused
          ? 'A contract of the pool is paused on the chain: no new one is made while it is.'
          : 'POST /loans/:id/transaction issues a new one for the same hold.';
  return {
    nextLoanId: next,
    atLedger: next === null ? null : pool.snapshotLedger,
    outdated,
    loans: windowLoans(envelope),
    loansLeft: loansLeft(envelope, pool.lastLoanId),
    bytes: envelope.windowBytes,
    windowFee: envelope.windowFee?.toString() ?? null,
    fee: envelope.fee.toString(),
    advice: outdated
      ? `The lending contract's next loan id is ${next} at ledger ${pool.snapshotLedger}, but the ` +
        `transaction can only land on ${envelope.loanIdFirst} to ${envelope.loanIdLast}: do ` +
        `not submit it, it would fail and burn its fee. ${remedy}`
      : null,
  };
}

export function renderListed(stored: ListedLoan): LoanListAnswer['loans'][number] {
  const { reservation } = stored;
  return {
    loan: { ...summaryOf(loanOf(stored)), createdAt: reservation.heldAt.toISOString() },
    signing: reservation.signing,
    reservation: {
      id: reservation.id,
      state: reservation.state,
      amount: formatAmount(reservation.amount, stored.pool.decimals),
      expiresAt: chainTime(reservation.expiresAt),
      atLedger: reservation.atLedger,
      releaseReason: reservation.releaseReason,
      settledLedger: reservation.settledLedger,
      submittedAt: reservation.submittedAt?.toISOString() ?? null,
      cancelRequestedAt: reservation.cancelRequestedAt?.toISOString() ?? null,
      endedAt: reservation.endedAt?.toISOString() ?? null,
    },
  };
}

function loanOf({
  loan,
  reservation,
  pool,
}: ListedLoan): Omit<LoanOffer, 'ask' | 'networkPassphrase' | 'atLedger'> {
  return {
    loanId: loan.id,
    poolId: loan.poolId,
    borrower: loan.borrower,
    vendor: loan.vendor,
    totalAmount: loan.totalAmount,
    guaranteeAmount: loan.guaranteeAmount,
    schedule: loan.schedule,
    loanType: loan.loanType,
    reservationId: reservation.id,
    amount: reservation.amount,
    decimals: pool.decimals,
  };
}

function envelopeRow(row: StoredLoan['envelopes'][number]): EnvelopeRow {
  return {
    hash: row.hash,
    xdr: row.xdr,
    sequence: row.sequence,
    maxTime: secondsOf(row.maxTime),
    issuedAfterLedger: row.issuedAfterLedger,
    fee: row.fee,
    loanIdFirst: row.loanIdFirst,
    loanIdLast: row.loanIdLast,
    windowBytes: row.windowBytes,
    windowFee: row.windowFee,
    inclusionFee: row.inclusionFee,
    goingRate: row.goingRate,
  };
}
