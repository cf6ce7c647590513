import type pg from 'pg';
import { watchConnection } from '../../database/watched-connection.js';
import { type ReportRequest, statementOf } from './report-statement.js';

/**
 * Reads a report from the database page by page, so that ten million rows need no more memory than
 * one page. One read-only transaction makes all rows of one moment. Values are text for people and
 * spreadsheets: exact amounts, times in RFC 3339 UTC, true and false.
 */

type Kind = 'text' | 'time' | 'number' | 'decimal' | 'json' | 'boolean';
export interface ReportColumn {
  readonly name: string;
  readonly kind: Kind;
}
type Row = readonly (string | null)[];
export interface Page {
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly Row[];
}

const PAGE_ROWS = 1000;
/** How long a statement may take, seconds; then the database ends it. */
const STATEMENT_SECONDS = 30;
/** The part of the answer time that is left for a connection and the reading of an answer. */
const AROUND_SECONDS = 3;
/**
 * Time limit of a statement when the answer must begin within `answerMs`, so that our own message
 * about a long range comes before the request times out.
 */
export const secondsWithin = (answerMs: number): number =>
  Math.max(1, Math.min(STATEMENT_SECONDS, Math.floor(answerMs / 1000) - AROUND_SECONDS));
/** How long a reader may pause. While it does, its snapshot is open and keeps dead rows. */
export const IDLE_SECONDS = 60;

const [BOOL, INT8, INT2, INT4, NUMERIC, TIMESTAMPTZ, JSONB] = [16, 20, 21, 23, 1700, 1184, 3802];
const KINDS: ReadonlyMap<number | undefined, Kind> = new Map<number | undefined, Kind>([
  [BOOL, 'boolean'],
  [INT8, 'number'],
  [INT2, 'number'],
  [INT4, 'number'],
  [NUMERIC, 'decimal'],
  [JSONB, 'json'],
  [TIMESTAMPTZ, 'time'],
]);
const asItCame = {
  getTypeParser:
    () =>
    (value: string): string =>
      value,
};

/** What lends connections: a pool of connections, or one client for a command. */
export interface Lender {
  connect(): Promise<pg.ClientBase & { release(destroy?: boolean): void }>;
}

/**
 * Pages of the report. The first one comes also when there are no rows, for its columns. The
 * connection is given back when the reader is done or stops early.
 */
export async function* reportPages(
  lender: Lender,
  request: ReportRequest,
  pageRows = PAGE_ROWS,
  seconds = STATEMENT_SECONDS,
): AsyncGenerator<Page> {
  const client = await lender.connect();
  const watch = watchConnection(client);
  try {
    const { text, values } = statementOf(request);
    await client.query('begin isolation level repeatable read read only');
    await client.query(
      `set local statement_timeout = '${seconds}s'; set local ` +
        `idle_in_transaction_session_timeout = '${IDLE_SECONDS}s'; set local timezone = ` +
        `'UTC'; set local datestyle = 'ISO'`,
    );
    await client.query(`declare report no scroll cursor for ${text}`, [...values]);
    for (let first = true; ; first = false) {
      const { fields, rows } = await client.query<(string | null)[]>({
        text: `fetch forward ${pageRows} from report`,
        rowMode: 'array',
        types: asItCame,
      });
      if (first || rows.length > 0)
        yield {
          columns: fields.map(({ name, dataTypeID }) => ({
            name,
            kind: KINDS.get(dataTypeID) ?? 'text',
          })),
          rows: rows.map((row) => row.map((value, at) => cell(value, fields[at]?.dataTypeID))),
        };
      if (rows.length < pageRows) break;
    }
  } catch (thrown) {
    // the server's own message: the error of a query on a closed connection says nothing
    throw watch.lost() ?? thrown;
  } finally {
    // after a failed rollback the connection is closed
    const ended = await client.query('rollback').then(
      () => true,
      () => false,
    );
    watch.stop();
    client.release(!ended);
  }
}

function cell(value: string | null, type: number | undefined): string | null {
  if (value === null) return null;
  if (type === BOOL) return value === 't' ? 'true' : 'false';
  return type === TIMESTAMPTZ ? value.replace(' ', 'T').replace(/\+00$/, 'Z') : value;
}

/**
 * RFC 4180: a header, CRLF after every record, quotes where they are needed. Null is an empty
 * field, an empty text is "". Text that a spreadsheet would read as a formula gets an apostrophe
 * before it, because anyone may have chosen a name. Numbers and amounts stay as they are, also
 * negative ones.
 */
export async function* csvText(pages: AsyncIterable<Page>): AsyncGenerator<string> {
  let header = true;
  for await (const { columns, rows } of pages) {
    const texts = rows.map((row) =>
      row.map((value, at) => (columns[at]?.kind === 'text' ? plainText(value) : value)),
    );
    const lines = [...(header ? [columns.map(({ name }) => name)] : []), ...texts].map(
      (row) => `${row.map(csvField).join(',')}\r\n`,
    );
    header = false;
    yield lines.join('');
  }
}
const plainText = (value: string | null): string | null =>
  value !== null && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
const csvField = (value: string | null): string =>
  value === null
    ? ''
    : value === '' || /[",\r\n]/.test(value)
      ? `"${value.replaceAll('"', '""')}"`
      : value;

/**
 * An array of objects, one per line. Amounts and other decimals are text; counts and ledgers are
 * numbers.
 */
export async function* jsonText(pages: AsyncIterable<Page>): AsyncGenerator<string> {
  let before = '[';
  for await (const { columns, rows } of pages) {
    const lines = rows.map((row) => {
      const members = columns.map(
        ({ name, kind }, at) => `${JSON.stringify(name)}:${jsonValue(row[at] ?? null, kind)}`,
      );
      const line = `${before}\n{${members.join(',')}}`;
      before = ',';
      return line;
    });
    yield lines.join('');
  }
  yield `${before === '[' ? '[' : ''}\n]\n`;
}
const jsonValue = (value: string | null, kind: Kind): string =>
  value === null
    ? 'null'
    : kind === 'text' || kind === 'time' || kind === 'decimal'
      ? JSON.stringify(value)
      : value;
