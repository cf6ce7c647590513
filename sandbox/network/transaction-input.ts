import {
  FeeBumpTransaction,
  StrKey,
  TransactionBuilder,
  xdr,
  type Transaction,
} from '@stellar/stellar-sdk';
import type { LedgerLimits } from './ledger-settings.js';

/**
 * The fee bump around a transaction: another account pays; all other fields are the inner
 * transaction's.
 */
export interface FeeBump {
  /** Hex. */
  readonly innerHash: string;
  readonly feeSource: string;
  /** Stroops, the resource fee of the inner transaction included. */
  readonly fee: bigint;
  readonly hashBytes: Uint8Array;
  readonly signatures: readonly xdr.DecoratedSignature[];
}

/**
 * A submitted transaction, parsed once. For a fee bump, all but `hash`, `envelope` and `bump`
 * belongs to the inner one. Money in stroops, times in unix seconds.
 */
export interface TransactionInput {
  /** Hex of the hash by which the network knows it: the outer one of a fee bump. */
  readonly hash: string;
  /** The bytes that `signatures` sign. */
  readonly hashBytes: Uint8Array;
  readonly envelope: string;
  readonly bump: FeeBump | null;
  /** A form that this model does not run; null when it can run it. */
  readonly unsupported: string | null;
  readonly source: string;
  readonly fee: bigint;
  readonly sequence: bigint;
  readonly minSequence: bigint | null;
  /** Inclusive. 0: no limit. */
  readonly maxTime: bigint;
  readonly minTime: bigint;
  readonly minLedger: number;
  /** Exclusive. 0: no limit. */
  readonly maxLedger: number;
  readonly hasMemo: boolean;
  readonly operations: readonly xdr.Operation[];
  readonly sorobanData: xdr.SorobanTransactionData | null;
  readonly signatures: readonly xdr.DecoratedSignature[];
  /** Bytes of the whole envelope. */
  readonly sizeBytes: number;
  /** Bytes without the fee bump around it: resource fees are computed from them. */
  readonly innerSizeBytes: number;
}

const NO_BODY = {
  source: '',
  fee: 0n,
  sequence: 0n,
  minSequence: null,
  maxTime: 0n,
  minTime: 0n,
  minLedger: 0,
  maxLedger: 0,
  hasMemo: false,
  operations: [],
  sorobanData: null,
} as const;

/** @throws Error when the text is not a transaction envelope */
export function readTransaction(envelope: string, networkPassphrase: string): TransactionInput {
  const parsed = TransactionBuilder.fromXdr(envelope, networkPassphrase);
  const sizeBytes = Buffer.byteLength(envelope, 'base64');
  if (!(parsed instanceof FeeBumpTransaction))
    return {
      ...bodyOf(parsed),
      hash: hex(parsed.hash()),
      envelope,
      bump: null,
      sizeBytes,
      innerSizeBytes: sizeBytes,
    };
  const inner = bodyOf(parsed.innerTransaction);
  const hashBytes = parsed.hash();
  const bump: FeeBump = {
    innerHash: hex(inner.hashBytes),
    feeSource: baseAccount(parsed.tx.feeSource),
    fee: parsed.tx.fee,
    hashBytes,
    signatures: parsed.signatures,
  };
  return {
    ...inner,
    hash: hex(hashBytes),
    envelope,
    bump,
    sizeBytes,
    innerSizeBytes: Buffer.byteLength(parsed.innerTransaction.toXdr(), 'base64'),
  };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function bodyOf(
  parsed: Transaction,
): Omit<TransactionInput, 'hash' | 'envelope' | 'bump' | 'sizeBytes' | 'innerSizeBytes'> {
  const known = { hashBytes: parsed.hash(), signatures: parsed.signatures };
  const { tx } = parsed;
  if (!('sourceAccount' in tx)) return { ...NO_BODY, ...known, unsupported: 'version 0 envelopes' };
  const agedPreconditions =
    (parsed.minAccountSequenceAge ?? 0n) > 0n ||
    (parsed.minAccountSequenceLedgerGap ?? 0) > 0 ||
    (parsed.extraSigners ?? []).length > 0;
  return {
    ...known,
    unsupported: agedPreconditions
      ? 'preconditions on sequence age, ledger gap or extra signers'
      : null,
    source: baseAccount(tx.sourceAccount),
    fee: BigInt(tx.fee),
    sequence: tx.seqNum,
    minSequence: parsed.minAccountSequence === undefined ? null : BigInt(parsed.minAccountSequence),
    minTime: BigInt(parsed.timeBounds?.minTime ?? 0),
    maxTime: BigInt(parsed.timeBounds?.maxTime ?? 0),
    minLedger: parsed.ledgerBounds?.minLedger ?? 0,
    maxLedger: parsed.ledgerBounds?.maxLedger ?? 0,
    hasMemo: tx.memo.type !== 'memoNone',
    operations: tx.operations,
    sorobanData: tx.ext.type === 'sorobanData' ? tx.ext.value : null,
  };
}

/** G address behind an account that may be muxed. */
export function baseAccount(account: xdr.MuxedAccount): string {
  return StrKey.encodeEd25519PublicKey(
    (account.type === 'keyTypeEd25519' ? account.value : account.value.ed25519).toBytes(),
  );
}

export const operationSource = (operation: xdr.Operation, input: TransactionInput): string =>
  operation.sourceAccount ? baseAccount(operation.sourceAccount) : input.source;

/** Operations that declare what they touch. */
export const isSoroban = ({ body }: xdr.Operation): boolean =>
  body.type === 'invokeHostFunction' ||
  body.type === 'extendFootprintTtl' ||
  body.type === 'restoreFootprint';

/**
 * A transaction's part of a ledger's limits: its declared figures, whether used or not. Only
 * contract calls take any.
 */
export function declaredRoom({ sorobanData, sizeBytes }: TransactionInput): LedgerLimits {
  if (!sorobanData) return { instructions: 0, writeBytes: 0, writeEntries: 0, sizeBytes: 0 };
  const { instructions, writeBytes, footprint } = sorobanData.resources;
  return { instructions, writeBytes, writeEntries: footprint.readWrite.length, sizeBytes };
}
