import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Change, changeFunctions } from './changed.functions.js';

/**
 * No transaction can carry more keys than this (200 written entries), so more live holds than this
 * are not looked at one by one.
 */
const LIVE_MAX = 500;
/**
 * Each look-up is a subquery with a limit: as a join the planner may begin with every transaction
 * that the pool ever had. Of the holds that landed lately, the newest. An id that is not among them
 * counts as a stranger's: larger, never smaller.
 */
const LANDED_MAX = 2_000;

/**
 * Bytes of the largest loan entry of any profile. Takes the place of sizes that a process of the
 * release
 * before does not give: with null, no live hold would bound the ones that it makes.
 */
const ENTRY_BYTES_MAX = 8_420;

/**
 * `hold_batch` turns hash joins off for its own look-ups; here lists of the same length are joined,
 * which took 15 ms instead of 5 with 100 live holds.
 */
const HASHED = 'set enable_hashjoin to on';

/**
 * What of a window is used up: the ids that the loan counter has passed since the transaction was
 * built, and our own landings that the counter's newest reading
 * does not contain. Entries of our own loans have known sizes; any other has the size given.
 */
const WINDOW_USED = `
create function window_used(p_network text, p_creditline text, p_stranger_bytes integer, p_first numeric[], p_issued_after bigint[])
returns table (o_ord bigint, o_next numeric, o_loans numeric, o_bytes numeric) language sql stable ${HASHED} as $$
  with asked as materialized (select distinct a.first, a.issued_after from unnest(p_first, p_issued_after) as a(first, issued_after) where a.first is not null),
    counter as materialized (
      select coalesce(p.last_loan_id, 0) as last, coalesce(p.snapshot_ledger, 0) as ledger from (values (1)) as one left join lateral (
        select q.last_loan_id, q.snapshot_ledger from pools q where q.network = p_network and q.creditline_contract = p_creditline and q.last_loan_id is not null
          order by q.snapshot_ledger desc limit 1) p on true),
    landed as materialized (
      select r.settled_ledger as ledger, coalesce(r.entry_bytes, p_stranger_bytes) as bytes,
          (select e.chain_loan_id from envelopes e where e.pool_id = r.pool_id and e.reservation_id = r.id and e.state = 'landed' limit 1) as loan
        from pools p cross join lateral (
          select t.pool_id, t.id, t.settled_ledger, t.entry_bytes from reservations t
            where t.pool_id = p.id and t.state = 'settled' and t.settled_ledger > (select min(a.issued_after) from asked a) order by t.settled_ledger desc limit ${LANDED_MAX}) r
        where p.network = p_network and p.creditline_contract = p_creditline),
    -- those that were built at the same time have used up the same
    used as materialized (
      select a.first, a.issued_after, c.last + 1 as next, passed.ids + l.in_flight as loans, l.own_bytes + (passed.ids - l.own) * p_stranger_bytes + l.in_flight_bytes as bytes
        from asked a cross join counter c cross join lateral (select greatest(c.last + 1 - a.first, 0) as ids) passed
          cross join lateral (
            select count(*) filter (where l.passed) as own, coalesce(sum(l.bytes) filter (where l.passed), 0) as own_bytes,
                count(*) filter (where l.in_flight) as in_flight, coalesce(sum(l.bytes) filter (where l.in_flight), 0) as in_flight_bytes
              from (select l.bytes, l.loan between a.first and c.last as passed,
                    l.ledger > c.ledger and (l.loan >= greatest(a.first, c.last + 1) or l.loan is null and l.ledger > a.issued_after) as in_flight from landed l) l) l)
  select a.ord, u.next, u.loans, u.bytes from unnest(p_first, p_issued_after) with ordinality as a(first, issued_after, ord) left join used u on u.first = a.first and u.issued_after = a.issued_after
$$;
comment on function window_used is 'Loans that landed on the ids of each transaction since it was built, and the bytes of their entries';
`;
/** One hold more is one loan more that may land before each of the others. */
const WINDOW_STATE = `
create function window_state(p_network text, p_creditline text, p_stranger_bytes integer, p_except uuid)
returns table (o_live integer, o_bytes numeric, o_room_loans numeric, o_room_bytes numeric, o_next_deadline bigint) language sql stable ${HASHED} as $$
  with live as materialized (
      select r.expires_at, coalesce(r.entry_bytes, p_stranger_bytes) as bytes, e.loan_id_first as first, e.loan_id_last as last, e.window_bytes, e.issued_after_ledger as issued_after,
          -- T is inclusive: it may land in a ledger that closes at T, and in none after it
          p.strict and e.state = 'open' and (p.head_close_time is null or e.max_time >= p.head_close_time) as guarded,
          row_number() over () as ord
        from pools p cross join lateral (
          select t.* from reservations t where t.pool_id = p.id and t.state = 'held' and t.id is distinct from p_except limit ${LIVE_MAX + 1}) r
          cross join lateral (select t.* from envelopes t where t.pool_id = r.pool_id and t.reservation_id = r.id and t.number = r.envelope_version limit 1) e
        where p.network = p_network and p.creditline_contract = p_creditline limit ${LIVE_MAX + 1}),
    sums as materialized (select count(*)::int as live, coalesce(sum(l.bytes), 0) as bytes, extract(epoch from min(l.expires_at))::bigint as next_deadline from live l),
    room as (
      select min(l.last - l.first - u.o_loans - (s.live - 1)) as loans, min(l.window_bytes - u.o_bytes - (s.bytes - l.bytes)) as bytes
        from live l join window_used(p_network, p_creditline, p_stranger_bytes, (select array_agg(l.first order by l.ord) from live l), (select array_agg(l.issued_after order by l.ord) from live l)) u
            on u.o_ord = l.ord
          cross join sums s
        -- what cannot land any more is not helped by a refusal
        where l.guarded and u.o_next <= l.last and (l.window_bytes is null or u.o_bytes <= l.window_bytes))
  select s.live, s.bytes, r.loans, r.bytes, s.next_deadline from sums s cross join room r
$$;
comment on function window_state is 'The live holds of a creditline, and how many more (and how many bytes of loan entries more) leave each of them able to land in any order. Null room: nothing is bound';
`;

