import { describe, expect, test } from '@jest/globals';
import type {
  ContractEvent,
  FailureCause,
  FailureReason,
  Head,
  TransactionReport,
} from '../chain/chain.js';
import {
  FAILURES_EXCUSED_MAX,
  type FailureSighting,
  type LiveEnvelope,
  type LiveHold,
  REBUILDS_MAX,
} from '../liquidity/reservation.js';
import { type Evidence, verdict } from './verdict.js';

const [POOL, CREDITLINE, OTHER, BORROWER] = [
  `C${'P'.repeat(55)}`,
  `C${'L'.repeat(55)}`,
  `C${'X'.repeat(55)}`,
  `G${'B'.repeat(55)}`,
];
const T = 1_000n;
const S = 40;
const L = 50;

const envelope = (change: Partial<LiveEnvelope> = {}): LiveEnvelope => ({
  number: 1,
  hash: 'a'.repeat(64),
  sequence: 7n,
  maxTime: T,
  issuedAfterLedger: S,
  passedLedger: null,
  passedCloseTime: null,
  voteLedger: null,
  state: 'open',
  foundLedger: null,
  resultCode: null,
  consumedLedger: null,
  consumedSequence: null,
  consumedVoteLedger: null,
  loanIdFirst: 1n,
  loanIdLast: 25n,
  submission: null,
  cause: null,
  sighting: null,
  ...change,
});
const hold = (envelopes: readonly LiveEnvelope[]): LiveHold => ({
  poolId: 'pool',
  reservationId: 'hold',
  amount: 80n,
  borrower: BORROWER,
  envelopeVersion: envelopes.length,
  expiresAt: T,
  submittedAt: null,
  cancelRequested: false,
  knownLedger: 0,
  vendor: 'vendor',
  totalAmount: 100n,
  guaranteeAmount: 20n,
  envelopes,
});
/** Five seconds a ledger, and T at L. */
const range = (latestLedger: number, oldestLedger = 1) => ({
  latestLedger,
  latestCloseTime: T + 5n * BigInt(latestLedger - L),
  oldestLedger,
});
const notFound = (latestLedger: number, oldestLedger?: number): TransactionReport => ({
  ...range(latestLedger, oldestLedger),
  status: 'not_found',
});
const TRAPPED = 'txFailed/invokeHostFunctionTrapped';
const REFUSED: FailureCause = {
  by: 'contract',
  reason: 'contract_error',
  contract: POOL,
  number: 6,
};
const CONFLICT: FailureCause = {
  by: 'ours',
  reason: 'outside_footprint',
  contract: null,
  number: null,
};
const NOT_TOLD: FailureCause = { by: 'unknown', reason: 'unknown', contract: null, number: null };
type Failure = TransactionReport & { readonly status: 'failed' };
const failure = (cause: FailureCause, change: Partial<Failure> = {}): Failure => ({
  ...range(60),
  status: 'failed',
  ledger: 55,
  closeTime: 990n,
  feeBump: false,
  applied: true,
  resultCode: TRAPPED,
  cause,
  ...change,
});
/** As a first reply said it, of the ledger before. */
const seen = (cause: FailureCause, change: Partial<FailureSighting> = {}): FailureSighting => ({
  seenLedger: 59,
  ledger: 55,
  closeTime: 990n,
  resultCode: TRAPPED,
  cause,
  ...change,
});
const event = (change: Partial<ContractEvent>): ContractEvent => ({
  contract: OTHER,
  name: 'transfer',
  topics: [],
  amount: null,
  loanId: null,
  ...change,
});
const created = event({
  contract: CREDITLINE,
  name: 'LOANCRTD',
  topics: ['LOANCRTD', BORROWER, 'vendor'],
  loanId: 9n,
});
const funded = event({
  contract: POOL,
  name: 'LQFUND',
  topics: ['LQFUND', CREDITLINE],
  amount: 80n,
});
const success = (events: readonly ContractEvent[], feeBump = false): TransactionReport => ({
  ...range(60),
  status: 'success',
  ledger: 55,
  closeTime: 990n,
  feeBump,
  events,
});
const headAt = (closeTime: bigint, ledger = L): Head => ({ ledger, closeTime, oldestLedger: 1 });

