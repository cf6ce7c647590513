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

/** The output of `npm run lint:api` for the committed document after that change. */
function lint(change: (document: Document) => void): { code: number | null; report: string } {
  const document = JSON.parse(readFileSync('context/openapi.json', 'utf8')) as Document;
  change(document);
  const file = path.join(folder, 'openapi.json');
  writeFileSync(file, JSON.stringify(document));
  const run = spawnSync(process.execPath, ['scripts/lint-api.mjs', file], { encoding: 'utf8' });
  return { code: run.status, report: run.stdout + run.stderr };
}
const loans = (document: Document): NonNullable<Document['paths'][string]['get']> => {
  const operation = document.paths['/loans']?.['get'];
  if (!operation) throw new Error('the document has GET /loans');
  return operation;
};

test('the committed document has no fault', () => {
  const { code, report } = lint(() => undefined);
  expect({ code, report }).toEqual({
    code: 0,
    report: expect.stringContaining('Your API description is valid'),
  });
  expect(report).not.toMatch(/\bwarning\b/i);
}, 60_000);

test.each<[string, (document: Document) => void]>([
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
])(
  '%s: a broken document fails',
  (rule, change) => {
    const { code, report } = lint(change);
    expect(code).toBe(1);
    expect(report).toContain(rule);
  },
  60_000,
);
