import type pg from 'pg';
import type { DataSource } from 'typeorm';

/** Rows of a statement that is read often, past TypeORM, whose own `query` makes a runner for each. */
export async function readRows<Row extends object>(
  source: DataSource,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  return (await connectionsOf(source).query<Row>(text, [...values])).rows;
}

/** The same, with the values of each row in the order of the select list. */
export async function readArrays(
  source: DataSource,
  text: string,
  values: readonly unknown[],
): Promise<unknown[][]> {
  const { rows } = await connectionsOf(source).query<unknown[]>({
    text,
    values: [...values],
    rowMode: 'array',
  });
  return rows;
}

const connectionsOf = (source: DataSource): pg.Pool =>
  (source.driver as unknown as { readonly master: pg.Pool }).master;
