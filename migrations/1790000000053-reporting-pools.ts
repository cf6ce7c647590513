import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  amount,
  column,
  type CommentedView,
  createView,
  ofPool,
} from './reporting/commented.view.js';
import { POSITION_AT } from './reporting/position.at.js';

const observed = (row: string, total: string, locked: string, balance: string): string =>
  `least(${row}.${total} - ${row}.${locked}, ${row}.${balance})`;
const P_OBSERVED = observed('p', 'snapshot_total', 'snapshot_locked', 'snapshot_token_balance');
const P_ROOM = `coalesce(${P_OBSERVED}, 0) - p.held - p.in_flight - p.buffer`;

export const POSITION: CommentedView = {
  name: 'pool_position_v1',
  meaning:
    'One row per pool: what it would answer now, with every term. available = min(total - ' +
    'locked, token balance) - held - in flight - buffer, never below zero; all terms are ' +
    'of one moment. Not here: the past (utilisation_v1, position_at).',
  columns: [
    ...ofPool,
    column('network', 'p.network', 'Passphrase of the Stellar network'),
    column('pool_contract', 'p.pool_contract', "Address of the pool's contract"),
    column(
      'token_contract',
      'p.token_contract',
      'Address of the token\'s contract: what "token units" are units of',
    ),
    column(
      'decimals',
      'p.decimals',
      'Fraction digits of the token: 1 token unit is 10^decimals base units',
    ),
    column('state', 'p.state', 'active, paused, quarantined or closed; only active pools promise'),
    column('version', 'p.version', "Count of the pool's ledger transactions"),
    column(
      'snapshot_ledger',
      'p.snapshot_ledger',
      'Ledger number of the pool reading all terms rest on; null: never read',
    ),
    column(
      'snapshot_close_time',
      'p.snapshot_close_time',
      'Close time of that ledger, chain clock; null when not told',
    ),
    column(
      'snapshot_age_seconds',
      'round(extract(epoch from clock_timestamp() - p.snapshot_advanced_at), 1)',
      'Since the reading last advanced, database clock; seconds',
    ),
    column(
      'stale',
      'coalesce(clock_timestamp() - p.snapshot_advanced_at > make_interval(secs => p.max_snapshot_age_seconds), true)',
      'true: the reading is older than the pool allows, new requests are answered SNAPSHOT_STALE',
    ),
    ...amount(
      'total',
      'p.snapshot_total',
      "The chain's word for the pool's liquidity, lent out or not",
    ),
    ...amount(
      'locked',
      'p.snapshot_locked',
      "The chain's word for funded, unrepaid principal; may be negative",
    ),
    ...amount('token_balance', 'p.snapshot_token_balance', "Tokens the pool's contract really has"),
    ...amount(
      'observed_available',
      P_OBSERVED,
      'min(total - locked, token balance): what the chain would let out',
    ),
    ...amount('held', 'p.held', 'Promised, transaction not yet decided'),
    ...amount('in_flight', 'p.in_flight', 'Funded on the chain after the reading'),
    ...amount('buffer', 'p.buffer', 'Kept back from every promise by rule'),
    ...amount('available', `greatest(${P_ROOM}, 0)`, 'What can be promised now'),
    ...amount(
      'shortfall',
      `case when p.snapshot_ledger is null then 0 else greatest(-(${P_ROOM}), 0) end`,
      'Promised beyond what the chain would let out; above 0 means liquidity left behind our back',
    ),
    column('live_holds', 'live.holds', 'Holds that count in held; a count'),
    column(
      'next_deadline',
      'live.next',
      'Earliest deadline of them, chain clock: a hold can lapse then, not before',
    ),
    column('head_ledger', 'p.head_ledger', 'Newest ledger number seen'),
    column(
      'head_close_time',
      'p.head_close_time',
      "Its close time: the chain's clock as this database knows it",
    ),
  ],
  from:
    'from pools p cross join lateral (select count(*) as holds, min(r.expires_at) as next ' +
    "from reservations r where r.pool_id = p.id and r.state = 'held') live",
};

