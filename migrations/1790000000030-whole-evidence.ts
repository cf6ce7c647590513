import type { MigrationInterface, QueryRunner } from 'typeorm';
import { END, FAIL, NOTE } from './1790000000010-proven-ends.js';

/**
 * `end_batch` made anew: D3 kills only envelopes with the failed one's sequence or a lower one,
 * whoever calls; and each end tells in the journal's columns which
 * envelope died last and when its ledger closed. `fail_envelopes` and `note_event` take the close
 * time too.
 */
const WHOLE_END = `
create function end_batch(p_pool uuid[], p_id uuid[], p_version integer[], p_state text[], p_reason text[], p_hash text[], p_ledger bigint[],
  p_close_time bigint[], p_result text[], p_consumed bigint[], p_evidence text[])
returns table (o_ord bigint, o_written boolean, o_state text) language plpgsql as $$
declare m record; r record; before record; after record; v_sequence bigint; v_hash text; v_close_time timestamptz;
begin
  if current_setting('transaction_isolation') <> 'serializable' then raise exception 'end_batch runs in a ledger transaction only' using errcode = '25001'; end if;
  perform 1 from pools p where p.id = any (p_pool) order by p.id for update;
  for m in select u.* from unnest(p_pool, p_id, p_version, p_state, p_reason, p_hash, p_ledger, p_close_time, p_result, p_consumed, p_evidence) with ordinality
      as u(pool, id, version, state, reason, hash, ledger, close_time, result, consumed, evidence, ord) order by u.pool, u.id loop
    o_ord := m.ord;
    -- whatever the caller judged: by time only when no open envelope has a later T, by sequence or failure only when none has a higher sequence (D2, D3)
    update reservations t set state = m.state, release_reason = m.reason, ended_at = clock_timestamp()
      where t.pool_id = m.pool and t.id = m.id and t.state = 'held' and t.envelope_version = m.version
        and (m.state <> 'expired' or not exists (select from envelopes e where e.pool_id = t.pool_id and e.reservation_id = t.id and e.state = 'open' and e.max_time > to_timestamp(m.close_time)))
        and (m.state <> 'released' or m.reason <> 'sequence_consumed'
          or not exists (select from envelopes e where e.pool_id = t.pool_id and e.reservation_id = t.id and e.state = 'open' and e.sequence > m.consumed))
        and (m.state <> 'released' or m.reason <> 'tx_failed'
          or exists (select from envelopes f where f.pool_id = t.pool_id and f.reservation_id = t.id and f.hash = m.hash
            and not exists (select from envelopes e where e.pool_id = t.pool_id and e.reservation_id = t.id and e.state = 'open' and e.sequence > f.sequence)))
      returning t.amount, t.borrower into r;
    if not found then
      select false, coalesce((select t.state from reservations t where t.pool_id = m.pool and t.id = m.id), 'unknown') into o_written, o_state;
      return next; continue;
    end if;
    select p.held, p.in_flight, p.network into before from pools p where p.id = m.pool;
    update pools p set version = p.version + 1, held = p.held - r.amount where p.id = m.pool returning p.held, p.in_flight, p.version into after;
    v_sequence := m.consumed; v_close_time := to_timestamp(m.close_time);
    if m.reason = 'tx_failed' then
      update envelopes e set state = 'failed', found_ledger = m.ledger, result_code = m.result
        where e.pool_id = m.pool and e.reservation_id = m.id and e.hash = m.hash returning e.sequence, e.hash into v_sequence, v_hash;
      if v_close_time is null then -- it failed earlier and its hold was kept for a rebuild (R9): its ledger is told with that failure
        select e.close_time into v_close_time from reservation_events e
          where e.pool_id = m.pool and e.reservation_id = m.id and e.kind = 'envelope_failed' and e.envelope_hash = m.hash;
      end if;
    else -- the envelope that died last: by time the one with the greatest T, by sequence the newest
      select e.hash into v_hash from envelopes e where e.pool_id = m.pool and e.reservation_id = m.id and e.state = 'open'
        order by case m.state when 'expired' then e.max_time end desc nulls last, e.number desc limit 1;
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
        r.amount, after.version, before.held, after.held, before.in_flight, after.in_flight, v_hash, m.ledger, v_close_time, m.reason, m.evidence::jsonb);
    o_written := true; o_state := m.state; return next;
  end loop;
end $$;
`;

const WHOLE_NOTE = `
create function note_event(p_pool uuid, p_id uuid, p_kind text, p_hash text, p_ledger bigint, p_reason text, p_evidence jsonb,
  p_close_time bigint default null) returns void language sql as $$
  insert into reservation_events (pool_id, reservation_id, number, kind, state_before, state_after, amount, pool_version, held_before, held_after,
      in_flight_before, in_flight_after, envelope_hash, ledger, close_time, reason, evidence)
    select t.pool_id, t.id, (select max(e.number) + 1 from reservation_events e where e.pool_id = t.pool_id and e.reservation_id = t.id), p_kind, t.state, t.state,
      t.amount, p.version, p.held, p.held, p.in_flight, p.in_flight, p_hash, p_ledger, to_timestamp(p_close_time), p_reason, p_evidence
    from reservations t join pools p on p.id = t.pool_id where t.pool_id = p_pool and t.id = p_id;
$$;
`;

const WHOLE_FAIL = `
create function fail_envelopes(p_pool uuid[], p_id uuid[], p_version integer[], p_hash text[], p_ledger bigint[], p_close_time bigint[], p_result text[], p_evidence text[])
returns table (o_ord bigint, o_written boolean, o_state text) language plpgsql as $$
declare m record; v_sequence bigint;
begin
  if current_setting('transaction_isolation') <> 'serializable' then raise exception 'fail_envelopes runs in a ledger transaction only' using errcode = '25001'; end if;
  perform 1 from pools p where p.id = any (p_pool) order by p.id for update;
  for m in select u.* from unnest(p_pool, p_id, p_version, p_hash, p_ledger, p_close_time, p_result, p_evidence) with ordinality
      as u(pool, id, version, hash, ledger, close_time, result, evidence, ord) order by u.pool, u.id loop
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
      perform note_event(m.pool, m.id, 'envelope_failed', m.hash, m.ledger, 'counter_conflict', m.evidence::jsonb, m.close_time);
    end if;
    o_state := coalesce((select t.state from reservations t where t.pool_id = m.pool and t.id = m.id), 'unknown');
    return next;
  end loop;
end $$;
`;

const DROP = 'drop function end_batch; drop function fail_envelopes; drop function note_event;';

export class WholeEvidence1790000000030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`${DROP} ${WHOLE_END} ${WHOLE_NOTE} ${WHOLE_FAIL}`);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`${DROP} ${END} ${NOTE} ${FAIL}`);
  }
}
