import { parseArgs } from 'node:util';
import { Logger, type LoggerService } from '@nestjs/common';
import { z } from 'zod';
import { asError } from '../common/errors.js';

/**
 * The words of a command were not understood: it is told with the command's usage, exit code 2, and
 * nothing was opened.
 */
export class UsageError extends Error {}

export interface Understood<Wish, Opened> {
  readonly usage: string;
  /** Before anything is opened. @throws UsageError */
  readonly understand: () => Wish;
  readonly open: () => Opened;
  readonly close: (opened: Opened) => Promise<void>;
  /** @returns the exit code */
  readonly work: (opened: Opened, wish: Wish) => Promise<number>;
  readonly complain: (line: string) => void;
}

const toStderr = (message: unknown): void => {
  process.stderr.write(`${String(message)}\n`);
};
/**
 * What the rooms log while a command works: stdout is the command's answer alone, and a person
 * needs neither process id nor time of it.
 */
const COMMAND_LOG: LoggerService = { log: () => undefined, warn: toStderr, error: toStderr };

/**
 * The way of every command: understand, open, work, close. @returns the exit code: what the work
 * says; 1 could not be done, 2 not understood
 */
export async function runUnderstood<Wish, Opened>(
  command: Understood<Wish, Opened>,
): Promise<number> {
  Logger.overrideLogger(COMMAND_LOG);
  try {
    const wish = command.understand();
    const opened = command.open();
    try {
      return await command.work(opened, wish);
    } finally {
      await command.close(opened);
    }
  } catch (thrown) {
    command.complain(asError(thrown).message);
    if (!(thrown instanceof UsageError)) return 1;
    command.complain(`\n${command.usage}`);
    return 2;
  }
}

/**
 * Options that all take a text, held against a schema; every fault by the option's name. @throws
 * UsageError
 */
export function optionsOf<Schema extends z.ZodType>(
  schema: Schema,
  args: readonly string[],
  names: readonly string[],
): z.output<Schema> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
      strict: true,
    });
    return schema.parse({ ...values });
  } catch (thrown) {
    throw new UsageError(
      thrown instanceof z.ZodError
        ? thrown.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n')
        : asError(thrown).message,
    );
  }
}
