import { xdr } from '@stellar/stellar-sdk';
import { declaredResources, nonRefundableFee } from './resource-fees.js';

/** What simulateTransaction answers, without latestLedger. */
export type SimulationReply =
  | { readonly error: string; readonly events?: readonly string[] }
  | {
      readonly transactionData: string;
      readonly minResourceFee: string;
      readonly events: readonly string[];
      readonly results: readonly { readonly xdr: string; readonly auth: readonly string[] }[];
      readonly stateChanges: readonly unknown[];
    };

/** @param refundable stroops of rent and events */
export function priced(
  parts: { readonly resources: xdr.SorobanResources; readonly ext: xdr.SorobanTransactionDataExt },
  body: OperationBody,
  refundable: bigint,
): xdr.SorobanTransactionData {
  const free = new xdr.SorobanTransactionData({ ...parts, resourceFee: 0n });
  const resourceFee =
    nonRefundableFee(declaredResources(free, declaredSize(body, free))) + withMargin(refundable);
  return new xdr.SorobanTransactionData({ ...parts, resourceFee });
}

/** stellar-rpc's adjustments: the greater of a factor and an addition. */
export const INSTRUCTIONS_ADJUSTMENT = { percent: 104, more: 50_000 } as const;
const SIZE_ADJUSTMENT = { percent: 110, more: 500 } as const;
const REFUNDABLE_PERCENT = 115n;
export const adjusted = (
  amount: number,
  by: { readonly percent: number; readonly more: number },
): number => Math.max(Math.floor((amount * by.percent) / 100), amount + by.more);

/** Bytes of a signed transaction beside its operation and its resources: header, one signature. */
const HEADER_BYTES = 80;
const SIGNATURE_BYTES = 72;
/**
 * A simulation does not know the number of signatures, the preconditions or the memo, so it takes
 * the largest possible (verified on the recordings, to the byte).
 */
const SIGNATURES = 20;
const PRECONDITIONS_AND_MEMO_BYTES = 352;

/** Bytes that a simulation charges for. */
export type OperationBody =
  xdr.InvokeHostFunctionOp | xdr.RestoreFootprintOp | xdr.ExtendFootprintTtlOp;
export const declaredSize = (body: OperationBody, data: xdr.SorobanTransactionData): number =>
  adjusted(
    HEADER_BYTES +
      body.toXdr().length +
      data.toXdr().length +
      SIGNATURES * SIGNATURE_BYTES +
      PRECONDITIONS_AND_MEMO_BYTES,
    SIZE_ADJUSTMENT,
  );

export const withMargin = (refundable: bigint): bigint => (refundable * REFUNDABLE_PERCENT) / 100n;
