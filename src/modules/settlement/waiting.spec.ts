import { describe, expect, test } from '@jest/globals';
import type { LiveEnvelope, LiveHold } from '../liquidity/reservation.js';
import { type ChainView, OVERDUE_SECONDS, waitsFor } from './waiting.js';

const T = 1_795_608_301n; // 2026-11-25T12:05:01Z
const before: ChainView = { closeTime: T - 100n, unreadSeconds: null, lastLoanId: null };
const after: ChainView = { closeTime: T + 5n, unreadSeconds: null, lastLoanId: null };

const envelope = (members: Partial<LiveEnvelope> = {}): LiveEnvelope => ({
  number: 1,
  hash: 'a'.repeat(64),
  sequence: 7n,
  maxTime: T,
  issuedAfterLedger: 800,
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
  ...members,
});
const hold = (members: Partial<LiveHold> = {}): LiveHold => ({
  poolId: 'p',
  reservationId: 'r',
  amount: 1n,
  borrower: 'G',
  envelopeVersion: 1,
  expiresAt: T,
  submittedAt: null,
  cancelRequested: false,
  knownLedger: 810,
  vendor: 'G',
  totalAmount: 1n,
  guaranteeAmount: 0n,
  envelopes: [envelope()],
  authorization: null,
  landings: [],
  ...members,
});
const OUTSIDE =
  "outside of its window: the lending contract's next loan id is 26, it lands on 1 to 25 " +
  'only and will trap when submitted';
const submittedAt = new Date('2026-11-25T12:00:10Z');
const failed = (members: Partial<LiveEnvelope> = {}): LiveEnvelope =>
  envelope({
    state: 'failed',
    foundLedger: 805,
    resultCode: 'txFAILED',
    cause: { by: 'ours', reason: 'outside_footprint', contract: null, number: null },
    ...members,
  });

