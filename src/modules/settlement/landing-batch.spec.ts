import { expect, test } from '@jest/globals';
import type { LandingCandidate, OpenLanding } from '../liquidity/landings/landing.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import { attemptsOf } from './landing-batch.js';

const POOL = { id: 'pool', lendingContract: 'line', generation: 'g1' } as PoolRecord;
const candidate = (reservationId: string, borrower: string): LandingCandidate =>
  ({
    poolId: POOL.id,
    reservationId,
    terms: { borrower },
    entryBytes: 1_000,
  }) as unknown as LandingCandidate;
const inFlight = (borrower: string): OpenLanding =>
  ({ poolId: POOL.id, borrower, entryBytes: 1_000 }) as unknown as OpenLanding;

const sent = (due: readonly LandingCandidate[], open: readonly OpenLanding[] = []): string[] =>
  attemptsOf(due, {
    channels: due.map((_, index) => ({ account: `channel ${index}`, sequence: 1n })),
    pools: new Map([[POOL.id, POOL]]),
    open,
    strangersOf: () => 0,
    ledgerWriteBytes: 286_720,
  }).map((each) => each.candidate.reservationId);

test('two landings of one borrower are in flight at most; those of others go on', () => {
  const due = [
    candidate('one', 'B'),
    candidate('two', 'B'),
    candidate('three', 'B'),
    candidate('other', 'C'),
  ];
  expect(sent(due)).toEqual(['one', 'two', 'other']);
  expect(sent(due, [inFlight('B')])).toEqual(['one', 'other']);
  expect(sent(due, [inFlight('B'), inFlight('B')])).toEqual(['other']);
});
