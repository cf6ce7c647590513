import { LOADED_NETWORK as NETWORK } from './loaded.js';

/**
 * The statements of the loader. Each writes one slice of time, inside the server, as months of use
 * would leave it. Rows are consistent with each other: running counters in the journal, snapshots
 * that contain what had settled, sums that equal the pool's counters.
 */

/** The names of loaded pools begin with this. */
export const POOL_NAME = 'loaded pool ';

const address = (letter: string, seed: string): string =>
  `'${letter}' || translate(upper(md5(${seed}) || substr(md5(${seed} || 'x'), 1, 23)), '0189', 'WXYZ')`;
const ledgerOf = (time: string): string => `floor(extract(epoch from ${time}) / 5)::bigint`;
const MINUTE = `'1 minute'::interval`;
const ORIGIN = `'2000-01-01 00:00:00+00'::timestamptz`;
const TOTAL = 10n ** 17n;

export const PREPARE = `
set session_replication_role = replica; -- no foreign-key look-ups: every row is made from an existing one
create unlogged table load_stage (pool_id uuid, id uuid, loan_id uuid, borrower text, vendor text,
  parts numeric, held_at timestamptz, ended_at timestamptz, state text);
create unlogged table load_carry (pool_id uuid primary key, held numeric not null, version bigint not null);
create unlogged table load_events (pool_id uuid, id uuid, kind text, at timestamptz, amount numeric,
  held_after numeric, held_change numeric, flight_after numeric, flight_change numeric, version bigint);
`;

/** $1 pools, $2 first moment */
export const POOLS = `
with made as (
  insert into pools (name, network, generation, pool_contract, lending_contract, token_contract,
    pool_wasm_hash, decimals, hold_seconds, longest_hold_seconds, min_signing_seconds,
    max_snapshot_age_seconds, buffer, created_at)
    select '${POOL_NAME}' || n, '${NETWORK}', 'g1', ${address('C', "'p' || n")},
      ${address('C', "'c' || n")}, ${address('C', "'t' || n")}, repeat('ab', 32), 7, 300, 300, 30, 600,
      10000000000, $2::timestamptz
      from generate_series(1, $1::int) n returning id, name, buffer),
  rules as (
    insert into pool_rules_history (pool_id, number, at, from_start, name, state, buffer, hold_seconds,
      min_signing_seconds, max_snapshot_age_seconds, max_extension_seconds, strict,
      max_wallet_share_bps, lapses_max, fee_percentile, max_inclusion_fee)
      select id, 1, $2::timestamptz, true, name, 'active', buffer, 300, 30, 600, 900, false, 10000, 3,
        'p90', 100000 from made)
insert into load_carry select id, 0, 0 from made`;

/**
 * $1 begin of the slice, $2 its length in seconds, $3 rows, $4 number of the first row, $5 end of
 * all slices: holds that would end later are live
 */
export const STAGE = `
insert into load_stage
  select c.id, uuidv7(t.held_at - clock_timestamp()), uuidv7(t.held_at - clock_timestamp()),
    ${address('G', '(($4::bigint + i) % 200000)::text')}, ${address('G', "'v' || (i % 500)")},
    1 + floor(random() * 1000), t.held_at, e.ended_at,
      case when e.ended_at >= $5::timestamptz then 'held' when t.fate < 0.80 then 'settled'
        when t.fate < 0.95 then 'expired' else 'released' end
    from generate_series(0, $3::int - 1) i
      cross join lateral (
        select $1::timestamptz + make_interval(secs => $2::float8 * i / $3::int) as held_at,
          random() as fate, random() as slow) t
      cross join lateral (select t.held_at + make_interval(secs => case
        when t.fate < 0.80 then 8 + 200 * t.slow * t.slow when t.fate < 0.95 then 312 + 8 * t.slow
        else 20 + 200 * t.slow end) as ended_at) e
      join (select p.pool_id as id, row_number() over (order by p.pool_id) - 1 as n,
        count(*) over () as pools from load_carry p) c on c.n = i % c.pools`;

/** $1 begin, $2 end of the slice */
export const RESERVATIONS = `
insert into reservations (pool_id, id, tenant_id, loan_id, borrower, amount, state, release_reason,
  expires_at, at_ledger, settled_ledger, held_at, submitted_at, ended_at)
  select s.pool_id, s.id, 'default', s.loan_id, s.borrower, s.parts * 3000000, s.state,
      case when s.state = 'released' then 'tx_failed' end,
      s.held_at + interval '5 minutes',
      ${ledgerOf(`date_bin(${MINUTE}, s.held_at, ${ORIGIN})`)},
      case when s.state = 'settled' then ceil(extract(epoch from s.ended_at) / 5)::bigint end,
      s.held_at,
      case when s.state = 'settled' then s.held_at + (s.ended_at - s.held_at) / 2 end,
      case when s.state <> 'held' then s.ended_at end
    from load_stage s where s.held_at >= $1 and s.held_at < $2 order by s.held_at`;
