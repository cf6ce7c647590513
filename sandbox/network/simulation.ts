import { xdr, Address } from '@stellar/stellar-sdk';
import { RecordedAuthorization } from './authorization.js';
import type { ApplyContext } from './transaction-apply.js';
import { ContractRun } from './contract-run.js';
import { RecordedFootprint } from './footprint.js';
import { diagnosticEvent, HostFailure, hostErrorText } from './host-failure.js';
import { base64 } from './ledger-entries.js';
import { compareKeys } from './ledger-key-order.js';
import { StateOverlay, type EntryReader } from './ledger-state.js';
import { diskReadBytes, accountSlack, usageOf } from './invocation-meter.js';
import { totalInstructions } from './instruction-model.js';
import { declaredResources, eventsFee, nonRefundableFee } from './resource-fees.js';
import { restorable, restoreEntries } from './restore-operation.js';
import { operationSource, type TransactionInput } from './transaction-input.js';

/** The reply of simulateTransaction, without latestLedger. */
export type SimulationReply =
  | { readonly error: string; readonly events?: readonly string[] }
  | {
      readonly transactionData: string;
      readonly minResourceFee: string;
      readonly events: readonly string[];
      readonly results: readonly { readonly xdr: string; readonly auth: readonly string[] }[];
      readonly stateChanges: readonly unknown[];
    };

export function calledContract(
  body: xdr.InvokeHostFunctionOp,
): { contract: string; fn: string; args: readonly xdr.ScVal[] } | undefined {
  if (body.hostFunction.type !== 'hostFunctionTypeInvokeContract') return undefined;
  const { contractAddress, functionName, args } = body.hostFunction.value;
  return {
    contract: Address.fromScAddress(contractAddress).toString(),
    fn: functionName.toString(),
    args,
  };
}

/**
 * Runs the one operation in recording mode. Sequence, time, signatures and fees are not checked
 * (docs/stellar.md#simulation).
 */
export function simulate(
  input: TransactionInput,
  state: EntryReader,
  place: ApplyContext,
): SimulationReply {
  const [operation, another] = input.operations;
  if (input.unsupported) return { error: `Transaction cannot be simulated: ${input.unsupported}` };
  if (!operation || another) return { error: 'Transaction contains more than one operation' };
  if (input.hasMemo) return { error: 'Transaction contains a memo' };
  if (operation.body.type === 'restoreFootprint')
    return simulateRestore(operation.body.value, { input, state, place });
  const invoked = operation.body.type === 'invokeHostFunction' ? operation.body.value : undefined;
  const call = invoked && calledContract(invoked);
  if (!call)
    return {
      error: 'Transaction contains unsupported operation type: only contract calls are modelled',
    };
  const footprint = new RecordedFootprint();
  const authorization = new RecordedAuthorization(operationSource(operation, input));
  const run = new ContractRun({
    code: place.code,
    networkPassphrase: place.networkPassphrase,
    ledger: { sequence: place.sequence, timestamp: BigInt(place.closeTime) },
    access: footprint,
    authorization,
  });
  const after = new StateOverlay(state, place.sequence);
  try {
    const value = run.invoke(after, call);
    const auth = authorization.entries();
    const data = simulatedData(
      { footprint, before: state, after, run, value, call, place },
      new xdr.InvokeHostFunctionOp({ hostFunction: invoked.hostFunction, auth }),
    );
    return {
      transactionData: base64(data),
      minResourceFee: String(data.resourceFee),
      events: run.log.map((event) => base64(diagnosticEvent({ ...event, successful: true }))),
      results: [{ xdr: base64(value), auth: auth.map(base64) }],
      stateChanges: [],
    };
  } catch (thrown) {
    if (!(thrown instanceof HostFailure)) throw thrown;
    return {
      error: hostErrorText(thrown, run.log),
      events: run.log.map((event) => base64(diagnosticEvent({ ...event, successful: false }))),
    };
  }
}

interface SimulatedRun {
  readonly footprint: RecordedFootprint;
  readonly before: EntryReader;
  readonly after: StateOverlay;
  readonly run: ContractRun;
  readonly value: xdr.ScVal;
  readonly call: { readonly fn: string; readonly args: readonly xdr.ScVal[] };
  readonly place: ApplyContext;
}

