import { describe, expect, test } from '@jest/globals';
import { BREAKAGES } from './breakages.js';
import { walkInProcess } from './walk-process.js';

/** A broken rule shows itself in one of so many seeds. */
const TRIES = [1, 3, 2, 5];
const LEDGERS = 150;
/** With the machine shared by seven others (load 13 on 2 cores) four tries took 120 s. */
const LIMIT_MS = 600_000;

describe('the walk notices a service that is broken', () => {
  test.each(BREAKAGES)(
    '$name',
    async ({ name, found }) => {
      const told: string[] = [];
      for (const seed of TRIES) {
        told.push(
          await walkInProcess({ seed, ledgers: LEDGERS, breakage: name }).then(
            () => 'nothing',
            (thrown: unknown) => String(thrown),
          ),
        );
        if (found.test(told.at(-1) ?? '')) break;
      }
      expect(told.at(-1)).toMatch(found);
    },
    LIMIT_MS,
  );
});
