import { describe, expect, test } from '@jest/globals';
import { HoldfastError } from '../../common/errors.js';
import { Turnstile } from './turnstile.js';

const LIMITS = { least: 2, most: 2, few: 1, urgent: 1, free: 0, waitMs: 100 };
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
    await other;
    leaves.shift()?.();
    await flood[2];
    expect(order).toEqual(['flood 0', 'flood 1', 'other', 'flood 2']);
    while (order.length < 7) {
      leaves.shift()?.();
      await Promise.resolve();
    }
    await Promise.all(flood);
  });

  test('beside another tenant one that floods is let in less, and all of its requests are answered', async () => {
    const limits = { least: 9, most: 9, few: 3, urgent: 1, free: 64, waitMs: 60_000 };
    const door = turnstile(limits);
    const running = { flood: [] as (() => void)[], other: [] as (() => void)[] };
    const enter = async (tenant: keyof typeof running): Promise<void> => {
      running[tenant].push(await door.enter(tenant, never));
    };
    const flood = Array.from({ length: 40 }, () => enter('flood'));
    await soon('begun');
    expect(running.flood).toHaveLength(9);
    const other = Array.from({ length: 2 }, () => enter('other'));
    for (let ended = 0; ended < 9; ended++) {
      running.flood.shift()?.();
      await soon('begun');
    }
    await Promise.all(other);
    expect([running.flood.length, running.other.length]).toEqual([1, 2]);
    // a place that the flood is not let into is there for another at once, and its own share grows
    await enter('other');
    expect([running.flood.length, running.other.length]).toEqual([2, 3]);
    for (const leave of running.other) leave();
    while (running.flood.length > 0) {
      running.flood.shift()?.();
      await soon('begun');
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

  test('however many requests of a flood wait, another tenant may wait too', async () => {
    const door = turnstile({ ...LIMITS, waitMs: 1_000_000 });
    let refused = 0;
    const enter = (caller: string): void => {
      door.enter(caller, never).catch(() => refused++);
    };
    for (let at = 0; at < 1_010; at++) enter('flood');
    await soon('refused');
    expect(refused).toBe(8); // two are worked on, and 1,000 wait
    enter('other');
    await soon('waits');
    expect(refused).toBe(8);
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
