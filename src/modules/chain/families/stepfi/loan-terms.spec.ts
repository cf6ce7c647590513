import { expect, test } from '@jest/globals';
import type { LoanConditions } from '../../chain.js';
import { familyOf } from '../families.js';

const conditions: LoanConditions = {
  ledger: 5,
  parameters: { baseInterestBps: 0, minGuaranteePercent: 20n, minReputation: 50 },
  vendor: 'active',
  score: 80,
  activeDebt: 0n,
  poolAvailable: 10_000n,
  lendingContractLocked: false,
};
const at = (changes: Partial<LoanConditions>, total = 1_000n, guarantee: bigint | null = null) =>
  familyOf('g1').preview(
    { totalAmount: total, guaranteeAmount: guarantee, decimals: 0 },
    { ...conditions, ...changes },
  );

test('the published figures: least guarantee, 6 % by score, 1 % fee, each rounded down', () => {
  expect(at({}, 999n)).toEqual({
    leastGuarantee: 199n,
    guarantee: 199n,
    funded: 800n,
    interestRateBps: 600,
    interest: 59n,
    serviceFee: 9n,
    owed: 1_067n,
    creditLimit: 5_000n,
    refusal: null,
  });
});

test.each([
  [90, 9_524n],
  [75, 4_674n],
  [60, 2_295n],
  [59, 901n],
])('a score of %i lets a total of %s pass and not one more', (score, most) => {
  expect(at({ score }, most).refusal).toBeNull();
  expect(at({ score }, most + 1n).refusal).toMatchObject({
    number: 18,
    name: 'ExposureLimitExceeded',
    kind: 'caller',
  });
});

test.each(['scaled', 'scaled-g2', 'scaled-g3'] as const)(
  'credit limits of %s are in whole tokens',
  (generation) => {
    const owing = (total: bigint) =>
      familyOf(generation).preview(
        { totalAmount: total, guaranteeAmount: null, decimals: 7 },
        { ...conditions, poolAvailable: 10n ** 30n },
      );
    const most = 4_672_8971964n;
    expect(owing(most)).toMatchObject({ creditLimit: 5_000_0000000n, refusal: null });
    expect(owing(most + 1n).refusal).toMatchObject({ number: 18, name: 'ExposureLimitExceeded' });
  },
);

test('a base rate is lowered by the tier and never below zero', () => {
  const rate = (score: number, baseInterestBps: number): number =>
    at({ score, parameters: { baseInterestBps, minGuaranteePercent: 20n, minReputation: 50 } })
      .interestRateBps;
  expect([
    rate(95, 500),
    rate(95, 1_000),
    rate(80, 1_000),
    rate(60, 1_000),
    rate(55, 1_000),
  ]).toEqual([0, 400, 600, 800, 1_000]);
});
