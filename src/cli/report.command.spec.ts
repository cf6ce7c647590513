import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { fillReservations } from '../../test/support/many-reservations.js';
import { LIMA } from '../../test/support/reporting-rows.js';
import { loadSample } from '../../test/support/reporting-sample.js';
import { csvText, reportPages } from '../modules/reporting/report-export.js';
import type { ReportRequest } from '../modules/reporting/report-statement.js';
import { REPORTS } from '../modules/reporting/reports.js';
import { runReport } from './report.command.js';

const DAY = ['--since', '2026-11-21', '--until', '2026-11-22'];
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await loadSample(database.url);
});
afterAll(() => database.drop());

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly opened: number;
}
async function report(...args: string[]): Promise<Outcome> {
  let [out, err, opened] = ['', '', 0];
  const code = await runReport(args, {
    open: () => {
      opened++;
      return new pg.Pool({ connectionString: database.url, max: 1 });
    },
    now: () => new Date('2026-11-21T12:00:00Z'),
    write: (text) => {
      out += text;
      return Promise.resolve();
    },
    complain: (line) => {
      err += `${line}\n`;
    },
  });
  return { code, out, err, opened };
}

describe('a table for the screen', () => {
  test('the funnel of one pool', async () => {
    expect((await report('funnel', '--pool', 'Lima', '--since', '3h')).out).toBe(
      [
        'funnel, Lima, 2026-11-21T09:00:00Z to 2026-11-21T12:00:00Z (token units, UTC)',
        '',
        'hour                 | pool_name | asked | asked_amount | held | held_amount | ' +
          'refused | refused_insufficient | refused_by_contract | settled | settled_amount | ' +
          'expired | released | live | conversion | median_seconds_to_settle | ' +
          'p95_seconds_to_settle',
        '---------------------+-----------+-------+--------------+------+-------------+---------+----------------------+---------------------+---------+----------------+---------+----------+------+------------+--------------------------+----------------------',
        '2026-11-21T10:00:00Z | Lima      |     4 |         1200 |    3 |         400 |    ' +
          '   1 |                    1 |                   0 |       2 |            200 |    ' +
          '   1 |        0 |    0 |     0.6667 |                   30.000 |                ' +
          '90.000',
        '2026-11-21T11:00:00Z | Lima      |     2 |          125 |    1 |          50 |    ' +
          '   1 |                    0 |                   1 |       0 |              0 |    ' +
          '   0 |        1 |    0 |     0.0000 |                          |',
        '(2 rows)',
        '',
      ].join('\n'),
    );
  });

  test('of a funnel the whole hour or day that --since and --until are in, and the title says so', async () => {
    const { out } = await report(
      'funnel',
      '--since',
      '2026-11-21T11:01:00Z',
      '--until',
      '2026-11-21T11:06:00Z',
    );
    expect(out).toContain('funnel, all pools, 2026-11-21T11:00:00Z to 2026-11-21T12:00:00Z (');
    expect(out).toMatch(/\n2026-11-21T11:00:00Z \| Lima +\| +2 \|.*\n\(1 row\)/);
    const daily = await report('funnel-daily', '--since', '90m');
    expect(daily.out).toContain(
      'funnel-daily, all pools, 2026-11-21T00:00:00Z to 2026-11-22T00:00:00Z (',
    );
    expect(daily.out).toMatch(/\n2026-11-21T00:00:00Z \| Lima +\| +6 \|/);
    expect(
      (
        await report(
          'journal',
          '--since',
          '2026-11-21T10:00:10Z',
          '--until',
          '2026-11-21T10:00:40Z',
        )
      ).out,
    ).toContain('journal, all pools, 2026-11-21T10:00:10Z to 2026-11-21T10:00:40Z (');
  });

  test('what a pool would have answered', async () => {
    const { code, out } = await report('position', '--pool', LIMA, '--at', '2026-11-21T10:06:00Z');
    expect(code).toBe(0);
    expect(out).toContain(`position, ${LIMA}, at 2026-11-21T10:06:00Z`);
    expect(out).toMatch(/2026-11-21T10:06:00Z \| up to 750 \| +750 \| +1200000000 \|/);
  });

  test.each(['2126-01-01', '2001-01-01'])(
    'a moment of which there is no row, %s, is told as that, in every form, with exit code 1',
    async (moment) => {
      for (const format of ['table', 'csv', 'json']) {
        expect(
          await report('position', '--pool', LIMA, '--at', moment, '--format', format),
        ).toMatchObject({
          code: 1,
          out: '',
          err: expect.stringContaining(
            `Nothing is known of ${moment}T00:00:00Z: it is yet to come, or the pool was not registered then.`,
          ),
        });
      }
    },
  );

  test.each(REPORTS.map(({ name }) => name))('%s is printed in every form', async (name) => {
    const range = REPORTS.find((each) => each.name === name)?.range ? DAY : [];
    for (const format of ['table', 'csv', 'json'])
      expect(await report(name, ...range, '--format', format)).toMatchObject({ code: 0, err: '' });
    const rows = JSON.parse((await report(name, ...range, '--format', 'json')).out) as unknown[];
    expect(rows.length).toBeGreaterThan(0);
    expect((await report(name, ...range)).out).toContain(`(${rows.length} row`);
    expect((await report(name, ...range, '--format', 'csv')).out.split('\r\n')).toHaveLength(
      rows.length + 2,
    );
  });
});

