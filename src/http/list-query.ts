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
const cursor = z
  .string()
  .max(200, 'is not a cursor of this list')
  .transform((text, context) => {
    const place = placeOf(text);
    if (place === null)
      context.addIssue({
        code: 'custom',
        message: 'is not a cursor of this list: take `nextCursor` of the page before, as it is',
      });
    return place ?? z.NEVER;
  });

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
  cursor: cursor
    .optional()
    .meta({ description: '`nextCursor` of the page before, with the same filters' }),
  limit,
});
export const nextCursorSchema = z
  .string()
  .nullable()
  .meta({ description: '`cursor` of the next page; null: there is none' });

/** The query of a list without filters. */
export const limitQuery = z.strictObject({ limit });
