import { describe, expect, test } from '@jest/globals';
import { HoldfastError } from '../../common/errors.js';
import { Turnstile } from './turnstile.js';

const LIMITS = { least: 2, most: 2, urgent: 1, free: 0, waitMs: 100 };
const never = (): void => undefined;
const soon = (word: string): Promise<string> =>
  new Promise((resolve) => setImmediate(resolve, word));
const turnstile = (limits = LIMITS): Turnstile =>
  new Turnstile({ limits, utilisation: { sinceLast: () => 1 } });

describe('turnstile', () => {
  test('callers take turns: one that floods makes only its own requests wait', async () => {
    const door = turnstile();
    const order: string[] = [];
    const leaves: (() => void)[] = [];
    const enter = async (caller: string, name: string): Promise<void> => {
      const leave = await door.enter(caller, never);
      order.push(name);
      leaves.push(leave);
    };
    const flood = Array.from({ length: 6 }, (_, index) => enter('flood', `flood ${index}`));
    const other = enter('other', 'other');
    await Promise.all(flood.slice(0, 2));
    expect(order).toEqual(['flood 0', 'flood 1']);
    leaves.shift()?.();
    await flood[2];
    leaves.shift()?.();
    await other;
    expect(order).toEqual(['flood 0', 'flood 1', 'flood 2', 'other']);
    while (order.length < 7) {
      leaves.shift()?.();
      await Promise.resolve();
    }
    await Promise.all(flood);
  });

  test('a request whose turn comes too late is refused then, and the next one begins', async () => {
    const door = turnstile({ ...LIMITS, free: 64, waitMs: 5 });
    const leaves = [await door.enter('one', never), await door.enter('one', never)];
    const late = door.enter('one', never).catch((thrown: unknown) => thrown);
    const started = performance.now();
    while (performance.now() - started < 11) await Promise.resolve();
    const next = door.enter('other', never);
    for (const leave of leaves) leave();
    expect(await late).toMatchObject({ code: 'BUSY_RETRY' });
    expect(typeof (await next)).toBe('function');
  });

  test('a request that would wait too long is refused at once, with the wait; another caller is not', async () => {
    const door = turnstile();
    const admitted: Promise<unknown>[] = [];
    let refused: unknown;
    while (refused === undefined && admitted.length < 1000) {
      const asked = door.enter('flood', never);
      admitted.push(asked);
      refused = await Promise.race([
        asked.then(
          () => undefined,
          (thrown: unknown) => thrown,
        ),
        new Promise<undefined>((resolve) => {
          setImmediate(resolve, undefined);
        }),
      ]);
    }
    expect(refused).toBeInstanceOf(HoldfastError);
    expect(refused).toMatchObject({ code: 'BUSY_RETRY', facts: { retryAfterSeconds: 1 } });
    expect(String(refused)).toMatch(/requests are being answered or wait for it/);
    // at the rate that is assumed at first, 10 end in 100 ms
    expect(admitted.length).toBeGreaterThan(2);
    expect(admitted.length).toBeLessThanOrEqual(12);
    const other = door.enter('other', never);
    expect(await Promise.race([other.catch(() => 'refused'), Promise.resolve('waits')])).toBe(
      'waits',
    );
  });

  test('a busy process begins fewer requests while more urgent work is late', async () => {
    let late = false;
    let busy = 1;
    const door = new Turnstile({
      limits: { ...LIMITS, least: 3, most: 9, free: 64, waitMs: 60_000 },
      utilisation: { sinceLast: () => busy },
      isLate: () => late,
    });
    const untilItLooks = async (): Promise<void> => {
      const from = performance.now();
      while (performance.now() - from < 110) await Promise.resolve();
    };
    const leaves = [await door.enter('a', never), await door.enter('a', never)];
    late = true;
    await untilItLooks();
    const waits = door.enter('a', never);
    leaves.shift()?.();
    expect(await Promise.race([waits.then(() => 'begun'), soon('waits')])).toBe('waits');
    leaves.shift()?.();
    leaves.push(await waits);
    busy = 0;
    await untilItLooks();
    leaves.push(await door.enter('a', never), await door.enter('a', never));
    const fourth = door.enter('a', never);
    expect(await Promise.race([fourth.then(() => 'begun'), soon('waits')])).toBe('waits');
    leaves.shift()?.();
    leaves.push(await fourth);
    for (const leave of leaves.splice(0)) leave();
    busy = 1;
    late = false;
    await untilItLooks();
    expect(typeof (await door.enter('a', never))).toBe('function');
  });

  test('a caller that has gone gives up its place', async () => {
    const door = turnstile({ ...LIMITS, waitMs: 60_000 });
    const leaves = await Promise.all([door.enter('a', never), door.enter('a', never)]);
    let go = never;
    const gone = door.enter('b', (callback) => {
      go = callback;
    });
    const next = door.enter('c', never);
    go();
    await expect(gone).rejects.toThrow('The caller has gone.');
    leaves[0]?.();
    leaves[0]?.(); // answered and closed: it counts once
    await next;
    expect(
      await Promise.race([door.enter('d', never).then(() => 'begun'), Promise.resolve('waits')]),
    ).toBe('waits');
  });
});
