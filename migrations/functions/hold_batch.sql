-- Group commit: one call decides a whole batch of waiting requests, of any pools
-- (docs/protocol.md#batch). The caller has begun SERIALIZABLE and taken the gate. Every member gets
-- exactly one outcome; the same batch run again gives the same answers and writes no second row.
--
-- Two ways lead to the same decisions. When every member is new and all of them fit, one set-based
-- look decides (v_plain). Otherwise a greedy loop in arrival order does, in which a later and
-- smaller request may fit after one that was refused.
--
-- The planner settings keep look-ups on indexes: with 20,000 rows and a batch of 500 the planner
-- would hash whole tables, and SERIALIZABLE would then lock the whole relation. The last four
-- arguments may be left out by a process of the release before: its entries count as the largest
-- (8,420 bytes).
create or replace function hold_batch(
  -- requests
  p_id uuid[],
  p_pool uuid[],
  p_network text[],
  p_borrower text[],
  p_amount numeric[],
  p_tenant text[],
  p_key text[],
  p_fingerprint text[],
  p_ask text[],
  -- loans
  p_loan uuid[],
  p_vendor text[],
  p_total numeric[],
  p_guarantee numeric[],
  p_schedule text[],
  p_loan_type text[],
  -- transactions
  p_hash text[],
  p_xdr bytea[],
  p_sequence bigint[],
  p_max_time bigint[],
  p_issued_after bigint[],
  p_fee bigint[],
  p_first numeric[],
  p_last numeric[],
  -- refusals that were decided before
  p_code text[],
  p_facts text[],
  -- the same for all
  p_key_hours integer,
  p_chain_lag_seconds integer,
  -- windows
  p_entry_bytes integer[] default null,
  p_stranger_bytes integer[] default null,
  p_window_bytes integer[] default null,
  p_window_fee bigint[] default null
) returns table (
  o_ord bigint,
  o_outcome text,
  o_reservation uuid,
  o_loan uuid,
  o_pool uuid,
  o_ledger bigint,
  o_code text,
  o_facts jsonb
)
language plpgsql
set enable_hashjoin to off
set enable_mergejoin to off
set enable_seqscan to off
set enable_bitmapscan to off
set plan_cache_mode to force_generic_plan
as $$
declare
  n constant integer := cardinality(p_id);
  v_now constant timestamptz := clock_timestamp();
  v_lag constant interval := make_interval(secs => p_chain_lag_seconds);
  v_plain boolean;
  -- one entry for each member
  v_outcome text[];
  v_write boolean[];
  v_reservation uuid[];
  v_loan uuid[];
  v_pool uuid[];
  v_ledger bigint[];
  v_code text[];
  v_facts jsonb[];
  -- pools of the batch, and what is left of each
  v_pools uuid[];
  v_left numeric[];
  -- borrowers and keys that this batch has taken, and by which member
  v_taken text[] := '{}';
  v_taken_ord integer[] := '{}';
  v_keys text[] := '{}';
  v_key_ord integer[] := '{}';
  v_expired boolean := false;
  v_next bigint;
  v_rows bigint;
  v_borrowers bigint;
  v_wanted bigint;
  m record;
  i integer;
  j integer;
  k integer;
  -- creditlines of the batch with the rule strict, and the room of each
  v_entry integer;
  v_look record;
  v_of record;
  v_lines text[] := '{}';
  v_live bigint[] := '{}';
  v_bytes numeric[] := '{}';
  v_room numeric[] := '{}';
  v_room_bytes numeric[] := '{}';
  v_used numeric[];
  v_used_bytes numeric[];
begin
  if current_setting('transaction_isolation') <> 'serializable' then
    raise exception 'hold_batch runs in a ledger transaction only' using errcode = '25001';
  end if;
  -- Behind a pooler a failover comes without a new connection: docs/protocol.md#quarantine
  if exists (
    select from database_identity d
    where d.timeline <> (select substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))
  ) then
    perform notice_database_identity();
  end if;

  -- lock order everywhere: gate, pool rows by id, then the rest
  select array_agg(q.id), array_agg(q.room) into v_pools, v_left
    from (
      select
          p.id,
          least(p.snapshot_total - p.snapshot_locked, p.snapshot_token_balance)
            - p.held - p.in_flight - p.buffer as room
        from pools p
        where p.id = any (p_pool)
        order by p.id for update
    ) q;

  select
      coalesce(bool_and(coalesce(
        u.ask = 'hold' and p.state = 'active' and not p.strict
        and k.tenant_id is null and r.id is null and b.account is null
        and p.snapshot_advanced_at >= v_now - make_interval(secs => p.max_snapshot_age_seconds)
        and greatest(p.head_close_time, to_timestamp(u.max_time - p.hold_seconds)) >= v_now - v_lag
        and to_timestamp(u.max_time) - p.head_close_time
          >= make_interval(secs => p.min_signing_seconds)
        and coalesce(s.consumed < u.sequence, true)
        and coalesce(back_off_until(w.lapses, w.last_lapsed_at, p.lapses_max) <= v_now, true)
        and (
          p.max_wallet_share_bps = 10000
          or u.amount <= div(p.snapshot_total * p.max_wallet_share_bps, 10000)
        ),
        false
      )), false)
      and count(distinct u.network || u.borrower) = n
      and count(distinct u.tenant || chr(31) || u.key) = count(u.key)
    into v_plain
    from unnest(
        p_id, p_pool, p_network, p_borrower, p_tenant, p_key, p_ask, p_sequence, p_max_time, p_amount
      )
      as u(id, pool, network, borrower, tenant, key, ask, sequence, max_time, amount)
    left join pools p on p.id = u.pool
    left join idempotency_keys k on k.tenant_id = u.tenant and k.key = u.key
    left join reservations r on r.pool_id = u.pool and r.id = u.id
    left join live_borrowers b on b.network = u.network and b.account = u.borrower
    left join account_sequences s on s.network = u.network and s.account = u.borrower
    left join wallet_lapses w on w.network = u.network and w.account = u.borrower;
  if v_plain then
    select bool_and(a.asked <= v_left[array_position(v_pools, a.pool)]) into v_plain
      from (
        select u.pool, sum(u.amount) as asked
          from unnest(p_pool, p_amount) as u(pool, amount)
          group by u.pool
      ) a;
  end if;

  p_stranger_bytes := coalesce(p_stranger_bytes, array_fill(8420, array[n]));
  v_reservation := p_id;
  v_loan := p_loan;
  v_pool := p_pool;
  v_ledger := array_fill(null::bigint, array[n]);
  v_code := array_fill(null::text, array[n]);
  v_facts := array_fill(null::jsonb, array[n]);
  if coalesce(v_plain, false) then
    v_outcome := array_fill('held'::text, array[n]);
    v_write := array_fill(true, array[n]);
  else
    v_outcome := array_fill(null::text, array[n]);
    v_write := array_fill(false, array[n]);
    for m in
      select
          u.*, p.id as known, p.strict as window_bound, p.creditline_contract,
          p.state, p.snapshot_ledger, p.hold_seconds, p.min_signing_seconds, p.head_close_time,
          coalesce(
            p.snapshot_advanced_at < v_now - make_interval(secs => p.max_snapshot_age_seconds), true
          ) as too_old,
          extract(epoch from v_now - p.snapshot_advanced_at) as age,
          p.max_snapshot_age_seconds,
          k.request_id as k_request, k.fingerprint as k_fingerprint, k.outcome as k_outcome,
          k.code as k_code, k.facts as k_facts, k.pool_id as k_pool,
          k.expires_at <= v_now as k_expired,
          r.at_ledger as r_ledger,
          b.loan_id as b_loan, b.reservation_id as b_reservation,
          s.consumed,
          w.lapses, p.lapses_max,
          back_off_until(w.lapses, w.last_lapsed_at, p.lapses_max) as waits_until,
          case
            when p.max_wallet_share_bps < 10000
            then div(greatest(p.snapshot_total, 0) * p.max_wallet_share_bps, 10000)
          end as share_bound,
          p.max_wallet_share_bps
        from unnest(
            p_id, p_pool, p_network, p_borrower, p_amount, p_tenant, p_key, p_fingerprint, p_ask,
            p_sequence, p_max_time, p_code, p_facts
          )
          with ordinality
          as u(
            id, pool, network, borrower, amount, tenant, key, fingerprint, ask,
            sequence, max_time, code, facts, ord
          )
        left join pools p on p.id = u.pool
        left join idempotency_keys k on k.tenant_id = u.tenant and k.key = u.key
        left join reservations r on r.pool_id = u.pool and r.id = u.id
        left join live_borrowers b on b.network = u.network and b.account = u.borrower
        left join account_sequences s on s.network = u.network and s.account = u.borrower
        left join wallet_lapses w on w.network = u.network and w.account = u.borrower
        order by u.ord
    loop
      i := m.ord;

      -- this very request, run again after a lost COMMIT answer
      if m.r_ledger is not null then
        v_outcome[i] := 'held';
        v_ledger[i] := m.r_ledger;
        continue;
      end if;

      -- its idempotency key
      if m.k_request is not null and not m.k_expired then
        if m.k_fingerprint <> m.fingerprint then
          v_outcome[i] := 'key_reused';
          continue;
        end if;
        v_outcome[i] := case when m.k_request = m.id then 'refused' else 'replayed' end;
        v_reservation[i] := case when m.k_outcome = 'held' then m.k_request end;
        v_pool[i] := m.k_pool;
        v_code[i] := m.k_code;
        v_facts[i] := m.k_facts;
        continue;
      end if;
      v_expired := v_expired or coalesce(m.k_expired, false);
      -- a twin that was decided in this batch; its facts are copied below, when they are whole
      j := v_key_ord[array_position(v_keys, m.tenant || chr(31) || m.key)];
      if j is not null then
        if p_fingerprint[j] <> m.fingerprint then
          v_outcome[i] := 'key_reused';
          continue;
        end if;
        v_outcome[i] := 'replayed';
        v_reservation[i] := case when v_outcome[j] = 'held' then p_id[j] end;
        v_pool[i] := p_pool[j];
        v_code[i] := v_code[j];
        v_ledger[i] := -j;
        continue;
      end if;

      if m.known is null then
        v_outcome[i] := 'pool_unknown';
        continue;
      end if;
      if m.ask = 'record-refusal' then
        v_outcome[i] := 'refused';
        v_write[i] := true;
        v_code[i] := m.code;
        v_facts[i] := m.facts::jsonb;
      else
        -- pool and borrower
        if m.state <> 'active' then
          v_outcome[i] := 'pool_closed';
          v_code[i] := m.state;
          continue;
        end if;
        j := v_taken_ord[array_position(v_taken, m.network || m.borrower)];
        if m.b_loan is not null or j is not null then
          v_outcome[i] := 'borrower_busy';
          v_loan[i] := coalesce(m.b_loan, p_loan[j]);
          v_reservation[i] := coalesce(m.b_reservation, p_id[j]);
          continue;
        end if;
        if m.waits_until > v_now then
          v_outcome[i] := 'back_off';
          v_facts[i] := jsonb_build_object(
            'until', extract(epoch from m.waits_until)::bigint::text,
            'lapses', m.lapses,
            'allowed', m.lapses_max,
            'wait', extract(epoch from m.waits_until - v_now)
          );
          continue;
        end if;

        -- what is known of the chain
        if m.too_old or coalesce(
          greatest(m.head_close_time, to_timestamp(m.max_time - m.hold_seconds)) < v_now - v_lag, true
        ) then
          v_outcome[i] := 'snapshot_stale';
          v_facts[i] := jsonb_build_object('age', m.age, 'maxAge', m.max_snapshot_age_seconds);
          continue;
        end if;
        if m.ask = 'hold' and (
          to_timestamp(m.max_time) - m.head_close_time < make_interval(secs => m.min_signing_seconds)
          or m.consumed >= m.sequence
        ) then
          v_outcome[i] := 'stale';
          continue;
        end if;

        -- the amount
        if m.amount > m.share_bound then
          v_outcome[i] := 'share_exceeded';
          v_facts[i] := jsonb_build_object(
            'bound', m.share_bound::text,
            'shareBps', m.max_wallet_share_bps,
            'asked', m.amount::text,
            'atLedger', m.snapshot_ledger
          );
          continue;
        end if;
        j := array_position(v_pools, m.pool);
        if m.amount <= v_left[j] then
          if m.ask = 'refuse-only' then
            v_outcome[i] := 'fits';
            continue;
          end if;

          -- the counter window: docs/protocol.md#counter-window
          k := array_position(v_lines, m.network || m.creditline_contract);
          v_entry := coalesce(p_entry_bytes[i], p_stranger_bytes[i]);
          if m.window_bound then
            if k is null then
              select s.* into v_look
                from window_state(m.network, m.creditline_contract, p_stranger_bytes[i], null) s;
              -- of every member that is on this creditline
              select
                  array_agg(
                    case when q.id is null then v_used[u.o_ord] else u.o_loans end order by u.o_ord
                  ),
                  array_agg(
                    case when q.id is null then v_used_bytes[u.o_ord] else u.o_bytes end
                    order by u.o_ord
                  )
                into v_used, v_used_bytes
                from window_used(
                  m.network, m.creditline_contract, p_stranger_bytes[i], p_first, p_issued_after
                ) u
                left join pools q on q.id = p_pool[u.o_ord]
                  and q.network = m.network and q.creditline_contract = m.creditline_contract;
              -- taken in this batch before, by pools without the rule
              select count(*), coalesce(sum(coalesce(o.bytes, p_stranger_bytes[i])), 0) into v_of
                from unnest(v_outcome, v_write, p_pool, p_entry_bytes)
                  as o(outcome, write, pool, bytes)
                join pools q on q.id = o.pool
                where o.outcome = 'held' and o.write
                  and q.network = m.network and q.creditline_contract = m.creditline_contract;
              v_lines := v_lines || (m.network || m.creditline_contract);
              k := cardinality(v_lines);
              v_live := v_live || (v_look.o_live + v_of.count);
              v_bytes := v_bytes || (v_look.o_bytes + v_of.coalesce);
              v_room := v_room || (v_look.o_room_loans - v_of.count);
              v_room_bytes := v_room_bytes || (v_look.o_room_bytes - v_of.coalesce);
            end if;
            if v_room[k] < 1 or v_room_bytes[k] < v_entry then
              v_outcome[i] := 'window_full';
              v_facts[i] := case
                when v_room[k] < 1
                then jsonb_build_object(
                  'live', v_live[k], 'window', v_live[k] + greatest(v_room[k], 0)
                )
                else jsonb_build_object(
                  'live', v_live[k], 'window', v_live[k],
                  'bytes', v_entry, 'bytesLeft', greatest(v_room_bytes[k], 0)
                )
              end;
              continue;
            end if;
            -- the others fit before this one
            select
                p_last[i] - p_first[i] - v_used[i] - v_live[k] as loans,
                p_window_bytes[i] - v_used_bytes[i] - v_bytes[k] as bytes
              into v_of;
            if v_of.loans < 0 or v_of.bytes < 0 then
              v_outcome[i] := 'window_small';
              v_facts[i] := jsonb_build_object(
                'live', v_live[k], 'window', greatest(v_live[k] + v_of.loans + 1, 0)
              );
              continue;
            end if;
            v_room[k] := least(v_room[k] - 1, v_of.loans);
            v_room_bytes[k] := least(v_room_bytes[k] - v_entry, v_of.bytes);
          elsif k is not null then
            v_room[k] := v_room[k] - 1;
            v_room_bytes[k] := v_room_bytes[k] - v_entry;
          end if;
          if k is not null then
            v_live[k] := v_live[k] + 1;
            v_bytes[k] := v_bytes[k] + v_entry;
          end if;

          v_outcome[i] := 'held';
          v_write[i] := true;
          v_left[j] := v_left[j] - m.amount;
          v_taken := v_taken || (m.network || m.borrower);
          v_taken_ord := v_taken_ord || i;
        else
          v_outcome[i] := 'refused';
          v_write[i] := true;
          v_code[i] := 'INSUFFICIENT_LIQUIDITY';
          v_facts[i] := jsonb_build_object(
            'available', greatest(v_left[j], 0)::text, 'atLedger', m.snapshot_ledger
          );
        end if;
      end if;
      if m.key is not null then
        v_keys := v_keys || (m.tenant || chr(31) || m.key);
        v_key_ord := v_key_ord || i;
      end if;
    end loop;
    if v_expired then
      delete from idempotency_keys k
        using unnest(p_tenant, p_key) as u(tenant, key)
        where k.tenant_id = u.tenant and k.key = u.key and k.expires_at <= v_now;
    end if;
  end if;

  select count(*) into v_wanted
    from unnest(v_outcome, v_write) as u(outcome, write)
    where u.write and u.outcome = 'held';
  if v_wanted > 0 then
    -- One statement, so that the members are unnested once: seven statements cost 2 ms a batch
    -- before the first row.
    with member as materialized (
        select
            u.*,
            sum(u.amount) over (partition by u.pool order by u.ord rows unbounded preceding) as run
          from unnest(
              v_outcome, v_write, p_pool, p_id, p_tenant, p_network, p_borrower, p_amount,
              p_loan, p_vendor, p_total, p_guarantee, p_schedule, p_loan_type,
              p_hash, p_xdr, p_sequence, p_max_time, p_issued_after, p_fee, p_first, p_last,
              p_entry_bytes, p_window_bytes, p_window_fee
            )
            with ordinality
            as u(
              outcome, write, pool, id, tenant, network, borrower, amount,
              loan, vendor, total, guarantee, schedule, loan_type,
              hash, xdr, sequence, max_time, issued_after, fee, first, last,
              entry_bytes, window_bytes, window_fee, ord
            )
          where u.write and u.outcome = 'held'
      ),
      new_reservations as (
        insert into reservations (
            pool_id, id, tenant_id, loan_id, borrower, amount,
            expires_at, at_ledger, held_at, entry_bytes
          )
          select
              member.pool, member.id, member.tenant, member.loan, member.borrower, member.amount,
              to_timestamp(member.max_time), p.snapshot_ledger, v_now, member.entry_bytes
            from member
            join pools p on p.id = member.pool
            order by member.pool, member.id
      ),
      new_loans as (
        insert into loans (
            pool_id, id, reservation_id, tenant_id, borrower, vendor,
            total_amount, guarantee_amount, schedule, loan_type, created_at
          )
          select
              member.pool, member.loan, member.id, member.tenant, member.borrower, member.vendor,
              member.total, member.guarantee, member.schedule::jsonb, member.loan_type, v_now
            from member
            order by member.pool, member.loan
      ),
      new_envelopes as (
        insert into envelopes (
            pool_id, reservation_id, number, hash, xdr_deflated, sequence, max_time,
            issued_after_ledger, fee, loan_id_first, loan_id_last, window_bytes, window_fee
          )
          select
              member.pool, member.id, 1, member.hash, member.xdr, member.sequence,
              to_timestamp(member.max_time), member.issued_after, member.fee,
              member.first, member.last, member.window_bytes, member.window_fee
            from member
            order by member.pool, member.id
      ),
      new_events as (
        insert into reservation_events (
            pool_id, reservation_id, number, kind, at, state_after, amount, pool_version,
            held_before, held_after,
            in_flight_before, in_flight_after, envelope_hash, ledger
          )
          select
              member.pool, member.id, 1, 'held', v_now, 'held', member.amount, p.version + 1,
              p.held + member.run - member.amount, p.held + member.run,
              p.in_flight, p.in_flight, member.hash, p.snapshot_ledger
            from member
            join pools p on p.id = member.pool
            order by member.pool, member.id
      ),
      new_hashes as (
        insert into envelope_hashes (hash, pool_id, reservation_id, number)
          select member.hash, member.pool, member.id, 1 from member order by member.hash
          on conflict do nothing
          returning 1
      ),
      new_borrowers as (
        insert into live_borrowers (network, account, pool_id, reservation_id, loan_id)
          select member.network, member.borrower, member.pool, member.id, member.loan
            from member
            order by member.network, member.borrower
          on conflict do nothing
          returning 1
      )
    select (select count(*) from new_hashes), (select count(*) from new_borrowers)
      into v_rows, v_borrowers;
    if v_rows <> v_wanted then
      raise exception 'an envelope of this batch exists already' using errcode = '40001';
    end if;
    if v_borrowers <> v_wanted then
      raise exception 'a borrower of this batch took a hold meanwhile' using errcode = '40001';
    end if;
  end if;

  if not coalesce(v_plain, false) then
    for i in 1..n loop
      if v_write[i] and v_outcome[i] = 'refused' and v_code[i] = 'INSUFFICIENT_LIQUIDITY' then
        select extract(epoch from min(r.expires_at))::bigint into v_next
          from reservations r
          where r.pool_id = p_pool[i] and r.state = 'held';
        v_facts[i] := v_facts[i] || jsonb_build_object('nextDeadline', v_next::text);
      elsif v_ledger[i] < 0 then
        v_facts[i] := v_facts[-v_ledger[i]];
        v_ledger[i] := null;
      end if;
    end loop;
    insert into refusals (pool_id, id, tenant_id, borrower, amount, code, facts, created_at)
      select u.pool, u.id, u.tenant, u.borrower, u.amount, u.code, u.facts, v_now
        from unnest(v_outcome, v_write, p_pool, p_id, p_tenant, p_borrower, p_amount, v_code, v_facts)
          as u(outcome, write, pool, id, tenant, borrower, amount, code, facts)
        where u.write and u.outcome = 'refused'
        order by u.pool, u.id
      on conflict do nothing;
  end if;
  select count(*) into v_wanted
    from unnest(v_write, p_key) as u(write, key)
    where u.write and u.key is not null;
  if v_wanted > 0 then
    insert into idempotency_keys (
        tenant_id, key, fingerprint, pool_id, request_id,
        outcome, code, facts, created_at, expires_at
      )
      select
          u.tenant, u.key, u.fingerprint, u.pool, u.id,
          u.outcome, u.code, u.facts, v_now, v_now + make_interval(hours => p_key_hours)
        from unnest(
            v_outcome, v_write, p_tenant, p_key, p_fingerprint, p_pool, p_id, v_code, v_facts
          )
          as u(outcome, write, tenant, key, fingerprint, pool, id, code, facts)
        where u.write and u.key is not null
        order by u.tenant, u.key
      on conflict do nothing;
    get diagnostics v_rows = row_count;
    if v_rows <> v_wanted then
      raise exception 'a key of this batch was used meanwhile' using errcode = '40001';
    end if;
  end if;

  -- Always, refusals included: otherwise a waiter could not see that its snapshot is old. The guard
  -- checks again whatever is in the row by now: docs/protocol.md#no-over-commit
  update pools p set version = p.version + 1, held = p.held + a.asked
    from (
      select
          u.pool,
          coalesce(sum(u.amount) filter (where u.write and u.outcome = 'held'), 0) as asked
        from unnest(v_outcome, v_write, p_pool, p_amount) as u(outcome, write, pool, amount)
        group by u.pool
    ) a
    where p.id = a.pool
      and (
        a.asked = 0
        or p.held + a.asked + p.in_flight + p.buffer
          <= least(p.snapshot_total - p.snapshot_locked, p.snapshot_token_balance)
      );
  get diagnostics v_rows = row_count;
  if v_rows <> coalesce(cardinality(v_pools), 0) then
    raise exception 'a pool counter moved under the batch' using errcode = '40001';
  end if;
  return query
    select
        u.ord, u.outcome, u.reservation, u.loan, u.pool,
        coalesce(u.ledger, p.snapshot_ledger), u.code, u.facts
      from unnest(v_outcome, v_reservation, v_loan, v_pool, v_ledger, v_code, v_facts)
        with ordinality
        as u(outcome, reservation, loan, pool, ledger, code, facts, ord)
      left join pools p on p.id = u.pool;
end $$;
