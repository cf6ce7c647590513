import { test } from '@jest/globals';

/**
 * Tests that need a program. If it is missing they are skipped, with a visible line.
 * @param lack what is missing, where it comes from, and what is left out
 */
export function testWhere(isThere: boolean, lack: string): typeof test.skip {
  if (isThere) return test;
  process.stderr.write(`skip: ${lack}\n`);
  return test.skip;
}
