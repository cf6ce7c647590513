import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type EmbeddedPostgres, startPostgres } from '../../sandbox/postgres/embedded.js';
import { migrate } from '../../src/database/migrate.js';
import { bearer } from '../support/access.js';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { connectionRoom } from '../../src/modules/liquidity/guards/connection-room.sql.js';
import { asAdmin } from '../support/database.js';
import { givenPool as givenLedgerPool, openLedger, request } from '../support/given-ledger.js';
import { withClient } from '../support/reporting-role.js';
import {
  type Borrower,
  givenBorrowers,
  type GivenPool,
  givenPool,
  givenService,
  loanBody,
  type Service,
} from '../support/given.js';

/** One server with ten connections that, in turn, refuses what is asked of it. */
const READINESS_LIMIT_MS = 4_000;
let folder: string;
let server: EmbeddedPostgres;
let service: Service;
let pool: GivenPool;
let borrowers: readonly Borrower[];
let asked = 0;
const asSuperuser = (statement: string): Promise<void> =>
  asAdmin(statement, server.url('holdfast'));
const settingIs = async (name: string, value: string | null): Promise<void> => {
  await asSuperuser(
    value === null ? `alter system reset ${name}` : `alter system set ${name} = '${value}'`,
  );
  await asSuperuser('select pg_reload_conf()');
};

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-refusing-'));
  server = await startPostgres({
    folder,
    durable: false,
    settings: { synchronous_commit: 'on', max_connections: '10' },
  });
  await server.ensureDatabase('holdfast');
  await migrate(server.url('holdfast'));
  service = await givenService(
    { LEDGER_DEADLINE_MS: '2000', DATABASE_CONNECTIONS: '8' },
    { url: server.url('holdfast'), name: 'holdfast', drop: () => Promise.resolve() },
  );
  pool = await givenPool(service, { deposit: 1_000_000_0000000n });
  borrowers = givenBorrowers(service, pool.contract, { count: 80 });
  await service.app.listen(0, '127.0.0.1');
}, 120_000);
afterEach(() => settingIs('default_transaction_read_only', null));
afterAll(async () => {
  await service.stop();
  await server.stop();
  for (const each of new Set([folder, server.folder]))
    rmSync(each, { recursive: true, force: true });
});

interface Problem {
  readonly code: string;
  readonly holdMade: boolean | null;
}
async function ask(): Promise<{ status: number; retryAfter: string | null; problem: Problem }> {
  const key = `key-${asked}`;
  const borrower = borrowers[asked++];
  if (!borrower) throw new Error('more borrowers are needed');
  const answer = await fetch(`${await service.app.getUrl()}/loans`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': key,
      ...bearer(service.key),
    },
    body: JSON.stringify(loanBody(pool, borrower)),
  });
  return {
    status: answer.status,
    retryAfter: answer.headers.get('retry-after'),
    problem: (await answer.json()) as Problem,
  };
}
async function readiness(): Promise<{ status: number; detail: string; ms: number }> {
  const began = performance.now();
  const answer = await fetch(`${await service.app.getUrl()}/health/ready`);
  const { database } = (await answer.json()) as { database: { detail: string } };
  return { status: answer.status, detail: database.detail, ms: performance.now() - began };
}
const BUSY = {
  status: 503,
  retryAfter: expect.any(String),
  problem: expect.objectContaining({ code: 'BUSY_RETRY', holdMade: false }),
};

test('read-only without cut sockets: each answer is 503 and says that no hold was made', async () => {
  expect((await ask()).status).toBe(201);
  expect((await readiness()).status).toBe(200);
  await settingIs('default_transaction_read_only', 'on');
  const answers = await Promise.all(Array.from({ length: 12 }, ask));
  expect(answers).toEqual(answers.map(() => BUSY));
  expect(await readiness()).toMatchObject({
    status: 503,
    detail: 'reachable, but cannot write now (25006)',
  });
  await settingIs('default_transaction_read_only', null);
  expect((await ask()).status).toBe(201);
  expect((await readiness()).status).toBe(200);
});

