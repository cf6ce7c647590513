import type { Report } from './reports.js';

const POSITION_AT_SHOWN = [
  'at',
  'answer',
  'available',
  'held_base',
  'in_flight_base',
  'buffer_base',
  'snapshot_ledger',
  'snapshot_age_seconds',
  'counters_from',
  'journal_at',
  'not_known',
];

export interface ReportRequest {
  readonly report: Report;
  readonly poolId: string | null;
  /** Begin, included, and end, excluded. A report without a range ignores both. */
  readonly since: Date;
  readonly until: Date;
  /** For `position` only: the moment. It needs a pool. */
  readonly at: Date | null;
  readonly everyColumn: boolean;
}
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * The range that is read. A bin counts by its begin, so the bin that `since` or `until` lies in is
 * taken whole: "the last 5 minutes" is their hour. Show this range with the rows, not the one asked
 * for.
 */
export function rangeOf(
  { range }: Report,
  since: Date,
  until: Date,
): { readonly since: Date; readonly until: Date } {
  const step = (range?.bin ?? 0) * 1000;
  return step === 0
    ? { since, until }
    : {
        since: new Date(Math.floor(since.getTime() / step) * step),
        until: new Date(Math.ceil(until.getTime() / step) * step),
      };
}

/** On the screen amounts have the code of their token, which only some views carry. */
const columnOf = (name: string): string =>
  name === 'asset_code'
    ? '(select p.asset_code from reporting.pools_v1 p where p.pool_id = r.pool_id) as asset_code'
    : name;

/** The statement of a report. Names come from the list of reports; values are parameters. */
export function statementOf({
  report,
  poolId,
  since,
  until,
  at,
  everyColumn,
}: ReportRequest): Statement {
  if (at !== null)
    return {
      text: `select ${everyColumn ? '*' : POSITION_AT_SHOWN.join(', ')} from reporting.position_at($1, $2)`,
      values: [poolId, at],
    };
  const values: unknown[] = [];
  const conditions: string[] = [];
  if (poolId !== null) conditions.push(`pool_id = $${values.push(poolId)}`);
  const read = rangeOf(report, since, until);
  if (report.range)
    conditions.push(
      `${report.range.column} >= $${values.push(read.since)}`,
      `${report.range.column} < $${values.push(read.until)}`,
    );
  const where = conditions.length > 0 ? ` where ${conditions.join(' and ')}` : '';
  return {
    text:
      `select ${everyColumn ? '*' : report.shown.map(columnOf).join(', ')} from ` +
      `reporting.${report.view} r${where} order by ${report.order}`,
    values,
  };
}

export const POOLS = {
  text: 'select pool_id, pool_name from reporting.pool_position_v1 order by pool_name, pool_id',
} as const;
