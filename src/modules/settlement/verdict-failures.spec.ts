import { describe, expect, test } from '@jest/globals';
import type { Head } from '../chain/chain.js';
import type { FailureCause, FailureReason } from '../chain/transaction-outcome.js';
import { FAILURES_EXCUSED_MAX, type LiveEnvelope, REBUILDS_MAX } from '../liquidity/reservation.js';
import { verdict } from './verdict.js';
import type { Evidence } from './finding.js';
import {
  CONFLICT,
  AT_DEADLINE,
  UNKNOWN_CAUSE,
  PARTS,
  POOL,
  REFUSED,
  ISSUED_AFTER,
  DEADLINE,
  TRAPPED,
  created,
  envelope,
  failure,
  funded,
  headAt,
  hold,
  verdictOn,
  notFound,
  range,
  sighting,
  success,
  type Failure,
} from '../../../test/support/verdict-evidence.js';

describe('failed', () => {
  const once = envelope({ sighting: sighting(REFUSED) });
  test('two replies of two ledgers that agree release, naming envelope, ledger, code and who decided', () => {
    expect(verdictOn(failure(REFUSED), { envelope: once })).toEqual({
      kind: 'release',
      failure: {
        poolId: 'pool',
        reservationId: 'hold',
        envelopeVersion: 1,
        envelopeHash: 'a'.repeat(64),
        failedLedger: 55,
        closeTime: 990n,
        resultCode: TRAPPED,
        cause: REFUSED,
        seenAt: [59, 60],
      },
    });
  });

  test('one reply alone releases nothing: it is stored, and counts only with a later one', () => {
    expect(verdictOn(failure(REFUSED))).toEqual({
      kind: 'keep',
      why: 'failed_once',
      alarm: null,
      steps: [],
      failureSteps: [{ number: 1, was: null, sighting: sighting(REFUSED, { seenLedger: 60 }) }],
    });
    expect(verdictOn(failure(REFUSED, range(59)), { envelope: once })).toEqual({
      kind: 'keep',
      why: 'failed_once',
      alarm: null,
      steps: [],
    });
    // and one reply does not allow the next sequence
    expect(verdictOn(failure(CONFLICT))).toMatchObject({ kind: 'keep', why: 'failed_once' });
  });

  test.each<[string, Partial<Failure>]>([
    ['another ledger', { ledger: 56 }],
    ['another close time', { closeTime: 991n }],
    ['another result', { resultCode: 'txFailed/invokeHostFunctionResourceLimitExceeded' }],
  ])('a second reply with %s takes the place of the first, with an alarm', (_, change) => {
    const other = failure(REFUSED, change);
    expect(verdictOn(other, { envelope: once })).toEqual({
      kind: 'keep',
      why: 'outcome_disputed',
      alarm: 'outcome_disputed',
      steps: [],
      failureSteps: [
        {
          number: 1,
          was: 59,
          sighting: sighting(REFUSED, {
            seenLedger: 60,
            ledger: other.ledger,
            closeTime: other.closeTime,
            resultCode: other.resultCode,
          }),
        },
      ],
    });
  });

  test.each<[string, Partial<Pick<Failure, 'ledger' | 'closeTime'>>]>([
    ['one that was known before it was issued', { ledger: ISSUED_AFTER }],
    ["one after the reply's latest", { ledger: 61 }],
    ['one that closed after its deadline', { closeTime: DEADLINE + 1n }],
  ])('a failure in an impossible ledger does not count: %s', (_, change) => {
    for (const known of [envelope(), envelope({ sighting: sighting(REFUSED, change) })])
      expect(verdictOn(failure(REFUSED, change), { envelope: known })).toEqual({
        kind: 'keep',
        why: 'outcome_disputed',
        alarm: 'outcome_disputed',
        steps: [],
      });
    expect(
      verdictOn(failure(REFUSED, { ledger: ISSUED_AFTER + 1, closeTime: DEADLINE }), {
        envelope: envelope({
          sighting: sighting(REFUSED, { ledger: ISSUED_AFTER + 1, closeTime: DEADLINE }),
        }),
      }),
    ).toMatchObject({ kind: 'release' });
  });

  test(
    'a NOT_FOUND two ledgers later that still has that ledger drops the reply; an ' +
      'earlier or a shorter one does not',
    () => {
      expect(verdictOn(notFound(61), { envelope: once })).toMatchObject({
        kind: 'keep',
        why: 'may_still_land',
        failureSteps: [{ number: 1, was: 59, sighting: null }],
      });
      expect(verdictOn(notFound(60), { envelope: once })).toEqual({
        kind: 'keep',
        why: 'may_still_land',
        alarm: null,
        steps: [],
      });
      const late = envelope({ issuedAfterLedger: 60, sighting: sighting(REFUSED) });
      expect(verdictOn(notFound(61, 56), { envelope: late })).toEqual({
        kind: 'keep',
        why: 'may_still_land',
        alarm: null,
        steps: [],
      });
    },
  );

  test('when it is found to have landed after all, it settles', () => {
    expect(verdictOn(success([created, funded]), { envelope: once })).toMatchObject({
      kind: 'settle',
    });
  });

  test.each<[string, FailureCause, FailureCause, FailureCause]>([
    ['both refused by the contract', REFUSED, REFUSED, REFUSED],
    ['refused, then silent', REFUSED, UNKNOWN_CAUSE, UNKNOWN_CAUSE],
    ['silent, then refused', UNKNOWN_CAUSE, REFUSED, UNKNOWN_CAUSE],
    ['ours, then silent', CONFLICT, UNKNOWN_CAUSE, CONFLICT],
    ['silent, then ours', UNKNOWN_CAUSE, CONFLICT, CONFLICT],
    ['ours, then refused', CONFLICT, REFUSED, UNKNOWN_CAUSE],
    ['two errors of a contract', REFUSED, { ...REFUSED, number: 5 }, UNKNOWN_CAUSE],
  ])('diagnostics of two replies, %s', (_, first, second, cause) => {
    const outcome = verdictOn(failure(second), {
      envelope: envelope({ sighting: sighting(first) }),
    });
    expect(outcome).toMatchObject(
      cause.by === 'contract'
        ? { kind: 'release', failure: { cause } }
        : { kind: 'keep', why: 'awaits_rebuild', failed: { cause } },
    );
  });

  test('a failure that was not applied consumed nothing: kept, with an alarm', () => {
    expect(
      verdictOn(failure(REFUSED, { applied: false, cause: null, resultCode: 'txBadSeq' })),
    ).toMatchObject({ kind: 'keep', alarm: 'failed_without_effect' });
  });
});

