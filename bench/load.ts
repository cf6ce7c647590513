import { parseArgs } from 'node:util';
import pg from 'pg';
import { asError } from '../src/common/errors.js';
import { readConfig } from '../src/common/config.js';
import { migrate } from '../src/database/migrate.js';
import { startPostgres } from '../sandbox/postgres/embedded.js';
import { LOADED } from './loaded.js';
import { loadDatabase } from './loader.js';

const USAGE = `usage: npm run load -- --reservations N [--pools N] [--days N] [--folder DIR]
  --reservations  holds to make, 1000 at least
  --pools         number of pools that they are spread over (3)
  --days          number of days up to now that they are spread over (90)
  --folder        folder of an embedded Postgres, which is kept; otherwise DATABASE_URL is used, whose
                  user must be a superuser
  For development and benchmarks. A database with a pool that was not loaded is refused.`;

const whole = (
  text: string | undefined,
  name: string,
  [least, most]: readonly [number, number],
): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new Error(
      `--${name} takes a whole number from ${least} to ${most}, not ${text ?? 'nothing'}.\n\n${USAGE}`,
    );
  return value;
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      reservations: { type: 'string' },
      pools: { type: 'string', default: '3' },
      days: { type: 'string', default: '90' },
      folder: { type: 'string' },
    },
  });
  const plan = {
    reservations: whole(values.reservations, 'reservations', [1000, 1_000_000_000]),
    pools: whole(values.pools, 'pools', [1, 1000]),
    days: whole(values.days, 'days', [1, 3650]),
  };
  const config = readConfig();
  if (config.NODE_ENV === 'production')
    throw new Error('The loader makes rows up; it does not run in production.');
  const server =
    values.folder === undefined
      ? undefined
      : await startPostgres({
          folder: values.folder,
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
    if (url === undefined) throw new Error(`Neither --folder nor DATABASE_URL.\n\n${USAGE}`);
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

try {
  await main();
} catch (thrown) {
  console.error(asError(thrown).message);
  process.exitCode = 1;
}
