import type { Command } from 'commander';
import { z } from 'zod';
import { checked, command, does } from '../../src/cli/command-line.js';
import { publish } from '../lab/publish.js';
import { Crowd } from './crowd.js';
import { crowdOutcome } from './crowd-section.js';

const optionsSchema = z.strictObject({
  callers: z.coerce.number().int().min(1).max(50_000),
  seconds: z.coerce.number().min(0).max(600),
  fit: z.coerce.number().int().min(1).max(1000),
  signing: z.enum(['transaction', 'authorization']),
  patience: z.coerce.number().min(1).max(3600),
});

/** `npm run bench -- crowd`: many come for the funds of few. */
export function crowdCommand(): Command {
  return does(
    command('crowd', {
      summary: 'a flash crowd over HTTP: who is promised, who is refused and why, and what lands',
      more:
        'The exit code is 1 when the pool is over-committed, a refusal is not true, a promise does ' +
        'not land, or an answer is a 5xx other than an honest 503.',
      example: 'npm run bench -- crowd --callers 1000 --fit 40',
    })
      .option('--callers <n>', 'each with an account of its own', '5000')
      .option('--seconds <n>', 'in which they come', '10')
      .option('--fit <n>', 'loans that the pool has funds for', '100')
      .option('--signing <way>', 'transaction or authorization', 'transaction')
      .option('--patience <seconds>', 'how long a caller asks again', '120'),
    async (options) => {
      const { patience: patienceSeconds, ...plan } = checked(optionsSchema, options);
      const report = await Crowd.measure({ ...plan, patienceSeconds }, (what) => {
        process.stderr.write(`${what}\n`);
      });
      const { section, faults } = crowdOutcome(report);
      return publish('bench-crowd', { sections: [section], faults });
    },
  );
}