describe('failures that the contract did not decide, and rebuilds', () => {
  const first = envelope({ number: 1, hash: 'a'.repeat(64), sequence: 7n });
  const once = (cause: FailureCause, of: LiveEnvelope = first): LiveEnvelope => ({
    ...of,
    sighting: sighting(cause),
  });
  const dead = envelope({
    ...first,
    state: 'failed',
    foundLedger: 55,
    resultCode: TRAPPED,
    cause: CONFLICT,
  });
  const next = (change: Partial<LiveEnvelope> = {}) =>
    envelope({
      number: 2,
      hash: 'b'.repeat(64),
      sequence: 8n,
      maxTime: DEADLINE + 100n,
      sighting: sighting(REFUSED),
      ...change,
    });
  const verdictOf = (
    envelopes: readonly LiveEnvelope[],
    reports: Evidence['reports'],
    more: { head?: Head; cancelRequested?: boolean } = {},
  ) =>
    verdict({
      hold: { ...hold(envelopes), cancelRequested: more.cancelRequested ?? false },
      pool: PARTS,
      head: more.head ?? null,
      reports,
    });

  const figures = (reason: FailureReason): FailureCause => ({
    by: 'ours',
    reason,
    contract: null,
    number: null,
  });
  test.each<[string, FailureCause, 'keep' | 'release']>([
    ...(
      [
        'outside_footprint',
        'resource_limit',
        'archived',
        'refundable_fee',
        'missing_entry',
        'budget',
        'malformed',
      ] as const
    ).map((reason): [string, FailureCause, 'keep'] => [reason, figures(reason), 'keep']),
    ['unknown', UNKNOWN_CAUSE, 'keep'],
    ['contract_error', REFUSED, 'release'],
    [
      'contract_trap',
      { by: 'contract', reason: 'contract_trap', contract: POOL, number: null },
      'release',
    ],
  ])('%s: %j', (_, cause, kind) => {
    const outcome = verdictOf([once(cause)], [{ envelope: once(cause), report: failure(cause) }]);
    expect(outcome).toMatchObject(
      kind === 'keep'
        ? {
            kind,
            why: 'awaits_rebuild',
            alarm: null,
            failed: { envelopeHash: first.hash, failedLedger: 55, cause },
          }
        : { kind, failure: { cause } },
    );
  });

  test("the hold is kept until the dead envelope's deadline by chain time, and reported once", () => {
    expect(verdictOf([dead], [])).toEqual({
      kind: 'keep',
      why: 'awaits_rebuild',
      alarm: null,
      steps: [],
    });
    expect(verdictOf([dead], [], { head: headAt(DEADLINE - 1n) })).toMatchObject({
      kind: 'keep',
      why: 'awaits_rebuild',
    });
    expect(verdictOf([dead], [], { head: headAt(DEADLINE) })).toMatchObject({
      kind: 'release',
      failure: {
        envelopeHash: first.hash,
        failedLedger: 55,
        envelopeVersion: 1,
        cause: CONFLICT,
        seenAt: null,
      },
    });
    expect(verdictOf([{ ...dead, cause: null }], [])).toMatchObject({
      kind: 'keep',
      why: 'awaits_rebuild',
    }); // as the release before stored it
  });

  test(
    'nothing is kept when a rebuild is not wanted or not possible; failures that are not the ' +
      "borrower's use up no rebuild, up to a limit",
    () => {
      expect(verdictOf([dead], [], { cancelRequested: true })).toMatchObject({ kind: 'release' });
      const gone = (count: number, change: Partial<LiveEnvelope>) =>
        Array.from({ length: count }, (_, at) =>
          envelope({
            ...dead,
            number: at + 1,
            hash: `${at}`.padStart(64, '0'),
            sequence: 7n + BigInt(at),
            ...change,
          }),
        );
      const last = (number: number) =>
        once(CONFLICT, envelope({ number, hash: 'd'.repeat(64), sequence: 90n }));
      const verdictAfter = (before: readonly LiveEnvelope[]) =>
        verdictOf(
          [...before, last(before.length + 1)],
          [{ envelope: last(before.length + 1), report: failure(CONFLICT) }],
        );
      expect(verdictAfter(gone(REBUILDS_MAX, { state: 'dead', cause: null }))).toMatchObject({
        kind: 'keep',
        why: 'awaits_rebuild',
      }); // the failed one itself is excused
      expect(verdictAfter(gone(REBUILDS_MAX, {}))).toMatchObject({
        kind: 'keep',
        why: 'awaits_rebuild',
      });
      const most = REBUILDS_MAX + FAILURES_EXCUSED_MAX;
      expect(verdictAfter(gone(most - 1, {}))).toMatchObject({
        kind: 'keep',
        why: 'awaits_rebuild',
      });
      expect(verdictAfter(gone(most, {}))).toMatchObject({
        kind: 'release',
        failure: { envelopeHash: 'd'.repeat(64), envelopeVersion: most + 1, cause: CONFLICT },
      });
    },
  );

  test('after a rebuild the new envelope decides: open, landed, dead by time, failed again', () => {
    const rebuilt = next();
    expect(
      verdictOf([dead, rebuilt], [{ envelope: rebuilt, report: notFound(60) }], {
        head: headAt(DEADLINE + 50n, 60),
      }),
    ).toMatchObject({ kind: 'keep', why: 'may_still_land' });
    expect(
      verdictOf([dead, rebuilt], [{ envelope: rebuilt, report: success([created, funded]) }]),
    ).toMatchObject({ kind: 'settle', settlement: { envelopeHash: rebuilt.hash } });
    const voted = next({
      passedLedger: AT_DEADLINE + 20,
      passedCloseTime: DEADLINE + 100n,
      voteLedger: AT_DEADLINE + 22,
    });
    expect(
      verdictOf([dead, voted], [{ envelope: voted, report: notFound(AT_DEADLINE + 23) }]),
    ).toMatchObject({
      kind: 'expire',
      expiry: { passedCloseTime: DEADLINE + 100n, envelopeVersion: 2 },
    });
    expect(
      verdictOf([dead, rebuilt], [{ envelope: rebuilt, report: failure(REFUSED) }]),
    ).toMatchObject({ kind: 'release', failure: { envelopeHash: rebuilt.hash } });
    expect(verdictOf([dead, rebuilt], [])).toMatchObject({
      kind: 'keep',
      why: 'envelope_not_looked_up',
    });
  });

  test(
    'two of one sequence: each needs its own proof; the latest deadline decides (not the first ' +
      'deadline), a failure of one kills both',
    () => {
      const early = envelope({
        ...first,
        passedLedger: AT_DEADLINE,
        passedCloseTime: DEADLINE,
        voteLedger: AT_DEADLINE + 2,
      });
      const late = next({ sequence: 7n });
      expect(
        verdictOf(
          [early, late],
          [
            { envelope: early, report: notFound(AT_DEADLINE + 3) },
            { envelope: late, report: notFound(AT_DEADLINE + 3) },
          ],
          { head: headAt(DEADLINE + 5n, AT_DEADLINE + 1) },
        ),
      ).toMatchObject({ kind: 'keep', why: 'may_still_land' });
      const gone = next({
        sequence: 7n,
        passedLedger: AT_DEADLINE + 20,
        passedCloseTime: DEADLINE + 100n,
        voteLedger: AT_DEADLINE + 22,
      });
      expect(
        verdictOf(
          [early, gone],
          [
            { envelope: early, report: notFound(AT_DEADLINE + 23) },
            { envelope: gone, report: notFound(AT_DEADLINE + 23) },
          ],
        ),
      ).toMatchObject({
        kind: 'expire',
        expiry: { passedLedger: AT_DEADLINE + 20, passedCloseTime: DEADLINE + 100n },
      });
      expect(
        verdictOf(
          [first, late],
          [
            { envelope: first, report: notFound(60) },
            { envelope: late, report: failure(REFUSED) },
          ],
        ),
      ).toMatchObject({ kind: 'release' });
      expect(
        verdictOf(
          [first, late],
          [
            { envelope: first, report: success([created, funded]) },
            { envelope: late, report: notFound(60) },
          ],
        ),
      ).toMatchObject({ kind: 'settle', settlement: { envelopeHash: first.hash } });
    },
  );
});
