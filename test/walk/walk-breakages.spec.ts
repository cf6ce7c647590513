import { describe, expect, test } from '@jest/globals';
import { someOf } from '../support/dose.js';
import { BREAKAGES } from './breakages.js';
import { walk } from './walk.js';

/** A broken rule shows in one of this many seeds. */
const TRIES = [1, 3, 2, 5, 4, 6];
const LEDGERS = 150;
/** On a machine shared by seven others (load 13 on 2 cores) four tries took 120 s. */
const LIMIT_MS = 600_000;

describe('the walk notices a service that is broken', () => {
  test.each(someOf('breakages of the service', BREAKAGES, 2 / 7))(
    '$name',
    async ({ breakage, found }) => {
      const outcomes: string[] = [];
      for (const seed of TRIES) {
        outcomes.push(
          await walk({ seed, ledgers: LEDGERS, breakage }).then(
            () => 'nothing',
            (thrown: unknown) => String(thrown),
          ),
        );
        if (found.test(outcomes.at(-1) ?? '')) break;
      }
      expect(outcomes.at(-1)).toMatch(found);
    },
    LIMIT_MS,
  );
});
