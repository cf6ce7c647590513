import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { fillReservations } from '../../test/support/many-reservations.js';
import { LIMA } from '../../test/support/reporting-rows.js';
import { loadSample } from '../../test/support/reporting-sample.js';
import { REPORTS } from '../modules/reporting/reports.js';
import { run } from './command-line.js';
import { reportCommand } from './report.command.js';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));
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
/** Lines of progress of the last report. */
let shown: string[] = [];
async function report(...args: string[]): Promise<Outcome> {
  let [out, err, opened] = ['', '', 0];
  shown = [];
  const terminal = {
    openReports: () => {
      opened++;
      const pool = new pg.Pool({ connectionString: database.url, max: 1 });
      return Object.assign(pool, { url: database.url });
    },
    onInterrupt: () => () => undefined,
    progress: (line: string) => shown.push(line),
    now: () => new Date('2026-11-21T12:00:00Z'),
    write: (text: string) => {
      out += text;
      return Promise.resolve();
    },
    say: (line: string) => {
      out += `${line}\n`;
    },
    complain: (line: string) => {
      err += `${line}\n`;
    },
  };
  const code = await run(reportCommand(terminal), args, terminal);
  return { code, out, err, opened };
}

describe('a table for the screen', () => {
  test('the funnel of one pool', async () => {
    expect((await report('funnel', '--pool', 'Lima', '--since', '3h')).out).toBe(
      [
        'funnel, Lima, 2026-11-21T09:00:00Z to 2026-11-21T12:00:00Z (token units, UTC)',
        '',
        'hour             | pool name | asset | asked | asked amount | held | held amount | ' +
          'refused | refused insufficient | refused by contract | settled | settled amount | ' +
          'expired | released | live | settled of ended | median seconds to settle | ' +
          'p95 seconds to settle',
        '-----------------+-----------+-------+-------+--------------+------+-------------+---------+' +
          '----------------------+---------------------+---------+----------------+---------+' +
          '----------+------+------------------+--------------------------+----------------------',
        '2026-11-21 10:00 | Lima      | USDC  |     4 |        1,200 |    3 |         400 |    ' +
          '   1 |                    1 |                   0 |       2 |            200 |    ' +
          '   1 |        0 |    0 |          66.67 % |                   30.000 |                ' +
          '90.000',
        '2026-11-21 11:00 | Lima      | USDC  |     2 |          125 |    1 |          50 |    ' +
          '   1 |                    0 |                   1 |       0 |              0 |    ' +
          '   0 |        1 |    0 |           0.00 % |                          |',
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
    expect(out).toMatch(/\n2026-11-21 11:00 \| Lima +\| USDC +\| +2 \|.*\n\(1 row\)/);
    const daily = await report('funnel-daily', '--since', '90m');
    expect(daily.out).toContain(
      'funnel-daily, all pools, 2026-11-21T00:00:00Z to 2026-11-22T00:00:00Z (',
    );
    expect(daily.out).toMatch(/\n2026-11-21 \| Lima +\| USDC +\| +6 \|/);
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
    expect(out).toMatch(/2026-11-21 10:06:00 \| up to 750 \| +750 \| +1,200,000,000 \|/);
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
    const file = await report(name, ...range, '--format', 'csv');
    expect(shown.at(-1)).toMatch(/^[\d,]+ rows written$/);
    expect(file.out.split('\r\n')).toHaveLength(rows.length + 2);
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
        'pool_id,pool_name,at,ledger,close_time,total,total_base,locked,locked_base,token_balance,' +
          'token_balance_base,observed_available,observed_available_base,held,held_base,in_flight,' +
          'in_flight_base,buffer,buffer_base,available,available_base,shortfall,shortfall_base,' +
          'lent_share,used_share',
        `${LIMA},Lima,2026-11-21T10:01:00Z,1012,2026-11-21T10:00:57Z,2000,20000000000,1080,` +
          '10800000000,920,9200000000,920,9200000000,0,0,0,0,50,500000000,870,8700000000,0,0,' +
          '0.5400,0.5400',
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

describe('a misuse is printed before a database is asked', () => {
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
    expect(outcome.err).toContain('Usage: report REPORT');
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

test('holdfast report: the command itself prints, and says when there is no database', async () => {
  const run = (env: Record<string, string>): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [MAIN, 'report', 'rules', '--pool', 'Quito'],
        { env: { PATH: '/usr/bin:/bin', DATA_DIR: '/nowhere', ...env } },
        (_, out, err) => {
          resolve({ code: child.exitCode ?? -1, out, err });
        },
      );
    });
  expect(await run({ DATABASE_URL: database.url })).toMatchObject({
    code: 0,
    out: expect.stringContaining('Quito     | USDC  |      1 | 2026-11-20 00:00:00 |'),
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
    `"${process.execPath}" "${MAIN}" ` +
    'report reservations --since 2001-01-01 --format csv | head -n 1';
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