const BOUND_OLD = `        if m.window_bound and m.ask = 'hold' then
          select (select count(*) from reservations r join pools q on q.id = r.pool_id where r.state = 'held' and q.network = m.network and q.creditline_contract = m.creditline_contract)
              + (select count(*) from unnest(v_outcome, p_pool) as o(outcome, pool) join pools q on q.id = o.pool where o.outcome = 'held' and q.network = m.network and q.creditline_contract = m.creditline_contract)
            into v_live;
          v_window := p_last[i] - p_first[i] + 1;
          if v_live >= v_window then
            v_outcome[i] := 'window_full'; v_facts[i] := jsonb_build_object('live', v_live, 'window', v_window); continue;
          end if;
        end if;
`;
const NOTHING_DECIDED = '  v_reservation := p_id; v_loan := p_loan; v_pool := p_pool;\n';
/** Decided before the window now, as in the order of precedence of the API. */
const SHARE = '        if m.amount > m.share_bound then\n';
const HELD_OLD = `          if m.ask = 'refuse-only' then v_outcome[i] := 'fits'; continue; end if;
          v_outcome[i] := 'held'; v_write[i] := true; v_left[j] := v_left[j] - m.amount;
`;
const HELD_NOW = `          if m.ask = 'refuse-only' then v_outcome[i] := 'fits'; continue; end if;
          k := array_position(v_lines, m.network || m.creditline_contract); v_entry := coalesce(p_entry_bytes[i], p_stranger_bytes[i]);
          if m.window_bound then
            if k is null then
              select s.* into v_look from window_state(m.network, m.creditline_contract, p_stranger_bytes[i], null) s;
              -- of every member that is on this creditline
              select array_agg(case when q.id is null then v_used[u.o_ord] else u.o_loans end order by u.o_ord), array_agg(case when q.id is null then v_used_bytes[u.o_ord] else u.o_bytes end order by u.o_ord)
                into v_used, v_used_bytes from window_used(m.network, m.creditline_contract, p_stranger_bytes[i], p_first, p_issued_after) u
                left join pools q on q.id = p_pool[u.o_ord] and q.network = m.network and q.creditline_contract = m.creditline_contract;
              -- taken in this batch before, by pools without the rule
              select count(*), coalesce(sum(coalesce(o.bytes, p_stranger_bytes[i])), 0) into v_of from unnest(v_outcome, v_write, p_pool, p_entry_bytes) as o(outcome, write, pool, bytes)
                join pools q on q.id = o.pool where o.outcome = 'held' and o.write and q.network = m.network and q.creditline_contract = m.creditline_contract;
              v_lines := v_lines || (m.network || m.creditline_contract); k := cardinality(v_lines);
              v_live := v_live || (v_look.o_live + v_of.count); v_bytes := v_bytes || (v_look.o_bytes + v_of.coalesce);
              v_room := v_room || (v_look.o_room_loans - v_of.count); v_room_bytes := v_room_bytes || (v_look.o_room_bytes - v_of.coalesce);
            end if;
            if v_room[k] < 1 or v_room_bytes[k] < v_entry then
              v_outcome[i] := 'window_full';
              v_facts[i] := case when v_room[k] < 1 then jsonb_build_object('live', v_live[k], 'window', v_live[k] + greatest(v_room[k], 0))
                else jsonb_build_object('live', v_live[k], 'window', v_live[k], 'bytes', v_entry, 'bytesLeft', greatest(v_room_bytes[k], 0)) end;
              continue;
            end if;
            -- the others fit before this one
            select p_last[i] - p_first[i] - v_used[i] - v_live[k] as loans, p_window_bytes[i] - v_used_bytes[i] - v_bytes[k] as bytes into v_of;
            if v_of.loans < 0 or v_of.bytes < 0 then
              v_outcome[i] := 'window_small'; v_facts[i] := jsonb_build_object('live', v_live[k], 'window', greatest(v_live[k] + v_of.loans + 1, 0)); continue;
            end if;
            v_room[k] := least(v_room[k] - 1, v_of.loans); v_room_bytes[k] := least(v_room_bytes[k] - v_entry, v_of.bytes);
          elsif k is not null then
            v_room[k] := v_room[k] - 1; v_room_bytes[k] := v_room_bytes[k] - v_entry;
          end if;
          if k is not null then v_live[k] := v_live[k] + 1; v_bytes[k] := v_bytes[k] + v_entry; end if;
          v_outcome[i] := 'held'; v_write[i] := true; v_left[j] := v_left[j] - m.amount;
`;