export const LOANS = `
insert into loans (pool_id, id, reservation_id, tenant_id, borrower, vendor, total_amount,
  guarantee_amount, schedule, loan_type, created_at)
  select s.pool_id, s.loan_id, s.id, 'default', s.borrower, s.vendor, s.parts * 4000000,
    s.parts * 1000000,
    jsonb_build_array(
      jsonb_build_object('amount', (s.parts * 4000000)::text, 'dueAt', '1900000000')),
    'standard', s.held_at
    from load_stage s where s.held_at >= $1 and s.held_at < $2 order by s.held_at`;

/**
 * Everything that moves a counter in the slice, in order, and a snapshot each minute. A settled
 * amount counts as in flight until the next snapshot.
 */
export const EVENTS = `
insert into load_events
  select q.pool_id, q.id, q.kind, q.at, q.amount, c.held + sum(q.held) over w, q.held,
    coalesce(sum(q.flight) over (partition by q.pool_id, date_bin(${MINUTE}, q.at, ${ORIGIN})
    order by q.at, q.place rows unbounded preceding), 0), q.flight,
      c.version + row_number() over w
    from (
      select pool_id, id, 'held' as kind, held_at as at, parts * 3000000 as amount,
        parts * 3000000 as held, 0 as flight, 1 as place from load_stage where held_at >= $1 and held_at < $2
      union all select pool_id, id, state, ended_at, parts * 3000000, -parts * 3000000, case
        when state = 'settled' then parts * 3000000 else 0 end, 1 from load_stage
        where state <> 'held' and ended_at >= $1 and ended_at < $2
      union all select c.pool_id, null, 'snapshot', t, 0, 0, 0, 0 from load_carry c
        cross join generate_series($1::timestamptz, $2::timestamptz - interval '1 second', ${MINUTE}) t) q
    join load_carry c on c.pool_id = q.pool_id
    window w as (partition by q.pool_id order by q.at, q.place rows unbounded preceding)`;
export const JOURNAL = `
insert into reservation_events (pool_id, reservation_id, number, kind, at, state_before, state_after,
  amount, pool_version, held_before, held_after, in_flight_before, in_flight_after, envelope_hash,
  ledger, close_time, reason, evidence)
  select pool_id, id, case kind when 'held' then 1 else 2 end, kind, at,
      case when kind <> 'held' then 'held' end,
      kind, amount, version, held_after - held_change, held_after, flight_after - flight_change,
      flight_after, md5(id::text) || md5(id::text || 'x'),
      case kind when 'held' then ${ledgerOf(`date_bin(${MINUTE}, at, ${ORIGIN})`)}
        else ${ledgerOf('at')} end,
      case when kind <> 'held' then date_trunc('second', at) end,
      case when kind = 'released' then 'tx_failed' end,
      case kind when 'settled' then jsonb_build_object('certificate', 'D4', 'chainLoanId',
        version::text, 'feeBump', false)
        when 'expired' then jsonb_build_object('certificate', 'D1', 'passedLedger', ${ledgerOf('at')},
        'notFoundAt', jsonb_build_array(${ledgerOf('at')} + 2, ${ledgerOf('at')} + 3))
        when 'released' then jsonb_build_object('certificate', 'D3', 'failedLedger', ${ledgerOf('at')},
          'resultCode', 'txFAILED') end
    from load_events where kind <> 'snapshot' order by at`;
export const SNAPSHOTS = `
insert into snapshots (pool_id, ledger, total, locked, token_balance, close_time, observed_at, held,
  in_flight, buffer)
  select e.pool_id, ${ledgerOf('e.at')}, ${TOTAL}, k.locked, ${TOTAL} - k.locked, e.at, e.at,
    e.held_after, 0, 10000000000
    from load_events e
      cross join lateral (
        select ${TOTAL / 2n} + round(${TOTAL / 5n} * sin(extract(epoch from e.at) / 86400)::numeric)
          as locked) k
    where e.kind = 'snapshot' order by e.at`;
export const CARRY = `
update load_carry c set held = x.held_after, version = x.version
  from (select distinct on (pool_id) pool_id, held_after, version from load_events
  order by pool_id, version desc) x where x.pool_id = c.pool_id`;
