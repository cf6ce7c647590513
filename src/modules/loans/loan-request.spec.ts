import { describe, expect, test } from '@jest/globals';
import { HoldfastError } from '../../common/errors.js';
import type { Caller } from '../../common/caller.js';
import { bodyOf, poolIdOf, readLoanRequest } from './loan-request.js';
import { fingerprintOf, readKey } from './request-key.js';

const POOL = '01a20439-8365-721f-97de-c7ac9caaa4ad';
const BORROWER = 'GCAGRX2NINNREOHG3PZQOHWWGIZITH3VZUAXHI5YBGNTIR6XRPZF62ZN';
const VENDOR = 'GAOJBESMPFOR5OAXHX2IYDC5RWIZRN3REDUH3WPENC3DRWCIMEQ2AG52';
const CONTRACT = 'CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC';
const MUXED = 'MA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVAAAAAAAAAAAAAJLK';
const rows = (
  ...list: [amount: unknown, dueAt: unknown][]
): { amount: unknown; dueAt: unknown }[] => list.map(([amount, dueAt]) => ({ amount, dueAt }));
const sound = {
  poolId: POOL,
  borrower: BORROWER,
  vendor: VENDOR,
  totalAmount: '125',
  guaranteeAmount: '25',
  schedule: rows(['62.5', '2027-01-31T00:00:00Z'], ['62.5', '2027-02-28T00:00:00Z']),
  loanType: 'standard',
};

function refusal(body: unknown, decimals: number | null = 7): HoldfastError {
  try {
    readLoanRequest(body, decimals);
  } catch (thrown) {
    if (thrown instanceof HoldfastError) return thrown;
    throw thrown;
  }
  throw new Error('it was accepted');
}
const faults = (body: unknown, decimals: number | null = 7): Record<string, string> =>
  Object.fromEntries(
    (refusal(body, decimals).facts['errors'] as { field: string; message: string }[]).map(
      ({ field, message }) => [field, message],
    ),
  );

test('a sound request is read in base units and unix seconds', () => {
  expect(readLoanRequest(sound, 7)).toEqual({
    poolId: POOL,
    borrower: BORROWER,
    vendor: VENDOR,
    totalAmount: 1_250_000_000n,
    guaranteeAmount: 250_000_000n,
    loanType: 'standard',
    signing: 'transaction',
    schedule: [
      { amount: 625_000_000n, dueAt: 1_801_353_600n },
      { amount: 625_000_000n, dueAt: 1_803_772_800n },
    ],
  });
  const { guaranteeAmount: _, loanType: __, ...least } = sound;
  expect(
    readLoanRequest({ ...least, vendor: CONTRACT, poolId: POOL.toUpperCase() }, 7),
  ).toMatchObject({ guaranteeAmount: null, loanType: 'standard', vendor: CONTRACT, poolId: POOL });
});

test('a contract account borrows by authorization, by its request or by the rule of the pool', () => {
  const asked = { ...sound, borrower: CONTRACT, signing: 'authorization' };
  expect(readLoanRequest(asked, 7)).toMatchObject({ borrower: CONTRACT, signing: 'authorization' });
  const parts = {
    vendor: true,
    guarantee: true,
    schedule: true,
    signing: 'authorization',
  } as const;
  expect(readLoanRequest({ ...sound, borrower: CONTRACT }, 7, parts)).toMatchObject({
    signing: 'authorization',
  });
  expect(readLoanRequest({ ...sound, signing: 'transaction' }, 7, parts)).toMatchObject({
    signing: 'transaction',
  });
});

