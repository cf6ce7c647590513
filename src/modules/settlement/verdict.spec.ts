import { describe, expect, test } from '@jest/globals';
import type { ContractEvent, Head, TransactionReport } from '../chain/chain.js';
import type { LiveEnvelope, LiveHold } from '../liquidity/reservation.js';
import { type Evidence, verdict } from './verdict.js';

const POOL = `C${'P'.repeat(55)}`;
const CREDITLINE = `C${'L'.repeat(55)}`;
const OTHER = `C${'X'.repeat(55)}`;
const BORROWER = `G${'B'.repeat(55)}`;
const T = 1_000n;
const S = 40;
const L = 50;

const envelope = (change: Partial<LiveEnvelope> = {}): LiveEnvelope => ({ number: 1, hash: 'a'.repeat(64), sequence: 7n, maxTime: T, issuedAfterLedger: S, passedLedger: null, passedCloseTime: null, voteLedger: null,
  state: 'open', foundLedger: null, resultCode: null, consumedLedger: null, consumedSequence: null, consumedVoteLedger: null, loanIdFirst: 1n, loanIdLast: 25n, submission: null, ...change });
const hold = (envelopes: readonly LiveEnvelope[]): LiveHold => ({ poolId: 'pool', reservationId: 'hold', amount: 80n, borrower: BORROWER, envelopeVersion: envelopes.length, expiresAt: T, submittedAt: null,
  cancelRequested: false, knownLedger: 0, vendor: 'vendor', totalAmount: 100n, guaranteeAmount: 20n, envelopes });
const range = (latestLedger: number, oldestLedger = 1) => ({ latestLedger, latestCloseTime: 2_000n, oldestLedger });
const notFound = (latestLedger: number, oldestLedger?: number): TransactionReport => ({ ...range(latestLedger, oldestLedger), status: 'not_found' });
const failed = (applied: boolean, resultCode = 'txFailed/invokeHostFunctionTrapped'): TransactionReport => ({ ...range(60), status: 'failed', ledger: 55, closeTime: 990n, feeBump: false, applied, resultCode, footprintExceeded: null });
const event = (change: Partial<ContractEvent>): ContractEvent => ({ contract: OTHER, name: 'transfer', topics: [], amount: null, loanId: null, ...change });
const created = event({ contract: CREDITLINE, name: 'LOANCRTD', topics: ['LOANCRTD', BORROWER, 'vendor'], loanId: 9n });
const funded = event({ contract: POOL, name: 'LQFUND', topics: ['LQFUND', CREDITLINE], amount: 80n });
const success = (events: readonly ContractEvent[], feeBump = false): TransactionReport => ({ ...range(60), status: 'success', ledger: 55, closeTime: 990n, feeBump, events });
const headAt = (closeTime: bigint, ledger = L): Head => ({ ledger, closeTime, oldestLedger: 1 });

function judge(report: TransactionReport, known: { envelope?: LiveEnvelope; head?: Head | null } = {}) {
  const only = known.envelope ?? envelope();
  const evidence: Evidence = { hold: hold([only]), poolContract: POOL, creditlineContract: CREDITLINE, head: known.head ?? null, reports: [{ envelope: only, report }] };
  return verdict(evidence);
}

describe('D4, landed', () => {
  test('our loan and our funding in one transaction settle the hold at its ledger', () => {
    expect(judge(success([event({}), funded, created], true))).toEqual({
      kind: 'settle', settlement: { poolId: 'pool', reservationId: 'hold', envelopeHash: 'a'.repeat(64), settledLedger: 55, closeTime: 990n, loanId: 9n, feeBump: true },
    });
  });

  test.each<[string, readonly ContractEvent[]]>([
    ['no events at all', []],
    ['no funding', [created]],
    ['no loan', [funded]],
    ['another amount', [created, { ...funded, amount: 79n }]],
    ['another pool', [created, { ...funded, contract: OTHER }]],
    ['another creditline', [{ ...created, contract: OTHER }, funded]],
    ['another borrower', [{ ...created, topics: ['LOANCRTD', `G${'Z'.repeat(55)}`, 'vendor'] }, funded]],
  ])('success with %s is kept and an alarm is raised', (_, events) => {
    expect(judge(success(events))).toMatchObject({ kind: 'keep', why: 'success_without_our_events', alarm: 'success_without_our_events' });
  });

  test('it settles although the deadline has passed and a vote for its death was cast', () => {
    expect(judge(success([created, funded]), { envelope: envelope({ passedLedger: L, passedCloseTime: T, voteLedger: L + 2 }), head: headAt(2_000n) })).toMatchObject({ kind: 'settle' });
  });
});

describe('D3, failed', () => {
  test('an applied failure releases, naming envelope, ledger and code', () => {
    expect(judge(failed(true))).toEqual({
      kind: 'release',
      failure: { poolId: 'pool', reservationId: 'hold', envelopeVersion: 1, envelopeHash: 'a'.repeat(64), failedLedger: 55, resultCode: 'txFailed/invokeHostFunctionTrapped' },
    });
  });

  test('a failure that was not applied consumed nothing: kept, with an alarm', () => {
    expect(judge(failed(false, 'txBadSeq'))).toMatchObject({ kind: 'keep', alarm: 'failed_without_effect' });
  });
});

