import { asError } from '../../common/errors.js';
import type { AccountSequence, Chain, Head, TransactionReport } from '../chain/chain.js';
import type { PoolRecord } from '../liquidity/pool.registry.js';
import type { LiveHold } from '../liquidity/reservation.js';
import { bounded } from './bounded.js';
import type { Evidence } from './verdict.js';

export interface Gathered { readonly evidence: readonly Evidence[]; readonly failure: Error | null }

/**
 * Reads from the chain what the judge needs of these holds: first the borrowers' sequences (step 1 of D2), then every open envelope by its hash. Envelopes
 * that are proven dead are not asked for again. A hold whose look-up failed is left out of this round.
 */
export async function gatherEvidence(chain: Chain, pool: PoolRecord, asked: { readonly holds: readonly LiveHold[]; readonly head: Head | null; readonly callsAtOnce: number }): Promise<Gathered> {
  const { holds, head } = asked;
  if (holds.length === 0) return { evidence: [], failure: null };
  const accounts = await sequencesOf(chain, holds);
  const { done, failure } = await bounded(holds, asked.callsAtOnce, async (hold): Promise<Evidence> => {
    const reports: Evidence['reports'][number][] = [];
    for (const envelope of hold.envelopes) if (envelope.state === 'open') reports.push({ envelope, report: await reportOn(chain, hold, envelope.hash) });
    return { hold, poolContract: pool.poolContract, creditlineContract: pool.creditlineContract, head, account: accounts.known.get(hold.borrower) ?? null, reports };
  });
  return { evidence: done, failure: accounts.failure ?? failure };
}

/** By our own hash. A landed fee bump that the node does not find by the hash inside is looked up by the outer one, which its events carried. */
async function reportOn(chain: Chain, { funding }: LiveHold, hash: string): Promise<TransactionReport> {
  const report = await chain.findTransaction(hash);
  if (report.status !== 'not_found' || !funding || funding.envelopeHash !== hash || funding.txHash === hash) return report;
  const outer = await chain.findTransaction(funding.txHash);
  return outer.status === 'success' ? outer : report;
}

/** Without them a round can still settle: what was found is not thrown away with them. */
async function sequencesOf(chain: Chain, holds: readonly LiveHold[]): Promise<{ known: ReadonlyMap<string, AccountSequence>; failure: Error | null }> {
  try {
    return { known: await chain.accountSequences(holds.map(({ borrower }) => borrower)), failure: null };
  } catch (thrown) {
    return { known: new Map(), failure: asError(thrown) };
  }
}
