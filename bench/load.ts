import type { Command } from 'commander';
import pg from 'pg';
import { z } from 'zod';
import { checked, command, does, UsageError } from '../src/cli/command-line.js';
import { readConfig } from '../src/common/config.js';
import { migrate } from '../src/database/migrate.js';
import { startPostgres } from '../sandbox/postgres/embedded.js';
import { LOADED } from './loaded.js';
import { loadDatabase } from './loader.js';

const whole = (least: number, most: number) => {
  const message = `takes a whole number from ${least} to ${most}`;
  return z.coerce.number(message).int(message).min(least, message).max(most, message);
};
const optionsSchema = z.strictObject({
  reservations: whole(1000, 1_000_000_000),
  pools: whole(1, 1000),
  days: whole(1, 3650),
  folder: z.string().optional(),
});

export function loadCommand(): Command {
  return does(
    command('load', {
      summary: 'fill a database with made-up reservations',
      more: 'For development and benchmarks. A database with a pool that was not loaded is refused.',
      example: 'npm run bench -- load --reservations 100000 --folder /tmp/loaded',
    })
      .usage('--reservations N [options]')
      .option('--reservations <n>', 'holds to make, 1000 at least')
      .option('--pools <n>', 'over this many pools', '3')
      .option('--days <n>', 'of this many days up to now', '90')
      .option(
        '--folder <dir>',
        'in an embedded Postgres with its data there (kept); DATABASE_URL when left out, whose ' +
          'user must be a superuser',
      ),
    (options) => load(checked(optionsSchema, options)),
  );
}

async function load({ folder, ...plan }: z.output<typeof optionsSchema>): Promise<void> {
  const config = readConfig();
  if (config.NODE_ENV === 'production')
    throw new Error('The loader makes rows up; it does not run in production.');
  const server =
    folder === undefined
      ? undefined
      : await startPostgres({
          folder,
          durable: true,
          settings: {
            max_wal_size: '8GB',
            checkpoint_timeout: '15min',
            maintenance_work_mem: '512MB',
            shared_buffers: '1GB',
          },
        });
  try {
    await server?.ensureDatabase(LOADED);
    const url = server?.url(LOADED) ?? config.DATABASE_URL;
    if (url === undefined) throw new UsageError('Neither --folder nor DATABASE_URL.');
    await migrate(url);
    const client = new pg.Client({ connectionString: url, application_name: 'holdfast-load' });
    await client.connect();
    try {
      const started = performance.now();
      await loadDatabase(client, plan, (line) => {
        console.log(`${((performance.now() - started) / 1000).toFixed(0).padStart(5)} s  ${line}`);
      });
    } finally {
      await client.end();
    }
  } finally {
    await server?.stop();
  }
}
