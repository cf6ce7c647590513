import { Address, nativeToScVal, scValToNative, xdr } from '@stellar/stellar-sdk';
import { persistentKey } from '../../ledger-entries.js';

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
  readWrite: readonly xdr.LedgerKey[],
  { lendingContract, borrower }: { readonly lendingContract: string; readonly borrower: string },
): xdr.LedgerKey[] {
  return readWrite.flatMap((key) => {
    if (
      key.type !== 'contractData' ||
      Address.fromScAddress(key.value.contract).toString() !== lendingContract ||
      key.value.key.type !== 'scvVec'
    )
      return [];
    const [name, owner, index, ...others] = key.value.key.value ?? [];
    if (
      name?.type !== 'scvSymbol' ||
      String(name.value) !== 'UserLoanAt' ||
      owner?.type !== 'scvAddress' ||
      scValToNative(owner) !== borrower ||
      others.length > 0
    )
      return [];
    const next =
      index?.type === 'scvU64'
        ? xdr.ScVal.scvU64(index.value + 1n)
        : index?.type === 'scvU32'
          ? xdr.ScVal.scvU32(index.value + 1)
          : null;
    if (!next) return [];
    const { contract, durability } = key.value;
    return [
      xdr.LedgerKey.contractData(
        new xdr.LedgerKeyContractData({
          contract,
          durability,
          key: xdr.ScVal.scvVec([name, owner, next]),
        }),
      ),
    ];
  });
}
