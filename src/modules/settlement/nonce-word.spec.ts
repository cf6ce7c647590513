import { expect, test } from '@jest/globals';
import { authorizedEvidence, S, TTL } from '../../../test/support/authorization-evidence.js';
import { needsUnspentNote } from './nonce-word.js';

test('a node that names a longer life of entries does not put the notes of a long hold off', () => {
  const { authorization } = authorizedEvidence();
  expect(needsUnspentNote(authorization, S + 240, TTL)).toBe(false);
  expect(needsUnspentNote(authorization, S + 241, TTL)).toBe(true);
  expect(needsUnspentNote(authorization, S + 241, 5000)).toBe(true);
  expect(needsUnspentNote(authorization, S + 11, 30)).toBe(true);
});
