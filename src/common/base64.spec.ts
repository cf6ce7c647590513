import { expect, test } from '@jest/globals';
import { canonicalBase64 } from './base64.js';

const BYTES = Buffer.from(Array.from({ length: 100 }, (_, index) => (index * 37 + 251) % 256));
const STANDARD = BYTES.toString('base64');

test.each([
  ['as it is', STANDARD],
  ['a newline at the end', `${STANDARD}\n`],
  ['lines of 64, as a mail has them', STANDARD.replaceAll(/(.{64})/g, '$1\r\n')],
  ['lines of 76 with indentation', STANDARD.replaceAll(/(.{76})/g, '$1\n\t ')],
  ['no padding', STANDARD.replace(/=+$/, '')],
  ['the URL-safe alphabet', BYTES.toString('base64url')],
  ['the URL-safe alphabet, padded', STANDARD.replaceAll('+', '-').replaceAll('/', '_')],
])('%s is read as the same bytes', (_, text) => {
  expect(canonicalBase64(text)).toBe(STANDARD);
});

test.each([1, 2, 3, 4, 5, 64])('%i bytes come back from every form', (length) => {
  const bytes = BYTES.subarray(0, length);
  expect(canonicalBase64(bytes.toString('base64'))).toBe(bytes.toString('base64'));
  expect(canonicalBase64(bytes.toString('base64url'))).toBe(bytes.toString('base64'));
});

test.each([
  ['nothing', ''],
  ['blanks', ' \n'],
  ['padding alone', '=='],
  ['a foreign letter', `${STANDARD.slice(0, 8)}!${STANDARD.slice(8)}`],
  ['a letter too many', 'AAAAA'],
  ['padding inside', 'AA==AAAA'],
  ['too much padding', 'AAA=='],
  ['too little padding', 'AA='],
])('%s is no base64', (_, text) => {
  expect(canonicalBase64(text)).toBeNull();
});
