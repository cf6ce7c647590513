import { expect, test } from '@jest/globals';
import type { HoldOutcome } from '../reservation.js';
import { noteWait, waitOf } from './refusal-waits.js';

const pool = { now: 1_000.5, headCloseTime: 990n };
const written = { writes: true };
const refused = (nextDeadline?: string | null): HoldOutcome => ({
  kind: 'refused',
  code: 'INSUFFICIENT_LIQUIDITY',
  facts: { available: '0', ...(nextDeadline !== undefined && { nextDeadline }) },
});
const noted = (
  outcome: HoldOutcome,
  decision = written,
  locked = pool,
): number | null | undefined => {
  noteWait(outcome, decision, locked);
  return waitOf(outcome);
};

test.each([
  ['until the deadline, by the clock of the database', refused('1060'), pool, 59.5],
  ['by a head that is ahead of it', refused('1060'), { ...pool, headCloseTime: 1_010n }, 50],
  ['nothing to wait for while no hold is live', refused(null), pool, null],
  ['not known where no deadline was read', refused(), pool, undefined],
  ['no refusal', { kind: 'fits' } as HoldOutcome, pool, undefined],
])('%s', (_, outcome, locked, expected) => {
  expect(noted(outcome, written, locked)).toBe(expected);
});

test('a refusal of an earlier run has a deadline of then, so its wait is read', () => {
  expect(noted(refused('1060'), { writes: false })).toBeUndefined();
});

test('it is no part of the outcome, which is the same when a batch runs again', () => {
  const outcome = refused('1060');
  noted(outcome);
  expect(outcome).toEqual(refused('1060'));
});
