import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import pg from 'pg';
import { readConfig } from '../common/config.js';
import { asError } from '../common/errors.js';
import { LimitedClient, type LimitedConfig } from '../database/limited-client.js';
import { command, does, type Options, UsageError } from './command-line.js';
import { cancelOf } from './cancel-statement.js';
import { runningDatabase } from './running-database.js';
import { formatTable } from './table.js';
import type { Terminal } from './terminal.js';

/** Types whose values stand to the right: int8, int2, int4, float4, float8, numeric. */
const NUMBERS: ReadonlySet<number> = new Set([20, 21, 23, 700, 701, 1700]);

interface Request {
  readonly text: string;
  readonly write: boolean;
  readonly timeoutSeconds: number;
}

export function sqlCommand({ say, onInterrupt }: Pick<Terminal, 'say' | 'onInterrupt'>): Command {
  return does(
    command('sql', {
      summary: 'run SQL on the ledger, read only by default',
      more: 'Several statements, separated by ;, run in one transaction.',
      example:
        'holdfast sql "select state, count(*), sum(amount) from reservations group by state"',
    })
      .usage('[options] "select ..."\n       holdfast sql [options] -f FILE')
      .argument('[SQL...]', 'the statements')
      .option('-f, --file <file>', 'read the statements from this file')
      .option('--write', 'let the statements change something')
      .option('--timeout <seconds>', 'how long a statement may take', '30'),
    async (options, args) => {
      const request = requestOf(options, args);
      try {
        for (const result of await query(runningDatabase(readConfig()), request, onInterrupt))
          say(`${show(result)}\n`);
      } catch (thrown) {
        throw new Error(explain(thrown), { cause: thrown });
      }
    },
  );
}

/** @throws UsageError */
function requestOf({ file, write, timeout }: Options, args: readonly string[]): Request {
  const timeoutSeconds = Number(timeout);
  if (!Number.isFinite(timeoutSeconds) || timeoutSeconds <= 0)
    throw new UsageError(`--timeout takes a number of seconds, not ${String(timeout)}`);
  const text = typeof file === 'string' ? readFileSync(file, 'utf8') : args.join(' ');
  if (text.trim() === '') throw new UsageError('Which statements?');
  return { text, write: write === true, timeoutSeconds };
}

/**
 * One result per statement, every value as Postgres itself prints it: a parsed numeric would lose
 * digits.
 */
async function query(
  url: string,
  request: Request,
  onInterrupt: Terminal['onInterrupt'],
): Promise<pg.QueryArrayResult<(string | null)[]>[]> {
  const client = new LimitedClient({
    connectionString: url,
    application_name: 'holdfast-sql',
    connectionTimeoutMillis: 5000,
    limits: { statement_timeout: Math.round(request.timeoutSeconds * 1000) },
  } as LimitedConfig);
  await client.connect();
  const restore = onInterrupt(await cancelOf(client, url));
  try {
    // Also for a commit in the middle of the text; a guard against slips, not a fence. Behind a
    // pooler the session serves others too, and the ledger could not write.
    if (!request.write && !client.pooled)
      await client.query('set default_transaction_read_only = on');
    await client.query(request.write ? 'begin' : 'begin read only');
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
    restore();
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
