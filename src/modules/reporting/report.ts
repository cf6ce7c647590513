/**
 * The column of time that --since and --until apply to, and how far back a report goes by default,
 * seconds. null: the report shows the present, or everything.
 */
interface Range {
  readonly column: string;
  readonly seconds: number;
  /** Width of the bins that the column begins, seconds. They begin at 00:00 UTC. */
  readonly bin?: number;
}
export interface Report {
  readonly name: string;
  readonly about: string;
  readonly view: string;
  /** The columns for people. Files get every column of the view. */
  readonly shown: readonly string[];
  readonly range: Range | null;
  readonly order: string;
}

/** What both funnels show, behind the begin of the bin. */
export const FUNNEL = [
  'pool_name',
  'asset_code',
  'asked',
  'asked_amount',
  'held',
  'held_amount',
  'refused',
  'refused_insufficient',
  'refused_by_contract',
  'settled',
  'settled_amount',
  'expired',
  'released',
  'live',
  'conversion',
  'median_seconds_to_settle',
  'p95_seconds_to_settle',
];
