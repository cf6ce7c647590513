import { describe, expect, test } from '@jest/globals';
import { LAG_LEDGERS_MAX } from '../../common/ledger-time.js';
import type { FailureCause, TransactionReport } from '../chain/transaction-outcome.js';
import type { FailureSighting, LiveEnvelope } from '../liquidity/reservation.js';
import { agreementOn, disprovedBy } from './failure-agreement.js';

const RESULT = 'txFailed/invokeHostFunctionTrapped';
const CAUSE: FailureCause = { by: 'contract', reason: 'contract_error', contract: 'C', number: 6 };
const range = { latestLedger: 60, latestCloseTime: 1_000n, oldestLedger: 1 };
const failed = {
  ...range,
  status: 'failed',
  ledger: 55,
  closeTime: 990n,
  feeBump: false,
  feeCharged: 90_000n,
  applied: true,
  resultCode: RESULT,
  cause: CAUSE,
} as const satisfies TransactionReport;
const seen = (change: Partial<FailureSighting> = {}): FailureSighting => ({
  seenLedger: 60,
  ledger: 55,
  closeTime: 990n,
  resultCode: RESULT,
  cause: CAUSE,
  ...change,
});
const envelope = (sighting: FailureSighting | null): LiveEnvelope => ({
  number: 1,
  hash: 'a'.repeat(64),
  sequence: 7n,
  maxTime: 2_000n,
  issuedAfterLedger: 40,
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
  sighting,
});

describe('a failure that was seen far ahead of the chain', () => {
  const far = [
    ['that agrees with the reply', seen({ seenLedger: 5_060 })],
    ['in another ledger', seen({ seenLedger: 5_060, ledger: 5_059, closeTime: 1_995n })],
    ['just beyond the lag', seen({ seenLedger: 60 + LAG_LEDGERS_MAX + 1 })],
  ] as const;

  test.each(far)('%s is replaced by the next one, which waits for a second', (_, first) => {
    const step = { number: 1, was: first.seenLedger, sighting: seen() };
    expect(agreementOn(envelope(first), failed)).toEqual({ kind: 'waiting', step });
    const later = { ...failed, latestLedger: 61 };
    expect(agreementOn(envelope(step.sighting), later)).toEqual({
      kind: 'agreed',
      cause: CAUSE,
      seenAt: [60, 61],
    });
  });

  test.each(far)('%s is forgotten with a NOT_FOUND', (_, first) => {
    const step = { number: 1, was: first.seenLedger, sighting: null };
    expect(disprovedBy(envelope(first), { ...range, status: 'not_found' })).toEqual(step);
  });

  test('a failure that another node may know already stays', () => {
    const ahead = envelope(seen({ seenLedger: 60 + LAG_LEDGERS_MAX }));
    expect(agreementOn(ahead, failed)).toEqual({ kind: 'waiting', step: null });
    expect(disprovedBy(ahead, { ...range, status: 'not_found' })).toBeNull();
  });
});