describe('what a live hold waits for', () => {
  test.each<[string, LiveHold, ChainView, string]>([
    ['nothing was signed', hold(), before, 'waits for the borrower to sign until 12:05:01 UTC'],
    [
      'no ledger was seen yet',
      hold(),
      { closeTime: null, unreadSeconds: null, lastLoanId: null },
      'waits for the borrower to sign until 12:05:01 UTC',
    ],
    [
      'submitted',
      hold({
        submittedAt,
        envelopes: [envelope({ submission: { status: 'PENDING', ledger: 803 } })],
      }),
      before,
      'submitted (PENDING at ledger 803): waits for it to land until 12:05:01 UTC',
    ],
    [
      'the node was busy',
      hold({
        submittedAt,
        envelopes: [envelope({ submission: { status: 'TRY_AGAIN_LATER', ledger: 803 } })],
      }),
      before,
      'the node was busy at ledger 803: submitted again until 12:05:01 UTC',
    ],
    [
      'given up',
      hold({ cancelRequested: true, submittedAt }),
      before,
      'the borrower cancelled, but a signed transaction can still land until 12:05:01 UTC',
    ],
    [
      'rebuilt after a submission',
      hold({
        submittedAt,
        envelopes: [
          envelope({ state: 'dead' }),
          envelope({ number: 2, sequence: 8n, maxTime: T + 60n }),
        ],
      }),
      before,
      'was submitted once; this transaction waits for a signature until 12:06:01 UTC',
    ],
    [
      'the deadline passed by the clock of the chain alone',
      hold(),
      after,
      'deadline passed at 12:05:01 UTC; two NOT_FOUND votes are needed, from two ledgers later on',
    ],
    [
      'the very second of T is past it',
      hold(),
      { ...before, closeTime: T },
      'deadline passed at 12:05:01 UTC; two NOT_FOUND votes are needed, from two ledgers later on',
    ],
    [
      'step 1 of expiry by time is stored',
      hold({ envelopes: [envelope({ passedLedger: 812, passedCloseTime: T })] }),
      after,
      'deadline passed at ledger 812; two NOT_FOUND votes are needed, from ledger 814 on',
    ],
    [
      'one vote',
      hold({ envelopes: [envelope({ passedLedger: 812, passedCloseTime: T, voteLedger: 815 })] }),
      after,
      'deadline passed at ledger 812; first NOT_FOUND vote at ledger 815; one more vote',
    ],
    [
      'the sequence was used',
      hold({ envelopes: [envelope({ consumedLedger: 806, consumedSequence: 7n })] }),
      before,
      'its sequence number was used by another transaction, seen at ledger 806; two ' +
        'NOT_FOUND votes are needed, from ledger 808 on',
    ],
    [
      'the sequence was used, one vote',
      hold({
        envelopes: [
          envelope({ consumedLedger: 806, consumedSequence: 9n, consumedVoteLedger: 808 }),
        ],
      }),
      before,
      'its sequence number was used by another transaction, seen at ledger 806; first ' +
        'NOT_FOUND vote at ledger 808; one more vote',
    ],
    [
      'failed',
      hold({ envelopes: [failed()] }),
      before,
      'failed at ledger 805 because it touched an entry outside of its footprint: a ' +
        'rebuild is possible until 12:05:01 UTC (4 left)',
    ],
    [
      'failed for our figures',
      hold({
        envelopes: [
          failed({ cause: { by: 'ours', reason: 'resource_limit', contract: null, number: null } }),
        ],
      }),
      before,
      'failed at ledger 805 because the resources that this service declared were too ' +
        'small: a rebuild is possible until 12:05:01 UTC (4 left)',
    ],
    [
      'failed, and the node does not say why',
      hold({
        envelopes: [
          failed({ cause: { by: 'unknown', reason: 'unknown', contract: null, number: null } }),
        ],
      }),
      before,
      'failed at ledger 805 because of a fault that the node does not name: a rebuild is ' +
        'possible until 12:05:01 UTC (4 left)',
    ],
    [
      'failed, too late',
      hold({ envelopes: [failed()] }),
      after,
      'failed at ledger 805 because it touched an entry outside of its footprint; the time ' +
        "to rebuild ended at 12:05:01 UTC: released in the worker's next round",
    ],
    [
      'failed and given up',
      hold({ cancelRequested: true, envelopes: [failed()] }),
      before,
      'failed at ledger 805 because it touched an entry outside of its footprint; the ' +
        "borrower cancelled: released in the worker's next round",
    ],
    [
      'failed with every rebuild used',
      hold({
        envelopes: Array.from({ length: 9 }, (_, at) =>
          failed({ number: at + 1, sequence: BigInt(at) }),
        ),
      }),
      before,
      'failed at ledger 805 because it touched an entry outside of its footprint; every ' +
        "rebuild is used: released in the worker's next round",
    ],
    [
      'said to have failed, once',
      hold({
        envelopes: [
          envelope({
            sighting: {
              seenLedger: 806,
              ledger: 805,
              closeTime: 1n,
              resultCode: 'txFailed',
              cause: { by: 'unknown', reason: 'unknown', contract: null, number: null },
            },
          }),
        ],
      }),
      before,
      'a node said at ledger 806 that it failed in ledger 805; a second reply of a later ledger must agree',
    ],
    [
      'a failure kills what has a lower sequence',
      hold({ envelopes: [envelope(), failed({ number: 2, sequence: 8n })] }),
      before,
      'failed at ledger 805 because it touched an entry outside of its footprint: a ' +
        'rebuild is possible until 12:05:01 UTC (3 left)',
    ],
    [
      'the envelope furthest from its proof decides',
      hold({
        envelopes: [
          envelope({ passedLedger: 812, passedCloseTime: T, voteLedger: 815 }),
          envelope({ number: 2, maxTime: T + 60n }),
        ],
      }),
      after,
      'waits for the borrower to sign until 12:06:01 UTC (transaction 2; 2 may still land)',
    ],
    [
      'no process reads the chain',
      hold(),
      { ...before, unreadSeconds: 45.2 },
      'waits for the borrower to sign until 12:05:01 UTC; the chain has not been read for ' +
        '45 s, and nothing is proven meanwhile',
    ],
    [
      'the last id of the window is the next one',
      hold(),
      { ...before, lastLoanId: 24n },
      'waits for the borrower to sign until 12:05:01 UTC',
    ],
    [
      'read before the envelope was built',
      hold({ envelopes: [envelope({ loanIdFirst: 9n, loanIdLast: 33n })] }),
      { ...before, lastLoanId: 3n },
      'waits for the borrower to sign until 12:05:01 UTC',
    ],
    [
      'outside of its window',
      hold(),
      { ...before, lastLoanId: 25n },
      `${OUTSIDE}; to be rebuilt until 12:05:01 UTC (3 left)`,
    ],
    [
      'outside of its window, submitted',
      hold({
        submittedAt,
        envelopes: [envelope({ submission: { status: 'PENDING', ledger: 803 } })],
      }),
      { ...before, lastLoanId: 25n },
      `submitted (PENDING at ledger 803), not found so far; ${OUTSIDE}; to be rebuilt until 12:05:01 UTC (3 left)`,
    ],
    [
      'outside of its window, given up',
      hold({ cancelRequested: true }),
      { ...before, lastLoanId: 25n },
      `${OUTSIDE}; the borrower cancelled, and it can be submitted until 12:05:01 UTC`,
    ],
    [
      'outside of its window with every rebuild used',
      hold({
        envelopes: [1, 2, 3]
          .map((number) => envelope({ number, state: 'dead' }))
          .concat(envelope({ number: 4 })),
      }),
      { ...before, lastLoanId: 25n },
      `${OUTSIDE}; no rebuild is left, and it can be submitted until 12:05:01 UTC`,
    ],
    [
      'rebuilt into the next window',
      hold({
        envelopes: [
          envelope(),
          envelope({ number: 2, maxTime: T + 60n, loanIdFirst: 26n, loanIdLast: 50n }),
        ],
      }),
      { ...before, lastLoanId: 25n },
      'waits for the borrower to sign until 12:06:01 UTC (transaction 2; 1 may still land)',
    ],
    [
      'outside of its window and past its deadline',
      hold(),
      { ...after, lastLoanId: 25n },
      'deadline passed at 12:05:01 UTC; two NOT_FOUND votes are needed, from two ledgers later on',
    ],
  ])('%s', (_, live, chain, sentence) => {
    expect(waitsFor(live, chain)).toEqual({ sentence, needsPerson: false });
  });

  test('long after its deadline a person must look; a second before, not yet', () => {
    const overdue = waitsFor(
      hold({ envelopes: [envelope({ passedLedger: 812, passedCloseTime: T })] }),
      { ...after, closeTime: T + OVERDUE_SECONDS },
    );
    expect(overdue).toEqual({
      needsPerson: true,
      sentence: expect.stringContaining('a person must look'),
    });
    expect(waitsFor(hold(), { ...after, closeTime: T + OVERDUE_SECONDS - 1n }).needsPerson).toBe(
      false,
    );
    expect(
      waitsFor(hold({ envelopes: [failed()] }), { ...after, closeTime: T + OVERDUE_SECONDS })
        .needsPerson,
    ).toBe(true);
    expect(waitsFor(hold({ envelopes: [envelope({ state: 'dead' })] }), before).needsPerson).toBe(
      true,
    );
  });
});
