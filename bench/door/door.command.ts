import type { Command } from 'commander';
import { z } from 'zod';
import { checked, command, does } from '../../src/cli/command-line.js';
import { publish } from '../lab/publish.js';
import { Door } from './door.js';
import { CHAINS } from './door-plan.js';
import { doorSections } from './door-section.js';
import { CHEAP } from './requests.js';

const numbers = (most: number) =>
  z
    .string()
    .transform((text) => text.split(',').map(Number))
    .pipe(z.array(z.int().min(1).max(most)).min(1));
const namesOf = <Name extends string>(names: readonly Name[]) =>
  z
    .string()
    .transform((text) => (text === 'all' ? [...names] : text === 'none' ? [] : text.split(',')))
    .pipe(z.array(z.enum(names)));
const optionsSchema = z.strictObject({
  seconds: z.coerce.number().min(0.5).max(600),
  rounds: z.coerce.number().int().min(1).max(20),
  inFlight: numbers(1000),
  chain: namesOf(CHAINS),
  kinds: namesOf(CHEAP),
  processes: numbers(8),
  naive: z.boolean().optional(),
  beside: z.string().optional(),
  profile: z.string().optional(),
});

/** `npm run bench -- door`: what a request costs, from the socket to the committed row. */
export function doorCommand(): Command {
  return does(
    command('door', {
      summary: 'measure POST /loans and its neighbours over HTTP, beside what the SDK needs alone',
      more:
        'Service, local network, Postgres and client are processes of their own. The exit code ' +
        'is 1 when an answer is not the expected one or a counter differs from its sum.',
      example: 'npm run bench -- door --seconds 4 --rounds 3',
    })
      .option('--seconds <n>', 'length of each window', '3')
      .option('--rounds <n>', 'interleaved rounds', '2')
      .option('--in-flight <list>', 'requests in flight', '1,16,64')
      .option('--chain <list>', `of ${CHAINS.join(', ')}, or all`, 'network')
      .option('--processes <list>', 'API processes on one database', '1')
      .option('--naive', 'the same door in front of a ledger that checks and then acts, too')
      .option('--kinds <list>', `beside accepted loans: of ${CHEAP.join(', ')}, all or none`, 'all')
      .option('--beside <dir>', 'measure the build in this folder in turns, such as an older one')
      .option('--profile <dir>', 'write CPU profiles of the API into this folder, and sum them up'),
    async (options) => {
      const parsed = checked(optionsSchema, options);
      const { chain: chains, processes, naive, beside, profile, ...plan } = parsed;
      const ledgers = naive === true ? (['product', 'naive'] as const) : (['product'] as const);
      const settings = chains.flatMap((chain) =>
        processes.flatMap((count) =>
          ledgers.flatMap((ledger) => {
            const setting = { chain, processes: count, ledger };
            return beside === undefined ? [setting] : [{ ...setting, build: beside }, setting];
          }),
        ),
      );
      const report = await Door.measure(
        { ...plan, settings, ...(profile !== undefined && { profile }) },
        (line) => {
          process.stderr.write(`${line}\n`);
        },
      );
      console.log(report.profile);
      const { samples, faults } = report;
      return publish('bench-door', { sections: doorSections(samples), faults, more: { samples } });
    },
  );
}
