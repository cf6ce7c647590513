// first: in a bundle Nest's decorators may be loaded before what they need
import 'reflect-metadata';
import { loadEnvironment, readConfig } from '../common/config.js';
import { asError } from '../common/errors.js';
import { Connections } from '../database/limited-client.js';
import { run } from './command-line.js';
import { program } from './program.js';
import { runningDatabase } from './running-database.js';
import type { Terminal } from './terminal.js';

const CONNECT_MS = 5000;
/** As a shell says it of a process that SIGINT ended. */
const INTERRUPTED = 130;
const CLEAR_LINE = '\r\u001b[2K';
/** A file or a pipe gets the answer alone. */
const SCREEN = process.stdout.isTTY ? process.stdout : process.stderr;
let progressShown = false;
function clearProgress(): void {
  if (progressShown) SCREEN.write(CLEAR_LINE);
  progressShown = false;
}

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
  openReports: () => {
    const url = runningDatabase(readConfig());
    const connections = new Connections({
      connectionString: url,
      max: 1,
      application_name: 'holdfast-report',
      connectionTimeoutMillis: CONNECT_MS,
    });
    return Object.assign(connections, { url });
  },
  now: () => new Date(),
  say: (line) => {
    clearProgress();
    process.stdout.write(`${line}\n`);
  },
  complain: (line) => {
    clearProgress();
    console.error(line);
  },
  write: (text) =>
    new Promise((resolve, reject) => {
      clearProgress();
      process.stdout.write(text, (error) => {
        if (error) reject(error);
        else resolve();
      });
    }),
  onInterrupt: (work) => {
    const listener = (): void => {
      process.exitCode = INTERRUPTED;
      work();
    };
    process.once('SIGINT', listener);
    return () => process.off('SIGINT', listener);
  },
  progress: (line) => {
    if (!SCREEN.isTTY) return;
    SCREEN.write(`${CLEAR_LINE}${line}`);
    progressShown = true;
  },
};

try {
  loadEnvironment();
  const args = process.argv.slice(2);
  const code = await run(await program(args, terminal), args, terminal);
  clearProgress();
  process.exitCode ??= code;
  // what was under way when a person ended it would go on to its own time limits
  if (process.exitCode === INTERRUPTED) process.exit();
} catch (thrown) {
  console.error(asError(thrown).message);
  process.exitCode = 1;
}
