import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TRANSITIONS } from './1790000000003-transitions.js';

/**
 * Every end of a hold a proven one: steps of D2 beside those of D1, a failed envelope that does not
 * end its hold (R9), rebuilds, the wish to cancel, and the
 * signed XDR for submitting again. `settle_batch` and `end_batch` are made anew: they take the
 * certificate and the consumed sequence from the caller.
 */
const COLUMNS = `
alter table reservations add column cancel_requested_at timestamptz;
comment on column reservations.cancel_requested_at is 'A wish: it frees nothing by itself';
alter table pools add column max_extension_seconds integer not null default 900 check (max_extension_seconds between 0 and 86400);
comment on column pools.max_extension_seconds is 'A rebuild may move T at most so far beyond the T of the first envelope (R9)';
alter table envelopes
  add column consumed_ledger bigint, add column consumed_sequence bigint, add column consumed_vote_ledger bigint,
  add column kept_failure boolean not null default false,
  add column signed_xdr_deflated bytea, add column submission_ledger bigint;
alter table envelopes alter column signed_xdr_deflated set storage external;
comment on column envelopes.consumed_ledger is 'D2 step 1: ledger at which the account was seen with consumed_sequence, which is at or above the envelope''s';
comment on column envelopes.consumed_vote_ledger is 'D2 step 2: latest ledger of the first NOT_FOUND reply that counts';
comment on column envelopes.kept_failure is 'Failed by the counter conflict alone: the hold is kept for a rebuild until max_time (R9)';
comment on column envelopes.signed_xdr_deflated is 'As the borrower signed it, raw deflate: submitted again until it is found or proven dead. Never logged';
comment on column envelopes.submission_ledger is 'Latest ledger of the node that took the last submission';
alter table reservation_events drop constraint reservation_events_kind_check;
alter table reservation_events add constraint reservation_events_kind_check
  check (kind in ('held', 'submitted', 'settled', 'released', 'expired', 'rebuilt', 'envelope_failed', 'cancel_requested'));
`;

const SETTLE = `
create function settle_batch(p_pool uuid[], p_id uuid[], p_hash text[], p_ledger bigint[], p_close_time bigint[], p_chain_loan numeric[], p_evidence text[])
returns table (o_ord bigint, o_written boolean, o_state text) language plpgsql as $$
declare m record; r record; before record; after record; v_sequence bigint;
begin
  if current_setting('transaction_isolation') <> 'serializable' then raise exception 'settle_batch runs in a ledger transaction only' using errcode = '25001'; end if;
  perform 1 from pools p where p.id = any (p_pool) order by p.id for update;
  for m in select u.* from unnest(p_pool, p_id, p_hash, p_ledger, p_close_time, p_chain_loan, p_evidence) with ordinality
      as u(pool, id, hash, ledger, close_time, chain_loan, evidence, ord) order by u.pool, u.id loop
    o_ord := m.ord;
    update reservations t set state = 'settled', settled_ledger = m.ledger, ended_at = clock_timestamp()
      where t.pool_id = m.pool and t.id = m.id and t.state = 'held'
        and exists (select from envelopes e where e.pool_id = t.pool_id and e.reservation_id = t.id and e.hash = m.hash)
      returning t.amount, t.borrower into r;
    if not found then
      select false, coalesce((select t.state from reservations t where t.pool_id = m.pool and t.id = m.id), 'unknown') into o_written, o_state;
      return next; continue;
    end if;
    select p.held, p.in_flight, p.network into before from pools p where p.id = m.pool;
    update pools p set version = p.version + 1, held = p.held - r.amount,
        in_flight = p.in_flight + case when m.ledger > coalesce(p.snapshot_ledger, 0) then r.amount else 0 end
      where p.id = m.pool returning p.held, p.in_flight, p.version into after;
    update envelopes e set state = 'landed', found_ledger = m.ledger, chain_loan_id = m.chain_loan, result_code = 'txSuccess'
      where e.pool_id = m.pool and e.reservation_id = m.id and e.hash = m.hash returning e.sequence into v_sequence;
    update envelopes e set state = 'dead' where e.pool_id = m.pool and e.reservation_id = m.id and e.state = 'open';
    delete from live_borrowers b where b.network = before.network and b.account = r.borrower and b.reservation_id = m.id;
    insert into account_sequences (network, account, consumed, ledger) values (before.network, r.borrower, v_sequence, m.ledger)
      on conflict (network, account) do update set consumed = greatest(account_sequences.consumed, excluded.consumed), ledger = excluded.ledger;
    insert into reservation_events (pool_id, reservation_id, number, kind, state_before, state_after, amount, pool_version, held_before, held_after,
        in_flight_before, in_flight_after, envelope_hash, ledger, close_time, evidence)
      values (m.pool, m.id, (select max(e.number) + 1 from reservation_events e where e.pool_id = m.pool and e.reservation_id = m.id), 'settled', 'held', 'settled',
        r.amount, after.version, before.held, after.held, before.in_flight, after.in_flight, m.hash, m.ledger, to_timestamp(m.close_time), m.evidence::jsonb);
    o_written := true; o_state := 'settled'; return next;
  end loop;
end $$;
`;

