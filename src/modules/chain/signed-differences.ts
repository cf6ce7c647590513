import {
  StrKey,
  Networks,
  scValToNative,
  TransactionBuilder,
  xdr,
  type Transaction,
} from '@stellar/stellar-sdk';
import { hintOf, isSignatureBy } from '../../common/ed25519.js';
import { callIn } from './authorization-entry.js';
import type { SignedDifference } from './signed-check.js';
import type { FundingCall } from './families/contract-family.js';
import { termsOfCall } from './families/families.js';

const asText = (value: string | undefined): string | null => value ?? null;

/** A field as it was issued and as it was received, and what is said when they are not the same. */
type Compared = readonly [
  field: SignedDifference['field'],
  expected: string | null,
  received: string | null,
  message: string,
];
export const unequal = (fields: readonly Compared[]): SignedDifference[] =>
  fields.flatMap(([field, expected, received, message]) =>
    expected === received ? [] : [{ field, expected, received, message }],
  );

/**
 * Every field in which a received transaction differs from the issued one. Signatures are not
 * compared.
 */
export function differencesOf(received: Transaction, issued: Transaction): SignedDifference[] {
  const plain: readonly Compared[] = [
    [
      'source',
      issued.source,
      received.source,
      received.source.startsWith('M')
        ? 'is a muxed address; the transaction must have the account itself as its source'
        : 'is another account',
    ],
    ['sequence', issued.sequence, received.sequence, 'is another sequence number'],
    ['fee', issued.fee, received.fee, 'is another fee, stroops'],
    [
      'maxTime',
      asText(issued.timeBounds?.maxTime),
      asText(received.timeBounds?.maxTime),
      'is another deadline, unix seconds',
    ],
    [
      'minTime',
      asText(issued.timeBounds?.minTime),
      asText(received.timeBounds?.minTime),
      'is another earliest time, unix seconds',
    ],
    ['memo', memoOf(issued), memoOf(received), 'is another memo'],
    [
      'preconditions',
      preconditionsOf(issued),
      preconditionsOf(received),
      'are other conditions for landing',
    ],
  ];
  return [
    ...unequal(plain),
    ...operationDifferences(received, issued),
    ...resourceDifferences(received, issued),
  ];
}

const memoOf = ({ memo }: Transaction): string | null =>
  memo.type === 'none'
    ? null
    : `${memo.type} ${memo.value instanceof Uint8Array ? shownBytes(memo.value) : String(memo.value)}`;
const shownBytes = (bytes: Uint8Array): string => {
  const text = Buffer.from(bytes).toString('utf8');
  return /^[\x20-\x7e]*$/.test(text) ? text : xdr.encodeBytes(bytes, 'hex');
};

function preconditionsOf({
  ledgerBounds,
  minAccountSequence,
  minAccountSequenceAge,
  minAccountSequenceLedgerGap,
  extraSigners,
}: Transaction): string | null {
  const set = [
    ledgerBounds && `ledgers ${ledgerBounds.minLedger} to ${ledgerBounds.maxLedger}`,
    minAccountSequence && `least sequence ${minAccountSequence}`,
    minAccountSequenceAge ? `sequence age ${minAccountSequenceAge}` : null,
    minAccountSequenceLedgerGap ? `sequence gap ${minAccountSequenceLedgerGap}` : null,
    extraSigners && extraSigners.length > 0 ? `${extraSigners.length} extra signers` : null,
  ].filter((each) => typeof each === 'string' && each !== '');
  return set.length === 0 ? null : set.join(', ');
}

interface OperationCall extends FundingCall {
  readonly auth: readonly string[];
  readonly source: string | null;
}

function callOf(transaction: Transaction): OperationCall | null {
  const [operation, ...others] = transaction.operations;
  if (
    operation?.type !== 'invokeHostFunction' ||
    others.length > 0 ||
    operation.func.type !== 'hostFunctionTypeInvokeContract'
  )
    return null;
  return {
    ...callIn(operation.func.value),
    auth: (operation.auth ?? []).map((entry) => entry.toXdr('base64')),
    source: operation.source ?? null,
  };
}
const shown = (transaction: Transaction): string => {
  const call = callOf(transaction);
  return call
    ? `${call.function} of ${call.contract}`
    : transaction.operations.map(({ type }) => type).join(', ') || 'none';
};

function operationDifferences(received: Transaction, issued: Transaction): SignedDifference[] {
  const [ours, theirs] = [callOf(issued), callOf(received)];
  if (!ours || theirs?.contract !== ours.contract || theirs.function !== ours.function)
    return [
      {
        field: 'operation',
        expected: shown(issued),
        received: shown(received),
        message: 'is another call',
      },
    ];
  const terms = argumentDifferences(ours.function, theirs.args, ours.args);
  const source =
    theirs.source === ours.source
      ? []
      : [
          {
            field: 'operation' as const,
            expected: ours.source,
            received: theirs.source,
            message: 'has another source of its own',
          },
        ];
  const auth =
    theirs.auth.join() === ours.auth.join()
      ? []
      : [
          {
            field: 'authorization' as const,
            expected: entries(ours.auth),
            received: entries(theirs.auth),
            message: 'is another authorization; a second simulation makes one',
          },
        ];
  return [...terms, ...source, ...auth];
}
/** The terms of a call in which two lists of arguments differ. */
export function argumentDifferences(
  called: string,
  received: readonly xdr.ScVal[],
  issued: readonly xdr.ScVal[],
): SignedDifference[] {
  const count = Math.max(issued.length, received.length);
  const names = termsOfCall(called);
  return Array.from({ length: count }, (_, at) => at).flatMap((at): SignedDifference[] => {
    const [expected, got] = [issued[at], received[at]];
    if (expected?.toXdr('base64') === got?.toXdr('base64')) return [];
    return [
      {
        field: names[at] ?? 'operation',
        expected: termOf(expected),
        received: termOf(got),
        message: 'is another term of the loan',
      },
    ];
  });
}
const entries = (auth: readonly string[]): string =>
  `${auth.length} ${auth.length === 1 ? 'entry' : 'entries'}`;

