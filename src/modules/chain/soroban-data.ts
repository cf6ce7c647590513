import { type EncodedKey, XdrCursor } from './xdr-cursor.js';

/** What a transaction declares to the network, as bytes: its footprint's keys are never decoded. */
export interface SorobanData {
  /** Positions in `readWrite` of the entries to restore on the way; null: no list at all. */
  readonly archived: readonly number[] | null;
  readonly readOnly: readonly EncodedKey[];
  readonly readWrite: readonly EncodedKey[];
  readonly instructions: number;
  readonly diskReadBytes: number;
  readonly writeBytes: number;
  /** Stroops. */
  readonly resourceFee: bigint;
}

export function readSorobanData(cursor: XdrCursor): SorobanData {
  const archived = cursor.flag() ? list(cursor, () => cursor.u32()) : null;
  const key = (): EncodedKey => cursor.ledgerKey();
  return {
    archived,
    readOnly: list(cursor, key),
    readWrite: list(cursor, key),
    instructions: cursor.u32(),
    diskReadBytes: cursor.u32(),
    writeBytes: cursor.u32(),
    resourceFee: cursor.i64(),
  };
}

/** @throws Error when these are not exactly the bytes of one */
export function sorobanDataOf(bytes: Buffer): SorobanData {
  const cursor = new XdrCursor(bytes);
  const data = readSorobanData(cursor);
  cursor.end();
  return data;
}

export function sorobanDataBytes(data: SorobanData): Buffer {
  const { archived, readOnly, readWrite, instructions, diskReadBytes, writeBytes } = data;
  const fee = Buffer.alloc(8);
  fee.writeBigInt64BE(data.resourceFee);
  return Buffer.concat([
    archived === null ? numbers(0) : numbers(1, archived.length, ...archived),
    numbers(readOnly.length),
    ...readOnly.map(({ bytes }) => bytes),
    numbers(readWrite.length),
    ...readWrite.map(({ bytes }) => bytes),
    numbers(instructions, diskReadBytes, writeBytes),
    fee,
  ]);
}

/** The entries to restore on the way. */
export const archivedIn = ({ archived, readWrite }: SorobanData): EncodedKey[] =>
  (archived ?? []).flatMap((index) => readWrite[index] ?? []);

/** 32 bits each. @throws RangeError for one that does not fit */
export function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, 4 * index);
  return bytes;
}

function list<T>(cursor: XdrCursor, each: () => T): T[] {
  const found: T[] = [];
  cursor.many(() => found.push(each()));
  return found;
}
