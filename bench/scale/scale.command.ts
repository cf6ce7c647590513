import type { Command } from 'commander';
import { z } from 'zod';
import { checked, command, does } from '../../src/cli/command-line.js';
import { Progress } from '../lab/progress.js';
import { publish } from '../lab/publish.js';
import { labPostgres } from '../lab/stage.js';
import { measureScale, SCALE_SETTINGS, scaleSeconds } from './scale.js';

const optionsSchema = z.strictObject({
  rounds: z.coerce.number().int().min(1).max(20),
  seconds: z.coerce.number().min(0.3).max(60),
  warmUp: z.coerce.number().min(0.3).max(600),
  live: z.coerce.number().int().min(100_000).max(20_000_000),
  finished: z.coerce.number().int().min(1000).max(20_000_000),
});

/** `npm run bench -- scale`: what a hold costs on a ledger that is not empty. */
export function scaleCommand(): Command {
  return does(
    command('scale', {
      summary: 'what a hold costs beside many live holds, many finished ones and many pools',
      more:
        'Loads databases of its own first. The exit code is 1 when a counter differs from the sum ' +
        'of its holds.',
      example: 'npm run bench -- scale --live 200000 --finished 500000 --rounds 1',
    })
      .option('--rounds <n>', 'interleaved rounds', '3')
      .option('--seconds <n>', 'length of each window', '3')
      .option('--warm-up <n>', 'length of the window that is not counted', '3')
      .option('--live <n>', 'live holds of the largest ledger', '1000000')
      .option('--finished <n>', 'finished reservations of the largest ledger', '1000000'),
    async (options) => {
      const plan = checked(optionsSchema, options);
      const server = await labPostgres(SCALE_SETTINGS);
      try {
        const progress = new Progress(scaleSeconds(plan), (line) => {
          process.stderr.write(`${line}\n`);
        });
        const { section, faults } = await measureScale(server, plan, progress);
        return publish('bench-scale', { sections: [section], faults });
      } finally {
        await server.stop();
      }
    },
  );
}
