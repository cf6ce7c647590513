import { createRequire } from 'node:module';
import type pg from 'pg';
import { PgBoss } from 'pg-boss';
import { z } from 'zod';

export const BOSS_SCHEMA = 'pgboss';

/** The schema that this program's pg-boss works with. */
function ownVersion(): number {
  const described: unknown = createRequire(import.meta.url)('pg-boss/package.json');
  return z.object({ pgboss: z.object({ schema: z.int() }) }).parse(described).pgboss.schema;
}

/** @returns null without pg-boss's schema */
async function installedVersion(client: pg.ClientBase): Promise<number | null> {
  const there = await client.query(
    `select where to_regclass('${BOSS_SCHEMA}.version') is not null`,
  );
  if (there.rowCount === 0) return null;
  const { rows } = await client.query<{ version: number }>(
    `select version from ${BOSS_SCHEMA}.version`,
  );
  return rows[0]?.version ?? null;
}

/** @throws Error when the schema is newer than this program, as after a release was rolled back */
export async function refuseNewerBoss(client: pg.ClientBase): Promise<void> {
  const own = ownVersion();
  const installed = await installedVersion(client);
  if (installed !== null && installed > own)
    throw new Error(
      `The schema ${BOSS_SCHEMA} (the queues of the jobs) has version ${installed} and is newer than this ` +
        `program, which works with version ${own}: a newer release has migrated it. Start that release, ` +
        `or stop every process and run: drop schema ${BOSS_SCHEMA} cascade; the next start makes it again ` +
        '(docs/operations.md#upgrade).',
    );
}

/** Whether the schema is that of this program's pg-boss, or newer. */
export async function hasBoss(client: pg.ClientBase): Promise<boolean> {
  return ((await installedVersion(client)) ?? 0) >= ownVersion();
}

/** Makes pg-boss's schema, or brings it up to date. */
export async function bringBossUpToDate(url: string): Promise<void> {
  const boss = new PgBoss({
    connectionString: url,
    schema: BOSS_SCHEMA,
    application_name: 'holdfast-migrate',
    supervise: false,
    schedule: false,
    max: 1,
  });
  await boss.start();
  await boss.stop({ graceful: false });
}
