import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Ends of a hold, and snapshots (`protocol.md`, "The ledger transaction"). The caller holds the
 * gate. Every change names the old state in its WHERE; a row
 * that is not in it comes back as written = false with the state it is in. Evidence that judged
 * fewer envelopes than exist changes nothing.
 */
export const TRANSITIONS = `
create function settle_batch(p_pool uuid[], p_id uuid[], p_hash text[], p_ledger bigint[], p_close_time bigint[], p_chain_loan numeric[], p_fee_bump boolean[])
returns table (o_ord bigint, o_written boolean, o_state text) language plpgsql as $$
declare m record; r record; before record; after record; v_network text; v_sequence bigint;
begin
  if current_setting('transaction_isolation') <> 'serializable' then raise exception 'settle_batch runs in a ledger transaction only' using errcode = '25001'; end if;
  perform 1 from pools p where p.id = any (p_pool) order by p.id for update;
  for m in select u.* from unnest(p_pool, p_id, p_hash, p_ledger, p_close_time, p_chain_loan, p_fee_bump) with ordinality
      as u(pool, id, hash, ledger, close_time, chain_loan, fee_bump, ord) order by u.pool, u.id loop
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
        r.amount, after.version, before.held, after.held, before.in_flight, after.in_flight, m.hash, m.ledger, to_timestamp(m.close_time),
        jsonb_build_object('certificate', 'D4', 'chainLoanId', m.chain_loan::text, 'feeBump', m.fee_bump));
    o_written := true; o_state := 'settled'; return next;
  end loop;
end $$;

create function end_batch(p_pool uuid[], p_id uuid[], p_version integer[], p_state text[], p_reason text[], p_hash text[], p_ledger bigint[],
  p_close_time bigint[], p_result text[], p_evidence text[])
returns table (o_ord bigint, o_written boolean, o_state text) language plpgsql as $$
declare m record; r record; before record; after record; v_sequence bigint;
begin
  if current_setting('transaction_isolation') <> 'serializable' then raise exception 'end_batch runs in a ledger transaction only' using errcode = '25001'; end if;
  perform 1 from pools p where p.id = any (p_pool) order by p.id for update;
  for m in select u.* from unnest(p_pool, p_id, p_version, p_state, p_reason, p_hash, p_ledger, p_close_time, p_result, p_evidence) with ordinality
      as u(pool, id, version, state, reason, hash, ledger, close_time, result, evidence, ord) order by u.pool, u.id loop
    o_ord := m.ord;
    update reservations t set state = m.state, release_reason = m.reason, ended_at = clock_timestamp()
      where t.pool_id = m.pool and t.id = m.id and t.state = 'held' and t.envelope_version = m.version
        and (m.state <> 'expired' or t.expires_at <= to_timestamp(m.close_time)) -- D1 over the greatest T, whatever the caller judged
      returning t.amount, t.borrower into r;
    if not found then
      select false, coalesce((select t.state from reservations t where t.pool_id = m.pool and t.id = m.id), 'unknown') into o_written, o_state;
      return next; continue;
    end if;
    select p.held, p.in_flight, p.network into before from pools p where p.id = m.pool;
    update pools p set version = p.version + 1, held = p.held - r.amount where p.id = m.pool returning p.held, p.in_flight, p.version into after;
    if m.hash is not null then
      update envelopes e set state = 'failed', found_ledger = m.ledger, result_code = m.result
        where e.pool_id = m.pool and e.reservation_id = m.id and e.hash = m.hash returning e.sequence into v_sequence;
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

create function observe_pool(p_pool uuid, p_ledger bigint, p_total numeric, p_locked numeric, p_token_balance numeric, p_close_time bigint,
  p_head_ledger bigint, p_head_close_time bigint)
returns boolean language plpgsql as $$
declare b record; v_landed numeric;
begin
  if current_setting('transaction_isolation') <> 'serializable' then raise exception 'observe_pool runs in a ledger transaction only' using errcode = '25001'; end if;
  select p.snapshot_ledger, p.snapshot_close_time into b from pools p where p.id = p_pool for update;
  if not found then return false; end if;
  update pools p set head_ledger = p_head_ledger, head_close_time = to_timestamp(p_head_close_time)
    where p.id = p_pool and coalesce(p.head_ledger, 0) < p_head_ledger;
  if p_ledger <= b.snapshot_ledger then -- R5: only forward; a repeated ledger may at most bring the close time that was missing
    if p_ledger = b.snapshot_ledger and b.snapshot_close_time is null and p_close_time is not null then
      update pools p set snapshot_close_time = to_timestamp(p_close_time) where p.id = p_pool and p.snapshot_close_time is null;
      update snapshots s set close_time = to_timestamp(p_close_time) where s.pool_id = p_pool and s.ledger = p_ledger and s.close_time is null;
    end if;
    return false;
  end if;
  select coalesce(sum(r.amount), 0) into v_landed from reservations r
    where r.pool_id = p_pool and r.state = 'settled' and r.settled_ledger > coalesce(b.snapshot_ledger, 0) and r.settled_ledger <= p_ledger;
  update pools p set version = p.version + 1, in_flight = p.in_flight - v_landed, snapshot_ledger = p_ledger, snapshot_total = p_total,
      snapshot_locked = p_locked, snapshot_token_balance = p_token_balance, snapshot_close_time = to_timestamp(p_close_time),
      snapshot_advanced_at = clock_timestamp()
    where p.id = p_pool;
  insert into snapshots (pool_id, ledger, total, locked, token_balance, close_time)
    values (p_pool, p_ledger, p_total, p_locked, p_token_balance, to_timestamp(p_close_time));
  return true;
end $$;
`;

const DOWN = 'drop function settle_batch; drop function end_batch; drop function observe_pool;';

export class Transitions1790000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TRANSITIONS);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
