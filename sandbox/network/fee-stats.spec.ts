import { expect, test } from '@jest/globals';
import { feeDistribution } from './fee-stats.js';

const rising = (...fees: number[]): bigint[] => fees.map(BigInt);

test('percentiles are nearest rank, the mode is the lowest of the most frequent', () => {
  const fees = Array.from({ length: 200 }, (_, index) => BigInt(100 + index));
  expect(feeDistribution(fees, 7)).toEqual({
    max: '299',
    min: '100',
    mode: '100',
    p10: '119',
    p20: '139',
    p30: '159',
    p40: '179',
    p50: '199',
    p60: '219',
    p70: '239',
    p80: '259',
    p90: '279',
    p95: '289',
    p99: '297',
    transactionCount: '200',
    ledgerCount: 7,
  });
  expect(feeDistribution(rising(100, 200, 200, 300, 300), 1)).toMatchObject({ mode: '200' });
  expect(feeDistribution(rising(100, 200, 300, 300), 1)).toMatchObject({ mode: '300' });
  expect(feeDistribution(rising(700), 50)).toMatchObject({ p10: '700', p99: '700', mode: '700' });
});

test('without a transaction every figure is 0, as stellar-rpc answers', () => {
  expect(feeDistribution([], 50)).toMatchObject({
    max: '0',
    mode: '0',
    p50: '0',
    transactionCount: '0',
    ledgerCount: 0,
  });
});
