import { describe, expect, test } from '@jest/globals';
import { CONFLICT, REFUSED } from '../../../test/support/verdict-evidence.js';
import type { LandingCandidate, OpenLanding } from '../liquidity/landings/landing.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import { attemptsOf, type BatchGround } from './landing-batch.js';
import { Strangers } from './strangers.js';

const ENTRY = 1_092;
/** Of sixty instalments, as a stranger's loan may have. */
const LARGEST = 8_420;
const pool = (id: string, lendingContract: string): PoolRecord =>
  ({ id, lendingContract, generation: 'g1' }) as PoolRecord;
const POOLS = new Map([
  ['one', pool('one', 'L1')],
  ['twin', pool('twin', 'L1')],
  ['other', pool('other', 'L2')],
]);
/** Each of another borrower. */
let borrowers = 0;
const candidate = (poolId: string, change: Partial<LandingCandidate> = {}): LandingCandidate =>
  ({
    poolId,
    reservationId: `of ${poolId}`,
    terms: { borrower: `B${borrowers++}` },
    entryBytes: ENTRY,
    landings: 0,
    lastFailure: null,
    ...change,
  }) as unknown as LandingCandidate;
/** Issued so long ago that nothing waits for it any more. */
const flying = (poolId: string, issuedAfterLedger = 90): OpenLanding =>
  ({ poolId, entryBytes: ENTRY, loanIdLast: 9n, issuedAfterLedger }) as OpenLanding;
const ground = (change: Partial<BatchGround> = {}): BatchGround => ({
  channels: Array.from({ length: 30 }, (_, at) => ({ account: `G${at}`, sequence: BigInt(at) })),
  pools: POOLS,
  open: [],
  strangersOf: () => 0,
  ledgerWriteBytes: 286_720,
  ledger: 100,
  ...change,
});
const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

describe('a batch', () => {
  test('alone needs no window', () => {
    expect(attemptsOf([candidate('one')], ground())).toMatchObject([
      { channel: { account: 'G0' }, window: { loans: 0, bytes: 0 } },
    ]);
  });
  test('has room for the others of its lending contract, by pool or in flight', () => {
    const due = [candidate('one'), candidate('twin'), candidate('other')];
    const attempts = attemptsOf(due, ground({ open: [flying('twin')] }));
    expect(attempts.map(({ window }) => window)).toEqual([
      { loans: 2, bytes: 2 * ENTRY },
      { loans: 2, bytes: 2 * ENTRY },
      { loans: 0, bytes: 0 },
    ]);
    expect(new Set(attempts.map(({ channel }) => channel.account)).size).toBe(3);
  });
  test('counts the entry of each loan, and the largest for one that is not known', () => {
    const due = [candidate('one', { entryBytes: 2_000 }), candidate('one', { entryBytes: null })];
    expect(attemptsOf(due, ground()).map(({ window }) => window.bytes)).toEqual([LARGEST, 2_000]);
  });
  test('is as large as one ledger takes, together with what is in flight', () => {
    const due = times(30, () => candidate('one'));
    expect(attemptsOf(due, ground())).toHaveLength(14);
    expect(attemptsOf(due, ground({ open: times(10, () => flying('one')) }))).toHaveLength(4);
    expect(attemptsOf(due, ground({ open: times(14, () => flying('one')) }))).toHaveLength(0);
  });
  test('waits for the one before it, which has no room for later loans', () => {
    const due = [candidate('twin'), candidate('other')];
    const sent = (issuedAfterLedger: number): string[] =>
      attemptsOf(due, ground({ open: [flying('one', issuedAfterLedger)] })).map(
        (each) => each.candidate.poolId,
      );
    expect(sent(97)).toEqual(['other']);
    expect(sent(96)).toEqual(['twin', 'other']);
    const open = [{ ...flying('one', 97), loanIdLast: null }];
    expect(attemptsOf(due, ground({ open }))).toHaveLength(2);
  });
  test('of another lending contract does not wait for it', () => {
    const due = [...times(20, () => candidate('one')), candidate('other')];
    expect(
      attemptsOf(due, ground())
        .map((each) => each.candidate.poolId)
        .at(-1),
    ).toBe('other');
  });
  test('has two landings of one borrower at most, with those in flight', () => {
    const of = (reservationId: string, borrower: string) =>
      candidate('one', { reservationId, terms: { borrower } as LandingCandidate['terms'] });
    const due = [of('first', 'B'), of('second', 'B'), of('third', 'B'), of('other', 'C')];
    const inFlight = { poolId: 'one', entryBytes: ENTRY, borrower: 'B' } as OpenLanding;
    const sent = (open: readonly OpenLanding[]): string[] =>
      attemptsOf(due, ground({ open })).map((each) => each.candidate.reservationId);
    expect(sent([])).toEqual(['first', 'second', 'other']);
    expect(sent([inFlight])).toEqual(['first', 'other']);
    expect(sent([inFlight, inFlight])).toEqual(['other']);
  });
  test('with room for strangers is smaller', () => {
    const strangersOf = (): number => 2;
    const attempts = attemptsOf(
      times(30, () => candidate('one')),
      ground({ strangersOf }),
    );
    expect(attempts).toHaveLength(9);
    expect(attempts[0]?.window).toEqual({ loans: 10, bytes: 8 * ENTRY + 2 * LARGEST });
  });
  test('takes one channel for each, oldest signature first', () => {
    const due = [candidate('one'), candidate('other'), candidate('twin')];
    const { channels } = ground();
    const attempts = attemptsOf(due, ground({ channels: channels.slice(0, 2) }));
    expect(attempts.map((each) => each.candidate.poolId)).toEqual(['one', 'other']);
    expect(attemptsOf(due, ground({ channels: [] }))).toEqual([]);
  });
});

describe('room for strangers', () => {
  const failed = (landings: number, reservationId = 'r') =>
    candidate('one', { reservationId, landings, lastFailure: CONFLICT });
  test('is none until a landing failed for the lack of it, then doubles', () => {
    const strangers = new Strangers();
    expect(strangers.of('L1', 100)).toBe(0);
    const rooms = [1, 2, 3, 4, 5, 6].map((landings) => {
      strangers.see([failed(landings)], POOLS, 100);
      return strangers.of('L1', 100);
    });
    expect(rooms).toEqual([2, 4, 8, 16, 24, 24]);
    expect(strangers.of('L2', 100)).toBe(0);
  });
  test('grows once for a round, however many failed, and once for each failure', () => {
    const strangers = new Strangers();
    strangers.see([failed(1), failed(1, 'other')], POOLS, 100);
    strangers.see([failed(1), failed(1, 'other')], POOLS, 101);
    expect(strangers.of('L1', 101)).toBe(2);
  });
  test('does not grow for a refusal of the contract, and is forgotten', () => {
    const strangers = new Strangers();
    strangers.see([candidate('one', { landings: 1, lastFailure: REFUSED })], POOLS, 100);
    expect(strangers.of('L1', 100)).toBe(0);
    strangers.see([failed(1)], POOLS, 100);
    expect(strangers.of('L1', 159)).toBe(2);
    expect(strangers.of('L1', 160)).toBe(0);
  });
});
