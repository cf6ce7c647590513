import { describe, expect, test } from '@jest/globals';
import type { Head } from '../chain/chain.js';
import type { ContractEvent, TransactionReport } from '../chain/transaction-outcome.js';
import { type LiveEnvelope } from '../liquidity/reservation.js';
import { verdict } from './verdict.js';
import {
  AT_DEADLINE,
  OTHER,
  PARTS,
  REFUSED,
  ISSUED_AFTER,
  DEADLINE,
  created,
  envelope,
  event,
  failure,
  funded,
  headAt,
  hold,
  verdictOn,
  notFound,
  sighting,
  success,
} from '../../../test/support/verdict-evidence.js';

describe('landed', () => {
  test('our loan and our funding in one transaction settle the hold at its ledger', () => {
    expect(verdictOn(success([event({}), funded, created], true))).toEqual({
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
    ['another amount', [created, { ...funded, data: '79' }]],
    ['another pool', [created, { ...funded, contract: OTHER }]],
    ['another lending contract', [{ ...created, contract: OTHER }, funded]],
    [
      'another borrower',
      [{ ...created, topics: ['LOANCRTD', `G${'Z'.repeat(55)}`, 'vendor'] }, funded],
    ],
  ])('success with %s is kept and an alarm is raised', (_, events) => {
    expect(verdictOn(success(events))).toMatchObject({
      kind: 'keep',
      why: 'success_without_our_events',
      alarm: 'success_without_our_events',
    });
  });

  test.each<[string, object]>([
    ['known before it was issued', { ledger: ISSUED_AFTER }],
    ["after the reply's latest", { ledger: 61 }],
    ['closed after its deadline', { closeTime: DEADLINE + 1n }],
  ])('in a ledger %s it cannot have landed: kept, with an alarm', (_, change) => {
    expect(
      verdictOn({ ...success([created, funded]), ...change } as TransactionReport),
    ).toMatchObject({
      kind: 'keep',
      why: 'outcome_disputed',
      alarm: 'outcome_disputed',
    });
  });

  test('it settles although the deadline has passed and one vote for expiry was counted', () => {
    expect(
      verdictOn(success([created, funded]), {
        envelope: envelope({
          passedLedger: AT_DEADLINE,
          passedCloseTime: DEADLINE,
          voteLedger: AT_DEADLINE + 2,
        }),
        head: headAt(DEADLINE + 50n, AT_DEADLINE + 10),
      }),
    ).toMatchObject({ kind: 'settle' });
  });
});

describe('expired by time', () => {
  test('before the deadline, or when the head was not read, absence proves nothing', () => {
    expect(verdictOn(notFound(60), { head: headAt(DEADLINE - 1n) })).toEqual({
      kind: 'keep',
      why: 'may_still_land',
      alarm: null,
      steps: [],
    });
    expect(verdictOn(notFound(60))).toMatchObject({ kind: 'keep', why: 'may_still_land' });
  });

  test('a ledger that closes exactly at the deadline is step 1: only later ones cannot hold the envelope', () => {
    expect(verdictOn(notFound(AT_DEADLINE), { head: headAt(DEADLINE) })).toEqual({
      kind: 'keep',
      why: 'deadline_passed',
      alarm: null,
      steps: [
        { number: 1, passedLedger: AT_DEADLINE, passedCloseTime: DEADLINE, voteLedger: null },
      ],
    });
  });

  test.each([
    [AT_DEADLINE, false],
    [AT_DEADLINE + 1, false],
    [AT_DEADLINE + 2, true],
    [AT_DEADLINE + 9, true],
  ])('a reply at ledger %i counts as the first vote: %s', (latest, counts) => {
    expect(verdictOn(notFound(latest), { head: headAt(DEADLINE + 5n) })).toMatchObject({
      kind: 'keep',
      why: counts ? 'one_vote' : 'deadline_passed',
      steps: [{ voteLedger: counts ? latest : null }],
    });
  });

  test('step 1 is stored once: the ledger that was stored goes on counting, not the newer head', () => {
    const stored = envelope({ passedLedger: AT_DEADLINE, passedCloseTime: DEADLINE });
    expect(
      verdictOn(notFound(AT_DEADLINE + 1), {
        envelope: stored,
        head: headAt(DEADLINE + 9n, AT_DEADLINE + 1),
      }),
    ).toEqual({
      kind: 'keep',
      why: 'deadline_passed',
      alarm: null,
      steps: [],
    });
    expect(
      verdictOn(notFound(AT_DEADLINE + 2), {
        envelope: stored,
        head: headAt(DEADLINE + 9n, AT_DEADLINE + 2),
      }),
    ).toMatchObject({
      kind: 'keep',
      steps: [
        { passedLedger: AT_DEADLINE, passedCloseTime: DEADLINE, voteLedger: AT_DEADLINE + 2 },
      ],
    });
  });

  test.each([AT_DEADLINE, AT_DEADLINE + 1, AT_DEADLINE + 2])(
    'one vote only: a second reply at ledger %i is not higher than the first',
    (latest) => {
      expect(
        verdictOn(notFound(latest), {
          envelope: envelope({
            passedLedger: AT_DEADLINE,
            passedCloseTime: DEADLINE,
            voteLedger: AT_DEADLINE + 2,
          }),
        }),
      ).toEqual({ kind: 'keep', why: 'one_vote', alarm: null, steps: [] });
    },
  );

  test('two votes, the second at least one ledger higher, expire it', () => {
    expect(
      verdictOn(notFound(AT_DEADLINE + 3, ISSUED_AFTER + 1), {
        envelope: envelope({
          passedLedger: AT_DEADLINE,
          passedCloseTime: DEADLINE,
          voteLedger: AT_DEADLINE + 2,
        }),
      }),
    ).toEqual({
      kind: 'expire',
      expiry: {
        poolId: 'pool',
        reservationId: 'hold',
        envelopeVersion: 1,
        passedLedger: AT_DEADLINE,
        passedCloseTime: DEADLINE,
        firstVoteLedger: AT_DEADLINE + 2,
        secondVoteLedger: AT_DEADLINE + 3,
        oldestLedger: ISSUED_AFTER + 1,
      },
    });
  });

  test.each([
    [null, null],
    [AT_DEADLINE, null],
    [AT_DEADLINE, AT_DEADLINE + 2],
  ])(
    'a node that no longer has S+1 proves nothing (passed %s, vote %s): kept, with an alarm',
    (passedLedger, voteLedger) => {
      const known = envelope({
        passedLedger,
        passedCloseTime: passedLedger === null ? null : DEADLINE,
        voteLedger,
      });
      expect(
        verdictOn(notFound(AT_DEADLINE + 9, ISSUED_AFTER + 2), {
          envelope: known,
          head: headAt(DEADLINE + 99n, AT_DEADLINE + 9),
        }),
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
      verdictOn(notFound(AT_DEADLINE + 9), {
        envelope: envelope({
          passedLedger: AT_DEADLINE,
          passedCloseTime: DEADLINE - 1n,
          voteLedger: AT_DEADLINE + 2,
        }),
      }),
    ).toMatchObject({ kind: 'keep', why: 'may_still_land' });
  });
});

describe('several envelopes of one hold', () => {
  const first = envelope({
    number: 1,
    hash: 'a'.repeat(64),
    sequence: 7n,
    passedLedger: AT_DEADLINE,
    passedCloseTime: DEADLINE,
    voteLedger: AT_DEADLINE + 2,
    sighting: sighting(REFUSED),
  });
  const second = envelope({
    number: 2,
    hash: 'b'.repeat(64),
    sequence: 8n,
    sighting: sighting(REFUSED),
  });
  const both = (one: TransactionReport, two: TransactionReport) =>
    verdict({
      hold: hold([first, second]),
      pool: PARTS,
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
    expect(both(notFound(AT_DEADLINE + 3), notFound(AT_DEADLINE + 3))).toMatchObject({
      kind: 'keep',
      why: 'may_still_land',
    });
    expect(both(failure(REFUSED), notFound(AT_DEADLINE + 3))).toMatchObject({
      kind: 'keep',
      why: 'may_still_land',
    });
  });

  test('an applied failure of a later sequence kills the earlier one too', () => {
    expect(both(notFound(AT_DEADLINE + 2), failure(REFUSED))).toMatchObject({
      kind: 'release',
      failure: { envelopeHash: 'b'.repeat(64), envelopeVersion: 2 },
    });
  });

  test('an envelope that was not looked up keeps the hold', () => {
    expect(
      verdict({
        hold: hold([first, second]),
        pool: PARTS,
        head: null,
        reports: [{ envelope: first, report: failure(REFUSED) }],
      }),
    ).toMatchObject({ kind: 'keep', why: 'envelope_not_looked_up' });
  });
});

describe('sequence consumed', () => {
  const X = 45;
  const account = (sequence: bigint | null, ledger = X) => ({ ledger, sequence });
  const verdictAt = (
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
      pool: PARTS,
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
    expect(verdictAt(X + 1, { account: account(sequence) })).toMatchObject(
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
    expect(verdictAt(latest, { account: account(7n) })).toMatchObject({
      kind: 'keep',
      consumedSteps: [{ voteLedger: counts ? latest : null }],
    });
  });

  test('the stored step goes on counting, nothing is stored twice, and only a higher second vote proves it', () => {
    const stored = envelope({ consumedLedger: X, consumedSequence: 8n });
    expect(verdictAt(X + 1, { envelope: stored, account: account(9n, X + 1) })).toEqual({
      kind: 'keep',
      why: 'sequence_passed',
      alarm: null,
      steps: [],
    });
    const voted = envelope({ consumedLedger: X, consumedSequence: 8n, consumedVoteLedger: X + 2 });
    expect(verdictAt(X + 2, { envelope: voted })).toEqual({
      kind: 'keep',
      why: 'one_vote',
      alarm: null,
      steps: [],
    });
    // the account was not read again
    expect(verdictAt(X + 3, { envelope: voted })).toMatchObject({ kind: 'keep', why: 'one_vote' });
    for (const again of [account(8n), account(6n, X + 3), account(null, X + 3)])
      expect(verdictAt(X + 3, { envelope: voted, account: again })).toMatchObject({ kind: 'keep' });
    expect(
      verdictAt(X + 3, { envelope: voted, account: account(8n, X + 1), oldest: ISSUED_AFTER + 1 }),
    ).toEqual({
      kind: 'consumed',
      consumed: {
        poolId: 'pool',
        reservationId: 'hold',
        envelopeVersion: 1,
        consumedLedger: X,
        consumedSequence: 8n,
        firstVoteLedger: X + 2,
        secondVoteLedger: X + 3,
        oldestLedger: ISSUED_AFTER + 1,
      },
    });
    expect(
      verdictAt(X + 3, { envelope: voted, account: account(8n, X + 1), oldest: ISSUED_AFTER + 2 }),
    ).toMatchObject({ kind: 'keep', alarm: 'lookup_proves_nothing' });
    expect(verdictAt(X + 9, { envelope: { ...voted, consumedSequence: 6n } })).toMatchObject({
      kind: 'keep',
      why: 'may_still_land',
    });
  });

  test('when it is found after all, it settles', () => {
    const voted = envelope({ consumedLedger: X, consumedSequence: 8n, consumedVoteLedger: X + 2 });
    expect(verdictOn(success([created, funded]), { envelope: voted })).toMatchObject({
      kind: 'settle',
    });
  });

  test('steps of time and of sequence are gathered side by side; when both prove it, the sequence is reported', () => {
    expect(
      verdictAt(AT_DEADLINE + 2, { account: account(7n), head: headAt(DEADLINE) }),
    ).toMatchObject({
      kind: 'keep',
      why: 'one_vote',
      steps: [{ voteLedger: AT_DEADLINE + 2 }],
      consumedSteps: [{ voteLedger: AT_DEADLINE + 2 }],
    });
    const both = envelope({
      passedLedger: AT_DEADLINE,
      passedCloseTime: DEADLINE,
      voteLedger: AT_DEADLINE + 2,
      consumedLedger: X,
      consumedSequence: 7n,
      consumedVoteLedger: X + 2,
    });
    expect(
      verdictAt(AT_DEADLINE + 3, { envelope: both, account: account(7n, X + 1) }),
    ).toMatchObject({
      kind: 'consumed',
    });
    expect(verdictAt(AT_DEADLINE + 3, { envelope: both })).toMatchObject({ kind: 'expire' });
  });
});
