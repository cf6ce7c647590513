import type { Command } from 'commander';
import { command, does } from './command-line.js';

/** The same program as `npm start` and the image run. */
const MAIN = new URL('../main.js', import.meta.url).href;

export function startCommand(): Command {
  return does(
    command('start', {
      summary: 'start the service, and outside production what it needs and does not find',
      more: 'Every setting is an environment variable: docs/configuration.md.',
      example: 'holdfast start',
    }),
    async () => {
      await import(MAIN);
    },
  );
}
