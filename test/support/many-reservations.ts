import pg from 'pg';

/**
 * Writes rows of a busy ledger into every table of a hold, 100 base units each, then runs ANALYZE,
 * to show that plans do not change to ones that fail or cost more. old: expired an hour ago; live:
 * held for another hour, counted by the pool.
 */
export async function fillReservations(
  url: string,
  poolId: string,
  rows: number,
  kind: 'old' | 'live',
): Promise<void> {
  const live = kind === 'live';
  const until = live ? `now() + interval '1 hour'` : `now() - interval '1 hour'`;
  // its own connection: on the product's, a slow machine would run into the statement timeout
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(
      `create temp table filled as select uuidv7() as id, uuidv7() as loan_id, 'G' || ` +
        `md5('b${poolId}' || i) || substr(md5('c' || i), 1, 23) as borrower, ` +
        `md5('h${poolId}' || i) || md5('g' || i) as hash, i from generate_series(1, ${rows}) ` +
        'i',
    );
    await client.query(
      `insert into reservations (pool_id, id, tenant_id, loan_id, borrower, amount, state, expires_at,
        at_ledger, ended_at)
      select $1, id, 'default', loan_id, borrower, 100, '${live ? 'held' : 'expired'}', ${until}, 50,
        ${live ? 'null' : 'now()'} from filled`,
      [poolId],
    );
    await client.query(
      `insert into loans (pool_id, id, reservation_id, tenant_id, borrower, vendor, total_amount,
        guarantee_amount, schedule, loan_type)
      select $1, loan_id, id, 'default', borrower, borrower, 125, 25, '[]', 'standard' from filled`,
      [poolId],
    );
    await client.query(
      `insert into envelopes (pool_id, reservation_id, number, hash, xdr_deflated, sequence, max_time,
        issued_after_ledger, fee, loan_id_first, loan_id_last, state)
      select $1, id, 1, hash, '\\x00', 5, ${until}, 40, 100, 1, 25, '${live ? 'open' : 'dead'}' from filled`,
      [poolId],
    );
    await client.query(
      `insert into envelope_hashes (hash, pool_id, reservation_id, number) select hash, $1, id, 1 from filled`,
      [poolId],
    );
    await client.query(
      'insert into idempotency_keys (tenant_id, key, fingerprint, pool_id, request_id, ' +
        `outcome, expires_at) select 'default', '${kind}-${poolId}-' || i, 'x', $1, id, ` +
        `'held', now() + interval '1 day' from filled`,
      [poolId],
    );
    await client.query(
      `insert into reservation_events (pool_id, reservation_id, number, kind, state_after, amount,
        pool_version, held_before, held_after, in_flight_before, in_flight_after)
      select $1, id, 1, 'held', 'held', 100, 1, 0, 100, 0, 0 from filled`,
      [poolId],
    );
    if (live) {
      await client.query(
        'insert into live_borrowers (network, account, pool_id, reservation_id, loan_id) ' +
          'select p.network, f.borrower, p.id, f.id, f.loan_id from filled f, pools p where ' +
          'p.id = $1',
        [poolId],
      );
      await client.query('update pools set held = held + 100 * $2::int where id = $1', [
        poolId,
        rows,
      ]);
    }
    await client.query('analyze');
  } finally {
    await client.end();
  }
}
