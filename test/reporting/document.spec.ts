import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { formatTable } from '../../src/cli/table.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { examplesIn, writeOutputs, writesDocuments } from '../support/document.js';
import { readerUrl } from '../support/reporting-role.js';
import { loadSample } from '../support/reporting-sample.js';

const FILE = 'docs/reporting.md';
const NUMBERS: ReadonlySet<number> = new Set([20, 21, 23, 1700]);
const examples = examplesIn(FILE);
let database: TestDatabase;
let reader: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  await loadSample(database.url);
  reader = new pg.Client(await readerUrl(database.url));
  await reader.connect();
});
afterAll(async () => {
  await reader.end();
  await database.drop();
});

/** The output of `holdfast sql`, read as the reporting role. */
async function outputOf(query: string): Promise<string> {
  const { fields, rows } = await reader.query<(string | null)[]>({
    text: query,
    rowMode: 'array',
    types: {
      getTypeParser:
        () =>
        (value: string): string =>
          value,
    },
  });
  return `${formatTable(
    fields.map(({ name, dataTypeID }) => ({ name, right: NUMBERS.has(dataTypeID) })),
    rows,
  )}\n`;
}

describe('docs/reporting.md', () => {
  test('each query gives the output below it', async () => {
    const outputs: string[] = [];
    for (const { query } of examples) outputs.push(await outputOf(query));
    if (writesDocuments) writeOutputs(FILE, outputs);
    expect(examplesIn(FILE).map(({ query, output }) => ({ query, output }))).toEqual(
      examples.map(({ query }, at) => ({ query, output: outputs[at] })),
    );
    expect(outputs.filter((output) => output.endsWith('(0 rows)\n'))).toEqual([]);
  });

  test(
    'each query returns the same rows in another time zone: no time is without a zone, ' +
      'and no day depends on the client',
    async () => {
      const counts = async (): Promise<(number | null)[]> => {
        const counted: (number | null)[] = [];
        for (const { query } of examples) counted.push((await reader.query(query)).rowCount);
        return counted;
      };
      const here = await counts();
      await reader.query("set timezone = 'Pacific/Auckland'");
      try {
        expect(await counts()).toEqual(here);
      } finally {
        await reader.query('reset timezone');
      }
      expect((await reader.query('show timezone')).rows).toEqual([{ TimeZone: 'UTC' }]);
      expect(
        examples
          .flatMap(({ query }) => query.match(/'\d{4}-[^']*'/g) ?? [])
          .filter((time) => !time.endsWith("+00'")),
      ).toEqual([]);
      expect(
        examples.filter(({ query }) => /::date|current_date|date_trunc\('\w+', \w+\)/.test(query)),
      ).toEqual([]);
    },
  );

  test('says of every view how far back it reaches', async () => {
    const rows = readFileSync(FILE, 'utf8')
      .split('\n')
      .filter((line) => /^\| `/.test(line))
      .join('\n');
    const { rows: views } = await reader.query<{ name: string }>(
      `select c.relname as name from pg_class c where c.relnamespace = 'reporting'::regnamespace and c.relkind = 'v'`,
    );
    expect(views.map(({ name }) => name).filter((name) => !rows.includes(`\`${name}\``))).toEqual(
      [],
    );
  });

  test('has an example query for every view and function', async () => {
    const { rows } = await reader.query<{
      name: string;
    }>(`select c.relname as name from pg_class c where c.relnamespace = 'reporting'::regnamespace and c.relkind = 'v'
      union all select p.proname from pg_proc p
        where p.pronamespace = 'reporting'::regnamespace and p.proname <> 'token_units'`);
    expect(
      rows
        .map(({ name }) => name)
        .filter((name) => !examples.some(({ query }) => query.includes(`from ${name}`))),
    ).toEqual([]);
  });
});
