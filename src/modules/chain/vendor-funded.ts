import type { xdr } from '@stellar/stellar-sdk';
import { decodeReply } from './chain-trouble.js';
import type { LoanTerms, PoolParts, VendorFunded } from './chain.js';
import type { ContractFamily, VendorFundings } from './families/contract-family.js';
import type { LedgerEntries } from './ledger-entries.js';

/** Whose fundings, and where the contract counts them; null: it does not count. */
interface Counted {
  readonly fundings: VendorFundings | null;
  readonly poolContract: string;
  readonly vendor: string | null;
}

export const countedFor = (
  { vendorFundings: fundings }: ContractFamily,
  { poolContract }: PoolParts,
  { vendor }: LoanTerms,
): Counted => ({ fundings, poolContract, vendor });

/** The entries to read with others of the same reply; none where the contract does not count. */
export const vendorFundedKeys = ({ fundings, poolContract, vendor }: Counted): xdr.LedgerKey[] =>
  fundings && vendor !== null ? [fundings.key(poolContract, vendor)] : [];

/** @throws HoldfastError CHAIN_UNREACHABLE */
export function vendorFundedIn(entries: LedgerEntries, counted: Counted): VendorFunded | null {
  const { fundings } = counted;
  const [key] = vendorFundedKeys(counted);
  if (!fundings || !key) return null;
  const entry = entries.entry(key);
  const amount = entry ? decodeReply('getLedgerEntries', () => fundings.amountIn(entry)) : 0n;
  return { amount, ledger: entries.ledger };
}
