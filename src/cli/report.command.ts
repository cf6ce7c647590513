import type { Command } from 'commander';
import { instantOf } from '../common/times.js';
import {
  csvText,
  jsonText,
  type Lender,
  type Page,
  reportPages,
} from '../modules/reporting/report-export.js';
import { POOLS, rangeOf, type ReportRequest } from '../modules/reporting/report-statement.js';
import { type Report, REPORTS } from '../modules/reporting/reports.js';
import { cancelOf } from './cancel-statement.js';
import { command, does, type Options, UsageError } from './command-line.js';
import { tableOf } from './report-table.js';
import type { Terminal } from './terminal.js';
import { logToStderr } from './with-rooms.js';

const REPORTS_AND_TIMES = `Reports:
${REPORTS.map(({ name, about }) => `  ${name.padEnd(16)} ${about}`).join('\n')}

TIME is 2026-11-22, 2026-11-22T17:00:00Z, or a time ago: 90m, 24h, 7d. All times are UTC.
Amounts are token units of the asset; columns ending in _base are base units. Files (csv, json) have
every column, with the names of the view and numbers without grouping.`;

export function reportCommand(
  terminal: Pick<Terminal, 'openReports' | 'now' | 'write' | 'onInterrupt' | 'progress'>,
): Command {
  return does(
    command('report', {
      summary: 'print a report as a table, CSV or JSON',
      after: REPORTS_AND_TIMES,
      example: 'holdfast report funnel --since 7d --format csv',
    })
      .usage('REPORT [options]\n       holdfast report position --pool ID|NAME --at TIME')
      .argument('[REPORT...]', 'one of the reports below')
      .option('--pool <id|name>', 'one pool; all when left out')
      .option(
        '--since <time>',
        'from when on, included; a report over time goes back a day, funnel-daily and unreserved ' +
          '30 days, breaks 7 days, lists of single rows an hour',
      )
      .option(
        '--until <time>',
        'until when, excluded; now when left out. Funnels show whole hours and days: the one that ' +
          '--since is in, and the one that --until is in',
      )
      .option('--at <time>', 'position only: what the pool would have answered at that moment')
      .option(
        '--format <format>',
        'table for the screen (the columns people need), csv (RFC 4180) or json with every column',
        'table',
      ),
    async (options, args) => {
      const order = orderOf(options, args, terminal.now());
      logToStderr();
      const reports = terminal.openReports();
      const lender = interruptible(reports, terminal);
      try {
        await print(lender, order, terminal);
      } finally {
        await reports.end();
      }
    },
  );
}

/** Its connections, whose statement is cancelled at Ctrl-C: the server would work on for no reader. */
const interruptible = (
  reports: ReturnType<Terminal['openReports']>,
  { onInterrupt }: Pick<Terminal, 'onInterrupt'>,
): Lender => ({
  connect: async () => {
    const client = await reports.connect();
    const restore = onInterrupt(await cancelOf(client, reports.url));
    const release = client.release.bind(client);
    return Object.assign(client, {
      release: (destroy?: boolean) => {
        restore();
        release(destroy);
      },
    });
  },
});

type Format = 'table' | 'csv' | 'json';
interface Order {
  readonly report: Report;
  readonly pool: string | null;
  readonly since: Date;
  readonly until: Date;
  readonly at: Date | null;
  readonly format: Format;
}

type Texts = Readonly<Partial<Record<'pool' | 'since' | 'until' | 'at' | 'format', string>>>;

