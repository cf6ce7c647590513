import pg from 'pg';
import { readConfig } from '../common/config.js';
import { runReport } from './report.command.js';
import { runningDatabase } from './running-database.js';

const CONNECT_MS = 5000;

/**
 * Of a reader that has gone, such as `head`: it ends us without a word. Also an event, which nobody
 * else hears.
 */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

/** Waits when the reader of a pipe is slower than we are. */
function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

process.exitCode = await runReport(process.argv.slice(2), {
  open: () =>
    new pg.Pool({
      connectionString: runningDatabase(readConfig()),
      max: 1,
      application_name: 'holdfast-report',
      connectionTimeoutMillis: CONNECT_MS,
    }),
  now: () => new Date(),
  write,
  complain: (line) => {
    console.error(line);
  },
});
