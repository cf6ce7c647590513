import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { RateCounts } from './rate-counts.js';

const MINUTE = 60_000;
let database: TestDatabase;
let one: RateCounts;
let two: RateCounts;
const troubles: Error[] = [];
const open = (waitMs = 15_000): RateCounts =>
  new RateCounts({ url: database.url, waitMs, onTrouble: (error) => troubles.push(error) });
beforeAll(async () => {
  database = await createTestDatabase();
  [one, two] = [open(), open()];
});
afterAll(async () => {
  await one.close();
  await two.close();
  await database.drop();
});

async function on<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(database.url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
const rows = (): Promise<{ subject: string; taken: number }[]> =>
  on(
    async (client) =>
      (
        await client.query<{ subject: string; taken: number }>(
          'select subject, taken from rate_windows order by subject',
        )
      ).rows,
  );

describe('counts', () => {
  test('each request is counted once, whichever of two processes asks, in one row per subject', async () => {
    const counts = await Promise.all(
      Array.from({ length: 400 }, (_, index) =>
        (index % 2 === 0 ? one : two).take(index % 4 < 2 ? 'many' : 'others', MINUTE, 1000),
      ),
    );
    const taken = (from: number): number[] =>
      counts
        .filter((_, index) => index % 4 >= from && index % 4 < from + 2)
        .map((count) => count.taken)
        .toSorted((a, b) => a - b);
    expect(taken(0)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(taken(2)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(counts.every(({ leftMs }) => leftMs > 0 && leftMs <= MINUTE)).toBe(true);
    expect(await rows()).toEqual([
      { subject: 'many', taken: 200 },
      { subject: 'others', taken: 200 },
    ]);
    expect(troubles).toEqual([]);
  });

  test('a new window begins with the next request after the old one is over', async () => {
    await one.take('again', MINUTE, 1000);
    await one.take('again', MINUTE, 1000);
    await on((client) =>
      client.query(
        `update rate_windows set ends_at = clock_timestamp() - interval '1 millisecond' where subject = 'again'`,
      ),
    );
    expect((await one.take('again', MINUTE, 1000)).taken).toBe(1);
    expect((await two.take('again', MINUTE, 1000)).taken).toBe(2);
  });

  test(
    'once more than allowed were counted, the rest of the window is answered without the ' +
      'database; the window after it is not',
    async () => {
      for (let request = 1; request <= 3; request++)
        expect((await one.take('flood', 400, 2)).taken).toBe(request);
      const flood = await Promise.all(Array.from({ length: 50 }, () => one.take('flood', 400, 2)));
      expect(new Set(flood.map(({ taken }) => taken))).toEqual(new Set([3]));
      expect((await rows()).find(({ subject }) => subject === 'flood')?.taken).toBe(3);
      let now = await one.take('flood', 400, 2);
      while (now.taken === 3) {
        await new Promise((wake) => {
          setTimeout(wake, now.leftMs);
        });
        now = await one.take('flood', 400, 2);
      }
      expect(now.taken).toBe(1);
    },
  );

  test('a database that does not answer is waited for up to a limit; afterwards it counts again', async () => {
    const hasty = open(200);
    await hasty.open();
    await on(async (client) => {
      await client.query('begin; lock table rate_windows in access exclusive mode');
      await expect(hasty.take('stuck', MINUTE, 10)).rejects.toThrow(
        /no count within 200 ms|statement timeout|lock timeout/,
      );
      await client.query('rollback');
    });
    let counted = null;
    while (counted === null) counted = await hasty.take('stuck', MINUTE, 10).catch(() => null);
    expect(counted.taken).toBeGreaterThanOrEqual(1);
    expect(troubles.length).toBeGreaterThan(0);
    await hasty.close();
  });

  test('a server that cannot be reached is an error, not a hang', async () => {
    const nowhere = new RateCounts({ url: 'postgres://none@127.0.0.1:9/none', waitMs: 500 });
    await expect(nowhere.take('x', MINUTE, 1)).rejects.toThrow(/ECONNREFUSED|no count within/);
    await nowhere.close();
  });
});
