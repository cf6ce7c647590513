import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  amount,
  column,
  type CommentedView,
  createView,
  ofPool,
} from './reporting/commented.view.js';

/**
 * Schema `reporting`: versioned views, the public contract of SQL readers; the tables below may
 * change. The views read with the rights of their owner, so a
 * reader needs none on the tables. What is never in them: XDR, keys, idempotency keys,
 * fingerprints.
 * A column of a `_v1` view is never renamed, dropped or given another meaning: that is `_v2`,
 * beside it.
 */
const SCHEMA = `
create schema reporting;
comment on schema reporting is 'Views for people who read the ledger by SQL. Views ending in _v1 keep their columns and their meaning; everything else in this database may change.';
revoke all on schema reporting from public;
create function reporting.token_units(p_base numeric, p_decimals smallint) returns numeric language sql immutable parallel safe
  return trim_scale(p_base * ('1e-' || p_decimals::text)::numeric);
revoke all on function reporting.token_units(numeric, smallint) from public;
comment on function reporting.token_units(numeric, smallint) is 'Base units as token units, exact, without trailing zeros: by multiplication, because numeric division rounds at some digit.';
`;

const seconds = (interval: string): string => `round(extract(epoch from ${interval}), 3)`;

/**
 * The look-ups are lateral with a limit, so that a recent window probes loans and journal row by
 * row; else the planner may hash all loans for it.
 */
const RESERVATIONS: CommentedView = {
  name: 'reservations_v1',
  meaning:
    'One row per hold: what was promised to whom, how it ended and by which proof. Give a ' +
    'range of held_at: it is what the index is on. Not here: requests that were refused ' +
    '(refusals_v1), the transactions themselves.',
  columns: [
    ...ofPool,
    column('reservation_id', 'r.id', 'Id of the hold; joins journal_v1 and breaks_v1.rows'),
    column('loan_id', 'r.loan_id', 'Id of the loan in this service; not the loan id of the chain'),
    column(
      'tenant_id',
      'r.tenant_id',
      'Whose hold it is; everybody is "default" until there are tenants',
    ),
    column('borrower', 'r.borrower', 'Stellar account that signs'),
    column('vendor', 'l.vendor', 'Stellar account that is paid'),
    ...amount('amount', 'r.amount', 'Amount set aside: total less guarantee, what the pool pays'),
    ...amount('total_amount', 'l.total_amount', "The loan's price"),
    ...amount(
      'guarantee_amount',
      'l.guarantee_amount',
      "What the borrower pays at once; not the pool's money",
    ),
    column('loan_type', 'l.loan_type', 'standard or learner_installment'),
    column('state', 'r.state', 'held, settled, released or expired; the last three are final'),
    column(
      'lapsing',
      "r.state = 'held' and r.expires_at <= p.head_close_time",
      "true: its deadline is over by the chain's clock, and the proof is not in yet; it still counts",
    ),
    column(
      'release_reason',
      'r.release_reason',
      'Why it was released: tx_failed or sequence_consumed; null in every other state',
    ),
    column('held_at', 'r.held_at', 'When the promise was made, database clock'),
    column(
      'submitted_at',
      'r.submitted_at',
      'When the signed transaction was first handed to this service, database clock; null: ' +
        'never, which does not mean it was not sent past it',
    ),
    column(
      'ended_at',
      'r.ended_at',
      'When its end was recorded, database clock: some seconds after the chain decided; null while it is held',
    ),
    column(
      'expires_at',
      'r.expires_at',
      'Deadline of its transactions, chain clock; passing it frees nothing by itself',
    ),
    column(
      'seconds_to_submit',
      seconds('r.submitted_at - r.held_at'),
      'From the promise to the first submission; seconds; null without one',
    ),
    column(
      'seconds_to_settle',
      `case when r.state = 'settled' then ${seconds('r.ended_at - r.held_at')} end`,
      'From the promise to the recorded settlement; seconds; null unless settled',
    ),
    column(
      'seconds_to_end',
      seconds('r.ended_at - r.held_at'),
      'From the promise to any recorded end; seconds; null while held',
    ),
    column('judged_at_ledger', 'r.at_ledger', 'Ledger number of the pool reading it was judged on'),
    column(
      'settled_ledger',
      'r.settled_ledger',
      'Ledger number it was funded in; null unless settled',
    ),
    column(
      'rebuilds',
      'r.envelope_version - 1',
      'How often its transaction was made anew; a count, 0 to 3',
    ),
    column(
      'cancel_requested_at',
      'r.cancel_requested_at',
      'When the borrower wished to give up, database clock; frees nothing by itself; null: never',
    ),
    column(
      'certificate',
      "e.evidence ->> 'certificate'",
      'The proof that ended it: D1 time, D2 sequence, D3 failed, D4 landed, contract_state; null while held',
    ),
    column('end_ledger', 'e.ledger', 'Ledger number the proof names; null while held'),
    column(
      'end_close_time',
      'e.close_time',
      'Close time of that ledger, chain clock; null while held or not told',
    ),
    column(
      'end_transaction',
      'e.envelope_hash',
      'Hash of the transaction that landed or failed, as explorers show it; null when none was found',
    ),
    column(
      'result_code',
      "coalesce(e.evidence ->> 'resultCode', case when r.state = 'settled' then 'txSuccess' end)",
      'Result of that transaction; null without one',
    ),
    column(
      'chain_loan_id',
      "(e.evidence ->> 'chainLoanId')::numeric",
      'Loan id of the contract; null unless settled',
    ),
  ],
  from: `from reservations r join pools p on p.id = r.pool_id
    left join lateral (select x.vendor, x.total_amount, x.guarantee_amount, x.loan_type from loans x where x.pool_id = r.pool_id and x.id = r.loan_id limit 1) l on true
    left join lateral (select x.evidence, x.ledger, x.close_time, x.envelope_hash from reservation_events x
      where x.pool_id = r.pool_id and x.reservation_id = r.id and x.state_after <> 'held' and r.state <> 'held' order by x.number desc limit 1) e on true`,
};

