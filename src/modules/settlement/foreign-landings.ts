import type { Chain } from '../chain/chain.js';
import type { FundingClaim } from '../liquidity/landings/landing.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { ReconciliationLedger } from '../liquidity/snapshots/reconciliation-ledger.js';

/** Transactions that one round reads. */
const READ_MAX = 200;

/**
 * Anybody who sees a signed authorization can land it (docs/protocol.md#signing-by-authorization).
 * The transaction is then none of ours; the nonce in its envelope says which hold it funded. The
 * envelope has the hash of the event, so a node cannot alter it. But it may carry entries that it
 * does not use, so only a nonce that was spent in its ledger counts.
 * @returns how many fundings were joined to their holds
 */
export async function claimForeignLandings(
  {
    ledger,
    chain,
  }: {
    readonly ledger: Pick<
      ReconciliationLedger,
      'unclaimedFundings' | 'nonceOwners' | 'claimFundings'
    >;
    readonly chain: Pick<Chain, 'findAuthorizations' | 'nonces'>;
  },
  pool: PoolRecord,
): Promise<number> {
  const claims: FundingClaim[] = [];
  for (const { eventId, txHash, ledger: funded } of await ledger.unclaimedFundings(
    pool.id,
    READ_MAX,
  )) {
    const transaction = await chain.findAuthorizations(txHash);
    if (!transaction.found || !transaction.succeeded) continue;
    const nonces = await chain.nonces(transaction.authorizations);
    const spent = nonces.filter((each) => each.spent?.ledger === funded);
    const owners = await ledger.nonceOwners(pool.network, spent);
    for (const { poolId, reservationId } of owners)
      if (poolId === pool.id)
        claims.push({ poolId, eventId, reservationId, hash: transaction.innerHash ?? txHash });
  }
  return ledger.claimFundings(claims);
}
