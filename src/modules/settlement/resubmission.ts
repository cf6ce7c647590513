import { LAG_LEDGERS_MAX } from '../../common/ledger-time.js';
import type { Chain } from '../chain/chain.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { LiveEnvelope } from '../liquidity/reservation.js';
import type { ReservationLedger } from '../liquidity/reservation-ledger.js';
import { mapConcurrently } from './map-concurrently.js';
import type { Evidence } from './finding.js';

/**
 * A node drops what was not included after 4 ledgers (docs/stellar.md#queue-and-validation-order);
 * one that was busy is asked again at the next.
 */
const LEDGERS_BETWEEN = 4;
const CALLS_AT_ONCE = 4;

/**
 * Submits transactions that came through us again, exactly as they were signed, until they are
 * found or proven dead. Outside of its loan ids, or while the pool's contract is paused, a
 * transaction would trap and burn its fee, so it waits (docs/protocol.md#counter-window). Those of
 * a cancelled loan are not submitted again. The node's answer proves nothing and changes no hold.
 * @returns how many were submitted
 */
export async function submitAgain(
  rooms: { readonly chain: Chain; readonly ledger: ReservationLedger },
  pool: PoolRecord,
  evidence: readonly Evidence[],
): Promise<number> {
  // a node keeps one transaction of an account: ours would keep the burn out that a cancellation
  // offers
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
  const { lastLoanId, contractPaused } = await rooms.chain.landingConditions(pool);
  if (contractPaused) return 0;
  const next = lastLoanId + 1n;
  const inside = waiting.filter((envelope: LiveEnvelope) => next <= envelope.loanIdLast);
  const signed = inside.length
    ? await rooms.ledger.envelopes.signedEnvelopes(inside.map(({ hash }) => hash))
    : new Map<string, string>();
  const { done, failure } = await mapConcurrently(
    [...signed],
    CALLS_AT_ONCE,
    async ([hash, xdr]) => {
      const { status, latestLedger } = await rooms.chain.submit(xdr);
      return { hash, status, ledger: latestLedger };
    },
  );
  if (done.length) await rooms.ledger.envelopes.noteResubmissions(done);
  if (failure) throw failure;
  return done.length;
}

/**
 * A node that named a ledger far ahead when it took the envelope does not keep it from being
 * submitted again.
 */
const isDue = (
  latestLedger: number,
  { status, ledger }: NonNullable<LiveEnvelope['submission']>,
): boolean =>
  latestLedger >= ledger + (status === 'TRY_AGAIN_LATER' ? 1 : LEDGERS_BETWEEN) ||
  ledger > latestLedger + LAG_LEDGERS_MAX;
