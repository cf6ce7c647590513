import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Command } from 'commander';
import { z } from 'zod';
import { checked, command, does } from '../../src/cli/command-line.js';
import { formatTable } from '../../src/cli/table.js';
import { grouped, shortSpread, spreadOf } from '../lab/figures.js';
import { CHAINS, Door, type DoorReport, type DoorSample } from './door.js';
import { KIND_WORDS } from './requests.js';

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
      .option('--profile <dir>', 'write a CPU profile of each API process into this folder'),
    async (options) => {
      const { chain, profile, ...plan } = checked(optionsSchema, options);
      const args = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
      const report = await Door.measure({ ...plan, chains: chain, args }, (line) => {
        process.stderr.write(`${line}\n`);
      });
      return print(report);
    },
  );
}

interface DoorRow {
  readonly what: string;
  readonly chain: string;
  readonly processes: number;
  readonly inFlight: number;
  readonly perSecond: string;
  readonly p50: string;
  readonly p99: string;
  readonly service: string;
  readonly postgres: string;
  readonly network: string;
  /** CPU of the service in units of the SDK's own build in the same setting. */
  readonly floors: string;
}

const WORDS: Readonly<Record<string, string>> = {
  ...KIND_WORDS,
  floor: 'SDK alone: the floor',
  idle: 'idle, ms of CPU a second',
};

/** Medians of the rounds. */
function rowsOf(samples: readonly DoorSample[]): readonly DoorRow[] {
  const groups = grouped(
    samples,
    ({ kind, chain, processes, inFlight }) => `${kind}/${chain}/${processes}/${inFlight}`,
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const of = (figure: (sample: DoorSample) => number): string =>
      shortSpread(spreadOf(group.map(figure)));
    return [
      {
        what: WORDS[first.kind] ?? first.kind,
        chain: first.chain,
        processes: first.processes,
        inFlight: first.inFlight,
        perSecond: of((one) => one.perSecond),
        p50: of((one) => one.p50),
        p99: of((one) => one.p99),
        service: of(({ cpu }) => cpu.service),
        postgres: of(({ cpu }) => cpu.postgres),
        network: of(({ cpu }) => cpu.chain),
        floors: first.kind === 'idle' ? '' : of(({ floors }) => floors),
      },
    ];
  });
}

const COLUMNS = [
  ['', false],
  ['chain', false],
  ['API', true],
  ['in flight', true],
  ['a second', true],
  ['p50 ms', true],
  ['p99 ms', true],
  ['CPU ms service', true],
  ['Postgres', true],
  ['network', true],
  ['floors', true],
].map(([name, right]) => ({ name: String(name), right: right === true }));

/** @returns the exit code */
function print({ samples, faults }: DoorReport): number {
  const rows = rowsOf(samples);
  console.log(
    formatTable(
      COLUMNS,
      rows.map((row) => [
        row.what,
        row.chain,
        String(row.processes),
        row.inFlight === 0 ? '' : String(row.inFlight),
        row.perSecond,
        row.p50,
        row.p99,
        row.service,
        row.postgres,
        row.network,
        row.floors,
      ]),
    ),
  );
  mkdirSync('artifacts', { recursive: true });
  const machine = { cores: cpus().length, model: cpus()[0]?.model ?? '', node: process.version };
  writeFileSync(
    'artifacts/bench-door.json',
    `${JSON.stringify({ at: new Date().toISOString(), machine, rows, samples, faults }, null, 2)}\n`,
  );
  console.log(
    'CPU is milliseconds for each answer, medians with their range. floors: CPU of the service in ' +
      'units of\nthe SDK’s own getAccount, build, prepareTransaction and toXDR of the same ' +
      'loan, measured just before. Written to artifacts/bench-door.json',
  );
  for (const fault of faults) console.error(`Wrong: ${fault}`);
  return faults.length === 0 ? 0 : 1;
}
