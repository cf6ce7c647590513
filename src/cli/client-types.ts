import { spawnSync } from 'node:child_process';
import { inPackage } from '../common/places.js';

const GENERATOR = inPackage('scripts', 'typegen', 'generate.mjs');
const LIMIT_MS = 120_000;

/**
 * Types of the API's clients: `src/client/api.types.ts`. The generator works in a process and a
 * folder of its own, with the TypeScript 5 whose compiler API it needs.
 * @param document OpenAPI as JSON
 */
export function clientTypes(document: string): string {
  const run = spawnSync(process.execPath, [GENERATOR], {
    input: document,
    encoding: 'utf8',
    timeout: LIMIT_MS,
    maxBuffer: 32 * 1024 * 1024,
  });
  if (run.status !== 0 || run.stdout === '')
    throw new Error(
      `The client's types could not be made: ${run.stderr || run.error?.message || 'no reason given'}`,
    );
  return run.stdout;
}
