import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { readConfig } from '../src/common/config.js';
import { asError } from '../src/common/errors.js';
import { LOADED, startLoaded } from './loaded.js';
import { measure, type Measured, QUESTIONS } from './reporting-questions.js';

/**
 * Time and plan of each view on a loaded database: --folder as for the loader, otherwise
 * DATABASE_URL. Each query runs twice; the second time counts, the first is printed too.
 */
const USAGE =
  'usage: npm run bench:reporting -- [--folder DIR]     DIR as given to npm run load; else DATABASE_URL';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { folder: { type: 'string' } } });
  const server = values.folder === undefined ? undefined : await startLoaded(values.folder);
  try {
    const url = server?.url(LOADED) ?? readConfig().DATABASE_URL;
    if (url === undefined) throw new Error(USAGE);
    const client = new pg.Client({ connectionString: url, application_name: 'holdfast-bench' });
    await client.connect();
    try {
      await report(client);
    } finally {
      await client.end();
    }
  } finally {
    await server?.stop();
  }
}

async function report(client: pg.Client): Promise<void> {
  const {
    rows: [size],
  } = await client.query<
    Record<string, string>
  >(`select (select count(*) from reservations)::text as reservations, (select count(*)
    from reservation_events)::text as journal, (select count(*) from refusals)::text as refusals,
    (select count(*) from snapshots)::text as snapshots, (select count(*)
      from reconciliations)::text as reconciliations,
      pg_size_pretty(pg_database_size(current_database())) as size`);
  const {
    rows: [pool],
  } = await client.query<{ id: string }>('select id from pools order by id limit 1');
  if (!size || !pool) throw new Error('This database is empty: npm run load fills one.');
  console.log(
    `${Object.entries(size)
      .map(([what, count]) => `${what} ${count}`)
      .join(', ')}\n`,
  );
  const results: (Measured & { first: number })[] = [];
  for (const question of QUESTIONS) {
    const first = await measure(client, question, pool.id);
    results.push({ ...(await measure(client, question, pool.id)), first: first.milliseconds });
  }
  const lines = results.map(({ question, milliseconds, first, rows, scanned, indexes }) => ({
    view: question.view,
    question: question.what,
    ms: Math.round(milliseconds * 10) / 10,
    'first ms': Math.round(first * 10) / 10,
    rows,
    'read from end to end': scanned.join(' ') || '-',
    indexes: indexes.join(' '),
  }));
  const table = [
    ['view', 'question', 'ms', 'first time, ms', 'rows', 'indexes'],
    ['---', '---', '--:', '--:', '--:', '---'],
    ...lines.map((one) => [one.view, one.question, one.ms, one['first ms'], one.rows, one.indexes]),
  ];
  console.log(table.map((cells) => `| ${cells.join(' | ')} |`).join('\n'));
  console.log(
    `\nRead from end to end: ${[...new Set(results.flatMap(({ scanned }) => scanned))].join(', ') || 'nothing'}`,
  );
  mkdirSync('artifacts', { recursive: true });
  writeFileSync(
    'artifacts/bench-reporting.json',
    `${JSON.stringify({ at: new Date().toISOString(), size, lines }, null, 2)}\n`,
  );
}

try {
  await main();
} catch (thrown) {
  console.error(asError(thrown).message);
  process.exitCode = 1;
}
