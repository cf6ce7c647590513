import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { checked, command, does } from '../src/cli/command-line.js';
import type { EmbeddedPostgres } from '../sandbox/postgres/embedded.js';
import { measureCrowd, SUITE_CROWD_SECONDS } from './crowd/crowd-section.js';
import { doorSeconds, measureDoor } from './door/door-section.js';
import { short } from './lab/figures.js';
import { Progress } from './lab/progress.js';
import { publish } from './lab/publish.js';
import type { Outcome } from './lab/section.js';
import { labPostgres } from './lab/stage.js';
import { ledgerSeconds, measureLedger, type LedgerPlan } from './ledger.js';
import { measureScale, SCALE_SETTINGS, scaleSeconds } from './scale/scale.js';
import { measureStart, START_SECONDS } from './start.js';

const SECTIONS = ['ledger', 'scale', 'door', 'crowd', 'start'] as const;
const RECORDED = path.join('bench', 'recorded.json');
/** How much of a recorded ratio must be left. */
const LEAST_SHARE = 0.8;
/** A ratio that seems to have fallen is measured again: noise rarely comes three times. */
const CHECKS_MAX = 3;
/** `npm run bench -- scale` loads more. */
const SCALE_MOST = 100_000;
const optionsSchema = z.strictObject({
  seconds: z.coerce.number().min(0.3).max(60),
  rounds: z.coerce.number().int().min(1).max(20),
  only: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(SECTIONS)))
    .optional(),
  peers: z.boolean(),
  check: z.boolean().optional(),
  record: z.boolean().optional(),
});

/** `npm run bench` without a command: all scenarios, or with `--check` the recorded ratios. */
export function suiteCommand(): Command {
  return does(
    command('all', {
      summary: 'measure the ledger alone and over HTTP beside other designs, and draw the results',
      more:
        'Needs no services, and takes under ten minutes on a quiet machine. Writes artifacts/bench.html, ' +
        'its charts into artifacts/bench, and artifacts/bench.json. The exit code is 1 when an ' +
        'invariant of the product breaks or a section cannot be measured, or ' +
        `with --check when a ratio is below ${LEAST_SHARE} of the recorded one.`,
      example: 'npm run bench -- all --only ledger',
    })
      .option('--seconds <n>', 'length of each window', '1')
      .option('--rounds <n>', 'interleaved rounds', '2')
      .option('--only <list>', `of ${SECTIONS.join(', ')}, separated by commas`)
      .option('--no-peers', 'leave out the designs of others')
      .option('--check', `compare with ${RECORDED}, in half a minute`)
      .option('--record', `write the ratios of --check to ${RECORDED}`),
    (options) => {
      const { check, record, ...plan } = checked(optionsSchema, options);
      return check === true || record === true ? compare(record === true) : measure(plan);
    },
  );
}

type Plan = Omit<z.output<typeof optionsSchema>, 'check' | 'record'>;
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function measure({ only = [...SECTIONS], ...plan }: Plan): Promise<number> {
  const wants = (section: (typeof SECTIONS)[number]): boolean => only.includes(section);
  const scalePlan = { ...plan, warmUp: plan.seconds, live: SCALE_MOST, finished: SCALE_MOST };
  const progress = new Progress(
    (wants('ledger') ? ledgerSeconds(plan) : 0) +
      (wants('scale') ? scaleSeconds(scalePlan) : 0) +
      (wants('door') ? doorSeconds(plan) : 0) +
      (wants('crowd') ? SUITE_CROWD_SECONDS : 0) +
      (wants('start') ? START_SECONDS : 0),
    say,
  );
  const work: Record<(typeof SECTIONS)[number], () => Promise<Outcome | readonly Outcome[]>> = {
    ledger: () => withPostgres((server) => measureLedger(server, plan, progress)),
    scale: () =>
      withPostgres((server) => measureScale(server, scalePlan, progress), SCALE_SETTINGS),
    door: () => measureDoor(plan, progress),
    crowd: () => measureCrowd(progress),
    start: () => measureStart(progress),
  };
  const outcomes: Outcome[] = [];
  const unfinished: string[] = [];
  for (const section of SECTIONS.filter(wants)) {
    try {
      outcomes.push(...[await work[section]()].flat());
    } catch (thrown) {
      // what was measured in the minutes before is shown all the same
      console.error(thrown);
      unfinished.push(`${section} could not be measured: ${String(thrown)}`);
    }
  }
  return report(outcomes, unfinished);
}

async function withPostgres<T>(
  work: (server: EmbeddedPostgres) => Promise<T>,
  settings?: Readonly<Record<string, string>>,
): Promise<T> {
  const server = await labPostgres(settings);
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

function report(outcomes: readonly Outcome[], unfinished: readonly string[]): number {
  const ratios: Record<string, number> = {};
  for (const outcome of outcomes) Object.assign(ratios, outcome.ratios);
  return publish('bench', {
    sections: outcomes.map(({ section }) => section),
    faults: [...outcomes.flatMap(({ faults }) => faults), ...unfinished],
    more: { ratios },
  });
}

const CHECK_PLAN: LedgerPlan = { rounds: 3, seconds: 0.7, peers: false, short: true };

/** @returns the exit code */
async function compare(record: boolean): Promise<number> {
  const recorded = record
    ? {}
    : z.record(z.string(), z.number()).parse(JSON.parse(readFileSync(RECORDED, 'utf8')));
  const best = new Map<string, number>();
  const low = (): readonly (readonly [string, number])[] =>
    Object.entries(recorded).filter(([name, was]) => (best.get(name) ?? 0) < was * LEAST_SHARE);
  for (let turn = 1; turn === 1 || (turn <= CHECKS_MAX && low().length > 0); turn++) {
    const progress = new Progress(ledgerSeconds(CHECK_PLAN), say);
    const { ratios, faults } = await withPostgres((server) =>
      measureLedger(server, CHECK_PLAN, progress),
    );
    if (faults.length > 0) {
      console.error(faults.join('\n'));
      return 1;
    }
    for (const [name, ratio] of Object.entries(ratios))
      best.set(name, Math.max(best.get(name) ?? 0, ratio));
  }
  if (record) writeFileSync(RECORDED, `${JSON.stringify(Object.fromEntries(best), null, 2)}\n`);
  for (const [name, ratio] of best)
    console.log(
      `${name}: ${short(ratio)}${record ? '' : `, recorded ${short(recorded[name] ?? 0)}`}`,
    );
  for (const [name, was] of low())
    console.error(`Fallen by a fifth or more: ${name}, recorded ${short(was)}`);
  return low().length === 0 ? 0 : 1;
}
