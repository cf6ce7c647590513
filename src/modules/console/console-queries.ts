import { z } from 'zod';
import { limit, rowCursor } from '../../http/list-query.js';
import { queriedInstant } from '../../http/wire.schemas.js';
import type { RowPlace } from '../reporting/console-rows.js';

const DAYS_MAX = 366;
const DAY_MS = 86_400_000;

/** A quarter of an hour, which shows a race, whole hours, or a range. */
export const historyQuery = z
  .strictObject({
    hours: z
      .string()
      .regex(/^(0\.25|[0-9]{1,3})$/, 'must be 0.25 or a whole number')
      .default('24')
      .transform(Number)
      .pipe(z.number().min(0.25, 'must be at least 0.25').max(168, 'must be at most 168')),
    since: queriedInstant.optional(),
    until: queriedInstant.optional(),
  })
  .refine(({ since, until }) => since === undefined || since < (until ?? new Date()), {
    path: ['until'],
    message: 'must be after since',
  })
  .refine(
    ({ since, until = new Date() }) =>
      since === undefined || until.getTime() - since.getTime() <= DAYS_MAX * DAY_MS,
    { path: ['since'], message: `must be at most ${DAYS_MAX} days before until` },
  );
export type HistoryQuery = z.infer<typeof historyQuery>;

const PLACE = /^3\|([0-9 :.+-]{20,40})\|([0-9a-f-]{1,40})$/;
/** Opaque to the page. */
export const placeCursorOf = ({ at, tie }: RowPlace): string =>
  Buffer.from(`3|${at}|${tie}`).toString('base64url');
const placeCursor = z
  .string()
  .max(200)
  .transform((text, context): RowPlace => {
    const [, at, tie] = PLACE.exec(Buffer.from(text, 'base64url').toString('latin1')) ?? [];
    if (at !== undefined && tie !== undefined) return { at, tie };
    context.addIssue({ code: 'custom', message: 'is not a cursor of this list' });
    return z.NEVER;
  });
const word = z.string('must be given once').min(1, 'must not be empty').max(100, 'is too long');

export const rowsQuery = z.strictObject({
  since: queriedInstant.optional(),
  until: queriedInstant.optional(),
  state: word.optional(),
  code: word.optional(),
  class: word.optional(),
  borrower: word.optional(),
  cursor: placeCursor.optional(),
  limit,
});

export const keysQuery = z.strictObject({
  tenant: word.optional(),
  live: z.enum(['true', 'false'], 'must be true or false').optional(),
  cursor: rowCursor,
  limit,
});
