import { xdr } from '@stellar/stellar-sdk';
import { ownEntry, preimageOf, viewOf } from './authorization-entry.js';
import type { InvocationView } from './authorizations.js';
import { termsOfCall } from './families/families.js';
import type { EventData } from './chain.js';

/** What follows from an entry alone, so that it is not stored. Asks no node. */
export function authorizationParts(
  entryXdr: string,
  networkPassphrase: string,
): {
  /** Base64 XDR of the HashIdPreimage, which some wallets take instead of the entry. */
  readonly preimageXdr: string;
  readonly invocation: InvocationView;
} {
  const entry = xdr.SorobanAuthorizationEntry.fromXdr(entryXdr, 'base64');
  const { expirationLedger, invocation } = ownEntry(entry);
  return {
    preimageXdr: preimageOf(entry, expirationLedger, networkPassphrase).xdr,
    invocation: viewOf(invocation),
  };
}

/** SEP-41: the token call inside a funding call. */
const TRANSFER = ['from', 'to', 'amount'];

/** An argument of an authorized call. `name` null: not known. */
export interface NamedArgument {
  readonly name: string | null;
  readonly value: EventData;
}
/** The arguments with the names that this API uses for the terms of a loan. */
export function namedArguments({ function: called, args }: InvocationView): NamedArgument[] {
  const names: readonly string[] = called === 'transfer' ? TRANSFER : termsOfCall(called);
  return args.map((value, at) => ({ name: names[at] ?? null, value }));
}
