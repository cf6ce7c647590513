import { Logger, type LoggerService } from '@nestjs/common';
import type { Rooms } from './rooms.js';
import type { Terminal } from './terminal.js';

const toStderr = (message: unknown): void => {
  process.stderr.write(`${String(message)}\n`);
};
/** Stdout is the answer of the command alone, and a person needs no process id and no time. */
const COMMAND_LOG: LoggerService = { log: () => undefined, warn: toStderr, error: toStderr };

/** What the rooms log while a command works goes to stderr, in plain lines. */
export function logToStderr(): void {
  Logger.overrideLogger(COMMAND_LOG);
}

/** Opens the rooms of the service, works in them and closes them. */
export async function withRooms<T>(
  { open }: Pick<Terminal, 'open'>,
  work: (rooms: Rooms) => Promise<T>,
): Promise<T> {
  logToStderr();
  const rooms = await open();
  try {
    return await work(rooms);
  } finally {
    await rooms.close();
  }
}

export type PrintFrom = (work: (rooms: Rooms) => Promise<readonly string[]>) => Promise<void>;
/** Works in the rooms as `withRooms`, and prints the lines that the work returns. */
export const printFrom =
  (terminal: Pick<Terminal, 'open' | 'say'>): PrintFrom =>
  (work) =>
    withRooms(terminal, async (rooms) => {
      for (const line of await work(rooms)) terminal.say(line);
    });
