import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { AbstractLogger, DataSource } from 'typeorm';
import { readSourceOptions } from '../read-source.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { Dice } from '../../../../test/support/dice.js';
import {
  givenPool,
  type LedgerUnderTest,
  openLedger,
} from '../../../../test/support/given-ledger.js';
import type { Whose } from '../../../common/caller.js';
import type { ListFilter, Page } from './reservation-page.js';
import { ReservationReader } from './reservation.reader.js';

let database: TestDatabase;
let under: LedgerUnderTest;
let source: DataSource;
/** Fills tables without the product's limits on a statement. */
let filler: pg.Client;
const asked: { text: string; values: unknown[] | undefined }[] = [];
class Recorder extends AbstractLogger {
  protected writeLog(): void {
    /* only the queries are wanted */
  }
  override logQuery(text: string, values?: unknown[]): void {
    if (/"reservations"/.test(text)) asked.push({ text, values });
  }
}
beforeAll(async () => {
  database = await createTestDatabase();
  under = openLedger(database.url);
  filler = new pg.Client(database.url);
  await filler.connect();
  source = await new DataSource({
    ...readSourceOptions(database.url),
    logging: true,
    logger: new Recorder(),
  }).initialize();
});
afterAll(async () => {
  await source.destroy();
  await filler.end();
  await under.connections.close();
  await database.drop();
});

const sql = <Row extends object>(text: string, values: unknown[] = []): Promise<{ rows: Row[] }> =>
  filler.query<Row>(text, values);
const STATES = ['held', 'settled', 'released', 'expired'] as const;
interface Row {
  readonly pool: string;
  readonly tenant: string;
  readonly borrower: string;
  readonly state: (typeof STATES)[number];
  readonly heldAt: string;
}

/** Rows as the ledger would leave them, each with its loan. */
async function insert(from: string, values: unknown[]): Promise<void> {
  await filler.query(filling(from), values);
}

const filling = (
  from: string,
): string => `with rows as (select gen_random_uuid() as id, gen_random_uuid() as loan, q.* from (${from}) q), made as (
      insert into reservations (pool_id, id, tenant_id, loan_id, borrower, amount, state,
        release_reason, expires_at, at_ledger, settled_ledger, held_at, ended_at)
        select pool, id, tenant, loan, borrower, 1, state, case state when 'released' then 'tx_failed'
          end, held_at + interval '5 minutes', 1, case state when 'settled' then 2 end, held_at, case
          when state <> 'held' then held_at end from rows)
    insert into loans (pool_id, id, reservation_id, tenant_id, borrower, vendor, total_amount,
      guarantee_amount, schedule, loan_type) select pool, loan, id, tenant, borrower, 'G', 2, 1, '[]',
      'standard' from rows`;

const ids = (list: {
  readonly rows: readonly { readonly reservation: { readonly id: string } }[];
}): string[] => list.rows.map(({ reservation }) => reservation.id);

/** Every page of a list, by its cursors. */
async function allPages(
  reader: ReservationReader,
  list: 'listLoans' | 'listReservations',
  whose: Whose,
  filter: ListFilter,
): Promise<string[]> {
  const seen: string[] = [];
  for (let cursor: Page<unknown>['next'] | undefined; cursor !== null;) {
    const page: {
      readonly rows: readonly { readonly reservation: { readonly id: string } }[];
      readonly next: Page<unknown>['next'];
    } = await reader[list](whose, { ...filter, cursor });
    expect(page.rows.length).toBeLessThanOrEqual(filter.limit);
    expect(page.next === null || page.rows.length === filter.limit).toBe(true);
    seen.push(...ids(page));
    cursor = page.next;
  }
  return seen;
}

/** The same list, computed the plain way. */
async function plain(
  whose: Whose,
  { poolId, state, borrower, createdAfter, createdBefore }: ListFilter,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>(
    `select id from reservations
      where ($1::text is null or tenant_id = $1) and ($2::text is null or borrower = $2)
      and ($3::uuid is null or pool_id = $3) and ($4::text is null or state = $4)
    and ($5::text is null or borrower = $5) and ($6::timestamptz is null or held_at >= $6)
      and ($7::timestamptz is null or held_at < $7) order by held_at desc, id desc`,
    [
      typeof whose === 'object' && 'tenantId' in whose ? whose.tenantId : null,
      typeof whose === 'object' && 'borrower' in whose ? whose.borrower : null,
      poolId ?? null,
      state ?? null,
      borrower ?? null,
      createdAfter ?? null,
      createdBefore ?? null,
    ],
  );
  return rows.map(({ id }) => id);
}

