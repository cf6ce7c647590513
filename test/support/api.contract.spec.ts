import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiContract, contractOf } from './api.contract.js';
import { ask, givenService, type Service } from './given.js';

let service: Service;
let contract: ApiContract;
beforeAll(async () => {
  service = await givenService();
  contract = contractOf(service.app);
});
afterAll(() => service.stop());

const problem = (members: Record<string, unknown>): Record<string, unknown> => ({
  type: '/problems/LOAN_NOT_FOUND',
  title: 'No such loan',
  status: 404,
  detail: 'x',
  code: 'LOAN_NOT_FOUND',
  retryable: false,
  holdMade: false,
  requestId: 'r',
  ...members,
});
const answered = (
  body: Record<string, unknown>,
  status = 404,
  headers: Record<string, string> = {},
) => ({
  status,
  headers: { 'content-type': 'application/problem+json; charset=utf-8', ...headers },
  text: JSON.stringify(body),
});
const loan = { method: 'GET', url: '/loans/01a20439-8365-721f-97de-c7ac9caaa4ad' };

test('a documented answer has no fault', () => {
  expect(contract.faultsOf(loan, answered(problem({})))).toEqual([]);
});

describe('an answer that the document does not describe is a fault', () => {
  test.each<[string, ReturnType<typeof answered>, string]>([
    [
      'a code of another route',
      answered(problem({ type: '/problems/POOL_NOT_FOUND', code: 'POOL_NOT_FOUND' })),
      'a code that the document does not list',
    ],
    ['a code of no table', answered(problem({ code: 'OOPS' })), 'a code that no table knows'],
    [
      'a status of another code',
      answered(problem({ status: 409 }), 409),
      "a status that is not its code's",
    ],
    [
      'a status of no response',
      answered(problem({}), 418),
      'a status that the document does not list',
    ],
    [
      'a member of no code',
      answered(problem({ secret: 1 })),
      'members that its code does not have: secret',
    ],
    [
      'a missing member',
      answered(
        Object.fromEntries(Object.entries(problem({})).filter(([name]) => name !== 'detail')),
      ),
      'not of its schema',
    ],
    ['a member of another type', answered(problem({ retryable: 'no' })), 'not of its schema'],
    [
      '503 without Retry-After',
      answered(
        problem({ type: '/problems/BUSY_RETRY', code: 'BUSY_RETRY', status: 503, retryable: true }),
        503,
      ),
      '503 without Retry-After',
    ],
    [
      'two times to ask again',
      answered(
        problem({
          type: '/problems/BUSY_RETRY',
          code: 'BUSY_RETRY',
          status: 503,
          retryable: true,
          retryAfter: 2,
        }),
        503,
        { 'retry-after': '1' },
      ),
      'one time in Retry-After and another',
    ],
    [
      'another media type',
      { ...answered(problem({})), headers: { 'content-type': 'text/html' } },
      'the document says application/problem+json',
    ],
  ])('%s', (_, answer, fault) => {
    expect(contract.faultsOf(loan, answer).join('\n')).toContain(fault);
  });
});

test('each code has a page with its facts, and its example matches the schema', async () => {
  const index = await ask(service, { url: '/problems' });
  expect(index.headers['content-type']).toBe('text/html; charset=utf-8');
  const codes = [...index.text.matchAll(/href="\/problems\/([A-Z_]+)"/g)].map(
    ([, code]) => code ?? '',
  );
  expect(codes.length).toBeGreaterThan(20);
  for (const operation of contract.operations) {
    for (const code of operation.codes) {
      const page = await ask(service, { url: `/problems/${code}` });
      expect(page.text).toContain(`<code>${code}</code>`);
      const example = JSON.parse(
        /<pre>([^]*)<\/pre>/
          .exec(page.text)?.[1]
          ?.replaceAll('&quot;', '"')
          .replaceAll('&amp;', '&') ?? '',
      ) as Record<string, unknown>;
      const wait = example['retryAfter'] as number | undefined;
      const url = operation.path.replaceAll(/\{\w+\}/g, '01a20439-8365-721f-97de-c7ac9caaa4ad');
      expect(
        contract.faultsOf(
          { method: operation.method, url },
          answered(
            example,
            Number(example['status']),
            wait === undefined ? {} : { 'retry-after': String(wait) },
          ),
        ),
      ).toEqual([]);
    }
  }
  expect(await ask(service, { url: '/problems/OOPS' })).toMatchObject({
    status: 404,
    body: { code: 'NOT_FOUND' },
  });
});