/** @throws UsageError */
function orderOf(options: Options, args: readonly string[], now: Date): Order {
  const values: Texts = options;
  const [name, ...more] = args;
  if (name === undefined) throw new UsageError('Which report?');
  if (more.length > 0)
    throw new UsageError(`One report at a time: "${more.join(' ')}" is too much.`);
  const report = REPORTS.find((each) => each.name === name);
  if (!report) throw new UsageError(`There is no report "${name}".`);
  const { format } = values;
  if (format !== 'table' && format !== 'csv' && format !== 'json')
    throw new UsageError(`--format is table, csv or json, not "${format ?? ''}".`);
  if (values.at !== undefined && (report.name !== 'position' || values.pool === undefined))
    throw new UsageError(
      '--at is for the position of one pool: position --pool ID|NAME --at TIME.',
    );
  if (!report.range && (values.since !== undefined || values.until !== undefined))
    throw new UsageError(`${report.name} is about now: it takes no --since and no --until.`);
  const until = values.until === undefined ? now : timeOf(values.until, 'until', now);
  const since =
    values.since === undefined
      ? new Date(until.getTime() - (report.range?.seconds ?? 0) * 1000)
      : timeOf(values.since, 'since', now);
  if (report.range && since >= until)
    throw new UsageError(
      `--since (${since.toISOString()}) is not before --until (${until.toISOString()}).`,
    );
  return {
    report,
    pool: values.pool ?? null,
    since,
    until,
    at: values.at === undefined ? null : timeOf(values.at, 'at', now),
    format,
  };
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * @throws UsageError also for a day that does not exist: Date would take 31 February for 3 March
 */
function timeOf(text: string, option: string, now: Date): Date {
  const ago = /^([0-9]{1,6})([mhd])$/.exec(text);
  if (ago) return new Date(now.getTime() - Number(ago[1]) * (UNIT_MS[ago[2] ?? ''] ?? 0));
  const day = /^([0-9]{4}-[0-9]{2}-[0-9]{2})(T[0-9]{2}:[0-9]{2}Z)?$/.exec(text);
  const time = day ? new Date(text) : undefined;
  if (time && !Number.isNaN(time.getTime()) && time.toISOString().startsWith(day?.[1] ?? ' '))
    return time;
  const moment = instantOf(text);
  if (moment) return moment;
  throw new UsageError(
    `--${option} takes a time such as 2026-11-22, 2026-11-22T17:00:00Z or 24h, not "${text}".`,
  );
}

async function poolIdOf(lender: Lender, wanted: string): Promise<string> {
  const client = await lender.connect();
  try {
    const { rows } = await client.query<{ pool_id: string; pool_name: string }>(POOLS.text);
    const found = rows.filter(
      (row) => row.pool_id === wanted.toLowerCase() || row.pool_name === wanted,
    );
    if (found.length === 1 && found[0]) return found[0].pool_id;
    const known = rows.map((row) => `  ${row.pool_id}  ${row.pool_name}`).join('\n');
    throw new Error(
      found.length > 1
        ? `Several pools are named "${wanted}": take an id.\n${known}`
        : `There is no pool "${wanted}".${rows.length > 0 ? ` There are:\n${known}` : ' There is none at all.'}`,
    );
  } finally {
    client.release();
  }
}

async function print(
  lender: Lender,
  order: Order,
  terminal: Pick<Terminal, 'write' | 'progress'>,
): Promise<void> {
  const { report, since, until, at, format } = order;
  const poolId = order.pool === null ? null : await poolIdOf(lender, order.pool);
  const wanted: ReportRequest = {
    report,
    poolId,
    since,
    until,
    at,
    everyColumn: format !== 'table',
  };
  const pages = at === null ? reportPages(lender, wanted) : known(reportPages(lender, wanted), at);
  if (format === 'table') return terminal.write(`${titleOf(order)}\n\n${await tableOf(pages)}\n`);
  const counted = countedPages(pages, terminal);
  for await (const text of format === 'csv' ? csvText(counted) : jsonText(counted))
    await terminal.write(text);
}

/** How many rows there will be is known at the end only. */
async function* countedPages(
  pages: AsyncIterable<Page>,
  { progress }: Pick<Terminal, 'progress'>,
): AsyncGenerator<Page> {
  let rows = 0;
  for await (const page of pages) {
    yield page;
    rows += page.rows.length;
    progress(`${rows.toLocaleString('en')} rows written`);
  }
}

/**
 * @throws Error instead of nothing: there is no row of a moment that has not been, or of a pool
 * that was not there
 */
async function* known(pages: AsyncIterable<Page>, at: Date): AsyncGenerator<Page> {
  for await (const page of pages) {
    if (page.rows.length === 0)
      throw new Error(
        `Nothing is known of ${brief(at)}: it is yet to come, or the pool was not registered then.`,
      );
    yield page;
  }
}

const brief = (time: Date): string => time.toISOString().replace(/\.000Z$/, 'Z');
function titleOf({ report, pool, since, until, at }: Order): string {
  const read = rangeOf(report, since, until);
  const when = at
    ? `at ${brief(at)}`
    : report.range
      ? `${brief(read.since)} to ${brief(read.until)}`
      : 'now';
  return `${report.name}, ${pool ?? 'all pools'}, ${when} (token units, UTC)`;
}
