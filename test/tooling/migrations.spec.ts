import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { DataSource } from 'typeorm';
import commandLine, { dataSourceOptions, migrationOptions } from '../../ormconfig.js';
import { migrate } from '../../src/database/migrate.js';
import { listReconciliations } from '../../src/modules/liquidity/snapshots/reconciliation.sql.js';
import type { HoldRequest } from '../../src/modules/liquidity/reservation.js';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  givenPool,
  type LedgerUnderTest,
  openLedger,
  request,
  snapshot,
  STRANGER_BYTES,
  unseenPool,
} from '../support/given-ledger.js';

const OURS = `select coalesce(array_agg(name order by name), '{}') as names from (
  select c.relname::text as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') and c.relname <> 'schema_migrations'
  union all select p.proname::text from pg_proc p where p.pronamespace = 'public'::regnamespace
  union all select 'reporting.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'reporting'
  union all select 'schema ' || n.nspname from pg_namespace n where n.nspname = 'reporting') q`;

async function objects(url: string): Promise<string[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<{ names: string[] }>(OURS)).rows[0]?.names ?? [];
  } finally {
    await client.end();
  }
}
async function withSource<T>(url: string, work: (source: DataSource) => Promise<T>): Promise<T> {
  const source = await new DataSource(dataSourceOptions(url)).initialize();
  try {
    return await work(source);
  } finally {
    await source.destroy();
  }
}

/** Calls `hold_batch` as a process of the release before 1790000000080 does: without sizes. */
async function holdAsBefore(
  { connections }: LedgerUnderTest,
  { ask, loan, ...asked }: HoldRequest,
): Promise<string | undefined> {
  if (ask.kind !== 'hold') throw new Error('a hold was asked for');
  const { envelope } = ask;
  const members: readonly (readonly [type: string, value: unknown])[] = [
    ['uuid', asked.reservationId],
    ['uuid', asked.poolId],
    ['text', asked.network],
    ['text', asked.borrower],
    ['numeric', asked.amount],
    ['text', 'default'],
    ['text', null],
    ['text', asked.fingerprint],
    ['text', 'hold'],
    ['uuid', loan.loanId],
    ['text', loan.vendor],
    ['numeric', 125n],
    ['numeric', 25n],
    ['text', '[]'],
    ['text', 'standard'],
    ['text', envelope.hash],
    ['bytea', Buffer.from('x')],
    ['bigint', envelope.sequence],
    ['bigint', envelope.maxTime],
    ['bigint', envelope.issuedAfterLedger],
    ['bigint', envelope.fee],
    ['numeric', envelope.loanIdFirst],
    ['numeric', envelope.loanIdLast],
    ['text', null],
    ['text', null],
  ];
  const list = members.map(([type], at) => `$${at + 1}::${type}[]`).join(', ');
  const client = await connections.write.connect();
  try {
    await client.query('begin isolation level serializable');
    const { rows } = await client.query<{ o_outcome: string }>(
      `select o_outcome from hold_batch(${list}, 24, 60)`,
      members.map(([, value]) => [value]),
    );
    await client.query('commit');
    return rows[0]?.o_outcome;
  } finally {
    client.release();
  }
}

