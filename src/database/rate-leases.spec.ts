import { describe, expect, test } from '@jest/globals';
import { RateLeases } from './rate-leases.js';

const MINUTE = 60_000;

/** Processes that count in one window, as the database would answer them. */
class Processes {
  now = 0;
  statements = 0;
  taken = 0;
  private readonly leases: readonly RateLeases[];

  constructor(
    count: number,
    private readonly most: number,
  ) {
    this.leases = Array.from({ length: count }, () => new RateLeases(() => this.now));
  }

  /** @returns the number of the request in the window */
  ask(process: number): number {
    const leases = this.leases[process] as RateLeases;
    const leased = leases.use('caller');
    if (leased) return leased.taken;
    const ahead = leases.ahead('caller', this.most);
    this.statements++;
    this.taken += 1 + ahead;
    leases.counted('caller', ahead, { taken: this.taken, leftMs: MINUTE - this.now });
    return this.taken - ahead;
  }
}

describe('requests that are counted ahead', () => {
  test('save a busy caller most statements, and no number is given twice', () => {
    const one = new Processes(1, 6000);
    const numbers = Array.from({ length: 5000 }, () => {
      one.now += 10;
      return one.ask(0);
    });
    expect(new Set(numbers).size).toBe(5000);
    expect(one.statements).toBeLessThan(5000 / 8);
  });

  test('never let through more than the limit, nor much less, from two processes', () => {
    const two = new Processes(2, 600);
    let through = 0;
    for (let request = 0; request < 2000; request++) {
      two.now += 5;
      if (two.ask(request % 2) <= 600) through++;
    }
    expect(through).toBeLessThanOrEqual(600);
    expect(through).toBeGreaterThan(600 * 0.9);
  });

  test('a caller that goes to another process loses no more than a quarter of a second', () => {
    const two = new Processes(2, 600);
    for (let request = 0; request < 100; request++) {
      two.now += 10;
      two.ask(0);
    }
    const before = two.taken;
    expect(before - 100).toBeLessThanOrEqual(25);
    expect(two.ask(1)).toBe(before + 1);
  });

  test('are none below 32, and none for a caller who asks slowly', () => {
    const few = new Processes(1, 31);
    for (let request = 1; request <= 100; request++) expect(few.ask(0)).toBe(request);
    expect(few.statements).toBe(100);
    const slow = new Processes(1, 6000);
    for (let request = 1; request <= 10; request++) {
      slow.now += 500;
      expect(slow.ask(0)).toBe(request);
    }
    expect(slow.statements).toBe(10);
  });

  test('end with their window', () => {
    const leases = new RateLeases(() => now);
    let now = 0;
    for (let request = 0; request < 100; request++) leases.use('caller');
    leases.counted('caller', 20, { taken: 120, leftMs: 100 });
    expect(leases.use('caller')).toEqual({ taken: 101, leftMs: 100 });
    now = 100;
    expect(leases.use('caller')).toBeUndefined();
    expect(leases.ahead('caller', 6000)).toBe(0);
    leases.sweep();
    expect(leases.use('caller')).toBeUndefined();
  });
});
