import { Address, xdr } from '@stellar/stellar-sdk';
import { withUnknownExecutable } from './executable-reference.js';
import { isRecord } from './json-rpc.js';

/**
 * An answer of getLedgerEntries in which instances have an executable that no SDK knows.
 * @param contracts only these; absent: all
 */
export function withUnknownExecutables(reply: unknown, contracts?: readonly string[]): unknown {
  if (!isRecord(reply) || !Array.isArray(reply['entries'])) return undefined;
  const entries = reply['entries'].map((entry: unknown) => {
    if (!isRecord(entry) || typeof entry['key'] !== 'string' || typeof entry['xdr'] !== 'string')
      return entry;
    return isInstanceOf(entry['key'], contracts)
      ? { ...entry, xdr: withUnknownExecutable(entry['xdr']) }
      : entry;
  });
  return { ...reply, entries };
}

function isInstanceOf(text: string, contracts: readonly string[] | undefined): boolean {
  const key = xdr.LedgerKey.fromXdr(text, 'base64');
  if (key.type !== 'contractData' || key.value.key.type !== 'scvLedgerKeyContractInstance')
    return false;
  return contracts?.includes(Address.fromScAddress(key.value.contract).toString()) ?? true;
}
