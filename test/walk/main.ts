import { parseArgs } from 'node:util';
import setup from '../support/global-setup.js';
import { walk } from './walk.js';

/**
 * `npm run walk -- --seeds 100 [--from N] [--ledgers 500] [--lanes 2]`: one line a seed, and the
 * first failure in full at its end.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '1' },
    ledgers: { type: 'string', default: '500' },
    lanes: { type: 'string', default: '2' },
  },
});
const [seeds = 0, from = 0, ledgers = 0, lanes = 0] = [
  values.seeds,
  values.from,
  values.ledgers,
  values.lanes,
].map(Number);
if (![seeds, from, ledgers, lanes].every((each) => Number.isSafeInteger(each) && each > 0))
  throw new Error('--seeds, --from, --ledgers and --lanes are whole numbers above zero');

async function one(seed: number): Promise<boolean> {
  try {
    const { ms, ledgers: last, harm, counts } = await walk({ seed, ledgers });
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

await setup();
const failed: number[] = [];
const waiting = Array.from({ length: seeds }, (_, index) => from + index).values();
const lane = async (): Promise<void> => {
  for (const seed of waiting) if (!(await one(seed))) failed.push(seed);
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
process.exitCode = failed.length === 0 ? 0 : 1;
