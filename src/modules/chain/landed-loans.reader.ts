import { decodeReply } from './chain-trouble.js';
import type { LandedLoan, PoolParts } from './chain.js';
import { familyOf } from './families/families.js';
import { readEntries } from './ledger-entries.js';
import type { RpcClient } from './rpc-client.js';

/** Loans by id, as their lending contract has them now; those that it does not have are left out. */
export async function readLandedLoans(
  rpc: RpcClient,
  pool: PoolParts,
  loanIds: readonly bigint[],
): Promise<readonly LandedLoan[]> {
  const { loanKeys } = familyOf(pool.generation);
  if (!loanKeys || loanIds.length === 0) return [];
  const keys = loanIds.map((id) => loanKeys.key(pool.lendingContract, id));
  const entries = await readEntries(rpc, keys);
  return keys.flatMap((key): LandedLoan[] => {
    const entry = entries.entry(key);
    if (!entry) return [];
    const terms = decodeReply('getLedgerEntries', () => loanKeys.termsIn(entry));
    return [{ ...terms, ledger: entries.ledger }];
  });
}
