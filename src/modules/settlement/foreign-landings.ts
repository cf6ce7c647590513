import type { FundingClaim } from '../liquidity/landings/landing.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { SettlementRooms } from './settlement-rooms.js';

/** Transactions that one round reads. Later rounds read the others. */
const READ_MAX = 20;

/**
 * Anybody who sees a signed authorization can land it (docs/protocol.md#signing-by-authorization).
 * The transaction is then none of ours; the nonce in its envelope says which hold it funded.
 * @returns how many fundings were joined to their holds
 */
export async function claimForeignLandings(
  { ledger, chain }: Pick<SettlementRooms, 'ledger' | 'chain'>,
  pool: PoolRecord,
): Promise<number> {
  const fundings = await ledger.landings.unclaimedFundings(pool.id, READ_MAX);
  const claims: FundingClaim[] = [];
  for (const { eventId, txHash } of fundings) {
    const transaction = await chain.findAuthorizations(txHash);
    if (!transaction.found || !transaction.succeeded) continue;
    const owners = await ledger.landings.nonceOwners(pool.network, transaction.authorizations);
    for (const { poolId, reservationId } of owners)
      if (poolId === pool.id)
        claims.push({ poolId, eventId, reservationId, hash: transaction.innerHash ?? txHash });
  }
  return ledger.landings.claimFundings(claims);
}
