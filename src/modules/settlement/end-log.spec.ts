import { expect, test } from '@jest/globals';
import { OUR_FAULT } from '../../../test/support/given-ledger.js';
import {
  EndLines,
  endOfAbsence,
  endOfConsumed,
  endOfExpiry,
  endOfFailure,
  endOfSettlement,
  logWritten,
} from './end-log.js';

const of = { poolId: 'p', reservationId: 'r', envelopeVersion: 1 };
const HASH = 's3cret-envelope';

test.each([
  [
    endOfSettlement({
      ...of,
      envelopeHash: HASH,
      settledLedger: 7,
      closeTime: 1n,
      loanId: 3n,
      feeBump: false,
    }),
    'settled',
    7,
    'D4',
  ],
  [
    endOfSettlement({
      ...of,
      envelopeHash: HASH,
      settledLedger: 7,
      closeTime: 1n,
      loanId: 3n,
      feeBump: false,
      certificate: 'contract_state',
    }),
    'settled',
    7,
    'contract_state',
  ],
  [
    endOfExpiry({
      ...of,
      passedLedger: 8,
      passedCloseTime: 1n,
      firstVoteLedger: 9,
      secondVoteLedger: 10,
      oldestLedger: 1,
    }),
    'expired',
    8,
    'D1',
  ],
  [
    endOfAbsence({ ...of, passedLedger: 8, passedCloseTime: 1n, readLedger: 9, loansRead: 0 }),
    'expired',
    8,
    'contract_state',
  ],
  [
    endOfConsumed({
      ...of,
      consumedLedger: 6,
      consumedSequence: 5n,
      firstVoteLedger: 7,
      secondVoteLedger: 8,
      oldestLedger: 1,
    }),
    'released',
    6,
    'D2',
  ],
  [
    endOfFailure({
      ...of,
      envelopeHash: HASH,
      failedLedger: 5,
      closeTime: null,
      resultCode: 'txFAILED',
      ...OUR_FAULT,
    }),
    'released',
    5,
    'D3',
  ],
])('%j', (end, outcome, ledger, certificate) => {
  const lines: unknown[] = [];
  const log = new EndLines({
    log: (...line: unknown[]) => {
      lines.push(line);
    },
  });
  expect(
    logWritten(
      log,
      () => end,
      [1, 2],
      [
        { written: false, state: 'settled' },
        { written: true, state: 'settled' },
      ],
    ),
  ).toBe(1); // another process had the first
  expect(lines).toEqual([
    [{ poolId: 'p', reservationId: 'r', outcome, ledger, certificate }, 'hold ended'],
  ]);
  expect(JSON.stringify(lines)).not.toContain('s3cret');
});
