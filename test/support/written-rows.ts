import type pg from 'pg';

/**
 * The state of every table of the ledger as one text: the number of rows, and a hash over each row
 * with the transaction that wrote it last. When two texts are equal, no row was inserted, changed
 * or deleted in between. The last use of a key is left out, because every request may set it.
 */
let statement: string | undefined; // the schema is the same in every test database

export async function writtenRows(
  db: Pick<pg.Pool, 'query'>,
): Promise<Readonly<Record<string, string>>> {
  statement ??= await statementOf(db);
  const { rows } = await db.query<{ name: string; state: string }>({
    name: 'written-rows', // to plan it took four times as long as to run it
    text: statement,
  });
  return Object.fromEntries(rows.map(({ name, state }) => [name, state]));
}

async function statementOf(db: Pick<pg.Pool, 'query'>): Promise<string> {
  const { rows: tables } = await db.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and ` +
      `relkind in ('r', 'p') order by relname`,
  );
  const rowOf = (name: string): string =>
    name === 'api_keys'
      ? `(to_jsonb(t) - 'last_used_at')::text`
      : `t.xmin::text || ' ' || t.ctid::text`;
  return tables
    .map(
      ({ name }) =>
        `select '${name}' as name, count(*) || ' ' || ` +
        `coalesce(sum(hashtextextended(${rowOf(name)}, 0)::numeric), 0) as state from ` +
        `"${name}" t`,
    )
    .join(' union all ');
}