describe('each fault is named at its field', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['pool id', { poolId: 'x' }, { poolId: expect.stringContaining('UUID') }],
    [
      'pool id left out',
      { poolId: undefined },
      { poolId: 'must be the UUID of a pool, see GET /pools' },
    ],
    [
      'contract borrower',
      { borrower: CONTRACT },
      { borrower: expect.stringContaining('is a contract account (C…)') },
    ],
    [
      'muxed borrower',
      { borrower: MUXED },
      { borrower: expect.stringContaining('is a muxed address (M…)') },
    ],
    [
      'borrower with a wrong checksum',
      { borrower: `${BORROWER.slice(0, -1)}A` },
      { borrower: expect.stringContaining('valid checksum') },
    ],
    [
      'borrower with a NUL byte',
      { borrower: `${BORROWER}\0` },
      { borrower: expect.stringContaining('valid checksum') },
    ],
    ['borrower that is a number', { borrower: 7 }, { borrower: 'must be a string' }],
    [
      'muxed vendor',
      { vendor: MUXED },
      { vendor: expect.stringContaining('is a muxed address (M…)') },
    ],
    [
      'vendor that is nothing',
      { vendor: '' },
      { vendor: expect.stringContaining('valid checksum') },
    ],
    [
      'total as a number',
      { totalAmount: 125 },
      { totalAmount: expect.stringContaining('must be a string') },
    ],
    ['total zero', { totalAmount: '0.0' }, { totalAmount: 'must be above zero' }],
    [
      'total negative',
      { totalAmount: '-1' },
      { totalAmount: expect.stringContaining('plain decimal') },
    ],
    [
      'total with an exponent',
      { totalAmount: '1e3' },
      { totalAmount: expect.stringContaining('plain decimal') },
    ],
    [
      'total with a space',
      { totalAmount: ' 125' },
      { totalAmount: expect.stringContaining('plain decimal') },
    ],
    [
      'total too fine',
      { totalAmount: '125.00000001' },
      { totalAmount: "has 8 fractional digits; this pool's token has 7" },
    ],
    [
      'total too large',
      { totalAmount: '9'.repeat(39) },
      { totalAmount: expect.stringContaining('larger than a contract amount') },
    ],
    [
      'guarantee null',
      { guaranteeAmount: null },
      { guaranteeAmount: expect.stringContaining('must be a string') },
    ],
    ['guarantee zero', { guaranteeAmount: '0' }, { guaranteeAmount: 'must be above zero' }],
    [
      'guarantee above the total',
      { guaranteeAmount: '125.1' },
      { guaranteeAmount: 'is larger than totalAmount' },
    ],
    ['schedule left out', { schedule: undefined }, { schedule: 'must be a list of instalments' }],
    ['schedule empty', { schedule: [] }, { schedule: 'must have at least one instalment' }],
    [
      'schedule of 61',
      {
        totalAmount: '61',
        schedule: Array.from({ length: 61 }, (_, day) => ({
          amount: '1',
          dueAt: new Date(1_800_000_000_000 + day * 86_400_000).toISOString().replace('.000', ''),
        })),
      },
      { schedule: 'must have at most 60 instalments' },
    ],
    [
      'schedule that does not sum',
      { schedule: rows(['125.5', '2027-01-31T00:00:00Z']) },
      { schedule: 'amounts sum to 125.5, not to totalAmount' },
    ],
    [
      'equal due dates',
      { schedule: rows(['62.5', '2027-01-31T00:00:00Z'], ['62.5', '2027-01-31T00:00:00Z']) },
      { 'schedule[1].dueAt': 'must be later than the instalment before it' },
    ],
    [
      'falling due dates',
      { schedule: rows(['62.5', '2027-01-31T00:00:00Z'], ['62.5', '2027-01-30T00:00:00Z']) },
      { 'schedule[1].dueAt': 'must be later than the instalment before it' },
    ],
    [
      'due date without an offset',
      { schedule: rows(['125', '2027-01-31T00:00:00']) },
      { 'schedule[0].dueAt': expect.stringContaining('RFC 3339') },
    ],
    [
      'due dates in the same second',
      { schedule: rows(['62.5', '2027-01-31T00:00:00.1Z'], ['62.5', '2027-01-31T00:00:00.9Z']) },
      { 'schedule[1].dueAt': 'must be later than the instalment before it' },
    ],
    [
      'due date as a number',
      { schedule: [{ amount: '125', dueAt: 1_801_353_600 }] },
      { 'schedule[0].dueAt': expect.stringContaining('RFC 3339') },
    ],
    [
      'due date that does not exist',
      { schedule: rows(['125', '2027-02-29T00:00:00Z']) },
      { 'schedule[0].dueAt': expect.stringContaining('RFC 3339') },
    ],
    [
      'due date before 1970',
      { schedule: rows(['125', '1969-12-31T23:59:59Z']) },
      { 'schedule[0].dueAt': 'must not be before 1970' },
    ],
    [
      'due date in the year 0',
      { schedule: rows(['125', '0000-01-01T00:00:00Z']) },
      { 'schedule[0].dueAt': 'must not be before 1970' },
    ],
    [
      'instalment of zero',
      { schedule: rows(['0', '2027-01-31T00:00:00Z'], ['125', '2027-02-28T00:00:00Z']) },
      { 'schedule[0].amount': 'must be above zero' },
    ],
    [
      'instalment with an unknown member',
      { schedule: [{ amount: '125', dueAt: '2027-01-31T00:00:00Z', paid: true }] },
      { 'schedule[0].paid': 'is not a known field' },
    ],
    [
      'loan type',
      { loanType: 'other' },
      { loanType: expect.stringContaining('learner_installment') },
    ],
    [
      'unknown fields, each by name',
      { amount: '1', ttl: 5 },
      { amount: 'is not a known field', ttl: 'is not a known field' },
    ],
  ])('%s', (_, members, expected) => {
    expect(faults({ ...sound, ...members })).toEqual(expected);
  });

  test.each([[null], [undefined], [7], ['text'], [[]]])('a body of %p', (body) => {
    expect(Object.keys(faults(body))).toEqual(['body']);
  });

  test('all of them at once, also a fault of two fields together', () => {
    const all = {
      poolId: 1,
      borrower: 'x',
      vendor: 'x',
      totalAmount: '100',
      guaranteeAmount: '101',
      schedule: rows(['1', '2027-02-01T00:00:00Z'], ['2', '2027-01-01T00:00:00Z']),
      loanType: 'x',
      more: 1,
    };
    expect(Object.keys(faults(all)).sort()).toEqual([
      'borrower',
      'guaranteeAmount',
      'loanType',
      'more',
      'poolId',
      'schedule',
      'schedule[1].dueAt',
      'vendor',
    ]);
  });
});

