import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jsonFault } from './strict-json.js';

test.each([
  ['{"a":1,"a":1}', 'a'],
  ['{"a":1,"\\u0061":2}', 'a'],
  ['{"s":[{"x":1},{"x":1,"y":{},"x":2}]}', 's[1].x'],
  ['[[],{"a":"a","b":["a"],"a":3}]', '[1].a'],
  ['{"a":{"b":1},"b":2,"a":3}', 'a'],
  ['{"":1,"":2}', 'body'],
])('%s names %s twice', (text, field) => {
  expect(jsonFault(text)).toEqual({ field, message: 'occurs more than once' });
});

test.each([
  ['{"a":"\\ud800"}', 'a'],
  ['{"a":["x","\\udc00y"]}', 'a[1]'],
  ['{"\\ud83d":1}', '\ufffd'],
])('%s has half a character', (text, field) => {
  expect(jsonFault(text)).toEqual({ field, message: expect.stringContaining('surrogate') });
});

test.each([
  '{"a":{"a":{"a":"a"}},"b":["a","a"]}',
  '"\\"{\\\\"',
  '[{"a":1},{"a":1}]',
  '{"a\\"":1,"a":"},{\\"a\\":"}',
  '"\\ud83d\\ude00"',
  '1',
  '[]',
])('%s has no fault', (text) => {
  expect(jsonFault(text)).toBeNull();
});

test('whatever JSON.stringify writes has none, and doubling any member of it is found', () => {
  const seed = Math.floor(Math.random() * 2 ** 31); // a failure prints it
  const run = { seed, numRuns: 500 };
  const value = fc.jsonValue({ maxDepth: 5 });
  fc.assert(
    fc.property(
      value,
      fc.nat({ max: 2 }),
      (any, indent) =>
        jsonFault(JSON.stringify(any, null, indent)) === null ||
        /\\ud[89a-f]/.test(JSON.stringify(any)),
    ),
    run,
  );
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1 }),
      fc.jsonValue({ maxDepth: 2 }),
      (members, inner) => {
        const [first] = Object.keys(members);
        const text = JSON.stringify(members);
        const doubled = `${text.slice(0, -1)},${JSON.stringify(first)}:${JSON.stringify(inner)}}`;
        return jsonFault(doubled)?.message === 'occurs more than once';
      },
    ),
    run,
  );
  expect(jsonFault('{"a":1}')).toBeNull();
}, 60_000);

test('depth costs no stack, and length no square', () => {
  expect(jsonFault(`${'['.repeat(30_000)}${']'.repeat(30_000)}`)).toBeNull();
  expect(
    jsonFault(`{${Array.from({ length: 5_000 }, (_, n) => `"k${n}":"v"`).join(',')},"k0":1}`),
  ).toMatchObject({ field: 'k0' });
});
