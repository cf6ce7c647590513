import { Address, xdr } from '@stellar/stellar-sdk';
import { ContractRun } from './contract-run.js';
import { EnforcedAuthorization } from './enforced-authorization.js';
import { isArchived } from './entry-lifetime.js';
import { DeclaredFootprint } from './footprint.js';
import { budgetExceeded, HostFailure, type Diagnostic } from './host-failure.js';
import { diskReadBytes, readingInstructions, usageOf, type Usage } from './invocation-meter.js';
import { totalInstructions } from './instruction-model.js';
import { keyed } from './ledger-entries.js';
import { EVENTS_BYTES_MAX } from './ledger-settings.js';
import type { StateOverlay } from './ledger-state.js';
import { eventsFee, restoreList } from './resource-fees.js';
import { restoreEntries } from './restore-operation.js';
import type { ApplyContext } from './transaction-apply.js';
import type { InvokeFailure } from './transaction-results.js';

export interface InvocationRequest {
  readonly call: {
    readonly contract: string;
    readonly fn: string;
    readonly args: readonly xdr.ScVal[];
  };
  readonly auth: readonly xdr.SorobanAuthorizationEntry[];
  readonly source: string;
  readonly data: xdr.SorobanTransactionData;
  /** Stroops for rent and events. */
  readonly refundable: bigint;
}
export interface InvocationOutcome {
  /** Undefined: it succeeded, and `state` has its writes. */
  readonly failure?: InvokeFailure;
  readonly returnValue?: xdr.ScVal;
  readonly events: readonly Diagnostic[];
  readonly log: readonly Diagnostic[];
  /** Stroops. */
  readonly used: { readonly rent: bigint; readonly events: bigint };
}

const UNUSED = { rent: 0n, events: 0n };
const failed = (failure: InvokeFailure, log: readonly Diagnostic[]): InvocationOutcome => ({
  failure,
  events: [],
  log,
  used: UNUSED,
});

/**
 * A contract call as a validator runs it: reads the declared entries, runs the contract, writes all
 * entries back, and counts everything against the declared figures.
 */
export function applyInvocation(
  request: InvocationRequest,
  state: StateOverlay,
  place: ApplyContext,
): InvocationOutcome {
  const { resources } = request.data;
  const dead = archivedKey(request.data, state, place.sequence);
  if (dead) return failed('EntryArchived', [archivedDiagnostic(dead)]);
  const read = diskReadBytes(resources.footprint, state, place.sequence);
  if (read > resources.diskReadBytes)
    return failed('ResourceLimitExceeded', [
      exceeded(
        'operation byte-read resources exceeds amount specified',
        read,
        resources.diskReadBytes,
      ),
    ]);
  const reading = readingInstructions({
    footprint: resources.footprint,
    before: state,
    after: state,
    ledger: place.sequence,
    code: place.code,
  });
  if (reading > resources.instructions)
    return failed('ResourceLimitExceeded', [instructionsExceeded(reading, resources.instructions)]);
  const work = state.nested();
  restoreEntries(
    restoreList(request.data).flatMap((index) => resources.footprint.readWrite[index] ?? []),
    work,
    place.sequence,
  );
  const { run, value, failure } = runContract(request, work, place);
  if (failure || value === undefined)
    return failed(
      'Trapped',
      run.log.map((event) => ({ ...event, successful: false })),
    );
  const usage = usageOf(
    {
      footprint: resources.footprint,
      before: state,
      after: work,
      ledger: place.sequence,
      code: place.code,
    },
    run,
    { value, args: request.call.args, fn: request.call.fn },
  );
  const log = run.log.map((event) => ({ ...event, successful: true }));
  const over = limitExceeded(usage, request);
  if (over)
    return failed(
      over.failure,
      over.failure === 'Trapped'
        ? [...run.log.map((event) => ({ ...event, successful: false })), ...over.diagnostics]
        : [...log, ...over.diagnostics],
    );
  work.mergeInto(state);
  return {
    returnValue: value,
    events: run.events,
    log,
    used: { rent: usage.rent, events: eventsFee(usage.eventBytes) },
  };
}

function runContract(
  { call, auth, source, data }: InvocationRequest,
  work: StateOverlay,
  place: ApplyContext,
): { run: ContractRun; value?: xdr.ScVal; failure?: HostFailure } {
  const run = new ContractRun({
    code: place.code,
    networkPassphrase: place.networkPassphrase,
    ledger: { sequence: place.sequence, timestamp: BigInt(place.closeTime) },
    access: new DeclaredFootprint(data.resources.footprint),
    authorization: new EnforcedAuthorization(source, auth),
  });
  try {
    return { run, value: run.invoke(work, call) };
  } catch (thrown) {
    if (!(thrown instanceof HostFailure)) throw thrown;
    return { run, failure: thrown };
  }
}