const S_OBSERVED = observed('s', 'total', 'locked', 'token_balance');
const S_ROOM = `${S_OBSERVED} - s.held - s.in_flight - s.buffer`;
export const UTILISATION: CommentedView = {
  name: 'utilisation_v1',
  meaning:
    'One row per reading of a pool that advanced: how its liquidity was used at that ' +
    'moment. Give a pool_id and a range of at. Between two readings the counters move with ' +
    'the journal (journal_v1); position_at gives any moment.',
  columns: [
    ...ofPool,
    column('at', 's.observed_at', 'When the reading was stored, database clock'),
    column('ledger', 's.ledger', 'Ledger number it shows'),
    column(
      'close_time',
      's.close_time',
      'Close time of that ledger, chain clock; null when not told',
    ),
    ...amount('total', 's.total', 'Liquidity, lent out or not'),
    ...amount('locked', 's.locked', 'Funded, unrepaid principal; may be negative'),
    ...amount('token_balance', 's.token_balance', 'Tokens the contract had'),
    ...amount('observed_available', S_OBSERVED, 'min(total - locked, token balance)'),
    ...amount('held', 's.held', 'Promised when it was stored; null: stored before this was kept'),
    ...amount(
      'in_flight',
      's.in_flight',
      'Settled after its ledger; null: stored before this was kept',
    ),
    ...amount('buffer', 's.buffer', 'Buffer when it was stored; null: stored before this was kept'),
    ...amount(
      'available',
      `case when ${S_ROOM} is not null then greatest(${S_ROOM}, 0) end`,
      'What could be promised then; null: counters not kept',
    ),
    ...amount(
      'shortfall',
      `case when ${S_ROOM} is not null then greatest(-(${S_ROOM}), 0) end`,
      'Promised beyond the observed; null: counters not kept',
    ),
    column(
      'lent_share',
      'round(s.locked / nullif(s.total, 0), 4)',
      'locked / total, 0 to 1 unless locked is negative; null for an empty pool',
    ),
    column(
      'used_share',
      'round((s.locked + s.held + s.in_flight) / nullif(s.total, 0), 4)',
      '(locked + held + in flight) / total, 0 to 1 and above in a shortfall; null for an ' +
        'empty pool or when counters were not kept',
    ),
  ],
  from: 'from snapshots s join pools p on p.id = s.pool_id',
};

const figure = (name: string, key: string, what: string) => [
  ...amount(
    `${name}_before`,
    `(c.bridges -> '${key}' ->> 'before')::numeric`,
    `${what} in the first reading`,
  ),
  ...amount(
    `${name}_after`,
    `(c.bridges -> '${key}' ->> 'after')::numeric`,
    `${what} in the second reading`,
  ),
  ...amount(
    `${name}_difference`,
    `c.${name === 'token_balance' ? 'token' : name}_difference`,
    'Second reading less what events explain; 0 is explained; null: events are lost',
  ),
  column(
    `${name}_terms`,
    `c.bridges -> '${key}' -> 'terms'`,
    'What moved it, by name; base units as text; a term that is absent was zero',
  ),
];
export const RECONCILIATIONS: CommentedView = {
  name: 'reconciliations_v1',
  meaning:
    'One row per pair of readings that follow each other: how the second comes from the ' +
    'first, for total, locked and token balance. Give a pool_id and a range of at. Not ' +
    'here: pairs whose events are not read yet.',
  columns: [
    ...ofPool,
    column('from_ledger', 'c.from_ledger', 'Ledger number of the first reading'),
    column(
      'to_ledger',
      'c.to_ledger',
      'Ledger number of the second reading; with pool_id it names the row',
    ),
    column('at', 'c.at', 'When it was judged, database clock'),
    column(
      'outcome',
      'c.outcome',
      'explained, unexplained (the pool is paused) or unknown (events are lost)',
    ),
    column('breaks', 'jsonb_array_length(c.breaks)', 'Breaks found; a count; breaks_v1 has them'),
    ...figure('total', 'total', 'Liquidity, lent out or not'),
    ...figure('locked', 'locked', 'Funded, unrepaid principal'),
    ...figure('token_balance', 'tokenBalance', 'Tokens of the contract'),
  ],
  from: 'from reconciliations c join pools p on p.id = c.pool_id',
};

