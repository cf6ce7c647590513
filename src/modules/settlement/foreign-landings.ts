import { HoldfastError } from '../../common/errors.js';
import type { NonceSighting } from '../chain/authorizations.js';
import type { Chain } from '../chain/chain.js';
import type { FundingClaim } from '../liquidity/landings/landing.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { ReconciliationLedger } from '../liquidity/snapshots/reconciliation-ledger.js';
import { TEMPORARY_TTL_MAX } from './nonce-word.js';

/**
 * Its events exist, so another node answered. Without it, a loan of ours could count as an
 * unreserved funding.
 */
export const missingTransaction = (txHash: string): HoldfastError =>
  new HoldfastError(
    'CHAIN_UNREACHABLE',
    `Stellar RPC, getTransaction: ${txHash} is not found, although the node gave its events.`,
    { method: 'getTransaction' },
  );

const noncesUnknown = (txHash: string, why: string): HoldfastError =>
  new HoldfastError(
    'CHAIN_UNREACHABLE',
    `Stellar RPC, getLedgerEntries: the reply about the nonces of ${txHash} ${why}.`,
    { method: 'getLedgerEntries' },
  );

/**
 * Whether that ledger spent the nonce. Once the entry of a spent nonce may be gone, the envelope alone
 * joins the two; nothing settles by that.
 */
const canBeSpentIn = (fundedIn: number, { ledger, spent }: NonceSighting): boolean =>
  spent ? spent.ledger === fundedIn : ledger >= fundedIn + TEMPORARY_TTL_MAX;

/** Transactions that one round reads. */
const READ_MAX = 200;

/**
 * Anybody who sees a signed authorization can land it (docs/protocol.md#signing-by-authorization).
 * The transaction is then none of ours; the nonce in its envelope says which hold it funded. The
 * envelope has the hash of the event, so a node cannot alter it. But it may carry entries that it
 * does not use, so only a nonce that was spent in its ledger counts.
 * @returns how many fundings were joined to their holds
 * @throws HoldfastError CHAIN_UNREACHABLE also when the node does not have such a transaction
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
  for (const { eventId, txHash, ledger: fundedIn } of await ledger.unclaimedFundings(
    pool.id,
    READ_MAX,
  )) {
    const transaction = await chain.findAuthorizations(txHash);
    if (!transaction.found) {
      if (transaction.oldestLedger > fundedIn) continue; // forgotten; the nonce shows that it is spent
      throw missingTransaction(txHash);
    }
    if (!transaction.succeeded) continue;
    const nonces = await chain.nonces(transaction.authorizations);
    if (nonces.some(({ ledger: at }) => at < fundedIn))
      throw noncesUnknown(txHash, 'is older than it');
    if (nonces.length < transaction.authorizations.length)
      throw noncesUnknown(txHash, 'has an entry of another kind');
    const spent = nonces.filter((nonce) => canBeSpentIn(fundedIn, nonce));
    const owners = await ledger.nonceOwners(pool.network, spent);
    for (const { poolId, reservationId } of owners)
      if (poolId === pool.id)
        claims.push({ poolId, eventId, reservationId, hash: transaction.innerHash ?? txHash });
  }
  return ledger.claimFundings(claims);
}