function judge(
  report: TransactionReport,
  known: { envelope?: LiveEnvelope; head?: Head | null } = {},
) {
  const only = known.envelope ?? envelope();
  const { head = null } = known;
  const dated = head
    ? {
        ...report,
        latestCloseTime: head.closeTime + 5n * BigInt(report.latestLedger - head.ledger),
      }
    : report;
  const evidence: Evidence = {
    hold: hold([only]),
    poolContract: POOL,
    creditlineContract: CREDITLINE,
    head,
    reports: [{ envelope: only, report: dated }],
  };
  return verdict(evidence);
}

describe('landed', () => {
  test('our loan and our funding in one transaction settle the hold at its ledger', () => {
    expect(judge(success([event({}), funded, created], true))).toEqual({
      kind: 'settle',
      settlement: {
        poolId: 'pool',
        reservationId: 'hold',
        envelopeHash: 'a'.repeat(64),
        settledLedger: 55,
        closeTime: 990n,
        loanId: 9n,
        feeBump: true,
      },
    });
  });

  test.each<[string, readonly ContractEvent[]]>([
    ['no events at all', []],
    ['no funding', [created]],
    ['no loan', [funded]],
    ['another amount', [created, { ...funded, amount: 79n }]],
    ['another pool', [created, { ...funded, contract: OTHER }]],
    ['another creditline', [{ ...created, contract: OTHER }, funded]],
    [
      'another borrower',
      [{ ...created, topics: ['LOANCRTD', `G${'Z'.repeat(55)}`, 'vendor'] }, funded],
    ],
  ])('success with %s is kept and an alarm is raised', (_, events) => {
    expect(judge(success(events))).toMatchObject({
      kind: 'keep',
      why: 'success_without_our_events',
      alarm: 'success_without_our_events',
    });
  });

  test.each<[string, object]>([
    ['known before it was issued', { ledger: S }],
    ["after the reply's latest", { ledger: 61 }],
    ['closed after its deadline', { closeTime: T + 1n }],
  ])('in a ledger %s it cannot have landed: kept, with an alarm', (_, change) => {
    expect(judge({ ...success([created, funded]), ...change } as TransactionReport)).toMatchObject({
      kind: 'keep',
      why: 'outcome_disputed',
      alarm: 'outcome_disputed',
    });
  });

  test('it settles although the deadline has passed and a vote for its death was cast', () => {
    expect(
      judge(success([created, funded]), {
        envelope: envelope({ passedLedger: L, passedCloseTime: T, voteLedger: L + 2 }),
        head: headAt(T + 50n, L + 10),
      }),
    ).toMatchObject({ kind: 'settle' });
  });
});

