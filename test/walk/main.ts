import { z } from 'zod';
import { checked, command, does, run } from '../../src/cli/command-line.js';
import setup from '../support/global-setup.js';
import { walk, WALKED_GENERATIONS, type WalkOptions } from './walk.js';
import { WALKED_SIGNINGS } from './world.js';

const whole = z
  .string()
  .regex(/^[1-9][0-9]{0,9}$/, 'must be a whole number above zero')
  .transform(Number);
const optionsSchema = z.strictObject({
  seeds: whole,
  from: whole,
  ledgers: whole,
  lanes: whole,
  generation: z.enum(WALKED_GENERATIONS),
  signing: z.enum(WALKED_SIGNINGS),
});

async function one(options: WalkOptions): Promise<boolean> {
  const { seed } = options;
  try {
    const { ms, ledgers: last, harm, counts } = await walk(options);
    console.log(
      `seed ${seed}${harm ? ', with strangers' : ''}: ${last} ledgers in ` +
        `${(ms / 1000).toFixed(1)} s ${JSON.stringify(counts)}`,
    );
    return true;
  } catch (thrown) {
    console.error(`FAILED ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    return false;
  }
}

/** @returns the exit code */
async function walkAll({
  seeds,
  from,
  ledgers,
  lanes,
  generation,
  signing,
}: z.output<typeof optionsSchema>): Promise<number> {
  await setup();
  const failed: number[] = [];
  const waiting = Array.from({ length: seeds }, (_, index) => from + index).values();
  const lane = async (): Promise<void> => {
    for (const seed of waiting)
      if (!(await one({ seed, ledgers, generation, signing }))) failed.push(seed);
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } finally {
    await globalThis.holdfastEndTests?.();
  }
  console.log(
    failed.length === 0
      ? `${seeds} seeds passed`
      : `${failed.length} of ${seeds} seeds failed: ${failed.join(', ')}`,
  );
  return failed.length === 0 ? 0 : 1;
}

process.exitCode = await run(
  does(
    command('npm run walk --', {
      summary: 'walk at random over ledgers and check what must always hold',
      more: 'One line for each seed, and each failure in full.',
      example: 'npm run walk -- --seeds 1 --from 63',
    })
      .option('--seeds <n>', 'how many walks', '100')
      .option('--from <n>', 'the first seed', '1')
      .option('--ledgers <n>', 'how long each walk is', '500')
      .option('--lanes <n>', 'how many walks at once', '2')
      .option('--generation <name>', `contracts: ${WALKED_GENERATIONS.join(', ')}`, 'g1')
      .option(
        '--signing <how>',
        `what borrowers sign: ${WALKED_SIGNINGS.join(', ')}`,
        'transaction',
      ),
    (options) => walkAll(checked(optionsSchema, options)),
  ),
  process.argv.slice(2),
  { say: (line) => console.log(line), complain: (line) => console.error(line) },
);
