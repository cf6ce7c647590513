import { xdr } from '@stellar/stellar-sdk';
import { sha256 } from './ledger-entries.js';

/** Results without operations: reasons not to include a transaction. */
export type RefusalCode =
  | 'txTooEarly' | 'txTooLate' | 'txMissingOperation' | 'txBadSeq' | 'txBadAuth' | 'txInsufficientBalance' | 'txNoAccount' | 'txInsufficientFee'
  | 'txBadAuthExtra' | 'txNotSupported' | 'txMalformed' | 'txSorobanInvalid' | 'txBadMinSeqAgeOrGap';

const result = (feeCharged: bigint, outcome: xdr.TransactionResultResult): xdr.TransactionResult => new xdr.TransactionResult({ feeCharged, result: outcome, ext: xdr.TransactionResultExt.v0() });

export const refusal = (code: RefusalCode, feeCharged: bigint): xdr.TransactionResult => result(feeCharged, xdr.TransactionResultResult[code]());

export function applied(succeeded: boolean, feeCharged: bigint, operations: xdr.OperationResult[]): xdr.TransactionResult {
  return result(feeCharged, succeeded ? xdr.TransactionResultResult.txSuccess(operations) : xdr.TransactionResultResult.txFailed(operations));
}

export const inner = (tr: xdr.OperationResultTr): xdr.OperationResult => xdr.OperationResult.opInner(tr);

export function invokeSucceeded(returnValue: xdr.ScVal, events: xdr.ContractEvent[]): xdr.OperationResult {
  const hash = sha256(new xdr.InvokeHostFunctionSuccessPreImage({ returnValue, events }).toXdr());
  return inner(xdr.OperationResultTr.invokeHostFunction(xdr.InvokeHostFunctionResult.invokeHostFunctionSuccess(hash)));
}

export const invokeTrapped = (): xdr.OperationResult => inner(xdr.OperationResultTr.invokeHostFunction(xdr.InvokeHostFunctionResult.invokeHostFunctionTrapped()));
