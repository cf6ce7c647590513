import type { xdr } from '@stellar/stellar-sdk';
import { decodeReply } from './chain-trouble.js';
import type { PoolParts, VendorFunded } from './chain.js';
import { familyOf } from './families/families.js';
import type { LedgerEntries } from './ledger-entries.js';

/** The entries to read with others of the same reply; none where the contract does not count. */
export const vendorFundedKeys = (
  { generation, poolContract }: PoolParts,
  vendor: string | null,
): xdr.LedgerKey[] => {
  const counted = familyOf(generation).vendorFundings;
  return counted && vendor !== null ? [counted.key(poolContract, vendor)] : [];
};

/** @throws HoldfastError CHAIN_UNREACHABLE */
export function vendorFundedIn(
  entries: LedgerEntries,
  pool: PoolParts,
  vendor: string | null,
): VendorFunded | null {
  const counted = familyOf(pool.generation).vendorFundings;
  const [key] = vendorFundedKeys(pool, vendor);
  if (!counted || !key) return null;
  const entry = entries.entry(key);
  const amount = entry ? decodeReply('getLedgerEntries', () => counted.amountIn(entry)) : 0n;
  return { amount, ledger: entries.ledger };
}
