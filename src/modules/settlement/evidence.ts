import { asError } from '../../common/errors.js';
import type { LedgerTime } from '../../common/ledger-time.js';
import type { AccountSequence, Chain, Head } from '../chain/chain.js';
import type { TransactionReport } from '../chain/transaction-outcome.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { LiveHold } from '../liquidity/reservation.js';
import { lookUp } from './look-up.js';
import { mapConcurrently } from './map-concurrently.js';
import type { Evidence } from './finding.js';

export interface Gathered {
  readonly evidence: readonly Evidence[];
  readonly failure: Error | null;
}

/**
 * Reads what the verdict on these holds needs: first the borrowers' sequences (step 1 of
 * docs/protocol.md#sequence-consumed), then every open transaction by its hash. A hold whose
 * look-up failed is left out of this round.
 */
export async function gatherEvidence(
  chain: Chain,
  pool: PoolRecord,
  options: {
    readonly holds: readonly LiveHold[];
    readonly head: Head | null;
    readonly times: readonly LedgerTime[];
    readonly callsAtOnce: number;
    /** Holds whose look-up was not answered by then have no evidence; absent: all have. */
    readonly withinMs?: number;
  },
): Promise<Gathered> {
  const { holds, head, times } = options;
  if (holds.length === 0) return { evidence: [], failure: null };
  const accounts = await sequencesOf(chain, holds);
  const { done, failure } = await mapConcurrently(
    holds,
    options.callsAtOnce,
    async (hold): Promise<Evidence> => {
      const reports: Evidence['reports'][number][] = [];
      for (const envelope of hold.envelopes) {
        const report =
          envelope.state === 'open' ? await reportOn(chain, hold, envelope.hash) : null;
        if (report) reports.push({ envelope, report });
      }
      return {
        hold,
        pool,
        head,
        times,
        account: accounts.known.get(hold.borrower) ?? null,
        reports,
      };
    },
    options.withinMs,
  );
  return { evidence: done, failure: accounts.failure ?? failure };
}

/**
 * Looks a transaction up by our own hash. If the node does not find a landed fee bump by the inner
 * hash, the outer hash from its events is used.
 */
async function reportOn(
  chain: Chain,
  { funding }: LiveHold,
  hash: string,
): Promise<TransactionReport | null> {
  const report = await lookUp(chain, hash);
  if (
    report?.status !== 'not_found' ||
    !funding ||
    funding.envelopeHash !== hash ||
    funding.txHash === hash
  )
    return report;
  const outer = await lookUp(chain, funding.txHash);
  return outer?.status === 'success' ? outer : report;
}

/** A failure here does not end the round: it can still settle without the sequences. */
async function sequencesOf(
  chain: Chain,
  holds: readonly LiveHold[],
): Promise<{ known: ReadonlyMap<string, AccountSequence>; failure: Error | null }> {
  try {
    return {
      known: await chain.accountSequences(holds.map(({ borrower }) => borrower)),
      failure: null,
    };
  } catch (thrown) {
    return { known: new Map(), failure: asError(thrown) };
  }
}
