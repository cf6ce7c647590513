import { Keypair } from '@stellar/stellar-sdk';
import { accountKey, keyed } from './ledger-entries.js';
import { readAccount, type EntryReader } from './ledger-state.js';
import { BASE_FEE, MIN_BALANCE, requiredResourceFee, TX_FOOTPRINT_ENTRIES_MAX, TX_WRITE_ENTRIES_MAX } from './network-limits.js';
import { declaredWrites, operationSource, type TransactionInput } from './transaction-input.js';
import type { RefusalCode } from './transaction-results.js';

/** What a transaction is judged against. */
export interface ValidityContext {
  readonly state: EntryReader;
  /** Ledger it would land in. */
  readonly ledger: number;
  /** Judged with minTime, unix seconds: close time of that ledger, or the node's clock at submission. */
  readonly earliest: bigint;
  /** Judged with maxTime, inclusive: close time of that ledger, or the latest estimate at submission (`stellar.md` C.1). */
  readonly latest: bigint;
}

/** Why a transaction cannot be included, in the order of `stellar.md` H; null when it can. */
export function refusalOf(input: TransactionInput, context: ValidityContext): RefusalCode | null {
  return structureRefusal(input) ?? timeRefusal(input, context) ?? feeRefusal(input) ?? accountRefusal(input, context.state);
}

/** Stroops offered beyond the resource fee. */
export const inclusionFee = (input: TransactionInput): bigint => input.fee - (input.sorobanData?.resourceFee ?? 0n);
/** Stroops taken: the whole resource fee (refunds are not modelled) and the base fee of each operation. */
export const chargedFee = (input: TransactionInput): bigint => (input.sorobanData?.resourceFee ?? 0n) + BASE_FEE * BigInt(input.operations.length);

function structureRefusal(input: TransactionInput): RefusalCode | null {
  if (input.unsupported) return 'txNotSupported';
  if (input.operations.length === 0) return 'txMissingOperation';
  const soroban = input.operations.some((operation) => operation.body.type === 'invokeHostFunction');
  if (soroban) return input.operations.length > 1 ? 'txMalformed' : sorobanRefusal(input);
  return input.sorobanData ? 'txMalformed' : null;
}

function sorobanRefusal(input: TransactionInput): RefusalCode | null {
  const { sorobanData } = input;
  if (!sorobanData) return 'txSorobanInvalid';
  const { readOnly, readWrite } = sorobanData.resources.footprint;
  const declared = [...readOnly, ...readWrite].map((key) => keyed(key).id);
  if (declared.length > TX_FOOTPRINT_ENTRIES_MAX || readWrite.length > TX_WRITE_ENTRIES_MAX) return 'txSorobanInvalid';
  if (new Set(declared).size !== declared.length) return 'txSorobanInvalid';
  if (sorobanData.resourceFee < requiredResourceFee(declaredWrites(input)) || sorobanData.resourceFee > input.fee) return 'txSorobanInvalid';
  return null;
}

function timeRefusal(input: TransactionInput, context: ValidityContext): RefusalCode | null {
  if (input.minTime > context.earliest || input.minLedger > context.ledger) return 'txTooEarly';
  if (input.maxTime !== 0n && input.maxTime < context.latest) return 'txTooLate';
  return input.maxLedger !== 0 && context.ledger >= input.maxLedger ? 'txTooLate' : null;
}

const feeRefusal = (input: TransactionInput): RefusalCode | null => (inclusionFee(input) < BASE_FEE * BigInt(input.operations.length) ? 'txInsufficientFee' : null);

function accountRefusal(input: TransactionInput, state: EntryReader): RefusalCode | null {
  const account = readAccount(state, accountKey(input.source));
  if (!account) return 'txNoAccount';
  const next = input.minSequence === null ? account.sequence + 1n === input.sequence : input.minSequence <= account.sequence && account.sequence < input.sequence;
  if (!next) return 'txBadSeq';
  const signers = signaturesOf(input);
  if (!signers.signedBy(input.source)) return 'txBadAuth';
  if (account.balance - MIN_BALANCE < input.fee) return 'txInsufficientBalance';
  return signers.unused() ? 'txBadAuthExtra' : null;
}

const checks = new WeakMap<TransactionInput, SignatureCheck>();
/** Once per transaction: it is asked at submission, when a ledger is put together and when it is applied. */
export function signaturesOf(input: TransactionInput): SignatureCheck {
  const check = checks.get(input) ?? new SignatureCheck(input);
  checks.set(input, check);
  return check;
}

/** Signatures of master keys: the only signers this model knows. */
class SignatureCheck {
  private readonly byAddress: ReadonlyMap<string, boolean>;
  private readonly extra: boolean;

  constructor(input: TransactionInput) {
    const wanted = [...new Set([input.source, ...input.operations.map((operation) => operationSource(operation, input))])];
    const used = new Set<number>();
    this.byAddress = new Map(wanted.map((address) => [address, signatureOf(input, address, used)]));
    this.extra = used.size < input.signatures.length;
  }
  signedBy(address: string): boolean { return this.byAddress.get(address) ?? false; }
  /** Whether a signature belongs to nobody who had to sign. */
  unused(): boolean { return this.extra; }
}

function signatureOf(input: TransactionInput, address: string, used: Set<number>): boolean {
  const key = Keypair.fromPublicKey(address);
  const hint = Buffer.from(key.signatureHint());
  const index = input.signatures.findIndex((signature, at) => !used.has(at) && hint.equals(signature.hint.toBytes()) && key.verify(input.hashBytes, signature.signature));
  if (index >= 0) used.add(index);
  return index >= 0;
}