const JOURNAL: CommentedView = {
  name: 'journal_v1',
  meaning:
    "One row per change of a hold, never changed or deleted, with the pool's counters " +
    'before and after. Give a range of at, or a pool_id and a reservation_id. Not here: ' +
    'refusals, readings of the chain (utilisation_v1), changes of rules (pool_rules_v1).',
  columns: [
    ...ofPool,
    column('reservation_id', 'e.reservation_id', 'The hold that changed'),
    column('number', 'e.number', "Place of this row in the hold's life, from 1"),
    column(
      'kind',
      'e.kind',
      'held, submitted, rebuilt, envelope_failed, cancel_requested, settled, released or expired',
    ),
    column('at', 'e.at', 'When it was recorded, database clock'),
    column('state_before', 'e.state_before', 'State before; null for the first row'),
    column('state_after', 'e.state_after', 'State after'),
    ...amount('amount', 'e.amount', 'Amount of the hold'),
    column(
      'pool_version',
      'e.pool_version',
      "Version of the pool after it; a count of the pool's ledger transactions; rows of one batch share it",
    ),
    ...amount('held_before', 'e.held_before', "Sum of the pool's live holds before"),
    ...amount('held_after', 'e.held_after', "Sum of the pool's live holds after"),
    ...amount(
      'in_flight_before',
      'e.in_flight_before',
      'Settled, not yet in the pool reading, before',
    ),
    ...amount(
      'in_flight_after',
      'e.in_flight_after',
      'Settled, not yet in the pool reading, after',
    ),
    column(
      'transaction',
      'e.envelope_hash',
      'Hash of the transaction it is about; null when none is',
    ),
    column(
      'ledger',
      'e.ledger',
      'Ledger number it rests on; for held: of the pool reading it was judged on',
    ),
    column(
      'close_time',
      'e.close_time',
      'Close time of that ledger, chain clock; null when not told',
    ),
    column('reason', 'e.reason', 'Why, when there is more than one possible cause; else null'),
    column(
      'certificate',
      "e.evidence ->> 'certificate'",
      'The proof: D1 time, D2 sequence, D3 failed, D4 landed, contract_state; null when it is no end',
    ),
    column(
      'evidence',
      'e.evidence',
      'What the chain said, as kept; ledgers are numbers, amounts and sequences are text; null when it is no end',
    ),
  ],
  from: 'from reservation_events e join pools p on p.id = e.pool_id',
};

