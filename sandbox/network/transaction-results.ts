import { xdr } from '@stellar/stellar-sdk';
import { sha256 } from './ledger-entries.js';

/** Results without operations: reasons not to include a transaction. */
export type RefusalCode =
  | 'txTooEarly'
  | 'txTooLate'
  | 'txMissingOperation'
  | 'txBadSeq'
  | 'txBadAuth'
  | 'txInsufficientBalance'
  | 'txNoAccount'
  | 'txInsufficientFee'
  | 'txBadAuthExtra'
  | 'txNotSupported'
  | 'txMalformed'
  | 'txSorobanInvalid'
  | 'txBadMinSeqAgeOrGap';

/**
 * Why a transaction is not included; `ofInner` when the cause is the transaction inside a fee bump.
 */
export interface Refusal {
  readonly code: RefusalCode;
  readonly ofInner: boolean;
}
/** Stroops; the hex hash of the inner transaction of a fee bump, otherwise null. */
interface Charge {
  readonly fee: bigint;
  readonly innerHash: string | null;
}

const result = (feeCharged: bigint, outcome: xdr.TransactionResultResult): xdr.TransactionResult =>
  new xdr.TransactionResult({ feeCharged, result: outcome, ext: xdr.TransactionResultExt.v0() });

/** The outer account pays everything, so the inner result reports no charge. */
function pair(
  innerHash: string,
  outcome: xdr.InnerTransactionResultResult,
): xdr.InnerTransactionResultPair {
  return new xdr.InnerTransactionResultPair({
    transactionHash: new xdr.Hash(Buffer.from(innerHash, 'hex')),
    result: new xdr.InnerTransactionResult({
      feeCharged: 0n,
      result: outcome,
      ext: xdr.InnerTransactionResultExt.v0(),
    }),
  });
}

export function refused(
  { code, ofInner }: Refusal,
  { fee, innerHash }: Charge,
): xdr.TransactionResult {
  if (innerHash === null || !ofInner) return result(fee, xdr.TransactionResultResult[code]());
  return result(
    fee,
    xdr.TransactionResultResult.txFeeBumpInnerFailed(
      pair(innerHash, xdr.InnerTransactionResultResult[code]()),
    ),
  );
}

export function applied(
  succeeded: boolean,
  { fee, innerHash }: Charge,
  operations: xdr.OperationResult[],
): xdr.TransactionResult {
  if (innerHash === null)
    return result(
      fee,
      succeeded
        ? xdr.TransactionResultResult.txSuccess(operations)
        : xdr.TransactionResultResult.txFailed(operations),
    );
  const outcome = pair(
    innerHash,
    succeeded
      ? xdr.InnerTransactionResultResult.txSuccess(operations)
      : xdr.InnerTransactionResultResult.txFailed(operations),
  );
  return result(
    fee,
    succeeded
      ? xdr.TransactionResultResult.txFeeBumpInnerSuccess(outcome)
      : xdr.TransactionResultResult.txFeeBumpInnerFailed(outcome),
  );
}

export const inner = (tr: xdr.OperationResultTr): xdr.OperationResult =>
  xdr.OperationResult.opInner(tr);

export function invokeSucceeded(
  returnValue: xdr.ScVal,
  events: xdr.ContractEvent[],
): xdr.OperationResult {
  const hash = sha256(new xdr.InvokeHostFunctionSuccessPreImage({ returnValue, events }).toXdr());
  return inner(
    xdr.OperationResultTr.invokeHostFunction(
      xdr.InvokeHostFunctionResult.invokeHostFunctionSuccess(hash),
    ),
  );
}

export type InvokeFailure =
  'Trapped' | 'ResourceLimitExceeded' | 'EntryArchived' | 'InsufficientRefundableFee';
export const invokeFailed = (failure: InvokeFailure): xdr.OperationResult =>
  inner(
    xdr.OperationResultTr.invokeHostFunction(
      xdr.InvokeHostFunctionResult[`invokeHostFunction${failure}`](),
    ),
  );
