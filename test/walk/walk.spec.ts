import { afterAll, describe, expect, test } from '@jest/globals';
import { someOf } from '../support/dose.js';
import { walkDose } from '../support/walk-dose.js';
import { FAULT_KINDS } from './faults.js';
import type { WalkOptions, WalkReport } from './walk.js';
import { WalkLane } from './walk-process.js';
import type { WalkedSigning } from './world.js';

/** On a machine shared by seven others (load 13 on 2 cores) a pair of seeds took 275 s. */
const SEED_LIMIT_MS = 600_000;
/**
 * A walk mostly waits, for Postgres, time limits and restarts, so two at once use the machine well.
 */
const LANES = 2;
const lanes = Array.from({ length: LANES }, () => new WalkLane());
/** Of a walk on a later generation. */
const LATER_LEDGERS = 200;
/** The first has many loans of ours, of which some default; the second strangers, who withdraw. */
const laterSeeds = someOf('walks on later generations, by seed', [1, 2], 0.5);
const defaults = laterSeeds.includes(1) ? ['default'] : [];
const withdrawals = laterSeeds.includes(2) ? ['withdrawal'] : [];
const LATER = [
  { contracts: 'contracts of generation g2', generation: 'g2', rare: defaults },
  { contracts: 'contracts of generation g3', generation: 'g3', rare: defaults },
  {
    contracts: 'a reserve, which has no loan ids and lends a part of what was supplied',
    generation: 'reserve',
    rare: withdrawals,
  },
] as const;
const reports: WalkReport[] = [];

const { seeds, ledgers } = walkDose();
/** Both walks of a pair, also when one fails. */
const walkPair = (pair: readonly WalkOptions[]): Promise<PromiseSettledResult<WalkReport>[]> =>
  Promise.allSettled(
    lanes.flatMap((lane, index) => {
      const options = pair[index];
      return options ? [lane.walk(options)] : [];
    }),
  );
afterAll(async () => {
  for (const lane of lanes) await lane.end();
});
/**
 * A walk of 200 ledgers may lack one of these, so they are required only where many walks add up,
 * as with WALK_SEEDS=10.
 */
const RARE = [
  'default',
  'withdrawal',
  'interest',
  'foreign loan',
  'break unreserved_funding',
  'failed on the chain',
  'released not_rebuilt',
  'api restarted',
  'failover',
  'promise lost',
  'ledgers in quarantine',
  'alarm database_changed',
  'alarm quarantine_ended',
];
const ENOUGH_FOR_RARE = 2000;
/** Of four seeds two sign transactions, one authorizations, one by turns. */
const signingOf = (seed: number): WalkedSigning =>
  seed % 4 === 3 ? 'authorization' : seed % 4 === 0 ? 'mixed' : 'transaction';
/** Where borrowers sign authorizations. */
const SIGNED_ONCE = ['entry submitted', 'stranger landed', 'foreign signature refused', 'land'];

describe(
  'a random walk of two API apps and two workers over ledgers: every hold is kept, ' +
    'every bridge closes, and in the end nothing is held',
  () => {
    const pairs = Array.from({ length: Math.ceil(seeds.length / LANES) }, (_, index) =>
      seeds.slice(index * LANES, (index + 1) * LANES),
    );
    test.each(pairs.map((pair) => [pair.join(' and '), pair] as const))(
      'seeds %s',
      async (_, pair) => {
        const done = await walkPair(
          pair.map((seed) => ({ seed, ledgers, signing: signingOf(seed) })),
        );
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

    test.each(someOf('walks on later contracts', LATER, 1 / 3))(
      'on $contracts',
      async ({ generation, rare }) => {
        const done = await walkPair(
          laterSeeds.map((seed) => ({ seed, ledgers: LATER_LEDGERS, generation })),
        );
        const counted = done.flatMap((outcome) => {
          if (outcome.status === 'rejected') throw outcome.reason;
          return Object.keys(outcome.value.counts);
        });
        expect(counted).toEqual(expect.arrayContaining(['settled', 'repayment', ...rare]));
      },
      SEED_LIMIT_MS,
    );

    test('together the walks did everything that they must cover', () => {
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
        'month closed',
        'failover',
        'promise lost',
        'ledgers in quarantine',
        'alarm database_changed',
        'alarm quarantine_ended',
      ];
      const signsOnce = seeds.some((seed) => signingOf(seed) !== 'transaction');
      const isAsked = (what: string): boolean =>
        seeds.length * ledgers >= ENOUGH_FOR_RARE || !RARE.includes(what);
      if (signsOnce) wanted.push(...SIGNED_ONCE);
      expect(wanted.filter((what) => isAsked(what) && !counted.has(what))).toEqual([]);
      expect(FAULT_KINDS.filter((kind) => counted.has(`fault ${kind}`)).length).toBeGreaterThan(
        FAULT_KINDS.length * 0.7,
      );
    });
  },
);
