// npm run fuzz -- --requests 20000 [--seed S]: the fuzz test alone, with more requests than in an
// ordinary run.
import { spawnSync } from 'node:child_process';
import { Command, InvalidArgumentError } from 'commander';
import { build } from './build.mjs';

const whole = (text) => {
  if (!/^[0-9]{1,10}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return text;
};
const { requests, seed } = new Command('npm run fuzz --')
  .description('Fuzz the API with requests made from its own document.')
  .option('--requests <n>', 'how many requests', whole, '20000')
  .option('--seed <n>', 'of the dice; a new one when left out', whole)
  .addHelpText('after', '\nExample:\n  npm run fuzz -- --requests 500 --seed 7')
  .parse()
  .opts();
build();
const run = spawnSync(
  process.execPath,
  ['node_modules/jest/bin/jest.js', '--maxWorkers=1', 'dist/test/http/fuzz.e2e.spec.js'],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      FUZZ_REQUESTS: requests,
      ...(seed === undefined ? {} : { FUZZ_SEED: seed }),
    },
  },
);
process.exit(run.status ?? 1);
