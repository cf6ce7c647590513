import type { xdr } from '@stellar/stellar-sdk';
import { compareScVal } from '../contracts/scval.js';

/**
 * The host keeps a footprint in the order of its keys: kind, contract, key, durability. Symbols
 * compare by their letters, not by their XDR.
 */
export function compareKeys(one: xdr.LedgerKey, other: xdr.LedgerKey): number {
  if (one.type !== 'contractData' || other.type !== 'contractData')
    return Buffer.compare(one.toXdr(), other.toXdr());
  return (
    Buffer.compare(one.value.contract.toXdr(), other.value.contract.toXdr()) ||
    compareScVal(one.value.key, other.value.key) ||
    one.value.durability.value - other.value.durability.value
  );
}
