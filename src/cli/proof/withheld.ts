import { createHash } from 'node:crypto';
import type { Json, Row } from './bundle.js';

/** Columns with which a loan that has not landed could be landed. */
const SIGNED = new Set(['signed_xdr', 'signed_entry']);

/** Of a landing the whole transaction: it carries the signed entry. */
const isSigned = (name: string, row: Row): boolean =>
  SIGNED.has(name) || (name === 'xdr' && 'channel' in row);

/**
 * A row of a live hold without what is signed, because a bundle is passed on: whoever has a signed
 * transaction can land it. Its hash stays, so that it can be compared later.
 */
export const withheld = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).flatMap(([name, value]): [string, Json][] =>
      isSigned(name, row) && typeof value === 'string'
        ? [
            [name, null],
            [`${name}_sha256`, createHash('sha256').update(value).digest('hex')],
          ]
        : [[name, value]],
    ),
  );
