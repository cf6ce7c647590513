/** A column of a list that is sent to Postgres as arrays. */
export interface Column<Row> {
  /** Its SQL type, such as `uuid` or `numeric`. */
  readonly type: string;
  readonly of: (row: Row) => unknown;
}

export interface ColumnList<Row> {
  /** `unnest($1::uuid[], …) with ordinality as u(pool, …, ord)`, of parameters after `behind`. */
  readonly table: string;
  /** How many parameters it takes. The statement's own parameters follow. */
  readonly count: number;
  /** The parameters, one array literal for each column. */
  values(rows: readonly Row[]): string[];
}

/** Types whose text needs no quotes in an array. */
const BARE: ReadonlySet<string> = new Set(['uuid', 'numeric', 'bigint', 'integer']);

const SPECIAL = /["\\]/g;
function quoted(value: unknown): string {
  if (Buffer.isBuffer(value)) return `"\\\\x${value.toString('hex')}"`;
  const text = String(value);
  // most have nothing to escape, and a replacement that finds nothing costs as much as the rest
  const special = text.includes('"') || text.includes('\\');
  return special ? `"${text.replaceAll(SPECIAL, '\\$&')}"` : `"${text}"`;
}

/** As node-postgres would write it, without a look at each element for its type, in one pass. */
function arrayLiteral<Row>({ type, of }: Column<Row>, rows: readonly Row[]): string {
  const element = BARE.has(type) ? String : quoted;
  let literal = '';
  for (const row of rows) {
    const value = of(row);
    literal += `${literal && ','}${value === null || value === undefined ? 'NULL' : element(value)}`;
  }
  return `{${literal}}`;
}

/**
 * Sends rows as one array parameter for each column, so that a batch of any size is one statement.
 * Name, type and value of a column are defined together: nothing is matched by position.
 * @param behind how many parameters of the statement come before the list's
 */
export function columnList<Row>(
  columns: Readonly<Record<string, Column<Row>>>,
  behind = 0,
): ColumnList<Row> {
  const each = Object.values(columns);
  const parameters = each.map(({ type }, index) => `$${behind + index + 1}::${type}[]`).join(', ');
  return {
    table: `unnest(${parameters}) with ordinality as u(${[...Object.keys(columns), 'ord'].join(', ')})`,
    count: each.length,
    values: (rows) => each.map((column) => arrayLiteral(column, rows)),
  };
}

/**
 * A statement that answers each of several questions, which it reads as the table it is given.
 * One question is a row of its own, because the server guesses ten rows for an array and would plan
 * a look for one anew each time.
 * @param statement of `… as q(NAMES, nth)`
 */
export function perQuestion<Question>(
  columns: Readonly<Record<string, Column<Question>>>,
  statement: (questions: string) => string,
): (questions: readonly Question[]) => { readonly text: string; readonly values: unknown[] } {
  const each = Object.values(columns);
  const typed = (array: string): string =>
    each.map(({ type }, index) => `$${index + 1}::${type}${array}`).join(', ');
  const as = `as q(${[...Object.keys(columns), 'nth'].join(', ')})`;
  const ofOne = statement(`(values (${typed('')}, 1)) ${as}`);
  const ofMany = statement(`unnest(${typed('[]')}) with ordinality ${as}`);
  return (questions) => {
    const [only, ...others] = questions;
    return only && others.length === 0
      ? { text: ofOne, values: each.map(({ of }) => of(only)) }
      : { text: ofMany, values: each.map(({ of }) => questions.map(of)) };
  };
}
