import { expect, test } from '@jest/globals';
import { tagMatches, weakTag } from './etag.js';

test('a tag is for a meaning', () => {
  expect(weakTag({ a: 1 })).toBe(weakTag({ a: 1 }));
  expect(weakTag({ a: 1 })).not.toBe(weakTag({ a: 2 }));
  expect(weakTag('x')).toMatch(/^W\/"[\w-]{22}"$/);
});

test.each([
  ['W/"a"', true],
  ['"a"', true],
  ['"b", W/"a"', true],
  ['*', true],
  ['"b"', false],
  ['a', false],
  ['', false],
  [undefined, false],
])('If-None-Match: %s matches W/"a": %p', (header, matches) => {
  expect(tagMatches(header, 'W/"a"')).toBe(matches);
});
