import { execFile } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let one: TestDatabase;
let other: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  one = await createTestDatabase();
  other = await createTestDatabase();
  client = new pg.Client(other.url);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await one.drop();
  await other.drop();
});

const compare = (...urls: string[]): Promise<{ code: number; said: string[] }> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['scripts/compare-catalogues.mjs', ...urls],
      (_, out, err) => {
        resolve({
          code: child.exitCode ?? -1,
          said: (out + err).split('\n').filter((line) => /^(only|differs|The|Give)/.test(line)),
        });
      },
    );
  });

test('two databases of one schema are the same; with one URL it prints its usage', async () => {
  expect(await compare(one.url, other.url)).toEqual({
    code: 0,
    said: ['The catalogues are the same.'],
  });
  expect(await compare(one.url)).toEqual({
    code: 2,
    said: [expect.stringMatching(/^Give the URLs of two databases/)],
  });
});

test.each([
  ['alter table loans alter column loan_type drop not null', 'column public.loans.loan_type'],
  ['alter table loans alter column schedule set storage main', 'column public.loans.schedule'],
  ['alter table loans set (fillfactor = 50)', 'table public.loans'],
  ["comment on column loans.schedule is 'other words'", 'comment public.loans.schedule'],
  ['alter table loans drop constraint loans_check', 'constraint public.loans.loans_check'],
  ['drop index reservations_live', 'index public.reservations.reservations_live'],
  [
    'alter table reservation_events disable trigger journal_row_guard',
    'trigger public.reservation_events.journal_row_guard',
  ],
  ['grant select on reporting.journal_v1 to public', 'view reporting.journal_v1'],
  ['alter view ledger_sums rename column held to kept', 'view text public.ledger_sums'],
  [
    'alter function repair_ledger set work_mem to 100',
    'function public.repair_ledger(p_pool uuid, p_reason text, p_by text)',
  ],
  [
    "create or replace function journal_is_append_only() returns trigger language plpgsql as 'begin return null; end'",
    'function body public.journal_is_append_only()',
  ],
])('it finds: %s', async (change, place) => {
  const { said } = await compare(one.url, other.url);
  await client.query(change);
  const after = await compare(one.url, other.url);
  expect(after.code).toBe(1);
  expect(after.said.filter((line) => !said.includes(line))).toContainEqual(
    expect.stringContaining(` ${place}`),
  );
});

test('a function body with other white space and quotes is the same', async () => {
  const clone = await createTestDatabase();
  const changed = new pg.Client(clone.url);
  await changed.connect();
  await changed.query(`create or replace function changes_are_append_only() returns trigger language plpgsql as $$
    begin -- another comment
      raise exception '% is append-only: '
        '% was refused', "tg_table_name",
        lower(tg_op) using errcode = '55000';
    end $$`);
  await changed.end();
  expect(await compare(one.url, clone.url)).toMatchObject({ code: 0 });
  await clone.drop();
});
