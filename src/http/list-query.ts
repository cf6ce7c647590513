import { z } from 'zod';
import type { ListPlace } from '../common/list-place.js';
import { queriedInstant } from './wire.schemas.js';

const LIMIT_MAX = 200;
const LIMIT_DEFAULT = 50;

/** How many rows of a list are asked for: a whole number, which a query carries as text. */
export const limit = z
  .string()
  .regex(/^[0-9]{1,9}$/, 'must be a whole number')
  .default(String(LIMIT_DEFAULT))
  .transform(Number)
  .pipe(z.int().min(1, 'must be at least 1').max(LIMIT_MAX, `must be at most ${LIMIT_MAX}`))
  .meta({
    description: `How many rows at most, 1 to ${LIMIT_MAX}`,
    type: 'integer',
    minimum: 1,
    maximum: LIMIT_MAX,
  });

const PLACE = /^1\.([0-9]{1,17})\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** Opaque to callers. The leading 1 is the version of the form. */
export const cursorOf = (place: ListPlace): string =>
  Buffer.from(`1.${place.heldAtMicros}.${place.reservationId}`).toString('base64url');

function placeOf(cursor: string): ListPlace | null {
  const [, micros, reservationId] =
    PLACE.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  return micros === undefined || reservationId === undefined
    ? null
    : { heldAtMicros: BigInt(micros), reservationId };
}
/**
 * What a caller sends back of the page before.
 * @param placeOf null: it is no cursor of this list
 */
export const pageCursor = <Place>(
  placeOf: (cursor: string) => Place | null,
  given: z.ZodString = z.string(),
) =>
  given
    .max(200, 'is not a cursor of this list')
    .transform((text, context) => {
      const place = placeOf(text);
      if (place === null)
        context.addIssue({
          code: 'custom',
          message: 'is not a cursor of this list: take `nextCursor` of the page before, as it is',
        });
      return place ?? z.NEVER;
    })
    .optional()
    .meta({ description: '`nextCursor` of the page before, with the same filters' });

/**
 * Filters and pages of lists, newest first by the time the hold was made. Rows made meanwhile come
 * before the first page and move nothing. Offsets would not do: each new row would show the last
 * row of a page again.
 */
export const listQuery = z.strictObject({
  poolId: z.uuid('must be a UUID').optional().meta({ description: 'Only of this pool' }),
  state: z
    .enum(['held', 'settled', 'released', 'expired'], 'must be held, settled, released or expired')
    .optional()
    .meta({ description: 'Only with the reservation in this state' }),
  borrower: z
    .string()
    .regex(/^[GC][A-Z2-7]{55}$/, 'must be an account (G…) or contract account (C…) address')
    .optional()
    .meta({ description: 'Only of this borrower: an account or a contract account' }),
  createdAfter: queriedInstant
    .optional()
    .meta({ description: 'Only made at this time or later, RFC 3339', format: 'date-time' }),
  createdBefore: queriedInstant
    .optional()
    .meta({ description: 'Only made before this time, RFC 3339', format: 'date-time' }),
  cursor: pageCursor(placeOf),
  limit,
});
export const nextCursorSchema = z
  .string()
  .nullable()
  .meta({ description: '`cursor` of the next page; null: there is none' });

const ROW = /^2\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** The cursor of a list whose ids are in the order of their rows. */
const rowCursorOf = (id: string): string => Buffer.from(`2.${id}`).toString('base64url');
export const rowCursor = pageCursor(
  (text) => ROW.exec(Buffer.from(text, 'base64url').toString('latin1'))?.[1] ?? null,
  z.string('must be given once'),
);

/**
 * A page of rows that were read with one more than its limit.
 * @param cursorOf the cursor of the page behind this row
 */
export function pageOf<Row>(
  rows: readonly Row[],
  most: number,
  cursorOf: (last: Row) => string,
): { readonly rows: readonly Row[]; readonly nextCursor: string | null } {
  const last = rows.length > most ? rows[most - 1] : undefined;
  return { rows: rows.slice(0, most), nextCursor: last ? cursorOf(last) : null };
}
export const rowPage = <Row extends { readonly id: string }>(
  rows: readonly Row[],
  most: number,
): { readonly rows: readonly Row[]; readonly nextCursor: string | null } =>
  pageOf(rows, most, ({ id }) => rowCursorOf(id));

/** The query of a list without filters. */
export const limitQuery = z.strictObject({ limit });
