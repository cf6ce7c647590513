import type { Page, ReportColumn } from '../modules/reporting/report-export.js';
import { formatTable } from './table.js';

/** What a column is called on the screen, where its name says too little or too much. */
const HEADERS: Readonly<Record<string, string>> = {
  asset_code: 'asset',
  bucket: 'age of hold',
  conversion: 'settled of ended',
  hold_rate: 'held of asked',
  lent_share: 'lent',
  used_share: 'used',
};
const SHARES = new Set(['conversion', 'hold_rate', 'lent_share', 'used_share']);
/** Numbers that name something: their digits are not grouped. */
const NAMES = /(^|_)(ledger|number|version|decimals)$/;

/**
 * A report for people: grouped digits, shares in percent, times without their T and Z. Files keep
 * the names and the forms of the view.
 */
export function peopleTable(
  columns: readonly ReportColumn[],
  rows: readonly (readonly (string | null)[])[],
): string {
  return formatTable(
    columns.map(({ name, kind }) => ({
      name: HEADERS[name] ?? name.replaceAll('_', ' '),
      right: kind === 'number' || kind === 'decimal',
    })),
    rows.map((row) =>
      row.map((value, at) => {
        const column = columns[at];
        return value === null || !column ? value : written(column, value);
      }),
    ),
  );
}

function written({ name, kind }: ReportColumn, value: string): string {
  if (kind === 'time') return readableTime(name, value);
  if (kind !== 'number' && kind !== 'decimal') return value;
  if (SHARES.has(name)) return `${(Number(value) * 100).toFixed(2)} %`;
  return NAMES.test(name) ? value : grouped(value);
}

/** `1234567.5` as `1,234,567.5`. */
export function grouped(value: string): string {
  const [, sign = '', whole = '', rest = ''] = /^(-?)([0-9]+)(.*)$/.exec(value) ?? [];
  return whole === '' ? value : `${sign}${whole.replaceAll(/\B(?=([0-9]{3})+$)/g, ',')}${rest}`;
}

/** UTC, as the title says; a bin is named by its begin. */
function readableTime(name: string, value: string): string {
  const length = name === 'day' ? 10 : name === 'hour' ? 16 : 19;
  return value.replace('T', ' ').slice(0, length);
}

/** All rows at once: widths depend on the last one. Who wants millions takes a file. */
export async function tableOf(pages: AsyncIterable<Page>): Promise<string> {
  const all: Page[] = [];
  for await (const page of pages) all.push(page);
  return peopleTable(
    all[0]?.columns ?? [],
    all.flatMap(({ rows }) => rows),
  );
}