/** Resources and fee as stellar-rpc declares them: the use, with its adjustments. */
function simulatedData(
  { footprint, before, after, run, value, call, place }: SimulatedRun,
  body: xdr.InvokeHostFunctionOp,
): xdr.SorobanTransactionData {
  const ledger = place.sequence;
  const { footprint: declared, archived } = footprint.footprint(before, ledger);
  restoreEntries(
    archived.flatMap((index) => declared.readWrite[index] ?? []),
    after,
    ledger,
  );
  const usage = usageOf({ footprint: declared, before, after, ledger, code: place.code }, run, {
    value,
    args: call.args,
    fn: call.fn,
  });
  const instructions = adjusted(totalInstructions(usage.instructions), INSTRUCTIONS_ADJUSTMENT);
  const classic = [...declared.readOnly, ...declared.readWrite];
  const resources = new xdr.SorobanResources({
    footprint: declared,
    instructions,
    diskReadBytes: diskReadBytes(declared, before, ledger) + accountSlack(classic, before),
    writeBytes: usage.writtenBytes + accountSlack(declared.readWrite, before),
  });
  const ext =
    archived.length > 0
      ? xdr.SorobanTransactionDataExt.resourceExt(
          new xdr.SorobanResourcesExtV0({ archivedSorobanEntries: [...archived] }),
        )
      : xdr.SorobanTransactionDataExt.v0();
  return priced({ resources, ext }, body, usage.rent + eventsFee(usage.eventBytes));
}

/** @param refundable stroops of rent and events */
function priced(
  parts: { readonly resources: xdr.SorobanResources; readonly ext: xdr.SorobanTransactionDataExt },
  body: OperationBody,
  refundable: bigint,
): xdr.SorobanTransactionData {
  const free = new xdr.SorobanTransactionData({ ...parts, resourceFee: 0n });
  const resourceFee =
    nonRefundableFee(declaredResources(free, declaredSize(body, free))) + withMargin(refundable);
  return new xdr.SorobanTransactionData({ ...parts, resourceFee });
}

/**
 * The restore operation: the transaction brings its footprint, and only archived entries stay in
 * it.
 */
function simulateRestore(
  body: xdr.RestoreFootprintOp,
  { input, state, place }: { input: TransactionInput; state: EntryReader; place: ApplyContext },
): SimulationReply {
  const after = new StateOverlay(state, place.sequence);
  const { keys, bytes } = restorable(
    input.sorobanData?.resources.footprint.readWrite ?? [],
    after,
    place.sequence,
  );
  const rent = restoreEntries(keys, after, place.sequence);
  const footprint = new xdr.LedgerFootprint({
    readOnly: [],
    readWrite: keys.toSorted(compareKeys),
  });
  const resources = new xdr.SorobanResources({
    footprint,
    instructions: 0,
    diskReadBytes: bytes,
    writeBytes: bytes,
  });
  const data = priced({ resources, ext: xdr.SorobanTransactionDataExt.v0() }, body, rent);
  return {
    transactionData: base64(data),
    minResourceFee: String(data.resourceFee),
    events: [],
    results: [],
    stateChanges: [],
  };
}

/** stellar-rpc's adjustments: the greater of a factor and an addition. */
const INSTRUCTIONS_ADJUSTMENT = { percent: 104, more: 50_000 } as const;
const SIZE_ADJUSTMENT = { percent: 110, more: 500 } as const;
const REFUNDABLE_PERCENT = 115n;
const adjusted = (
  amount: number,
  by: { readonly percent: number; readonly more: number },
): number => Math.max(Math.floor((amount * by.percent) / 100), amount + by.more);

/** Bytes of a signed transaction without its operation and its resources: header, one signature. */
const HEADER_BYTES = 80;
const SIGNATURE_BYTES = 72;
/**
 * A simulation does not know the number of signatures, the preconditions or the memo, so it assumes
 * the largest possible (verified on the recordings, to the byte).
 */
const SIGNATURES = 20;
const PRECONDITIONS_AND_MEMO_BYTES = 352;

/** Bytes that a simulation charges for. */
type OperationBody = xdr.InvokeHostFunctionOp | xdr.RestoreFootprintOp;
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