describe('pages of lists are the plain order, cut', () => {
  // the last seed is new in every run; the test's name has it, so that a failure can be repeated
  test.each([1, 2, Math.floor(Date.now() / 1000)])('seed %i', async (seed) => {
    const dice = new Dice(seed);
    await sql('delete from loans; delete from reservations');
    const pools = await Promise.all(Array.from({ length: 4 }, () => givenPool(under, 1n)));
    const poolIds = pools.map(({ id }) => id);
    // few moments, so that pages end between rows of one; a wallet is a tenant of its own, and
    // "wallet" a name a tenant may have
    const moments = Array.from(
      { length: 12 },
      (_, n) => `2026-01-01T00:00:0${n % 4}.${String(100_000 + n * 7)}Z`,
    );
    const tenants = ['default', 'shop', 'wallet', 'wallet:GA', 'wallet:GB', 'wallet:GC'];
    const borrowers = ['GA', 'GB', 'GC', 'GD'];
    const one = <T>(list: readonly T[]): T => {
      const found = dice.one(list);
      if (found === undefined) throw new Error('nothing to choose from');
      return found;
    };
    // the fourth pool stays empty, and the third has one tenant only
    const rows = Array.from({ length: 150 }, (): Row => {
      const pool = dice.below(3);
      return {
        pool: poolIds[pool] ?? '',
        tenant: pool === 2 ? 'shop' : one(tenants),
        borrower: one(borrowers),
        state: one(STATES),
        heldAt: one(moments),
      };
    });
    await insert(
      'select pool::uuid, tenant, borrower, state, "heldAt"::timestamptz as held_at from ' +
        'jsonb_to_recordset($1) as x(pool text, tenant text, borrower text, state text, ' +
        '"heldAt" text)',
      [JSON.stringify(rows)],
    );
    const reader = new ReservationReader(source);
    for (let round = 0; round < 60; round++) {
      const whose: Whose = dice.chance(0.5)
        ? 'everybody'
        : dice.chance(0.7)
          ? { tenantId: one([...tenants.slice(0, 3), 'nobody']) }
          : { borrower: one(borrowers) };
      const [after, before] = [new Date(one(moments)), new Date(one(moments))];
      const filter: ListFilter = {
        limit: one([1, 3, 10, 30, 100, 200]),
        ...(dice.chance(0.4) && { poolId: one(poolIds) }),
        ...(dice.chance(0.4) && { state: one(STATES) }),
        ...(dice.chance(0.25) && { borrower: one(borrowers) }),
        ...(dice.chance(0.2) && { createdAfter: after }),
        ...(dice.chance(0.2) && { createdBefore: before }),
      };
      const list = dice.chance(0.5) ? 'listLoans' : 'listReservations';
      expect({ whose, filter, rows: await allPages(reader, list, whose, filter) }).toEqual({
        whose,
        filter,
        rows: await plain(whose, filter),
      });
    }
  });
});

