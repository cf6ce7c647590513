import { scValToNative, StrKey, xdr } from '@stellar/stellar-sdk';
import type { EventData } from './chain.js';
import type { ContractEvent } from './transaction-outcome.js';

/** As JSON can carry it. */
export const decoded = (value: xdr.ScVal): EventData => plain(scValToNative(value));
export const textOf = (data: EventData): string =>
  typeof data === 'string' ? data : JSON.stringify(data);

/** Null for an event of no contract, or of a shape that a later protocol may have. */
export function contractEventOf({ contractId, body }: xdr.ContractEvent): ContractEvent | null {
  if (contractId === null || body.type !== 'v0') return null;
  const topics = body.value.topics.map((topic) => textOf(decoded(topic)));
  return {
    contract: StrKey.encodeContract(contractId.toBytes()),
    name: topics[0] ?? '',
    topics,
    data: decoded(body.value.data),
  };
}

function plain(value: unknown): EventData {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint' || typeof value === 'number') return value.toString();
  if (value instanceof Uint8Array) return xdr.encodeBytes(value, 'hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return null;
  return Object.fromEntries(Object.entries(value).map(([member, held]) => [member, plain(held)]));
}
