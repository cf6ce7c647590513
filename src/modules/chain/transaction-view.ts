import { TransactionBuilder, type Transaction, type xdr } from '@stellar/stellar-sdk';
import { callIn } from './authorization-entry.js';
import { type NamedArgument, namedArguments } from './authorization-view.js';
import type { InvocationView } from './authorizations.js';
import { decoded } from './event-data.js';

/** A transaction in plain members, for people who compare it with what a wallet shows. */
export interface TransactionView {
  readonly source: string;
  readonly sequence: string;
  /** Most that it may cost, stroops. */
  readonly fee: string;
  readonly calls: readonly {
    readonly contract: string;
    readonly function: string;
    readonly args: readonly NamedArgument[];
  }[];
}

/** Asks no node. Null: it cannot be read. */
export function transactionView(
  envelopeXdr: string,
  networkPassphrase: string,
): TransactionView | null {
  try {
    const read = TransactionBuilder.fromXdr(envelopeXdr, networkPassphrase);
    return viewOf('innerTransaction' in read ? read.innerTransaction : read);
  } catch {
    return null;
  }
}

const viewOf = (transaction: Transaction): TransactionView => ({
  source: transaction.source,
  sequence: transaction.sequence,
  fee: transaction.fee,
  calls: transaction.operations.flatMap((operation) =>
    operation.type === 'invokeHostFunction' ? calledBy(operation.func) : [],
  ),
});

function calledBy(called: xdr.HostFunction): TransactionView['calls'] {
  if (called.type !== 'hostFunctionTypeInvokeContract') return [];
  const call = callIn(called.value);
  const view: InvocationView = { ...call, args: call.args.map(decoded), subInvocations: [] };
  return [{ contract: view.contract, function: view.function, args: namedArguments(view) }];
}
