import { rulesAnswer } from './pool-rules.schemas.js';
import { formatAmount, formatPercent } from '../../common/money.js';
import { LEDGER_SECONDS } from '../../common/ledger-time.js';
import { chainTime, timeOf } from '../../common/times.js';
import { familyOf } from '../chain/families/families.js';
import type { ProposedUpgrade, StoredLifetime } from '../liquidity/snapshots/contract-watch.sql.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import { loanIdWindowOf } from '../liquidity/holds/counter-window.js';
import type {
  ReservationHistory,
  StoredReservation,
} from '../liquidity/holds/reservation.reader.js';
import type { Position, ReservationState } from '../liquidity/reservation.js';
import type {
  PoolAnswer,
  PoolPageAnswer,
  ReservationAnswer,
  ReservationPage,
} from './operations.schemas.js';

const tenths = (seconds: number | null): number | null =>
  seconds === null ? null : Math.round(seconds * 10) / 10;

export function renderPool(pool: PoolRecord, position: Position): PoolAnswer {
  const print = (units: bigint): string => formatAmount(units, pool.decimals);
  const maybe = (units: bigint | null): string | null => (units === null ? null : print(units));
  return {
    id: pool.id,
    name: pool.name,
    state: position.state,
    network: pool.network,
    generation: familyOf(pool.generation).generation,
    family: familyOf(pool.generation).family,
    poolContract: pool.poolContract,
    lendingContract: pool.lendingContract,
    tokenContract: pool.tokenContract,
    decimals: pool.decimals,
    assetCode: pool.assetCode,
    ...rulesAnswer(pool),
    quarantine: position.quarantine && {
      since: position.quarantine.since?.toISOString() ?? null,
      until: position.quarantine.until === null ? null : timeOf(position.quarantine.until),
      then: pool.afterQuarantine ?? 'paused',
    },
    available: print(position.available),
    observedAvailable: maybe(position.observedAvailable),
    total: maybe(position.total),
    locked: maybe(position.locked),
    tokenBalance: maybe(position.tokenBalance),
    held: print(position.held),
    inFlight: print(position.inFlight),
    buffer: print(position.buffer),
    shortfall: print(position.shortfall),
    liveHolds: position.heldCount,
    lastLoanId: position.lastLoanId?.toString() ?? null,
    contractPaused: position.contractPaused,
    contractPauses:
      position.contractPauses &&
      Object.entries(position.contractPauses).map(([contract, paused]) => ({ contract, paused })),
    contractLimits: {
      outflowCap: percent(position.limits.outflowCapBps),
      vendorCap: maybe(position.limits.vendorCap),
      utilisationCap: percent(position.limits.utilisationCapBps),
      unreadable: [...(position.limits.unreadable ?? [])],
    },
    atLedger: position.snapshotLedger,
    closeTime: position.snapshotCloseTime === null ? null : timeOf(position.snapshotCloseTime),
    ageSeconds: tenths(position.ageSeconds),
    chainLagSeconds: tenths(position.chainLagSeconds),
    nextDeadline: position.nextDeadline === null ? null : timeOf(position.nextDeadline),
    version: position.version.toString(),
  };
}

const percent = (bps: number | null): string | null => (bps === null ? null : formatPercent(bps));

export function renderContracts(
  lifetimes: readonly StoredLifetime[],
  upgrades: readonly ProposedUpgrade[],
  { headCloseTime }: Position,
): Pick<PoolPageAnswer, 'contracts' | 'upgrades'> {
  return {
    contracts: lifetimes.map(({ ledger, ledgersLeft, ...lifetime }) => ({
      ...lifetime,
      ledgersLeft,
      lapsesAbout:
        ledgersLeft === null || ledgersLeft === 0 || headCloseTime === null
          ? null
          : timeOf(headCloseTime + BigInt(ledgersLeft * LEDGER_SECONDS)),
      atLedger: ledger,
    })),
    upgrades: upgrades.map(({ unlocksAt, ledger, ...upgrade }) => ({
      ...upgrade,
      unlocksAt: timeOf(unlocksAt),
      atLedger: ledger,
    })),
  };
}

/**
 * What the tag of a pool covers: all of the answer but what changes with the clock (`ageSeconds`,
 * `chainLagSeconds`), and whether the snapshot is still trusted. Without that last part a pool that
 * is no longer observed would be 304 forever.
 */
export function taggedPool(pool: PoolAnswer): unknown {
  return {
    ...pool,
    ageSeconds: undefined,
    chainLagSeconds: undefined,
    fresh: pool.ageSeconds !== null && pool.ageSeconds <= pool.maxSnapshotAgeSeconds,
  };
}

