import type pg from 'pg';

/**
 * Values of settings under which a power cut may lose a committed row whose XDR has already left
 * the service. Each value is refused.
 */
const LOSES_COMMITS: Readonly<Record<string, string>> = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
};

/**
 * @returns one sentence for each setting of this server that may lose a committed row; empty when
 * it is durable
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
 * Refuses to start unless answers survive a crash (docs/protocol.md#answers-survive-a-crash).
 * @throws Error that names every faulty setting, unless `allowed`, which production cannot set
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