/**
 * A pool with the rule `strict` promises no more than what lands in any order: by loan ids and by
 * the bytes of the entries. Each function takes arguments more,
 * which may be left out, so that a process of the release before, still running, goes on: what it
 * holds is counted as the largest entry and has no bound by bytes.
 */
const CHANGES: Readonly<Record<string, readonly Change[]>> = {
  hold_batch: [
    [
      'p_key_hours integer, p_chain_lag_seconds integer)',
      'p_key_hours integer, p_chain_lag_seconds integer, p_entry_bytes integer[] DEFAULT ' +
        'NULL::integer[], p_stranger_bytes integer[] DEFAULT NULL::integer[], p_window_bytes ' +
        'integer[] DEFAULT NULL::integer[], p_window_fee bigint[] DEFAULT NULL::bigint[])',
    ],
    [
      'm record; i integer; j integer; v_live bigint; v_window bigint;',
      'm record; i integer; j integer; k integer; v_entry integer; v_look record; v_of ' +
        "record; v_lines text[] := '{}'; v_live bigint[] := '{}'; v_bytes numeric[] := '{}'; " +
        "v_room numeric[] := '{}'; v_room_bytes numeric[] := '{}'; v_used numeric[]; " +
        'v_used_bytes numeric[];',
    ],
    [`${BOUND_OLD}${SHARE}`, SHARE],
    [HELD_OLD, HELD_NOW],
    [
      NOTHING_DECIDED,
      `  p_stranger_bytes := coalesce(p_stranger_bytes, array_fill(${ENTRY_BYTES_MAX}, array[n]));\n${NOTHING_DECIDED}`,
    ],
    [
      'p_hash, p_xdr, p_sequence, p_max_time, p_issued_after, p_fee, p_first, p_last)',
      'p_hash, p_xdr, p_sequence, p_max_time, p_issued_after, p_fee, p_first, p_last, ' +
        'p_entry_bytes, p_window_bytes, p_window_fee)',
    ],
    [
      'hash, xdr, sequence, max_time, issued_after, fee, first, last, ord)',
      'hash, xdr, sequence, max_time, issued_after, fee, first, last, entry_bytes, window_bytes, window_fee, ord)',
    ],
    ['expires_at, at_ledger, held_at)\n', 'expires_at, at_ledger, held_at, entry_bytes)\n'],
    [
      'to_timestamp(member.max_time), p.snapshot_ledger, v_now\n',
      'to_timestamp(member.max_time), p.snapshot_ledger, v_now, member.entry_bytes\n',
    ],
    [
      'issued_after_ledger, fee, loan_id_first, loan_id_last)\n',
      'issued_after_ledger, fee, loan_id_first, loan_id_last, window_bytes, window_fee)\n',
    ],
    [
      'member.fee, member.first, member.last from member',
      'member.fee, member.first, member.last, member.window_bytes, member.window_fee from member',
    ],
  ],
  issue_envelope: [
    [
      'p_rebuilds_max integer, p_chain_lag_seconds integer)',
      'p_rebuilds_max integer, p_chain_lag_seconds integer, p_stranger_bytes integer ' +
        'DEFAULT NULL::integer, p_window_bytes integer DEFAULT NULL::integer, p_window_fee ' +
        'bigint DEFAULT NULL::bigint)',
    ],
    [
      "then return 'undecided'; end if;\n",
      `then return 'undecided'; end if;
  if p."strict" and (select p_last - p_first - u.o_loans < s.o_live or p_window_bytes - u.o_bytes < s.o_bytes
      from window_state(p.network, p.creditline_contract, p_stranger_bytes, p_id) s cross join window_used(p.network, p.creditline_contract, p_stranger_bytes, array[p_first], array[p_issued_after]) u) then
    return 'window_small';
  end if;
`,
    ],
    [
      'issued_after_ledger, fee, loan_id_first, loan_id_last)\n',
      'issued_after_ledger, fee, loan_id_first, loan_id_last, window_bytes, window_fee)\n',
    ],
    [
      'p_issued_after, p_fee, p_first, p_last);\n',
      'p_issued_after, p_fee, p_first, p_last, p_window_bytes, p_window_fee);\n',
    ],
  ],
  observe_pool: [
    [
      'insert into snapshots (pool_id, ledger, total, locked, token_balance, close_time)\n',
      'insert into snapshots (pool_id, ledger, total, locked, token_balance, close_time, last_loan_id)\n',
    ],
    [
      'values (p_pool, p_ledger, p_total, p_locked, p_token_balance, to_timestamp(p_close_time));',
      'values (p_pool, p_ledger, p_total, p_locked, p_token_balance, to_timestamp(p_close_time), p_last_loan);',
    ],
  ],
};
const HOLD_BATCH_BEFORE =
  'uuid[], uuid[], text[], text[], numeric[], text[], text[], text[], text[], uuid[], ' +
  'text[], numeric[], numeric[], text[], text[], text[], bytea[], bigint[], bigint[], ' +
  'bigint[], bigint[], numeric[], numeric[], text[], text[], integer, integer';