/** $1 begin, $2 length in seconds, $3 rows */
export const REFUSALS = `
insert into refusals (pool_id, id, tenant_id, borrower, amount, code, facts, created_at)
  select c.id, uuidv7(t.at - clock_timestamp()), 'default', ${address('G', '(i % 200000)::text')},
    (1 + floor(random() * 1000)) * 3000000, case when t.fate < 0.9 then 'INSUFFICIENT_LIQUIDITY'
    else 'LOAN_REFUSED_BY_CONTRACT' end,
      case when t.fate < 0.9 then jsonb_build_object('available', '2999999', 'atLedger',
        ${ledgerOf('t.at')}) else jsonb_build_object('contract', 'lending_contract', 'number', 9) end, t.at
    from generate_series(0, $3::int - 1) i
      cross join lateral (
        select $1::timestamptz + make_interval(secs => $2::float8 * i / $3::int) as at,
          random() as fate) t
      join (select p.pool_id as id, row_number() over (order by p.pool_id) - 1 as n,
        count(*) over () as pools from load_carry p) c on c.n = i % c.pools`;
/** One in 200 finds a stranger's loan. */
export const RECONCILIATIONS = `
with pairs as (select e.pool_id, ${ledgerOf('e.at')} as ledger, e.at,
  (${ledgerOf('e.at')} / 12) % 200 = 7 as stranger, e.pool_id::text || e.version as seed
  from load_events e where e.kind = 'snapshot'),
  events as (
    insert into chain_events (pool_id, id, ledger, tx_hash, contract, name, topics, data, seen_at)
      select pool_id, lpad((ledger * 4294967296)::text, 19, '0') || '-0000000001', ledger,
        md5(seed) || md5(seed || 'x'), ${address('C', 'seed')}, 'LQFUND', '["LQFUND"]',
        '{"amount":"5000000000"}', at from pairs where stranger),
  funded as (
    insert into fundings (pool_id, event_id, ledger, tx_hash, amount, borrower, seen_at)
      select pool_id, lpad((ledger * 4294967296)::text, 19, '0') || '-0000000001', ledger,
        md5(seed) || md5(seed || 'x'), 5000000000, ${address('G', 'seed')}, at from pairs where stranger)
insert into reconciliations (pool_id, to_ledger, from_ledger, outcome, total_difference,
  locked_difference, token_difference, bridges, breaks, at)
  select pool_id, ledger, ledger - 12, 'explained', 0, 0, 0,
      jsonb_build_object('total', b.one, 'locked', b.one, 'tokenBalance', b.one),
      case when stranger then jsonb_build_array(jsonb_build_object(
          'class', 'unreserved_funding', 'figure', 'locked', 'amount', '5000000000',
          'rows', jsonb_build_array(jsonb_build_object('ledger', ledger, 'amount', '5000000000',
            'txHash', md5(seed) || md5(seed || 'x')))))
        else '[]' end,
      at
    from pairs
      cross join (select jsonb_build_object('before', '${TOTAL}', 'after', '${TOTAL}',
        'expected', '${TOTAL}', 'difference', '0',
        'terms', jsonb_build_object('settledByUs', '0')) as one) b`;
export const SLICE_DONE =
  `truncate load_events; delete from load_stage where state <> 'held' and ended_at < ` +
  '$1::timestamptz';

export const FINISH = `
insert into live_borrowers (network, account, pool_id, reservation_id, loan_id) select '${NETWORK}',
  s.borrower, s.pool_id, s.id, s.loan_id from load_stage s where s.state = 'held' on conflict do nothing;
insert into envelopes (pool_id, reservation_id, number, hash, xdr_deflated, sequence, max_time,
  issued_after_ledger, fee, loan_id_first, loan_id_last)
  select s.pool_id, s.id, 1, md5(s.id::text) || md5(s.id::text || 'x'), '\\x0300', 5,
    s.held_at + interval '5 minutes', ${ledgerOf('s.held_at')}, 100000, 1, 25 from load_stage s
    where s.state = 'held';
update pools p set version = c.version, snapshot_ledger = s.ledger, snapshot_total = s.total,
  snapshot_locked = s.locked, snapshot_token_balance = s.token_balance, snapshot_close_time = s.close_time,
    snapshot_advanced_at = s.observed_at, head_ledger = s.ledger, head_close_time = s.close_time
  from load_carry c cross
    join lateral (select * from snapshots x where x.pool_id = c.pool_id order by x.ledger desc
    limit 1) s where c.pool_id = p.id;
update pools p set held = s.held_sum, in_flight = s.in_flight_sum from ledger_sums s
  join load_carry c on c.pool_id = s.pool_id where s.pool_id = p.id;
drop table load_stage, load_carry, load_events;
`;
