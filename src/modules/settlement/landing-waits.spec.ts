import { expect, test } from '@jest/globals';
import { LandingWaits } from './landing-waits.js';

test('each refusal doubles the wait up to twelve ledgers, for that hold alone', () => {
  const waits = new LandingWaits();
  const due: number[] = [];
  for (let ledger = 100; ledger < 160; ledger++)
    if (waits.isDue('hold', ledger)) {
      due.push(ledger);
      waits.refused('hold', ledger);
    }
  expect(due).toEqual([100, 101, 103, 107, 115, 127, 139, 151]);
  expect(waits.isDue('other', 100)).toBe(true);
});

test('a hold that was not refused for long begins again', () => {
  const waits = new LandingWaits();
  for (const ledger of [100, 101, 103]) waits.refused('hold', ledger);
  waits.refused('other', 200);
  waits.refused('hold', 200);
  expect(waits.isDue('hold', 201)).toBe(true);
});
