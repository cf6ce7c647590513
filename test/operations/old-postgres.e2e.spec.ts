import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type EmbeddedPostgres, startPostgres } from '../../sandbox/postgres/embedded.js';
import { refuseUnfitServer } from '../../src/database/fit-server.js';
import { migrate } from '../../src/database/migrate.js';
import {
  givenBorrowers,
  type GivenPool,
  givenPool,
  givenService,
  loanBody,
  observe,
  postLoan,
  type Service,
} from '../support/given.js';
import { OLD_POSTGRES } from '../support/old-postgres.js';
import { withClient } from '../support/reporting-role.js';

const isThere = existsSync(OLD_POSTGRES);
if (!isThere) console.log(`skip: no Postgres in ${OLD_POSTGRES}, only the newest is tested`);

(isThere ? describe : describe.skip)('an older Postgres', () => {
  let folder: string;
  let server: EmbeddedPostgres;
  let service: Service;
  let pool: GivenPool;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'holdfast-old-'));
    server = await startPostgres({ folder, durable: false, native: OLD_POSTGRES });
    await server.ensureDatabase('holdfast');
    await migrate(server.url('holdfast'));
    service = await givenService(
      {},
      { url: server.url('holdfast'), name: 'holdfast', drop: () => Promise.resolve() },
    );
    pool = await givenPool(service);
  }, 120_000);
  afterAll(async () => {
    await service.stop();
    await server.stop();
    for (const each of new Set([folder, server.folder]))
      rmSync(each, { recursive: true, force: true });
  });

  test('is the one whose binaries were named', () =>
    withClient(server.url('holdfast'), async (client) => {
      const { rows } = await client.query<{ major: number }>(
        "select current_setting('server_version_num')::integer / 10000 as major",
      );
      const named = /postgres-(\d+)/.exec(OLD_POSTGRES)?.[1];
      expect(rows[0]?.major).toBe(named === undefined ? rows[0]?.major : Number(named));
      expect(rows[0]?.major).toBeLessThan(18);
    }));

  test('ids that the database makes are of version 7 and in the order of time', () =>
    withClient(server.url('holdfast'), async (client) => {
      const ids: string[] = [];
      for (let id = 0; id < 3; id++) {
        const { rows } = await client.query<{ id: string }>(
          'select uuidv7()::text as id from pg_sleep(0.002)',
        );
        ids.push(rows[0]?.id ?? '');
      }
      expect(ids).toEqual(ids.toSorted());
      expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab]/.test(id))).toBe(true);
      const ms = Number.parseInt(ids[0]?.replace('-', '').slice(0, 12) ?? '', 16);
      expect(Math.abs(Date.now() - ms)).toBeLessThan(60_000);
    }));

  test('a loan is held and settled, and every view of the reports can be read', async () => {
    const [borrower] = givenBorrowers(service, pool.contract);
    if (!borrower) throw new Error('a borrower was asked for');
    const answer = await postLoan(service, loanBody(pool, borrower), 'key-1');
    expect(answer.status).toBe(201);
    await observe(service, pool.pool);
    await withClient(server.url('holdfast'), async (client) => {
      const { rows } = await client.query<{ view: string }>(
        `select c.oid::regclass::text as view from pg_class c
           where c.relnamespace = 'reporting'::regnamespace and c.relkind = 'v'`,
      );
      expect(rows.length).toBeGreaterThanOrEqual(13);
      for (const { view } of rows) await client.query(`select * from ${view}`);
    });
  });

  test('a second start finds nothing to do', async () => {
    expect(await migrate(server.url('holdfast'))).toEqual([]);
  });
});

test.each([
  [{ version: 140_012, named: '14.12' }, 'The database is Postgres 14.12, and Holdfast needs'],
  [{ standby: true }, 'The database is a standby that was not promoted'],
  [{ read_only: true }, 'The database is read-only'],
  [{ encoding: 'SQL_ASCII' }, 'The database is encoded in SQL_ASCII'],
])('a server that cannot be used is named in one sentence: %j', async (said, sentence) => {
  const fit = {
    version: 180_000,
    named: '18.0',
    standby: false,
    read_only: false,
    encoding: 'UTF8',
  };
  const client = { query: () => Promise.resolve({ rows: [{ ...fit, ...said }] }) };
  await expect(refuseUnfitServer(client as never)).rejects.toThrow(sentence);
});
