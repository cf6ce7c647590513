import { Address, xdr } from '@stellar/stellar-sdk';
import { tokenHolding } from '../../sandbox/contracts/token.contract.js';
import { contractDataValue } from '../../sandbox/network/ledger-entries.js';
import type { StateOverlay } from '../../sandbox/network/ledger-state.js';
import type { RaisedError } from './recorded-replay.js';
import { plain, type Plain } from './recorded-values.js';

/** Undefined fields and the order of keys do not matter. */
export function normal(value: unknown): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

export function raisedOf(failedIn: unknown, error: string | undefined): unknown {
  if (failedIn === undefined) return { error };
  const { contract, error: name, firstError } = failedIn as RaisedError;
  return {
    contract,
    error: name,
    ...(firstError && { firstError: { contract: firstError.contract, error: firstError.error } }),
  };
}

/** Some steps record only the error that came out. */
export function asKnown(raised: RaisedError, expected: unknown): unknown {
  return typeof expected === 'object' && expected !== null && !('contract' in expected)
    ? { error: raised.error }
    : raised;
}

export function changesOf(meta: string): xdr.LedgerEntryChange[] {
  const read = xdr.TransactionMeta.fromXdr(meta, 'base64');
  return read.type === 'v4' ? read.value.operations.flatMap((operation) => operation.changes) : [];
}

export const keyOf = (
  data: Extract<xdr.LedgerEntryData, { type: 'contractData' }>,
): xdr.LedgerKey => {
  const { contract, key, durability } = data.value;
  return xdr.LedgerKey.contractData(new xdr.LedgerKeyContractData({ contract, key, durability }));
};

export function keyName(id: string): string {
  const key = xdr.LedgerKey.fromXdr(id, 'base64');
  switch (key.type) {
    case 'contractData':
      return (
        `${Address.fromScAddress(key.value.contract).toString().slice(0, 5)} ` +
        `${key.value.durability.name} ${safePlain(key.value.key)}`
      );
    case 'contractCode':
      return `code ${Buffer.from(key.value.hash.toBytes()).toString('hex').slice(0, 8)}`;
    case 'account':
      return `account ${Address.account(key.value.accountId.value.toBytes()).toString()}`;
    default:
      return key.type;
  }
}
const safePlain = (value: xdr.ScVal): string =>
  value.type === 'scvLedgerKeyNonce' ? 'nonce' : JSON.stringify(plain(value));

/** The recording shows the value of small entries, and only the amount of a holding. */
export function recordedValue(label: Plain, value: xdr.ScVal): Plain | undefined {
  const [role, kind] = Array.isArray(label) ? label : [];
  if (role === undefined || kind === 'Loan') return undefined;
  return role === 'token' ? String(tokenHolding.decode(value).amount) : plain(value);
}

export const shown = (name: string, value: string | undefined): unknown => ({ [name]: value });
export const lacking = (from: readonly string[], other: readonly string[]): string[] =>
  from.filter((each) => !other.includes(each));

export function amountBefore(overlay: StateOverlay, id: string): bigint {
  const before = overlay.before(id);
  return before ? tokenHolding.decode(contractDataValue(before.data)).amount : 0n;
}
