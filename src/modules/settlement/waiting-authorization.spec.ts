import { expect, test } from '@jest/globals';
import { authorizedEvidence, E, landing } from '../../../test/support/authorization-evidence.js';
import { CONFLICT, sighting } from '../../../test/support/verdict-evidence.js';
import type { LiveAuthorization, LiveHold } from '../liquidity/reservation.js';
import { waitsFor } from './waiting.js';

const CHAIN = { closeTime: 900n, unreadSeconds: null, lastLoanId: null };
const SIGNED = { signedAt: new Date(0) };
const waiting = (known: Partial<LiveAuthorization>, hold: Partial<LiveHold> = {}) =>
  waitsFor(authorizedEvidence({ authorization: known, hold }).hold, CHAIN);
const withLanding = (own: Parameters<typeof landing>[0]) =>
  waiting(SIGNED, { landings: [landing(own)] }).sentence;

test.each([
  [{}, {}, 'waits for the borrower to sign until ledger 60'],
  [SIGNED, {}, 'signed: waits for a channel to land it until ledger 60'],
  [
    SIGNED,
    { cancelRequested: true },
    'the borrower cancelled, but the authorization can still be landed by others until ledger 60',
  ],
  [
    { spent: { ledger: 55, seenLedger: 57 } },
    {},
    'a reply at ledger 57 shows its nonce as spent in ledger 55; a second reply of a later ledger must agree',
  ],
  [
    { state: 'spent' as const, spent: { ledger: 55, seenLedger: 57 } },
    {},
    'its nonce was spent in ledger 55: the transaction that did it is looked for',
  ],
  [
    {},
    { knownLedger: E + 1 },
    'its fence, ledger 60, has passed; two replies without an entry of its nonce are needed',
  ],
  [
    { voteLedger: 61 },
    { knownLedger: E + 1 },
    'its fence, ledger 60, has passed; first reply without an entry of its nonce at ledger 61; one more reply',
  ],
])('%o %o', (known, hold, sentence) => {
  expect(waiting(known, hold)).toEqual({ sentence, needsPerson: false });
});

test.each([
  [{}, 'landing 1 is stored: it is submitted until ledger 60'],
  [
    { submission: { status: 'PENDING', ledger: 50 } },
    'landing 1 was submitted (PENDING at ledger 50): waits for it to land until ledger 60',
  ],
  [
    { submission: { status: 'TRY_AGAIN_LATER', ledger: 50 } },
    'the node was busy at ledger 50: landing 1 is submitted again until ledger 60',
  ],
  [
    { sighting: sighting(CONFLICT) },
    'a node said at ledger 59 that landing 1 failed in ledger 55; a second reply of a later ledger ' +
      'must agree, then it is landed again until ledger 60',
  ],
  [
    { state: 'dead' as const },
    'landing 1 was not included in time: it is landed again until ledger 60',
  ],
])('a landing with %o', (own, sentence) => {
  expect(withLanding(own)).toBe(sentence);
});

test('a landing that failed says why', () => {
  expect(withLanding({ state: 'failed', foundLedger: 55, cause: CONFLICT })).toMatch(
    /^landing 1 failed at ledger 55 because .+: it is landed again until ledger 60$/,
  );
});

test('a person must look when the proof or the search takes too long', () => {
  expect(waiting({}, { knownLedger: E + 61 }).needsPerson).toBe(true);
  const spent = { ledger: 55, seenLedger: 57 };
  expect(waiting({ spent }, { knownLedger: 80 }).needsPerson).toBe(true);
});
