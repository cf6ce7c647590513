import type pg from 'pg';

/** Each statement finds rows that must not exist. Its text says what is wrong with a row. */
const CHECKS: Readonly<Record<string, string>> = {
  'counters are sums: held': `select p.id || ' counts ' || p.held || ', its holds sum to ' || s.sum as fault
    from pools p cross join lateral
    (select coalesce(sum(r.amount), 0) as sum from reservations r
      where r.pool_id = p.id and r.state = 'held') s where p.held <> s.sum`,
  'counters are sums: in flight': `select p.id || ' counts ' || p.in_flight
      || ', settled beyond the snapshot is ' || s.sum
      as fault
    from pools p cross join lateral
    (select coalesce(sum(r.amount), 0) as sum from reservations r
      where r.pool_id = p.id and r.state = 'settled' and r.settled_ledger > p.snapshot_ledger) s
      where p.in_flight <> s.sum`,
  'no over-commit: no hold beyond its snapshot': `select e.reservation_id || ' made '
      || e.held_after + e.in_flight_after + p.buffer || ' of '
      || least(s.total - s.locked, s.token_balance) as fault
    from reservation_events e join pools p on p.id = e.pool_id
      join snapshots s on s.pool_id = e.pool_id and s.ledger = e.ledger
    where e.kind = 'held'
      and e.held_after + e.in_flight_after + p.buffer > least(s.total - s.locked, s.token_balance)`,
  'no over-commit: each hold names its snapshot':
    'select e.reservation_id::text as fault from reservation_events e left join snapshots s ' +
    `on s.pool_id = e.pool_id and s.ledger = e.ledger where e.kind = 'held' and s.ledger is ` +
    'null',
  'one outcome: one end, with evidence': `select r.id || ' is ' || r.state || ' with ' || e.ends || ' ends' as fault
    from reservations r cross join lateral (
      select count(*) filter (where x.state_after <> 'held') as ends,
        count(*) filter (where x.state_after = r.state and x.evidence is not null) as proven
      from reservation_events x where x.pool_id = r.pool_id and x.reservation_id = r.id) e
    where e.ends <> case when r.state = 'held' then 0 else 1 end or (r.state <> 'held' and e.proven = 0)`,
  'one outcome: the journal is a chain': `select x.reservation_id || ' row ' || x.number as fault from (
      select e.*, lag(e.state_after) over w as before, row_number() over w as place
        from reservation_events e
        window w as (partition by e.pool_id, e.reservation_id order by e.number)) x
    where x.place <> x.number or x.state_before is distinct from x.before`,
  'one key, one answer: a key stands for one row': `select k.key as fault from idempotency_keys k
    where (select count(*) from reservations r where r.id = k.request_id) + (select count(*)
      from refusals f where f.id = k.request_id) <> 1`,
  'one live hold per borrower':
    'select coalesce(r.borrower, b.account) as fault from (select * from reservations where ' +
    `state = 'held') r full join live_borrowers b on b.reservation_id = r.id where r.id is ` +
    'null or b.account is null',
  'envelope_version counts the envelopes':
    `select r.id::text as fault from reservations r where r.signing = 'transaction' and ` +
    'r.envelope_version <> (select count(*) from envelopes e where e.pool_id = r.pool_id ' +
    'and e.reservation_id = r.id)',
  'a hold has what its borrower signs':
    `select r.id::text as fault from reservations r where (r.signing = 'authorization') <> ` +
    'exists (select from authorizations a where a.pool_id = r.pool_id and ' +
    `a.reservation_id = r.id) or r.signing = 'authorization' and (r.envelope_version <> 1 or ` +
    'exists (select from envelopes e where e.pool_id = r.pool_id and e.reservation_id = r.id))',
  'an ended hold has no landing in flight':
    'select n.hash as fault from landings n join reservations r on r.pool_id = n.pool_id and ' +
    `r.id = n.reservation_id where n.state = 'open' and r.state <> 'held'`,
};
const ALL = Object.entries(CHECKS)
  .map(([name, statement]) => `select '${name}: ' || x.fault as fault from (${statement}) x`)
  .join('\nunion all\n');

/**
 * Every invariant that rows can show, over the whole database in one statement. @returns what is
 * wrong, nothing when all is well
 */
export async function ledgerFaults(pool: pg.Pool | pg.ClientBase): Promise<string[]> {
  const answer = await pool.query<{ fault: string }>(ALL);
  return answer.rows.map(({ fault }) => fault);
}
