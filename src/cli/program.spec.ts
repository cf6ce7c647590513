import { expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { run } from './command-line.js';
import { program } from './program.js';
import type { Terminal } from './terminal.js';

/** At least these; the walk below finds them and every other one in the program itself. */
const COMMANDS = [
  ...['demo', 'pools', 'keys', 'webhooks', 'report', 'check', 'repair', 'resolve', 'sql'],
  ...['capacity', 'pools add', 'pools list', 'pools set', 'pools quarantine', 'keys create'],
  ...['keys list', 'keys revoke', 'webhooks add', 'webhooks list', 'webhooks remove'],
  'webhooks replay',
  'start',
  'doctor',
  'local',
  'sign',
  ...['channels', 'channels list', 'channels add', 'channels remove', 'channels fund'],
];
const never = (): never => {
  throw new Error('nothing is opened for a help page or a misuse');
};

const unopened = (
  say: (line: string) => unknown,
  complain: (line: string) => unknown,
): Terminal => ({
  open: never,
  openReports: never,
  now: never,
  write: never,
  progress: never,
  onInterrupt: never,
  say,
  complain,
});

async function holdfast(
  ...args: string[]
): Promise<{ code: number; said: string; complained: string }> {
  const [said, complained]: [string[], string[]] = [[], []];
  const terminal = unopened(
    (line) => said.push(line),
    (line) => complained.push(line),
  );
  const code = await run(await program(args, terminal), args, terminal);
  return { code, said: said.join('\n'), complained: complained.join('\n') };
}

test.each(COMMANDS)('%s --help: usage and an example on stdout, exit code 0', async (name) => {
  const words = name.split(' ');
  const { code, said, complained } = await holdfast(...words, '--help');
  expect({ code, complained }).toEqual({ code: 0, complained: '' });
  expect(said).toContain(`Usage: holdfast ${name}`);
  expect(said).toContain(`Example:\n  holdfast ${name}`);
  expect((await holdfast(...words, '-h')).said).toBe(said);
});

/** Every command and subcommand, as the program lists them. */
async function everyCommand(): Promise<{ name: string; options: string[] }[]> {
  const terminal = unopened(
    () => undefined,
    () => undefined,
  );
  const top = await program([], terminal);
  const loaded = await Promise.all(
    top.commands.map(async (each) => {
      const whole = await program([each.name()], terminal);
      return whole.commands.find((command) => command.name() === each.name()) ?? each;
    }),
  );
  const under = (command: Command, before: string): { name: string; options: string[] }[] => {
    const name = `${before}${command.name()}`;
    const options = command.options.flatMap(({ long }) => (long ? [long] : []));
    return [{ name, options }, ...command.commands.flatMap((each) => under(each, `${name} `))];
  };
  return loaded.flatMap((command) => under(command, '')).filter(({ name }) => name !== 'help');
}

test('every command of the program prints its help, and knows an option that is nearly right', async () => {
  const found = await everyCommand();
  expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(COMMANDS));
  for (const { name, options } of found.filter((each) => !/ help$/.test(each.name))) {
    const words = name.split(' ');
    const help = await holdfast(...words, '--help');
    expect({ name, ...help }).toMatchObject({ name, code: 0, complained: '' });
    expect(help.said).toContain(`Usage: holdfast ${name}`);
    expect(help.said).toContain(`Example:\n  holdfast ${name}`);
    for (const option of options) expect(help.said).toContain(option);
    const [option] = options.filter((each) => each.length > 5);
    const wrong = option === undefined ? '--unheard-of' : option.slice(0, -1);
    const misused = await holdfast(...words, wrong);
    expect({ name, code: misused.code, said: misused.said }).toEqual({ name, code: 2, said: '' });
    expect(misused.complained).toContain(`Unknown option '${wrong}'`);
    const isTold = /\(Did you mean (one of )?--/.test(misused.complained);
    expect({ name, isTold: option === undefined || isTold }).toEqual({ name, isTold: true });
  }
});

test('--help names every command', async () => {
  const { code, said } = await holdfast('--help');
  expect(code).toBe(0);
  for (const name of COMMANDS.filter((each) => !each.includes(' ')))
    expect(said).toMatch(new RegExp(`^ {2}${name} `, 'm'));
  expect(await holdfast('help')).toEqual({ code: 0, said, complained: '' });
});

test.each([
  [['polls'], "Unknown command 'polls'\n(Did you mean pools?)"],
  [['pools', 'lst'], "Unknown command 'lst'\n(Did you mean list?)"],
  [['check', '--pol', 'x'], "Unknown option '--pol'\n(Did you mean --pool?)"],
  [['demo', '--more', '1'], "Unknown option '--more'"],
  [['demo', '--fit', '51'], '--fit: must not be above --borrowers'],
  [['doctor', '--contract', 'G'], '--contract.0: must be the C… address of a contract'],
  [['capacity', 'now'], 'Too many arguments'],
  [['keys', 'create', '--name'], "Option '--name <text>' argument missing"],
  [
    ['pools', 'set', '00000000-0000-7000-8000-000000000000', '--hold-seconds', '5'],
    '--hold-seconds:',
  ],
])('%j is a misuse: a suggestion, the usage, exit code 2', async (args, sentence) => {
  const { code, said, complained } = await holdfast(...args);
  expect({ code, said }).toEqual({ code: 2, said: '' });
  expect(complained).toContain(sentence);
  expect(complained).toContain('Usage: holdfast');
});

test('no command is a misuse too', async () => {
  expect(await holdfast()).toMatchObject({
    code: 2,
    said: '',
    complained: expect.stringContaining('What should be done?\n\nUsage: holdfast'),
  });
});
