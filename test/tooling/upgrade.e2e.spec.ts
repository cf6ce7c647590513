import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { startNetwork } from '../../sandbox/network/network.js';
import { checkLedger } from '../../src/cli/check.command.js';
import { openRooms, type Rooms } from '../../src/cli/rooms.js';
import { migrate } from '../../src/database/migrate.js';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import { landAll } from '../support/authorized-loans.js';
import { createEmptyDatabase, type TestDatabase } from '../support/database.js';
import { ask, givenService, type Service } from '../support/given.js';
import {
  CHANNEL,
  databaseOf,
  factsOf,
  FIXTURES,
  ledgersOf,
  PAST_FENCES,
} from '../upgrade/fixture.js';

/**
 * The database of a released version, with the local network as it was, under the program of today:
 * nothing that was written reads differently, and what was live ends.
 */
type Row = Readonly<Record<string, unknown>>;
type Reading = ReadonlyMap<string, readonly Row[]>;
/** Of the program that runs, not of what it keeps. */
const OF_THE_PROGRAM = ['repeatable_objects', 'schema_migrations'];
/** Columns that grow with the clock. */
const CLOCK = /(^|_)(age|seconds|stale)(_|$)/;

describe.each(readdirSync(FIXTURES))('a database of version %s', (version) => {
  const facts = factsOf(version);
  let folder: string;
  let database: TestDatabase;
  let service: Service;
  let before: Reading;
  let after: Reading;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'holdfast-upgrade-'));
    writeFileSync(path.join(folder, 'ledgers.log'), ledgersOf(version));
    database = await createEmptyDatabase();
    await withClient(database.url, (client) => client.query(databaseOf(version)));
    before = await readAll(database.url);
    await migrate(database.url);
    after = await readAll(database.url);
    service = await givenService(
      { CHANNEL_SECRETS: CHANNEL.secret() },
      database,
      'owner',
      await startNetwork({ folder, now: () => facts.takenAt }),
    );
  }, 120_000);
  afterAll(async () => {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const pool = async (): Promise<PoolRecord> => {
    const found = (await service.registry.list()).find(({ id }) => id === facts.pool);
    if (!found) throw new Error('the pool is gone');
    return found;
  };
  const stateOf = async (id: string): Promise<unknown> =>
    ((await ask(service, { url: `/reservations/${id}` })).body['reservation'] as Row)['state'];
  async function rounds(count: number): Promise<void> {
    const settlement = service.app.get(SettlementService, { strict: false });
    for (let round = 0; round < count; round++) {
      await service.network.closeLedgers(1);
      await settlement.observeAll();
      await settlement.expireAll();
    }
  }
  const check = async (): Promise<readonly string[]> => {
    const said: string[] = [];
    const rooms: Rooms = openRooms(
      {
        databaseUrl: database.url,
        rpcUrl: service.network.rpcUrl,
        networkPassphrase: service.network.passphrase,
      },
      service.config,
    );
    try {
      await checkLedger(rooms, {
        say: (line) => said.push(line),
        progress: () => undefined,
        now: () => new Date(),
        onInterrupt: () => () => undefined,
      });
    } finally {
      await rooms.close();
    }
    return said;
  };

  test('reads as before, table by table and view by view', () => {
    const filled = [...before].flatMap(([name, rows]) => (rows.length > 0 ? [name] : []));
    expect(filled).toEqual(
      expect.arrayContaining([
        'public.reservations',
        'public.reservation_events',
        'public.envelopes',
        'public.authorizations',
        'public.landings',
        'public.idempotency_keys',
        'reporting.journal_v1',
        'reporting.reservations_v1',
      ]),
    );
    for (const [name, rows] of before)
      expect([name, sorted(onlyColumnsOf(rows, after.get(name) ?? []))]).toEqual([
        name,
        sorted(rows),
      ]);
  });

  test('answers for every hold and its journal, and its counters are the sums', async () => {
    const ids = (before.get('public.reservations') ?? []).map(({ id }) => String(id));
    expect(ids.length).toBeGreaterThanOrEqual(10);
    for (const id of ids) {
      const { status, body } = await ask(service, { url: `/reservations/${id}` });
      const written = before
        .get('public.reservation_events')
        ?.filter(({ reservation_id: of }) => of === id);
      expect([status, (body['journal'] as Row[]).length]).toEqual([200, written?.length]);
    }
    expect(await check()).toEqual([expect.stringMatching(/^Every counter of \d+ pools/)]);
  });

  test('what landed meanwhile settles, a signed authorization lands, the rest expires', async () => {
    const { landed, signed, lapsing } = facts.live;
    expect(await Promise.all([landed, signed, ...lapsing].map(stateOf))).toEqual(
      Array.from({ length: 4 }, () => 'held'),
    );
    await landAll(service, { pool: await pool(), contract: '', vendor: '' });
    expect(await Promise.all([landed, signed].map(stateOf))).toEqual(['settled', 'settled']);
    service.network.control.travel(3_000);
    await service.network.closeLedgers(PAST_FENCES);
    await rounds(8);
    expect(await Promise.all(lapsing.map(stateOf))).toEqual(['expired', 'expired']);
    expect(await check()).toEqual([expect.stringMatching(/^Every counter of \d+ pools/)]);
  });
});

/** Every row of every table and of every view for readers, without what the clock changes. */
const readAll = (url: string): Promise<Reading> =>
  withClient(url, async (client) => {
    const { rows: relations } = await client.query<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('public', 'reporting') and c.relkind in ('r', 'v')
          and c.relname <> all ($1) order by 1`,
      [OF_THE_PROGRAM],
    );
    const read = new Map<string, Row[]>();
    for (const { name } of relations) {
      const { rows } = await client.query<{ row: Row }>(`select to_jsonb(r) as row from ${name} r`);
      read.set(
        name,
        rows.map(({ row }) =>
          Object.fromEntries(Object.entries(row).filter(([column]) => !CLOCK.test(column))),
        ),
      );
    }
    return read;
  });

const sorted = (rows: readonly Row[]): Row[] =>
  rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** The rows without the columns that a migration added. */
function onlyColumnsOf(rows: readonly Row[], now: readonly Row[]): Row[] {
  const known = Object.keys(rows[0] ?? {});
  return now.map((row) => Object.fromEntries(known.map((name) => [name, row[name]])));
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
