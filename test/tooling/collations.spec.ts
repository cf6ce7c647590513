import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { migrate, migrationOptions } from '../../src/database/migrate.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { givenPool, openLedger, request } from '../support/given-ledger.js';

/**
 * The order of a language changes with the operating system or ICU, and an index in the earlier
 * order does not find its rows. So text that programs compare has the order of its bytes.
 */
let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client(database.url);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** Columns that people write for people to read. No index has them, and none may. */
const FOR_PEOPLE: Readonly<Record<string, string>> = {
  'api_keys.created_by': 'who created the key, in their own words',
  'api_keys.name': 'what the key is for, sorted for display only',
  'channels.name': 'how operators call the account',
  'ledger_repairs.done_by': 'who did it, in their own words',
  'ledger_repairs.reason': 'why, in their own words',
  'operator_actions.actor_name': 'who did it, in their own words',
  'operator_actions.reason': 'why, in their own words',
  'pool_rules_history.name': 'the name of the pool then',
  'pools.name': 'how operators call the pool, sorted for display only',
  'webhook_deliveries.last_error': 'what the receiver answered',
};
const OURS = `join pg_namespace n on n.oid = c.relnamespace
  where n.nspname in ('public', 'reporting') and c.relname <> 'schema_migrations'`;

async function names(query: string): Promise<string[]> {
  return (await client.query<{ name: string }>(query)).rows.map(({ name }) => name);
}

test('every text column is ordered by its bytes, but those that only people read', async () => {
  const others = await names(
    `select c.relname || '.' || a.attname as name from pg_attribute a
       join pg_class c on c.oid = a.attrelid ${OURS}
         and c.relkind in ('r', 'p', 'm') and a.attnum > 0 and not a.attisdropped
         and a.attcollation not in (0, '"C"'::regcollation) order by 1`,
  );
  // a new column is declared with `collate "C"`, or stands in the list above with its reason
  expect(others.filter((name) => !(name in FOR_PEOPLE))).toEqual([]);
  const all = await names(
    `select c.relname || '.' || a.attname as name from pg_attribute a
       join pg_class c on c.oid = a.attrelid ${OURS} and a.attnum > 0`,
  );
  expect(Object.keys(FOR_PEOPLE).filter((name) => all.includes(name))).toEqual(others);
});

test('no index and no partition depends on the order of a language', async () => {
  const keys = (which: string): string =>
    `select distinct x.relname || ' (' || pg_get_indexdef(i.indexrelid, k.at::int, true) || ')' as name
       from pg_index i join pg_class x on x.oid = i.indexrelid join pg_class c on c.oid = i.indrelid
         cross join lateral unnest(i.indcollation::oid[], i.indclass::oid[]) with ordinality
           k (language, class, at)
         join pg_opclass o on o.oid = k.class
       ${OURS} and ${which} order by 1`;
  // the look is not in vain
  expect(await names(keys(`k.language = '"C"'::regcollation`))).toEqual(
    expect.arrayContaining([
      'idempotency_keys_pkey (key)',
      'idempotency_keys_pkey (tenant_id)',
      'live_borrowers_pkey (account)',
      "reservations_listed (split_part(tenant_id, ':'::text, 1))",
    ]),
  );
  expect(await names(keys(`k.language not in (0, '"C"'::regcollation)`))).toEqual([]);
  // the strings in a jsonb are compared in the order of the database
  expect(await names(keys(`o.opcintype = 'jsonb'::regtype`))).toEqual([]);
  expect(
    await names(
      `select c.relname as name from pg_partitioned_table p join pg_class c on c.oid = p.partrelid
         cross join lateral unnest(p.partcollation::oid[]) k (language)
         ${OURS} and k.language not in (0, '"C"'::regcollation)`,
    ),
  ).toEqual([]);
});

/** Undoes the migration that ordered the text, and every later one. */
async function undoByteOrder(url: string): Promise<void> {
  const source = await new DataSource(migrationOptions(url)).initialize();
  const isApplied = (): Promise<unknown[]> =>
    source.query("select from schema_migrations where name = 'ByteOrder1800000600000'");
  while ((await isApplied()).length) await source.undoLastMigration();
  await source.destroy();
}

test('a running process goes on when the order of text changes under its statements', async () => {
  const database = await createTestDatabase();
  const under = openLedger(database.url);
  try {
    const pool = await givenPool(under, 1000n);
    const hold = async (): Promise<void> => {
      expect(await under.ledger.hold(request(pool.id))).toMatchObject({ kind: 'held' });
    };
    await hold();
    await undoByteOrder(database.url);
    await hold();
    await migrate(database.url);
    await hold();
  } finally {
    await under.connections.close();
    await database.drop();
  }
});

test('views and grants of others are kept when the order of text changes', async () => {
  const database = await createTestDatabase();
  const client = new pg.Client(database.url);
  await client.connect();
  const facts = async (): Promise<unknown[]> =>
    (
      await client.query<{ fact: unknown }>(`
        select pg_get_viewdef('report.of_borrowers'::regclass) as fact
        union all select relacl::text from pg_class
          where oid in ('report.of_borrowers'::regclass, 'reporting.journal_v1'::regclass,
            'report.counted'::regclass)
        union all select obj_description('report.of_borrowers'::regclass)
        union all select pg_get_indexdef('report.counted_by_state'::regclass)
        union all select count(*)::text from report.counted
        union all select attacl::text from pg_attribute
          where attrelid = 'report.of_borrowers'::regclass and attname = 'reservation_id'
        order by 1`)
    ).rows.map(({ fact }) => fact);
  try {
    await client.query(`
      create schema report;
      create view report.of_borrowers with (security_barrier) as
        select reservation_id, borrower from reporting.reservations_v1;
      comment on view report.of_borrowers is 'of another team';
      create materialized view report.counted as
        select state, count(*) as n from reservations group by state;
      create unique index counted_by_state on report.counted (state);
      grant select on report.of_borrowers, reporting.journal_v1 to public;
      grant update (reservation_id) on report.of_borrowers to public`);
    const before = await facts();
    await undoByteOrder(database.url);
    expect(await facts()).toEqual(before);
    await migrate(database.url);
    expect(await facts()).toEqual(before);
  } finally {
    await client.end();
    await database.drop();
  }
});
