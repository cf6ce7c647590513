import { xdr, Address } from '@stellar/stellar-sdk';
import type { ApplyContext } from './transaction-apply.js';
import { ContractRun } from './contract-run.js';
import { EnforcedAuthorization } from './enforced-authorization.js';
import { RecordedFootprint } from './footprint.js';
import { RecordedAuthorization } from './recorded-authorization.js';
import { diagnosticEvent, HostFailure, hostErrorText } from './host-failure.js';
import { base64 } from './ledger-entries.js';
import { StateOverlay, type EntryReader } from './ledger-state.js';
import { diskReadBytes, accountSlack, usageOf } from './invocation-meter.js';
import { totalInstructions } from './instruction-model.js';
import { eventsFee } from './resource-fees.js';
import { restoreEntries } from './restore-operation.js';
import {
  adjusted,
  INSTRUCTIONS_ADJUSTMENT,
  priced,
  type SimulationReply,
} from './simulated-fee.js';
import { simulateExtend, simulateRestore } from './footprint-simulation.js';
import { operationSource, type TransactionInput } from './transaction-input.js';

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
 * Runs the one operation: with authorization entries it enforces them, otherwise it records them.
 * Sequence, time, the transaction's signatures and fees are not checked (docs/stellar.md#simulation).
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
    return simulateRestore(operation.body.value, { data: input.sorobanData, state, place });
  if (operation.body.type === 'extendFootprintTtl')
    return simulateExtend(operation.body.value, { data: input.sorobanData, state, place });
  const invoked = operation.body.type === 'invokeHostFunction' ? operation.body.value : undefined;
  const call = invoked && calledContract(invoked);
  if (!call)
    return {
      error: 'Transaction contains unsupported operation type: only contract calls are modelled',
    };
  const footprint = new RecordedFootprint();
  const source = operationSource(operation, input);
  const recording = new RecordedAuthorization(source);
  const given = invoked.auth.length > 0;
  const run = new ContractRun({
    code: place.code,
    networkPassphrase: place.networkPassphrase,
    ledger: { sequence: place.sequence, timestamp: BigInt(place.closeTime) },
    access: footprint,
    authorization: given ? new EnforcedAuthorization(source, invoked.auth) : recording,
  });
  const after = new StateOverlay(state, place.sequence, place.leastLifetime);
  try {
    const value = run.invoke(after, call);
    const auth = given ? invoked.auth : recording.entries();
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