export const BREAKS: CommentedView = {
  name: 'breaks_v1',
  meaning:
    'One row per difference between ledger and chain. Joins reconciliations_v1 by pool_id ' +
    'and to_ledger. A break that lasts is found again with every reading: count rows by ' +
    'class only over a range of at.',
  columns: [
    ...ofPool,
    column('from_ledger', 'c.from_ledger', 'Ledger number of the first reading'),
    column('to_ledger', 'c.to_ledger', 'Ledger number of the second reading'),
    column('number', 'b.number', 'Place among the breaks of this pair, from 1'),
    column('at', 'c.at', 'When it was found, database clock'),
    column(
      'class',
      "b.item ->> 'class'",
      'in_transit (timing, no alarm), shortfall, unreserved_funding, external_transfer, ' +
        'gap, unexplained or ledger_error',
    ),
    column(
      'is_alarm',
      "b.item ->> 'class' <> 'in_transit'",
      'false: timing only, gone with the next reading',
    ),
    column(
      'figure',
      "b.item ->> 'figure'",
      'total, locked or tokenBalance; null when it is about no single figure',
    ),
    ...amount('amount', "(b.item ->> 'amount')::numeric", 'How much; null: not known'),
    column(
      'row_count',
      "jsonb_array_length(b.item -> 'rows')",
      'Rows named; a count, 100 at most, while amount is of all of them',
    ),
    column(
      'rows',
      "b.item -> 'rows'",
      'What it is made of: eventId, txHash, reservationId, ledger, amount (base units as text), note',
    ),
  ],
  from:
    'from reconciliations c join pools p on p.id = c.pool_id cross join lateral ' +
    'jsonb_array_elements(c.breaks) with ordinality as b(item, number) where c.breaks <> ' +
    "'[]'::jsonb",
};

export const FUNDINGS: CommentedView = {
  name: 'fundings_without_hold_v1',
  meaning:
    'One row per loan that the pool funded without a hold of this service: somebody called ' +
    'the contract past it. Joined by transaction hash, never by amount.',
  columns: [
    ...ofPool,
    column('event_id', 'f.event_id', "Id of the chain's event; ids order as the chain does"),
    column('ledger', 'f.ledger', 'Ledger number it was funded in'),
    column('seen_at', 'e.seen_at', 'When this service read it, database clock'),
    column('transaction', 'f.tx_hash', 'Hash of the transaction, as explorers show it'),
    ...amount('amount', 'f.amount', 'What left the pool'),
    column('borrower', 'f.borrower', 'Stellar account; null when the events did not tell'),
    column(
      'chain_loan_id',
      'f.chain_loan_id',
      'Loan id of the contract; null when the events did not tell',
    ),
  ],
  from:
    'from fundings f join pools p on p.id = f.pool_id join chain_events e on e.pool_id = ' +
    'f.pool_id and e.id = f.event_id where f.reservation_id is null',
};

/** A later migration adds columns at its end. */
export const RULES: CommentedView = {
  name: 'pool_rules_v1',
  meaning:
    'The rules and the state of each pool as they were, one row per change. Not here: ' +
    'changes made before this was kept; the first row of such a pool says known_before = ' +
    'false.',
  columns: [
    ...ofPool,
    column('number', 'h.number', "Place among the pool's rows, from 1"),
    column('valid_from', 'h.at', 'From when on, database clock'),
    column('valid_until', 'h.until', 'Until when; null: still'),
    column(
      'known_before',
      'h.from_start',
      'false: what the rules were before valid_from is not known',
    ),
    column('state', 'h.state', 'active, paused, quarantined or closed'),
    ...amount('buffer', 'h.buffer', 'Kept back from every promise'),
    column('hold_seconds', 'h.hold_seconds', 'How long a promise lives; seconds'),
    column('min_signing_seconds', 'h.min_signing_seconds', 'Least time to sign; seconds'),
    column(
      'max_snapshot_age_seconds',
      'h.max_snapshot_age_seconds',
      'Oldest reading on which is promised; seconds',
    ),
    column(
      'max_extension_seconds',
      'h.max_extension_seconds',
      'How far a rebuild may move the deadline; seconds',
    ),
    column('strict', 'h.strict', 'true: no more live holds than the loan ids of an envelope'),
  ],
  from:
    'from (select x.*, lead(x.at) over (partition by x.pool_id order by x.number) as until ' +
    'from pool_rules_history x) h join pools p on p.id = h.pool_id',
};

const VIEWS = [POSITION, UTILISATION, RECONCILIATIONS, BREAKS, FUNDINGS, RULES];
const UP = `${VIEWS.map(createView).join('\n')}\n${POSITION_AT}`;
const DOWN =
  'drop function reporting.position_at; drop view ' +
  `${VIEWS.map(({ name }) => `reporting.${name}`).join(', ')};`;

export class ReportingPools1790000000053 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