export const END = `
create function end_batch(p_pool uuid[], p_id uuid[], p_version integer[], p_state text[], p_reason text[], p_hash text[], p_ledger bigint[],
  p_close_time bigint[], p_result text[], p_consumed bigint[], p_evidence text[])
returns table (o_ord bigint, o_written boolean, o_state text) language plpgsql as $$
declare m record; r record; before record; after record; v_sequence bigint;
begin
  if current_setting('transaction_isolation') <> 'serializable' then raise exception 'end_batch runs in a ledger transaction only' using errcode = '25001'; end if;
  perform 1 from pools p where p.id = any (p_pool) order by p.id for update;
  for m in select u.* from unnest(p_pool, p_id, p_version, p_state, p_reason, p_hash, p_ledger, p_close_time, p_result, p_consumed, p_evidence) with ordinality
      as u(pool, id, version, state, reason, hash, ledger, close_time, result, consumed, evidence, ord) order by u.pool, u.id loop
    o_ord := m.ord;
    -- whatever the caller judged: by time only when no open envelope has a later T, by sequence only when none has a higher one
    update reservations t set state = m.state, release_reason = m.reason, ended_at = clock_timestamp()
      where t.pool_id = m.pool and t.id = m.id and t.state = 'held' and t.envelope_version = m.version
        and (m.state <> 'expired' or not exists (select from envelopes e where e.pool_id = t.pool_id and e.reservation_id = t.id and e.state = 'open' and e.max_time > to_timestamp(m.close_time)))
        and (m.state <> 'released' or m.reason <> 'sequence_consumed'
          or not exists (select from envelopes e where e.pool_id = t.pool_id and e.reservation_id = t.id and e.state = 'open' and e.sequence > m.consumed))
      returning t.amount, t.borrower into r;
    if not found then
      select false, coalesce((select t.state from reservations t where t.pool_id = m.pool and t.id = m.id), 'unknown') into o_written, o_state;
      return next; continue;
    end if;
    select p.held, p.in_flight, p.network into before from pools p where p.id = m.pool;
    update pools p set version = p.version + 1, held = p.held - r.amount where p.id = m.pool returning p.held, p.in_flight, p.version into after;
    v_sequence := m.consumed;
    if m.hash is not null then
      update envelopes e set state = 'failed', found_ledger = m.ledger, result_code = m.result
        where e.pool_id = m.pool and e.reservation_id = m.id and e.hash = m.hash returning e.sequence into v_sequence;
    end if;
    if v_sequence is not null then
      insert into account_sequences (network, account, consumed, ledger) values (before.network, r.borrower, v_sequence, m.ledger)
        on conflict (network, account) do update set consumed = greatest(account_sequences.consumed, excluded.consumed), ledger = excluded.ledger;
    end if;
    update envelopes e set state = 'dead' where e.pool_id = m.pool and e.reservation_id = m.id and e.state = 'open';
    delete from live_borrowers b where b.network = before.network and b.account = r.borrower and b.reservation_id = m.id;
    insert into reservation_events (pool_id, reservation_id, number, kind, state_before, state_after, amount, pool_version, held_before, held_after,
        in_flight_before, in_flight_after, envelope_hash, ledger, close_time, reason, evidence)
      values (m.pool, m.id, (select max(e.number) + 1 from reservation_events e where e.pool_id = m.pool and e.reservation_id = m.id), m.state, 'held', m.state,
        r.amount, after.version, before.held, after.held, before.in_flight, after.in_flight, m.hash, m.ledger, to_timestamp(m.close_time), m.reason, m.evidence::jsonb);
    o_written := true; o_state := m.state; return next;
  end loop;
end $$;
`;

