import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  anchorsOf,
  bareCodes,
  citationFaults,
  commentsOf,
  linkFaults,
  proseOf,
} from '../support/citations.js';

const below = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder, { recursive: true })
    .map((name) => path.posix.join(folder, String(name).replaceAll(path.sep, '/')))
    .filter((name) => ending.test(name));
const read = (file: string): string => readFileSync(file, 'utf8');

const pages = new Map(
  [
    ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
    ...below('docs', /\.md$/),
    ...below('context', /\.md$/),
    ...below('test', /\.md$/),
  ].map((file) => [file, read(file)]),
);
const documents = [...pages].filter(
  ([file]) =>
    file === 'README.md' || file.startsWith('docs/') || file === 'context/architecture-context.md',
);
const sources = ['src', 'sandbox', 'test', 'bench']
  .flatMap((folder) => below(folder, /\.(ts|js|css|html)$/))
  .filter((file) => file !== 'test/tooling/citations.spec.ts');
const comments = sources.flatMap((file) =>
  commentsOf(read(file)).map(({ line, text }) => ({ where: `${file}:${line}`, text })),
);

/**
 * Whole files: comments, and the texts of COMMENT ON. The stored value of a certificate is not a
 * rule's code.
 */
const sql = below('migrations', /\.sql$/).map(
  (file) =>
    [file, read(file).replaceAll(/'D[14]'|\bD[1-4] (?=time|sequence|failed|landed)/g, '')] as const,
);

test('SQL files cite only what exists, and name no rule by a code', () => {
  expect(sql.length).toBeGreaterThan(50);
  expect(
    sql.flatMap(([file, text]) =>
      [...citationFaults(text, pages), ...bareCodes(text)].map((fault) => `${file}: ${fault}`),
    ),
  ).toEqual([]);
});

