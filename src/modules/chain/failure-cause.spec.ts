import { describe, expect, test } from '@jest/globals';
import { StrKey, xdr } from '@stellar/stellar-sdk';
import {
  recorded,
  type RecordedGeneration,
  type RecordedStep,
} from '../../../test/support/recorded.js';
import type { FailureCause } from './transaction-outcome.js';
import { causeOf } from './failure-cause.js';

const CREDITLINE = StrKey.encodeContract(Buffer.alloc(32, 1));
const POOL = StrKey.encodeContract(Buffer.alloc(32, 2));
const symbol = (name: string): xdr.ScVal => xdr.ScVal.scvSymbol(name);
const diagnostic = (contract: string | null, topics: xdr.ScVal[]): xdr.DiagnosticEvent =>
  new xdr.DiagnosticEvent({
    inSuccessfulContractCall: false,
    event: new xdr.ContractEvent({
      ext: xdr.ExtensionPoint.v0(),
      contractId: contract === null ? null : new xdr.ContractId(StrKey.decodeContract(contract)),
      type: xdr.ContractEventType.diagnostic,
      body: xdr.ContractEventBody.v0(
        new xdr.ContractEventV0({ topics, data: xdr.ScVal.scvVoid() }),
      ),
    }),
  });
const failed = (contract: string, error: xdr.ScError): xdr.DiagnosticEvent =>
  diagnostic(contract, [symbol('error'), xdr.ScVal.scvError(error)]);
const {
  scecExceededLimit,
  scecMissingValue,
  scecInvalidAction,
  scecInternalError,
  scecExistingValue,
} = xdr.ScErrorCode;
const TRAPPED = 'invokeHostFunctionTrapped';
const by = (
  side: FailureCause['by'],
  reason: FailureCause['reason'],
  contract: string | null = null,
  number: number | null = null,
): FailureCause => ({ by: side, reason, contract, number });

describe('who decided', () => {
  test.each<[string, FailureCause]>([
    ['invokeHostFunctionResourceLimitExceeded', by('ours', 'resource_limit')],
    ['invokeHostFunctionEntryArchived', by('ours', 'archived')],
    ['invokeHostFunctionInsufficientRefundableFee', by('ours', 'refundable_fee')],
    ['invokeHostFunctionMalformed', by('ours', 'malformed')],
    ['opBadAuth', by('unknown', 'unknown')],
    [TRAPPED, by('unknown', 'unknown')],
  ])('%s without diagnostics', (operation, cause) => {
    expect(causeOf(operation, [])).toEqual(cause);
  });

  test('the result of the operation is believed before any diagnostics', () => {
    expect(
      causeOf('invokeHostFunctionResourceLimitExceeded', [
        failed(POOL, xdr.ScError.sceContract(6)),
      ]),
    ).toEqual(by('ours', 'resource_limit'));
  });

  test.each<[string, xdr.ScError, FailureCause]>([
    ['Error(Contract, #5)', xdr.ScError.sceContract(5), by('contract', 'contract_error', POOL, 5)],
    [
      'Error(Storage, ExceededLimit)',
      xdr.ScError.sceStorage(scecExceededLimit),
      by('ours', 'outside_footprint'),
    ],
    [
      'Error(Storage, MissingValue)',
      xdr.ScError.sceStorage(scecMissingValue),
      by('ours', 'missing_entry'),
    ],
    [
      'Error(Budget, ExceededLimit)',
      xdr.ScError.sceBudget(scecExceededLimit),
      by('ours', 'budget'),
    ],
    [
      'Error(WasmVm, InvalidAction)',
      xdr.ScError.sceWasmVm(scecInvalidAction),
      by('contract', 'contract_trap', POOL),
    ],
    [
      'Error(Auth, InvalidAction)',
      xdr.ScError.sceAuth(scecInvalidAction),
      by('contract', 'contract_trap', POOL),
    ],
    [
      'Error(Auth, ExistingValue)',
      xdr.ScError.sceAuth(scecExistingValue),
      by('ours', 'authorization_spent'),
    ],
    [
      'Error(Auth, InvalidInput)',
      xdr.ScError.sceAuth(xdr.ScErrorCode.scecInvalidInput),
      by('ours', 'authorization_expired'),
    ],
    [
      'Error(Storage, ExistingValue)',
      xdr.ScError.sceStorage(scecExistingValue),
      by('unknown', 'unknown'),
    ],
    [
      'Error(WasmVm, InternalError)',
      xdr.ScError.sceWasmVm(scecInternalError),
      by('unknown', 'unknown'),
    ],
  ])('a trap with %s, named where it began', (_, error, cause) => {
    expect(
      causeOf(TRAPPED, [
        failed(POOL, error),
        diagnostic(POOL, [symbol('log')]),
        failed(CREDITLINE, error),
      ]),
    ).toEqual(cause);
  });

  test('an error that a contract caught and replaced is not the one that decided', () => {
    expect(
      causeOf(TRAPPED, [
        failed(POOL, xdr.ScError.sceContract(6)),
        failed(CREDITLINE, xdr.ScError.sceContract(17)),
      ]),
    ).toEqual(by('contract', 'contract_error', CREDITLINE, 17));
  });

  test(
    'every call returned and it trapped: no contract decided; with a call that never ' +
      'returned nothing is known',
    () => {
      const [call, back] = [
        diagnostic(null, [symbol('fn_call')]),
        diagnostic(CREDITLINE, [symbol('fn_return')]),
      ];
      expect(causeOf(TRAPPED, [call, back])).toEqual(by('ours', 'budget'));
      expect(causeOf(TRAPPED, [call])).toEqual(by('unknown', 'unknown'));
    },
  );
});

