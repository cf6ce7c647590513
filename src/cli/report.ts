import pg from 'pg';
import { readConfig } from '../common/config.js';
import { runReport } from './report.command.js';
import { runningDatabase } from './running-database.js';

const CONNECT_MS = 5000;

/** Waits when the reader of a pipe is slower than we are; a reader that has gone ends us without noise. */
function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => { process.stdout.write(text, (error) => { if (error) reject(error); else resolve(); }); });
}

process.exitCode = await runReport(process.argv.slice(2), {
  open: () => new pg.Pool({ connectionString: runningDatabase(readConfig()), max: 1, application_name: 'holdfast-report', connectionTimeoutMillis: CONNECT_MS }),
  now: () => new Date(), write, complain: (line) => { console.error(line); },
});
