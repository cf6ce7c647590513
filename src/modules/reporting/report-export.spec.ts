import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { LIMA } from '../../../test/support/reporting-rows.js';
import { loadSample } from '../../../test/support/reporting-sample.js';
import { csvText, reportPages } from './report-export.js';
import type { ReportRequest } from './report-statement.js';
import { REPORTS } from './reports.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await loadSample(database.url);
});
afterAll(() => database.drop());

describe('the stream of rows', () => {
  const journal = REPORTS.find(({ name }) => name === 'journal');
  const request = (): ReportRequest => {
    if (!journal) throw new Error('journal is a report');
    return {
      report: journal,
      poolId: LIMA,
      since: new Date('2026-11-21T00:00:00Z'),
      until: new Date('2026-11-22T00:00:00Z'),
      at: null,
      everyColumn: true,
    };
  };

  test('comes page by page, each row once, in order', async () => {
    const lender = new pg.Pool({ connectionString: database.url, max: 1 });
    const sizes: number[] = [];
    const versions: string[] = [];
    for await (const { columns, rows } of reportPages(lender, request(), 4)) {
      sizes.push(rows.length);
      versions.push(
        ...rows.map((row) => row[columns.findIndex(({ name }) => name === 'pool_version')] ?? ''),
      );
    }
    await lender.end();
    expect(sizes).toEqual([4, 4, 1]);
    expect(versions).toEqual(['11', '12', '14', '15', '17', '18', '21', '22', '23']);
  });

  test('gives its connection back, usable, when the reader stops early', async () => {
    const lender = new pg.Pool({ connectionString: database.url, max: 1 });
    for await (const { rows } of reportPages(lender, request(), 2)) {
      expect(rows).toHaveLength(2);
      break;
    }
    expect([lender.idleCount, lender.totalCount]).toEqual([1, 1]);
    expect((await lender.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await lender.end();
  });

  test(
    "ends with the server's word when its connection is cut between two pages, and the " +
      'process goes on',
    async () => {
      const lender = new pg.Pool({ connectionString: database.url, max: 1 });
      const pages = reportPages(lender, request(), 2);
      expect((await pages.next()).done).toBe(false);
      const cutter = new pg.Client(database.url);
      await cutter.connect();
      // as the limit on idle transactions does to a reader who stands still, and a failover to
      // every
      // reader
      await cutter.query(
        'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = ' +
          "current_database() and state = 'idle in transaction'",
      );
      await cutter.end();
      await expect(pages.next()).rejects.toMatchObject({ code: '57P01' });
      expect(lender.totalCount).toBe(0);
      expect((await lender.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
      await lender.end();
    },
  );

  test('is of one moment, however long it takes to read', async () => {
    const lender = new pg.Pool({ connectionString: database.url, max: 1 });
    const writer = new pg.Pool({ connectionString: database.url, max: 1 });
    let rows = 0;
    for await (const page of reportPages(lender, request(), 4)) {
      if (rows === 0)
        await writer.query(
          'insert into reservation_events select pool_id, reservation_id, 99, kind, at, ' +
            'state_before, state_after, amount, 99, held_before, held_after, ' +
            'in_flight_before, in_flight_after from reservation_events where pool_version = ' +
            '23',
        );
      rows += page.rows.length;
    }
    expect(rows).toBe(9);
    expect(
      (await writer.query('select from reporting.journal_v1 where at < $1', [request().until]))
        .rowCount,
    ).toBe(10);
    await Promise.all([lender.end(), writer.end()]);
  });
});

describe('CSV', () => {
  test('a field is quoted when it must be, and only then', async () => {
    async function* page() {
      yield await Promise.resolve({
        columns: [
          { name: 'a,b', kind: 'text' as const },
          { name: 'c', kind: 'text' as const },
        ],
        rows: [
          ['say "x"', null],
          ['two\nlines', ''],
          ['plain ', 'é'],
        ],
      });
    }
    const text: string[] = [];
    for await (const part of csvText(page())) text.push(part);
    expect(text.join('')).toBe('"a,b",c\r\n"say ""x""",\r\n"two\nlines",""\r\nplain ,é\r\n');
  });

  test('a text that a spreadsheet would run is a text there, a number stays one', async () => {
    async function* page() {
      yield await Promise.resolve({
        columns: [
          { name: '=a', kind: 'text' as const },
          { name: 'b', kind: 'decimal' as const },
          { name: 'c', kind: 'number' as const },
        ],
        rows: [
          ['=HYPERLINK("x")', '-5.5', '-1'],
          ['+1', '0', '0'],
          ['-2', null, null],
          ['@sum', '1', '1'],
          ['\t=1', '1', '1'],
          ['a=b', '1', '1'],
          [null, '1', '1'],
        ],
      });
    }
    const text: string[] = [];
    for await (const part of csvText(page())) text.push(part);
    expect(text.join('').split('\r\n')).toEqual([
      '=a,b,c',
      '"\'=HYPERLINK(""x"")",-5.5,-1',
      "'+1,0,0",
      "'-2,,",
      "'@sum,1,1",
      "'\t=1,1,1",
      'a=b,1,1',
      ',1,1',
      '',
    ]);
  });
});
