import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LedgerUpkeep } from '../../src/modules/liquidity/guards/ledger-upkeep.js';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';
import { DailyBalances } from '../../src/modules/liquidity/snapshots/daily-balances.js';
import { brokenDays, closedMonth } from '../support/closed-months.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { Dice } from '../support/dice.js';
import { givenPool, openLedger, type LedgerUnderTest } from '../support/given-ledger.js';
import { RandomBooks } from '../support/random-books.js';

const SEEDS = 8;
const PAIRS = 60;

let database: TestDatabase;
let under: LedgerUnderTest;
let pool: PoolRecord;
beforeAll(async () => {
  database = await createTestDatabase();
  under = openLedger(database.url);
});
afterAll(async () => {
  await under.connections.close();
  await database.drop();
});

const sql = async <T extends Record<string, unknown>>(
  text: string,
  values: readonly unknown[] = [],
): Promise<T[]> => (await under.connections.write.query<T>(text, [...values])).rows;
const days = (atOnce: number): DailyBalances =>
  new DailyBalances(under.connections, 10_000, atOnce);
const rows = (): Promise<Record<string, string>[]> =>
  sql(
    `select to_char(day, 'YYYY-MM-DD') as day, figure, state, opening_base::text as opening,
      deposits_base::text as deposits, withdrawals_base::text as withdrawals,
      fundings_base::text as fundings, repayments_of_principal_base::text as principal,
      interest_and_fees_base::text as interest, losses_base::text as losses,
      other_base::text as other, closing_base::text as closing, unexplained_base::text as unexplained,
      not_known_base::text as not_known, fundings_without_hold_base::text as without_hold
    from reporting.daily_balances_v1 where pool_id = $1 order by day, figure`,
    [pool.id],
  );

describe('random histories', () => {
  test.each(Array.from({ length: SEEDS }, (_, seed) => seed + 1))(
    'seed %i: every row adds up to the unit and is the sum of its reconciliations',
    async (seed) => {
      const dice = new Dice(seed);
      pool = await givenPool(under, 1000n);
      const books = new RandomBooks(dice);
      for (let pair = 0; pair < PAIRS; pair++) {
        await books.add(under.connections.write, pool.id);
        if (dice.chance(0.1)) await books.explainOne(under.connections.write, pool.id);
        const note = () => days(1 + dice.below(9)).note(pool.id, 1 + dice.below(3));
        // two workers at once now and then
        if (dice.chance(0.3)) await Promise.all(dice.chance(0.4) ? [note(), note()] : [note()]);
      }
      expect(await days(7).note(pool.id, 100)).toMatchObject({ again: false });
      const noted = await rows();
      expect(noted).toEqual(books.expected());
      expect(await brokenDays(under.connections.read, pool.id)).toEqual([]);
      for (const { opening, moved, closing } of await closedMonth(under.connections.read, pool.id))
        expect(opening + moved).toBe(closing);

      // what the days were summed up from is gone, and they stay
      await sql(`update reconciliations set at = at - interval '200 days' where pool_id = $1`, [
        pool.id,
      ]);
      await sql('update pools set snapshot_ledger = 10000000 where id = $1', [pool.id]);
      await new LedgerUpkeep(under.connections, 10_000).prune(
        { snapshotDays: 400, chainEventDays: 400, reconciliationDays: 90 },
        10,
      );
      expect(await days(7).note(pool.id, 100)).toEqual({ pairs: 0, corrected: 0, again: false });
      expect(await rows()).toEqual(noted);
    },
    60_000,
  );
});

describe('what is not known', () => {
  const first = { ledger: 100, figures: { total: 1000n, locked: 0n, tokenBalance: 1000n } };

  test('a day without a snapshot says so, and the next one has what moved since', async () => {
    pool = await givenPool(under, 1000n);
    const books = new RandomBooks(new Dice(1), first);
    const at = (day: number): string => `2026-11-${String(day).padStart(2, '0')} 13:00:00+00`;
    await books.put(under.connections.write, pool.id, { at: at(1), terms: { deposits: 5n } });
    await books.put(under.connections.write, pool.id, { at: at(4), terms: { deposits: 7n } });
    await days(100).note(pool.id, 1);
    expect((await rows()).filter(({ figure }) => figure === 'total')).toMatchObject([
      { day: '2026-11-01', state: 'final', opening: '1000', deposits: '5', closing: '1005' },
      { day: '2026-11-02', state: 'not known', opening: null, deposits: null, closing: null },
      { day: '2026-11-03', state: 'not known', opening: null, closing: null },
      { day: '2026-11-04', state: 'running', opening: '1005', deposits: '7', closing: '1012' },
    ]);
    await under.registry.change(pool.id, { state: 'closed' });
    await sql('update pools set snapshot_ledger = 102 where id = $1', [pool.id]);
    expect((await rows()).at(-1)).toMatchObject({ state: 'final' });
  });

  test('a database of before begins where reconciliations are complete', async () => {
    pool = await givenPool(under, 1000n);
    const books = new RandomBooks(new Dice(1), first);
    for (const [day, deposits] of [1, 2, 3, 4].entries())
      await books.put(under.connections.write, pool.id, {
        at: `2026-11-0${day + 1} 13:00:00+00`,
        terms: { deposits: BigInt(deposits) },
        ...(day === 0 && { difference: 9n }),
      });
    // upkeep of the release before kept only what is remarkable of the first two days
    await sql('delete from reconciliations where pool_id = $1 and to_ledger = 102', [pool.id]);
    await days(100).note(pool.id, 1);
    expect((await rows()).filter(({ figure }) => figure === 'total')).toMatchObject([
      { day: '2026-11-03', opening: '1012', deposits: '3' },
      { day: '2026-11-04', opening: '1015', deposits: '4' },
    ]);
  });

  test('the table refuses a row that does not add up', async () => {
    await expect(
      sql(`update daily_balances set closing = closing + 1 where pool_id = $1 and pairs > 0`, [
        pool.id,
      ]),
    ).rejects.toMatchObject({ code: '23514', constraint: 'daily_balances_add_up' });
  });
});