/** Longest text of a received value in a problem. */
const SHOWN_MAX = 2_000;

/**
 * Amounts in base units; a schedule as `amount@dueAt` rows. A value that cannot be decoded is shown
 * as base64 XDR.
 */
function termOf(value: xdr.ScVal | undefined): string | null {
  if (value === undefined) return null;
  try {
    const native: unknown = scValToNative(value);
    const text = Array.isArray(native)
      ? native
          .map((row: unknown) =>
            isInstalment(row) ? `${row.amount}@${row.due_date}` : jsonOf(row),
          )
          .join(', ')
      : jsonOf(native);
    return text.slice(0, SHOWN_MAX);
  } catch {
    return value.toXdr('base64').slice(0, SHOWN_MAX);
  }
}
const jsonOf = (native: unknown): string =>
  typeof native === 'object' && native !== null
    ? JSON.stringify(native, (_, member: unknown) =>
        typeof member === 'bigint' ? member.toString() : member,
      )
    : String(native);
const isInstalment = (row: unknown): row is { amount: bigint; due_date: bigint } =>
  typeof row === 'object' && row !== null && 'amount' in row && 'due_date' in row;

function resourceDifferences(received: Transaction, issued: Transaction): SignedDifference[] {
  const [ours, theirs] = [dataOf(issued), dataOf(received)];
  if (ours?.toXdr('base64') === theirs?.toXdr('base64')) return [];
  return [
    {
      field: 'resources',
      expected: figuresOf(ours),
      received: figuresOf(theirs),
      message: 'are other resources or another footprint; a second simulation makes them',
    },
  ];
}
function dataOf(transaction: Transaction): xdr.SorobanTransactionData | null {
  const envelope = transaction.toEnvelope();
  return envelope.type === 'envelopeTypeTx' && envelope.value.tx.ext.type === 'sorobanData'
    ? envelope.value.tx.ext.value
    : null;
}
function figuresOf(data: xdr.SorobanTransactionData | null): string | null {
  if (!data) return null;
  const { footprint, instructions, diskReadBytes, writeBytes } = data.resources;
  const keys = footprint.readOnly.length + footprint.readWrite.length;
  const bytes = `${diskReadBytes} bytes read, ${writeBytes} bytes written`;
  return `${instructions} instructions, ${bytes}, ${keys} keys, resource fee ${String(data.resourceFee)}`;
}

/**
 * Whether one of the signatures is by this key. A signature names its key by four bytes, and only
 * signatures that name it are verified: otherwise twenty signers with twenty signatures would take
 * seconds.
 */
export function signs(
  publicKey: Uint8Array,
  signatures: Transaction['signatures'],
  bytes: Uint8Array,
): boolean {
  const hint = Buffer.from(hintOf(publicKey));
  return signatures.some(
    (each) =>
      hint.equals(each.hint.toBytes()) && isSignatureBy(publicKey, bytes, each.signature.toBytes()),
  );
}

export const weightTooLow = (weight: number, needed: number): string =>
  `The valid signatures have weight ${weight} of ${needed}, the account's medium threshold.`;

/**
 * Why none of a transaction's signatures counts: it has none, or they are for another network or by
 * another key. A signature names its key by only four bytes. Empty when one counts.
 */
export function signatureDifferences(
  transaction: Transaction,
  signers: readonly string[],
  network: string,
): SignedDifference[] {
  const { signatures } = transaction;
  const wanted = signers.join(', ') || null;
  if (signatures.length === 0)
    return [
      {
        field: 'signature',
        expected: wanted,
        received: null,
        message: 'is missing: the transaction is not signed',
      },
    ];
  const keys = signers.map((signer) => StrKey.decodeEd25519PublicKey(signer));
  const signedUnder = (passphrase: string): boolean => {
    const bytes = under(transaction, passphrase);
    return keys.some((key) => signs(key, signatures, bytes));
  };
  if (signedUnder(network)) return [];
  const other = otherNetwork(network, signedUnder);
  if (other !== undefined)
    return [
      {
        field: 'network',
        expected: network,
        received: other,
        message: 'is another network: the signature is for that one',
      },
    ];
  const hints = signatures.map(({ hint }) => xdr.encodeBytes(hint.toBytes(), 'hex'));
  if (keys.some((key) => hints.includes(xdr.encodeBytes(hintOf(key), 'hex')))) {
    return [
      {
        field: 'network',
        expected: network,
        received: null,
        message:
          'is another network, or the transaction was changed after it was signed: the ' +
          'right key has signed other bytes',
      },
    ];
  }
  return [
    {
      field: 'signature',
      expected: wanted,
      received: hints.map((hint) => `a key that ends in the bytes ${hint}`).join(', '),
      message: 'is by another key',
    },
  ];
}

/** Another known network under which signatures are valid. */
export const otherNetwork = (
  network: string,
  signedUnder: (passphrase: string) => boolean,
): string | undefined =>
  Object.values(Networks).find((passphrase) => passphrase !== network && signedUnder(passphrase));

const under = (transaction: Transaction, passphrase: string): Uint8Array =>
  TransactionBuilder.fromXdr(transaction.toXdr(), passphrase).hash();
