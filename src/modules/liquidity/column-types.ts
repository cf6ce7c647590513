import type { ColumnOptions, ValueTransformer } from 'typeorm';
import { packXdr, unpackXdr } from './holds/envelope-packing.js';

/**
 * Maps numeric and bigint columns to `bigint`. The driver returns text, and a JavaScript number
 * would lose units above 2^53.
 */
const asBigint: ValueTransformer = {
  from: (value: string | null): bigint | null => (value === null ? null : BigInt(value)),
  to: (value: bigint | null): string | null => (value === null ? null : value.toString()),
};
/** A number is wide enough for ledgers and counts. */
const asNumber: ValueTransformer = {
  from: (value: string | null): number | null => (value === null ? null : Number(value)),
  to: (value: number | null): number | null => value,
};

const asXdr: ValueTransformer = {
  from: (value: Buffer): string => unpackXdr(value),
  to: (value: string): Buffer => packXdr(value),
};

/** numeric(39,0): i128 base units. */
export const amount = (name: string, nullable = false): ColumnOptions => ({
  name,
  type: 'numeric',
  precision: 39,
  scale: 0,
  nullable,
  transformer: asBigint,
});
export const bigInteger = (name: string, nullable = false): ColumnOptions => ({
  name,
  type: 'bigint',
  nullable,
  transformer: asBigint,
});
export const loanNumber = (name: string, nullable = false): ColumnOptions => ({
  name,
  type: 'numeric',
  precision: 20,
  scale: 0,
  nullable,
  transformer: asBigint,
});
export const ledger = (name: string, nullable = false): ColumnOptions => ({
  name,
  type: 'bigint',
  nullable,
  transformer: asNumber,
});
export const moment = (name: string, nullable = false): ColumnOptions => ({
  name,
  type: 'timestamptz',
  nullable,
});
export const packedXdr = (name: string): ColumnOptions => ({
  name,
  type: 'bytea',
  transformer: asXdr,
});