describe('a filled database', () => {
  const HOLDS = 60_000;
  const LIMIT = 50;
  let busy = '';
  let quiet = '';
  beforeAll(async () => {
    await sql('delete from loans; delete from reservations');
    [busy, quiet] = [(await givenPool(under, 1n)).id, (await givenPool(under, 1n)).id];
    // one hold a minute in the busy pool, of two tenants and of wallets, each a tenant of its own;
    // the quiet pool had its last one when all of those were still to come
    await insert(
      `select $1::uuid as pool, case n % 3 when 0 then 'default' when 1 then 'shop' else 'wallet:G' || n
        end as tenant, case when n % 100 = 0 then 'GA' else 'G' || n end as borrower,
      case when n <= 20 then 'held' when n % 5 = 0 then 'expired' when n % 50 = 1 then 'released'
        else 'settled' end as state, timestamptz '2026-06-01Z' - n * interval '1 minute' as held_at
        from generate_series(1, ${HOLDS}) n`,
      [busy],
    );
    await insert(
      `select $1::uuid as pool, 'shop' as tenant, 'G' || n as borrower, 'settled' as ` +
        `state, timestamptz '2025-06-01Z' - n * interval '1 minute' as held_at from ` +
        'generate_series(1, 500) n',
      [quiet],
    );
    await sql('analyze reservations, loans');
  }, 120_000);

  interface Node {
    readonly 'Node Type': string;
    readonly 'Relation Name'?: string;
    readonly 'Actual Rows': number;
    readonly 'Actual Loops': number;
    readonly 'Rows Removed by Filter'?: number;
    readonly 'Rows Removed by Index Recheck'?: number;
    readonly Plans?: readonly Node[];
  }
  const nodes = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodes)];

  /** What the list of reservations and that of loans read. */
  async function read(
    whose: Whose,
    filter: Omit<ListFilter, 'limit'>,
  ): Promise<{ rows: number; scanned: string[]; found: number }> {
    asked.length = 0;
    const reader = new ReservationReader(source);
    const found = (await reader.listReservations(whose, { ...filter, limit: LIMIT })).rows.length;
    expect((await reader.listLoans(whose, { ...filter, limit: LIMIT })).rows).toHaveLength(found);
    expect(asked).toHaveLength(2);
    const all: Node[] = [];
    for (const { text, values } of asked)
      all.push(
        ...nodes(
          (
            await under.connections.write.query<{
              'QUERY PLAN': readonly [{ readonly Plan: Node }];
            }>(`explain (analyze, timing off, format json) ${text}`, values)
          ).rows[0]?.['QUERY PLAN'][0].Plan ?? {
            'Node Type': 'none',
            'Actual Rows': Infinity,
            'Actual Loops': 1,
          },
        ),
      );
    const great = all.filter((node) =>
      ['reservations', 'loans'].includes(node['Relation Name'] ?? ''),
    );
    return {
      found,
      scanned: great
        .filter((node) => node['Node Type'] === 'Seq Scan')
        .map((node) => node['Relation Name'] ?? ''),
      rows: great.reduce(
        (sum, node) =>
          sum +
          (node['Actual Rows'] +
            (node['Rows Removed by Filter'] ?? 0) +
            (node['Rows Removed by Index Recheck'] ?? 0)) *
            node['Actual Loops'],
        0,
      ),
    };
  }
  const place = {
    heldAtMicros: BigInt(Date.parse('2026-05-01Z')) * 1000n,
    reservationId: '01a20439-8365-721f-97de-c7ac9caaa4ad',
  };
  const past = new Date('2026-05-10Z');

  // of 60,000. Two lists of 50 from four streams: rows of the page in reservations, again by its
  // keys, and in loans
  test.each<[string, Whose, () => Omit<ListFilter, 'limit'>, { rows: number; found?: number }]>([
    ['everybody', 'everybody', () => ({}), { rows: 1000 }],
    ['every caller, a later page', 'everybody', () => ({ cursor: place }), { rows: 1000 }],
    ['every caller, before a time', 'everybody', () => ({ createdBefore: past }), { rows: 1000 }],
    [
      'every caller, a later page before a time',
      'everybody',
      () => ({ createdBefore: past, cursor: place }),
      { rows: 1000 },
    ],
    ['every caller, after a time', 'everybody', () => ({ createdAfter: past }), { rows: 1000 }],
    ['every caller, a pool', 'everybody', () => ({ poolId: busy }), { rows: 1000 }],
    [
      'every caller, a pool that has long been quiet',
      'everybody',
      () => ({ poolId: quiet }),
      { rows: 1000 },
    ],
    [
      'every caller, a pool that has long been quiet, before a time',
      'everybody',
      () => ({ poolId: quiet, createdBefore: past }),
      { rows: 1000 },
    ],
    ['every caller, settled', 'everybody', () => ({ state: 'settled' }), { rows: 1500 }],
    ['every caller, live', 'everybody', () => ({ state: 'held' }), { rows: 1000, found: 20 }],
    [
      'every caller, live in a pool',
      'everybody',
      () => ({ state: 'held', poolId: busy }),
      { rows: 1000, found: 20 },
    ],
    [
      'every caller, live in a pool that has none',
      'everybody',
      () => ({ state: 'held', poolId: quiet }),
      { rows: 100, found: 0 },
    ],
    ['every caller, a borrower', 'everybody', () => ({ borrower: 'GA' }), { rows: 1000 }],
    [
      'every caller, a borrower in a pool',
      'everybody',
      () => ({ borrower: 'GA', poolId: busy }),
      { rows: 1000 },
    ],
    ['a tenant', { tenantId: 'default' }, () => ({}), { rows: 1000 }],
    ['a tenant, a later page', { tenantId: 'default' }, () => ({ cursor: place }), { rows: 1000 }],
    [
      'a tenant, a pool that has long been quiet',
      { tenantId: 'shop' },
      () => ({ poolId: quiet }),
      { rows: 1500 },
    ], // its 500 rows are fewer than it pays to read in order: they are sorted, in both lists
    ['a tenant, a borrower', { tenantId: 'default' }, () => ({ borrower: 'GA' }), { rows: 2000 }],
    ['a wallet', { borrower: 'GA' }, () => ({}), { rows: 1000 }],
    ['a wallet, a later page', { borrower: 'GA' }, () => ({ cursor: place }), { rows: 1000 }],
  ])(
    '%s: a page reads a bounded number of rows',
    async (_, whose, filter, { rows, found = LIMIT }) => {
      const took = await read(whose, filter());
      expect(took).toMatchObject({ scanned: [], found });
      expect(took.rows).toBeLessThan(rows);
    },
  );
});
