import { expect, test } from '@jest/globals';
import { isSigned, secretOf, signatureOf } from './webhook-signature.js';

const KEY = 'k'.repeat(32);

test('each webhook has its own secret, and the same one every time', () => {
  expect(secretOf(KEY, 'a')).toBe(secretOf(KEY, 'a'));
  expect(
    new Set([secretOf(KEY, 'a'), secretOf(KEY, 'b'), secretOf('j'.repeat(32), 'a')]).size,
  ).toBe(3);
  expect(secretOf(KEY, 'a')).toMatch(/^whsec_[\w-]{43}$/);
});

test('a known answer: HMAC-SHA256 of `<t>.<body>`', () => {
  // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret
  expect(signatureOf('secret', 1_700_000_000, '{"a":1}')).toBe(
    't=1700000000,v1=49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686',
  );
});

test('another body, time, secret or age does not verify', () => {
  const header = signatureOf('secret', 1_000, 'body');
  const at = { now: 1_100, toleranceSeconds: 300 };
  expect(isSigned(header, 'body', 'secret', at)).toBe(true);
  expect([
    isSigned(header, 'bodY', 'secret', at),
    isSigned(header.replace('1000', '1001'), 'body', 'secret', at),
    isSigned(header, 'body', 'other', at),
    isSigned(header, 'body', 'secret', { ...at, now: 1_301 }),
    isSigned('v1=x', 'body', 'secret', at),
  ]).toEqual([false, false, false, false, false]);
});