describe('migrations', () => {
  let empty: TestDatabase;
  let filled: TestDatabase;
  beforeAll(async () => {
    empty = await createEmptyDatabase();
    filled = await createTestDatabase();
  });
  afterAll(async () => {
    await empty.drop();
    await filled.drop();
  });

  test('go up, down to nothing, and up again on an empty database', async () => {
    const names = await migrate(empty.url);
    expect(names.length).toBeGreaterThanOrEqual(3);
    const after = await objects(empty.url);
    expect(after).toEqual(
      expect.arrayContaining([
        'pools',
        'reservations',
        'envelopes',
        'reservation_events',
        'hold_batch',
        'settle_batch',
        'observe_pool',
        'reporting.funnel_hourly_v1',
        'schema reporting',
      ]),
    );
    await withSource(empty.url, async (source) => {
      for (const _ of names) await source.undoLastMigration();
    });
    expect(await objects(empty.url)).toEqual([]);
    expect(await migrate(empty.url)).toEqual(names);
    expect(await objects(empty.url)).toEqual(after);
  });

  test('go down and up on a database that is in use', async () => {
    const under = openLedger(filled.url);
    const pool = await givenPool(under, 1000n);
    expect(await under.ledger.hold(request(pool.id))).toMatchObject({ kind: 'held' });
    await under.connections.close();
    await withSource(filled.url, async (source) => {
      while ((await source.query<unknown[]>('select from schema_migrations')).length)
        await source.undoLastMigration();
    });
    expect(await objects(filled.url)).toEqual([]);
    await migrate(filled.url);
    expect(await objects(filled.url)).toEqual(await objects(empty.url));
  });

  test('pools of the profile trustup can be set from the newest version on, and what was sound stays so', async () => {
    const database = await createTestDatabase();
    const under = openLedger(database.url);
    try {
      const pool = await givenPool(under, 1000n);
      const claim = (profile: string) =>
        under.connections.write.query(
          'update pools set profile = $2 where id = $1 returning profile',
          [pool.id, profile],
        );
      expect((await claim('trustup')).rows).toEqual([{ profile: 'trustup' }]);
      await expect(claim('another')).rejects.toMatchObject({
        code: '23514',
        message: expect.stringContaining('must be stepfi, scaled or trustup') as unknown,
      });
      await claim('stepfi');
      await withSource(database.url, async (source) => {
        do await source.undoLastMigration();
        while (
          (
            await source.query<unknown[]>(
              'select from schema_migrations where timestamp = 1790000000034',
            )
          ).length
        );
      });
      await expect(claim('trustup')).rejects.toMatchObject({
        code: '23514',
        message: expect.stringContaining('must be stepfi or scaled') as unknown,
      });
      await migrate(database.url);
      expect((await claim('trustup')).rows).toEqual([{ profile: 'trustup' }]);
    } finally {
      await under.connections.close();
      await database.drop();
    }
  });

  test(
    'rules of wallets are known from the migration on that keeps them; of rows before it and ' +
      'after a way back nothing is made up',
    async () => {
      const database = await createTestDatabase();
      const under = openLedger(database.url);
      const rules = async (columns: string): Promise<unknown[]> =>
        (
          await under.connections.read.query(
            `select number, ${columns} from reporting.pool_rules_v1 order by number`,
          )
        ).rows;
      try {
        await withSource(database.url, async (source) => {
          do await source.undoLastMigration();
          while (
            (
              await source.query<unknown[]>(
                'select from schema_migrations where timestamp = 1790000000062',
              )
            ).length
          );
        });
        // not observed: 64 is undone here, and this code observes with it
        const pool = await unseenPool(under);
        // as before: leaves no row
        await under.registry.change(pool.id, { maxWalletShareBps: 2000 });
        expect(await rules('state')).toEqual([{ number: 1, state: 'active' }]);
        await migrate(database.url);
        await under.registry.change(pool.id, { lapsesMax: 1 });
        const kept = [
          { number: 1, share: null, lapses_max: null, known_before: true },
          { number: 2, share: '0.2000', lapses_max: 3, known_before: true },
          { number: 3, share: '0.2000', lapses_max: 1, known_before: true },
        ];
        expect(await rules('max_wallet_share::text as share, lapses_max, known_before')).toEqual(
          kept,
        );
        await withSource(database.url, async (source) => {
          do await source.undoLastMigration();
          while (
            (
              await source.query<unknown[]>(
                'select from schema_migrations where timestamp = 1790000000062',
              )
            ).length
          );
        });
        expect(await rules('state')).toHaveLength(3);
        const {
          rows: [reader],
        } = await under.connections.read.query<{ reads: boolean | null }>(
          `select has_table_privilege(r.rolname, 'reporting.pool_rules_v1', 'select') as ` +
            `reads from (select) one left join pg_roles r on r.rolname = 'holdfast_reporting'`,
        );
        expect(reader?.reads).not.toBe(false);
      } finally {
        await under.connections.close();
        await database.drop();
      }
    },
  );

  test('the loan counter comes with 1790000000064 and goes with it; observe_pool is then what it was', async () => {
    const [database, before] = [await createTestDatabase(), await createEmptyDatabase()];
    const under = openLedger(database.url);
    try {
      const pool = await givenPool(under, 1000n);
      await under.ledger.observe(snapshot(pool.id, 101, { total: 1000n, lastLoanId: 7n }));
      const text = async (url: string): Promise<unknown[]> =>
        withSource(url, (source) =>
          source.query<unknown[]>(`select pg_get_functiondef('observe_pool'::regproc) as text`),
        );
      const now = await text(database.url);
      await withSource(database.url, async (source) => {
        do await source.undoLastMigration();
        while (
          (
            await source.query<unknown[]>(
              'select from schema_migrations where timestamp = 1790000000064',
            )
          ).length
        );
      });
      const options = dataSourceOptions(before.url);
      const older = await new DataSource({
        ...options,
        migrations: (options.migrations as (new () => unknown)[]).filter(
          ({ name }) => Number(name.slice(-13)) < 1790000000064,
        ),
      }).initialize();
      try {
        await older.runMigrations();
      } finally {
        await older.destroy();
      }
      expect(await text(database.url)).toEqual(await text(before.url));
      await migrate(database.url);
      expect(await text(database.url)).toEqual(now);
      expect(await under.ledger.position(pool.id)).toMatchObject({
        snapshotLedger: 101,
        total: 1000n,
        lastLoanId: null,
      });
      // as a process of the release before calls it
      expect(
        (
          (await under.connections.write.query(
            'begin isolation level serializable; select observe_pool($$' +
              pool.id +
              '$$, 102, 5, 0, 5, null, 102, 1790000000); commit',
          )) as unknown as { rows: unknown[] }[]
        )[1]?.rows,
      ).toEqual([{ observe_pool: true }]);
      await under.ledger.observe(snapshot(pool.id, 103, { total: 1000n, lastLoanId: 8n }));
      expect(await under.ledger.position(pool.id)).toMatchObject({
        snapshotLedger: 103,
        lastLoanId: 8n,
      });
    } finally {
      await under.connections.close();
      await database.drop();
      await before.drop();
    }
  });

  test(
    'what 1790000000066 keeps: a pool that lost readings before it is not told as one never ' +
      "read, a stranger's funding has its time; the way back leaves what was",
    async () => {
      const [database, before] = [await createTestDatabase(), await createEmptyDatabase()];
      const under = openLedger(database.url);
      const back = (): Promise<void> =>
        withSource(database.url, async (source) => {
          do await source.undoLastMigration();
          while (
            (
              await source.query<unknown[]>(
                'select from schema_migrations where timestamp = 1790000000066',
              )
            ).length
          );
        });
      const ask = async (text: string, values: unknown[] = []): Promise<unknown[]> =>
        (await under.connections.write.query(text, values)).rows as unknown[];
      const words =
        `select pg_get_functiondef('reporting.position_at'::regproc) as text, (select ` +
        'jsonb_object_agg(c.relname, obj_description(c.oid)) from pg_class c where ' +
        `c.relnamespace = 'reporting'::regnamespace) as views`;
      try {
        const now = await ask(words);
        // before the way back: this code observes with 68
        const [pruned, fresh] = [await givenPool(under, 1000n), await givenPool(under, 1000n)];
        await back();
        const options = dataSourceOptions(before.url);
        const older = await new DataSource({
          ...options,
          migrations: (options.migrations as (new () => unknown)[]).filter(
            ({ name }) => Number(name.slice(-13)) < 1790000000066,
          ),
        }).initialize();
        try {
          await older.runMigrations();
          expect(await ask(words)).toEqual(await older.query<unknown[]>(words));
        } finally {
          await older.destroy();
        }
        for (const [pool, days] of [
          [pruned, 30],
          [fresh, 0],
        ] as const)
          await ask(
            `update pools set created_at = created_at - make_interval(days => $2) where id = $1`,
            [pool.id, days],
          );
        await ask(
          'insert into chain_events (pool_id, id, ledger, tx_hash, contract, name, topics, ' +
            `data, seen_at) values ($1, lpad('1', 19, '0') || '-0000000001', 90, repeat('a', ` +
            `64), 'C', 'LQFUND', '[]', '{}', '2026-01-02 03:04:05+00')`,
          [pruned.id],
        );
        await ask(
          'insert into fundings (pool_id, event_id, ledger, tx_hash, amount) values ($1, ' +
            `lpad('1', 19, '0') || '-0000000001', 90, repeat('a', 64), 5)`,
          [pruned.id],
        );
        const fundings = 'select * from reporting.fundings_without_hold_v1';
        const shown = await ask(fundings);
        await migrate(database.url);
        expect(await ask(words)).toEqual(now);
        expect(await ask('select pool_id from pruned_readings')).toEqual([{ pool_id: pruned.id }]);
        expect(
          await ask(
            "select not_known ~ 'readings are kept since' as told from " +
              "reporting.position_at($1, clock_timestamp() - interval '20 days')",
            [pruned.id],
          ),
        ).toEqual([{ told: true }]);
        await ask('delete from chain_events');
        expect([shown.length, await ask(fundings)]).toEqual([1, shown]);
        await back();
        // without its event the older view has no time for it
        expect(await ask(fundings)).toEqual([]);
        await migrate(database.url);
      } finally {
        await under.connections.close();
        await database.drop();
        await before.drop();
      }
    },
  );

  test(
    'have no limit on a statement, where readers have one: an index over ten million rows ' +
      'takes longer; a lock is waited for 30 s',
    async () => {
      const limits = (source: DataSource) =>
        source.query<{ name: string; setting: string }[]>(
          `select name, setting from pg_settings where name in ('statement_timeout', 'lock_timeout') order by name`,
        );
      const migrating = await new DataSource(migrationOptions(filled.url)).initialize();
      try {
        expect(await limits(migrating)).toEqual([
          { name: 'lock_timeout', setting: '30000' },
          { name: 'statement_timeout', setting: '0' },
        ]);
      } finally {
        await migrating.destroy();
      }
      expect(await withSource(filled.url, limits)).toEqual([
        { name: 'lock_timeout', setting: '0' },
        { name: 'statement_timeout', setting: '10000' },
      ]);
      expect((commandLine.options as { extra?: unknown }).extra).toEqual(
        (migrationOptions(filled.url) as { extra?: unknown }).extra,
      ); // `migration:revert` too
    },
  );

  test(
    'a pause of the contract comes with 1790000000068 and goes with it; observe_pool, ' +
      'position_at and the view are then what they were',
    async () => {
      const [database, before] = [await createTestDatabase(), await createEmptyDatabase()];
      const under = openLedger(database.url);
      const text = (url: string): Promise<unknown[]> =>
        withSource(url, (source) =>
          source.query<
            unknown[]
          >(`select pg_get_functiondef('observe_pool'::regproc) as observe, pg_get_functiondef('reporting.position_at'::regproc) as at, pg_get_viewdef('reporting.pool_position_v1'::regclass) as view,
      (select array_agg(col_description(a.attrelid, a.attnum) order by a.attnum) from pg_attribute a where a.attrelid = 'reporting.pool_position_v1'::regclass and a.attnum > 0) as words,
      (select has_table_privilege(r.rolname, 'reporting.pool_position_v1', 'select') from pg_roles r where r.rolname = 'holdfast_reporting') as reads`),
        );
      try {
        const pool = await givenPool(under, 1000n);
        await under.ledger.observe(
          snapshot(pool.id, 101, { total: 1000n, lastLoanId: 7n, contractPaused: true }),
        );
        const now = await text(database.url);
        await withSource(database.url, async (source) => {
          do await source.undoLastMigration();
          while (
            (
              await source.query<unknown[]>(
                'select from schema_migrations where timestamp = 1790000000068',
              )
            ).length
          );
        });
        const options = dataSourceOptions(before.url);
        const older = await new DataSource({
          ...options,
          migrations: (options.migrations as (new () => unknown)[]).filter(
            ({ name }) => Number(name.slice(-13)) < 1790000000068,
          ),
        }).initialize();
        try {
          await older.runMigrations();
        } finally {
          await older.destroy();
        }
        expect(await text(database.url)).toEqual(await text(before.url));
        await migrate(database.url);
        expect(await text(database.url)).toEqual(now);
        expect(await under.ledger.position(pool.id)).toMatchObject({
          snapshotLedger: 101,
          total: 1000n,
          lastLoanId: 7n,
          contractPaused: null,
        });
        // as a process of the release before calls it: not known, until one of this release has
        // looked
        expect(
          (
            (await under.connections.write.query(
              'begin isolation level serializable; select observe_pool($$' +
                pool.id +
                '$$, 102, 5, 0, 5, null, 102, 1790000000, 8); commit',
            )) as unknown as { rows: unknown[] }[]
          )[1]?.rows,
        ).toEqual([{ observe_pool: true }]);
        expect(await under.ledger.position(pool.id)).toMatchObject({
          snapshotLedger: 102,
          lastLoanId: 8n,
          contractPaused: null,
        });
        await under.ledger.observe(snapshot(pool.id, 103, { total: 1000n, contractPaused: true }));
        expect(await under.ledger.position(pool.id)).toMatchObject({
          snapshotLedger: 103,
          contractPaused: true,
        });
      } finally {
        await under.connections.close();
        await database.drop();
        await before.drop();
      }
    },
  );

  test(
    '1790000000110: a pool that no round has reached begins at its first snapshot; what a ' +
      'round left out before is a gap',
    async () => {
      const database = await createTestDatabase();
      const under = openLedger(database.url);
      const ask = async (text: string, values: unknown[] = []): Promise<unknown[]> =>
        (await under.connections.write.query(text, values)).rows as unknown[];
      const of = async (pool: string): Promise<unknown> => ({
        cursor: await ask(
          'select baseline_ledger::int as baseline from event_cursors where pool_id = $1',
          [pool],
        ),
        gaps: await ask(
          'select first_ledger::int as first, last_ledger::int as last from event_gaps where pool_id = $1',
          [pool],
        ),
        reconciliations: await listReconciliations(under.connections.read, pool, 5),
      });
      const begunAt = (pool: string, ledger: number): Promise<unknown[]> =>
        ask(
          'insert into event_cursors (pool_id, start_ledger, baseline_ledger, through_ledger) values ($1, $2, $2, $2)',
          [pool, ledger],
        );
      try {
        const [unread, late, whole, pruned] = [
          await givenPool(under, 1000n),
          await givenPool(under, 1000n),
          await givenPool(under, 1000n),
          await givenPool(under, 1000n),
        ];
        for (const { id } of [unread, late, whole, pruned])
          await under.ledger.observe(snapshot(id, 105, { total: 900n, locked: 300n }));
        await withSource(database.url, async (source) => {
          do await source.undoLastMigration();
          while (
            (
              await source.query<unknown[]>(
                'select from schema_migrations where timestamp = 1790000000110',
              )
            ).length
          );
        });
        await begunAt(late.id, 105);
        await begunAt(whole.id, 100);
        await begunAt(pruned.id, 105);
        await ask('delete from snapshots where pool_id = $1 and ledger = 100', [pruned.id]);
        await migrate(database.url);
        expect(await of(unread.id)).toEqual({
          cursor: [{ baseline: 100 }],
          gaps: [],
          reconciliations: [],
        });
        expect(await of(whole.id)).toEqual({
          cursor: [{ baseline: 100 }],
          gaps: [],
          reconciliations: [],
        });
        expect(await of(pruned.id)).toEqual({
          cursor: [{ baseline: 105 }],
          gaps: [],
          reconciliations: [],
        });
        expect(await of(late.id)).toMatchObject({
          cursor: [{ baseline: 105 }],
          gaps: [{ first: 101, last: 105 }],
          reconciliations: [
            {
              fromLedger: 100,
              toLedger: 105,
              outcome: 'unknown',
              bridges: {
                total: { before: 1000n, after: 900n, expected: null },
                locked: { before: 0n, after: 300n, difference: null },
              },
              breaks: [{ class: 'gap', amount: null, rows: [{ ledger: 101, lastLedger: 105 }] }],
            },
          ],
        });
        await withSource(database.url, async (source) => {
          do await source.undoLastMigration();
          while (
            (
              await source.query<unknown[]>(
                'select from schema_migrations where timestamp = 1790000000110',
              )
            ).length
          );
        });
        expect(await of(late.id)).toEqual({
          cursor: [{ baseline: 105 }],
          gaps: [],
          reconciliations: [],
        });
      } finally {
        await under.connections.close();
        await database.drop();
      }
    },
  );

  test(
    'windows come with 1790000000080: a pool keeps its rule, a live hold of before has no ' +
      'known size; a process of the release before goes on; the way back leaves nothing',
    async () => {
      const database = await createTestDatabase();
      const under = openLedger(database.url);
      const functions = async (): Promise<unknown[]> =>
        (
          await under.connections.write.query(
            'select p.proname, pg_get_functiondef(p.oid) as text from pg_proc p where ' +
              `p.proname in ('hold_batch', 'issue_envelope', 'observe_pool', 'window_state', ` +
              `'window_used') order by 1, 2`,
          )
        ).rows as unknown[];
      try {
        const pool = await givenPool(under, 1000n);
        const [asked, later] = [request(pool.id), request(pool.id)];
        await under.ledger.hold(asked);
        const now = await functions();
        await withSource(database.url, async (source) => {
          do await source.undoLastMigration();
          while (
            (
              await source.query<unknown[]>(
                'select from schema_migrations where timestamp = 1790000000080',
              )
            ).length
          );
        });
        expect((await functions()).map((row) => (row as { proname: string }).proname)).toEqual([
          'hold_batch',
          'issue_envelope',
          'observe_pool',
        ]);
        await migrate(database.url);
        expect(await functions()).toEqual(now);
        expect((await under.registry.find(pool.id))?.strict).toBe(false);
        const sizes =
          'select r.entry_bytes, e.window_bytes, e.window_fee from reservations r join ' +
          'envelopes e on e.pool_id = r.pool_id and e.reservation_id = r.id where r.id = $1';
        expect((await under.connections.read.query(sizes, [asked.reservationId])).rows).toEqual([
          { entry_bytes: null, window_bytes: null, window_fee: null },
        ]);
        expect(await holdAsBefore(under, later)).toBe('held');
        expect((await under.connections.read.query(sizes, [later.reservationId])).rows).toEqual([
          { entry_bytes: null, window_bytes: null, window_fee: null },
        ]);
      } finally {
        await under.connections.close();
        await database.drop();
      }
    },
  );

  test.each([
    ['loan ids', { first: 1n, last: 2n, bytes: 1_000_000 }],
    ['bytes', { first: 1n, last: 25n, bytes: 2 * STRANGER_BYTES - 1 }],
  ])(
    'a process of the release before knows no sizes: its holds are counted as the largest ' +
      'entry, and take no %s that a live one needs',
    async (_, window) => {
      const database = await createTestDatabase();
      const under = openLedger(database.url);
      try {
        const pool = await givenPool(under, 1000n);
        await under.registry.change(pool.id, { strict: true });
        expect(await under.ledger.hold(request(pool.id, { window }))).toMatchObject({
          kind: 'held',
        });
        expect(await holdAsBefore(under, request(pool.id))).toBe('held');
        expect(await holdAsBefore(under, request(pool.id))).toBe('window_full');
      } finally {
        await under.connections.close();
        await database.drop();
      }
    },
  );

  test('run once when several processes start at the same moment', async () => {
    const fresh = await createEmptyDatabase();
    const ran = await Promise.all([migrate(fresh.url), migrate(fresh.url), migrate(fresh.url)]);
    expect(ran.filter((names) => names.length > 0)).toHaveLength(1);
    await fresh.drop();
  });
});