const ISSUE_BEFORE =
  'uuid, uuid, integer, text, bytea, bigint, bigint, bigint, bigint, numeric, numeric, integer, integer';
const STRICT = (text: string): string => `comment on column pools.strict is '${text}'`;

// with other arguments it is another function, so the ones before have to go
export class CounterWindows1790000000080 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table reservations add column entry_bytes integer;
      comment on column reservations.entry_bytes is 'XDR bytes of the entry that its loan takes in the creditline. Null: from before this was kept, not known';
      alter table envelopes add column window_bytes integer, add column window_fee bigint;
      comment on column envelopes.window_bytes is 'Bytes that the entries of loans which land before it, on ids of its own, may have together. Null: no bound known';
      comment on column envelopes.window_fee is 'Stroops of its fee that its window costs. Null: from before this was kept';
      alter table snapshots add column last_loan_id numeric(20,0);
      comment on column snapshots.last_loan_id is 'Id of the creditline''s last loan at this ledger, of the same reply. Null: not known';
      create index pools_by_creditline on pools (network, creditline_contract);
      ${WINDOW_USED} ${WINDOW_STATE} ${STRICT('No new hold when the live holds of the creditline could not land in any order, by ' + 'loan ids and by bytes')};`);
    await changeFunctions(runner, CHANGES, 0);
    await runner.query(
      `drop function hold_batch(${HOLD_BATCH_BEFORE}); drop function issue_envelope(${ISSUE_BEFORE});`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await changeFunctions(runner, CHANGES, 1);
    await runner.query(`drop function hold_batch(${HOLD_BATCH_BEFORE}, integer[], integer[], integer[], bigint[]); drop function issue_envelope(${ISSUE_BEFORE}, integer, integer, bigint);
      drop function window_state; drop function window_used; drop index pools_by_creditline;
      alter table snapshots drop column last_loan_id; alter table envelopes drop column window_bytes, drop column window_fee; alter table reservations drop column entry_bytes;
      ${STRICT('R11: no new hold when live holds of the creditline would exceed the loan ids of its envelope')};`);
  }
}
