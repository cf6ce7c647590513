import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

/** `npm ci` with `engine-strict` works on every Node that `engines` allows. */
interface Lock {
  readonly packages: Readonly<Record<string, { readonly engines?: { readonly node?: string } }>>;
}
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly engines: { readonly node: string };
};

type Version = readonly [major: number, minor: number, patch: number];
const versionOf = (text: string): Version => {
  const [major = 0, minor = 0, patch = 0] = text.split('.').map(Number);
  return [major, minor, patch];
};
const compare = (a: Version, b: Version): number =>
  a.map((part, index) => part - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;

/** One comparator of a range, as packages write theirs. */
function meets(version: Version, comparator: string): boolean {
  const [, operator = '', text = ''] = /^(\^|~|>=|<=|>|<|=|)v?([0-9.x*]*)$/.exec(comparator) ?? [];
  if (text === '' || text === '*') return comparator === '' || comparator === '*';
  const bound = versionOf(text.replaceAll(/\.?[x*]/g, ''));
  const parts = text.split('.').length;
  const order = compare(version, bound);
  switch (operator) {
    case '>=':
      return order >= 0;
    case '>':
      return order > 0;
    case '<=':
      return order <= 0;
    case '<':
      return order < 0;
    case '^':
      return order >= 0 && version[0] === bound[0];
    case '~':
      return order >= 0 && version[0] === bound[0] && (parts === 1 || version[1] === bound[1]);
    default:
      return version.slice(0, parts).every((part, index) => part === bound[index]);
  }
}
const satisfies = (version: string, range: string): boolean =>
  range.split('||').some((part) =>
    part
      .trim()
      .replaceAll(/(>=|<=|>|<)\s+/g, '$1')
      .split(/\s+/)
      .every((comparator) => meets(versionOf(version), comparator)),
  );
const unhappy = (version: string): string[] =>
  Object.entries(packages).flatMap(([name, { engines: wanted }]) =>
    wanted?.node === undefined || satisfies(version, wanted.node) ? [] : [`${name} ${wanted.node}`],
  );

test.each(['22.22.0', '22.99.0', '24.11.0', '24.99.0', '25.0.0', '26.0.0'])(
  'every package takes Node %s, which engines allows',
  (version) => {
    expect(satisfies(version, engines.node)).toBe(true);
    expect(unhappy(version)).toEqual([]);
  },
);

test.each(['20.19.0', '22.21.9', '24.10.0'])(
  'engines does not allow Node %s, which some package refuses',
  (version) => {
    expect(satisfies(version, engines.node)).toBe(false);
    expect(unhappy(version).filter((each) => !each.startsWith(' '))).not.toEqual([]);
  },
);

test('the ranges of packages are read as npm reads them', () => {
  expect(satisfies('20.19.5', '^20.19.0 || ^22.12.0 || >=24.0.0')).toBe(true);
  expect(satisfies('23.1.0', '^20.19.0 || ^22.12.0 || >=24.0.0')).toBe(false);
  expect(satisfies('20.20.0', '>=22.12.0 || >=20.19.0 <21.0.0')).toBe(true);
  expect(satisfies('21.0.0', '>=22.12.0 || >=20.19.0 <21.0.0')).toBe(false);
  expect(satisfies('22.22.0', '>= 22.22')).toBe(true);
  expect(satisfies('18.3.0', '18 || 20 || >=22')).toBe(true);
  expect(satisfies('19.0.0', '18 || 20 || >=22')).toBe(false);
});
