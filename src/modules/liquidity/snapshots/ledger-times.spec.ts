import { describe, expect, test } from '@jest/globals';
import { contradict, type LedgerTime } from '../../../common/ledger-time.js';
import { dating, type StoredTime } from './ledger-times.js';

const at = (ledger: number, closeTime: number): LedgerTime => ({
  ledger,
  closeTime: BigInt(closeTime),
});
const believed = (...times: readonly (readonly [number, number])[]): StoredTime[] =>
  times.map(([ledger, closeTime]) => ({ ...at(ledger, closeTime), believed: true }));
const waiting = (...times: readonly (readonly [number, number])[]): StoredTime[] =>
  times.map(([ledger, closeTime]) => ({ ...at(ledger, closeTime), believed: false }));
/** Ledgers 1 to `last`, five seconds each. */
const chain = (last: number): StoredTime[] =>
  believed(...Array.from({ length: last }, (_, index) => [index + 1, (index + 1) * 5] as const));

describe('two datings', () => {
  test.each([
    ['the same', at(10, 50), at(10, 50), false],
    ['one ledger, two times', at(10, 50), at(10, 51), true],
    ['a later ledger, five seconds', at(10, 50), at(11, 55), false],
    ['a later ledger, no time', at(10, 50), at(11, 50), true],
    ['a later ledger, earlier', at(10, 50), at(11, 49), true],
    ['one second a ledger', at(10, 50), at(20, 60), false],
    ['less than a second a ledger', at(10, 50), at(20, 59), true],
    ['a halt of a day', at(10, 50), at(11, 86_450), false],
  ])('%s: contradict %s', (_, a, b, expected) => {
    expect(contradict(a, b)).toBe(expected);
    expect(contradict(b, a)).toBe(expected);
  });
});

describe("a head's dating beside what is stored", () => {
  test('the first one, one that follows, one that was stored, and one of a node that lags are believed', () => {
    expect(dating(at(7, 35), [])).toEqual({ kind: 'believed', isNew: true, disproved: [] });
    expect(dating(at(11, 55), chain(10))).toEqual({ kind: 'believed', isNew: true, disproved: [] });
    expect(dating(at(8, 40), chain(10))).toEqual({ kind: 'believed', isNew: false, disproved: [] });
    expect(dating(at(6, 30), [...chain(5), ...believed([30, 150])])).toMatchObject({
      kind: 'believed',
      isNew: true,
    });
  });

  test('5,000 ledgers ahead in no time waits, and is disproved by the next one that follows', () => {
    const far = at(5_010, 55);
    expect(dating(far, chain(10))).toMatchObject({
      kind: 'waiting',
      isNew: true,
      against: at(10, 50),
      farBehind: false,
    });
    expect(dating(far, [...chain(10), ...waiting([5_010, 55])])).toMatchObject({
      kind: 'waiting',
      isNew: false,
    });
    expect(dating(at(11, 55), [...chain(10), ...waiting([5_010, 55])])).toEqual({
      kind: 'believed',
      isNew: true,
      disproved: waiting([5_010, 55]),
    });
  });

  test('a false dating that was believed first is outweighed by three ledgers that contradict it, not by two', () => {
    const stored = [...chain(10), ...believed([11, 355])];
    expect(dating(at(12, 60), stored)).toMatchObject({
      kind: 'waiting',
      isNew: true,
      against: at(11, 355),
      farBehind: false,
    });
    expect(dating(at(13, 65), [...stored, ...waiting([12, 60])])).toMatchObject({
      kind: 'waiting',
    });
    expect(dating(at(12, 60), [...stored, ...waiting([12, 60], [13, 65])])).toMatchObject({
      kind: 'waiting',
    }); // the same ledger again does not count as a third one
    expect(dating(at(14, 70), [...stored, ...waiting([12, 60], [13, 65])])).toEqual({
      kind: 'confirmed',
      disproved: [{ ...at(11, 355), believed: true }],
      run: [...waiting([12, 60], [13, 65]), at(14, 70)],
    });
  });

  test('what was confirmed by many ledgers is outweighed by as many', () => {
    const stored = [
      ...chain(10),
      ...believed([5_011, 25_055], [5_012, 25_060], [5_013, 25_065], [5_014, 25_070]),
    ];
    const waits = waiting([11, 55], [12, 60]);
    expect(dating(at(13, 65), [...stored, ...waits])).toMatchObject({
      kind: 'waiting',
      against: at(5_014, 25_070),
      farBehind: true,
    });
    expect(dating(at(14, 70), [...stored, ...waits, ...waiting([13, 65])])).toMatchObject({
      kind: 'confirmed',
      disproved: [{ ledger: 5_011 }, { ledger: 5_012 }, { ledger: 5_013 }, { ledger: 5_014 }],
    });
  });

  test('a network that began again is never believed: no ledger that was known agrees with it', () => {
    const stored = believed([999, 4_995], [1_000, 5_000], [1_001, 5_005]);
    const again = [
      [1, 5_010],
      [2, 5_015],
      [3, 5_020],
      [4, 5_025],
      [5, 5_030],
    ] as const;
    expect(dating(at(6, 5_035), [...stored, ...waiting(...again)])).toMatchObject({
      kind: 'waiting',
      isNew: true,
      against: at(1_001, 5_005),
      farBehind: true,
    });
  });

  test('it is not believed either when more of its ledgers wait than are kept', () => {
    const sparse = believed(
      ...Array.from({ length: 500 }, (_, index) => [505 + 5 * index, 2_525 + 25 * index] as const),
    );
    const kept = waiting(
      ...Array.from({ length: 500 }, (_, index) => [510 + index, 17_550 + 5 * index] as const),
    );
    expect(dating(at(1_010, 20_050), [...sparse, ...kept])).toMatchObject({
      kind: 'waiting',
      farBehind: true,
    });
  });

  test('a false dating that was the first of all is outweighed too, by more ledgers', () => {
    const run = Array.from({ length: 24 }, (_, index) => [11 + index, 55 + 5 * index] as const);
    expect(
      dating(at(35, 175), [...believed([5_000, 90]), ...waiting(...run.slice(1))]),
    ).toMatchObject({
      kind: 'waiting',
    });
    expect(dating(at(35, 175), [...believed([5_000, 90]), ...waiting(...run)])).toMatchObject({
      kind: 'confirmed',
      disproved: [{ ledger: 5_000 }],
    });
  });

  test('waiting ones that contradict each other confirm nothing', () => {
    const stored = [...chain(10), ...believed([11, 355])];
    expect(dating(at(14, 70), [...stored, ...waiting([12, 60], [13, 60])])).toMatchObject({
      kind: 'waiting',
    });
  });
});