test('53100: each answer is 503, and readiness is red until a write succeeds', async () => {
  await asSuperuser(
    `create function full_disk() returns trigger language plpgsql as
       $$ begin raise 'could not extend file' using errcode = '53100'; end $$;
     create trigger full_disk before insert on reservations execute function full_disk()`,
  );
  const answers = await Promise.all(Array.from({ length: 6 }, ask));
  expect(answers).toEqual(answers.map(() => BUSY));
  expect(await readiness()).toMatchObject({
    status: 503,
    detail: 'reachable, but cannot write now (53100)',
  });
  await asSuperuser('drop trigger full_disk on reservations');
  expect((await ask()).status).toBe(201);
  expect((await readiness()).status).toBe(200);
});

test('ten connections are enough for a process that is told so, and it says when they are not', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, ask));
  expect(answers.map(({ status, problem }) => [status, problem.code])).toEqual(
    answers.map(() => [201, undefined]),
  );
  expect((await readiness()).status).toBe(200);
  const connections = service.app.get(LedgerConnections, { strict: false });
  const other = await connections.read.connect();
  expect(await connectionRoom(connections.write, 10)).toMatch(
    /^The database has \d of 10 connections free, and this process opens up to 10 connections/,
  );
  other.release();
  await expect(connectionRoom(connections.write, 11)).rejects.toThrow(
    'The database allows 10 connections, and this process opens up to 11 connections',
  );
});

test('what a dump does not have is made again: the role of readers, with its grants', async () => {
  const readable = async (): Promise<unknown> =>
    withClient(server.url('holdfast'), async (client) => {
      const { rows } = await client.query<{ readable: boolean }>(
        `select bool_and(has_table_privilege(r.oid, c.oid, 'select')) as readable
           from pg_roles r, pg_class c where r.rolname = 'holdfast_reporting'
             and c.relnamespace = 'reporting'::regnamespace and c.relkind = 'v'`,
      );
      return rows[0]?.readable;
    });
  expect(await readable()).toBe(true);
  await asSuperuser('drop owned by holdfast_reporting; drop role holdfast_reporting');
  expect(await readable()).toBeNull();
  expect(await migrate(server.url('holdfast'))).toEqual([
    'roles/holdfast_reporting.sql',
    'roles/holdfast_server.sql',
  ]);
  expect(await readable()).toBe(true);
  expect(await migrate(server.url('holdfast'))).toEqual([]);
});

test.each(['0A000', '42501'])('a managed server that answers %s about its log', async (code) => {
  const name = `managed_${code.toLowerCase()}`;
  await server.ensureDatabase(name);
  const url = server.url(name);
  await asAdmin(
    `create function public.pg_current_wal_insert_lsn() returns pg_lsn
       language plpgsql as $$ begin raise 'not here' using errcode = '${code}'; end $$;
     alter database ${name} set search_path = public, pg_catalog`,
    url,
  );
  await migrate(url);
  // it names its own path, so that no other function takes the place of one that it calls
  await asAdmin(
    'alter function notice_database_identity() set search_path = public, pg_catalog, pg_temp',
    url,
  );
  const connections = new LedgerConnections({
    url,
    deadlineMs: 3000,
    shares: { write: 1, read: 1, exports: 1 },
  });
  const under = openLedger(connections);
  const held = await under.ledger.hold(request((await givenLedgerPool(under, 1000n)).id));
  expect(held.kind).toBe('held');
  expect(await under.ledger.guards.unseenIdentity()).toMatch(/a failover is not noticed/);
  await connections.close();
});

test('a newer schema of the queues is named, and nothing is migrated', async () => {
  await asSuperuser('update pgboss.version set version = version + 1');
  await expect(migrate(server.url('holdfast'))).rejects.toThrow(
    /The schema pgboss .* is newer than this program/,
  );
  await asSuperuser('update pgboss.version set version = version - 1');
  expect(await migrate(server.url('holdfast'))).toEqual([]);
});

test('a synchronous standby is away: readiness answers within its own limit', async () => {
  await settingIs('synchronous_standby_names', 'away');
  const waiting = Array.from({ length: 6 }, ask);
  const seen: { status: number; ms: number }[] = [];
  for (let look = 0; look < 4; look++) seen.push(await readiness());
  await settingIs('synchronous_standby_names', null);
  await Promise.all(waiting);
  expect(seen.every(({ status }) => status === 200 || status === 503)).toBe(true);
  expect(Math.max(...seen.map(({ ms }) => ms))).toBeLessThan(READINESS_LIMIT_MS);
});