export function renderReservation({ reservation, pool }: StoredReservation): ReservationAnswer {
  return {
    id: reservation.id,
    poolId: reservation.poolId,
    loanId: reservation.loanId,
    borrower: reservation.borrower,
    signing: reservation.signing,
    state: reservation.state,
    releaseReason: reservation.releaseReason,
    amount: formatAmount(reservation.amount, pool.decimals),
    expiresAt: chainTime(reservation.expiresAt),
    atLedger: reservation.atLedger,
    settledLedger: reservation.settledLedger,
    heldAt: reservation.heldAt.toISOString(),
    submittedAt: reservation.submittedAt?.toISOString() ?? null,
    cancelRequestedAt: reservation.cancelRequestedAt?.toISOString() ?? null,
    endedAt: reservation.endedAt?.toISOString() ?? null,
  };
}

/** With its journal, and its envelopes without XDR, which only the loan shows. */
export function renderHistory(history: ReservationHistory): ReservationPage {
  const print = (units: bigint): string => formatAmount(units, history.pool.decimals);
  return {
    reservation: renderReservation(history),
    journal: history.events.map((row) => ({
      number: row.number,
      kind: row.kind,
      at: row.at.toISOString(),
      stateBefore: row.stateBefore as ReservationState | null,
      stateAfter: row.stateAfter as ReservationState,
      amount: print(row.amount),
      poolVersion: row.poolVersion.toString(),
      heldBefore: print(row.heldBefore),
      heldAfter: print(row.heldAfter),
      inFlightBefore: print(row.inFlightBefore),
      inFlightAfter: print(row.inFlightAfter),
      envelopeHash: row.envelopeHash,
      ledger: row.ledger,
      closeTime: row.closeTime ? chainTime(row.closeTime) : null,
      reason: row.reason,
      evidence: row.evidence,
    })),
    envelopes: history.envelopes.map((row) => ({
      number: row.number,
      hash: row.hash,
      state: row.state,
      sequence: row.sequence.toString(),
      maxTime: chainTime(row.maxTime),
      issuedAfterLedger: row.issuedAfterLedger,
      fee: row.fee.toString(),
      loanIdWindow: loanIdWindowOf(row),
      windowBytes: row.windowBytes,
      windowFee: row.windowFee?.toString() ?? null,
      bid: row.inclusionFee?.toString() ?? null,
      goingRate: row.goingRate?.toString() ?? null,
      outbidLedger: row.outbidLedger,
      submittedAt: row.submittedAt?.toISOString() ?? null,
      submissionStatus: row.submissionStatus,
      foundLedger: row.foundLedger,
      resultCode: row.resultCode,
      failedBy: row.failedBy,
      failedReason: row.failedReason,
      chainLoanId: row.chainLoanId?.toString() ?? null,
    })),
    authorization: history.authorization && authorizationRowOf(history.authorization),
    landings: history.landings.map(landingRowOf),
  };
}

const authorizationRowOf = (
  row: NonNullable<ReservationHistory['authorization']>,
): NonNullable<ReservationPage['authorization']> => ({
  hash: row.hash,
  address: row.address,
  nonce: row.nonce.toString(),
  state: row.state,
  expirationLedger: row.expirationLedger,
  issuedAfterLedger: row.issuedAfterLedger,
  signedAt: row.signedAt?.toISOString() ?? null,
  unspentLedger: row.unspentLedger,
  spentLedger: row.spentLedger,
  landingTxHash: row.landingTxHash,
  chainLoanId: row.chainLoanId?.toString() ?? null,
});

const landingRowOf = (
  row: ReservationHistory['landings'][number],
): ReservationPage['landings'][number] => ({
  number: row.number,
  hash: row.hash,
  channel: row.channel,
  state: row.state,
  sequence: row.sequence.toString(),
  maxTime: chainTime(row.maxTime),
  issuedAfterLedger: row.issuedAfterLedger,
  issuedAt: row.createdAt.toISOString(),
  fee: row.fee.toString(),
  feeCharged: row.feeCharged?.toString() ?? null,
  bid: row.inclusionFee?.toString() ?? null,
  loanIdWindow: loanIdWindowOf(row),
  submittedAt: row.submittedAt?.toISOString() ?? null,
  submissionStatus: row.submissionStatus,
  foundLedger: row.foundLedger,
  resultCode: row.resultCode,
  failedBy: row.failedBy,
  failedReason: row.failedReason,
});
