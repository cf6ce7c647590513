import type pg from 'pg';

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

interface Kind {
  readonly view: string;
  readonly columns: readonly string[];
  /** Column of time that `since` applies to; null: all rows. */
  readonly time: string | null;
  readonly order: string;
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
    order: 'at desc',
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
    time: null,
    order: 'number desc',
  },
  refusals: {
    view: 'refusals_v1',
    columns: ['at', 'borrower', 'amount', 'code', 'available', 'judged_at_ledger'],
    time: 'at',
    order: 'at desc',
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
    order: 'at desc, number',
  },
} as const satisfies Readonly<Record<string, Kind>>;
export type RowKind = keyof typeof ROW_KINDS;

const ROWS_SHOWN = 100;
/** Points of a curve. A phone has no pixels for more. */
const HISTORY_POINTS = 240;

/** The newest `ROWS_SHOWN` of them. */
export async function rowsOf(
  database: Pick<pg.Pool, 'query'>,
  name: RowKind,
  { poolId, since, until }: Span,
): Promise<Rows> {
  const kind: Kind = ROW_KINDS[name];
  const range = kind.time === null ? '' : ` and ${kind.time} >= $2 and ${kind.time} < $3`;
  const { rows } = await database.query<ViewRow>(
    `select ${kind.columns.join(', ')} from reporting.${kind.view} where pool_id = ` +
      `$1${range} order by ${kind.order} limit ${ROWS_SHOWN}`,
    kind.time === null ? [poolId] : [poolId, since, until],
  );
  return { columns: kind.columns, rows };
}

/**
 * `available` is the lowest of its bin; everything else comes from the last snapshot in the bin.
 */
interface HistoryPoint {
  readonly at: Date;
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
const POINTS = `select distinct on (bin) at, observed_available,
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
    points: points.rows.map(
      ({ at, observed_available, available, held, in_flight, used_share }) => ({
        at,
        observed_available,
        available,
        held,
        in_flight,
        used_share,
      }),
    ),
    breaks: breaks.rows,
  };
}
