import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

let folder: string;
beforeAll(() => {
  mkdirSync('artifacts', { recursive: true });
  folder = mkdtempSync(path.join('artifacts', 'lint-api-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Document {
  paths: Record<
    string,
    Record<
      string,
      {
        operationId?: string;
        summary?: string;
        responses: Record<string, unknown>;
        parameters?: unknown;
      }
    >
  >;
}

/** The exit code and the output of `scripts/lint-api.mjs`. */
function lint(...files: readonly string[]): { code: number | null; report: string } {
  const run = spawnSync(process.execPath, ['scripts/lint-api.mjs', ...files], { encoding: 'utf8' });
  return { code: run.status, report: run.stdout + run.stderr };
}
const loans = (document: Document): NonNullable<Document['paths'][string]['get']> => {
  const operation = document.paths['/loans']?.['get'];
  if (!operation) throw new Error('the document has GET /loans');
  return operation;
};

test('the committed document has no fault', () => {
  const { code, report } = lint();
  expect({ code, report }).toEqual({
    code: 0,
    report: expect.stringContaining('Your API description is valid'),
  });
  expect(report).not.toMatch(/\bwarning\b/i);
}, 60_000);

const BROKEN: readonly (readonly [string, (document: Document) => void])[] = [
  [
    'operation-operationId',
    (document) => {
      delete loans(document).operationId;
    },
  ],
  [
    'operation-operationId-unique',
    (document) => {
      loans(document).operationId = 'createLoan';
    },
  ],
  [
    'no-unresolved-refs',
    (document) => {
      loans(document).responses['200'] = {
        description: 'x',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Nothing' } } },
      };
    },
  ],
  [
    'struct',
    (document) => {
      loans(document).parameters = 'none';
    },
  ],
  [
    'path-parameters-defined',
    (document) => {
      delete document.paths['/loans/{id}']?.['get']?.parameters;
    },
  ],
];
let exitCode: number | null;
let found: Readonly<Record<string, string>>;
/** All in one run, because loading the linter takes longer than its work. */
beforeAll(() => {
  const files = BROKEN.map(([rule, change]) => {
    const document = JSON.parse(readFileSync('context/openapi.json', 'utf8')) as Document;
    change(document);
    const file = path.join(folder, `${rule}.json`);
    writeFileSync(file, JSON.stringify(document));
    return file;
  });
  const { code, report } = lint(...files);
  exitCode = code;
  // the name of each file stands before its faults
  const parts = report.split(/^(\S+\.json):$/m);
  found = Object.fromEntries(
    BROKEN.map(([rule], index) => [rule, parts[parts.indexOf(files[index] ?? '') + 1] ?? '']),
  );
}, 120_000);
test.each(BROKEN.map(([rule]) => [rule]))('%s: a broken document fails', (rule) => {
  expect(exitCode).toBe(1);
  expect(found[rule]).toContain(`error    ${rule} `);
});
