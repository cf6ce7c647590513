import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Group commit: one call decides a whole batch of waiting requests, of any pools (`protocol.md`,
 * "The ledger transaction"). The caller has begun
 * SERIALIZABLE and taken the gate. Every member gets exactly one outcome; running the same batch
 * twice gives the same answers and no second row.
 *
 * Two ways to the same verdicts: when every member is new and all of them fit, one set-based look
 * decides (`v_plain`); else a greedy loop in arrival
 * order does, in which a later smaller request may fit after a refused one. The planner settings
 * keep look-ups on indexes: with 20,000 rows and a batch
 * of 500 it would rather hash the whole table, and SERIALIZABLE would then lock the whole relation.
 */
export const HOLD_BATCH = `
create function hold_batch(
  p_id uuid[], p_pool uuid[], p_network text[], p_borrower text[], p_amount numeric[], p_tenant text[], p_key text[], p_fingerprint text[], p_ask text[],
  p_loan uuid[], p_vendor text[], p_total numeric[], p_guarantee numeric[], p_schedule text[], p_loan_type text[],
  p_hash text[], p_xdr bytea[], p_sequence bigint[], p_max_time bigint[], p_issued_after bigint[], p_fee bigint[], p_first numeric[], p_last numeric[],
  p_code text[], p_facts text[], p_key_hours integer, p_chain_lag_seconds integer
) returns table (o_ord bigint, o_outcome text, o_reservation uuid, o_loan uuid, o_pool uuid, o_ledger bigint, o_code text, o_facts jsonb)
language plpgsql
set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  n constant integer := cardinality(p_id);
  v_now constant timestamptz := clock_timestamp();
  v_lag constant interval := make_interval(secs => p_chain_lag_seconds);
  v_plain boolean;
  v_outcome text[]; v_write boolean[]; v_reservation uuid[]; v_loan uuid[]; v_pool uuid[]; v_ledger bigint[]; v_code text[]; v_facts jsonb[];
  v_pools uuid[]; v_left numeric[]; v_taken text[] := '{}'; v_taken_ord integer[] := '{}'; v_keys text[] := '{}'; v_key_ord integer[] := '{}';
  v_expired boolean := false; v_next bigint; v_rows bigint; v_borrowers bigint; v_wanted bigint;
  m record; i integer; j integer;
begin
  if current_setting('transaction_isolation') <> 'serializable' then raise exception 'hold_batch runs in a ledger transaction only' using errcode = '25001'; end if;
  -- lock order everywhere: gate, pool rows by id, then the rest
  select array_agg(q.id), array_agg(q.room) into v_pools, v_left from (
    select p.id, least(p.snapshot_total - p.snapshot_locked, p.snapshot_token_balance) - p.held - p.in_flight - p.buffer as room
      from pools p where p.id = any (p_pool) order by p.id for update) q;

  select coalesce(bool_and(coalesce(
      u.ask = 'hold' and p.state = 'active' and k.tenant_id is null and r.id is null and b.account is null
      and p.snapshot_advanced_at >= v_now - make_interval(secs => p.max_snapshot_age_seconds)
      and greatest(p.head_close_time, to_timestamp(u.max_time - p.hold_seconds)) >= v_now - v_lag
      and to_timestamp(u.max_time) - p.head_close_time >= make_interval(secs => p.min_signing_seconds)
      and coalesce(s.consumed < u.sequence, true), false)), false)
    and count(distinct u.network || u.borrower) = n and count(distinct u.tenant || chr(31) || u.key) = count(u.key)
    into v_plain
    from unnest(p_id, p_pool, p_network, p_borrower, p_tenant, p_key, p_ask, p_sequence, p_max_time)
      as u(id, pool, network, borrower, tenant, key, ask, sequence, max_time)
    left join pools p on p.id = u.pool
    left join idempotency_keys k on k.tenant_id = u.tenant and k.key = u.key
    left join reservations r on r.pool_id = u.pool and r.id = u.id
    left join live_borrowers b on b.network = u.network and b.account = u.borrower
    left join account_sequences s on s.network = u.network and s.account = u.borrower;
  if v_plain then
    select bool_and(a.asked <= v_left[array_position(v_pools, a.pool)]) into v_plain
      from (select u.pool, sum(u.amount) as asked from unnest(p_pool, p_amount) as u(pool, amount) group by u.pool) a;
  end if;

  v_reservation := p_id; v_loan := p_loan; v_pool := p_pool;
  v_ledger := array_fill(null::bigint, array[n]); v_code := array_fill(null::text, array[n]); v_facts := array_fill(null::jsonb, array[n]);
  if coalesce(v_plain, false) then
    v_outcome := array_fill('held'::text, array[n]);
    v_write := array_fill(true, array[n]);
  else
    v_outcome := array_fill(null::text, array[n]);
    v_write := array_fill(false, array[n]);
    for m in
      select u.*, p.id as known, p.state, p.snapshot_ledger, p.hold_seconds, p.min_signing_seconds, p.head_close_time,
          coalesce(p.snapshot_advanced_at < v_now - make_interval(secs => p.max_snapshot_age_seconds), true) as too_old,
          extract(epoch from v_now - p.snapshot_advanced_at) as age, p.max_snapshot_age_seconds,
          k.request_id as k_request, k.fingerprint as k_fingerprint, k.outcome as k_outcome, k.code as k_code, k.facts as k_facts, k.pool_id as k_pool,
          k.expires_at <= v_now as k_expired, r.at_ledger as r_ledger, b.loan_id as b_loan, b.reservation_id as b_reservation, s.consumed
        from unnest(p_id, p_pool, p_network, p_borrower, p_amount, p_tenant, p_key, p_fingerprint, p_ask, p_sequence, p_max_time, p_code, p_facts)
          with ordinality as u(id, pool, network, borrower, amount, tenant, key, fingerprint, ask, sequence, max_time, code, facts, ord)
        left join pools p on p.id = u.pool
        left join idempotency_keys k on k.tenant_id = u.tenant and k.key = u.key
        left join reservations r on r.pool_id = u.pool and r.id = u.id
        left join live_borrowers b on b.network = u.network and b.account = u.borrower
        left join account_sequences s on s.network = u.network and s.account = u.borrower
        order by u.ord
    loop
      i := m.ord;
      if m.r_ledger is not null then -- this very request, run again after a lost COMMIT answer
        v_outcome[i] := 'held'; v_ledger[i] := m.r_ledger; continue;
      end if;
      if m.k_request is not null and not m.k_expired then
        if m.k_fingerprint <> m.fingerprint then v_outcome[i] := 'key_reused'; continue; end if;
        v_outcome[i] := case when m.k_request = m.id then 'refused' else 'replayed' end;
        v_reservation[i] := case when m.k_outcome = 'held' then m.k_request end;
        v_pool[i] := m.k_pool; v_code[i] := m.k_code; v_facts[i] := m.k_facts; continue;
      end if;
      v_expired := v_expired or coalesce(m.k_expired, false);
      j := v_key_ord[array_position(v_keys, m.tenant || chr(31) || m.key)]; -- a twin decided in this batch
      if j is not null then
        if p_fingerprint[j] <> m.fingerprint then v_outcome[i] := 'key_reused'; continue; end if;
        v_outcome[i] := 'replayed'; v_reservation[i] := case when v_outcome[j] = 'held' then p_id[j] end;
        v_pool[i] := p_pool[j]; v_code[i] := v_code[j]; v_ledger[i] := -j; continue; -- its facts are copied below, when they are whole
      end if;
      if m.known is null then v_outcome[i] := 'pool_unknown'; continue; end if;
      if m.ask = 'record-refusal' then
        v_outcome[i] := 'refused'; v_write[i] := true; v_code[i] := m.code; v_facts[i] := m.facts::jsonb;
      else
        if m.state <> 'active' then v_outcome[i] := 'pool_closed'; v_code[i] := m.state; continue; end if;
        j := v_taken_ord[array_position(v_taken, m.network || m.borrower)];
        if m.b_loan is not null or j is not null then
          v_outcome[i] := 'borrower_busy'; v_loan[i] := coalesce(m.b_loan, p_loan[j]); v_reservation[i] := coalesce(m.b_reservation, p_id[j]); continue;
        end if;
        if m.too_old or coalesce(greatest(m.head_close_time, to_timestamp(m.max_time - m.hold_seconds)) < v_now - v_lag, true) then
          v_outcome[i] := 'snapshot_stale'; v_facts[i] := jsonb_build_object('age', m.age, 'maxAge', m.max_snapshot_age_seconds); continue;
        end if;
        if m.ask = 'hold' and (to_timestamp(m.max_time) - m.head_close_time < make_interval(secs => m.min_signing_seconds) or m.consumed >= m.sequence) then
          v_outcome[i] := 'stale'; continue;
        end if;
        j := array_position(v_pools, m.pool);
        if m.amount <= v_left[j] then
          if m.ask = 'refuse-only' then v_outcome[i] := 'fits'; continue; end if;
          v_outcome[i] := 'held'; v_write[i] := true; v_left[j] := v_left[j] - m.amount;
          v_taken := v_taken || (m.network || m.borrower); v_taken_ord := v_taken_ord || i;
        else
          v_outcome[i] := 'refused'; v_write[i] := true; v_code[i] := 'INSUFFICIENT_LIQUIDITY';
          v_facts[i] := jsonb_build_object('available', greatest(v_left[j], 0)::text, 'atLedger', m.snapshot_ledger);
        end if;
      end if;
      if m.key is not null then v_keys := v_keys || (m.tenant || chr(31) || m.key); v_key_ord := v_key_ord || i; end if;
    end loop;
    if v_expired then
      delete from idempotency_keys k using unnest(p_tenant, p_key) as u(tenant, key) where k.tenant_id = u.tenant and k.key = u.key and k.expires_at <= v_now;
    end if;
  end if;

  select count(*) into v_wanted from unnest(v_outcome, v_write) as u(outcome, write) where u.write and u.outcome = 'held';
  if v_wanted > 0 then
    -- one statement, so that the members are unnested once: seven statements cost 2 ms a batch before the first row
    with member as materialized (
        select u.*, sum(u.amount) over (partition by u.pool order by u.ord rows unbounded preceding) as run
          from unnest(v_outcome, v_write, p_pool, p_id, p_tenant, p_network, p_borrower, p_amount, p_loan, p_vendor, p_total, p_guarantee, p_schedule, p_loan_type,
              p_hash, p_xdr, p_sequence, p_max_time, p_issued_after, p_fee, p_first, p_last)
            with ordinality as u(outcome, write, pool, id, tenant, network, borrower, amount, loan, vendor, total, guarantee, schedule, loan_type,
              hash, xdr, sequence, max_time, issued_after, fee, first, last, ord)
          where u.write and u.outcome = 'held'),
      new_reservations as (
        insert into reservations (pool_id, id, tenant_id, loan_id, borrower, amount, expires_at, at_ledger, held_at)
          select member.pool, member.id, member.tenant, member.loan, member.borrower, member.amount, to_timestamp(member.max_time), p.snapshot_ledger, v_now
            from member join pools p on p.id = member.pool order by member.pool, member.id),
      new_loans as (
        insert into loans (pool_id, id, reservation_id, tenant_id, borrower, vendor, total_amount, guarantee_amount, schedule, loan_type, created_at)
          select member.pool, member.loan, member.id, member.tenant, member.borrower, member.vendor, member.total, member.guarantee, member.schedule::jsonb, member.loan_type, v_now from member order by member.pool, member.loan),
      new_envelopes as (
        insert into envelopes (pool_id, reservation_id, number, hash, xdr_deflated, sequence, max_time, issued_after_ledger, fee, loan_id_first, loan_id_last)
          select member.pool, member.id, 1, member.hash, member.xdr, member.sequence, to_timestamp(member.max_time), member.issued_after, member.fee, member.first, member.last from member order by member.pool, member.id),
      new_events as (
        insert into reservation_events (pool_id, reservation_id, number, kind, at, state_after, amount, pool_version, held_before, held_after,
            in_flight_before, in_flight_after, envelope_hash, ledger)
          select member.pool, member.id, 1, 'held', v_now, 'held', member.amount, p.version + 1, p.held + member.run - member.amount, p.held + member.run, p.in_flight, p.in_flight, member.hash, p.snapshot_ledger
            from member join pools p on p.id = member.pool order by member.pool, member.id),
      new_hashes as (
        insert into envelope_hashes (hash, pool_id, reservation_id, number) select member.hash, member.pool, member.id, 1 from member order by member.hash on conflict do nothing returning 1),
      new_borrowers as (
        insert into live_borrowers (network, account, pool_id, reservation_id, loan_id) select member.network, member.borrower, member.pool, member.id, member.loan from member order by member.network, member.borrower
          on conflict do nothing returning 1)
    select (select count(*) from new_hashes), (select count(*) from new_borrowers) into v_rows, v_borrowers;
    if v_rows <> v_wanted then raise exception 'an envelope of this batch exists already' using errcode = '40001'; end if;
    if v_borrowers <> v_wanted then raise exception 'a borrower of this batch took a hold meanwhile' using errcode = '40001'; end if;
  end if;

  if not coalesce(v_plain, false) then
    for i in 1..n loop
      if v_write[i] and v_outcome[i] = 'refused' and v_code[i] = 'INSUFFICIENT_LIQUIDITY' then
        select extract(epoch from min(r.expires_at))::bigint into v_next from reservations r where r.pool_id = p_pool[i] and r.state = 'held';
        v_facts[i] := v_facts[i] || jsonb_build_object('nextDeadline', v_next::text);
      elsif v_ledger[i] < 0 then
        v_facts[i] := v_facts[-v_ledger[i]]; v_ledger[i] := null;
      end if;
    end loop;
    insert into refusals (pool_id, id, tenant_id, borrower, amount, code, facts, created_at)
      select u.pool, u.id, u.tenant, u.borrower, u.amount, u.code, u.facts, v_now
        from unnest(v_outcome, v_write, p_pool, p_id, p_tenant, p_borrower, p_amount, v_code, v_facts)
          as u(outcome, write, pool, id, tenant, borrower, amount, code, facts)
        where u.write and u.outcome = 'refused' order by u.pool, u.id
      on conflict do nothing;
  end if;
  select count(*) into v_wanted from unnest(v_write, p_key) as u(write, key) where u.write and u.key is not null;
  if v_wanted > 0 then
    insert into idempotency_keys (tenant_id, key, fingerprint, pool_id, request_id, outcome, code, facts, created_at, expires_at)
      select u.tenant, u.key, u.fingerprint, u.pool, u.id, u.outcome, u.code, u.facts, v_now, v_now + make_interval(hours => p_key_hours)
        from unnest(v_outcome, v_write, p_tenant, p_key, p_fingerprint, p_pool, p_id, v_code, v_facts)
          as u(outcome, write, tenant, key, fingerprint, pool, id, code, facts)
        where u.write and u.key is not null order by u.tenant, u.key
      on conflict do nothing;
    get diagnostics v_rows = row_count;
    if v_rows <> v_wanted then raise exception 'a key of this batch was used meanwhile' using errcode = '40001'; end if;
  end if;

  -- always, refusals included: else a waiter could not see that its snapshot is old. The guard repeats the check (I2) against whatever is in the row by now.
  update pools p set version = p.version + 1, held = p.held + a.asked
    from (select u.pool, coalesce(sum(u.amount) filter (where u.write and u.outcome = 'held'), 0) as asked
            from unnest(v_outcome, v_write, p_pool, p_amount) as u(outcome, write, pool, amount) group by u.pool) a
    where p.id = a.pool
      and (a.asked = 0 or p.held + a.asked + p.in_flight + p.buffer <= least(p.snapshot_total - p.snapshot_locked, p.snapshot_token_balance));
  get diagnostics v_rows = row_count;
  if v_rows <> coalesce(cardinality(v_pools), 0) then raise exception 'a pool counter moved under the batch' using errcode = '40001'; end if;
  return query
    select u.ord, u.outcome, u.reservation, u.loan, u.pool, coalesce(u.ledger, p.snapshot_ledger), u.code, u.facts
      from unnest(v_outcome, v_reservation, v_loan, v_pool, v_ledger, v_code, v_facts) with ordinality as u(outcome, reservation, loan, pool, ledger, code, facts, ord)
      left join pools p on p.id = u.pool;
end $$;
`;

const DOWN = 'drop function hold_batch;';

export class HoldBatch1790000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(HOLD_BATCH);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
