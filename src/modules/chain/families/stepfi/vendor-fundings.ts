import { Address, scValToNative, xdr } from '@stellar/stellar-sdk';
import { persistentKey } from '../../ledger-entries.js';
import type { VendorFundings } from '../contract-family.js';
import type { Traits } from './generations.js';

/** The pool of G3 counts every funding under its vendor and never resets the sum. */
const VENDOR_FUNDINGS: VendorFundings = {
  key: (poolContract, vendor) =>
    persistentKey(
      poolContract,
      xdr.ScVal.scvVec([xdr.ScVal.scvSymbol('MERCHEX'), new Address(vendor).toScVal()]),
    ),
  amountIn: (entry) => {
    const amount: unknown =
      entry.type === 'contractData' ? scValToNative(entry.value.val) : undefined;
    if (typeof amount !== 'bigint') throw new Error('what a vendor was funded is no amount');
    return amount;
  },
};

export const vendorFundingsOf = ({ caps }: Traits): VendorFundings | null =>
  caps ? VENDOR_FUNDINGS : null;