/** Held stays held: what is told of it beside its end. */
export const NOTE = `
create function note_event(p_pool uuid, p_id uuid, p_kind text, p_hash text, p_ledger bigint, p_reason text, p_evidence jsonb) returns void language sql as $$
  insert into reservation_events (pool_id, reservation_id, number, kind, state_before, state_after, amount, pool_version, held_before, held_after,
      in_flight_before, in_flight_after, envelope_hash, ledger, reason, evidence)
    select t.pool_id, t.id, (select max(e.number) + 1 from reservation_events e where e.pool_id = t.pool_id and e.reservation_id = t.id), p_kind, t.state, t.state,
      t.amount, p.version, p.held, p.held, p.in_flight, p.in_flight, p_hash, p_ledger, p_reason, p_evidence
    from reservations t join pools p on p.id = t.pool_id where t.pool_id = p_pool and t.id = p_id;
$$;
`;
export const FAIL = `
create function fail_envelopes(p_pool uuid[], p_id uuid[], p_version integer[], p_hash text[], p_ledger bigint[], p_result text[], p_evidence text[])
returns table (o_ord bigint, o_written boolean, o_state text) language plpgsql as $$
declare m record; v_sequence bigint;
begin
  if current_setting('transaction_isolation') <> 'serializable' then raise exception 'fail_envelopes runs in a ledger transaction only' using errcode = '25001'; end if;
  perform 1 from pools p where p.id = any (p_pool) order by p.id for update;
  for m in select u.* from unnest(p_pool, p_id, p_version, p_hash, p_ledger, p_result, p_evidence) with ordinality
      as u(pool, id, version, hash, ledger, result, evidence, ord) order by u.pool, u.id loop
    o_ord := m.ord;
    update envelopes e set state = 'failed', kept_failure = true, found_ledger = m.ledger, result_code = m.result
      where e.pool_id = m.pool and e.reservation_id = m.id and e.hash = m.hash and e.state = 'open'
        and exists (select from reservations t where t.pool_id = m.pool and t.id = m.id and t.state = 'held' and t.envelope_version = m.version)
      returning e.sequence into v_sequence;
    o_written := found;
    if found then
      update envelopes e set state = 'dead' where e.pool_id = m.pool and e.reservation_id = m.id and e.state = 'open' and e.sequence <= v_sequence;
      insert into account_sequences (network, account, consumed, ledger)
        select p.network, t.borrower, v_sequence, m.ledger from reservations t join pools p on p.id = t.pool_id where t.pool_id = m.pool and t.id = m.id
        on conflict (network, account) do update set consumed = greatest(account_sequences.consumed, excluded.consumed), ledger = excluded.ledger;
      update pools p set version = p.version + 1 where p.id = m.pool;
      perform note_event(m.pool, m.id, 'envelope_failed', m.hash, m.ledger, 'counter_conflict', m.evidence::jsonb);
    end if;
    o_state := coalesce((select t.state from reservations t where t.pool_id = m.pool and t.id = m.id), 'unknown');
    return next;
  end loop;
end $$;
`;
const CANCEL = `
create function request_cancellation(p_pool uuid, p_id uuid) returns text language plpgsql as $$
begin
  if current_setting('transaction_isolation') <> 'serializable' then raise exception 'request_cancellation runs in a ledger transaction only' using errcode = '25001'; end if;
  perform 1 from pools p where p.id = p_pool for update;
  update reservations t set cancel_requested_at = clock_timestamp() where t.pool_id = p_pool and t.id = p_id and t.state = 'held' and t.cancel_requested_at is null;
  if found then
    update pools p set version = p.version + 1 where p.id = p_pool;
    perform note_event(p_pool, p_id, 'cancel_requested', null, null, null, null);
  end if;
  return coalesce((select t.state from reservations t where t.pool_id = p_pool and t.id = p_id), 'unknown');
end $$;
`;

