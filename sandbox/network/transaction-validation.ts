import { StrKey, type xdr } from '@stellar/stellar-sdk';
import { hintOf, isSignatureBy } from '../../src/common/ed25519.js';
import { isClassicKey } from './entry-size.js';
import { accountKey, keyed } from './ledger-entries.js';
import { readAccount, type EntryReader } from './ledger-state.js';
import { TRANSACTION_LIMITS } from './ledger-settings.js';
import { BASE_FEE, MIN_BALANCE } from './network-limits.js';
import { declaredResources, restoreList } from './resource-fees.js';
import {
  inclusionFee,
  innerInclusionFee,
  paidOperations,
  refundableFee,
} from './transaction-fees.js';
import {
  isSoroban,
  operationSource,
  type FeeBump,
  type TransactionInput,
} from './transaction-input.js';
import type { Refusal, RefusalCode } from './transaction-results.js';

/** The values that a transaction is checked against. */
export interface ValidityContext {
  readonly state: EntryReader;
  /** The ledger in which it would land. */
  readonly ledger: number;
  /**
   * Compared with minTime, unix seconds: close time of that ledger, or the node's clock at
   * submission.
   */
  readonly earliest: bigint;
  /**
   * Compared with maxTime, inclusive: close time of that ledger, or the latest estimate at
   * submission (docs/stellar.md#inclusion).
   */
  readonly latest: bigint;
}

/**
 * Why a transaction cannot be included, in the validator's order
 * (docs/stellar.md#queue-and-validation-order); null when it can.
 */
export function refusalOf(input: TransactionInput, context: ValidityContext): Refusal | null {
  const outer = input.bump && bumpRefusal(input, input.bump, context.state);
  if (outer) return { code: outer, ofInner: false };
  const code =
    structureRefusal(input) ??
    timeRefusal(input, context) ??
    feeRefusal(input) ??
    accountRefusal(input, context.state);
  return code && { code, ofInner: input.bump !== null };
}

/**
 * The checks of the fee bump, before the inner transaction: its fee, at least at the inner one's
 * rate, and its payer.
 */
function bumpRefusal(
  input: TransactionInput,
  bump: FeeBump,
  state: EntryReader,
): RefusalCode | null {
  const [offered, operations] = [inclusionFee(input), paidOperations(input)];
  if (
    offered < BASE_FEE * operations ||
    offered * (operations - 1n) < innerInclusionFee(input) * operations
  )
    return 'txInsufficientFee';
  const account = readAccount(state, accountKey(bump.feeSource));
  if (!account) return 'txNoAccount';
  const signers = new SignatureCheck(bump, [bump.feeSource]);
  if (!signers.signedBy(bump.feeSource)) return 'txBadAuth';
  if (account.balance - MIN_BALANCE < bump.fee) return 'txInsufficientBalance';
  return signers.unused() ? 'txBadAuthExtra' : null;
}

function structureRefusal(input: TransactionInput): RefusalCode | null {
  if (input.unsupported) return 'txNotSupported';
  if (input.operations.length === 0) return 'txMissingOperation';
  if (input.operations.some(isSoroban))
    return input.operations.length > 1 ? 'txMalformed' : sorobanRefusal(input);
  return input.sorobanData ? 'txMalformed' : null;
}

function sorobanRefusal(input: TransactionInput): RefusalCode | null {
  const { sorobanData } = input;
  if (!sorobanData) return 'txSorobanInvalid';
  if (!declaredWell(sorobanData) || aboveLimits(sorobanData, input.sizeBytes))
    return 'txSorobanInvalid';
  return refundableFee(input) < 0n || sorobanData.resourceFee > input.fee
    ? 'txSorobanInvalid'
    : null;
}

/** Every key once; the restore list is sorted and names contract entries that may be written. */
function declaredWell(data: xdr.SorobanTransactionData): boolean {
  const { readOnly, readWrite } = data.resources.footprint;
  const declared = [...readOnly, ...readWrite].map((key) => keyed(key).id);
  const restored = restoreList(data);
  const rising = restored.every((index, at) => at === 0 || index > (restored[at - 1] ?? 0));
  const restorable = restored.every((index) => {
    const key = readWrite[index];
    return key !== undefined && !isClassicKey(key);
  });
  return new Set(declared).size === declared.length && rising && restorable;
}

