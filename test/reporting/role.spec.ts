import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { readerUrl, withClient } from '../support/reporting-role.js';
import { LIMA } from '../support/reporting-rows.js';
import { loadSample } from '../support/reporting-sample.js';

const createRole = (role: string): string =>
  readFileSync('migrations/roles/holdfast_reporting.sql', 'utf8').replaceAll(
    'holdfast_reporting',
    role,
  );

let database: TestDatabase;
let reader: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  await loadSample(database.url);
  reader = new pg.Client(await readerUrl(database.url));
  await reader.connect();
});
afterAll(async () => {
  await reader.end();
  await database.drop();
});

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) =>
      error instanceof pg.DatabaseError ? (error.code ?? 'none') : String(error),
  );
const relations = (schema: string, kinds: string): Promise<string[]> =>
  withClient(database.url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
    where n.nspname ~ $1 and c.relkind::text = any ($2) order by 1`,
      [schema, kinds.split('')],
    );
    return rows.map(({ name }) => name);
  });

describe('the role that reads the reports', () => {
  test('reads every view and the past', async () => {
    const views = await relations('^reporting$', 'v');
    expect(views.length).toBeGreaterThanOrEqual(13);
    for (const view of views)
      expect({ view, rows: (await reader.query(`select * from ${view}`)).rowCount }).toEqual({
        view,
        rows: expect.any(Number),
      });
    expect(
      (
        await reader.query("select * from position_at($1, timestamptz '2026-11-21 10:00:10+00')", [
          LIMA,
        ])
      ).rows,
    ).toHaveLength(1);
  });

  test('has no right on any table or view outside the schema, pg-boss included', async () => {
    const { rows } = await reader.query<{
      name: string;
    }>(`select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'f')
        and n.nspname not in ('reporting', 'information_schema') and n.nspname not like 'pg\\_%'
        and has_table_privilege(current_user, c.oid, 'select, insert, update, delete, truncate, references, trigger')`);
    expect(rows).toEqual([]);
    const tables = await relations('^public$', 'rpvm');
    expect(tables).toEqual(
      expect.arrayContaining(['public.envelopes', 'public.idempotency_keys', 'public.pools']),
    );
    for (const table of tables)
      expect({ table, code: await codeOf(reader.query(`select from ${table}`)) }).toEqual({
        table,
        code: '42501',
      });
  });

  test('gets no rights on tables, views and functions that are added later', async () => {
    await withClient(database.url, (client) =>
      client.query(
        'create table later_keys (secret text); create view later_view as select * from ' +
          'later_keys; create function reporting.later() returns int language sql return 1; ' +
          'revoke all on function reporting.later() from public',
      ),
    );
    for (const statement of [
      'select * from public.later_keys',
      'select * from public.later_view',
      'select reporting.later()',
    ])
      expect({ statement, code: await codeOf(reader.query(statement)) }).toEqual({
        statement,
        code: '42501',
      });
  });

  test('sees no transaction, neither raw nor in a column', async () => {
    const views = await relations('^reporting$', 'v');
    for (const view of views) {
      const { rows } = await reader.query<{ row: string }>(
        `select to_jsonb(x)::text as row from ${view} x`,
      );
      expect({
        view,
        seen: rows.filter(
          ({ row }) =>
            /xdr|SECRET/i.test(row) || row.includes(Buffer.from('SECRET-XDR').toString('hex')),
        ),
      }).toEqual({ view, seen: [] });
    }
  });

  test('cannot write, also when it turns read-only off', async () => {
    await reader.query('set default_transaction_read_only = off');
    expect(await codeOf(reader.query('insert into public.snapshots default values'))).toBe('42501');
    expect(
      await codeOf(reader.query("update reporting.pool_rules_v1 set state = 'paused'")),
    ).toMatch(/42501|55000/);
    expect(await codeOf(reader.query('create table reporting.mine (a int)'))).toBe('42501');
    expect(await codeOf(reader.query('create table public.mine (a int)'))).toBe('42501');
    await reader.query('set search_path = public');
    expect(
      await codeOf(
        reader.query("select public.repair_ledger($1, 'because I can do it', 'me')", [LIMA]),
      ),
    ).toBe('42501');
    await reader.query('reset search_path; reset default_transaction_read_only');
    expect(await codeOf(reader.query('create temp table mine (a int)'))).toBe('25006');
  });

  test('has its time limits', async () => {
    const { rows } = await reader.query<{ name: string; setting: string }>(
      "select name, setting from pg_settings where name in ('statement_timeout', " +
        "'default_transaction_read_only', 'idle_in_transaction_session_timeout', " +
        "'lock_timeout', 'search_path', 'TimeZone') order by name",
    );
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      statement_timeout: '30000',
      default_transaction_read_only: 'on',
      idle_in_transaction_session_timeout: '60000',
      lock_timeout: '2000',
      search_path: 'reporting',
      TimeZone: 'UTC',
    });
    await reader.query('set statement_timeout = 50');
    expect(await codeOf(reader.query('select pg_sleep(5)'))).toBe('57014');
    await reader.query('reset statement_timeout');
  });

  test(
    "views read with their owner's rights, and the function finds its tables whatever the " +
      "caller's path is",
    async () => {
      const { rows } = await reader.query(
        "select c.relname from pg_class c where c.relnamespace = 'reporting'::regnamespace " +
          "and c.reloptions::text ~ 'security_invoker'",
      );
      expect(rows).toEqual([]);
      const functions = await reader.query<{ name: string; definer: boolean; path: string | null }>(
        `select p.proname as name, p.prosecdef as definer, array_to_string(p.proconfig, ',') ` +
          `as path from pg_proc p where p.pronamespace = 'reporting'::regnamespace and ` +
          'p.prosecdef order by p.proname',
      );
      expect(functions.rows).toEqual([
        { name: 'break_cause', definer: true, path: 'search_path=public, pg_temp' },
        { name: 'position_at', definer: true, path: 'search_path=public, pg_temp' },
      ]);
    },
  );
});

describe('creating the role', () => {
  const other = `reader_${Math.random().toString(36).slice(2, 10)}`;
  const owner = `owner_${other}`;
  afterAll(() =>
    withClient(database.url, async (client) => {
      await client.query(
        `reset role; drop owned by ${other}; drop role ${other}; drop owned by ${owner}; drop role ${owner}`,
      );
    }),
  );

  test('is reported, and does not fail, when it is not permitted; the documented statements make it', async () => {
    const notices: string[] = [];
    await withClient(database.url, async (client) => {
      client.on('notice', ({ message }) => {
        notices.push(message ?? '');
      });
      await client.query(`create role ${owner} nologin; set role ${owner}`);
      await client.query(createRole(other));
      await client.query('reset role');
      expect(notices).toEqual([
        expect.stringMatching(
          new RegExp(
            `The role ${other} was not made or set: ${owner} is not permitted to.*docs/reporting.md`,
          ),
        ),
      ]);
      expect(
        (await client.query('select from pg_roles where rolname = $1', [other])).rowCount,
      ).toBe(0);
      for (const statements of documented())
        await client.query(
          statements
            .replaceAll('holdfast_reporting', other)
            .replaceAll('choose-a-password', 'a-password-for-tests'),
        );
    });
    const url = Object.assign(new URL(database.url), {
      username: other,
      password: 'a-password-for-tests',
    }).href;
    await withClient(url, async (client) => {
      expect((await client.query('select pool_name from pool_position_v1')).rowCount).toBe(2);
      expect(
        (await client.query('select from position_at($1, clock_timestamp())', [LIMA])).rowCount,
      ).toBe(1);
      expect(await codeOf(client.query('select from public.pools'))).toBe('42501');
      expect((await client.query('show statement_timeout')).rows).toEqual([
        { statement_timeout: '30s' },
      ]);
      expect((await client.query('show timezone')).rows).toEqual([{ TimeZone: 'UTC' }]);
    });
  });

  test('adds what a role of an earlier version lacks, and corrects what another person set', async () => {
    const name = `${other}_y`;
    await withClient(database.url, async (client) => {
      const settings = async (): Promise<string[] | undefined> =>
        (
          await client.query<{ config: string[] }>(
            'select s.setconfig as config from pg_db_role_setting s join pg_roles r on ' +
              'r.oid = s.setrole where r.rolname = $1',
            [name],
          )
        ).rows[0]?.config;
      await client.query(createRole(name));
      await client.query(`alter role ${name} reset timezone`);
      expect(await settings()).toHaveLength(5);
      await client.query(createRole(name));
      expect(await settings()).toContain('TimeZone=UTC');
      await client.query(`drop owned by ${name}; drop role ${name}`);
    });
  });

  test('twice, and from many sessions at once, is the same as once', async () => {
    const name = `${other}_x`;
    await Promise.all(
      Array.from({ length: 6 }, () =>
        withClient(database.url, (client) => client.query(createRole(name))),
      ),
    );
    await withClient(database.url, async (client) => {
      const { rows } = await client.query<{ config: string[] }>(
        'select s.setconfig as config from pg_db_role_setting s join pg_roles r on r.oid = ' +
          's.setrole where r.rolname = $1',
        [name],
      );
      expect(rows[0]?.config).toHaveLength(6);
      await client.query(`drop owned by ${name}; drop role ${name}`);
    });
  });
});

/** The blocks marked postgresql, for a user who may create roles. */
function documented(): string[] {
  const blocks = [
    ...readFileSync('docs/reporting.md', 'utf8').matchAll(/```postgresql\n([^]*?)```/g),
  ].map(([, block]) => block ?? '');
  expect(blocks.length).toBeGreaterThan(0);
  return blocks;
}
