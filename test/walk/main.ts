import { parseArgs } from 'node:util';
import setup from '../support/global-setup.js';
import { walk } from './walk.js';

/** `npm run walk -- --seeds 100 [--from N] [--ledgers 500]`: one line a seed, and the first failure in full at its end. */
const { values } = parseArgs({ options: { seeds: { type: 'string', default: '100' }, from: { type: 'string', default: '1' }, ledgers: { type: 'string', default: '500' } } });
const [seeds, from, ledgers] = [values.seeds, values.from, values.ledgers].map(Number);
if (![seeds, from, ledgers].every((each) => Number.isSafeInteger(each) && (each ?? 0) > 0)) throw new Error('--seeds, --from and --ledgers are whole numbers above zero');

await setup();
const failed: number[] = [];
try {
  for (let seed = from ?? 1; seed < (from ?? 1) + (seeds ?? 0); seed++) {
    try {
      const { ms, ledgers: last, harm, counts } = await walk({ seed, ledgers: ledgers ?? 0 });
      console.log(`seed ${seed}${harm ? ', with strangers' : ''}: ${last} ledgers in ${(ms / 1000).toFixed(1)} s ${JSON.stringify(counts)}`);
    } catch (thrown) {
      failed.push(seed);
      console.error(`FAILED ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }
} finally {
  await globalThis.holdfastEndTests?.();
}
console.log(failed.length === 0 ? `${seeds} seeds passed` : `${failed.length} of ${seeds} seeds failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
