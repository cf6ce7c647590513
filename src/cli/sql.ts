import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { readConfig } from '../common/config.js';
import { asError } from '../common/errors.js';
import { runningDatabase } from './running-database.js';
import { formatTable } from './table.js';

const USAGE = `usage: npm run sql -- "select ..."      several statements, separated by ;, are run in one transaction
       npm run sql -- -f file.sql
  --write       lets the statements change something (without it the transaction is read only)
  --timeout N   seconds a statement may take (30)`;

/** Types whose values stand to the right: int8, int2, int4, float4, float8, numeric. */
const NUMBERS: ReadonlySet<number> = new Set([20, 21, 23, 700, 701, 1700]);

interface Request {
  readonly text: string;
  readonly write: boolean;
  readonly timeoutSeconds: number;
}

function readRequest(args: string[]): Request | string {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      file: { type: 'string', short: 'f' },
      write: { type: 'boolean', default: false },
      timeout: { type: 'string', default: '30' },
    },
  });
  const timeoutSeconds = Number(values.timeout);
  if (!Number.isFinite(timeoutSeconds) || timeoutSeconds <= 0)
    return `--timeout takes a number of seconds, not ${values.timeout}`;
  const text =
    values.file === undefined ? positionals.join(' ') : readFileSync(values.file, 'utf8');
  return text.trim() ? { text, write: values.write, timeoutSeconds } : USAGE;
}

/**
 * One result per statement, every value as Postgres itself prints it: a parsed numeric would lose
 * digits.
 */
async function run(
  url: string,
  request: Request,
): Promise<pg.QueryArrayResult<(string | null)[]>[]> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'holdfast-sql',
    connectionTimeoutMillis: 5000,
  });
  await client.connect();
  try {
    await client.query(`set statement_timeout = ${Math.round(request.timeoutSeconds * 1000)}`);
    // also for a commit in the middle of the text; a guard against slips, not a fence
    if (!request.write) await client.query('set default_transaction_read_only = on');
    await client.query('begin');
    // Several statements give an array of results, which the types of pg do not say.
    const results: unknown = await client.query<(string | null)[]>({
      text: request.text,
      rowMode: 'array',
      types: { getTypeParser: () => (value: string) => value },
    });
    await client.query('commit');
    return (Array.isArray(results) ? results : [results]) as pg.QueryArrayResult<
      (string | null)[]
    >[];
  } finally {
    await client.end();
  }
}

function show(result: pg.QueryArrayResult<(string | null)[]>): string {
  if (!result.fields.length)
    return `${result.command}${result.rowCount === null ? '' : ` ${result.rowCount}`}`;
  return formatTable(
    result.fields.map(({ name, dataTypeID }) => ({ name, right: NUMBERS.has(dataTypeID) })),
    result.rows,
  );
}

/** Postgres's own words, its code, and what it adds. */
function explain(thrown: unknown): string {
  const error = asError(thrown);
  if (!(error instanceof pg.DatabaseError)) return error.message;
  const more = [
    error.detail,
    error.hint,
    error.position === undefined ? undefined : `at character ${error.position}`,
    error.code === '25006' ? 'add --write to change something' : undefined,
  ].filter((line) => line !== undefined);
  return [`${error.message} (${error.code ?? 'no code'})`, ...more.map((line) => `  ${line}`)].join(
    '\n',
  );
}

try {
  const request = readRequest(process.argv.slice(2));
  if (typeof request === 'string') throw new Error(request);
  for (const result of await run(runningDatabase(readConfig()), request))
    console.log(`${show(result)}\n`);
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
