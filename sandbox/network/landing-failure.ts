import { xdr } from '@stellar/stellar-sdk';
import type { TransactionRecord } from './transaction-apply.js';

/** How a transaction failed, in the network's terms. */
export interface LandingFailure {
  /** Such as txFailed/invokeHostFunctionTrapped; for a fee bump, that of the inner transaction. */
  readonly result: string;
  /** A contract ended the call with one of its own error numbers. */
  readonly byContract: boolean;
}

export function failureOf(record: TransactionRecord): LandingFailure | null {
  return record.succeeded
    ? null
    : {
        result: resultOf(record),
        byContract:
          record.diagnostics.map(errorOf).findLast((error) => error !== null) === 'sceContract',
      };
}

function resultOf(record: TransactionRecord): string {
  const { result } = xdr.TransactionResult.fromXdr(record.result, 'base64');
  const inner =
    result.type === 'txFeeBumpInnerFailed' || result.type === 'txFeeBumpInnerSuccess'
      ? result.value.result.result
      : result;
  if (inner.type !== 'txFailed') return inner.type;
  const [first] = inner.value;
  return `${inner.type}/${first?.type === 'opInner' ? first.value.value.type : (first?.type ?? 'none')}`;
}

/** The kind of error in a diagnostic event; null: it has none. */
function errorOf(diagnostic: string): string | null {
  const { body } = xdr.DiagnosticEvent.fromXdr(diagnostic, 'base64').event;
  if (body.type !== 'v0') return null;
  const [name, error] = body.value.topics;
  return name?.type === 'scvSymbol' &&
    name.value.toString() === 'error' &&
    error?.type === 'scvError'
    ? error.value.type
    : null;
}
