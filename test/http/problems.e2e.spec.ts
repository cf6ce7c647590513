import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ReservationReader } from '../../src/modules/liquidity/holds/reservation.reader.js';
import { LoansService } from '../../src/modules/loans/loans.service.js';
import { HoldfastError } from '../../src/common/errors.js';
import { ask, givenService, type Service } from '../support/given.js';

let service: Service;
let port: number;
beforeAll(async () => {
  service = await givenService();
  await service.app.listen(0, '127.0.0.1');
  port = Number(new URL(await service.app.getUrl()).port);
});
afterAll(() => service.stop());

describe('every refusal is a problem', () => {
  test.each([
    ['an unknown path', { url: '/nowhere' }, 404, 'NOT_FOUND'],
    ['an unknown path below a known one', { url: '/loans/1/2/3' }, 404, 'NOT_FOUND'],
    ['a path that cannot be decoded', { url: '/loans/%zz' }, 400, 'VALIDATION_FAILED'],
    ['malformed JSON', { url: '/loans', body: '{"poolId":' }, 400, 'VALIDATION_FAILED'],
    ['an empty body', { url: '/loans', body: '' }, 400, 'VALIDATION_FAILED'],
    ['no body at all', { url: '/loans', method: 'POST' as const }, 400, 'VALIDATION_FAILED'],
    ['a body that is a list', { url: '/loans', body: '[]' }, 400, 'VALIDATION_FAILED'],
    [
      'a body nested beyond reason',
      { url: '/loans', body: `${'['.repeat(20_000)}${']'.repeat(20_000)}` },
      400,
      'VALIDATION_FAILED',
    ],
    [
      'a body with __proto__',
      { url: '/loans', body: '{"__proto__":{"poolId":"x"}}' },
      400,
      'VALIDATION_FAILED',
    ],
    [
      'a body beyond 64 kB',
      { url: '/loans', body: JSON.stringify({ poolId: 'x'.repeat(70_000) }) },
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    [
      'a form',
      {
        url: '/loans',
        body: 'poolId=1',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'plain text',
      { url: '/loans', body: '{}', headers: { 'content-type': 'text/plain' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
  ])('%s', async (_, request, status, code) => {
    const answer = await ask(service, request);
    expect(answer).toMatchObject({
      status,
      body: { code, status, retryable: false, holdMade: false, type: `/problems/${code}` },
    });
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.body['requestId']).toBe(answer.headers['x-request-id']);
  });

  test.each([
    ['malformed JSON', '{"poolId":', 'is not valid JSON'],
    ['an empty body', '', 'is empty'],
    ['a list', '[]', 'must be of type object'],
  ])('%s is answered in our own words', async (_, body, message) => {
    expect((await ask(service, { url: '/loans', body })).body['errors']).toEqual([
      { field: 'body', message },
    ]);
  });

  test('a wrong method is refused, and the answer lists the allowed ones', async () => {
    expect(await ask(service, { method: 'DELETE', url: '/loans' })).toMatchObject({
      status: 405,
      body: { code: 'METHOD_NOT_ALLOWED' },
      headers: { allow: 'GET, HEAD, POST' },
    });
    expect(await ask(service, { method: 'PUT', url: '/pools/1' })).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    });
  });
});

describe('X-Request-Id', () => {
  test("is the caller's when it is harmless, otherwise a new one", async () => {
    expect(
      (await ask(service, { url: '/health/live', headers: { 'x-request-id': 'abc-1' } })).headers[
        'x-request-id'
      ],
    ).toBe('abc-1');
    for (const bad of ['a b', 'x'.repeat(65), '{"log":1}'])
      expect(
        (await ask(service, { url: '/health/live', headers: { 'x-request-id': bad } })).headers[
          'x-request-id'
        ],
      ).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('internal failures', () => {
  test.each([
    [
      'an unexpected error says nothing of its cause, and whether a hold was made is not known',
      new Error('secret: 10.0.0.1'),
      { status: 500, body: { code: 'INTERNAL', holdMade: null } },
    ],
    [
      'a COMMIT whose answer was lost',
      new HoldfastError('BUSY_RETRY', 'busy', { commitUnknown: true, sqlState: '08006' }),
      { status: 503, body: { code: 'BUSY_RETRY', holdMade: null, retryable: true } },
    ],
    [
      'a busy ledger',
      new HoldfastError('BUSY_RETRY', 'busy', { commitUnknown: false, retryAfterSeconds: 7 }),
      { status: 503, body: { holdMade: false }, headers: { 'retry-after': '7' } },
    ],
  ])('%s', async (_, error, expected) => {
    const broken = jest
      .spyOn(service.app.get(LoansService, { strict: false }), 'createLoan')
      .mockRejectedValue(error);
    try {
      const answer = await ask(service, { url: '/loans', body: {} });
      expect(answer).toMatchObject(expected);
      for (const inside of ['secret', '08006', 'commitUnknown', 'sqlState', 'retryAfterSeconds'])
        expect(answer.text).not.toContain(inside);
    } finally {
      broken.mockRestore();
    }
  });

  test('a database that is down is 503, not 500', async () => {
    const gone = jest
      .spyOn(ReservationReader.prototype, 'findLoan')
      .mockRejectedValue(
        Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), { code: 'ECONNREFUSED' }),
      );
    try {
      const answer = await ask(service, { url: '/loans/01a20439-8365-721f-97de-c7ac9caaa4ad' });
      expect(answer).toMatchObject({ status: 503, body: { code: 'BUSY_RETRY', holdMade: false } });
      expect(answer.text).not.toContain('10.0.0.1');
    } finally {
      gone.mockRestore();
    }
  });
});

test("the API's pages are served, and the document beside them", async () => {
  const page = await ask(service, { url: '/docs' });
  expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html']);
  expect(page.headers).toMatchObject({
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  });
  expect((await ask(service, { url: '/docs/openapi.json' })).body).toMatchObject({
    openapi: '3.1.0',
    info: { title: 'Holdfast' },
  });
});

test('a request that is not HTTP gets a plain 400 and nothing else', async () => {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('nonsense\r\n\r\n');
  const [data] = (await once(socket, 'data')) as [Buffer];
  expect(data.toString()).toMatch(/^HTTP\/1\.1 400 /);
  socket.destroy();
});