describe('a file', () => {
  test('CSV is RFC 4180: CRLF, quotes doubled, amounts exact, null empty', async () => {
    expect(
      (
        await report(
          'utilisation',
          '--pool',
          'Lima',
          '--since',
          '2026-11-21T10:00:00Z',
          '--until',
          '2026-11-21T10:05:00Z',
          '--format',
          'csv',
        )
      ).out,
    ).toBe(
      [
        'pool_id,pool_name,at,ledger,close_time,total,total_base,locked,locked_base,token_balance,token_balance_base,observed_available,observed_available_base,held,held_base,in_flight,in_flight_base,buffer,buffer_base,available,available_base,shortfall,shortfall_base,lent_share,used_share',
        `${LIMA},Lima,2026-11-21T10:01:00Z,1012,2026-11-21T10:00:57Z,2000,20000000000,1080,10800000000,920,9200000000,920,9200000000,0,0,0,0,50,500000000,870,8700000000,0,0,0.5400,0.5400`,
        '',
      ].join('\r\n'),
    );
    const { out } = await report(
      'journal',
      '--since',
      '2026-11-21T10:00:00Z',
      '--until',
      '2026-11-21T10:01:00Z',
      '--format',
      'csv',
    );
    expect(out).toContain(
      ',1007,,,D4,"{""feeBump"": false, ""certificate"": ""D4"", ""chainLoanId"": ""41""}"\r\n',
    );
  });

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

  test('JSON has amounts as text, counts as numbers, evidence as it is, and [] for nothing', async () => {
    const rows = JSON.parse(
      (
        await report(
          'journal',
          '--since',
          '2026-11-21T10:00:00Z',
          '--until',
          '2026-11-21T10:01:00Z',
          '--format',
          'json',
        )
      ).out,
    ) as Record<string, unknown>[];
    expect(rows[1]).toMatchObject({
      kind: 'settled',
      at: '2026-11-21T10:00:35Z',
      amount: '80',
      amount_base: '800000000',
      ledger: 1007,
      reason: null,
      evidence: { certificate: 'D4', chainLoanId: '41', feeBump: false },
    });
    expect(
      JSON.parse(
        (
          await report(
            'breaks',
            '--since',
            '2025-01-01',
            '--until',
            '2025-01-02',
            '--format',
            'json',
          )
        ).out,
      ),
    ).toEqual([]);
  });
});

describe('what cannot be understood is told before a database is asked', () => {
  test.each([
    [[], 'Which report?'],
    [['profits'], 'There is no report "profits".'],
    [['funnel', 'breaks'], 'One report at a time: "breaks" is too much.'],
    [['funnel', '--format', 'xlsx'], '--format is table, csv or json, not "xlsx".'],
    [
      ['funnel', '--since', 'yesterday'],
      '--since takes a time such as 2026-11-22, 2026-11-22T17:00:00Z or 24h, not "yesterday".',
    ],
    [['funnel', '--since', '2026-02-31'], '--since takes a time'],
    [['funnel', '--since', '1h', '--until', '2h'], 'is not before --until'],
    [['ageing', '--since', '1h'], 'ageing is about now: it takes no --since and no --until.'],
    [['position', '--at', '1h'], '--at is for the position of one pool'],
    [['funnel', '--poool', 'x'], 'Unknown option'],
  ])('%j', async (args, words) => {
    const outcome = await report(...args);
    expect(outcome).toMatchObject({ code: 2, out: '', opened: 0 });
    expect(outcome.err).toContain(words);
    expect(outcome.err).toContain('npm run report -- REPORT');
  });

  test('a pool that is not there: which there are', async () => {
    expect(await report('funnel', '--pool', 'Cusco')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(
        /^There is no pool "Cusco"\. There are:\n {2}01990000-.*a {2}Lima\n {2}01990000-.*b {2}Quito\n$/,
      ),
    });
  });
});

describe('the stream of rows', () => {
  const journal = REPORTS.find(({ name }) => name === 'journal');
  const wish = (): ReportRequest => {
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
    for await (const { columns, rows } of reportPages(lender, wish(), 4)) {
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
    for await (const { rows } of reportPages(lender, wish(), 2)) {
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
      const pages = reportPages(lender, wish(), 2);
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
    for await (const page of reportPages(lender, wish(), 4)) {
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
      (await writer.query('select from reporting.journal_v1 where at < $1', [wish().until]))
        .rowCount,
    ).toBe(10);
    await Promise.all([lender.end(), writer.end()]);
  });
});

test('npm run report: the command itself prints, and says when there is no database', async () => {
  const run = (env: Record<string, string>): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [fileURLToPath(new URL('./report.js', import.meta.url)), 'rules', '--pool', 'Quito'],
        { env: { PATH: '/usr/bin:/bin', DATA_DIR: '/nowhere', ...env } },
        (_, out, err) => {
          resolve({ code: child.exitCode ?? -1, out, err });
        },
      );
    });
  expect(await run({ DATABASE_URL: database.url })).toMatchObject({
    code: 0,
    out: expect.stringContaining('Quito     |      1 | 2026-11-20T00:00:00Z |'),
    err: '',
  });
  expect(await run({})).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('No database: nothing runs from /nowhere'),
  });
});

test('a reader of the pipe who has seen enough ends it without a word', async () => {
  await fillReservations(database.url, LIMA, 5000, 'old');
  const command =
    `"${process.execPath}" "${fileURLToPath(new URL('./report.js', import.meta.url))}" ` +
    'reservations --since 2001-01-01 --format csv | head -n 1';
  const [out, err] = await new Promise<[string, string]>((resolve) => {
    execFile(
      '/bin/sh',
      ['-c', command],
      { env: { PATH: '/usr/bin:/bin', DATA_DIR: '/nowhere', DATABASE_URL: database.url } },
      (_, ...said) => {
        resolve(said);
      },
    );
  });
  expect([out.startsWith('pool_id,'), err]).toEqual([true, '']);
});
