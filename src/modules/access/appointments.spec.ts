import { expect, test } from '@jest/globals';
import { Appointments } from './appointments.js';

const ASKED = { waitMs: 10_000, everyMs: 20, mostMs: 30_000 };

test('refused requests of a tenant come back one after the other, those of another do not wait for them', () => {
  const appointments = new Appointments();
  const waits = Array.from({ length: 500 }, () => appointments.make('flood', ASKED));
  expect(waits[0]).toBe(10_000);
  // what the loop itself took is off
  expect(waits[499]).toBeGreaterThan(18_000);
  expect(waits[499]).toBeLessThanOrEqual(10_000 + 499 * 20);
  expect(appointments.make('other', ASKED)).toBe(10_000);
});

test('who never comes back does not make the wait longer than its limit', () => {
  const appointments = new Appointments();
  const waits = Array.from({ length: 5_000 }, () => appointments.make('flood', ASKED));
  expect(waits.reduce((a, b) => Math.max(a, b), 0)).toBeLessThanOrEqual(30_000);
  expect(waits.at(-1)).toBeGreaterThan(29_000);
});

test('what is over is forgotten', () => {
  const appointments = new Appointments();
  appointments.make('flood', { ...ASKED, everyMs: 60_000 });
  appointments.sweep();
  expect(appointments.make('flood', ASKED)).toBe(30_000);
  appointments.make('past', { waitMs: -1_000, everyMs: 0, mostMs: 30_000 });
  appointments.sweep();
  expect(appointments.make('past', ASKED)).toBe(10_000);
});
