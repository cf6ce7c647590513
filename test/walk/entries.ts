import { Address, authorizeEntry, Keypair, scValToNative, xdr } from '@stellar/stellar-sdk';
import { altered, credentialsOf } from '../support/authorizations.js';
import type { Borrower } from '../support/given.js';

/** What the bytes of an authorization say. `amount`: what its loan takes from the pool, base units. */
export interface ReadEntry {
  readonly borrower: string;
  readonly nonce: bigint;
  readonly lastLedger: number;
  readonly amount: bigint;
}

const CALLS: readonly string[] = ['create_loan', 'borrow'];

const entryOf = (text: string): xdr.SorobanAuthorizationEntry =>
  xdr.SorobanAuthorizationEntry.fromXdr(text, 'base64');

/** @throws Error when it is not the call that makes a loan */
export function readEntry(text: string): ReadEntry {
  const entry = entryOf(text);
  const { address, nonce, signatureExpirationLedger } = credentialsOf(entry);
  const { function: called } = entry.rootInvocation;
  const name =
    called.type === 'sorobanAuthorizedFunctionTypeContractFn'
      ? called.value.functionName.toString()
      : called.type;
  if (called.type !== 'sorobanAuthorizedFunctionTypeContractFn' || !CALLS.includes(name))
    throw new Error(`an authorization of ${name} was offered to be signed`);
  const [total, guarantee = 0n] = called.value.args
    .map((arg): unknown => scValToNative(arg))
    .filter((arg) => typeof arg === 'bigint');
  if (total === undefined) throw new Error(`${name} is authorized without an amount`);
  return {
    borrower: Address.fromScAddress(address).toString(),
    nonce,
    lastLedger: signatureExpirationLedger,
    amount: total - guarantee,
  };
}

/** As the borrower's wallet signs it: an account, or a contract account whose owner has the key. */
export async function signedEntry(
  { xdr: text, hash }: { readonly xdr: string; readonly hash: string },
  { address, secret }: Borrower,
  passphrase: string,
): Promise<string> {
  const entry = entryOf(text);
  const key = Keypair.fromSecret(secret);
  const signed = address.startsWith('C')
    ? altered(entry, { signature: xdr.ScVal.scvBytes(key.sign(Buffer.from(hash, 'hex'))) })
    : await authorizeEntry(entry, key, credentialsOf(entry).signatureExpirationLedger, passphrase);
  return signed.toXdr('base64');
}

/** What some wallets return: the bare signature of an account. */
export const bareSignature = (hash: string, { secret }: Borrower): string =>
  Buffer.from(Keypair.fromSecret(secret).sign(Buffer.from(hash, 'hex'))).toString('base64');
