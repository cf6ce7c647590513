import { readConfig } from '../common/config.js';
import { asError } from '../common/errors.js';
import { Connections } from '../database/limited-client.js';
import { run } from './command-line.js';
import { program } from './program.js';
import { runningDatabase } from './running-database.js';
import type { Terminal } from './terminal.js';

const CONNECT_MS = 5000;
const CLEAR_LINE = '\r\u001b[2K';
let progressShown = false;

/**
 * A reader of the pipe that has gone, such as `head`, ends us in silence. Without this listener the
 * failed write would end the process with a stack trace.
 */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

const terminal: Terminal = {
  open: async () => {
    const { openRooms, placeFrom } = await import('./rooms.js');
    const config = readConfig();
    return openRooms(placeFrom(config), config);
  },
  openReports: () =>
    new Connections({
      connectionString: runningDatabase(readConfig()),
      max: 1,
      application_name: 'holdfast-report',
      connectionTimeoutMillis: CONNECT_MS,
    }),
  now: () => new Date(),
  say: (line) => {
    process.stdout.write(`${progressShown ? CLEAR_LINE : ''}${line}\n`);
    progressShown = false;
  },
  complain: (line) => {
    console.error(line);
  },
  write: (text) =>
    new Promise((resolve, reject) => {
      process.stdout.write(text, (error) => {
        if (error) reject(error);
        else resolve();
      });
    }),
  progress: (line) => {
    if (!process.stdout.isTTY) return;
    process.stdout.write(`${CLEAR_LINE}${line}`);
    progressShown = true;
  },
};

try {
  const args = process.argv.slice(2);
  process.exitCode = await run(await program(args, terminal), args, terminal);
} catch (thrown) {
  console.error(asError(thrown).message);
  process.exitCode = 1;
}
