import { xdr } from '@stellar/stellar-sdk';
import { z } from 'zod';
import type { Diagnostic } from './host-failure.js';
import { inner } from './transaction-results.js';

/** Results with which a validator fails a contract call, and the host errors of a trap. */
const RESULTS = [
  'invokeHostFunctionTrapped',
  'invokeHostFunctionResourceLimitExceeded',
  'invokeHostFunctionEntryArchived',
  'invokeHostFunctionInsufficientRefundableFee',
  'invokeHostFunctionMalformed',
] as const;
const ERRORS = {
  outside_footprint: () => xdr.ScError.sceStorage(xdr.ScErrorCode.scecExceededLimit),
  missing_entry: () => xdr.ScError.sceStorage(xdr.ScErrorCode.scecMissingValue),
  budget: () => xdr.ScError.sceBudget(xdr.ScErrorCode.scecExceededLimit),
} as const;

/**
 * `error`: the trap's host error; absent: no diagnostics. `source`: only transactions of that
 * account. `times`: this many; absent: no limit.
 */
export const forcedFailureShape = z.strictObject({
  result: z.enum(RESULTS).default('invokeHostFunctionTrapped'),
  error: z.enum(['outside_footprint', 'missing_entry', 'budget', 'contract']).optional(),
  number: z.int().min(0).max(0xffff_ffff).default(1),
  source: z.string().optional(),
  times: z.int().min(1).optional(),
});

/** How a call ends without running. Its diagnostics name the called contract. */
export interface ForcedFailure {
  readonly result: xdr.OperationResult;
  readonly log: readonly Diagnostic[];
}

export function forcedFailure(
  { result, error, number }: z.output<typeof forcedFailureShape>,
  contract: string | null,
): ForcedFailure {
  const host =
    error === undefined
      ? null
      : error === 'contract'
        ? xdr.ScError.sceContract(number)
        : ERRORS[error]();
  const log: Diagnostic[] = host
    ? [
        {
          contract,
          type: 'diagnostic',
          topics: [xdr.ScVal.scvSymbol('error'), xdr.ScVal.scvError(host)],
          data: xdr.ScVal.scvVoid(),
          successful: false,
        },
      ]
    : [];
  return {
    result: inner(xdr.OperationResultTr.invokeHostFunction(xdr.InvokeHostFunctionResult[result]())),
    log,
  };
}