test('a guarantee of the whole total leaves nothing to fund, however it is written', () => {
  expect(refusal({ ...sound, guaranteeAmount: '125.0000000' }).code).toBe('NOTHING_TO_FUND');
});

test('an unknown pool does not hide faults, and its amounts may have the decimals of any token', () => {
  expect(faults({ ...sound, loanType: 'x' }, null)).toHaveProperty('loanType');
  expect(
    readLoanRequest({ ...sound, totalAmount: '125.000000000000000000' }, null).totalAmount,
  ).toBe(125n * 10n ** 18n);
});

test('the pool of a body that is wrong elsewhere is still found', () => {
  expect(poolIdOf({ poolId: POOL.toUpperCase(), totalAmount: -1 })).toBe(POOL);
  for (const body of [null, [], 'x', { poolId: 7 }, { poolId: 'x' }])
    expect(poolIdOf(body)).toBeNull();
});

describe('a fingerprint', () => {
  test('is the same whatever the order of members, and hex', () => {
    expect(fingerprintOf({ a: 1, b: { c: [1, 2], d: null } })).toBe(
      fingerprintOf({ b: { d: null, c: [1, 2] }, a: 1 }),
    );
    expect(fingerprintOf(sound)).toMatch(/^[0-9a-f]{64}$/);
  });
  test.each([
    [{ a: 1 }, { a: '1' }],
    [{ a: [1, 2] }, { a: [2, 1] }],
    [{ a: null }, {}],
    [{ a: { b: 1 } }, { 'a:{b': 1 }],
    [[], {}],
    ['', null],
    [undefined, null],
  ])('differs between %j and %j', (one, other) => {
    expect(fingerprintOf(one)).not.toBe(fingerprintOf(other));
  });
  test('is not computed for a body nested too deeply', () => {
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as unknown;
    expect(() => fingerprintOf(deep)).toThrow('nested deeper');
  });
});

const WALLET: Caller = { kind: 'wallet', account: BORROWER };
const BACKEND: Caller = {
  kind: 'backend',
  tenantId: 'shop',
  keyId: 'k',
  name: 'shop',
  scopes: ['loans:write'],
};

test('a key is 1 to 255 visible ASCII characters; a wallet may send none, a backend may not', () => {
  expect(readKey(undefined, WALLET)).toBeNull();
  expect(() => readKey(undefined, BACKEND)).toThrow(
    expect.objectContaining({ code: 'IDEMPOTENCY_KEY_MISSING' }),
  );
  expect(readKey('!~', BACKEND)).toBe('!~');
  for (const bad of ['', ' ', 'a b', 'k'.repeat(256), 'ü', 'a\u007f'])
    expect(() => readKey(bad, WALLET)).toThrow('Idempotency-Key');
});

test(
  'a wallet borrows for itself: left out is its own account and the same request; another ' +
    'account is refused by name',
  () => {
    const { borrower: _, ...rest } = sound;
    expect(fingerprintOf(bodyOf(WALLET, rest))).toBe(fingerprintOf(bodyOf(WALLET, sound)));
    for (const borrower of [VENDOR, 'x', null, 7])
      expect(() => bodyOf(WALLET, { ...rest, borrower })).toThrow(
        expect.objectContaining({
          code: 'FORBIDDEN',
          facts: { errors: [{ field: 'borrower', message: expect.stringContaining(BORROWER) }] },
        }),
      );
    for (const body of [null, [], 'x', 7]) expect(bodyOf(WALLET, body)).toBe(body);
    expect(bodyOf(BACKEND, rest)).toBe(rest);
  },
);

test.each([
  ['milliseconds, as Date.toISOString() gives them', '2027-01-31T00:00:00.987Z'],
  ['an offset', '2027-01-31T02:00:00+02:00'],
  ['nanoseconds and a negative offset', '2027-01-30T19:00:00.999999999-05:00'],
  ['lower case', '2027-01-31t00:00:00z'],
])('a due date with %s is cut to its whole second', (_, dueAt) => {
  const body = { ...sound, schedule: [{ amount: '125', dueAt }] };
  expect(readLoanRequest(body, 7).schedule).toEqual([
    { amount: 1_250_000_000n, dueAt: 1_801_353_600n },
  ]);
});
