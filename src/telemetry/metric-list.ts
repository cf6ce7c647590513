import {
  counter,
  FAST,
  gauge,
  histogram,
  type Metric,
  SETTLE,
  stored,
  tokens,
} from './metric-kinds.js';

export const METRICS = {
  holdfast_http_requests_total: counter(
    ['method', 'route', 'status'],
    "Requests answered, by the route's pattern",
  ),
  holdfast_http_request_duration_seconds: histogram(
    ['method', 'route'],
    FAST,
    "From the request's first byte to the end of its answer, seconds",
  ),
  holdfast_problems_total: counter(
    ['code', 'route'],
    'Answers that are problems, by code; each replay of a refusal counts',
  ),
  holdfast_hold_decisions_total: counter(
    ['pool', 'outcome', 'code'],
    'Decisions on requests to hold, by the ledger; back_off, share_exceeded and ' +
      'counter_window_full also by the check before it; code: of a recorded refusal, ' +
      'otherwise empty',
  ),
  holdfast_hold_batch_size: histogram(
    [],
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000],
    'Requests decided in one ledger transaction',
  ),
  holdfast_hold_wait_seconds: histogram(
    [],
    FAST,
    'How long a request waited until its batch began, seconds',
  ),
  holdfast_hold_queue_length: gauge([], 'Requests that wait for the ledger in this process now'),
  holdfast_hold_queue_limit: gauge([], 'LEDGER_QUEUE_MAX: one more is answered BUSY_RETRY'),
  holdfast_ledger_gate_wait_seconds: histogram(
    ['transaction'],
    FAST,
    "From sending BEGIN with the gate's lock to having it, seconds",
  ),
  holdfast_transaction_duration_seconds: histogram(
    ['transaction', 'outcome'],
    FAST,
    'All tries of one transaction; outcome: committed, failed, or busy when the deadline passed, seconds',
  ),
  holdfast_transaction_retries_total: counter(
    ['transaction', 'sqlstate'],
    'Failed tries of a transaction that may be tried again, by SQLSTATE or socket code',
  ),
  holdfast_holds_ended_total: counter(
    ['pool', 'outcome'],
    'Holds ended by this process: settled, expired, tx_failed, not_rebuilt, sequence_consumed',
  ),
  holdfast_transactions_failed_total: counter(
    ['cause', 'reason'],
    'Transactions found failed on the chain, once each, by who decided: contract, ours ' +
      '(our figures or the state of the chain) or unknown; reason as GET /loans/:id gives it',
  ),
  holdfast_landings_total: counter(
    ['outcome'],
    'Landings of signed authorizations: issued, or why one was not stored; not_built: the ' +
      'simulation refused it; then landed, failed or dead, once each',
  ),
  holdfast_channels: gauge(
    ['state'],
    'Channels of which this process has the key, when it last needed one: free or in_flight',
  ),
  holdfast_channel_balance_stroops: gauge(
    ['channel'],
    "A channel's balance when it was last read, the network's reserve included, stroops; 0 also " +
      'when the network has no such account',
  ),
  holdfast_lander_lag_seconds: gauge(
    [],
    'How long the oldest signed authorization without a landing has waited, by the clock of this ' +
      'process, seconds; 0 when none waits',
  ),
  holdfast_hold_settle_seconds: histogram(
    ['pool'],
    SETTLE,
    "From holding to the settlement being written, by the database's clock, seconds",
  ),
  holdfast_envelopes_built_total: counter(
    ['outcome'],
    'Funding transactions requested from the chain room: built, refused by a contract, ' +
      'no_account, or not built because of a limit of the network: window_too_small, ' +
      'over_limit, archived, lapsing',
  ),
  holdfast_rpc_requests_total: counter(
    ['method', 'outcome'],
    'Calls to Stellar RPC: ok, timeout, connection, http_status, rpc_error or bad_reply',
  ),
  holdfast_rpc_request_duration_seconds: histogram(
    ['method'],
    FAST,
    'One call to Stellar RPC, failed ones included, seconds',
  ),
  holdfast_alarms_total: counter(
    ['name'],
    'Alarms raised. An alarm that lasts is raised again every round, while the log has it ' +
      'once a minute',
  ),
  holdfast_breaks_total: counter(['pool', 'class'], 'Breaks recorded by reconciliation'),
  holdfast_job_rounds_total: counter(
    ['queue', 'outcome'],
    'Rounds of the jobs run here: done or failed',
  ),
  holdfast_job_round_duration_seconds: histogram(
    ['queue'],
    [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    'One round of a job, seconds',
  ),
  holdfast_figures_lost_total: counter(
    ['figure'],
    'Figures that could not be read after their transaction had committed',
  ),
  holdfast_process_info: gauge(
    ['role', 'version'],
    'Always 1: the ROLE and version of this process',
  ),
  holdfast_network_protocol_version: gauge(
    [],
    "The version of the network's protocol, as the node says it each minute; absent until then",
  ),
  holdfast_scrape_error: gauge(
    [],
    '1 when the database could not be read for this scrape: its figures are left out, not zero',
  ),
  holdfast_scrape_duration_seconds: gauge(
    [],
    'How long the last read of the database took, seconds',
  ),

  holdfast_pool_info: stored(
    ['pool', 'name', 'decimals', 'generation'],
    "Always 1: the name and decimals of a pool's id",
  ),
  holdfast_pool_state: stored(
    ['pool', 'state'],
    '1 for the state the pool is in, 0 for the others',
  ),
  holdfast_pool_contract_paused: stored(
    ['pool', 'contract'],
    "1 while a contract's own administrator had paused it on the chain at the snapshot; absent " +
      'while that is not known, for a contract that cannot be paused, and for a closed pool',
  ),
  holdfast_pool_contract_ttl_ledgers: stored(
    ['pool', 'contract'],
    'Ledgers until the instance or the code of a contract lapses, by what it is to the pool; 0: ' +
      'archived. Absent while that is not known, and for a closed pool',
  ),
  holdfast_pool_upgrade_unlocks_seconds: stored(
    ['pool'],
    'Until the first proposed upgrade can be executed, by chain time, seconds; 0: now. Absent ' +
      'when none is proposed, and for a closed pool',
  ),
  holdfast_pool_total_tokens: tokens('Total liquidity by the pool contract, at the snapshot'),
  holdfast_pool_locked_tokens: tokens(
    'Funded and unrepaid principal at the snapshot; may be negative',
  ),
  holdfast_pool_token_balance_tokens: tokens("The pool's balance of its token at the snapshot"),
  holdfast_pool_observed_available_tokens: tokens(
    "min(total - locked, token balance) of the snapshot, within the contract's utilisation limit",
  ),
  holdfast_pool_held_tokens: tokens('Held: not proven settled or dead'),
  holdfast_pool_in_flight_tokens: tokens('Settled, and not yet in the snapshot'),
  holdfast_pool_buffer_tokens: tokens('The buffer, which is never held for a loan'),
  holdfast_pool_available_tokens: tokens(
    'observed available - held - in flight - buffer, never below zero',
  ),
  holdfast_pool_shortfall_tokens: tokens(
    'held + in flight + buffer - observed available, when that is above zero',
  ),
  holdfast_pool_promised_ratio: stored(
    ['pool'],
    '(held + in flight + buffer) / observed available, counted in base units; above 1: ' +
      'shortfall. Absent when nothing is observed',
  ),
  holdfast_pool_snapshot_ledger: stored(['pool'], 'Ledger of the newest snapshot'),
  holdfast_pool_snapshot_age_seconds: stored(
    ['pool'],
    "Database clock less the moment the snapshot's ledger last advanced, seconds; absent " +
      'for a closed pool',
  ),
  holdfast_pool_snapshot_age_limit_seconds: stored(
    ['pool'],
    'Above this age new holds are refused (SNAPSHOT_STALE), seconds',
  ),
  holdfast_pool_chain_lag_seconds: stored(
    ['pool'],
    'Database clock less the close time of the newest ledger seen, seconds; absent for a ' +
      'closed pool',
  ),
  holdfast_pool_holds: stored(
    ['pool', 'state'],
    'Holds that count: held (lapsing ones too), lapsing (greatest T passed by chain time, ' +
      'proof not in), in_flight, outdated (the newest transaction can no longer land by the ' +
      "lending contract's loan counter; absent while that is not known)",
  ),
  holdfast_pool_window_room_loans: stored(
    ['pool'],
    'How many more holds can be made so that all live holds of the lending contract can land in ' +
      "any order, by loan ids; below 0: strangers' loans took the room of a live hold. " +
      'Absent with the rule off, for a closed pool, and while no live hold limits it',
  ),
  holdfast_outbid_envelopes: stored(
    ['pool'],
    'Live holds whose newest transaction bids less for inclusion than the going rate; absent ' +
      'while that is not known, and for a closed pool',
  ),
  holdfast_pool_going_rate_stroops: stored(
    ['pool'],
    "What the pool's percentile of transactions with contracts pays for inclusion, stroops; " +
      'absent while no node says it, and for a closed pool',
  ),
  holdfast_pool_lowest_bid_stroops: stored(
    ['pool'],
    'Least bid for inclusion among the newest transactions of live holds, stroops; absent without ' +
      'a live hold, and for a closed pool',
  ),
  holdfast_pool_oldest_deadline_timestamp_seconds: stored(
    ['pool'],
    'The first deadline among live holds, unix seconds of the chain; absent without a live hold',
  ),
  holdfast_pool_lapsing_seconds: stored(
    ['pool'],
    'How long the first deadline among live holds is past, by chain time, seconds; 0 when none is',
  ),
  holdfast_pool_mismatch_tokens: stored(
    ['pool', 'counter'],
    'Counter less the sum of its reservations, token units; must be 0',
  ),
  holdfast_reconciliation_ledger: stored(
    ['pool'],
    'Every snapshot up to this ledger is reconciled',
  ),
  holdfast_reconciliation_waiting_seconds: stored(
    ['pool'],
    'How long the oldest snapshot that is not reconciled has waited, seconds; 0 when none ' +
      'waits; absent for a closed pool',
  ),
  holdfast_reconciliation_outcome: stored(
    ['pool', 'outcome'],
    '1 for the outcome of the newest reconciliation, 0 for the others',
  ),
  holdfast_reconciliation_newest_breaks: stored(
    ['pool', 'class'],
    'Breaks of the newest reconciliation',
  ),
  holdfast_reconciliation_recent_breaks: stored(
    ['pool', 'class'],
    'Breaks of the newest 100 reconciliations',
  ),
  holdfast_job_lag_seconds: stored(
    ['queue'],
    'How long the first round that is due has waited to be taken, seconds',
  ),
  holdfast_job_queue_length: stored(
    ['queue', 'state'],
    'Rounds in the queue: due, deferred or active',
  ),
  holdfast_job_dead_letters: stored([], 'Rounds that failed for good, kept for 14 days'),
  holdfast_job_newest_dead_letter_timestamp_seconds: stored(
    [],
    'When the newest dead letter was queued, unix seconds; absent without one',
  ),
} as const satisfies Readonly<Record<string, Metric>>;

type Metrics = typeof METRICS;
type MetricName = keyof Metrics;
type NameOf<Type extends Metric['type'], Source extends Metric['source']> = {
  [Name in MetricName]: Metrics[Name] extends { readonly type: Type; readonly source: Source }
    ? Name
    : never;
}[MetricName];
export type CounterName = NameOf<'counter', 'process'>;
export type HistogramName = NameOf<'histogram', 'process'>;
export type GaugeName = NameOf<'gauge', 'process'>;
export type StoredName = NameOf<'gauge', 'database'>;
export type LabelsOf<Name extends MetricName> = Readonly<
  Record<Metrics[Name]['labels'][number], string>
>;
/** One sample read from the database. */
export type Sample = {
  [Name in StoredName]: {
    readonly name: Name;
    readonly labels: LabelsOf<Name>;
    readonly value: number;
  };
}[StoredName];