export const REFUSALS: CommentedView = {
  name: 'refusals_v1',
  meaning:
    'One row per decided refusal. Give a range of at. Not here, because they are never ' +
    'rows: BORROWER_BUSY, paused or quarantined pool, SNAPSHOT_STALE, invalid requests, ' +
    'timeouts. Repeats under one idempotency key are one row.',
  columns: [
    ...ofPool,
    column('refusal_id', 'f.id', 'Id of the refusal'),
    column('tenant_id', 'f.tenant_id', 'Who asked'),
    column('borrower', 'f.borrower', 'Stellar account for which was asked'),
    ...amount('amount', 'f.amount', 'Amount that would have been set aside'),
    column(
      'code',
      'f.code',
      'INSUFFICIENT_LIQUIDITY, LOAN_REFUSED_BY_CONTRACT or another code of the API',
    ),
    column('at', 'f.created_at', 'When it was decided, database clock'),
    ...amount(
      'available',
      "(f.facts ->> 'available')::numeric",
      'What was available at that moment; null unless the code is INSUFFICIENT_LIQUIDITY',
    ),
    column(
      'judged_at_ledger',
      "(f.facts ->> 'atLedger')::bigint",
      'Ledger number of the pool reading it was judged on; null unless the code is INSUFFICIENT_LIQUIDITY',
    ),
  ],
  from: 'from refusals f join pools p on p.id = f.pool_id',
};

const LIVE_AGEING: CommentedView = {
  name: 'live_ageing_v1',
  meaning:
    'Live holds of each pool by their age. A bucket without holds has no row. Not here: ' +
    'settled holds that the pool reading does not show yet (in flight).',
  columns: [
    ...ofPool,
    column(
      'bucket',
      'b.bucket',
      'Age since held_at by the database clock: under 1 min, 1-5 min, 5-15 min, 15-60 min, over 60 min',
    ),
    column('bucket_order', 'b.bucket_order', 'To order by: 1 is the youngest'),
    column('holds', 'b.holds', 'Live holds; a count'),
    ...amount('amount', 'b.amount', 'Sum of their amounts'),
    column('oldest_held_at', 'b.oldest', 'When the oldest of them was made, database clock'),
    column(
      'lapsing_holds',
      'b.lapsing',
      "Those whose deadline is over by the chain's clock and whose proof is not in; a count",
    ),
  ],
  from: `from (
      select q.pool_id, q.bucket_order, (array['under 1 min', '1-5 min', '5-15 min', '15-60 min', 'over 60 min'])[q.bucket_order] as bucket, count(*) as holds, sum(q.amount) as amount,
        min(q.held_at) as oldest, count(*) filter (where q.expires_at <= q.head) as lapsing
      from (select r.pool_id, r.amount, r.held_at, r.expires_at, h.head_close_time as head, width_bucket(extract(epoch from clock_timestamp() - r.held_at), array[60, 300, 900, 3600]::numeric[]) + 1 as bucket_order
        from reservations r join pools h on h.id = r.pool_id where r.state = 'held') q group by q.pool_id, q.bucket_order) b join pools p on p.id = b.pool_id`,
};

const LIVE_BY_BORROWER: CommentedView = {
  name: 'live_by_borrower_v1',
  meaning:
    'Live holds by pool and borrower. A borrower has one live hold at most, across the ' +
    'pools of a network, so a count above 1 is a fault of the ledger.',
  columns: [
    ...ofPool,
    column('borrower', 'b.borrower', 'Stellar account'),
    column('holds', 'b.holds', 'Live holds; a count, 1'),
    ...amount('amount', 'b.amount', 'Sum of their amounts'),
    column('oldest_held_at', 'b.oldest', 'When the oldest was made, database clock'),
    column(
      'age_seconds',
      'round(extract(epoch from clock_timestamp() - b.oldest))',
      'Age of the oldest by the database clock; seconds',
    ),
    column('last_deadline', 'b.deadline', 'Latest deadline of them, chain clock'),
    column(
      'lapsing_holds',
      'b.lapsing',
      "Those whose deadline is over by the chain's clock and whose proof is not in; a count",
    ),
    column(
      'cancel_requested',
      'b.cancel',
      'true: the borrower wished to give up at least one; it still counts',
    ),
  ],
  from: `from (select r.pool_id, r.borrower, count(*) as holds, sum(r.amount) as amount, min(r.held_at) as oldest, max(r.expires_at) as deadline, count(*) filter (where r.expires_at <= h.head_close_time) as lapsing,
        bool_or(r.cancel_requested_at is not null) as cancel
      from reservations r join pools h on h.id = r.pool_id where r.state = 'held' group by r.pool_id, r.borrower) b join pools p on p.id = b.pool_id`,
};

const VIEWS = [RESERVATIONS, JOURNAL, REFUSALS, LIVE_AGEING, LIVE_BY_BORROWER];
const UP = SCHEMA + VIEWS.map(createView).join('\n');
const DOWN =
  `drop view ${VIEWS.map(({ name }) => `reporting.${name}`).join(', ')}; drop function ` +
  'reporting.token_units; drop schema reporting;';

export class ReportingHolds1790000000051 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
