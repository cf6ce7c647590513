import { LAG_LEDGERS_MAX } from '../../common/ledger-time.js';
import type { Chain } from '../chain/chain.js';
import { isPaused } from '../chain/families/families.js';
import { isOutdated } from '../liquidity/holds/counter-window.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { LiveEnvelope } from '../liquidity/reservation.js';
import type { ReservationLedger } from '../liquidity/reservation-ledger.js';
import { mapConcurrently } from './map-concurrently.js';
import type { Evidence } from './finding.js';

/**
 * A node drops a transaction that was not included after 4 ledgers
 * (docs/stellar.md#queue-and-validation-order). After TRY_AGAIN_LATER it is submitted again at the
 * next ledger.
 */
const LEDGERS_BETWEEN = 4;
const CALLS_AT_ONCE = 4;

/**
 * Submits the signed transactions that we received again until each is found or proven dead.
 * Outside its loan ids, or while a contract of the pool is paused, a transaction would trap and burn
 * its fee, so it waits (docs/protocol.md#counter-window).
 * @returns how many were submitted; the node's answer changes no hold
 */
export async function submitAgain(
  rooms: { readonly chain: Chain; readonly ledger: ReservationLedger },
  pool: PoolRecord,
  evidence: readonly Evidence[],
): Promise<number> {
  // A node keeps one transaction per account, so ours would block the transaction that a
  // cancellation offers.
  const wanted = evidence.filter(({ hold }) => !hold.cancelRequested);
  const waiting = wanted
    .flatMap(({ reports }) => reports)
    .filter(
      ({ envelope, report }) =>
        report.status === 'not_found' &&
        envelope.submission !== null &&
        report.latestCloseTime < envelope.maxTime &&
        envelope.consumedLedger === null &&
        isDue(report.latestLedger, envelope.submission),
    )
    .map(({ envelope }) => envelope);
  if (waiting.length === 0) return 0;
  const { lastLoanId, contractPauses } = await rooms.chain.landingConditions(pool);
  if (isPaused(contractPauses)) return 0;
  const inside = waiting.filter((envelope: LiveEnvelope) => !isOutdated(envelope, lastLoanId));
  const signed = inside.length
    ? await rooms.ledger.envelopes.signedEnvelopes(inside.map(({ hash }) => hash))
    : new Map<string, string>();
  const { done, failure } = await submitAll(
    rooms.chain,
    [...signed].map(([hash, xdr]) => ({ hash, xdr })),
    CALLS_AT_ONCE,
  );
  if (done.length) await rooms.ledger.envelopes.noteResubmissions(done);
  if (failure) throw failure;
  return done.length;
}

/** Submits signed transactions. The node's answers prove nothing, and are for the caller to store. */
const submitAll = (
  chain: Pick<Chain, 'submit'>,
  list: readonly { readonly hash: string; readonly xdr: string }[],
  callsAtOnce: number,
) =>
  mapConcurrently(list, callsAtOnce, async ({ hash, xdr }) => {
    const { status, latestLedger } = await chain.submit(xdr);
    return { hash, status, ledger: latestLedger };
  });

/**
 * A node that named a ledger far ahead when it accepted the envelope does not prevent another
 * submission.
 */
export const isDue = (
  latestLedger: number,
  { status, ledger }: NonNullable<LiveEnvelope['submission']>,
): boolean =>
  latestLedger >= ledger + (status === 'TRY_AGAIN_LATER' ? 1 : LEDGERS_BETWEEN) ||
  ledger > latestLedger + LAG_LEDGERS_MAX;
