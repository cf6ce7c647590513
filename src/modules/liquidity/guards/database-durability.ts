import type pg from 'pg';

/**
 * Settings without which a COMMIT is not a promise: after a power cut the XDR would be out and its
 * row gone. Value under which each is refused.
 */
const LOSES_COMMITS: Readonly<Record<string, string>> = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
};

/**
 * @returns one sentence per setting of this server that may lose a committed promise; empty when it
 * is durable
 */
export async function durabilityFaults(database: Pick<pg.Pool, 'query'>): Promise<string[]> {
  const answer = await database.query<{ name: string; setting: string }>(
    'select name, setting from pg_settings where name = any ($1) order by name',
    [Object.keys(LOSES_COMMITS)],
  );
  return answer.rows
    .filter(({ name, setting }) => LOSES_COMMITS[name] === setting)
    .map(({ name, setting }) => `${name} is ${setting}: a committed hold could be lost`);
}

/**
 * Answers must survive a crash (docs/protocol.md#answers-survive-a-crash). @throws Error that names
 * every setting at once, unless `allowed`, which production cannot ask for
 */
export async function refuseVolatile(
  database: Pick<pg.Pool, 'query'>,
  allowed: boolean,
): Promise<void> {
  const faults = allowed ? [] : await durabilityFaults(database);
  if (faults.length)
    throw new Error(
      `The database is not durable, nothing was started:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    );
}