function aboveLimits(data: xdr.SorobanTransactionData, sizeBytes: number): boolean {
  const limits = TRANSACTION_LIMITS;
  const { instructions, writeBytes, writeEntries, diskReadBytes, diskReadEntries } =
    declaredResources(data, sizeBytes);
  const touched = data.resources.footprint.readOnly.length + writeEntries;
  return (
    instructions > limits.instructions ||
    writeBytes > limits.writeBytes ||
    writeEntries > limits.writeEntries ||
    touched > limits.footprintEntries ||
    diskReadBytes > limits.diskReadBytes ||
    diskReadEntries > limits.diskReadEntries ||
    sizeBytes > limits.sizeBytes
  );
}

function timeRefusal(input: TransactionInput, context: ValidityContext): RefusalCode | null {
  if (input.minTime > context.earliest || input.minLedger > context.ledger) return 'txTooEarly';
  if (input.maxTime !== 0n && input.maxTime < context.latest) return 'txTooLate';
  return input.maxLedger !== 0 && context.ledger >= input.maxLedger ? 'txTooLate' : null;
}

/** Inside a fee bump, the transaction's own fee pays for nothing and is not checked. */
const feeRefusal = (input: TransactionInput): RefusalCode | null =>
  !input.bump && inclusionFee(input) < BASE_FEE * paidOperations(input)
    ? 'txInsufficientFee'
    : null;

function accountRefusal(input: TransactionInput, state: EntryReader): RefusalCode | null {
  const account = readAccount(state, accountKey(input.source));
  if (!account) return 'txNoAccount';
  const next =
    input.minSequence === null
      ? account.sequence + 1n === input.sequence
      : input.minSequence <= account.sequence && account.sequence < input.sequence;
  if (!next) return 'txBadSeq';
  const signers = signaturesOf(input);
  if (!signers.signedBy(input.source)) return 'txBadAuth';
  if (!input.bump && account.balance - MIN_BALANCE < input.fee) return 'txInsufficientBalance';
  return signers.unused() ? 'txBadAuthExtra' : null;
}

type Signed = Pick<TransactionInput, 'hashBytes' | 'signatures'>;
const checks = new WeakMap<TransactionInput, SignatureCheck>();
/**
 * Computed once per transaction, which is checked at submission, when a ledger is assembled and
 * when it is applied.
 */
export function signaturesOf(input: TransactionInput): SignatureCheck {
  const check =
    checks.get(input) ??
    new SignatureCheck(input, [
      input.source,
      ...input.operations.map((operation) => operationSource(operation, input)),
    ]);
  checks.set(input, check);
  return check;
}

/** Signatures of master keys, the only signers of a transaction in this model. */
class SignatureCheck {
  private readonly byAddress: ReadonlyMap<string, boolean>;
  private readonly extra: boolean;

  constructor(signed: Signed, signers: readonly string[]) {
    const used = new Set<number>();
    this.byAddress = new Map(
      [...new Set(signers)].map((address) => [address, signatureOf(signed, address, used)]),
    );
    this.extra = used.size < signed.signatures.length;
  }
  signedBy(address: string): boolean {
    return this.byAddress.get(address) ?? false;
  }
  /** Whether a signature belongs to no required signer. */
  unused(): boolean {
    return this.extra;
  }
}

function signatureOf(signed: Signed, address: string, used: Set<number>): boolean {
  const key = StrKey.decodeEd25519PublicKey(address);
  const hint = Buffer.from(hintOf(key));
  const index = signed.signatures.findIndex(
    (signature, at) =>
      !used.has(at) &&
      hint.equals(signature.hint.toBytes()) &&
      isSignatureBy(key, signed.hashBytes, signature.signature.toBytes()),
  );
  if (index >= 0) used.add(index);
  return index >= 0;
}
