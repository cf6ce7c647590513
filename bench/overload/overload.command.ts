import type { Command } from 'commander';
import { z } from 'zod';
import { checked, command, does } from '../../src/cli/command-line.js';
import { publish } from '../lab/publish.js';
import { Overload } from './overload.js';
import { overloadOutcome } from './overload-section.js';

const optionsSchema = z.strictObject({
  seconds: z.coerce.number().min(1).max(3600),
  role: z.enum(['split', 'all']),
  build: z.string().optional(),
});

/** `npm run bench -- overload`: more demand than one process can serve. */
export function overloadCommand(): Command {
  return does(
    command('overload', {
      summary:
        'ten times the demand that a process can serve: goodput, refusals, age of the snapshot, neighbours',
      more:
        'The exit code is 1 when an answer is not the expected one, a refusal has no Retry-After, or a ' +
        'snapshot is older than pools allow.',
      example: 'npm run bench -- overload --role all',
    })
      .option('--seconds <n>', 'each of its seven loads', '20')
      .option('--role <role>', 'split: an API and a worker; all: one process', 'all')
      .option(
        '--build <folder>',
        "of another build of the service, such as another worktree's dist",
      ),
    async (options) => {
      const report = await Overload.measure(checked(optionsSchema, options), (line) => {
        process.stderr.write(`${line}\n`);
      });
      const { section, faults } = overloadOutcome(report);
      return publish('bench-overload', { sections: [section], faults });
    },
  );
}
