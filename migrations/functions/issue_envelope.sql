-- Issues one more transaction for a live hold: docs/protocol.md#rebuild. @returns issued, or why
-- not. A process of the previous release may omit the last five arguments.
create or replace function issue_envelope(
  p_pool uuid,
  p_id uuid,
  p_seen_version integer,
  p_hash text,
  p_xdr bytea,
  p_sequence bigint,
  p_max_time bigint,
  p_issued_after bigint,
  p_fee bigint,
  p_first numeric,
  p_last numeric,
  p_rebuilds_max integer,
  p_chain_lag_seconds integer,
  p_stranger_bytes integer default null,
  p_window_bytes integer default null,
  p_window_fee bigint default null,
  p_inclusion_fee bigint default null,
  p_going_rate bigint default null
) returns text language plpgsql
security definer set search_path = public, pg_temp as $$
declare
  p record;
  r record;
begin
  if current_setting('transaction_isolation') <> 'serializable' then
    raise exception 'issue_envelope runs in a ledger transaction only' using errcode = '25001';
  end if;
  -- Behind a pooler a failover brings no new connection: docs/protocol.md#quarantine
  if exists (
    select from database_identity d
    where case
      when d.timeline = 'not told' then false
      else d.timeline <> (select substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))
    end
  ) then
    perform notice_database_identity();
  end if;
  select * into p from pools q where q.id = p_pool for update;
  select * into r from reservations t where t.pool_id = p_pool and t.id = p_id;
  if not found or r.state <> 'held' then
    return 'hold_ended';
  end if;
  if r.signing <> 'transaction' then
    raise exception 'the hold % is signed by authorization and has no transaction', p_id
      using errcode = '55000';
  end if;
  -- this call runs again after the answer to its COMMIT was lost
  if exists (
    select from envelopes e
    where e.pool_id = p_pool and e.reservation_id = p_id and e.hash = p_hash
  ) then
    return 'issued';
  end if;
  if p.state <> 'active' then
    return 'pool_' || p.state;
  end if;
  if r.cancel_requested_at is not null then
    return 'cancel_requested';
  end if;
  if r.envelope_version <> p_seen_version then
    return 'moved';
  end if;
  if r.envelope_version > p_rebuilds_max then
    return 'rebuilds_used';
  end if;
  if to_timestamp(p_max_time) > (
    select e.max_time from envelopes e
    where e.pool_id = p_pool and e.reservation_id = p_id and e.number = 1
  ) + make_interval(secs => p.max_extension_seconds) then
    return 'too_long';
  end if;
  -- Every transaction failed and their deadline is over, so the hold will be released.
  if not exists (
    select from envelopes e
    where e.pool_id = p_pool and e.reservation_id = p_id and e.state = 'open'
  ) and p.head_close_time >= (
    select max(e.max_time) from envelopes e
    where e.pool_id = p_pool and e.reservation_id = p_id and e.state = 'failed'
  ) then
    return 'too_long';
  end if;
  if coalesce(
    greatest(p.head_close_time, to_timestamp(p_max_time - p.hold_seconds))
      < clock_timestamp() - make_interval(secs => p_chain_lag_seconds),
    true
  ) then
    return 'chain_lags';
  end if;
  if to_timestamp(p_max_time) - p.head_close_time < make_interval(secs => p.min_signing_seconds) then
    return 'moved';
  end if;
  if exists (
    select from account_sequences s
    where s.network = p.network and s.account = r.borrower and s.consumed >= p_sequence
  ) then
    return 'moved';
  end if;
  -- an open transaction and a new one must exclude each other
  if exists (
    select from envelopes e
    where e.pool_id = p_pool and e.reservation_id = p_id
      and e.state = 'open' and e.sequence <> p_sequence
  ) then
    return 'undecided';
  end if;
  -- one landed, perhaps after it was stored as failed: a transaction with the next sequence could
  -- land too
  if exists (select from fundings f where f.pool_id = p_pool and f.reservation_id = p_id) then
    return 'undecided';
  end if;
  -- docs/protocol.md#counter-window; where loans have no ids, both comparisons are null
  if p."strict" and (
    select p_last - p_first - u.o_loans < s.o_live or p_window_bytes - u.o_bytes < s.o_bytes
      from window_state(p.network, p.lending_contract, p_stranger_bytes, p_id) s
      cross join window_used(
        p.network, p.lending_contract, p_stranger_bytes, array[p_first], array[p_issued_after]
      ) u
  ) then
    return 'window_small';
  end if;

  insert into envelopes (
      pool_id, reservation_id, number, hash, xdr_deflated, sequence, max_time,
      issued_after_ledger, fee, loan_id_first, loan_id_last, window_bytes, window_fee,
      inclusion_fee, going_rate, outbid_ledger
    )
    values (
      p_pool, p_id, r.envelope_version + 1, p_hash, p_xdr, p_sequence, to_timestamp(p_max_time),
      p_issued_after, p_fee, p_first, p_last, p_window_bytes, p_window_fee,
      p_inclusion_fee, p_going_rate,
      case when p_inclusion_fee < p_going_rate then p_issued_after end
    );
  insert into envelope_hashes (hash, pool_id, reservation_id, number)
    values (p_hash, p_pool, p_id, r.envelope_version + 1);
  update reservations t set
      envelope_version = t.envelope_version + 1,
      expires_at = greatest(t.expires_at, to_timestamp(p_max_time))
    where t.pool_id = p_pool and t.id = p_id;
  update pools q set version = q.version + 1 where q.id = p_pool;
  perform note_event(
    p_pool, p_id, 'rebuilt', p_hash, p.snapshot_ledger, null,
    jsonb_build_object(
      'number', r.envelope_version + 1,
      'sequence', p_sequence::text,
      'maxTime', p_max_time::text
    )
  );
  return 'issued';
end $$;
