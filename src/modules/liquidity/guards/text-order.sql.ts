import type pg from 'pg';

/** Versions of the library that orders the text of the database; null: Postgres knows none. */
export interface OrderChange {
  /** When the indexes were made, as far as Postgres was told. */
  readonly recorded: string | null;
  readonly actual: string | null;
}

/**
 * The operating system or ICU under the database is another one, which may order text in another
 * way. No index of ours depends on it, but those of pg-boss do. Postgres says nothing when it
 * recorded no version, as on Alpine.
 * @returns null when the version is the recorded one
 */
export async function orderChange(database: Pick<pg.Pool, 'query'>): Promise<OrderChange | null> {
  const { rows } = await database.query<OrderChange>(
    `select d.datcollversion as recorded, v.actual
       from pg_database d cross join pg_database_collation_actual_version(d.oid) v (actual)
       where d.datname = current_database() and d.datcollversion is distinct from v.actual`,
  );
  return rows[0] ?? null;
}

/** What it means and what to do, as one sentence without its full stop. */
export const orderSentence = ({ recorded, actual }: OrderChange): string =>
  `text is ordered by ${named(actual)} and the indexes were made with ${named(recorded)}: run ` +
  'REINDEX DATABASE, then ALTER DATABASE ... REFRESH COLLATION VERSION ' +
  '(docs/operations.md#text-order)';

const named = (version: string | null): string =>
  version === null ? 'a library of no known version' : `version ${version} of its library`;
