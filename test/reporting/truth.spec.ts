import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Position } from '../../src/modules/liquidity/reservation.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  givenPool,
  nowSeconds,
  openLedger,
  type LedgerUnderTest,
} from '../support/given-ledger.js';
import { HOLD_SECONDS, Jackhammer } from '../support/jackhammer.js';
import { ModelChain } from '../support/model-chain.js';

/**
 * Compares the views with the ledger over a random walk on the real ledger: holds, landings,
 * failures, expiries, rebuilds, late snapshots, crashed transactions.
 */
const STEPS = 60;
const STEPS_MAX = 2_000;
const ROOM = 1000n;
const LIMIT_MS = 120_000;

let database: TestDatabase;
let under: LedgerUnderTest;
const seen: { at: string; position: Position }[] = [];
const sql = async <T extends Record<string, unknown>>(
  text: string,
  values: readonly unknown[] = [],
): Promise<T[]> => (await under.connections.read.query<T>(text, [...values])).rows;
const moment = async (): Promise<string> =>
  (await sql<{ at: string }>('select clock_timestamp()::text as at'))[0]?.at ?? '';

const hadEveryMoment = (): boolean =>
  seen.some(({ position }) => position.held > 0n) &&
  seen.some(({ position }) => position.inFlight > 0n) &&
  seen.some(({ position }) => position.buffer > 0n);
const hasBothEnds = async (): Promise<boolean> =>
  (await sql(`select from reservations where state in ('settled', 'expired') group by state`))
    .length === 2;

beforeAll(async () => {
  database = await createTestDatabase();
  under = openLedger(database.url);
  const seed = Math.floor(Date.now() / 1000);
  process.stdout.write(`reporting truth, seed ${seed}\n`);
  const chain = new ModelChain(nowSeconds());
  const pools = [
    await givenPool(under, ROOM, { holdSeconds: HOLD_SECONDS }),
    await givenPool(under, ROOM, { holdSeconds: HOLD_SECONDS }),
  ];
  for (const pool of pools) chain.pools.set(pool.id, { total: ROOM, locked: 0n, balance: ROOM });
  const jackhammer = new Jackhammer(under, chain, { seed, withdrawals: true });
  try {
    for (let step = 0; step < STEPS || !hadEveryMoment() || !(await hasBothEnds()); step++) {
      // 60 steps of some seeds have no hold that expired, or none in flight between two steps
      if (step === STEPS_MAX)
        throw new Error(`not every kind of moment and end in ${STEPS_MAX} steps`);
      // withdrawals may have left nothing to hold
      if (step > 0 && step % STEPS === 0)
        for (const [id, figures] of chain.pools)
          chain.pools.set(id, {
            ...figures,
            total: figures.total + ROOM,
            balance: figures.balance + ROOM,
          });
      await jackhammer.step();
      if (step % 20 === 10)
        await under.registry.change(pools[step % 40 === 10 ? 0 : 1]?.id ?? '', {
          buffer: BigInt(step),
        });
      const positions = await under.ledger.reader.positions();
      const at = await moment(); // nothing happens between the steps
      seen.push(...positions.map((position) => ({ at, position })));
    }
    await jackhammer.quiet();
  } finally {
    jackhammer.crashes.stop();
  }
}, LIMIT_MS);
afterAll(async () => {
  await under.connections.close();
  await database.drop();
});

const termsOf = ({ position }: { position: Position }) => ({
  held: position.held.toString(),
  in_flight: position.inFlight.toString(),
  buffer: position.buffer.toString(),
  ledger: position.snapshotLedger?.toString(),
  total: position.total?.toString(),
  observed: position.observedAvailable?.toString(),
  available: position.available.toString(),
  shortfall: position.shortfall.toString(),
});
const THEN = `select held_base::text as held, in_flight_base::text as in_flight,
  buffer_base::text as buffer, snapshot_ledger::text as ledger, total_base::text as total,
  observed_available_base::text as observed,
  available_base::text as available, shortfall_base::text as shortfall from reporting.position_at($1, $2::timestamptz)`;
async function differences(): Promise<object[]> {
  const found: object[] = [];
  for (const each of seen) {
    const [then] = await sql(THEN, [each.position.poolId, each.at]);
    if (JSON.stringify(then) !== JSON.stringify(termsOf(each)))
      found.push({ at: each.at, said: termsOf(each), then });
  }
  return found;
}

