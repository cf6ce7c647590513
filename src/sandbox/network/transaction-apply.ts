import { xdr } from '@stellar/stellar-sdk';
import { SourceAuthorization } from './authorization.js';
import type { CodeRegistry } from './code-registry.js';
import { applyClassic } from './classic-operations.js';
import { ContractRun } from './contract-run.js';
import type { ActiveFaults } from './faults.js';
import { DeclaredFootprint } from './footprint.js';
import { contractEvent, HostFailure, notAuthorized, type Diagnostic } from './host-failure.js';
import { base64 } from './ledger-entries.js';
import { StateOverlay } from './ledger-state.js';
import { accountChanges, transactionMeta } from './transaction-meta.js';
import { operationSource, type TransactionInput } from './transaction-input.js';
import { applied, invokeSucceeded, invokeTrapped, refused, type RefusalCode } from './transaction-results.js';
import { signaturesOf } from './transaction-validation.js';
import { calledContract } from './simulation.js';

export interface ApplyContext { readonly code: CodeRegistry; readonly networkPassphrase: string; readonly sequence: number; readonly closeTime: number; /** A fault that fails a call. */ readonly failing?: ActiveFaults['invocation'] }

/** A transaction as a ledger keeps it. XDR in base64. */
export interface TransactionRecord {
  readonly hash: string;
  /** Of a fee bump: the hash of the transaction inside, by which it is found too. */
  readonly innerHash?: string;
  /** 1-based place in its ledger. */
  readonly order: number;
  readonly succeeded: boolean;
  readonly envelope: string;
  readonly result: string;
  readonly meta: string;
  readonly diagnostics: readonly string[];
  /** Contract events of each operation. */
  readonly events: readonly (readonly string[])[];
}

interface OperationOutcome { readonly ok: boolean; readonly result: xdr.OperationResult; readonly returnValue?: xdr.ScVal; readonly events: readonly Diagnostic[]; readonly log: readonly Diagnostic[] }

/**
 * Runs one transaction whose fee is already charged: consumes its sequence, then its operations, all or none.
 * @param state keeps the sequence also when the operations fail
 */
export function applyTransaction(input: TransactionInput, charged: bigint, state: StateOverlay, place: ApplyContext & { readonly order: number }): TransactionRecord {
  const account = state.account(input.source);
  if (account) state.putAccount(input.source, { ...account, sequence: input.sequence });
  const work = state.nested();
  const signatures = signaturesOf(input);
  const outcomes: OperationOutcome[] = [];
  const changes: xdr.LedgerEntryChange[][] = [];
  for (const operation of input.operations) {
    const step = work.nested();
    const source = operationSource(operation, input);
    const outcome = signatures.signedBy(source) ? applyOperation(operation, source, step, { input, place }) : unsigned();
    changes.push(accountChanges(step));
    outcomes.push(outcome);
    step.mergeInto(work);
  }
  const succeeded = outcomes.every((outcome) => outcome.ok);
  if (succeeded) work.mergeInto(state);
  return record(input, { succeeded, charged, outcomes, changes: succeeded ? changes : [] }, place.order);
}

/** A transaction that another one of its ledger made invalid: the fee is gone, nothing else happens. */
export function recordRefused(input: TransactionInput, charged: bigint, code: RefusalCode, order: number): TransactionRecord {
  const meta = transactionMeta({ changes: [], events: [], diagnostics: [] });
  return { ...named(input), order, succeeded: false, envelope: input.envelope, result: base64(refused({ code, ofInner: true }, chargeOf(input, charged))), meta: base64(meta), diagnostics: [], events: [] };
}

const named = ({ hash, bump }: TransactionInput): Pick<TransactionRecord, 'hash' | 'innerHash'> => ({ hash, ...(bump && { innerHash: bump.innerHash }) });
const chargeOf = ({ bump }: TransactionInput, fee: bigint): Parameters<typeof applied>[1] => ({ fee, innerHash: bump?.innerHash ?? null });
const unsigned = (): OperationOutcome => ({ ok: false, result: xdr.OperationResult.opBadAuth(), events: [], log: [] });

function applyOperation(operation: xdr.Operation, source: string, state: StateOverlay, from: { input: TransactionInput; place: ApplyContext }): OperationOutcome {
  if (operation.body.type === 'invokeHostFunction') return invoke(operation.body.value, source, state, from);
  return { ...applyClassic(operation.body, source, state), events: [], log: [] };
}

function invoke(body: xdr.InvokeHostFunctionOp, source: string, state: StateOverlay, from: { input: TransactionInput; place: ApplyContext }): OperationOutcome {
  const call = calledContract(body);
  const { sorobanData } = from.input;
  if (!call || !sorobanData) return { ok: false, result: xdr.OperationResult.opNotSupported(), events: [], log: [] };
  const forced = from.place.failing?.({ source: from.input.source, contract: call.contract });
  if (forced) return { ok: false, result: forced.result, events: [], log: forced.log };
  const run = new ContractRun({
    code: from.place.code, networkPassphrase: from.place.networkPassphrase, ledger: { sequence: from.place.sequence, timestamp: BigInt(from.place.closeTime) },
    access: new DeclaredFootprint(sorobanData.resources.footprint), authorization: new SourceAuthorization(source, body.auth),
  });
  try {
    if (body.auth.some((entry) => entry.credentials.type !== 'sorobanCredentialsSourceAccount')) {
      run.note(null, [xdr.ScVal.scvSymbol('log')], xdr.ScVal.scvString('address credentials are not modelled: the transaction source must authorise'));
      throw notAuthorized();
    }
    const returnValue = run.invoke(state, call);
    return { ok: true, result: invokeSucceeded(returnValue, run.events.map(contractEvent)), returnValue, events: run.events, log: run.log };
  } catch (thrown) {
    if (!(thrown instanceof HostFailure)) throw thrown;
    return { ok: false, result: invokeTrapped(), events: [], log: run.log.map((event) => ({ ...event, successful: false })) };
  }
}

interface Verdict { readonly succeeded: boolean; readonly charged: bigint; readonly outcomes: readonly OperationOutcome[]; readonly changes: readonly xdr.LedgerEntryChange[][] }

function record(input: TransactionInput, verdict: Verdict, order: number): TransactionRecord {
  const { succeeded, charged, outcomes, changes } = verdict;
  const events = succeeded ? outcomes.map((outcome) => outcome.events.map(contractEvent)) : [];
  const diagnostics = outcomes.flatMap((outcome) => outcome.log);
  const meta = transactionMeta({ changes, events, diagnostics, returnValue: succeeded ? outcomes[0]?.returnValue : undefined });
  return {
    ...named(input), order, succeeded, envelope: input.envelope,
    result: base64(applied(succeeded, chargeOf(input, charged), outcomes.map((outcome) => outcome.result))), meta: base64(meta),
    diagnostics: meta.type === 'v4' ? meta.value.diagnosticEvents.map(base64) : [], events: events.map((list) => list.map(base64)),
  };
}
