import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { asError } from '../common/errors.js';
import type { Terminal } from './terminal.js';

/** Exit codes of every command: done, could not be done, misused. */
const DONE = 0;
const FAILED = 1;
const MISUSED = 2;

/** The arguments cannot be used. It is printed with the command's help, and nothing is opened. */
export class UsageError extends Error {}

class Ended extends Error {
  constructor(readonly exitCode: number) {
    super();
  }
}

/** Options as the parser gives them, by their names in camel case. */
export type Options = Readonly<Record<string, unknown>>;

/**
 * Gives a command its work.
 * @param work gets the options and the arguments; its result is the exit code, none is 0
 */
export function does(
  command: Command,
  work: (options: Options, args: readonly string[]) => Promise<number | void>,
): Command {
  return command.action(async () => {
    try {
      const code = await work(command.opts(), command.args);
      if (code) throw new Ended(code);
    } catch (thrown) {
      if (thrown instanceof UsageError) command.error(thrown.message, { exitCode: MISUSED });
      throw thrown;
    }
  });
}

/** A command with what its `--help` says, the example last. */
export function command(
  name: string,
  about: {
    readonly summary: string;
    readonly more?: string;
    /** Printed as it is, below the options. */ readonly after?: string;
    readonly example: string;
  },
): Command {
  const { summary, more, after, example } = about;
  return new Command(name)
    .summary(summary)
    .description([`${capitalised(summary)}.`, more].filter(Boolean).join('\n\n'))
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', `${after === undefined ? '' : `\n${after}\n`}\nExample:\n  ${example}`);
}

/** A command that does nothing itself. */
export function group(
  name: string,
  about: { readonly summary: string; readonly example: string },
  subcommands: readonly Command[],
): Command {
  const top = command(name, about).helpCommand('help [command]', 'print the help of a command');
  for (const each of subcommands) top.addCommand(each);
  return top;
}

/** @throws UsageError with every fault, by the option's name */
export function checked<Schema extends z.ZodType>(
  schema: Schema,
  options: Options,
): z.output<Schema> {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  throw new UsageError(
    result.error.issues.map(({ path, message }) => `${flagOf(path)}: ${message}`).join('\n'),
  );
}

/** `holdSeconds` as `--hold-seconds`. */
export const flagOf = (path: readonly PropertyKey[]): string =>
  `--${path.join('.').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** @returns the exit code; whatever is wrong has been printed */
export async function run(
  top: Command,
  args: readonly string[],
  { say, complain }: Pick<Terminal, 'say' | 'complain'>,
): Promise<number> {
  let [out, err] = ['', ''];
  for (const each of withSubcommands(top))
    each
      .exitOverride()
      .showHelpAfterError()
      .configureOutput({
        writeOut: (text) => {
          out += text;
        },
        writeErr: (text) => {
          err += text;
        },
        outputError: (text, write) => {
          write(sentence(text));
        },
      });
  try {
    await top.parseAsync(args, { from: 'user' });
    return DONE;
  } catch (thrown) {
    if (thrown instanceof Ended) return thrown.exitCode;
    if (!(thrown instanceof CommanderError)) {
      complain(asError(thrown).message);
      return FAILED;
    }
    if (out !== '') say(out.trimEnd());
    if (thrown.exitCode === 0) return DONE;
    // the parser prints the help alone when a subcommand is missing
    if (thrown.code === 'commander.help') complain('What should be done?\n');
    complain(err.trimEnd());
    return MISUSED;
  }
}

const withSubcommands = (top: Command): readonly Command[] => [
  top,
  ...top.commands.flatMap(withSubcommands),
];

/** `error: unknown option '--al'` as the other messages are written. */
function sentence(text: string): string {
  const plain = text.replace(/^error: /, '');
  return plain === text ? text : capitalised(plain);
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
