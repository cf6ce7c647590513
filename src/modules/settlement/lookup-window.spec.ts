import { expect, test } from '@jest/globals';
import type { LiveHold } from '../liquidity/reservation.js';
import { LookupWindow } from './lookup-window.js';

const holds = (submitted: number, others: number): LiveHold[] =>
  Array.from({ length: submitted + others }, (_, index) => ({
    poolId: 'pool',
    reservationId: `${index < submitted ? 's' : 'o'}${index}`,
    amount: 1n,
    borrower: 'G',
    envelopeVersion: 1,
    expiresAt: 1n,
    submittedAt: index < submitted ? new Date(0) : null,
    cancelRequested: false,
    knownLedger: 0,
    vendor: 'G',
    totalAmount: 2n,
    guaranteeAmount: 1n,
    envelopes: [],
    authorization: null,
    landings: [],
  }));

test('few enough: all of them, every round', () => {
  const window = new LookupWindow(8);
  expect(window.next('pool', holds(3, 5))).toHaveLength(8);
  expect(window.next('pool', holds(3, 5))).toHaveLength(8);
});

test.each([
  [20, 20],
  [40, 0],
  [0, 40],
  [3, 37],
  [39, 1],
])(
  '%i submitted and %i others: never more than the window, submitted ones get the larger part, all get their turn',
  (submitted, others) => {
    const window = new LookupWindow(8);
    const live = holds(submitted, others);
    const seen = new Set<string>();
    for (let round = 0; round < 20; round++) {
      const chosen = window.next('pool', live);
      expect(chosen).toHaveLength(8);
      expect(
        chosen.filter(({ submittedAt }) => submittedAt !== null).length,
      ).toBeGreaterThanOrEqual(Math.min(submitted, 6));
      for (const { reservationId } of chosen) seen.add(reservationId);
    }
    expect(seen.size).toBe(40);
  },
);

test('pools do not move each other', () => {
  const window = new LookupWindow(4);
  const first = window.next('one', holds(0, 20));
  window.next('two', holds(0, 20));
  expect(window.next('one', holds(0, 20))[0]?.reservationId).not.toBe(first[0]?.reservationId);
  expect(window.next('two', holds(0, 20)).map(({ reservationId }) => reservationId)).toEqual([
    'o4',
    'o5',
    'o6',
    'o7',
  ]);
});

test('lapsed ones: the first ones every round, and the others in turns', () => {
  const window = new LookupWindow(8);
  const list = holds(0, 30);
  const seen = new Set<string>();
  for (let round = 0; round < 12; round++) {
    const chosen = window.lapsed('pool', list).map(({ reservationId }) => reservationId);
    expect(chosen).toHaveLength(8);
    expect(new Set(chosen).size).toBe(8);
    expect(chosen.slice(2)).toEqual(['o0', 'o1', 'o2', 'o3', 'o4', 'o5']);
    for (const id of chosen) seen.add(id);
  }
  expect(seen.size).toBe(30);
  expect(window.lapsed('pool', holds(0, 8))).toHaveLength(8);
});
