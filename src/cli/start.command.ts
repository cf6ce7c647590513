import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { fileOf } from '../common/places.js';
import { command, does } from './command-line.js';

/** The same program as `npm start` and the image run. */
const MAIN = pathToFileURL(fileOf('main')).href;

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