const ISSUE = `
create function issue_envelope(p_pool uuid, p_id uuid, p_seen_version integer, p_hash text, p_xdr bytea, p_sequence bigint, p_max_time bigint, p_issued_after bigint,
  p_fee bigint, p_first numeric, p_last numeric, p_rebuilds_max integer, p_chain_lag_seconds integer) returns text language plpgsql as $$
declare p record; r record;
begin
  if current_setting('transaction_isolation') <> 'serializable' then raise exception 'issue_envelope runs in a ledger transaction only' using errcode = '25001'; end if;
  select * into p from pools q where q.id = p_pool for update;
  select * into r from reservations t where t.pool_id = p_pool and t.id = p_id;
  if not found or r.state <> 'held' then return 'hold_ended'; end if;
  if exists (select from envelopes e where e.pool_id = p_pool and e.reservation_id = p_id and e.hash = p_hash) then return 'issued'; end if; -- run again after a lost COMMIT answer
  if p.state <> 'active' then return 'pool_' || p.state; end if;
  if r.cancel_requested_at is not null then return 'cancel_requested'; end if;
  if r.envelope_version <> p_seen_version then return 'moved'; end if;
  if r.envelope_version > p_rebuilds_max then return 'rebuilds_used'; end if;
  if to_timestamp(p_max_time) > (select e.max_time from envelopes e where e.pool_id = p_pool and e.reservation_id = p_id and e.number = 1) + make_interval(secs => p.max_extension_seconds) then
    return 'too_long';
  end if;
  if coalesce(greatest(p.head_close_time, to_timestamp(p_max_time - p.hold_seconds)) < clock_timestamp() - make_interval(secs => p_chain_lag_seconds), true) then return 'chain_lags'; end if;
  if to_timestamp(p_max_time) - p.head_close_time < make_interval(secs => p.min_signing_seconds) then return 'moved'; end if;
  if exists (select from account_sequences s where s.network = p.network and s.account = r.borrower and s.consumed >= p_sequence) then return 'moved'; end if;
  -- R9: while an envelope is open, a new one must exclude it
  if exists (select from envelopes e where e.pool_id = p_pool and e.reservation_id = p_id and e.state = 'open' and e.sequence <> p_sequence) then return 'undecided'; end if;
  insert into envelopes (pool_id, reservation_id, number, hash, xdr_deflated, sequence, max_time, issued_after_ledger, fee, loan_id_first, loan_id_last)
    values (p_pool, p_id, r.envelope_version + 1, p_hash, p_xdr, p_sequence, to_timestamp(p_max_time), p_issued_after, p_fee, p_first, p_last);
  insert into envelope_hashes (hash, pool_id, reservation_id, number) values (p_hash, p_pool, p_id, r.envelope_version + 1);
  update reservations t set envelope_version = t.envelope_version + 1, expires_at = greatest(t.expires_at, to_timestamp(p_max_time)) where t.pool_id = p_pool and t.id = p_id;
  update pools q set version = q.version + 1 where q.id = p_pool;
  perform note_event(p_pool, p_id, 'rebuilt', p_hash, p.snapshot_ledger, null, jsonb_build_object('number', r.envelope_version + 1, 'sequence', p_sequence::text, 'maxTime', p_max_time::text));
  return 'issued';
end $$;
`;

const DOWN = `
drop function issue_envelope; drop function request_cancellation; drop function fail_envelopes; drop function note_event;
drop function settle_batch; drop function end_batch; drop function observe_pool;
alter table reservation_events drop constraint reservation_events_kind_check;
alter table reservation_events add constraint reservation_events_kind_check check (kind in ('held', 'submitted', 'settled', 'released', 'expired')) not valid;
alter table envelopes drop column consumed_ledger, drop column consumed_sequence, drop column consumed_vote_ledger, drop column kept_failure, drop column signed_xdr_deflated, drop column submission_ledger;
alter table pools drop column max_extension_seconds;
alter table reservations drop column cancel_requested_at;
`;

export class ProvenEnds1790000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `${COLUMNS} drop function settle_batch; drop function end_batch; ${SETTLE} ${END} ` +
        `${NOTE} ${FAIL} ${CANCEL} ${ISSUE}`,
    );
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`${DOWN} ${TRANSITIONS}`);
  }
}
