import type pg from 'pg';
import type { DataSource } from 'typeorm';

/** A statement that is read often, with a name of its own. */
export interface NamedStatement {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads by a named statement, which the server parses once a connection and soon plans no more;
 * TypeORM's own `query` knows no names. Behind a pooler it is sent without its name.
 */
export async function readPrepared<Row extends object>(
  source: DataSource,
  statement: NamedStatement,
  values: readonly unknown[],
): Promise<Row[]> {
  const { rows } = await connectionsOf(source).query<Row>({ ...statement, values: [...values] });
  return rows;
}

/** The same, with the values of each row in the order of the select list. */
export async function readPreparedArrays(
  source: DataSource,
  statement: NamedStatement,
  values: readonly unknown[],
): Promise<unknown[][]> {
  const { rows } = await connectionsOf(source).query<unknown[]>({
    ...statement,
    values: [...values],
    rowMode: 'array',
  });
  return rows;
}

const connectionsOf = (source: DataSource): pg.Pool =>
  (source.driver as unknown as { readonly master: pg.Pool }).master;
