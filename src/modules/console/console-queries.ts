import { z } from 'zod';
import { HoldfastError } from '../../common/errors.js';
import { limit, pageCursor, rowCursor } from '../../http/list-query.js';
import { queriedInstant } from '../../http/wire.schemas.js';
import { EVENT_KINDS } from '../notifications/webhooks.schemas.js';
import { ROW_KINDS, type RowKind } from '../reporting/console-rows.js';
import type { RowPlace } from '../reporting/row-place.js';

/** What every list has beside its rows; null: the last page. */
export interface Page {
  readonly nextCursor: string | null;
}

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

const TIES = {
  bigint: /^-?[0-9]{1,18}$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
} as const;
const PLACE = /^([a-z-]+)\|([0-9]{1,17})\|([0-9a-f-]{1,36})$/;
/**
 * The cursors of one list, opaque to the page. They name their list, so that no other takes them.
 * @param tie type of what orders rows of the same number
 */
function cursorsOf(list: string, tie: keyof typeof TIES) {
  const placeOf = (cursor: string): RowPlace | null => {
    const [, of, at, tied] = PLACE.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
    if (of !== list || at === undefined || tied === undefined || !TIES[tie].test(tied)) return null;
    return { at: BigInt(at), tie: tied };
  };
  return {
    cursor: pageCursor(placeOf),
    cursorOf: (place: RowPlace): string =>
      Buffer.from(`${list}|${place.at}|${place.tie}`).toString('base64url'),
  };
}
const word = z.string('must be given once').min(1, 'must not be empty').max(100, 'is too long');

const rowsListOf = (kind: RowKind) => {
  const { cursor, cursorOf } = cursorsOf(kind, ROW_KINDS[kind].tie[1]);
  return {
    cursorOf,
    query: z.strictObject({
      since: queriedInstant.optional(),
      until: queriedInstant.optional(),
      state: word.optional(),
      code: word.optional(),
      class: word.optional(),
      borrower: word.optional(),
      cursor,
      limit,
    }),
  };
};
const isRowKind = (text: string): text is RowKind => Object.hasOwn(ROW_KINDS, text);
const ROWS_LISTS = new Map(
  Object.keys(ROW_KINDS)
    .filter(isRowKind)
    .map((kind) => [kind as string, { kind, ...rowsListOf(kind) }]),
);
/** @throws HoldfastError NOT_FOUND */
export function rowsListCalled(name: string): NonNullable<ReturnType<typeof ROWS_LISTS.get>> {
  const found = ROWS_LISTS.get(name);
  if (found) return found;
  throw new HoldfastError(
    'NOT_FOUND',
    `There are no rows called ${name}; there are ${[...ROWS_LISTS.keys()].join(', ')}.`,
  );
}

const holdsCursors = cursorsOf('holds', 'uuid');
export const holdsCursorOf = holdsCursors.cursorOf;
export const holdsQuery = z.strictObject({
  borrower: word.optional(),
  stage: z
    .enum(['unsubmitted', 'submitted', 'lapsed'], 'must be unsubmitted, submitted or lapsed')
    .optional(),
  cursor: holdsCursors.cursor,
  limit,
});

const inFlightCursors = cursorsOf('in-flight', 'uuid');
export const inFlightCursorOf = inFlightCursors.cursorOf;
export const inFlightQuery = z.strictObject({
  borrower: word.optional(),
  cursor: inFlightCursors.cursor,
  limit,
});

const alarmsCursors = cursorsOf('alarms', 'uuid');
export const alarmsCursorOf = alarmsCursors.cursorOf;
export const alarmsQuery = z.strictObject({ cursor: alarmsCursors.cursor, limit });

const channelsCursors = cursorsOf('channels', 'uuid');
export const channelsCursorOf = channelsCursors.cursorOf;
export const channelsQuery = z.strictObject({
  state: z.enum(['active', 'removed'], 'must be active or removed').optional(),
  cursor: channelsCursors.cursor,
  limit,
});

export const keysQuery = z.strictObject({
  tenant: word.optional(),
  live: z.enum(['true', 'false'], 'must be true or false').optional(),
  cursor: rowCursor,
  limit,
});

export const webhooksQuery = z.strictObject({
  id: word.optional(),
  tenant: word.optional(),
  event: z.enum(EVENT_KINDS, `must be one of ${EVENT_KINDS.join(', ')}`).optional(),
  cursor: rowCursor,
  limit,
});