describe('D1, time', () => {
  test('before the deadline, or when nobody looked at the head, absence proves nothing', () => {
    expect(judge(notFound(60), { head: headAt(T - 1n) })).toEqual({ kind: 'keep', why: 'may_still_land', alarm: null, steps: [] });
    expect(judge(notFound(60))).toMatchObject({ kind: 'keep', why: 'may_still_land' });
  });

  test('a ledger that closes exactly at T is step 1: it may hold the envelope, later ones may not', () => {
    expect(judge(notFound(L), { head: headAt(T) })).toEqual({ kind: 'keep', why: 'deadline_passed', alarm: null, steps: [{ number: 1, passedLedger: L, passedCloseTime: T, voteLedger: null }] });
  });

  test.each([[L, false], [L + 1, false], [L + 2, true], [L + 9, true]])('a reply at ledger %i counts as the first vote: %s', (latest, counts) => {
    expect(judge(notFound(latest), { head: headAt(T + 5n) })).toMatchObject({ kind: 'keep', why: counts ? 'one_vote' : 'deadline_passed', steps: [{ voteLedger: counts ? latest : null }] });
  });

  test('step 1 is stored once: the ledger that was stored goes on counting, not the newer head', () => {
    const stored = envelope({ passedLedger: L, passedCloseTime: T });
    expect(judge(notFound(L + 1), { envelope: stored, head: headAt(T + 9n, L + 1) })).toEqual({ kind: 'keep', why: 'deadline_passed', alarm: null, steps: [] });
    expect(judge(notFound(L + 2), { envelope: stored, head: headAt(T + 9n, L + 2) })).toMatchObject({ kind: 'keep', steps: [{ passedLedger: L, passedCloseTime: T, voteLedger: L + 2 }] });
  });

  test.each([L, L + 1, L + 2])('one vote only: a second reply at ledger %i is not higher than the first', (latest) => {
    expect(judge(notFound(latest), { envelope: envelope({ passedLedger: L, passedCloseTime: T, voteLedger: L + 2 }) })).toEqual({ kind: 'keep', why: 'one_vote', alarm: null, steps: [] });
  });

  test('two votes, the second at least one ledger higher, expire it', () => {
    expect(judge(notFound(L + 3, S + 1), { envelope: envelope({ passedLedger: L, passedCloseTime: T, voteLedger: L + 2 }) })).toEqual({
      kind: 'expire',
      expiry: { poolId: 'pool', reservationId: 'hold', envelopeVersion: 1, passedLedger: L, passedCloseTime: T, firstVoteLedger: L + 2, secondVoteLedger: L + 3, oldestLedger: S + 1 },
    });
  });

  test.each([[null, null], [L, null], [L, L + 2]])('a node that no longer has S+1 proves nothing (passed %s, vote %s): kept, with an alarm', (passedLedger, voteLedger) => {
    const known = envelope({ passedLedger, passedCloseTime: passedLedger === null ? null : T, voteLedger });
    expect(judge(notFound(L + 9, S + 2), { envelope: known, head: headAt(T + 99n) })).toEqual({ kind: 'keep', why: 'lookup_proves_nothing', alarm: 'lookup_proves_nothing', steps: [] });
  });

  test('a stored step of another deadline is not believed', () => {
    expect(judge(notFound(L + 9), { envelope: envelope({ passedLedger: L, passedCloseTime: T - 1n, voteLedger: L + 2 }) })).toMatchObject({ kind: 'keep', why: 'may_still_land' });
  });
});

describe('several envelopes of one hold', () => {
  const first = envelope({ number: 1, hash: 'a'.repeat(64), sequence: 7n, passedLedger: L, passedCloseTime: T, voteLedger: L + 2 });
  const second = envelope({ number: 2, hash: 'b'.repeat(64), sequence: 8n });
  const both = (one: TransactionReport, two: TransactionReport) => verdict({
    hold: hold([first, second]), poolContract: POOL, creditlineContract: CREDITLINE, head: null, reports: [{ envelope: first, report: one }, { envelope: second, report: two }],
  });

  test('one that landed settles, whatever the others did', () => {
    expect(both(failed(true), success([created, funded]))).toMatchObject({ kind: 'settle', settlement: { envelopeHash: 'b'.repeat(64) } });
  });

  test('one that may still land keeps the hold', () => {
    expect(both(notFound(L + 3), notFound(L + 3))).toMatchObject({ kind: 'keep', why: 'may_still_land' });
    expect(both(failed(true), notFound(L + 3))).toMatchObject({ kind: 'keep', why: 'may_still_land' });
  });

  test('an applied failure of a later sequence kills the earlier one too', () => {
    expect(both(notFound(L + 2), failed(true))).toMatchObject({ kind: 'release', failure: { envelopeHash: 'b'.repeat(64), envelopeVersion: 2 } });
  });

  test('an envelope that nobody looked up keeps the hold', () => {
    expect(verdict({ hold: hold([first, second]), poolContract: POOL, creditlineContract: CREDITLINE, head: null, reports: [{ envelope: first, report: failed(true) }] })).toMatchObject({ kind: 'keep', why: 'not_every_envelope_judged' });
  });
});
