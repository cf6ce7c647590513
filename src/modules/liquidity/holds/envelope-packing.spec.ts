import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { packXdr, unpackXdr } from './envelope-packing.js';

test('what is packed comes back to the letter, and repetition gets small', () => {
  for (const bytes of [
    Buffer.alloc(0),
    randomBytes(1),
    randomBytes(5000),
    Buffer.alloc(20_000, 'loan key'),
  ]) {
    const text = bytes.toString('base64');
    expect(unpackXdr(packXdr(text))).toBe(text);
  }
  expect(packXdr(Buffer.alloc(20_000, 'loan key').toString('base64')).length).toBeLessThan(500);
});

test.each(['not base64!', 'AAA', 'AB==C'])(
  'a text that would not come back the same is refused: %s',
  (text) => {
    expect(() => packXdr(text)).toThrow('canonical base64');
  },
);
