import { describe, expect, test } from '@jest/globals';
import { faultsOf, predictions, worstOf } from '../support/predictions.js';

/** A share of the declared instructions. */
const TOLERANCE = 0.03;

describe.each(['g1', 'g2'] as const)('recorded landings of %s', (generation) => {
  const all = predictions(generation);

  test(
    'each recorded landing is predicted: its written bytes, its instructions, and how it ' +
      'ended',
    () => {
      expect(all.length).toBeGreaterThan(90);
      expect(
        all.flatMap((prediction) =>
          faultsOf(prediction, TOLERANCE).map((fault) => `${prediction.name}: ${fault}`),
        ),
      ).toEqual([]);
    },
  );

  test('every kind of end occurs in the recordings', () => {
    expect([...new Set(all.map(({ end }) => end.recorded))].toSorted()).toEqual([
      'archived',
      'bytes',
      'instructions',
      'invalid',
      'key_missing',
      'landed',
    ]);
  });

  test('no prediction is wrong by a byte', () => {
    expect(worstOf(all).bytes).toBe(0);
  });
});
