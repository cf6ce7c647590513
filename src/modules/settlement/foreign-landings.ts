import type { Chain } from '../chain/chain.js';
import type { FundingClaim } from '../liquidity/landings/landing.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { ReconciliationLedger } from '../liquidity/snapshots/reconciliation-ledger.js';

/** Transactions that one round reads. */
const READ_MAX = 200;

/**
 * Anybody who sees a signed authorization can land it (docs/protocol.md#signing-by-authorization).
 * The transaction is then none of ours; the nonce in its envelope says which hold it funded. The
 * envelope has the hash of the event, so a node cannot alter it.
 * @returns how many fundings were joined to their holds
 */
export async function claimForeignLandings(
  {
    ledger,
    chain,
  }: {
    readonly ledger: ReconciliationLedger;
    readonly chain: Pick<Chain, 'findAuthorizations'>;
  },
  pool: PoolRecord,
): Promise<number> {
  const claims: FundingClaim[] = [];
  for (const { eventId, txHash } of await ledger.unclaimedFundings(pool.id, READ_MAX)) {
    const transaction = await chain.findAuthorizations(txHash);
    if (!transaction.found || !transaction.succeeded) continue;
    const owners = await ledger.nonceOwners(pool.network, transaction.authorizations);
    for (const { poolId, reservationId } of owners)
      if (poolId === pool.id)
        claims.push({ poolId, eventId, reservationId, hash: transaction.innerHash ?? txHash });
  }
  return ledger.claimFundings(claims);
}
