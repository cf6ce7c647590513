import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isSoak } from '../support/dose.js';
import {
  givenBorrowers,
  givenPool,
  givenService,
  type GivenPool,
  type Service,
} from '../support/given.js';
import { race, type RaceFigures, type RaceTerms, type RaceOptions } from '../support/race.js';

/**
 * The demo's race over HTTP, on a network that counts as validators do, with ledgers of five
 * seconds. Every loan with a hold lands before its deadline, and none of their transactions fails
 * without interference.
 */
let service: Service;
beforeAll(async () => {
  service = await givenService();
});
afterAll(() => service.stop());

const UNIT = 10_000_000n;
const FUNDED = 80n * UNIT;
/** Funds a number of loans of 80 and leaves one base unit. */
const depositFor = (loans: number): bigint => BigInt(loans) * FUNDED + 1n;
const terms = (instalments: number): RaceTerms => ({
  totalAmount: '120',
  guaranteeAmount: '40',
  instalments,
  instalment: String(120 / instalments),
});
const strictPool = (loans: number, on = service): Promise<GivenPool> =>
  givenPool(on, { deposit: depositFor(loans), rules: { strict: true } });

async function measured(what: string, wish: RaceOptions): Promise<RaceFigures> {
  const from = performance.now();
  const figures = await race(service, wish);
  const { held, landed, failed, ledgers, mostInOneLedger } = figures;
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  process.stdout.write(
    `race, ${what}: ${held} held, ${landed} landed in ${ledgers} ledgers (at most ` +
      `${mostInOneLedger} in one), ${failed} failed; ${seconds} s\n`,
  );
  return figures;
}

const EXACTLY_20_OF_50 = {
  held: 20,
  refused: { INSUFFICIENT_LIQUIDITY: 30 },
  askedAgain: 0,
  landed: 20,
  failed: 0,
  lapsed: 0,
  settled: 20,
};

describe('50 borrowers ask at once, the pool can fund 20', () => {
  test.each([1, 4, 12])(
    'with %i instalments',
    async (instalments) => {
      const pool = await strictPool(20);
      const borrowers = givenBorrowers(service, pool.contract, { count: 50 });
      expect(
        await measured(`${instalments} instalments`, {
          pool,
          borrowers,
          terms: terms(instalments),
        }),
      ).toMatchObject(EXACTLY_20_OF_50);
    },
    120_000,
  );

  test(
    'with strangers who borrow from the same lending contract before the submissions and between ' +
      'the ledgers',
    async () => {
      const pool = await strictPool(20);
      const borrowers = givenBorrowers(service, pool.contract, { count: 50 });
      const { control } = service.network;
      const stranger = (): void => {
        control.foreignLoan({ pool: pool.contract, total: 10n * UNIT, guarantee: 2n * UNIT });
      };
      const figures = await measured('1 instalment and strangers', {
        pool,
        borrowers,
        terms: terms(1),
        between: () => {
          // the amount that strangers take
          control.actions.deposit({ pool: pool.contract, amount: 100n * UNIT });
          for (let loan = 0; loan < 5; loan++) stranger();
        },
        afterLedger: (ledger) => {
          if (ledger < 5) stranger();
        },
      });
      expect(figures).toMatchObject(EXACTLY_20_OF_50);
      // the strangers did interfere, within the window
      expect(control.loans(pool.contract).length).toBeGreaterThanOrEqual(20 + 5 + 1);
    },
    120_000,
  );
});

test(
  'a pool that can fund all of its borrowers: each loan lands, over many ledgers, and a ' +
    'client only repeats refused requests',
  async () => {
    const count = isSoak ? 100 : 50;
    const pool = await strictPool(count);
    const borrowers = givenBorrowers(service, pool.contract, { count });
    const figures = await measured(`${count} borrowers`, { pool, borrowers, terms: terms(1) });
    expect(figures).toMatchObject({
      held: count,
      refused: {},
      landed: count,
      failed: 0,
      lapsed: 0,
      settled: count,
    });
    expect(figures.ledgers).toBeGreaterThan(4); // beyond what a node's queue keeps
  },
  180_000,
);

describe("the other fork's contracts (profile trustup): 50 ask at once, the pool can fund 20", () => {
  test.each([1, 12, 60])(
    'with %i instalments',
    async (instalments) => {
      const pool = await givenPool(service, {
        profile: 'trustup',
        decimals: 0,
        deposit: 20n * 480n + 1n,
        rules: { strict: true },
      });
      const borrowers = givenBorrowers(service, pool.contract, {
        count: 50,
        tokens: 5_000n,
        score: 95,
      });
      const theirs = {
        totalAmount: '600',
        guaranteeAmount: '120',
        instalments,
        instalment: String(600 / instalments),
      };
      expect(
        await measured(`trustup, ${instalments} instalments`, { pool, borrowers, terms: theirs }),
      ).toMatchObject(EXACTLY_20_OF_50);
    },
    120_000,
  );
});

test(
  'negative control: without a window two loans of one ledger conflict, and the same figures ' +
    'show the failure',
  async () => {
    const narrow = await givenService({ COUNTER_WINDOW: '0' });
    try {
      const pool = await givenPool(narrow, { deposit: depositFor(2), rules: { strict: false } });
      const borrowers = givenBorrowers(narrow, pool.contract, { count: 2 });
      expect(await race(narrow, { pool, borrowers, terms: terms(1) })).toMatchObject({
        held: 2,
        landed: 1,
        failed: 1,
        settled: 1,
      });
    } finally {
      await narrow.stop();
    }
  },
  60_000,
);
