import { randomBytes } from 'node:crypto';
import {
  Address,
  buildAuthorizationEntryPreimage,
  hash,
  inspectAuthEntry,
  xdr,
} from '@stellar/stellar-sdk';
import type { InvocationView } from './authorizations.js';
import { decoded } from './event-data.js';
import type { FundingCall } from './families/contract-family.js';

/** A call and the calls inside it that need the same authorization. */
export const invocationOf = (
  { contract, function: called, args }: FundingCall,
  inside: readonly FundingCall[],
): xdr.SorobanAuthorizedInvocation =>
  new xdr.SorobanAuthorizedInvocation({
    function: xdr.SorobanAuthorizedFunction.sorobanAuthorizedFunctionTypeContractFn(
      new xdr.InvokeContractArgs({
        contractAddress: new Address(contract).toScAddress(),
        functionName: called,
        args: [...args],
      }),
    ),
    subInvocations: inside.map((call) => invocationOf(call, [])),
  });

/** With a new random nonce, so that one entry can land once and two never exclude each other. */
export const unsignedEntry = (authorization: {
  readonly address: string;
  readonly expirationLedger: number;
  readonly invocation: xdr.SorobanAuthorizedInvocation;
}): xdr.SorobanAuthorizationEntry =>
  entryOf(
    {
      address: new Address(authorization.address).toScAddress(),
      nonce: randomBytes(8).readBigInt64BE(),
      signatureExpirationLedger: authorization.expirationLedger,
    },
    authorization.invocation,
    xdr.ScVal.scvVoid(),
  );

/** The same entry with this signature. */
export const withSignature = (
  { address, nonce, expirationLedger, invocation }: AddressedEntry,
  signature: xdr.ScVal,
): xdr.SorobanAuthorizationEntry =>
  entryOf(
    {
      address: new Address(address).toScAddress(),
      nonce,
      signatureExpirationLedger: expirationLedger,
    },
    invocation,
    signature,
  );

const entryOf = (
  credentials: {
    readonly address: xdr.ScAddress;
    readonly nonce: bigint;
    readonly signatureExpirationLedger: number;
  },
  rootInvocation: xdr.SorobanAuthorizedInvocation,
  signature: xdr.ScVal,
): xdr.SorobanAuthorizationEntry =>
  new xdr.SorobanAuthorizationEntry({
    credentials: xdr.SorobanCredentials.sorobanCredentialsAddress(
      new xdr.SorobanAddressCredentials({ ...credentials, signature }),
    ),
    rootInvocation,
  });

export interface AddressedEntry {
  readonly address: string;
  readonly nonce: bigint;
  readonly expirationLedger: number;
  readonly invocation: xdr.SorobanAuthorizedInvocation;
}
/** Null: the entry is by the source account. */
export function addressedEntry(entry: xdr.SorobanAuthorizationEntry): AddressedEntry | null {
  const { address, nonce, signatureExpirationLedger, invocation } = inspectAuthEntry(entry);
  return address === null || nonce === null || signatureExpirationLedger === null
    ? null
    : { address, nonce, expirationLedger: signatureExpirationLedger, invocation };
}

/** Of an entry that this service made. @throws Error without an address (a programming fault) */
export function ownEntry(entry: xdr.SorobanAuthorizationEntry): AddressedEntry {
  const addressed = addressedEntry(entry);
  if (!addressed) throw new Error('an authorization of ours has no address');
  return addressed;
}

/** What is signed, and the sha256 of it, which the signature is over. */
export function preimageOf(
  entry: xdr.SorobanAuthorizationEntry,
  expirationLedger: number,
  networkPassphrase: string,
): { readonly xdr: string; readonly payload: Uint8Array } {
  const preimage = buildAuthorizationEntryPreimage(entry, expirationLedger, networkPassphrase);
  return { xdr: preimage.toXdr('base64'), payload: hash(preimage.toXdr()) };
}

export const callIn = ({
  contractAddress,
  functionName,
  args,
}: xdr.InvokeContractArgs): FundingCall => ({
  contract: Address.fromScAddress(contractAddress).toString(),
  function: functionName.toString(),
  args,
});
/** Null for the creation of a contract. */
export const callOf = ({
  function: called,
}: xdr.SorobanAuthorizedInvocation): FundingCall | null =>
  called.type === 'sorobanAuthorizedFunctionTypeContractFn' ? callIn(called.value) : null;

/** @throws Error for the creation of a contract, which no funding call contains */
export function viewOf(invocation: xdr.SorobanAuthorizedInvocation): InvocationView {
  const call = callOf(invocation);
  if (!call) throw new Error('an authorization that creates a contract');
  return {
    ...call,
    args: call.args.map(decoded),
    subInvocations: invocation.subInvocations.map(viewOf),
  };
}

/** Longest text of an invocation in a problem. */
const SHOWN_MAX = 500;
/** For people, such as `transfer of C… (G…, C…, 200)`. */
export function invocationText(invocation: xdr.SorobanAuthorizedInvocation): string {
  const call = callOf(invocation);
  if (!call) return 'the creation of a contract';
  const args = call.args.map((value) => JSON.stringify(decoded(value))).join(', ');
  return `${call.function} of ${call.contract} (${args})`.slice(0, SHOWN_MAX);
}
