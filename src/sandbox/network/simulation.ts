import { SorobanDataBuilder, xdr, Address } from '@stellar/stellar-sdk';
import { RecordedAuthorization } from './authorization.js';
import type { ApplyContext } from './transaction-apply.js';
import { ContractRun } from './contract-run.js';
import { RecordedFootprint } from './footprint.js';
import { diagnosticEvent, HostFailure, hostErrorText } from './host-failure.js';
import { base64 } from './ledger-entries.js';
import { StateOverlay, type EntryReader } from './ledger-state.js';
import { requiredResourceFee } from './network-limits.js';
import { operationSource, type TransactionInput } from './transaction-input.js';

/** What simulateTransaction answers, without latestLedger. */
export type SimulationReply =
  | { readonly error: string; readonly events?: readonly string[] }
  | {
    readonly transactionData: string; readonly minResourceFee: string; readonly events: readonly string[];
    readonly results: readonly { readonly xdr: string; readonly auth: readonly string[] }[]; readonly stateChanges: readonly unknown[];
  };

export function calledContract(body: xdr.InvokeHostFunctionOp): { contract: string; fn: string; args: readonly xdr.ScVal[] } | undefined {
  if (body.hostFunction.type !== 'hostFunctionTypeInvokeContract') return undefined;
  const { contractAddress, functionName, args } = body.hostFunction.value;
  return { contract: Address.fromScAddress(contractAddress).toString(), fn: functionName.toString(), args };
}

/** Runs the one operation in recording mode. Sequence, time, signatures and fees are not looked at (`stellar.md` B). */
export function simulate(input: TransactionInput, state: EntryReader, place: ApplyContext): SimulationReply {
  const [operation, another] = input.operations;
  if (input.unsupported) return { error: `Transaction cannot be simulated: ${input.unsupported}` };
  if (!operation || another) return { error: 'Transaction contains more than one operation' };
  if (input.hasMemo) return { error: 'Transaction contains a memo' };
  const call = operation.body.type === 'invokeHostFunction' ? calledContract(operation.body.value) : undefined;
  if (!call) return { error: 'Transaction contains unsupported operation type: only contract calls are modelled' };
  const footprint = new RecordedFootprint();
  const authorization = new RecordedAuthorization(operationSource(operation, input));
  const run = new ContractRun({
    code: place.code, networkPassphrase: place.networkPassphrase, ledger: { sequence: place.sequence, timestamp: BigInt(place.closeTime) }, access: footprint, authorization,
  });
  try {
    const value = run.invoke(new StateOverlay(state, place.sequence), call);
    const declared = footprint.footprint();
    const resourceFee = requiredResourceFee(declared.readWrite.length);
    return {
      transactionData: base64(resources(declared, resourceFee)), minResourceFee: String(resourceFee), events: run.log.map((event) => base64(diagnosticEvent(event))),
      results: [{ xdr: base64(value), auth: authorization.entries().map(base64) }], stateChanges: [],
    };
  } catch (thrown) {
    if (!(thrown instanceof HostFailure)) throw thrown;
    return { error: hostErrorText(thrown, run.log), events: run.log.map((event) => base64(diagnosticEvent({ ...event, successful: false }))) };
  }
}

/** Instructions and bytes are plausible figures, not metered ones: the model has no budget. */
function resources(footprint: xdr.LedgerFootprint, resourceFee: bigint): xdr.SorobanTransactionData {
  const entries = footprint.readOnly.length + footprint.readWrite.length;
  return new SorobanDataBuilder().setFootprint(footprint.readOnly, footprint.readWrite)
    .setResources(1_000_000 + 200_000 * entries, 0, 400 * footprint.readWrite.length).setResourceFee(resourceFee).build();
}
