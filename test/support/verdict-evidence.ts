import type { Head } from '../../src/modules/chain/chain.js';
import type {
  ContractEvent,
  FailureCause,
  TransactionReport,
} from '../../src/modules/chain/transaction-outcome.js';
import {
  type FailureSighting,
  type LiveEnvelope,
  type LiveHold,
} from '../../src/modules/liquidity/reservation.js';
import { verdict } from '../../src/modules/settlement/verdict.js';
import type { Evidence } from '../../src/modules/settlement/finding.js';

export const POOL = `C${'P'.repeat(55)}`;
const CREDITLINE = `C${'L'.repeat(55)}`;
/** Whose events count. */
export const PARTS = {
  generation: 'g1',
  poolContract: POOL,
  lendingContract: CREDITLINE,
  tokenContract: `C${'T'.repeat(55)}`,
};
export const OTHER = `C${'X'.repeat(55)}`;
const BORROWER = `G${'B'.repeat(55)}`;
export const DEADLINE = 1_000n;
export const ISSUED_AFTER = 40;
export const AT_DEADLINE = 50;

export const envelope = (change: Partial<LiveEnvelope> = {}): LiveEnvelope => ({
  number: 1,
  hash: 'a'.repeat(64),
  sequence: 7n,
  maxTime: DEADLINE,
  issuedAfterLedger: ISSUED_AFTER,
  passedLedger: null,
  passedCloseTime: null,
  voteLedger: null,
  state: 'open',
  foundLedger: null,
  resultCode: null,
  consumedLedger: null,
  consumedSequence: null,
  consumedVoteLedger: null,
  loanIdFirst: 1n,
  loanIdLast: 25n,
  submission: null,
  cause: null,
  sighting: null,
  ...change,
});
export const hold = (envelopes: readonly LiveEnvelope[]): LiveHold => ({
  poolId: 'pool',
  reservationId: 'hold',
  amount: 80n,
  borrower: BORROWER,
  envelopeVersion: envelopes.length,
  expiresAt: DEADLINE,
  submittedAt: null,
  cancelRequested: false,
  authorization: null,
  landings: [],
  knownLedger: 0,
  vendor: 'vendor',
  totalAmount: 100n,
  guaranteeAmount: 20n,
  envelopes,
});
/** Ledgers close every five seconds; ledger 50 closes at the deadline. */
export const range = (latestLedger: number, oldestLedger = 1) => ({
  latestLedger,
  latestCloseTime: DEADLINE + 5n * BigInt(latestLedger - AT_DEADLINE),
  oldestLedger,
});
export const notFound = (latestLedger: number, oldestLedger?: number): TransactionReport => ({
  ...range(latestLedger, oldestLedger),
  status: 'not_found',
});
export const TRAPPED = 'txFailed/invokeHostFunctionTrapped';
export const REFUSED: FailureCause = {
  by: 'contract',
  reason: 'contract_error',
  contract: POOL,
  number: 6,
};
export const CONFLICT: FailureCause = {
  by: 'ours',
  reason: 'outside_footprint',
  contract: null,
  number: null,
};
export const UNKNOWN_CAUSE: FailureCause = {
  by: 'unknown',
  reason: 'unknown',
  contract: null,
  number: null,
};
export type Failure = TransactionReport & { readonly status: 'failed' };
export const failure = (cause: FailureCause, change: Partial<Failure> = {}): Failure => ({
  ...range(60),
  status: 'failed',
  ledger: 55,
  closeTime: 990n,
  feeBump: false,
  feeCharged: 90_000n,
  applied: true,
  resultCode: TRAPPED,
  cause,
  ...change,
});
/** The first reply, read one ledger earlier. */
export const sighting = (
  cause: FailureCause,
  change: Partial<FailureSighting> = {},
): FailureSighting => ({
  seenLedger: 59,
  ledger: 55,
  closeTime: 990n,
  resultCode: TRAPPED,
  cause,
  ...change,
});
export const event = (change: Partial<ContractEvent>): ContractEvent => ({
  contract: OTHER,
  name: 'transfer',
  topics: [],
  data: null,
  ...change,
});
export const created = event({
  contract: CREDITLINE,
  name: 'LOANCRTD',
  topics: ['LOANCRTD', BORROWER, 'vendor'],
  data: ['9', '100', '20', []],
});
export const funded = event({
  contract: POOL,
  name: 'LQFUND',
  topics: ['LQFUND', CREDITLINE],
  data: '80',
});
export const success = (events: readonly ContractEvent[], feeBump = false): TransactionReport => ({
  ...range(60),
  status: 'success',
  ledger: 55,
  closeTime: 990n,
  feeBump,
  feeCharged: 90_000n,
  events,
});
export const headAt = (closeTime: bigint, ledger = AT_DEADLINE): Head => ({
  ledger,
  closeTime,
  oldestLedger: 1,
});

export function verdictOn(
  report: TransactionReport,
  known: { envelope?: LiveEnvelope; head?: Head | null } = {},
) {
  const only = known.envelope ?? envelope();
  const { head = null } = known;
  const dated = head
    ? {
        ...report,
        latestCloseTime: head.closeTime + 5n * BigInt(report.latestLedger - head.ledger),
      }
    : report;
  const evidence: Evidence = {
    hold: hold([only]),
    pool: PARTS,
    head,
    reports: [{ envelope: only, report: dated }],
  };
  return verdict(evidence);
}
