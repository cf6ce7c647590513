import { LAG_LEDGERS_MAX } from '../../common/ledger-time.js';
import type { Chain } from '../chain/chain.js';
import { isPaused } from '../chain/families/families.js';
import { isOutdated } from '../liquidity/holds/counter-window.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { LiveEnvelope } from '../liquidity/reservation.js';
import type { ReservationLedger } from '../liquidity/reservation-ledger.js';
import { mapConcurrently } from './map-concurrently.js';
import type { EnvelopeReport, Evidence } from './finding.js';

/**
 * A node drops a transaction that was not included after 4 ledgers
 * (docs/stellar.md#queue-and-validation-order). After TRY_AGAIN_LATER it is submitted again at the
 * next ledger.
 */
const LEDGERS_BETWEEN = 4;
const CALLS_AT_ONCE = 4;

interface Rooms {
  readonly chain: Chain;
  readonly ledger: ReservationLedger;
}
type Submission = NonNullable<LiveEnvelope['submission']>;
type SignedReport = EnvelopeReport & { readonly envelope: { readonly submission: Submission } };
/** The node's answer to a transaction. It proves nothing, and changes no hold. */
export interface Resubmitted extends Submission {
  readonly hash: string;
}

/**
 * Submits the signed transactions that we received again until each is found or proven dead.
 * @returns how many were submitted
 */
export async function submitAgain(
  rooms: Rooms,
  pool: PoolRecord,
  evidence: readonly Evidence[],
): Promise<number> {
  // A node keeps one transaction per account, so ours would block the transaction that a
  // cancellation offers.
  const due = evidence
    .filter(({ hold }) => !hold.cancelRequested)
    .flatMap(({ reports }) => reports)
    .filter(mayStillLand)
    .filter(({ envelope, report }) => isDue(report.latestLedger, envelope.submission));
  if (due.length === 0) return 0;
  const { submitted } = await submitStored(rooms, pool, due);
  return submitted.length;
}

/** Whether its borrower signed it, no node knows it, and its deadline has not passed. */
export function mayStillLand(reported: EnvelopeReport): reported is SignedReport {
  const { envelope, report } = reported;
  return (
    report.status === 'not_found' &&
    envelope.submission !== null &&
    report.latestCloseTime < envelope.maxTime &&
    envelope.consumedLedger === null
  );
}

/**
 * Submits signed transactions as they are stored, and stores the node's answers. Outside its loan
 * ids, or while a contract of the pool is paused, a transaction would trap and burn its fee, so it
 * waits (docs/protocol.md#counter-window).
 */
export async function submitStored(
  { chain, ledger }: Rooms,
  pool: PoolRecord,
  reports: readonly SignedReport[],
): Promise<{
  readonly submitted: readonly Resubmitted[];
  readonly waits: 'contract_paused' | 'outdated' | null;
}> {
  const { lastLoanId, contractPauses } = await chain.landingConditions(pool);
  if (isPaused(contractPauses)) return { submitted: [], waits: 'contract_paused' };
  const inside = reports.filter(({ envelope }) => !isOutdated(envelope, lastLoanId));
  if (inside.length === 0) return { submitted: [], waits: 'outdated' };
  const signed = await ledger.envelopes.signedEnvelopes(
    inside.map(({ envelope }) => envelope.hash),
  );
  const { done, failure } = await mapConcurrently(
    [...signed],
    CALLS_AT_ONCE,
    async ([hash, xdr]): Promise<Resubmitted> => {
      const { status, latestLedger } = await chain.submit(xdr);
      return { hash, status, ledger: latestLedger };
    },
  );
  if (done.length) await ledger.envelopes.noteResubmissions(done);
  if (failure) throw failure;
  return { submitted: done, waits: null };
}

/**
 * A node that named a ledger far ahead when it accepted the envelope does not prevent another
 * submission.
 */
export const isDue = (latestLedger: number, { status, ledger }: Submission): boolean =>
  latestLedger >= ledger + (status === 'TRY_AGAIN_LATER' ? 1 : LEDGERS_BETWEEN) ||
  ledger > latestLedger + LAG_LEDGERS_MAX;