/**
 * Checked in the order of a validator: instructions, written bytes, events, the fee for rent and
 * events.
 */
function limitExceeded(
  usage: Usage,
  { data, call, refundable }: InvocationRequest,
): { readonly failure: InvokeFailure; readonly diagnostics: readonly Diagnostic[] } | null {
  const { instructions, writeBytes } = data.resources;
  const { reading, calling } = usage.instructions;
  if (reading + calling > instructions)
    return { failure: 'Trapped', diagnostics: budgetExceeded(call.contract, call.fn) };
  const total = totalInstructions(usage.instructions);
  if (total > instructions)
    return {
      failure: 'ResourceLimitExceeded',
      diagnostics: [instructionsExceeded(total, instructions)],
    };
  if (usage.writtenBytes > writeBytes) {
    return {
      failure: 'ResourceLimitExceeded',
      diagnostics: [
        exceeded(
          'operation byte-write resources exceeds amount specified',
          usage.writtenBytes,
          writeBytes,
        ),
      ],
    };
  }
  if (usage.eventBytes > EVENTS_BYTES_MAX) {
    return {
      failure: 'ResourceLimitExceeded',
      diagnostics: [
        exceeded(
          'total events size exceeds network config maximum',
          usage.eventBytes,
          EVENTS_BYTES_MAX,
        ),
      ],
    };
  }
  if (usage.rent > refundable) {
    return {
      failure: 'InsufficientRefundableFee',
      diagnostics: [
        exceeded(
          'refundable resource fee was not sufficient to cover the ledger storage rent',
          usage.rent,
          refundable,
          'scecInvalidInput',
        ),
      ],
    };
  }
  const events = eventsFee(usage.eventBytes);
  if (usage.rent + events <= refundable) return null;
  const text =
    'refundable resource fee was not sufficient to cover the events fee after paying for ledger storage rent';
  return {
    failure: 'InsufficientRefundableFee',
    diagnostics: [exceeded(text, events, refundable - usage.rent, 'scecInvalidInput')],
  };
}

const instructionsExceeded = (used: number, declared: number): Diagnostic =>
  exceeded('operation instructions exceeds amount specified', used, declared);

function exceeded(
  text: string,
  used: number | bigint,
  allowed: number | bigint,
  code: 'scecExceededLimit' | 'scecInvalidInput' = 'scecExceededLimit',
): Diagnostic {
  const error =
    code === 'scecExceededLimit'
      ? xdr.ScError.sceBudget(xdr.ScErrorCode.scecExceededLimit)
      : xdr.ScError.sceStorage(xdr.ScErrorCode.scecInvalidInput);
  return failureDiagnostic(error, [
    xdr.ScVal.scvString(text),
    xdr.ScVal.scvU64(BigInt(used)),
    xdr.ScVal.scvU64(BigInt(allowed)),
  ]);
}

function archivedDiagnostic(key: xdr.LedgerKey): Diagnostic {
  const error = xdr.ScError.sceValue(xdr.ScErrorCode.scecInvalidInput);
  if (key.type !== 'contractData')
    return failureDiagnostic(error, [
      xdr.ScVal.scvString('trying to access an archived contract code entry'),
    ]);
  const address = Address.fromScAddress(key.value.contract).toScVal();
  return failureDiagnostic(error, [
    xdr.ScVal.scvString('trying to access an archived contract data entry'),
    address,
    key.value.key,
  ]);
}

const failureDiagnostic = (error: xdr.ScError, data: readonly xdr.ScVal[]): Diagnostic => ({
  contract: null,
  type: 'diagnostic',
  topics: [xdr.ScVal.scvSymbol('error'), xdr.ScVal.scvError(error)],
  data: xdr.ScVal.scvVec([...data]),
  successful: false,
});

/**
 * An archived entry of the footprint that the restore list does not name fails the call, even if it
 * is not used.
 */
function archivedKey(
  data: xdr.SorobanTransactionData,
  state: StateOverlay,
  ledger: number,
): xdr.LedgerKey | undefined {
  const restored = new Set(restoreList(data));
  const { readOnly, readWrite } = data.resources.footprint;
  const dead = (key: xdr.LedgerKey): boolean => isArchived(state.get(keyed(key).id) ?? {}, ledger);
  return readOnly.find(dead) ?? readWrite.find((key, index) => !restored.has(index) && dead(key));
}
