import { Command } from 'commander';
import { VERSION } from '../common/version.js';
import { command } from './command-line.js';
import type { Terminal } from './terminal.js';

interface Entry {
  readonly summary: string;
  /** Only when it is called: no command waits for the packages of another one. */
  readonly load: () => Promise<(terminal: Terminal) => Command>;
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  start: {
    summary: 'start the service, and outside production what it needs and does not find',
    load: async () => (await import('./start.command.js')).startCommand,
  },
  migrate: {
    summary: 'bring the schema of the database up to date',
    load: async () => (await import('./migrate.command.js')).migrateCommand,
  },
  doctor: {
    summary: 'check the configuration, the database, the node and the contracts before a start',
    load: async () => (await import('./doctor.command.js')).doctorCommand,
  },
  demo: {
    summary: 'let fifty borrowers race for a pool that can fund twenty',
    load: async () => (await import('./demo.command.js')).demoCommand,
  },
  local: {
    summary: 'print where the service of npm start is, with its keys and accounts',
    load: async () => (await import('./local.command.js')).localCommand,
  },
  sign: {
    summary: "sign what POST /loans answered, as the borrower's wallet would",
    load: async () => (await import('./sign.command.js')).signCommand,
  },
  pools: {
    summary: 'register, list, change and quarantine pools',
    load: async () => (await import('./pools.command.js')).poolsCommand,
  },
  keys: {
    summary: 'create, list and revoke API keys',
    load: async () => (await import('./keys.command.js')).keysCommand,
  },
  webhooks: {
    summary: 'add, list and remove webhooks, and post events again',
    load: async () => (await import('./webhooks.command.js')).webhooksCommand,
  },
  channels: {
    summary: 'list, add, remove and fund the accounts that land signed authorizations',
    load: async () => (await import('./channels.command.js')).channelsCommand,
  },
  report: {
    summary: 'print a report as a table, CSV or JSON',
    load: async () => (await import('./report.command.js')).reportCommand,
  },
  check: {
    summary: 'compare the counters of the pools with their reservations',
    load: async () => (await import('./check.command.js')).checkCommand,
  },
  repair: {
    summary: 'set the counters of a pool to the sums of its reservations',
    load: async () => (await import('./repair.command.js')).repairCommand,
  },
  resolve: {
    summary: 'end a hold by the word of an operator, when nothing proves its end',
    load: async () => (await import('./resolve.command.js')).resolveCommand,
  },
  proof: {
    summary: 'write all that is known about one hold as a file, or check such a file',
    load: async () => (await import('./proof.command.js')).proofCommand,
  },
  sql: {
    summary: 'run SQL on the ledger, read only by default',
    load: async () => (await import('./sql.command.js')).sqlCommand,
  },
  capacity: {
    summary: 'print how many loans one ledger of the network can carry',
    load: async () => (await import('./capacity.command.js')).capacityCommand,
  },
};

/** `holdfast` with all its commands; those that the arguments name are complete. */
export async function program(args: readonly string[], terminal: Terminal): Promise<Command> {
  const top = new Command('holdfast')
    .description('The liquidity reservation ledger for lending pools on Stellar.')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .version(VERSION, '-V, --version', 'print the version')
    .addHelpText(
      'after',
      '\nExample:\n  holdfast pools list\n\nExit codes: 0 done, 1 could not be done, 2 misused.',
    );
  for (const [name, { summary, load }] of Object.entries(COMMANDS))
    top.addCommand(
      args.includes(name)
        ? (await load())(terminal).summary(summary)
        : command(name, { summary, example: `holdfast ${name}` }),
    );
  return top;
}
