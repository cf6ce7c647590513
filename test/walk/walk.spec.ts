import { describe, expect, test } from '@jest/globals';
import { walkSeeds } from '../support/walk-seeds.js';
import { BREAKAGES } from './breakages.js';
import { FAULT_KINDS } from './faults.js';
import { walk, type WalkReport } from './walk.js';

const LEDGERS = 500;
/** With the machine shared by seven others (load 13 on 2 cores) a pair of seeds took 275 s. */
const SEED_LIMIT_MS = 600_000;
/** Much of a walk is waiting, for Postgres, for time limits, for restarts: two at once fill it. */
const LANES = 2;
const reports: WalkReport[] = [];

describe(
  'a random walk of two API apps and two workers over ledgers: no promise is broken, every ' +
    'bridge closes, at quiet nothing is held',
  () => {
    const seeds = walkSeeds();
    const pairs = Array.from({ length: Math.ceil(seeds.length / LANES) }, (_, index) =>
      seeds.slice(index * LANES, (index + 1) * LANES),
    );
    test.each(pairs.map((pair) => [pair.join(' and '), pair] as const))(
      'seeds %s',
      async (_, pair) => {
        const done = await Promise.allSettled(pair.map((seed) => walk({ seed, ledgers: LEDGERS })));
        for (const outcome of done) {
          if (outcome.status === 'rejected') throw outcome.reason;
          reports.push(outcome.value);
          expect(outcome.value.counts['settled']).toBeGreaterThan(0);
          process.stdout.write(
            `walk, seed ${outcome.value.seed}: ${outcome.value.ledgers} ledgers in ` +
              `${Math.round(outcome.value.ms / 1000)} s\n`,
          );
        }
      },
      SEED_LIMIT_MS,
    );

    test('together they did what they are for', () => {
      const counted = new Set(reports.flatMap(({ counts }) => Object.keys(counts)));
      const wanted = [
        'held',
        'refused INSUFFICIENT_LIQUIDITY',
        'refused BORROWER_BUSY',
        'asked at both',
        'replayed',
        'landed',
        'failed on the chain',
        'fee bump landed',
        'rebuilt',
        'cancelled',
        'cancellation honoured',
        'settled',
        'expired',
        'released sequence_consumed',
        'released not_rebuilt',
        'repayment',
        'deposit',
        'transfer in',
        'default',
        'withdrawal',
        'interest',
        'foreign loan',
        'bridge explained',
        'break unreserved_funding',
        'break external_transfer',
        'api restarted',
        'worker restarted',
        'connection terminated',
        'transaction cut',
        'pool asked',
        'whole check',
        'failover',
        'promise lost',
        'ledgers in quarantine',
        'alarm database_changed',
        'alarm quarantine_ended',
      ];
      expect(wanted.filter((what) => !counted.has(what))).toEqual([]);
      expect(FAULT_KINDS.filter((kind) => counted.has(`fault ${kind}`)).length).toBeGreaterThan(
        FAULT_KINDS.length * 0.7,
      );
    });
  },
);

/** A broken rule shows itself in one of so many seeds. */
const TRIES = [1, 3, 2, 5];

describe('the walk notices a service that is broken', () => {
  test.each(BREAKAGES)(
    '$name',
    async ({ breakage, found }) => {
      const told: string[] = [];
      for (const seed of TRIES) {
        told.push(
          await walk({ seed, ledgers: 150, breakage }).then(
            () => 'nothing',
            (thrown: unknown) => String(thrown),
          ),
        );
        if (found.test(told.at(-1) ?? '')) break;
      }
      expect(told.at(-1)).toMatch(found);
    },
    SEED_LIMIT_MS,
  );
});
