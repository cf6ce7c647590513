import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApp } from '../../src/app.js';
import { givenService, type Service } from '../support/given.js';

/** What pages of other origins may call and read, as a browser asks it. */
const APP = 'https://app.example';
const STRANGER = 'https://elsewhere.example';
type App = Service['app'];

let service: Service;
let open: App;
beforeAll(async () => {
  service = await givenService({ CORS_ORIGINS: APP });
  open = await createApp({ ...service.config, CORS_ORIGINS: ['*', APP] });
  await open.init();
});
afterAll(async () => {
  await open.close();
  await service.stop();
});

interface Seen {
  readonly status: number;
  readonly origin: unknown;
  readonly methods: unknown;
}
async function seen(
  app: App,
  method: 'GET' | 'POST' | 'OPTIONS',
  url: string,
  headers: Record<string, string>,
): Promise<Seen> {
  const answer = await app.inject({ method, url, headers });
  expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  return {
    status: answer.statusCode,
    origin: answer.headers['access-control-allow-origin'],
    methods: answer.headers['access-control-allow-methods'],
  };
}
const preflight = (app: App, url: string, origin: string, method: string): Promise<Seen> =>
  seen(app, 'OPTIONS', url, {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': 'authorization',
  });

describe('wallets sign in from any origin, by SEP-10 and SEP-1', () => {
  test.each(['/auth', '/.well-known/stellar.toml'])(
    '%s answers a preflight, with or without its headers',
    async (url) => {
      for (const method of ['GET', 'POST'])
        expect(await preflight(service.app, url, STRANGER, method)).toMatchObject({
          status: 204,
          origin: '*',
          methods: expect.stringContaining(method),
        });
      expect(await seen(service.app, 'OPTIONS', url, {})).toMatchObject({
        status: 204,
        origin: '*',
      });
    },
  );

  test.each<['GET' | 'POST', string, number, Record<string, string>]>([
    ['GET', '/.well-known/stellar.toml', 200, {}],
    ['GET', '/auth', 400, {}],
    ['GET', '/auth?account=G', 400, {}],
    ['POST', '/auth', 415, { 'content-type': 'text/xml' }],
    ['POST', '/auth', 400, { 'content-type': 'application/json' }],
  ])('%s %s is %i, and any page may read why', async (method, url, status, headers) => {
    for (const sent of [headers, { ...headers, origin: STRANGER }])
      expect(await seen(service.app, method, url, sent)).toMatchObject({
        status,
        origin: '*',
      });
  });
});

describe('the rest of the API', () => {
  test('a listed origin may read and write; another one may do neither', async () => {
    expect(await preflight(service.app, '/loans', APP, 'POST')).toMatchObject({
      status: 204,
      origin: APP,
    });
    expect(await seen(service.app, 'GET', '/pools', { origin: APP })).toMatchObject({
      status: 401,
      origin: APP,
    });
    for (const url of ['/loans', '/pools'])
      expect((await preflight(service.app, url, STRANGER, 'GET')).origin).toBeUndefined();
    const answer = await service.app.inject({ url: '/pools', headers: { origin: STRANGER } });
    expect([answer.headers['access-control-allow-origin'], answer.headers['vary']]).toEqual([
      undefined,
      'Origin',
    ]);
  });

  test('with * pages of every origin may read and none may write, but for listed ones', async () => {
    expect(await preflight(open, '/pools', STRANGER, 'GET')).toMatchObject({
      status: 204,
      origin: '*',
      methods: 'GET, HEAD',
    });
    expect(await seen(open, 'GET', '/pools', { origin: STRANGER })).toMatchObject({
      status: 401,
      origin: '*',
    });
    expect((await preflight(open, '/loans', STRANGER, 'POST')).origin).toBeUndefined();
    expect((await seen(open, 'POST', '/loans', { origin: STRANGER })).origin).toBeUndefined();
    expect(await preflight(open, '/loans', APP, 'POST')).toMatchObject({
      status: 204,
      origin: APP,
    });
  });
});
