/** The list of reports. Every report reads the views of schema `reporting` only. */

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

const HOUR = 3600;
const DAY = 24 * HOUR;

export const REPORTS: readonly Report[] = [
  {
    name: 'position',
    about:
      'what each pool would answer now, with every term; with --at, what one pool would have answered then',
    view: 'pool_position_v1',
    range: null,
    order: 'pool_name, pool_id',
    shown: [
      'pool_name',
      'state',
      'stale',
      'snapshot_ledger',
      'snapshot_age_seconds',
      'total',
      'locked',
      'token_balance',
      'observed_available',
      'held',
      'in_flight',
      'buffer',
      'available',
      'shortfall',
      'live_holds',
      'next_deadline',
    ],
  },
  {
    name: 'funnel',
    about: 'asked, held, refused, settled, expired, released by hour',
    view: 'funnel_hourly_v1',
    range: { column: 'hour', seconds: DAY, bin: HOUR },
    order: 'hour, pool_name, pool_id',
    shown: [
      'hour',
      'pool_name',
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
    ],
  },
  {
    name: 'funnel-daily',
    about: 'the same by day',
    view: 'funnel_daily_v1',
    range: { column: 'day', seconds: 30 * DAY, bin: DAY },
    order: 'day, pool_name, pool_id',
    shown: [
      'day',
      'pool_name',
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
    ],
  },
  {
    name: 'reservations',
    about: 'every hold with its amounts, times, outcome and proof',
    view: 'reservations_v1',
    range: { column: 'held_at', seconds: HOUR },
    order: 'held_at, reservation_id',
    shown: [
      'held_at',
      'pool_name',
      'reservation_id',
      'borrower',
      'amount',
      'state',
      'lapsing',
      'release_reason',
      'seconds_to_end',
      'certificate',
      'rebuilds',
    ],
  },
  {
    name: 'journal',
    about: 'every change of a hold, with the counters after it',
    view: 'journal_v1',
    range: { column: 'at', seconds: HOUR },
    order: 'at, pool_id, pool_version, reservation_id, number',
    shown: [
      'at',
      'pool_name',
      'reservation_id',
      'number',
      'kind',
      'amount',
      'held_after',
      'in_flight_after',
      'pool_version',
      'certificate',
    ],
  },
  {
    name: 'refusals',
    about: 'every recorded refusal',
    view: 'refusals_v1',
    range: { column: 'at', seconds: HOUR },
    order: 'at, refusal_id',
    shown: ['at', 'pool_name', 'borrower', 'amount', 'code', 'available', 'judged_at_ledger'],
  },
  {
    name: 'ageing',
    about: 'live holds by age (not loans that are overdue)',
    view: 'live_ageing_v1',
    range: null,
    order: 'pool_name, pool_id, bucket_order',
    shown: ['pool_name', 'bucket', 'holds', 'amount', 'oldest_held_at', 'lapsing_holds'],
  },
  {
    name: 'borrowers',
    about: 'live holds by borrower, greatest first',
    view: 'live_by_borrower_v1',
    range: null,
    order: 'pool_name, pool_id, amount_base desc, borrower',
    shown: [
      'pool_name',
      'borrower',
      'holds',
      'amount',
      'age_seconds',
      'last_deadline',
      'lapsing_holds',
      'cancel_requested',
    ],
  },
  {
    name: 'balances',
    about:
      'how total, locked and token balance of each pool moved, by day; every row adds up (for closing ' +
      'a month)',
    view: 'daily_balances_v1',
    range: { column: 'day', seconds: 31 * DAY, bin: DAY },
    order: 'day, pool_name, pool_id, figure',
    shown: [
      'day',
      'pool_name',
      'asset_code',
      'figure',
      'state',
      'opening',
      'deposits',
      'withdrawals',
      'fundings',
      'repayments_of_principal',
      'interest_and_fees',
      'losses',
      'other',
      'closing',
    ],
  },
  {
    name: 'pools',
    about: 'every pool with its contracts and its token',
    view: 'pools_v1',
    range: null,
    order: 'pool_name, pool_id',
    shown: ['pool_name', 'state', 'asset_code', 'decimals', 'pool_contract', 'token_contract'],
  },
  {
    name: 'utilisation',
    about: 'how the liquidity was used, at each snapshot of the pool (kept for SNAPSHOT_DAYS)',
    view: 'utilisation_v1',
    range: { column: 'at', seconds: HOUR },
    order: 'at, pool_name, pool_id',
    shown: [
      'at',
      'pool_name',
      'ledger',
      'total',
      'locked',
      'held',
      'in_flight',
      'available',
      'shortfall',
      'lent_share',
      'used_share',
    ],
  },
  {
    name: 'reconciliations',
    about:
      'how each snapshot follows from the one before (explained ones are kept for ' +
      'RECONCILIATION_DAYS)',
    view: 'reconciliations_v1',
    range: { column: 'at', seconds: HOUR },
    order: 'at, pool_id, to_ledger',
    shown: [
      'at',
      'pool_name',
      'from_ledger',
      'to_ledger',
      'outcome',
      'breaks',
      'total_difference',
      'locked_difference',
      'token_balance_difference',
    ],
  },
  {
    name: 'breaks',
    about: 'every difference between ledger and chain',
    view: 'breaks_v1',
    range: { column: 'at', seconds: 7 * DAY },
    order: 'at, pool_id, to_ledger, number',
    shown: ['at', 'pool_name', 'to_ledger', 'class', 'is_alarm', 'figure', 'amount', 'row_count'],
  },
  {
    name: 'unreserved',
    about: 'loans the pool funded without a hold',
    view: 'fundings_without_hold_v1',
    range: { column: 'seen_at', seconds: 30 * DAY },
    order: 'seen_at, pool_id, event_id',
    shown: ['seen_at', 'pool_name', 'ledger', 'amount', 'borrower', 'transaction'],
  },
  {
    name: 'rules',
    about: 'the rules of each pool as they were',
    view: 'pool_rules_v1',
    range: null,
    order: 'pool_name, pool_id, number',
    shown: [
      'pool_name',
      'number',
      'valid_from',
      'valid_until',
      'known_before',
      'state',
      'buffer',
      'hold_seconds',
      'max_snapshot_age_seconds',
    ],
  },
];
