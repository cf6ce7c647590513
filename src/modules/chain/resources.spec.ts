import { describe, expect, test } from '@jest/globals';
import { recorded } from '../../../test/support/recorded.js';
import type { LoanType } from './chain.js';
import { TESTNET_SETTINGS } from './network-settings.js';
import { familyOf } from './families/families.js';
import {
  eventsFee,
  nonRefundableFee,
  rentOfNew,
  rentPerKb,
  type Resources,
} from './resource-fee.js';
import { excessOf, loanKeyInstructions, windowBetween } from './resources.js';

describe('instructions of added loan keys', () => {
  // One landing each on soroban-env-host 25, generation g1: keys, entries ahead, bytes of each,
  // instructions more than without keys.
  test.each([
    [1, 0, 0, 28_447],
    [4, 0, 0, 115_795],
    [8, 0, 0, 238_024],
    [16, 0, 0, 496_820],
    [24, 0, 0, 779_948],
    [48, 0, 0, 1_801_967],
    [96, 0, 0, 4_586_937],
    [4, 3, 1_092, 814_645],
    [8, 7, 1_092, 1_870_394],
    [16, 15, 1_092, 4_001_629],
    [24, 23, 1_092, 6_173_656],
    [48, 47, 1_092, 12_933_078],
    [96, 95, 1_092, 27_549_157],
    [4, 3, 2_456, 1_337_549],
    [8, 7, 2_456, 3_087_760],
    [16, 15, 2_456, 6_623_545],
    [24, 23, 2_456, 10_185_450],
    [48, 47, 2_456, 21_127_946],
  ])(
    '%d keys, %d with an entry of %d bytes: within 3 %% of what was measured',
    (keys, loans, bytes, measured) => {
      const predicted = loanKeyInstructions(keys, { loans, bytes: loans * bytes });
      expect(Math.abs(predicted - measured) / measured).toBeLessThan(0.03);
    },
  );
});

describe("bytes of a loan's entry", () => {
  const LEARNER = 'LearnerInstallment';
  const changed = recorded('g2').steps.flatMap(({ name, entriesAfter, args }) => {
    const entries = (entriesAfter?.['changed'] ?? []) as readonly {
      entry: unknown;
      how: string;
      bytes: number;
    }[];
    const { repayment_schedule: schedule = [], loan_type: type } = (args ?? {}) as unknown as {
      repayment_schedule?: readonly unknown[];
      loan_type?: readonly string[];
    };
    return entries.flatMap(({ entry, how, bytes }): [string, number, LoanType, number][] =>
      how === 'created' && Array.isArray(entry) && entry[1] === 'Loan'
        ? [
            [
              name,
              schedule.length,
              type?.[0] === LEARNER ? 'learner_installment' : 'standard',
              bytes,
            ],
          ]
        : [],
    );
  });

  test('of every recorded loan', () => {
    expect(changed.length).toBeGreaterThan(30);
    expect(
      changed.filter(
        ([, instalments, loanType, bytes]) =>
          familyOf('g1').lending.loanEntryBytes({ instalments, loanType }) !== bytes,
      ),
    ).toEqual([]);
  });

  test.each([
    [1, 996],
    [4, 1_224],
    [12, 1_832],
    [60, 5_480],
  ])('TrustUp, %d instalments: %d', (instalments, bytes) => {
    expect(familyOf('trustup').lending.loanEntryBytes({ instalments, loanType: 'standard' })).toBe(
      bytes,
    );
  });
});

describe('the fee', () => {
  const { fees, rent } = TESTNET_SETTINGS;
  const resources: Resources = {
    instructions: 12_158_894,
    diskReadEntries: 2,
    diskReadBytes: 288,
    writeEntries: 10,
    writeBytes: 3_320,
    footprintEntries: 20,
    transactionBytes: 2_508,
  };

  test('every resource has its price, each part rounded up', () => {
    expect(nonRefundableFee(resources, fees)).toBe(
      30_398n + 12_500n + 503n + 25_000n + 11_348n + 44_520n + 3_978n,
    );
    expect(eventsFee(1, fees)).toBe(10n);
  });

  test('the rate of rent: at its least, at the target, beyond it', () => {
    expect(rentPerKb(rent)).toBe(1_000n);
    expect(rentPerKb({ ...rent, stateBytes: rent.stateTargetBytes - 1n })).toBe(10_000n);
    expect(rentPerKb({ ...rent, stateBytes: rent.stateTargetBytes })).toBe(10_000n);
    expect(rentPerKb({ ...rent, stateBytes: rent.stateTargetBytes + 1n })).toBe(10_001n);
  });

  /**
   * From the recorded simulations: a further instalment adds 124 bytes to an entry that the
   * creditline pays for 120 days.
   */
  test('rent explains what a larger loan costs more in the recordings', () => {
    const { sizes } = recorded('g1');
    const [one, twelve] = [sizes['1'], sizes['12']];
    if (!one || !twelve) throw new Error('the recording has no sizes');
    const recordedMore = Number(twelve.minResourceFee) - Number(one.minResourceFee);
    const ledgers = 2_073_600;
    const rentMore =
      rentOfNew([{ bytes: 2_456, ledgers }], rent, fees) -
      rentOfNew([{ bytes: 1_092, ledgers }], rent, fees);
    const dearer = {
      ...resources,
      instructions: twelve.instructions,
      writeBytes: twelve.writeBytes,
      transactionBytes: resources.transactionBytes + 11 * 248,
    };
    const predicted =
      Number(nonRefundableFee(dearer, fees) - nonRefundableFee(resources, fees)) +
      Number(rentMore) * 1.15;
    expect(Math.abs(predicted - recordedMore) / recordedMore).toBeLessThan(0.02);
  });
});

describe('limits and windows', () => {
  const limits = TESTNET_SETTINGS.transaction;
  test('none is exceeded up to the limit itself, the first one beyond it', () => {
    expect(excessOf(limits, limits)).toBeNull();
    expect(excessOf({ ...limits, writeEntries: 201, writeBytes: 132_097 }, limits)).toEqual({
      limit: 'writeEntries',
      declared: 201n,
      max: 200n,
    });
  });

  test('a part of a window has its part of the bytes, rounded up', () => {
    const [from, to] = [
      { loans: 1, bytes: 1_000 },
      { loans: 4, bytes: 2_000 },
    ];
    expect([0, 1, 2, 3, 4, 9].map((loans) => windowBetween(from, to, loans))).toEqual([
      from,
      from,
      { loans: 2, bytes: 1_334 },
      { loans: 3, bytes: 1_667 },
      to,
      to,
    ]);
  });
});
