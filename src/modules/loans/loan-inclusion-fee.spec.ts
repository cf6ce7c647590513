import { expect, test } from '@jest/globals';
import { inclusionFeeNow } from './loan-inclusion-fee.js';

const envelope = { fee: 330_000n, inclusionFee: 1_000n, submittedAt: null };
const rate = (goingRate: bigint | null): { goingRate: bigint | null; goingRateLedger: number } => ({
  goingRate,
  goingRateLedger: 83,
});
const ENOUGH = { outbid: false, feeBump: null, advice: null };

test('a bid at the going rate is enough, and so is one while no rate is known', () => {
  expect(inclusionFeeNow(rate(1_000n), envelope)).toEqual({
    bid: '1000',
    goingRate: '1000',
    atLedger: 83,
    ...ENOUGH,
  });
  expect(inclusionFeeNow({ goingRate: null, goingRateLedger: null }, envelope)).toEqual({
    bid: '1000',
    goingRate: null,
    atLedger: null,
    ...ENOUGH,
  });
});

test('one below it is offered a fee bump: the rate for both its operations, and the same resources', () => {
  expect(inclusionFeeNow(rate(4_300n), envelope)).toMatchObject({
    outbid: true,
    feeBump: { baseFee: '4300', fee: '337600' },
    advice: expect.stringContaining('337600 stroops (4300 for each operation)') as unknown,
  });
});

test('one that may wait in a queue gives way to ten times its bid only', () => {
  const waiting = { ...envelope, submittedAt: new Date() };
  expect(inclusionFeeNow(rate(4_300n), waiting)?.feeBump).toEqual({
    baseFee: '10000',
    fee: '349000',
  });
  expect(inclusionFeeNow(rate(43_000n), waiting)?.feeBump).toEqual({
    baseFee: '43000',
    fee: '415000',
  });
});

test('nothing is said of a transaction from before bids were recorded', () => {
  expect(inclusionFeeNow(rate(4_300n), { ...envelope, inclusionFee: null })).toBeNull();
});
