import { expect, test } from '@jest/globals';
import { run } from './command-line.js';
import { poolsCommand } from './pools.command.js';

test.each<[string, string[], string]>([
  ['nothing', [], 'What should be done'],
  ['an unknown command', ['remove'], "Unknown command 'remove'"],
  ['an unknown option', ['list', '--all'], 'Unknown option'],
  ['no contract and no name', ['add'], '--contract: is required\n--name: is required'],
  [
    'a bad contract',
    ['add', '--contract', 'CABC', '--name', 'x'],
    '--contract: must be a contract address',
  ],
  [
    'a bad generation',
    [
      'add',
      '--contract',
      'CDFACCFOC7NVBRN5S476473YZXYC6MTECISBM6J2YIM74IOZ4K74TYJP',
      '--name',
      'x',
      '--generation',
      'big',
    ],
    '--generation:',
  ],
  [
    'a switch that is neither',
    ['set', '00000000-0000-7000-8000-000000000000', '--strict', 'yes'],
    '--strict: must be on or off',
  ],
  [
    'an extension out of range',
    [
      'add',
      '--contract',
      'CDFACCFOC7NVBRN5S476473YZXYC6MTECISBM6J2YIM74IOZ4K74TYJP',
      '--name',
      'x',
      '--max-extension',
      '86401',
    ],
    '--max-extension:',
  ],
  [
    'a number out of range',
    ['set', '00000000-0000-7000-8000-000000000000', '--hold-seconds', '59'],
    '--hold-seconds:',
  ],
  [
    'a number that is none',
    ['set', '00000000-0000-7000-8000-000000000000', '--hold-seconds', '1e3'],
    '--hold-seconds: must be a whole number',
  ],
  [
    'a state that nobody sets',
    ['set', '00000000-0000-7000-8000-000000000000', '--state', 'quarantined'],
    '--state:',
  ],
  ['no change', ['set', '00000000-0000-7000-8000-000000000000'], 'set needs something to change'],
  [
    'one pool only',
    ['quarantine', '00000000-0000-7000-8000-000000000000', '--reason', 'disk snapshot put back'],
    'quarantine is for every pool',
  ],
  ['no reason', ['quarantine', '--all'], '--reason: is required'],
  ['a short reason', ['quarantine', '--all', '--reason', 'restore'], '--reason: must say why'],
  ['no id', ['set', '--state', 'paused'], "Missing required argument 'POOL_ID'"],
  ['no reason to take holds again', ['set', 'x', '--state', 'active'], '--reason: is required'],
  ['too much', ['list', 'everything'], 'Too many arguments'],
])(
  '%s is answered with the usage and exit code 2, before anything is opened',
  async (_, args, sentence) => {
    const complained: string[] = [];
    let opened = 0;
    const terminal = {
      open: () => {
        opened += 1;
        throw new Error('nothing is opened');
      },
      say: () => undefined,
      complain: (line: string) => complained.push(line),
    };
    expect(await run(poolsCommand(terminal), args, terminal)).toBe(2);
    expect(complained[0]).toContain(sentence);
    expect(complained.at(-1)).toContain('Usage: pools');
    expect(opened).toBe(0);
  },
);
