import pg from 'pg';
import { retryableCode } from '../src/database/sqlstates.js';
import { compressed, HOLD_PLANNING, holdBatch } from '../src/modules/liquidity/holds/hold-batch.js';
import { packXdr } from '../src/modules/liquidity/holds/envelope-packing.js';
import type { HoldRequest } from '../src/modules/liquidity/reservation.js';
import { openLedger, request } from '../test/support/given-ledger.js';

export interface Run {
  readonly url: string;
  readonly poolId: string;
  /** Pools that the requests are spread over, instead of one. */
  readonly poolIds?: readonly string[];
  readonly inFlight: number;
  readonly milliseconds: number;
  readonly xdr: string;
}
/**
 * Accepted holds (or rows written) in the window, the times of single requests in milliseconds, and
 * retries of transactions.
 */
export interface Result {
  readonly accepted: number;
  readonly seconds: number;
  readonly latencies: number[];
  readonly retries: number;
}

/** The warm-up does not count: connections open, and every session plans its statements once. */
const WARM_UP_MS = 1000;

/** `inFlight` callers in a closed loop; what is accepted in the window after the warm-up counts. */
async function closedLoop(
  run: Run,
  ask: (caller: number) => Promise<boolean>,
): Promise<{ accepted: number; seconds: number; latencies: number[] }> {
  const latencies: number[] = [];
  let accepted = 0;
  const opens = performance.now() + WARM_UP_MS;
  const closes = opens + run.milliseconds;
  await Promise.all(
    Array.from({ length: run.inFlight }, async (_, caller) => {
      for (let from = performance.now(); from < closes; from = performance.now()) {
        const held = await ask(caller);
        const done = performance.now();
        if (done < opens || done > closes) continue;
        if (held) accepted++;
        latencies.push(done - from);
      }
    }),
  );
  return { accepted, seconds: run.milliseconds / 1000, latencies };
}

/**
 * Requests, each with a borrower, ids and a hash of its own. They are made before the window,
 * because making test data is not what is measured. More are made when they run out.
 */
function stockOf(run: Run, size: number): () => HoldRequest {
  const { poolIds = [run.poolId] } = run;
  let made = 0;
  const make = (): HoldRequest =>
    request(poolIds[made++ % poolIds.length] ?? run.poolId, { amount: 1n, xdr: run.xdr });
  const stock = Array.from({ length: size }, make);
  return () => stock.pop() ?? make();
}

/** The product's own path: ReservationLedger.hold, one lane, one gate. */
export async function product(run: Run): Promise<Result> {
  const under = openLedger(run.url);
  const next = stockOf(run, 12_000);
  await under.ledger.hold(next());
  const loop = await closedLoop(run, async () => (await under.ledger.hold(next())).kind === 'held');
  await under.connections.close();
  return { ...loop, retries: under.retries.length };
}

/**
 * The problem statement taken literally: one SERIALIZABLE transaction for each request (SELECT …
 * FOR UPDATE, check, insert, commit), repeated on 40001. It writes the product's rows through the
 * same function with one member, which saves it six round trips.
 */
export async function literal(run: Run): Promise<Result> {
  const clients = await Promise.all(
    Array.from({ length: run.inFlight }, async () => {
      const client = new pg.Client({ connectionString: run.url });
      await client.connect();
      return client;
    }),
  );
  const next = stockOf(run, 4000);
  let retries = 0;
  const stopAt = performance.now() + WARM_UP_MS + run.milliseconds;
  const loop = await closedLoop(run, async (caller) => {
    const client = clients[caller];
    if (!client) return false;
    const asked = next();
    for (;;) {
      try {
        await client.query(`BEGIN ISOLATION LEVEL SERIALIZABLE; ${HOLD_PLANNING}`);
        await client.query('select held from pools where id = $1 for update', [run.poolId]);
        const [outcome] = await holdBatch({ client }, [compressed(asked)], {
          keyHours: 24,
          chainLagSeconds: 60,
        });
        await client.query('COMMIT');
        return outcome?.kind === 'held';
      } catch (error) {
        await client.query('ROLLBACK');
        if (retryableCode(error) === undefined) throw error;
        retries++;
        if (performance.now() > stopAt) return false;
      }
    }
  });
  await Promise.all(clients.map((client) => client.end()));
  return { ...loop, retries };
}

const ROWS = 500;
/**
 * The same rows into the same tables and indexes, 500 in a transaction, by a server-side loop
 * without Node and without a decision: the most that this machine can write.
 */
export async function limit(run: Run): Promise<Result> {
  const client = new pg.Client({ connectionString: run.url });
  await client.connect();
  await client.query(`create procedure write_rows(
    p_pool uuid, p_xdr bytea, p_until timestamptz, inout written integer)
  language plpgsql as $$
  declare a uuid[]; l uuid[]; h text[]; b text[]; n integer := ${ROWS};
  begin
    while clock_timestamp() < p_until loop
      select array_agg(uuidv7() order by i), array_agg(uuidv7()
        order by i), array_agg(md5(random()::text) || md5(random()::text)),
        array_agg('G' || md5(random()::text) || substr(md5(random()::text), 1, 23)) into a, l, h, b
        from generate_series(1, n) i;
      insert into reservations (pool_id, id, tenant_id, loan_id, borrower, amount, expires_at,
        at_ledger) select p_pool, u.a, 'default', u.l, u.b, 1, now() + interval '5 min', 100
        from unnest(a, l, b) u(a, l, b);
      insert into loans (pool_id, id, reservation_id, tenant_id, borrower, vendor, total_amount,
        guarantee_amount, schedule, loan_type)
        select p_pool, u.l, u.a, 'default', u.b, u.b, 26, 25, '[{"amount":"26","dueAt":"1900000000"}]',
          'standard' from unnest(a, l, b) u(a, l, b);
      insert into envelopes (pool_id, reservation_id, number, hash, xdr_deflated, sequence, max_time,
        issued_after_ledger, fee, loan_id_first, loan_id_last)
        select p_pool, u.a, 1, u.h, p_xdr, 5, now() + interval '5 min', 99, 100000, 1, 25 from unnest(a, h) u(a, h);
      insert into envelope_hashes (hash, pool_id, reservation_id, number) select u.h, p_pool, u.a, 1
        from unnest(a, h) u(a, h);
      insert into live_borrowers (network, account, pool_id, reservation_id,
        loan_id) select 'Test Network', u.b, p_pool, u.a, u.l from unnest(a, l, b) u(a, l, b);
      insert into reservation_events (pool_id, reservation_id, number, kind, state_after, amount,
        pool_version, held_before, held_after, in_flight_before, in_flight_after, envelope_hash, ledger)
        select p_pool, u.a, 1, 'held', 'held', 1, 1, 0, 1, 0, 0, u.h, 100 from unnest(a, h) u(a, h);
      written := written + n;
      commit;
    end loop;
  end $$`);
  const started = performance.now();
  const answer = await client.query<{ written: number }>('call write_rows($1, $2, $3, 0)', [
    run.poolId,
    packXdr(run.xdr),
    new Date(Date.now() + run.milliseconds),
  ]);
  const seconds = (performance.now() - started) / 1000;
  await client.end();
  return { accepted: answer.rows[0]?.written ?? 0, seconds, latencies: [], retries: 0 };
}
