import { beforeEach, describe, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { readConfig } from '../../common/config.js';
import { type WindowLook, WindowReader } from '../liquidity/holds/window.reader.js';
import { entrySizesOf, fullnessOf, LoanWindow, windowOf } from './loan-window.js';

const look = (members: Partial<WindowLook> = {}): WindowLook => ({
  liveHolds: 0,
  liveBytes: 0,
  roomLoans: null,
  roomBytes: null,
  heldLately: 0,
  strangersLately: 0,
  ...members,
});
const sizes = { entryBytes: 1_000, strangerBytes: 8_000 };
const hints = { floor: 4, concurrent: 0, fundable: 1_000 };

test("sizes are those of the loan's own entry and of the largest that the pool's contracts can make", () => {
  const instalment = { amount: 1n, dueAt: 1n };
  expect(
    entrySizesOf(
      { generation: 'g1' },
      { schedule: [instalment, instalment], loanType: 'standard' },
    ),
  ).toEqual({ entryBytes: 968 + 2 * 124, strangerBytes: 968 + 60 * 124 + 12 });
  expect(
    entrySizesOf({ generation: 'trustup' }, { schedule: [instalment], loanType: 'standard' }),
  ).toEqual({ entryBytes: 920 + 76, strangerBytes: 920 + 60 * 76 });
});

describe('the window of a new transaction', () => {
  test.each<
    [
      string,
      Partial<WindowLook>,
      Partial<typeof hints>,
      { least: [number, number]; wanted: [number, number] },
    ]
  >([
    [
      'nothing is live: COUNTER_WINDOW loans like this one',
      {},
      {},
      { least: [0, 0], wanted: [4, 4_000] },
    ],
    [
      'live holds, exactly, and as many more',
      { liveHolds: 2, liveBytes: 1_500 },
      {},
      { least: [2, 1_500], wanted: [6, 5_500] },
    ],
    [
      'those to come are as large as the live ones when these are larger',
      { liveHolds: 3, liveBytes: 4_000 },
      {},
      { least: [3, 4_000], wanted: [7, 4_000 + 4 * 1_334] },
    ],
    [
      'as many to come as were held in the last hold time',
      { heldLately: 9 },
      {},
      { least: [0, 0], wanted: [9, 9_000] },
    ],
    [
      'and as are being asked for now',
      {},
      { concurrent: 30 },
      { least: [0, 0], wanted: [30, 30_000] },
    ],
    [
      'but of these no more than the pool can fund',
      {},
      { concurrent: 30, fundable: 7 },
      { least: [0, 0], wanted: [7, 7_000] },
    ],
    [
      "strangers' loans at their pace, with the largest schedule",
      { strangersLately: 2 },
      {},
      { least: [0, 0], wanted: [6, 4_000 + 16_000] },
    ],
    [
      'with little left in the pool fewer: a few, and some smaller ones',
      { heldLately: 40 },
      { fundable: 3 },
      { least: [0, 0], wanted: [20, 20_000] },
    ],
    [
      'with nothing left a few',
      { liveHolds: 19, liveBytes: 19_000 },
      { floor: 24, fundable: 0 },
      { least: [19, 19_000], wanted: [27, 27_000] },
    ],
    [
      'no floor',
      { liveHolds: 1, liveBytes: 1_000 },
      { floor: 0 },
      { least: [1, 1_000], wanted: [1, 1_000] },
    ],
  ])('%s', (_, of, given, { least, wanted }) => {
    const pair = ([loans, bytes]: [number, number]) => ({ loans, bytes });
    expect(windowOf({ strict: true }, look(of), sizes, { ...hints, ...given })).toEqual({
      least: pair(least),
      wanted: pair(wanted),
      plenty: given.floor ?? hints.floor,
    });
  });

  test('without the rule it is COUNTER_WINDOW, whatever is live', () => {
    expect(
      windowOf(
        { strict: false },
        look({ liveHolds: 40, liveBytes: 80_000, heldLately: 40, strangersLately: 5 }),
        sizes,
        { ...hints, concurrent: 50 },
      ),
    ).toEqual({ least: { loans: 0, bytes: 0 }, wanted: { loans: 4, bytes: 8_000 }, plenty: 4 });
  });
});

describe('a pool is full', () => {
  test.each<[string, Partial<WindowLook>, ReturnType<typeof fullnessOf>]>([
    ['nothing is bound', {}, null],
    ['one hold and its entry fit', { roomLoans: 1, roomBytes: 1_000 }, null],
    [
      'no loan id is left',
      { liveHolds: 25, roomLoans: 0, roomBytes: 9_000 },
      { liveHolds: 25, window: 25 },
    ],
    ['less than none', { liveHolds: 25, roomLoans: -2 }, { liveHolds: 25, window: 25 }],
    [
      'too few bytes',
      { liveHolds: 3, roomLoans: 5, roomBytes: 999 },
      { liveHolds: 3, window: 3, bytes: { entryBytes: 1_000, bytesLeft: 999 } },
    ],
    [
      'bytes are overdrawn',
      { liveHolds: 3, roomLoans: 5, roomBytes: -7 },
      { liveHolds: 3, window: 3, bytes: { entryBytes: 1_000, bytesLeft: 0 } },
    ],
  ])('%s', (_, of, full) => {
    expect(fullnessOf({ strict: true }, look(of), 1_000)).toEqual(full);
    expect(fullnessOf({ strict: false }, look(of), 1_000)).toBeNull();
  });
});

describe('the node is asked before the window is known', () => {
  const pool = { id: 'a', generation: 'g1', strict: true };
  const terms = {
    borrower: '',
    vendor: '',
    totalAmount: 100n,
    guaranteeAmount: 20n,
    schedule: [{ amount: 100n, dueAt: 1n }],
    loanType: 'standard',
  } as const;
  let windows: LoanWindow;
  beforeEach(() => {
    const reader = new WindowReader(new DataSource({ type: 'postgres' }));
    windows = new LoanWindow(readConfig({}), reader);
  });

  test('until another request for the pool is being answered', async () => {
    const seen = await windows.whileAnswering('a', async () => {
      const alone = windows.canAskAhead('a');
      await windows.whileAnswering('b', () => Promise.resolve());
      const beside = await windows.whileAnswering('a', () =>
        Promise.resolve(windows.canAskAhead('a')),
      );
      return { alone, beside, after: windows.canAskAhead('a') };
    });
    expect(seen).toEqual({ alone: true, beside: false, after: true });
  });

  test('but after a window that was full, until one is not', async () => {
    const full = Promise.resolve(look({ liveHolds: 25, roomLoans: 0, roomBytes: 0 }));
    await expect(windows.forHold(pool, terms, 1_000n, full)).rejects.toMatchObject({
      code: 'COUNTER_WINDOW_FULL',
    });
    expect(windows.canAskAhead('a')).toBe(false);
    expect(windows.canAskAhead('b')).toBe(true);
    await windows.forHold(pool, terms, 1_000n, Promise.resolve(look()));
    expect(windows.canAskAhead('a')).toBe(true);
  });
});
