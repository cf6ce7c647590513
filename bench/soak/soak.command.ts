import type { Command } from 'commander';
import { z } from 'zod';
import { checked, command, does } from '../../src/cli/command-line.js';
import { publish } from '../lab/publish.js';
import { Soak } from './soak.js';
import { soakOutcome } from './soak-section.js';

const optionsSchema = z.strictObject({
  minutes: z.coerce.number().min(0.05).max(10_080),
  callers: z.coerce.number().int().min(1).max(2_000),
  load: z.coerce.number().gt(0).max(1),
  role: z.enum(['split', 'all']),
});

/** `npm run bench -- soak`: whether anything grows that should not. */
export function soakCommand(): Command {
  return does(
    command('soak', {
      summary:
        'a load for a long time: memory, tables, dead rows, log, sockets, age of the snapshot',
      more:
        'The exit code is 1 when one of them is not steady, a snapshot is older than pools allow, an ' +
        'answer is not the expected one, or a counter is not the sum of its rows.',
      example: 'npm run bench -- soak --minutes 60',
    })
      .option('--minutes <n>', 'how long', '60')
      .option('--callers <n>', 'requests at once', '64')
      .option('--load <share>', 'of what it can answer; 1: as fast as it answers', '0.5')
      .option('--role <role>', 'split: an API and a worker; all: one process', 'split'),
    async (options) => {
      const report = await Soak.measure(checked(optionsSchema, options), (line) => {
        process.stderr.write(`${line}\n`);
      });
      const { section, faults } = soakOutcome(report);
      return publish('bench-soak', {
        sections: [section],
        faults,
        more: { samples: report.samples },
      });
    },
  );
}
