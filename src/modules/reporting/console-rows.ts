import type pg from 'pg';
import { microsOf, momentOf, nextPlace, type PlaceRow, type RowPlace } from './row-place.js';

/**
 * Rows behind a figure of the console, newest first, as the views have them: amounts are text in
 * token units, times are dates.
 */
type ViewRow = Readonly<Record<string, string | number | boolean | Date | null>>;
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly ViewRow[];
}
export interface Span {
  readonly poolId: string;
  readonly since: Date;
  readonly until: Date;
}
export interface RowsQuery extends Span {
  /** Column to the only value that it may have. Columns that are not of the kind are ignored. */
  readonly filters: Readonly<Record<string, string | undefined>>;
  /** Only rows after this one in the list; null: from the newest on. */
  readonly after: RowPlace | null;
  readonly limit: number;
}
interface RowsPage extends Rows {
  /** The place of the last row, when more rows follow. */
  readonly next: RowPlace | null;
}

interface Kind {
  readonly view: string;
  readonly columns: readonly string[];
  /** Orders the list, newest first, and is what `since` and `until` apply to. */
  readonly time: string;
  /** Orders rows of one time; with its type. */
  readonly tie: readonly [expression: string, type: 'bigint' | 'uuid'];
  /** The list ignores `since` and `until`, because its rows are few. */
  readonly whole?: true;
  /** Columns that a list may be narrowed by. */
  readonly filters: readonly string[];
}

export const ROW_KINDS = {
  readings: {
    view: 'utilisation_v1',
    columns: [
      'at',
      'ledger',
      'total',
      'locked',
      'token_balance',
      'observed_available',
      'held',
      'in_flight',
      'buffer',
      'available',
      'shortfall',
    ],
    time: 'at',
    tie: ['ledger', 'bigint'],
    filters: [],
  },
  rules: {
    view: 'pool_rules_v1',
    columns: [
      'valid_from',
      'valid_until',
      'state',
      'buffer',
      'hold_seconds',
      'max_snapshot_age_seconds',
    ],
    time: 'valid_from',
    tie: ['number', 'bigint'],
    whole: true,
    filters: ['state'],
  },
  refusals: {
    view: 'refusals_v1',
    columns: ['at', 'borrower', 'amount', 'code', 'available', 'judged_at_ledger'],
    time: 'at',
    tie: ['refusal_id', 'uuid'],
    filters: ['code', 'borrower'],
  },
  breaks: {
    view: 'breaks_v1',
    columns: [
      'at',
      'from_ledger',
      'to_ledger',
      'class',
      'is_alarm',
      'figure',
      'amount',
      'row_count',
    ],
    time: 'at',
    // of one snapshot in the order in which they were found
    tie: ['to_ledger::bigint * 10000 - number', 'bigint'],
    filters: ['class'],
  },
} as const satisfies Readonly<Record<string, Kind>>;
export type RowKind = keyof typeof ROW_KINDS;

/** Points of a curve. A phone has no pixels for more. */
const HISTORY_POINTS = 240;

/** A page of them, newest first. */
export async function rowsOf(
  database: Pick<pg.Pool, 'query'>,
  name: RowKind,
  { poolId, since, until, filters, after, limit }: RowsQuery,
): Promise<RowsPage> {
  const { view, columns, time, tie, whole, filters: narrowing }: Kind = ROW_KINDS[name];
  const [tieOf, tieType] = tie;
  const values: unknown[] = [poolId];
  const value = (given: unknown): string => `$${values.push(given)}`;
  const conditions = [
    'pool_id = $1',
    ...(whole ? [] : [`${time} >= ${value(since)}`, `${time} < ${value(until)}`]),
    ...narrowing.flatMap((column) =>
      filters[column] === undefined ? [] : [`${column} = ${value(filters[column])}`],
    ),
    ...(after
      ? [`(${time}, ${tieOf}) < (${momentOf(value(after.at))}, ${value(after.tie)}::${tieType})`]
      : []),
  ];
  const { rows } = await database.query<ViewRow & PlaceRow>(
    `select ${columns.join(', ')}, ${microsOf(time)} as place_at, (${tieOf})::text as place_tie
      from reporting.${view} where ${conditions.join(' and ')}
      order by ${time} desc, ${tieOf} desc limit ${value(limit + 1)}`,
    values,
  );
  return {
    columns,
    rows: rows
      .slice(0, limit)
      .map((row) => Object.fromEntries(columns.map((name) => [name, row[name] ?? null]))),
    next: nextPlace(rows, limit),
  };
}

/**
 * `available` is the lowest of its bin; everything else comes from the last snapshot in the bin.
 */
interface HistoryPoint {
  readonly at: Date;
  readonly locked: string | null;
  readonly lent_share: string | null;
  readonly observed_available: string | null;
  readonly available: string | null;
  readonly held: string | null;
  readonly in_flight: string | null;
  readonly used_share: string | null;
}
interface BreakCount {
  readonly at: Date;
  readonly class: string;
  readonly is_alarm: boolean;
  readonly breaks: number;
}
/**
 * `least` and `most` available at any snapshot of the span, not at the points alone; null when no
 * snapshot has it.
 */
export interface History {
  readonly binSeconds: number;
  readonly availableRange: { readonly least: string | null; readonly most: string | null };
  readonly points: readonly HistoryPoint[];
  readonly breaks: readonly BreakCount[];
}

/**
 * The last snapshot of each of `HISTORY_POINTS` bins, because a mean would show a state that never
 * existed. `available` is the lowest of each bin, so that no dip is missed: a bin of 7 days is 42
 * minutes.
 */
const POINTS = `select distinct on (bin) at, locked, lent_share, observed_available,
  min(available) over (partition by bin) as available, held, in_flight, used_share,
  min(available) over () as least, max(available) over () as most
  from (select date_bin(make_interval(secs => $4), at, $2) as bin, * from reporting.utilisation_v1
    where pool_id = $1 and at >= $2 and at < $3) v order by bin, at desc`;
const BREAKS = `select date_bin(make_interval(secs => $4), at, $2) as at, class, is_alarm, count(*)::int as breaks
  from reporting.breaks_v1 where pool_id = $1 and at >= $2 and at < $3 group by 1, 2, 3 order by 1, 2`;

export async function historyOf(
  database: Pick<pg.Pool, 'query'>,
  { poolId, since, until }: Span,
): Promise<History> {
  const binSeconds = Math.max(
    1,
    Math.ceil((until.getTime() - since.getTime()) / 1000 / HISTORY_POINTS),
  );
  const values = [poolId, since, until, binSeconds];
  const [points, breaks] = await Promise.all([
    database.query<HistoryPoint & { least: string | null; most: string | null }>(POINTS, values),
    database.query<BreakCount>(BREAKS, values),
  ]);
  const { least = null, most = null } = points.rows[0] ?? {};
  return {
    binSeconds,
    availableRange: { least, most },
    points: points.rows.map((row) => ({
      at: row.at,
      locked: row.locked,
      lent_share: row.lent_share,
      observed_available: row.observed_available,
      available: row.available,
      held: row.held,
      in_flight: row.in_flight,
      used_share: row.used_share,
    })),
    breaks: breaks.rows,
  };
}