describe('failed', () => {
  const once = envelope({ sighting: seen(REFUSED) });
  test('two replies of two ledgers that agree release, naming envelope, ledger, code and who decided', () => {
    expect(judge(failure(REFUSED), { envelope: once })).toEqual({
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
    expect(judge(failure(REFUSED))).toEqual({
      kind: 'keep',
      why: 'failed_once',
      alarm: null,
      steps: [],
      failureSteps: [{ number: 1, was: null, sighting: seen(REFUSED, { seenLedger: 60 }) }],
    });
    expect(judge(failure(REFUSED, range(59)), { envelope: once })).toEqual({
      kind: 'keep',
      why: 'failed_once',
      alarm: null,
      steps: [],
    });
    // nor does it allow the next sequence
    expect(judge(failure(CONFLICT))).toMatchObject({ kind: 'keep', why: 'failed_once' });
  });

  test.each<[string, Partial<Failure>]>([
    ['another ledger', { ledger: 56 }],
    ['another close time', { closeTime: 991n }],
    ['another result', { resultCode: 'txFailed/invokeHostFunctionResourceLimitExceeded' }],
  ])('a second reply with %s takes the place of the first, with an alarm', (_, change) => {
    const other = failure(REFUSED, change);
    expect(judge(other, { envelope: once })).toEqual({
      kind: 'keep',
      why: 'outcome_disputed',
      alarm: 'outcome_disputed',
      steps: [],
      failureSteps: [
        {
          number: 1,
          was: 59,
          sighting: seen(REFUSED, {
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
    ['one that was known before it was issued', { ledger: S }],
    ["one after the reply's latest", { ledger: 61 }],
    ['one that closed after its deadline', { closeTime: T + 1n }],
  ])('a failure in a ledger where it cannot have been is none: %s', (_, change) => {
    for (const known of [envelope(), envelope({ sighting: seen(REFUSED, change) })])
      expect(judge(failure(REFUSED, change), { envelope: known })).toEqual({
        kind: 'keep',
        why: 'outcome_disputed',
        alarm: 'outcome_disputed',
        steps: [],
      });
    expect(
      judge(failure(REFUSED, { ledger: S + 1, closeTime: T }), {
        envelope: envelope({ sighting: seen(REFUSED, { ledger: S + 1, closeTime: T }) }),
      }),
    ).toMatchObject({ kind: 'release' });
  });

  test(
    'a NOT_FOUND of two ledgers later that still has that ledger makes it forgotten; an ' +
      'earlier or a shorter one does not',
    () => {
      expect(judge(notFound(61), { envelope: once })).toMatchObject({
        kind: 'keep',
        why: 'may_still_land',
        failureSteps: [{ number: 1, was: 59, sighting: null }],
      });
      expect(judge(notFound(60), { envelope: once })).toEqual({
        kind: 'keep',
        why: 'may_still_land',
        alarm: null,
        steps: [],
      });
      const late = envelope({ issuedAfterLedger: 60, sighting: seen(REFUSED) });
      expect(judge(notFound(61, 56), { envelope: late })).toEqual({
        kind: 'keep',
        why: 'may_still_land',
        alarm: null,
        steps: [],
      });
    },
  );

  test('found landed after all, it settles', () => {
    expect(judge(success([created, funded]), { envelope: once })).toMatchObject({ kind: 'settle' });
  });

  test.each<[string, FailureCause, FailureCause, FailureCause]>([
    ['both refused by the contract', REFUSED, REFUSED, REFUSED],
    ['refused, then silent', REFUSED, NOT_TOLD, NOT_TOLD],
    ['silent, then refused', NOT_TOLD, REFUSED, NOT_TOLD],
    ['ours, then silent', CONFLICT, NOT_TOLD, CONFLICT],
    ['silent, then ours', NOT_TOLD, CONFLICT, CONFLICT],
    ['ours, then refused', CONFLICT, REFUSED, NOT_TOLD],
    ['two errors of a contract', REFUSED, { ...REFUSED, number: 5 }, NOT_TOLD],
  ])('diagnostics of two replies, %s', (_, first, second, cause) => {
    const outcome = judge(failure(second), { envelope: envelope({ sighting: seen(first) }) });
    expect(outcome).toMatchObject(
      cause.by === 'contract'
        ? { kind: 'release', failure: { cause } }
        : { kind: 'keep', why: 'awaits_rebuild', failed: { cause } },
    );
  });

  test('a failure that was not applied consumed nothing: kept, with an alarm', () => {
    expect(
      judge(failure(REFUSED, { applied: false, cause: null, resultCode: 'txBadSeq' })),
    ).toMatchObject({ kind: 'keep', alarm: 'failed_without_effect' });
  });
});

describe('expired by time', () => {
  test('before the deadline, or when nobody findings at the head, absence proves nothing', () => {
    expect(judge(notFound(60), { head: headAt(T - 1n) })).toEqual({
      kind: 'keep',
      why: 'may_still_land',
      alarm: null,
      steps: [],
    });
    expect(judge(notFound(60))).toMatchObject({ kind: 'keep', why: 'may_still_land' });
  });

  test('a ledger that closes exactly at T is step 1: it may hold the envelope, later ones may not', () => {
    expect(judge(notFound(L), { head: headAt(T) })).toEqual({
      kind: 'keep',
      why: 'deadline_passed',
      alarm: null,
      steps: [{ number: 1, passedLedger: L, passedCloseTime: T, voteLedger: null }],
    });
  });

  test.each([
    [L, false],
    [L + 1, false],
    [L + 2, true],
    [L + 9, true],
  ])('a reply at ledger %i counts as the first vote: %s', (latest, counts) => {
    expect(judge(notFound(latest), { head: headAt(T + 5n) })).toMatchObject({
      kind: 'keep',
      why: counts ? 'one_vote' : 'deadline_passed',
      steps: [{ voteLedger: counts ? latest : null }],
    });
  });

  test('step 1 is stored once: the ledger that was stored goes on counting, not the newer head', () => {
    const stored = envelope({ passedLedger: L, passedCloseTime: T });
    expect(judge(notFound(L + 1), { envelope: stored, head: headAt(T + 9n, L + 1) })).toEqual({
      kind: 'keep',
      why: 'deadline_passed',
      alarm: null,
      steps: [],
    });
    expect(judge(notFound(L + 2), { envelope: stored, head: headAt(T + 9n, L + 2) })).toMatchObject(
      { kind: 'keep', steps: [{ passedLedger: L, passedCloseTime: T, voteLedger: L + 2 }] },
    );
  });

  test.each([L, L + 1, L + 2])(
    'one vote only: a second reply at ledger %i is not higher than the first',
    (latest) => {
      expect(
        judge(notFound(latest), {
          envelope: envelope({ passedLedger: L, passedCloseTime: T, voteLedger: L + 2 }),
        }),
      ).toEqual({ kind: 'keep', why: 'one_vote', alarm: null, steps: [] });
    },
  );

  test('two votes, the second at least one ledger higher, expire it', () => {
    expect(
      judge(notFound(L + 3, S + 1), {
        envelope: envelope({ passedLedger: L, passedCloseTime: T, voteLedger: L + 2 }),
      }),
    ).toEqual({
      kind: 'expire',
      expiry: {
        poolId: 'pool',
        reservationId: 'hold',
        envelopeVersion: 1,
        passedLedger: L,
        passedCloseTime: T,
        firstVoteLedger: L + 2,
        secondVoteLedger: L + 3,
        oldestLedger: S + 1,
      },
    });
  });

  test.each([
    [null, null],
    [L, null],
    [L, L + 2],
  ])(
    'a node that no longer has S+1 proves nothing (passed %s, vote %s): kept, with an alarm',
    (passedLedger, voteLedger) => {
      const known = envelope({
        passedLedger,
        passedCloseTime: passedLedger === null ? null : T,
        voteLedger,
      });
      expect(
        judge(notFound(L + 9, S + 2), { envelope: known, head: headAt(T + 99n, L + 9) }),
      ).toEqual({
        kind: 'keep',
        why: 'lookup_proves_nothing',
        alarm: 'lookup_proves_nothing',
        steps: [],
      });
    },
  );

  test('a stored step of another deadline is not believed', () => {
    expect(
      judge(notFound(L + 9), {
        envelope: envelope({ passedLedger: L, passedCloseTime: T - 1n, voteLedger: L + 2 }),
      }),
    ).toMatchObject({ kind: 'keep', why: 'may_still_land' });
  });
});

describe('several envelopes of one hold', () => {
  const first = envelope({
    number: 1,
    hash: 'a'.repeat(64),
    sequence: 7n,
    passedLedger: L,
    passedCloseTime: T,
    voteLedger: L + 2,
    sighting: seen(REFUSED),
  });
  const second = envelope({
    number: 2,
    hash: 'b'.repeat(64),
    sequence: 8n,
    sighting: seen(REFUSED),
  });
  const both = (one: TransactionReport, two: TransactionReport) =>
    verdict({
      hold: hold([first, second]),
      poolContract: POOL,
      creditlineContract: CREDITLINE,
      head: null,
      reports: [
        { envelope: first, report: one },
        { envelope: second, report: two },
      ],
    });

  test('one that landed settles, whatever the others did', () => {
    expect(both(failure(REFUSED), success([created, funded]))).toMatchObject({
      kind: 'settle',
      settlement: { envelopeHash: 'b'.repeat(64) },
    });
  });

  test('one that may still land keeps the hold', () => {
    expect(both(notFound(L + 3), notFound(L + 3))).toMatchObject({
      kind: 'keep',
      why: 'may_still_land',
    });
    expect(both(failure(REFUSED), notFound(L + 3))).toMatchObject({
      kind: 'keep',
      why: 'may_still_land',
    });
  });

  test('an applied failure of a later sequence kills the earlier one too', () => {
    expect(both(notFound(L + 2), failure(REFUSED))).toMatchObject({
      kind: 'release',
      failure: { envelopeHash: 'b'.repeat(64), envelopeVersion: 2 },
    });
  });

  test('an envelope that nobody findings up keeps the hold', () => {
    expect(
      verdict({
        hold: hold([first, second]),
        poolContract: POOL,
        creditlineContract: CREDITLINE,
        head: null,
        reports: [{ envelope: first, report: failure(REFUSED) }],
      }),
    ).toMatchObject({ kind: 'keep', why: 'not_every_envelope_judged' });
  });
});

describe('sequence consumed', () => {
  const X = 45;
  const account = (sequence: bigint | null, ledger = X) => ({ ledger, sequence });
  const judgeBy = (
    latest: number,
    known: {
      envelope?: LiveEnvelope;
      account?: { ledger: number; sequence: bigint | null } | null;
      head?: Head | null;
      oldest?: number;
    },
  ) => {
    const only = known.envelope ?? envelope();
    return verdict({
      hold: hold([only]),
      poolContract: POOL,
      creditlineContract: CREDITLINE,
      head: known.head ?? null,
      account: known.account ?? null,
      reports: [{ envelope: only, report: notFound(latest, known.oldest) }],
    });
  };

  test.each<[string, bigint | null, boolean]>([
    ["below the envelope's", 6n, false],
    ["the envelope's", 7n, true],
    ['above it', 9n, true],
    ['missing with its account', null, false],
  ])('a sequence that is %s is step 1: %s', (_, sequence, counts) => {
    expect(judgeBy(X + 1, { account: account(sequence) })).toMatchObject(
      counts
        ? {
            kind: 'keep',
            why: 'sequence_passed',
            consumedSteps: [
              { number: 1, consumedLedger: X, consumedSequence: sequence, voteLedger: null },
            ],
          }
        : { kind: 'keep', why: 'may_still_land', steps: [] },
    );
  });

  test.each([
    [X, false],
    [X + 1, false],
    [X + 2, true],
  ])('a NOT_FOUND at ledger %i is the first vote: %s', (latest, counts) => {
    expect(judgeBy(latest, { account: account(7n) })).toMatchObject({
      kind: 'keep',
      consumedSteps: [{ voteLedger: counts ? latest : null }],
    });
  });

  test('the stored step goes on counting, nothing is stored twice, and only a higher second vote proves it', () => {
    const stored = envelope({ consumedLedger: X, consumedSequence: 8n });
    expect(judgeBy(X + 1, { envelope: stored, account: account(9n, X + 1) })).toEqual({
      kind: 'keep',
      why: 'sequence_passed',
      alarm: null,
      steps: [],
    });
    const voted = envelope({ consumedLedger: X, consumedSequence: 8n, consumedVoteLedger: X + 2 });
    expect(judgeBy(X + 2, { envelope: voted })).toEqual({
      kind: 'keep',
      why: 'one_vote',
      alarm: null,
      steps: [],
    });
    // nobody has read the account again
    expect(judgeBy(X + 3, { envelope: voted })).toMatchObject({ kind: 'keep', why: 'one_vote' });
    for (const again of [account(8n), account(6n, X + 3), account(null, X + 3)])
      expect(judgeBy(X + 3, { envelope: voted, account: again })).toMatchObject({ kind: 'keep' });
    expect(judgeBy(X + 3, { envelope: voted, account: account(8n, X + 1), oldest: S + 1 })).toEqual(
      {
        kind: 'consumed',
        consumed: {
          poolId: 'pool',
          reservationId: 'hold',
          envelopeVersion: 1,
          consumedLedger: X,
          consumedSequence: 8n,
          firstVoteLedger: X + 2,
          secondVoteLedger: X + 3,
          oldestLedger: S + 1,
        },
      },
    );
    expect(
      judgeBy(X + 3, { envelope: voted, account: account(8n, X + 1), oldest: S + 2 }),
    ).toMatchObject({ kind: 'keep', alarm: 'lookup_proves_nothing' });
    expect(judgeBy(X + 9, { envelope: { ...voted, consumedSequence: 6n } })).toMatchObject({
      kind: 'keep',
      why: 'may_still_land',
    });
  });

  test('found after all, it settles', () => {
    const voted = envelope({ consumedLedger: X, consumedSequence: 8n, consumedVoteLedger: X + 2 });
    expect(judge(success([created, funded]), { envelope: voted })).toMatchObject({
      kind: 'settle',
    });
  });

  test('steps of time and of sequence are gathered side by side; proven by both, the sequence is told', () => {
    expect(judgeBy(L + 2, { account: account(7n), head: headAt(T) })).toMatchObject({
      kind: 'keep',
      why: 'one_vote',
      steps: [{ voteLedger: L + 2 }],
      consumedSteps: [{ voteLedger: L + 2 }],
    });
    const both = envelope({
      passedLedger: L,
      passedCloseTime: T,
      voteLedger: L + 2,
      consumedLedger: X,
      consumedSequence: 7n,
      consumedVoteLedger: X + 2,
    });
    expect(judgeBy(L + 3, { envelope: both, account: account(7n, X + 1) })).toMatchObject({
      kind: 'consumed',
    });
    expect(judgeBy(L + 3, { envelope: both })).toMatchObject({ kind: 'expire' });
  });
});

describe('failures that the contract did not decide, and rebuilds', () => {
  const first = envelope({ number: 1, hash: 'a'.repeat(64), sequence: 7n });
  const once = (cause: FailureCause, of: LiveEnvelope = first): LiveEnvelope => ({
    ...of,
    sighting: seen(cause),
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
      maxTime: T + 100n,
      sighting: seen(REFUSED),
      ...change,
    });
  const judged = (
    envelopes: readonly LiveEnvelope[],
    reports: Evidence['reports'],
    more: { head?: Head; cancelRequested?: boolean } = {},
  ) =>
    verdict({
      hold: { ...hold(envelopes), cancelRequested: more.cancelRequested ?? false },
      poolContract: POOL,
      creditlineContract: CREDITLINE,
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
    ['unknown', NOT_TOLD, 'keep'],
    ['contract_error', REFUSED, 'release'],
    [
      'contract_trap',
      { by: 'contract', reason: 'contract_trap', contract: POOL, number: null },
      'release',
    ],
  ])('%s: %j', (_, cause, kind) => {
    const outcome = judged([once(cause)], [{ envelope: once(cause), report: failure(cause) }]);
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

  test("it is kept until the dead envelope's T by chain time, and told once", () => {
    expect(judged([dead], [])).toEqual({
      kind: 'keep',
      why: 'awaits_rebuild',
      alarm: null,
      steps: [],
    });
    expect(judged([dead], [], { head: headAt(T - 1n) })).toMatchObject({
      kind: 'keep',
      why: 'awaits_rebuild',
    });
    expect(judged([dead], [], { head: headAt(T) })).toMatchObject({
      kind: 'release',
      failure: {
        envelopeHash: first.hash,
        failedLedger: 55,
        envelopeVersion: 1,
        cause: CONFLICT,
        seenAt: null,
      },
    });
    expect(judged([{ ...dead, cause: null }], [])).toMatchObject({
      kind: 'keep',
      why: 'awaits_rebuild',
    }); // stored by the release before
  });

  test(
    'nothing is kept when nothing shall or can be rebuilt; failures that are not the ' +
      "borrower's use up no rebuild, but not without end",
    () => {
      expect(judged([dead], [], { cancelRequested: true })).toMatchObject({ kind: 'release' });
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
      const judgedAfter = (before: readonly LiveEnvelope[]) =>
        judged(
          [...before, last(before.length + 1)],
          [{ envelope: last(before.length + 1), report: failure(CONFLICT) }],
        );
      expect(judgedAfter(gone(REBUILDS_MAX, { state: 'dead', cause: null }))).toMatchObject({
        kind: 'keep',
        why: 'awaits_rebuild',
      }); // the failed one itself is excused
      expect(judgedAfter(gone(REBUILDS_MAX, {}))).toMatchObject({
        kind: 'keep',
        why: 'awaits_rebuild',
      });
      const most = REBUILDS_MAX + FAILURES_EXCUSED_MAX;
      expect(judgedAfter(gone(most - 1, {}))).toMatchObject({
        kind: 'keep',
        why: 'awaits_rebuild',
      });
      expect(judgedAfter(gone(most, {}))).toMatchObject({
        kind: 'release',
        failure: { envelopeHash: 'd'.repeat(64), envelopeVersion: most + 1, cause: CONFLICT },
      });
    },
  );

  test('after a rebuild the new envelope decides: open, landed, dead by time, failed again', () => {
    const rebuilt = next();
    expect(
      judged([dead, rebuilt], [{ envelope: rebuilt, report: notFound(60) }], {
        head: headAt(T + 50n, 60),
      }),
    ).toMatchObject({ kind: 'keep', why: 'may_still_land' });
    expect(
      judged([dead, rebuilt], [{ envelope: rebuilt, report: success([created, funded]) }]),
    ).toMatchObject({ kind: 'settle', settlement: { envelopeHash: rebuilt.hash } });
    const voted = next({ passedLedger: L + 20, passedCloseTime: T + 100n, voteLedger: L + 22 });
    expect(judged([dead, voted], [{ envelope: voted, report: notFound(L + 23) }])).toMatchObject({
      kind: 'expire',
      expiry: { passedCloseTime: T + 100n, envelopeVersion: 2 },
    });
    expect(
      judged([dead, rebuilt], [{ envelope: rebuilt, report: failure(REFUSED) }]),
    ).toMatchObject({ kind: 'release', failure: { envelopeHash: rebuilt.hash } });
    expect(judged([dead, rebuilt], [])).toMatchObject({
      kind: 'keep',
      why: 'not_every_envelope_judged',
    });
  });

  test(
    'two of one sequence: each needs its own proof; the greatest T decides (not the first ' +
      'deadline), a failure of one kills both',
    () => {
      const early = envelope({ ...first, passedLedger: L, passedCloseTime: T, voteLedger: L + 2 });
      const late = next({ sequence: 7n });
      expect(
        judged(
          [early, late],
          [
            { envelope: early, report: notFound(L + 3) },
            { envelope: late, report: notFound(L + 3) },
          ],
          { head: headAt(T + 5n, L + 1) },
        ),
      ).toMatchObject({ kind: 'keep', why: 'may_still_land' });
      const gone = next({
        sequence: 7n,
        passedLedger: L + 20,
        passedCloseTime: T + 100n,
        voteLedger: L + 22,
      });
      expect(
        judged(
          [early, gone],
          [
            { envelope: early, report: notFound(L + 23) },
            { envelope: gone, report: notFound(L + 23) },
          ],
        ),
      ).toMatchObject({
        kind: 'expire',
        expiry: { passedLedger: L + 20, passedCloseTime: T + 100n },
      });
      expect(
        judged(
          [first, late],
          [
            { envelope: first, report: notFound(60) },
            { envelope: late, report: failure(REFUSED) },
          ],
        ),
      ).toMatchObject({ kind: 'release' });
      expect(
        judged(
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

describe('replies that contradict what is known', () => {
  const stored = envelope({ passedLedger: L, passedCloseTime: T, voteLedger: L + 2 });
  const times = [48, 49, 50, 51, 52].map((ledger) => ({
    ledger,
    closeTime: T + 5n * BigInt(ledger - L),
  }));
  const judged = (
    report: TransactionReport,
    more: { envelope?: LiveEnvelope; head?: Head | null; known?: Evidence['times'] } = {},
  ) => {
    const only = more.envelope ?? stored;
    return verdict({
      hold: hold([only]),
      poolContract: POOL,
      creditlineContract: CREDITLINE,
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

  test('a vote counts only past T by its own close time', () => {
    const late = envelope({
      maxTime: T + 12n,
      passedLedger: L + 3,
      passedCloseTime: T + 15n,
      voteLedger: L + 5,
    });
    expect(judged(seenAt(L + 6, T + 30n), { envelope: late })).toMatchObject({ kind: 'expire' });
    const first = envelope({ maxTime: T, passedLedger: L - 2, passedCloseTime: T });
    expect(judged(seenAt(L + 1, T - 1n), { envelope: first, known: [] })).toMatchObject({
      kind: 'keep',
      discards: [{ certificate: 'D1', ledger: L - 2 }],
    });
  });

  test.each<[string, TransactionReport]>([
    ['one ledger by two times', seenAt(L + 2, T + 40n)],
    ['a later ledger before an earlier one', seenAt(L + 3, T + 10n)],
    ['5,000 ledgers in five seconds', seenAt(L + 5_002, T + 15n)],
    ['one ledger ahead in no time', seenAt(L + 3, T + 10n)],
  ])('%s: proves nothing, and says so', (_, report) => {
    expect(judged(report)).toMatchObject({
      kind: 'keep',
      why: 'ledger_dated_twice',
      steps: [],
      disputes: [{ seen: { ledger: report.latestLedger } }],
    });
  });

  test('step one takes a head and a look-up that are both past T', () => {
    const fresh = envelope();
    expect(
      judged(seenAt(L, T - 1n), { envelope: fresh, head: headAt(T), known: [] }),
    ).toMatchObject({ kind: 'keep', why: 'ledger_dated_twice', steps: [] });
    expect(
      judged(seenAt(L - 1, T - 5n), { envelope: fresh, head: headAt(T), known: [] }),
    ).toMatchObject({ kind: 'keep', why: 'may_still_land', steps: [] });
    expect(judged(seenAt(L, T), { envelope: fresh, head: headAt(T) })).toMatchObject({
      kind: 'keep',
      why: 'deadline_passed',
      steps: [{ passedLedger: L }],
    });
  });

  test('a stored step that a later reply contradicts goes with its vote, and is taken again from that round', () => {
    const lied = envelope({ passedLedger: L - 20, passedCloseTime: T + 30n, voteLedger: L - 18 });
    expect(judged(seenAt(L - 17, T - 85n), { envelope: lied, known: [] })).toEqual({
      kind: 'keep',
      why: 'may_still_land',
      alarm: null,
      steps: [],
      discards: [{ number: 1, certificate: 'D1', ledger: L - 20 }],
    });
    expect(judged(seenAt(L, T), { envelope: lied, head: headAt(T) })).toMatchObject({
      kind: 'keep',
      steps: [{ passedLedger: L, passedCloseTime: T, voteLedger: null }],
      discards: [{ ledger: L - 20 }],
    });
  });

  test('a vote from far ahead does not keep the hold for hours', () => {
    const far = envelope({ passedLedger: L, passedCloseTime: T, voteLedger: L + 5_000 });
    expect(judged(seenAt(L + 3, T + 15n), { envelope: far })).toMatchObject({
      kind: 'keep',
      discards: [{ certificate: 'D1', ledger: L }],
    });
  });

  test('what is forgotten by the head is forgotten, whatever the look-up says', () => {
    expect(
      judged(seenAt(L + 3, T + 15n), { head: { ...headAt(T + 15n, L + 3), oldestLedger: S + 2 } }),
    ).toMatchObject({ kind: 'keep', alarm: 'lookup_proves_nothing' });
  });

  test('an account reply that a later one contradicts is no step', () => {
    const lied = envelope({ consumedLedger: 45, consumedSequence: 9n, consumedVoteLedger: 47 });
    const evidence = (sequence: bigint, ledger: number) =>
      verdict({
        hold: hold([lied]),
        poolContract: POOL,
        creditlineContract: CREDITLINE,
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
    // of an older ledger: it lags
    expect(evidence(6n, 44)).toMatchObject({ kind: 'keep', why: 'one_vote' });
    // of a ledger that no look-up knows
    expect(evidence(9n, 5_000)).toMatchObject({ kind: 'keep', why: 'one_vote' });
  });

  test.each<[string, Partial<TransactionReport & { status: 'success' }>, string]>([
    ['a ledger that closed at another time', { ledger: L }, 'ledger_dated_twice'],
    ['a ledger after the newest', { ledger: 99 }, 'outcome_disputed'],
    ['a time after the newest', { closeTime: T + 400n }, 'outcome_disputed'],
  ])('a landing in %s settles nothing', (_, change, why) => {
    const landed = {
      ...success([created, funded]),
      ledger: L - 2,
      closeTime: T - 10n,
    } as TransactionReport & { status: 'success' };
    expect(judged(landed)).toMatchObject({ kind: 'settle' });
    expect(judged({ ...landed, ...change })).toMatchObject({ kind: 'keep', why });
  });
});
