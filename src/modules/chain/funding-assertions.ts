import {
  Keypair,
  TransactionBuilder,
  xdr,
  type FeeBumpTransaction,
  type Transaction,
} from '@stellar/stellar-sdk';
import { unreachable, decodeReply } from './chain-trouble.js';
import type { Funding } from './chain.js';
import { signs } from './signed-differences.js';

const METHOD = 'simulateTransaction';

export interface ExpectedFunding {
  readonly networkPassphrase: string;
  /** The borrower; for a landing, the channel. */
  readonly source: string;
  /**
   * Base64 XDR of the one signed entry that a landing carries, which the source has signed; null:
   * the source is the borrower, who has yet to sign.
   */
  readonly authorization: string | null;
  readonly sequence: bigint;
  readonly maxTime: bigint;
  readonly fee: bigint;
}

/**
 * Above any close time in seconds for 3,000 years and below every one in milliseconds, which the
 * SDK accepts without an error (docs/stellar.md#building-a-transaction).
 */
const SECONDS_BELOW = 100_000_000_000n;
/** A transaction's fee is 32 bits wide. */
const FEE_BELOW = 1n << 32n;

/**
 * Checks the final bytes, not the objects they came from: the borrower receives exactly what is
 * asserted and hashed.
 * @throws HoldfastError CHAIN_UNREACHABLE when the simulation led to a transaction that must not be
 * issued
 */
export function assertFunding(
  envelope: string,
  expected: ExpectedFunding,
): Pick<Funding, 'hash' | 'xdr' | 'sequence' | 'maxTime' | 'fee'> {
  const transaction = decodeReply(METHOD, () =>
    TransactionBuilder.fromXdr(envelope, expected.networkPassphrase),
  );
  const faults = isPlain(transaction) ? faultsOf(transaction, expected) : ['it is a fee bump'];
  if (faults.length)
    throw unreachable(
      METHOD,
      `the simulation led to a transaction that is not issued: ${faults.join('; ')}.`,
    );
  return {
    xdr: envelope,
    sequence: expected.sequence,
    maxTime: expected.maxTime,
    fee: expected.fee,
    hash: xdr.encodeBytes(transaction.hash(), 'hex'),
  };
}

const isPlain = (transaction: Transaction | FeeBumpTransaction): transaction is Transaction =>
  !('innerTransaction' in transaction);

function isSignedBy(transaction: Transaction, source: string): boolean {
  const { signatures } = transaction;
  return (
    signatures.length === 1 && signs(Keypair.fromPublicKey(source), signatures, transaction.hash())
  );
}

function faultsOf(transaction: Transaction, expected: ExpectedFunding): string[] {
  const [operation, ...others] = transaction.operations;
  const bounds = transaction.timeBounds;
  const auth = operation?.type === 'invokeHostFunction' ? (operation.auth ?? []) : null;
  const { authorization } = expected;
  const sourceOnly = auth?.every(
    (entry) => entry.credentials.type === 'sorobanCredentialsSourceAccount',
  );
  const carriesIt = auth?.length === 1 && auth[0]?.toXdr('base64') === authorization;
  const checks: readonly (readonly [boolean, string])[] = [
    [operation !== undefined && others.length === 0, 'not exactly one operation'],
    [transaction.source === expected.source, 'the source is another account'],
    [
      operation?.source === undefined || operation.source === expected.source,
      'the operation has another source',
    ],
    // Address credentials could be moved into another envelope with another hash, past the deadline
    // (docs/stellar.md#authorisation).
    authorization === null
      ? [sourceOnly === true, 'an authorisation is not by the source account']
      : [carriesIt, 'it does not carry exactly the signed authorization'],
    [bounds?.minTime === '0', 'minTime is not 0'],
    [
      bounds?.maxTime === expected.maxTime.toString() &&
        expected.maxTime > 0n &&
        expected.maxTime < SECONDS_BELOW,
      'maxTime is not T in seconds',
    ],
    [
      transaction.sequence === expected.sequence.toString(),
      "the sequence is not the account's next one",
    ],
    [
      transaction.fee === expected.fee.toString() && expected.fee < FEE_BELOW,
      'the fee is not inclusion fee plus resource fee, or too large',
    ],
    [transaction.toEnvelope().value.tx.ext.type === 'sorobanData', 'the resources are missing'],
    authorization === null
      ? [transaction.signatures.length === 0, 'it is signed already']
      : [isSignedBy(transaction, expected.source), 'it is not signed by the source alone'],
  ];
  return checks.flatMap(([holds, fault]) => (holds ? [] : [fault]));
}
