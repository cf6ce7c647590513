import { StrKey, xdr } from '@stellar/stellar-sdk';
import { FAILURE_SIDES, type FailureCause, type FailureReason } from './transaction-outcome.js';

interface HostError {
  readonly contract: string | null;
  readonly error: xdr.ScError;
}

/**
 * Operation results that concern declared figures or the state of entries: no contract ran, or its
 * answer did not count.
 */
const BY_RESULT: Readonly<Record<string, FailureReason>> = {
  invokeHostFunctionResourceLimitExceeded: 'resource_limit',
  invokeHostFunctionEntryArchived: 'archived',
  invokeHostFunctionInsufficientRefundableFee: 'refundable_fee',
  invokeHostFunctionMalformed: 'malformed',
};
/**
 * Host errors by which the contracts' code decides without a number: a panic, a missing
 * authorisation, an invalid value.
 */
const BY_CODE: ReadonlySet<string> = new Set([
  'sceWasmVm',
  'sceAuth',
  'sceValue',
  'sceObject',
  'sceContext',
  'sceEvents',
  'sceCrypto',
]);
/** A landing whose authorization was spent or too old by then: no contract refused the loan. */
const BY_AUTHORIZATION: Readonly<Record<string, FailureReason>> = {
  scecExistingValue: 'authorization_spent',
  scecInvalidInput: 'authorization_expired',
};

/**
 * The party that decided that an applied transaction failed, and the reason.
 * @param operation result of its operation, such as invokeHostFunctionTrapped
 * @param diagnostics of the whole transaction, oldest first; empty when the node keeps none
 */
export function causeOf(
  operation: string,
  diagnostics: readonly xdr.DiagnosticEvent[],
): FailureCause {
  const figures = BY_RESULT[operation];
  if (figures) return cause(figures);
  if (operation !== 'invokeHostFunctionTrapped') return UNKNOWN;
  const decided = decidingError(diagnostics);
  if (decided) return causeOfError(decided);
  return returned(diagnostics) ? cause('budget') : UNKNOWN;
}

const cause = (
  reason: FailureReason,
  contract: string | null = null,
  number: number | null = null,
): FailureCause => ({ by: FAILURE_SIDES[reason], reason, contract, number });
const UNKNOWN = cause('unknown');

function causeOfError({ contract, error }: HostError): FailureCause {
  if (error.type === 'sceContract') return cause('contract_error', contract, error.value);
  const code = error.value.name;
  if (error.type === 'sceStorage' && code === 'scecExceededLimit')
    return cause('outside_footprint');
  if (error.type === 'sceStorage' && code === 'scecMissingValue') return cause('missing_entry');
  const late = error.type === 'sceAuth' ? BY_AUTHORIZATION[code] : undefined;
  if (late) return cause(late);
  if (error.type === 'sceBudget' && code === 'scecExceededLimit') return cause('budget');
  return BY_CODE.has(error.type) && code !== 'scecInternalError'
    ? cause('contract_trap', contract)
    : UNKNOWN;
}

/**
 * The final error with the contract in which it began: the first of the last unbroken run. Earlier
 * errors were caught by a contract and replaced.
 */
function decidingError(diagnostics: readonly xdr.DiagnosticEvent[]): HostError | null {
  const errors = diagnostics.flatMap((diagnostic) => errorIn(diagnostic));
  let first = errors.at(-1) ?? null;
  for (const each of errors.toReversed()) {
    if (!first || !sameError(each.error, first.error)) break;
    first = each;
  }
  return first;
}

function errorIn({ event }: xdr.DiagnosticEvent): HostError[] {
  if (event.body.type !== 'v0') return [];
  const [name, error] = event.body.value.topics;
  if (name?.type !== 'scvSymbol' || name.value.toString() !== 'error' || error?.type !== 'scvError')
    return [];
  return [
    {
      contract:
        event.contractId === null ? null : StrKey.encodeContract(event.contractId.toBytes()),
      error: error.value,
    },
  ];
}

const sameError = (a: xdr.ScError, b: xdr.ScError): boolean =>
  a.toXdr('base64') === b.toXdr('base64');

/**
 * Every call returned and the transaction still trapped, so the exceeded budget was counted outside
 * of the contracts.
 */
function returned(diagnostics: readonly xdr.DiagnosticEvent[]): boolean {
  const named = (wanted: string): number =>
    diagnostics.filter(({ event }) => {
      const name = event.body.type === 'v0' ? event.body.value.topics[0] : undefined;
      return name?.type === 'scvSymbol' && name.value.toString() === wanted;
    }).length;
  return named('fn_call') > 0 && named('fn_call') === named('fn_return');
}