test('comments cite only existing pages, anchors and decisions', () => {
  expect(comments.length).toBeGreaterThan(1_000);
  expect(
    comments.filter(({ text }) => /docs\/(protocol|stellar)\.md#/.test(text)).length,
  ).toBeGreaterThan(100);
  expect(
    comments.flatMap(({ where, text }) =>
      citationFaults(text, pages).map((fault) => `${where}: ${fault}`),
    ),
  ).toEqual([]);
});

test('so do texts that callers and operators read', () => {
  const named = [
    ...sources,
    ...documents.map(([file]) => file),
    ...below('ops', /\.(yaml|json)$/),
  ].flatMap((file) =>
    (read(file).match(/\bdocs\/[\w-]+\.md(?:#[\w-]+)?/g) ?? []).map((text) => ({ file, text })),
  );
  expect(named.filter(({ text }) => text.startsWith('docs/operations.md#')).length).toBeGreaterThan(
    10,
  );
  expect(
    named.flatMap(({ file, text }) =>
      citationFaults(text, pages).map((fault) => `${file}: ${fault}`),
    ),
  ).toEqual([]);
});

test('the pages link only to existing pages, anchors and files', () => {
  expect(documents.length).toBeGreaterThan(8);
  expect(
    documents.flatMap(([file, text]) =>
      linkFaults(file, text, pages, existsSync).map((fault) => `${file}: ${fault}`),
    ),
  ).toEqual([]);
});

/** Specs and commands that a page names, with the fault of each that is not in the tree. */
function namedFaults(markdown: string): { readonly named: number; readonly faults: string[] } {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const scenarios = below('bench', /\.ts$/).flatMap((file) =>
    [...read(file).matchAll(/\bcommand\('([a-z]+)'/g)].map(([, name]) => name),
  );
  const checks = [
    ...[...markdown.matchAll(/\b((?:test|src|sandbox)\/[\w./-]+\.spec)(?:\.ts)?\b/g)].map(
      ([, file = '']) => (existsSync(`${file}.ts`) ? undefined : `no spec ${file}.ts`),
    ),
    ...[...markdown.matchAll(/\bnpm run (?:--silent )?([\w:]+)/g)].map(([, script = '']) =>
      script in scripts ? undefined : `no script ${script}`,
    ),
    ...[...markdown.matchAll(/\bnpm run bench -- ([a-z]+)/g)].map(([, name = '']) =>
      scenarios.includes(name) ? undefined : `no scenario ${name}`,
    ),
  ];
  return { named: checks.length, faults: checks.filter((fault) => fault !== undefined) };
}

test('the pages name only specs and commands that exist', () => {
  // the runbook's commands are run, and it lists those that are gone
  const pagesToCheck = documents.filter(([file]) => file !== 'docs/operations.md');
  const found = pagesToCheck.map(([file, text]) => ({ file, ...namedFaults(text) }));
  expect(found.flatMap(({ file, faults }) => faults.map((fault) => `${file}: ${fault}`))).toEqual(
    [],
  );
  for (const page of ['docs/proofs.md', 'docs/security.md', 'docs/reliability.md'])
    expect(found.find(({ file }) => file === page)?.named).toBeGreaterThan(20);
  expect(
    namedFaults(
      '`test/none.spec.ts`, npx jest dist/test/gone.spec, npm run gone, npm run bench -- none',
    ).faults,
  ).toEqual([
    'no spec test/none.spec.ts',
    'no spec test/gone.spec.ts',
    'no script gone',
    'no scenario none',
  ]);
});

test('no comment names a rule by a code', () => {
  expect(
    comments.flatMap(({ where, text }) => bareCodes(text).map((code) => `${where}: ${code}`)),
  ).toEqual([]);
});

test('no page, and no text that a caller or an operator reads, names a rule by a code', () => {
  const api = [
    ...read('context/openapi.json').matchAll(
      /"(?:summary|description|title)": ("(?:\\.|[^"\\])*")/g,
    ),
  ].map(([, text]) => String(JSON.parse(text ?? '""')));
  expect(api.length).toBeGreaterThan(300);
  const words = [
    ...documents.map(([file, text]) => [file, proseOf(text)] as const),
    ...api.map((text) => [`context/openapi.json, "${text.slice(0, 40)}"`, text] as const),
    ...[
      '.env.example',
      'ops/alerts.yaml',
      'ops/runbook-anchors.json',
      'src/common/config.ts',
      'src/common/settings.ts',
      'src/telemetry/metric-list.ts',
      'src/telemetry/metrics.ts',
      ...below('src/cli', /\.command\.ts$/),
    ].map((file) => [file, read(file)] as const),
  ];
  expect(
    words.flatMap(([where, text]) => bareCodes(text).map((code) => `${where}: ${code}`)),
  ).toEqual([]);
});

describe('what the checks find', () => {
  const given = new Map([
    [
      'docs/protocol.md',
      '# The protocol\n\n<a id="rebuild"></a>\n### Rebuild (`D1`)\n\n```\n# no heading\n```\n',
    ],
    ['context/decisions/0004-a.md', ''],
  ]);

  test.each([
    ['a missing page', 'see stack.md 4', 'no page stack.md'],
    ['a page named without its folder', 'see `protocol.md`, "Words"', 'no page protocol.md'],
    ['a missing anchor', 'docs/protocol.md#rebuilt', 'no anchor docs/protocol.md#rebuilt'],
    [
      'a line of code as an anchor',
      'docs/protocol.md#no-heading',
      'no anchor docs/protocol.md#no-heading',
    ],
    ['a missing decision', 'decisions 0004 and 0005', 'no decision 0005'],
  ])('%s', (_, text, fault) => {
    expect(citationFaults(text, given)).toEqual([fault]);
  });

  test('nothing when everything exists', () => {
    expect(
      citationFaults(
        'docs/protocol.md, docs/protocol.md#rebuild, docs/protocol.md#rebuild-d1 (decision 0004).',
        given,
      ),
    ).toEqual([]);
    expect([...anchorsOf(given.get('docs/protocol.md') ?? '')].sort()).toEqual([
      'rebuild',
      'rebuild-d1',
      'the-protocol',
    ]);
  });

  test('links, relative to the folder of their page', () => {
    const text =
      '[a](protocol.md#rebuild) [b](#rebuild) [c](../x.json) [d](https://a.org/x.md) `[e](gone.md)`' +
      '\n```\n[f](gone.md)\n```\n[g](#gone) [h](gone.md) [i](../y.json)';
    expect(
      linkFaults(
        'docs/stellar.md',
        text,
        new Map([...given, ['docs/stellar.md', '# rebuild\n']]),
        (file) => file === 'x.json',
      ),
    ).toEqual(['no anchor docs/stellar.md#gone', 'no page docs/gone.md', 'no file y.json']);
  });

  test('codes, but not values in backticks, parts of other words or appendices', () => {
    expect(bareCodes('R9, (R12) I1: D4. A.6, G.f and F.13')).toEqual([
      'R9',
      'R12',
      'I1',
      'D4',
      'A.6',
      'G.f',
      'F.13',
    ]);
    expect(
      bareCodes('`D4`, R13, RFC 9562, appendix A.6, SEP-10, XDR2, E.g., I2C, 0xD1, D5'),
    ).toEqual([]);
  });

  test('comments, but nothing in strings, templates and regular expressions', () => {
    const source =
      'a(\'// R1\', "/* R2 */"); // one\nconst b = /\\/\\/ R3/; /** two\n * more */ ' +
      'c = `// ${ d({ e: `/* R4 */` }) /* three */ } // R5`; f = 4 / 2; // four / five\nreturn /[/*]/; // six';
    expect(commentsOf(source)).toEqual([
      { line: 1, text: '// one' },
      { line: 2, text: '/** two\n * more */' },
      { line: 3, text: '/* three */' },
      { line: 3, text: '// four / five' },
      { line: 4, text: '// six' },
    ]);
  });
});
