import { Address, nativeToScVal, xdr } from '@stellar/stellar-sdk';
import { persistentKey } from '../../ledger-entries.js';
import type { EncodedKey } from '../../xdr-cursor.js';

/**
 * The only key of create_loan that depends on the loan counter
 * (docs/stellar.md#loan-counter-conflict); the others depend on the borrower, the vendor or
 * nothing.
 */
export const loanKey = (creditline: string, loanId: bigint): xdr.LedgerKey =>
  persistentKey(
    creditline,
    xdr.ScVal.scvVec([
      xdr.ScVal.scvSymbol('Loan'),
      xdr.ScVal.scvU32(Number(loanId % 32n)),
      nativeToScVal(loanId, { type: 'u64' }),
    ]),
  );

/**
 * The key after the borrower's own [UserLoanAt, borrower, n]: it is the one that a further loan of
 * the same borrower, landing first, moves
 * this one to (`same-borrower-fourth`). Taken from the footprint itself, so that its layout is not
 * guessed; none is added when it is not there.
 */
export function nextUserLoanKeys(
  readWrite: readonly EncodedKey[],
  { lendingContract, borrower }: { readonly lendingContract: string; readonly borrower: string },
): EncodedKey[] {
  const named = readWrite.filter(({ bytes }) => bytes.includes(USER_LOAN));
  if (named.length === 0) return [];
  const before = beforeIndex(lendingContract, borrower);
  return named.flatMap(({ kind, bytes }) => {
    if (!bytes.subarray(0, before.length).equals(before)) return [];
    const next = Buffer.from(bytes);
    const index = bytes.length - DURABILITY_BYTES;
    switch (index - before.length) {
      case INDEX_BYTES.u32:
        if (bytes.readUInt32BE(before.length) !== TYPE.u32) return [];
        next.writeUInt32BE(bytes.readUInt32BE(index - 4) + 1, index - 4);
        return [{ kind, bytes: next }];
      case INDEX_BYTES.u64:
        if (bytes.readUInt32BE(before.length) !== TYPE.u64) return [];
        next.writeBigUInt64BE(bytes.readBigUInt64BE(index - 8) + 1n, index - 8);
        return [{ kind, bytes: next }];
      default:
        return [];
    }
  });
}

const USER_LOAN = Buffer.from('UserLoanAt');
/** XDR: values of ScValType, and the bytes of such a value with its type. */
const TYPE = { u32: 3, u64: 5 } as const;
const INDEX_BYTES = { u32: 8, u64: 12 } as const;
const DURABILITY_BYTES = 4;

/** The key's bytes up to its index. */
function beforeIndex(lendingContract: string, borrower: string): Buffer {
  const key = xdr.ScVal.scvVec([
    xdr.ScVal.scvSymbol('UserLoanAt'),
    new Address(borrower).toScVal(),
    xdr.ScVal.scvU32(0),
  ]);
  const bytes = Buffer.from(persistentKey(lendingContract, key).toXdr());
  return bytes.subarray(0, -(INDEX_BYTES.u32 + DURABILITY_BYTES));
}
