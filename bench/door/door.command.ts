import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Command } from 'commander';
import { z } from 'zod';
import { checked, command, does } from '../../src/cli/command-line.js';
import { profileSummary } from '../lab/profile.js';
import { printSection } from '../lab/section.js';
import { CHAINS, Door, type DoorReport } from './door.js';
import { doorSections } from './door-section.js';

const numbers = (most: number) =>
  z
    .string()
    .transform((text) => text.split(',').map(Number))
    .pipe(z.array(z.int().min(1).max(most)).min(1));
const optionsSchema = z.strictObject({
  seconds: z.coerce.number().min(0.5).max(600),
  rounds: z.coerce.number().int().min(1).max(20),
  inFlight: numbers(1000),
  chain: z
    .string()
    .transform((text) => (text === 'all' ? [...CHAINS] : text.split(',')))
    .pipe(z.array(z.enum(CHAINS))),
  processes: numbers(8),
  naive: z.boolean().optional(),
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
      .option('--profile <dir>', 'write CPU profiles of the API into this folder, and sum them up'),
    async (options) => {
      const { chain: chains, processes, naive, profile, ...plan } = checked(optionsSchema, options);
      const args = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
      const ledgers = naive === true ? (['product', 'naive'] as const) : (['product'] as const);
      const settings = chains.flatMap((chain) =>
        processes.flatMap((count) =>
          ledgers.map((ledger) => ({ chain, processes: count, ledger })),
        ),
      );
      const report = await Door.measure({ ...plan, settings, cheap: true, args }, (line) => {
        process.stderr.write(`${line}\n`);
      });
      const code = print(report);
      if (profile !== undefined) console.log(profileSummary(profile));
      return code;
    },
  );
}

/** @returns the exit code */
function print({ samples, faults }: DoorReport): number {
  for (const section of doorSections(samples)) console.log(printSection(section));
  mkdirSync('artifacts', { recursive: true });
  const machine = { cores: cpus().length, model: cpus()[0]?.model ?? '', node: process.version };
  writeFileSync(
    'artifacts/bench-door.json',
    `${JSON.stringify({ at: new Date().toISOString(), machine, samples, faults }, null, 2)}\n`,
  );
  console.log('\nWritten to artifacts/bench-door.json');
  for (const fault of faults) console.error(`Wrong: ${fault}`);
  return faults.length === 0 ? 0 : 1;
}
