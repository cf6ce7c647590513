import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import {
  asAdmin,
  asServer,
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../support/database.js';
import { givenPool, type LedgerUnderTest, openLedger, request } from '../support/given-ledger.js';
import { LedgerUpkeep } from '../../src/modules/liquidity/guards/ledger-upkeep.js';
import { renameNetwork } from '../../src/modules/liquidity/pools/network-reset.sql.js';
import type { Transaction } from '../../src/database/transaction.js';
import { readConfig } from '../../src/common/config.js';
import { migrate } from '../../src/database/migrate.js';
import type { DecidedConfig } from '../../src/development.js';
import { WebhookStore } from '../../src/modules/notifications/webhook-store.js';
import { prepareDatabase } from '../../src/prepare-database.js';

let database: TestDatabase;
let under: LedgerUnderTest;
let server: pg.Client;
let owner: pg.Client;
let pool: string;
beforeAll(async () => {
  database = await createTestDatabase();
  under = openLedger(asServer(database.url));
  pool = (await givenPool(under, 1000n)).id;
  await under.ledger.hold(request(pool, { amount: 400n }));
  await under.ledger.hold(request(pool, { amount: 4000n }));
  server = new pg.Client(asServer(database.url));
  owner = new pg.Client(database.url);
  await Promise.all([server.connect(), owner.connect()]);
});
afterAll(async () => {
  await Promise.all([server.end(), owner.end(), under.connections.close()]);
  await database.drop();
});
afterEach(() => {
  Logger.overrideLogger(true);
});

const codeOf = (statement: string): Promise<string> =>
  server.query(statement).then(
    () => 'done',
    (error: unknown) =>
      error instanceof pg.DatabaseError ? (error.code ?? 'none') : String(error),
  );
const TABLES = `select c.oid::regclass::text as name from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`;
const tablesOf = async (): Promise<string[]> =>
  (await owner.query<{ name: string }>(TABLES)).rows.map(({ name }) => name);

test('the ledger works as the server', async () => {
  expect(await under.ledger.reader.position(pool)).toMatchObject({ held: 400n });
  const { rows } = await server.query('select code from refusals where pool_id = $1', [pool]);
  expect(rows).toHaveLength(1);
});

test('upkeep works as the server', async () => {
  const upkeep = new LedgerUpkeep(under.connections, 5000, 1);
  const keep = { snapshotDays: 7, chainEventDays: 30, reconciliationDays: 90 };
  expect(await upkeep.prune(keep, 3)).toMatchObject({ snapshots: 0, events: 0 });
  await new WebhookStore(under.connections).prune('ended', 1, 10);
  await server.query('begin');
  await renameNetwork({ client: server } as Transaction, { network: 'none', oldName: 'older' });
  await server.query('rollback');
});

test('no table can be altered, emptied, or have its triggers switched off', async () => {
  const tables = await tablesOf();
  expect(tables.length).toBeGreaterThan(35);
  for (const table of tables)
    expect({
      table,
      codes: [
        await codeOf(`alter table ${table} disable trigger all`),
        await codeOf(`alter table ${table} add column more integer`),
        await codeOf(`truncate ${table} cascade`),
        await codeOf(
          `create trigger more before insert on ${table} execute function ledger_changed()`,
        ),
        await codeOf(`drop table ${table}`),
      ],
    }).toEqual({ table, codes: ['42501', '42501', '42501', expect.any(String), '42501'] });
  expect(
    await owner.query(`select from pg_trigger where tgname = 'more' or tgenabled <> 'O'`),
  ).toMatchObject({ rowCount: 0 });
});

test.each([
  'create table more (id integer)',
  'create function more() returns integer language sql as $$ select 1 $$',
  'create or replace function journal_is_append_only() returns trigger language plpgsql as ' +
    '$$ begin return null; end $$',
  'drop function settle_batch',
  'drop trigger journal_row_guard on reservation_events',
  "set session_replication_role = 'replica'",
  'set role pg_read_server_files',
  'create role more superuser',
  'grant update on reservations to holdfast_reporting',
])('the server may not: %s', async (statement) => {
  const code = await codeOf(statement);
  // a grant of a right that one does not have is a warning
  expect(code).toBe(statement.startsWith('grant') ? 'done' : '42501');
  const { rows } = await owner.query<{ can: boolean }>(
    `select has_table_privilege('holdfast_reporting', 'reservations', 'update') as can`,
  );
  expect(rows).toEqual([{ can: false }]);
});

test.each([
  'delete from reservation_events',
  'update reservation_events set amount = 1',
  'delete from operator_actions',
  'update operator_actions set reason = null',
  'delete from refusals',
  'update refusals set code = null',
  'delete from pool_rules_history',
  'update pool_rules_history set buffer = 0',
  'delete from ledger_repairs',
  'delete from database_changes',
  'insert into pool_rules_history default values',
  'delete from reservations',
  'delete from loans',
  'delete from envelopes',
  'delete from live_borrowers',
  'delete from pools',
  'update reservations set amount = 1',
  "update reservations set state = 'released'",
  'update reservations set expires_at = now()',
  'update loans set total_amount = 1',
  'update pools set in_flight = 0',
  'update pools set held = held - 1',
  'update pools set held = 0, version = version + 1',
  'update pools set snapshot_total = 100000',
  'update pools set snapshot_advanced_at = now()',
  'update pools set quarantined_until = now()',
  "update envelopes set hash = 'other'",
  "update envelopes set xdr_deflated = ''",
  "update envelopes set state = 'dead'",
  'update envelopes set sequence = 1',
  'update landings set sequence = 1',
  'update envelope_hashes set number = 2',
  'update account_sequences set consumed = 1',
  'update snapshots set total = 1',
  'update database_identity set timeline = null',
  'update ledger_repairs set reason = null',
  'update schema_migrations set name = null',
  'update repeatable_objects set hash = null',
])('no statement of the service, so not permitted: %s', async (statement) => {
  expect(await codeOf(statement)).toBe('42501');
});

test('the functions with the rights of the owner are for the server alone', async () => {
  const { rows } = await owner.query<{ name: string; others: boolean; fixed: boolean }>(
    `select p.proname as name, has_function_privilege('public', p.oid, 'execute')
        or has_function_privilege('holdfast_reporting', p.oid, 'execute') as others,
      coalesce(p.proconfig @> array['search_path=public, pg_temp'], false) as fixed
    from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef order by 1`,
  );
  expect(rows.length).toBeGreaterThan(15);
  for (const row of rows) expect(row).toEqual({ name: row.name, others: false, fixed: true });
});

test('a start as the server migrates nothing and says what is missing', async () => {
  const url = asServer(database.url);
  expect(await migrate(url)).toEqual([]);
  await owner.query(
    `update repeatable_objects set hash = 'other' where name like '%/end_batch.sql'`,
  );
  await expect(migrate(url)).rejects.toThrow(
    `The database ${database.name} is not migrated for this release (functions/end_batch.sql), and ` +
      'the role holdfast_server does not own its tables: run `npx holdfast migrate` with ' +
      'DATABASE_OWNER_URL',
  );
  // a newer release has migrated it, and this process of the earlier one starts again
  await owner.query(`insert into schema_migrations (timestamp, name) values (9e12, 'Later')`);
  expect(await migrate(url)).toEqual([]);
  await owner.query(`update schema_migrations set name = 'Gone' where name like 'ByteOrder%'`);
  await expect(migrate(url)).rejects.toThrow('(ByteOrder1800000600000)');
  await owner.query(
    `update schema_migrations set name = 'ByteOrder1800000600000' where name = 'Gone'`,
  );
  await owner.query(`delete from schema_migrations where name = 'Later'`);
  expect(await migrate(database.url)).toEqual(['functions/end_batch.sql']);
  expect(await migrate(url)).toEqual([]);
});

test('an owner who is no superuser migrates, twice', async () => {
  const empty = await createEmptyDatabase();
  const name = `${empty.name}_owner`;
  await asAdmin(`create role ${name} login createrole password 'x'`);
  await asAdmin(`alter database ${empty.name} owner to ${name}`);
  const url = Object.assign(new URL(empty.url), { username: name, password: 'x' }).href;
  try {
    expect(await migrate(url)).toContain('roles/holdfast_server.sql');
    expect(await migrate(url)).toEqual([]);
    const ledger = openLedger(asServer(empty.url));
    const made = await givenPool(ledger, 1000n);
    expect(await ledger.ledger.hold(request(made.id, { amount: 400n }))).toMatchObject({
      kind: 'held',
    });
    await ledger.connections.close();
  } finally {
    await empty.drop();
    await asAdmin(`drop role ${name}`);
  }
});

test('a role without rights is told which it needs', async () => {
  await asAdmin(`create role ${database.name} login password 'x'`);
  const stranger = Object.assign(new URL(database.url), { username: database.name, password: 'x' });
  try {
    await expect(migrate(stranger.href)).rejects.toThrow(
      `The role ${database.name} has no rights on the tables of the database ${database.name}: ` +
        'grant it holdfast_server',
    );
    await asAdmin(`grant holdfast_server to ${database.name}`);
    expect(await migrate(stranger.href)).toEqual([]);
  } finally {
    await asAdmin(`drop role ${database.name}`);
  }
});

test('only a production that serves as the owner is warned, and none knows its address', async () => {
  const warnings: unknown[] = [];
  Logger.overrideLogger({
    log: () => undefined,
    error: () => undefined,
    warn: (line: unknown) => warnings.push(line),
  });
  const prepare = (urls: Record<string, string>): Promise<DecidedConfig> =>
    prepareDatabase(
      {
        ...readConfig({
          NODE_ENV: 'production',
          STELLAR_RPC_URL: 'http://127.0.0.1:1',
          STELLAR_NETWORK_PASSPHRASE: 'none',
          ...urls,
        }),
      } as DecidedConfig,
      undefined,
    );
  const served = await prepare({
    DATABASE_URL: asServer(database.url),
    DATABASE_OWNER_URL: database.url,
  });
  expect(served).not.toHaveProperty('DATABASE_OWNER_URL');
  expect(warnings).toEqual([]);
  await prepare({ DATABASE_URL: database.url });
  expect(warnings).toEqual([expect.stringContaining('owns the tables')]);
});