describe('the views agree with the ledger', () => {
  test('the walk had moments of every kind', () => {
    expect(seen.length).toBeGreaterThanOrEqual(STEPS * 2);
    expect(hadEveryMoment()).toBe(true);
  });

  test(
    'position_at returns each moment as it was',
    async () => {
      expect(await differences()).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'and the same from the journal alone, for snapshots stored without their counters',
    async () => {
      await sql('update snapshots set held = null, in_flight = null');
      expect(await sql('select from snapshots where held is not null')).toEqual([]);
      expect(await differences()).toEqual([]);
    },
    LIMIT_MS,
  );

  test("pool_position_v1 is the ledger's position", async () => {
    const said = (await under.ledger.reader.positions()).map((position) => ({
      pool_id: position.poolId,
      ...termsOf({ position }),
    }));
    expect(
      await sql(`select pool_id, held_base::text as held, in_flight_base::text as in_flight,
        buffer_base::text as buffer, snapshot_ledger::text as ledger, total_base::text as total,
      observed_available_base::text as observed, available_base::text as available,
        shortfall_base::text as shortfall from reporting.pool_position_v1 order by pool_id`),
    ).toEqual(said);
  });

  test('the funnel, the list of holds and the table count the same', async () => {
    const table = await sql(
      'select state, count(*)::text as count, sum(amount)::text as amount from ' +
        'reservations group by state order by state',
    );
    expect(table.map(({ state }) => state)).toEqual(expect.arrayContaining(['expired', 'settled']));
    expect(
      await sql(
        'select state, count(*)::text as count, sum(amount_base)::text as amount from ' +
          'reporting.reservations_v1 group by state order by state',
      ),
    ).toEqual(table);
    for (const view of ['funnel_hourly_v1', 'funnel_daily_v1']) {
      const [sums] = await sql(
        'select sum(settled)::text as settled, sum(settled_amount_base)::text as ' +
          'settled_amount, sum(expired)::text as expired, sum(released)::text as released, ' +
          'sum(live)::text as live, sum(refused)::text as refused, sum(asked)::text as asked ' +
          `from reporting.${view}`,
      );
      const [rows] = await sql(`select count(*) filter (where state = 'settled')::text as settled,
          sum(amount) filter (where state = 'settled')::text as settled_amount,
          count(*) filter (where state = 'expired')::text as expired,
        count(*) filter (where state = 'released')::text as released,
          count(*) filter (where state = 'held')::text as live, (select count(*)
          from refusals)::text as refused, (count(*) + (select count(*) from refusals))::text as asked
          from reservations`);
      expect({ view, ...sums }).toEqual({ view, ...rows });
    }
  });

  test('every end in the list names its proof', async () => {
    expect(
      await sql(
        'select state, certificate from reporting.reservations_v1 where (certificate is ' +
          "null) <> (state = 'held') or (end_ledger is null) <> (state = 'held')",
      ),
    ).toEqual([]);
    const proofs = await sql<{ state: string; certificate: string }>(
      'select distinct state, certificate from reporting.reservations_v1',
    );
    expect(proofs).toEqual(
      expect.arrayContaining([
        { state: 'settled', certificate: 'D4' },
        { state: 'expired', certificate: 'D1' },
      ]),
    );
  });
});

describe('rules as they were', () => {
  test("are kept from the pool's creation, one row per change", async () => {
    const pool = await givenPool(under, 5n, { buffer: 3n });
    const before = await moment();
    await under.registry.change(pool.id, { buffer: 4n });
    await under.registry.change(pool.id, { buffer: 4n });
    await under.registry.change(pool.id, { state: 'paused' });
    expect(
      await sql(
        'select number, known_before, state, buffer_base::text as buffer, valid_until is ' +
          'null as still from reporting.pool_rules_v1 where pool_id = $1 order by number',
        [pool.id],
      ),
    ).toEqual([
      { number: 1, known_before: true, state: 'active', buffer: '3', still: false },
      { number: 2, known_before: true, state: 'active', buffer: '4', still: false },
      { number: 3, known_before: true, state: 'paused', buffer: '4', still: true },
    ]);
    expect(
      await sql('select answer from reporting.position_at($1, $2::timestamptz)', [pool.id, before]),
    ).toEqual([{ answer: 'up to 0.0000002' }]);
    expect(
      await sql('select answer from reporting.position_at($1, clock_timestamp())', [pool.id]),
    ).toEqual([{ answer: 'POOL_PAUSED' }]);
    await under.registry.change(pool.id, { maxWalletShareBps: 2550 });
    await under.registry.change(pool.id, { lapsesMax: 0 });
    expect(
      await sql(
        'select max_wallet_share::text as share, lapses_max as lapses from ' +
          'reporting.pool_rules_v1 where pool_id = $1 and number >= 3 order by number',
        [pool.id],
      ),
    ).toEqual([
      { share: '1.0000', lapses: 3 },
      { share: '0.2550', lapses: 3 },
      { share: '0.2550', lapses: 0 },
    ]);
    await expect(sql('update pool_rules_history set buffer = 0')).rejects.toMatchObject({
      code: '55000',
    });
  });

  test('a closed pool answers as the API does, and its state says that it is closed', async () => {
    const pool = await givenPool(under, 5n);
    await under.registry.change(pool.id, { state: 'closed' });
    expect(
      await sql('select answer, pool_state from reporting.position_at($1, clock_timestamp())', [
        pool.id,
      ]),
    ).toEqual([{ answer: 'POOL_PAUSED', pool_state: 'closed' }]);
  });

  test(
    'a snapshot is too old from the same moment as in the ledger, not a rounded tenth of a ' +
      'second later',
    async () => {
      const pool = await givenPool(under, 5n, { maxSnapshotAgeSeconds: 1 });
      const then = (after: string): Promise<object[]> =>
        sql(
          'select answer from snapshots s cross join lateral ' +
            `reporting.position_at(s.pool_id, s.observed_at + interval '${after}') where ` +
            's.pool_id = $1',
          [pool.id],
        );
      await sql('select pg_sleep(1.05)'); // the future has no answer
      expect([
        await then('1000 milliseconds'),
        await then('1001 milliseconds'),
        await then('1040 milliseconds'),
      ]).toEqual([
        [{ answer: 'up to 0.0000005' }],
        [{ answer: 'SNAPSHOT_STALE' }],
        [{ answer: 'SNAPSHOT_STALE' }],
      ]);
    },
  );

  test('deleted rows are reported as not known, not guessed', async () => {
    const pool = await givenPool(under, 5n);
    const at = await moment();
    await sql('alter table pool_rules_history disable trigger pool_rules_history_guard');
    await sql(
      'update pool_rules_history set at = clock_timestamp(), from_start = false where pool_id = $1',
      [pool.id],
    );
    await sql('alter table pool_rules_history enable trigger pool_rules_history_guard');
    expect(
      await sql(
        'select answer, available, held_base::text as held, total_base::text as total, ' +
          'buffer_base as buffer, not_known from reporting.position_at($1, $2::timestamptz)',
        [pool.id, at],
      ),
    ).toEqual([
      {
        answer: 'not known: the rules of then were not kept',
        available: null,
        held: '0',
        total: '5',
        buffer: null,
        not_known: expect.stringMatching(
          /^buffer, state and allowed age of then: kept only since 20/,
        ),
      },
    ]);
  });

  test('there is no row for another pool, for the future, or for the time before the pool', async () => {
    const pool = await givenPool(under, 5n);
    for (const [id, at] of [
      ['01990000-0000-7000-8000-000000000000', 'now'],
      [pool.id, 'infinity'],
      [pool.id, '2020-01-01'],
    ])
      expect(await sql('select from reporting.position_at($1, $2::timestamptz)', [id, at])).toEqual(
        [],
      );
  });

  test("amounts are exact at both ends of the chain's range", async () => {
    const most = 170141183460469231731687303715884105727n;
    for (const [base, decimals, units] of [
      [most, 18, '170141183460469231731.687303715884105727'],
      [most, 0, most.toString()],
      [-1n, 7, '-0.0000001'],
      [0n, 7, '0'],
      [16_000_000_000n, 7, '1600'],
    ] as const) {
      expect(
        await sql('select reporting.token_units($1::numeric, $2::smallint)::text as units', [
          base.toString(),
          decimals,
        ]),
      ).toEqual([{ units }]);
    }
  });
});
