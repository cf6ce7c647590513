import { describe, expect, test } from '@jest/globals';
import type { Head } from '../chain/chain.js';
import type { TransactionReport } from '../chain/transaction-outcome.js';
import { type LiveEnvelope } from '../liquidity/reservation.js';
import { verdict } from './verdict.js';
import type { Evidence } from './finding.js';
import {
  AT_DEADLINE,
  PARTS,
  ISSUED_AFTER,
  DEADLINE,
  created,
  envelope,
  funded,
  headAt,
  hold,
  notFound,
  success,
} from '../../../test/support/verdict-evidence.js';

describe('replies that contradict what is known', () => {
  const stored = envelope({
    passedLedger: AT_DEADLINE,
    passedCloseTime: DEADLINE,
    voteLedger: AT_DEADLINE + 2,
  });
  const times = [48, 49, 50, 51, 52].map((ledger) => ({
    ledger,
    closeTime: DEADLINE + 5n * BigInt(ledger - AT_DEADLINE),
  }));
  const verdictOf = (
    report: TransactionReport,
    more: { envelope?: LiveEnvelope; head?: Head | null; known?: Evidence['times'] } = {},
  ) => {
    const only = more.envelope ?? stored;
    return verdict({
      hold: hold([only]),
      pool: PARTS,
      head: more.head ?? null,
      times: more.known ?? times,
      reports: [{ envelope: only, report }],
    });
  };
  const seenAt = (ledger: number, closeTime: bigint): TransactionReport => ({
    status: 'not_found',
    latestLedger: ledger,
    latestCloseTime: closeTime,
    oldestLedger: 1,
  });

  test('a vote counts only when its own close time is past the deadline', () => {
    const late = envelope({
      maxTime: DEADLINE + 12n,
      passedLedger: AT_DEADLINE + 3,
      passedCloseTime: DEADLINE + 15n,
      voteLedger: AT_DEADLINE + 5,
    });
    expect(verdictOf(seenAt(AT_DEADLINE + 6, DEADLINE + 30n), { envelope: late })).toMatchObject({
      kind: 'expire',
    });
    const first = envelope({
      maxTime: DEADLINE,
      passedLedger: AT_DEADLINE - 2,
      passedCloseTime: DEADLINE,
    });
    expect(
      verdictOf(seenAt(AT_DEADLINE + 1, DEADLINE - 1n), { envelope: first, known: [] }),
    ).toMatchObject({
      kind: 'keep',
      discards: [{ certificate: 'D1', ledger: AT_DEADLINE - 2 }],
    });
  });

  test.each<[string, TransactionReport]>([
    ['one ledger by two times', seenAt(AT_DEADLINE + 2, DEADLINE + 40n)],
    ['a later ledger before an earlier one', seenAt(AT_DEADLINE + 3, DEADLINE + 10n)],
    ['5,000 ledgers in five seconds', seenAt(AT_DEADLINE + 5_002, DEADLINE + 15n)],
    ['one ledger ahead in no time', seenAt(AT_DEADLINE + 3, DEADLINE + 10n)],
  ])('%s: proves nothing, and is reported', (_, report) => {
    expect(verdictOf(report)).toMatchObject({
      kind: 'keep',
      why: 'ledger_dated_twice',
      steps: [],
      disputes: [{ seen: { ledger: report.latestLedger } }],
    });
  });

  test('the first step takes a head and a look-up that are both past the deadline', () => {
    const fresh = envelope();
    expect(
      verdictOf(seenAt(AT_DEADLINE, DEADLINE - 1n), {
        envelope: fresh,
        head: headAt(DEADLINE),
        known: [],
      }),
    ).toMatchObject({ kind: 'keep', why: 'ledger_dated_twice', steps: [] });
    expect(
      verdictOf(seenAt(AT_DEADLINE - 1, DEADLINE - 5n), {
        envelope: fresh,
        head: headAt(DEADLINE),
        known: [],
      }),
    ).toMatchObject({ kind: 'keep', why: 'may_still_land', steps: [] });
    expect(
      verdictOf(seenAt(AT_DEADLINE, DEADLINE), { envelope: fresh, head: headAt(DEADLINE) }),
    ).toMatchObject({
      kind: 'keep',
      why: 'deadline_passed',
      steps: [{ passedLedger: AT_DEADLINE }],
    });
  });

  test('a stored step that a later reply contradicts is dropped with its vote, and taken again from that round', () => {
    const lied = envelope({
      passedLedger: AT_DEADLINE - 20,
      passedCloseTime: DEADLINE + 30n,
      voteLedger: AT_DEADLINE - 18,
    });
    expect(
      verdictOf(seenAt(AT_DEADLINE - 17, DEADLINE - 85n), { envelope: lied, known: [] }),
    ).toEqual({
      kind: 'keep',
      why: 'may_still_land',
      alarm: null,
      steps: [],
      discards: [{ number: 1, certificate: 'D1', ledger: AT_DEADLINE - 20 }],
    });
    expect(
      verdictOf(seenAt(AT_DEADLINE, DEADLINE), { envelope: lied, head: headAt(DEADLINE) }),
    ).toMatchObject({
      kind: 'keep',
      steps: [{ passedLedger: AT_DEADLINE, passedCloseTime: DEADLINE, voteLedger: null }],
      discards: [{ ledger: AT_DEADLINE - 20 }],
    });
  });

  test('a vote from far ahead does not keep the hold for hours', () => {
    const far = envelope({
      passedLedger: AT_DEADLINE,
      passedCloseTime: DEADLINE,
      voteLedger: AT_DEADLINE + 5_000,
    });
    expect(verdictOf(seenAt(AT_DEADLINE + 3, DEADLINE + 15n), { envelope: far })).toMatchObject({
      kind: 'keep',
      discards: [{ certificate: 'D1', ledger: AT_DEADLINE }],
    });
  });

  test('when the head no longer has the ledger, the look-up proves nothing', () => {
    expect(
      verdictOf(seenAt(AT_DEADLINE + 3, DEADLINE + 15n), {
        head: { ...headAt(DEADLINE + 15n, AT_DEADLINE + 3), oldestLedger: ISSUED_AFTER + 2 },
      }),
    ).toMatchObject({ kind: 'keep', alarm: 'lookup_proves_nothing' });
  });

  test('an account reply that a later one contradicts is no step', () => {
    const lied = envelope({ consumedLedger: 45, consumedSequence: 9n, consumedVoteLedger: 47 });
    const evidence = (sequence: bigint, ledger: number) =>
      verdict({
        hold: hold([lied]),
        pool: PARTS,
        head: null,
        account: { ledger, sequence },
        reports: [{ envelope: lied, report: notFound(48) }],
      });
    expect(evidence(6n, 48)).toEqual({
      kind: 'keep',
      why: 'may_still_land',
      alarm: null,
      steps: [],
      discards: [{ number: 1, certificate: 'D2', ledger: 45 }],
    });
    // a reply from an older ledger only lags
    expect(evidence(6n, 44)).toMatchObject({ kind: 'keep', why: 'one_vote' });
    // no look-up knows this ledger
    expect(evidence(9n, 5_000)).toMatchObject({ kind: 'keep', why: 'one_vote' });
  });

  test.each<[string, Partial<TransactionReport & { status: 'success' }>, string]>([
    ['a ledger that closed at another time', { ledger: AT_DEADLINE }, 'ledger_dated_twice'],
    ['a ledger after the newest', { ledger: 99 }, 'outcome_disputed'],
    ['a time after the newest', { closeTime: DEADLINE + 400n }, 'outcome_disputed'],
  ])('a landing in %s settles nothing', (_, change, why) => {
    const landed = {
      ...success([created, funded]),
      ledger: AT_DEADLINE - 2,
      closeTime: DEADLINE - 10n,
    } as TransactionReport & { status: 'success' };
    expect(verdictOf(landed)).toMatchObject({ kind: 'settle' });
    expect(verdictOf({ ...landed, ...change })).toMatchObject({ kind: 'keep', why });
  });
});
