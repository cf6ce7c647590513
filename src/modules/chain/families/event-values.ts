import type { EventData } from '../chain.js';

const INTEGER = /^-?[0-9]{1,39}$/;
const ADDRESS = /^[GC][A-Z2-7]{55}$/;

/** An integer of an event's decoded data; null when it is none. */
export const integerIn = (data: EventData | undefined): bigint | null =>
  typeof data === 'string' && INTEGER.test(data) ? BigInt(data) : null;

export const addressIn = (data: EventData | undefined): string | null =>
  typeof data === 'string' && ADDRESS.test(data) ? data : null;

export const listIn = (data: EventData): readonly EventData[] | null =>
  Array.isArray(data) ? data : null;

/** All of a list's values as integers; null when it is no list of `length` integers. */
export function integersIn(data: EventData, length: number): readonly bigint[] | null {
  const values = listIn(data)?.map(integerIn);
  if (values?.length !== length) return null;
  const found = values.filter((value) => value !== null);
  return found.length === length ? found : null;
}
