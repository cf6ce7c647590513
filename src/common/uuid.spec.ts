import { expect, test } from '@jest/globals';
import { isUuid, uuidV7 } from './uuid.js';

test("a UUID carries its millisecond, version 7 and the RFC's variant", () => {
  // the time of RFC 9562, appendix A.6
  expect(uuidV7(0x017f22e279b0)).toMatch(
    /^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

test('newer ones sort last, and no two are equal', () => {
  const ids = Array.from({ length: 1000 }, (_, millisecond) =>
    uuidV7(1_790_000_000_000 + millisecond),
  );
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(Array.from({ length: 1000 }, () => uuidV7(1))).size).toBe(1000);
});

test.each([
  [uuidV7(), true],
  [uuidV7().toUpperCase(), true],
  ['', false],
  ['x', false],
  [`${uuidV7()}0`, false],
  [`{${uuidV7()}}`, false],
])('%s is a UUID: %p', (text, is) => {
  expect(isUuid(text)).toBe(is);
});