/**
 * Every failed landing on the real host, with the class it must get: reason, and for a contract its
 * role and number.
 */
const LANDINGS: Readonly<Record<string, string>> = {
  'fee-leaves-too-little': 'contract_error token 10',
  'pair-plain-1': 'outside_footprint',
  'pair-plain-2': 'outside_footprint',
  'pair-wide-1': 'resource_limit',
  'many-b-4': 'budget',
  'many-b-5': 'budget',
  'same-borrower-second': 'outside_footprint',
  'stale-vendor-suspended': 'contract_error creditline 3',
  'stale-score-lowered': 'contract_error creditline 4',
  'stale-liquidity-gone': 'contract_error creditline 5',
  'stale-loan-number': 'outside_footprint',
  'stale-number-by-request': 'outside_footprint',
  'stale-parameters-guarantee': 'contract_error creditline 2',
  'stale-creditline-changed': 'contract_error pool 9',
  'stale-upgrade': 'outside_footprint',
  'approve_loan-by-stranger': 'contract_trap creditline',
  'upgrade-by-stranger': 'contract_trap pool',
  'stranger-fund_loan-creditline-name': 'contract_trap pool',
  'stranger-receive_repayment-creditline-name': 'contract_trap pool',
  'stranger-receive_guarantee-creditline-name': 'contract_trap pool',
  'stranger-distribute_interest-creditline-name': 'contract_trap pool',
  'stranger-accumulate_interest-creditline-name': 'contract_trap pool',
  'stranger-absorb_loss-creditline-name': 'resource_limit',
  'archival-simulated-before': 'archived',
  'archival-without-restore-list': 'archived',
};
/** The recording server answered TRAPPED and kept no diagnostics, like a node without them. */
const WITHOUT_DIAGNOSTICS = /^(wide-alone-24|many-[a-g]-\d+)$/;

function classOf({ transaction }: RecordedStep, roles: ReadonlyMap<string, string>): string {
  const { result } = xdr.TransactionResult.fromXdr(transaction?.resultXdr ?? '', 'base64');
  const operation = result.type === 'txFailed' ? result.value[0] : undefined;
  if (operation?.type !== 'opInner' || operation.value.type !== 'invokeHostFunction')
    throw new Error('no invocation');
  const cause = causeOf(
    operation.value.value.type,
    (transaction?.diagnosticEventsXdr ?? []).map((event) =>
      xdr.DiagnosticEvent.fromXdr(event, 'base64'),
    ),
  );
  return [
    cause.reason,
    cause.contract === null ? [] : (roles.get(cause.contract) ?? cause.contract),
    cause.number ?? [],
  ]
    .flat()
    .join(' ');
}

describe.each<[RecordedGeneration, number]>([
  ['g1', 37],
  ['g2', 40],
])('recorded on the real host: %s', (generation, count) => {
  const { steps, contracts } = recorded(generation);
  const roles = new Map(Object.entries(contracts).map(([role, { id }]) => [id, role]));
  const failures = steps.filter(({ transaction }) => transaction?.status === 'FAILED');
  test('none is left out', () => {
    expect(failures.length).toBe(count);
  });
  test.each(failures.map((step) => [step.name, step] as const))('%s', (name, step) => {
    const silent =
      WITHOUT_DIAGNOSTICS.test(name) && step.transaction?.diagnosticEventsXdr === undefined;
    expect(classOf(step, roles)).toBe(silent ? 'unknown' : LANDINGS[name]);
  });
});
