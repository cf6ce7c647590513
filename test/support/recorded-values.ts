import { xdr } from '@stellar/stellar-sdk';
import { loanType, repaymentSchedule } from '../../sandbox/contracts/creditline-loan.js';
import { proposalAction } from '../../sandbox/contracts/parameters-proposals.js';
import {
  address,
  bool,
  bytes32,
  i128,
  optional,
  text,
  u32,
  u64,
  vecOf,
} from '../../sandbox/contracts/scval.js';
import { errorText } from '../../sandbox/network/host-failure.js';

/** Plain form of a recorded value: integers of 64 bits and more are decimal strings. */
export type Plain =
  null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

/** The parts of an envelope that decide the contract call. */
export interface Envelope {
  readonly args: readonly xdr.ScVal[];
  readonly footprint: xdr.LedgerFootprint;
  readonly writeBytes: number;
  readonly auth: readonly xdr.SorobanAuthorizationEntry[];
}

export function readEnvelope(base64: string): Envelope {
  const envelope = xdr.TransactionEnvelope.fromXdr(base64, 'base64');
  if (envelope.type !== 'envelopeTypeTx') throw new Error(`an envelope of type ${envelope.type}`);
  const { tx } = envelope.value;
  const body = tx.operations[0]?.body;
  const soroban = tx.ext.type === 'sorobanData' ? tx.ext.value : undefined;
  if (
    body?.type !== 'invokeHostFunction' ||
    body.value.hostFunction.type !== 'hostFunctionTypeInvokeContract' ||
    !soroban
  )
    throw new Error('no contract call in the envelope');
  const { footprint, writeBytes } = soroban.resources;
  return { args: body.value.hostFunction.value.args, footprint, writeBytes, auth: body.value.auth };
}

/** `Contract 5`, `Auth InvalidAction`: as recorded. */
export function errorName(error: xdr.ScError): string {
  return errorText(error).replace(/^Error\((\w+), #?(\w+)\)$/, '$1 $2');
}

/** Bytes that simulation adds for an account that has no extensions. */
export const EXTENSIONS_OF_AN_ACCOUNT = 52;

/** Size of the whole ledger entry, as a validator counts it. */
export function entryBytes(data: xdr.LedgerEntryData): number {
  return data.toXdr().length + 8;
}

const wide = (value: bigint): string => String(value);

export function plain(value: xdr.ScVal): Plain {
  switch (value.type) {
    case 'scvVoid':
      return null;
    case 'scvBool':
    case 'scvU32':
    case 'scvI32':
      return value.value;
    case 'scvU64':
    case 'scvI64':
      return wide(value.value);
    case 'scvI128':
      return wide(i128.decode(value));
    case 'scvSymbol':
    case 'scvString':
      return value.value.toString();
    case 'scvAddress':
      return address.decode(value);
    case 'scvBytes':
      return Buffer.from(value.value.toBytes()).toString('hex');
    case 'scvVec':
      return (value.value ?? []).map(plain);
    case 'scvMap':
      return plainEntries(value.value ?? []);
    case 'scvLedgerKeyContractInstance':
      return 'instance';
    default:
      throw new Error(`no plain form for ${value.type}`);
  }
}

/** Entries of a map or of an instance's storage, by the text of their keys. */
export function plainEntries(entries: readonly xdr.ScMapEntry[]): Record<string, Plain> {
  return Object.fromEntries(
    entries.map(({ key, val }) => {
      const name = plain(key);
      return [typeof name === 'string' ? name : JSON.stringify(name), plain(val)];
    }),
  );
}

const integer =
  (codec: { encode(value: bigint): xdr.ScVal }) =>
  (value: unknown): xdr.ScVal =>
    codec.encode(BigInt(value as string));
const account = (value: unknown): xdr.ScVal => optional(address).encode(value as string | null);
const small = (value: unknown): xdr.ScVal => u32.encode(value as number);

/** Encodings of the arguments of the recorded calls, by name. */
const ARGUMENTS: Readonly<Record<string, (value: unknown) => xdr.ScVal>> = {
  ...Object.fromEntries(
    [
      'user',
      'vendor',
      'provider',
      'borrower',
      'admin',
      'token',
      'treasury',
      'merchant_fund',
      'reputation_contract',
      'vendor_registry',
      'registry',
      'liquidity_pool',
      'caller',
      'creditline',
      'merchant',
      'from',
      'to',
      'proposer',
      'signer',
      'address',
      'new_admin',
      'updater',
    ].map((name) => [name, account]),
  ),
  ...Object.fromEntries(
    [
      'total_amount',
      'guarantee_amount',
      'amount',
      'shares',
      'principal',
      'interest',
      'interest_amount',
      'principal_shortfall',
    ].map((name) => [name, integer(i128)]),
  ),
  ...Object.fromEntries(['loan_id', 'proposal_id'].map((name) => [name, integer(u64)])),
  ...Object.fromEntries(
    ['installment_index', 'threshold', 'new_score'].map((name) => [name, small]),
  ),
  repayment_schedule: (value) =>
    repaymentSchedule.encode(
      (
        value as readonly { amount: string; due_date: string; paid: boolean; paid_at: string }[]
      ).map((row) => ({
        amount: BigInt(row.amount),
        due_date: BigInt(row.due_date),
        paid: row.paid,
        paid_at: BigInt(row.paid_at),
      })),
    ),
  loan_type: (value) => loanType.encode((value as readonly ['Standard' | 'LearnerInstallment'])[0]),
  signers: (value) => vecOf(address).encode(value as readonly string[]),
  allowed: (value) => bool.encode(value as boolean),
  name: (value) => text.encode(value as string),
  new_wasm_hash: (value) => bytes32.encode(Buffer.from(value as string, 'hex')),
  bps: small,
  action: (value) => readAction(value),
};

function readAction(value: unknown): xdr.ScVal {
  const [name, parts] = value as readonly [string, Readonly<Record<string, string | number>>];
  if (name !== 'UpdateParameters') throw new Error(`no action ${name} in the recordings`);
  const number = (key: string): number => Number(parts[key]);
  const big = (key: string): bigint => BigInt(parts[key] ?? '');
  return proposalAction({ longerParameters: 'late_fee_bps' in parts }).encode({
    base_interest_bps: number('base_interest_bps'),
    default_penalty: number('default_penalty'),
    full_repayment_reward: number('full_repayment_reward'),
    grace_period_seconds: big('grace_period_seconds'),
    large_loan_default_penalty: number('large_loan_default_penalty'),
    large_loan_threshold: big('large_loan_threshold'),
    min_guarantee_percent: big('min_guarantee_percent'),
    min_reputation_threshold: number('min_reputation_threshold'),
    late_fee_bps: number('late_fee_bps'),
    upgrade_delay_seconds: BigInt(parts['upgrade_delay_seconds'] ?? 0),
  });
}

export function argument(name: string, value: unknown): xdr.ScVal {
  const encode = ARGUMENTS[name];
  if (!encode) throw new Error(`no encoding for the argument ${name}`);
  return encode(value);
}
