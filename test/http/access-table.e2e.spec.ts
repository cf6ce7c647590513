import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Keypair } from '@stellar/stellar-sdk';
import { accessRules, createApp } from '../../src/app.js';
import { bearer, givenKey, givenToken } from '../support/access.js';
import {
  givenBorrowers,
  givenPool,
  givenService,
  loanBody,
  postLoan,
  type Service,
} from '../support/given.js';

/**
 * Who may use which route. Each sign stands for an answer: `.` is allowed, 1 is 401, 3 is 403, 4 is
 * 404 as if it did not exist. A route of the router that is not here, or a row without its route,
 * fails.
 */
const CALLERS = [
  'no credential',
  'another wallet',
  'the wallet',
  'key without scope',
  'key',
  'key of another tenant',
  'operator',
] as const;
type CallerName = (typeof CALLERS)[number];
/**
 * One sign for each caller above, in their order. `key without scope`: all scopes but those the
 * route asks for; `operator`: the scope operate alone.
 */
const EXPECTED: Readonly<Record<string, string>> = {
  'GET /': '.......',
  'GET /health/live': '.......',
  'GET /health/ready': '.......',
  'GET /problems': '.......',
  'GET /problems/:code': '.......',
  'GET /auth': '.......',
  'POST /auth': '.......',
  'GET /.well-known/stellar.toml': '.......',
  'GET /sign-in': '.......',
  'POST /sign-in': '.......',
  'POST /sign-out': '.......',
  'GET /pools': '1..3...',
  'GET /pools/:id': '1..3...',
  'GET /pools/:id/reconciliations': '1..3...',
  'POST /loans': '13.3..3',
  'GET /loans': '1..3...',
  'GET /loans/:id': '14.3.4.',
  'POST /loans/:id/submission': '14.3.43',
  'POST /loans/:id/transaction': '14.3.43',
  'POST /loans/:id/cancellation': '14.3.43',
  'POST /loans/quote': '13.3...',
  'GET /loans/:id/events': '14.3.4.',
  'GET /pools/:id/events': '1..3...',
  'POST /loans/:id/events/tickets': '1..3...',
  'POST /pools/:id/events/tickets': '1..3...',
  // pages: for operators, by a session, a password or a bearer
  'GET /console': '133333.',
  'GET /console/assets/:version/:file': '133333.',
  'GET /console/data/overview': '133333.',
  'GET /console/data/events': '133333.',
  'GET /console/data/pools/:id/holds': '133333.',
  'GET /console/data/pools/:id/contracts': '133333.',
  'GET /console/data/pools/:id/in-flight': '133333.',
  'GET /console/data/pools/:id/history': '133333.',
  'GET /console/data/pools/:id/rows/:kind': '133333.',
  'GET /console/data/pools/:id/recent': '133333.',
  'GET /console/data/search': '133333.',
  'GET /console/data/actions': '133333.',
  'GET /console/data/keys': '133333.',
  'GET /console/data/webhooks': '133333.',
  'GET /console/data/webhooks/:id/deliveries': '133333.',
  'GET /console/data/jobs': '133333.',
  'POST /console/tickets': '133333.',
  'GET /console/data/alarms': '133333.',
  'GET /console/data/channels': '133333.',
  'GET /console/data/pools/:id/pauses': '133333.',
  'GET /console/data/breaks': '133333.',
  'GET /console/data/breaks/:id': '133333.',
  'GET /console/data/reservations': '133333.',
  'GET /console/data/reservations/:id': '133333.',
  'POST /webhooks': '1333..3',
  'GET /webhooks': '1333...',
  'GET /webhooks/:id': '1333444',
  'DELETE /webhooks/:id': '1333443',
  'POST /webhooks/:id/test': '1333443',
  'GET /webhooks/:id/deliveries': '1333444',
  'POST /webhooks/:id/deliveries/:deliveryId/replay': '1333443',
  'GET /reservations': '1..3...',
  'GET /reservations/:id': '14.3.4.',
  'GET /metrics': '133333.',
  'POST /operator/pools': '133333.',
  'PATCH /operator/pools/:id': '133333.',
  'POST /operator/pools/:id/pause': '133333.',
  'POST /operator/pools/:id/resume': '133333.',
  'POST /operator/pools/:id/observation': '133333.',
  'POST /operator/pools/:id/reconciliation': '133333.',
  'POST /operator/self-check': '133333.',
  'POST /operator/pools/:id/repair': '133333.',
  'POST /operator/quarantine': '133333.',
  'POST /operator/reservations/:id/resolution': '133333.',
  'POST /operator/reservations/:id/resubmission': '133333.',
  'GET /operator/webhooks': '133333.',
  'GET /operator/webhooks/:id': '1333334',
  'DELETE /operator/webhooks/:id': '133333.',
  'POST /operator/webhooks/:id/test': '133333.',
  'POST /operator/webhooks/:id/replay': '133333.',
  'GET /operator/webhooks/:id/deliveries': '1333334',
  'POST /operator/webhooks/:id/deliveries/:deliveryId/replay': '133333.',
  'GET /operator/reports/:file': '133333.',
  'GET /operator/actions': '133333.',
  'GET /operator/breaks': '133333.',
  'GET /operator/breaks/:id': '133333.',
  'GET /operator/channels': '133333.',
  'POST /operator/keys': '133333.',
  'GET /operator/keys': '133333.',
  'GET /operator/keys/:id': '133333.',
  'DELETE /operator/keys/:id': '133333.',
  ...Object.fromEntries(
    ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].flatMap((method) =>
      ['/admin/queues/', '/admin/queues/*', '/admin/queues'].map((url) => [
        `${method} ${url}`,
        method === 'GET' ? '133333.' : '1333333', // which needs jobs:write
      ]),
    ),
  ),
  'GET /admin/queues/fonts/*': '133333.',
};
/** Swagger's own pages and files, which any caller may read. */
const DOCS = /^GET \/docs/;
const MEANING: Readonly<Record<string, string>> = {
  '.': 'yes',
  '1': '401',
  '3': '403',
  '4': '404',
};

interface World {
  readonly poolId: string;
  readonly loanId: string;
  readonly reservationId: string;
  readonly borrower: string;
}
let service: Service;
let app: NestFastifyApplication;
/** One live loan that the key's tenant made. */
let world: World;
const credentials = new Map<CallerName, string>();
const withoutScope = new Map<string, string>();

beforeAll(async () => {
  service = await givenService();
  ({ app } = service);
  const pool = await givenPool(service);
  const [borrower] = givenBorrowers(service, pool.contract);
  if (!borrower) throw new Error('a borrower was asked for');
  const { loan, reservation } = (await postLoan(service, loanBody(pool, borrower))).body as {
    loan: { id: string };
    reservation: { id: string };
  };
  world = {
    poolId: pool.pool.id,
    loanId: loan.id,
    reservationId: reservation.id,
    borrower: borrower.address,
  };
  const { key } = service;
  credentials
    .set('key', key)
    .set('key of another tenant', await givenKey(app, { tenantId: 'another' }))
    .set('operator', await givenKey(app, { scopes: ['operate'] }))
    .set('the wallet', await givenToken(app, world.borrower))
    .set('another wallet', await givenToken(app, Keypair.random().publicKey()));
  withoutScope
    .set('pools:read', await givenKey(app, { scopes: ['loans:write', 'loans:read'] }))
    .set('loans:read', await givenKey(app, { scopes: ['loans:write', 'pools:read'] }))
    .set('loans:write', await givenKey(app, { scopes: ['loans:read', 'pools:read'] }))
    .set('operate', key)
    .set('jobs:write', await givenKey(app, { scopes: ['operate'] }))
    .set('public', key);
});
afterAll(() => service.stop());

/** An id that does not exist. */
const UNKNOWN_ID = '01a20439-8365-721f-97de-c7ac9caaa4ad';

/**
 * Bodies and ids that are valid enough to pass every access check. What follows it is not tested
 * here.
 */
function requestTo(
  method: string,
  url: string,
): { url: string; payload?: string; headers: Record<string, string> } {
  const id = /^(\/operator)?\/webhooks/.test(url)
    ? UNKNOWN_ID
    : url.includes('/reservations')
      ? world.reservationId
      : url.startsWith('/loans')
        ? world.loanId
        : world.poolId;
  const path = url
    .replace(':id', url.includes('keys') ? UNKNOWN_ID : id)
    .replace(':deliveryId', UNKNOWN_ID)
    .replace(':kind', 'rules')
    .replace(':version', 'x')
    .replace(':file', url.startsWith('/operator') ? 'rules.csv' : 'x')
    .replace('*', 'jobs');
  const origin = 'http://localhost'; // the jobs page accepts no change without it
  if (method === 'GET' || method === 'DELETE') return { url: path, headers: { origin } };
  return {
    url: path,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': 'table',
      origin,
    },
    payload: JSON.stringify(
      url.endsWith('/submission') ? { signedXdr: 'AAAA' } : { borrower: world.borrower },
    ),
  };
}

async function answerTo(
  caller: CallerName,
  route: { method: string; url: string; access: string },
): Promise<string> {
  const credential =
    caller === 'key without scope' ? withoutScope.get(route.access) : credentials.get(caller);
  const { url, payload, headers } = requestTo(route.method, route.url);
  const request = {
    method: route.method as 'GET',
    url,
    headers: { ...headers, ...(credential === undefined ? {} : bearer(credential)) },
    ...(payload !== undefined && { payload }),
  };
  if (url.endsWith('/events')) {
    // the stream is endless: the status line decides
    const opened = await app.inject({ ...request, payloadAsStream: true });
    if (opened.statusCode === 200) {
      opened.stream().destroy();
      return '.';
    }
  }
  const answer = await app.inject(request);
  const code = String(answer.headers['content-type']).includes('problem+json')
    ? (JSON.parse(answer.body) as { code: string; holdMade: unknown })
    : { code: '', holdMade: false };
  if (code.code === 'UNAUTHENTICATED' && url !== '/auth') return '1';
  if (code.code === 'FORBIDDEN') return '3';
  if (['LOAN_NOT_FOUND', 'RESERVATION_NOT_FOUND', 'WEBHOOK_NOT_FOUND'].includes(code.code))
    return '4';
  if (answer.statusCode === 401 && url !== '/sign-in') return '1';
  return answer.statusCode >= 500 && answer.statusCode !== 503 ? `${answer.statusCode}` : '.';
}

test('every route of the router against every caller is as the table says, and the table has every route', async () => {
  const routes = accessRules(app).filter(({ method, url }) => !DOCS.test(`${method} ${url}`));
  expect(routes.length).toBeGreaterThan(25);
  const seen: Record<string, string> = {};
  // the jobs page's framework answers unknown methods there
  const said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  for (const route of routes) {
    const letters: string[] = [];
    for (const caller of CALLERS) letters.push(await answerTo(caller, route));
    seen[`${route.method} ${route.url}`] = letters.join('');
  }
  said.mockRestore();
  const expected = Object.fromEntries(
    Object.entries(EXPECTED).filter(([route]) => route in seen || !route.includes('/admin/queues')),
  ); // which of its spellings the router keeps does not matter
  expect(seen).toEqual(expected);
  expect(
    Object.keys(seen).filter((route) => route.includes('/admin/queues')).length,
  ).toBeGreaterThanOrEqual(5);
  const rows = Object.entries(seen).map(
    ([route, letters]) =>
      `| \`${route}\` | ${letters
        .split('')
        .map((letter) => MEANING[letter] ?? letter)
        .join(' | ')} |`,
  );
  mkdirSync('artifacts', { recursive: true });
  writeFileSync(
    'artifacts/access-table.md',
    [
      `| route | ${CALLERS.join(' | ')} |`,
      `|---${'|---'.repeat(CALLERS.length)}|`,
      ...rows,
      '',
    ].join('\n'),
  );
}, 120_000);

test('a route without a rule stops the boot', async () => {
  const other = await createApp(service.config);
  try {
    expect(() =>
      other
        .getHttpAdapter()
        .getInstance()
        .get('/forgotten', () => 'open'),
    ).toThrow('GET /forgotten has no access rule');
  } finally {
    await other.close();
  }
});

test(
  'access is decided before the body is read: a stranger does not learn that a body is ' +
    'too large or not JSON',
  async () => {
    for (const payload of ['x'.repeat(100_000), '{"']) {
      const answer = await app.inject({
        method: 'POST',
        url: '/loans',
        headers: { 'content-type': 'application/json' },
        payload,
      });
      expect(answer.statusCode).toBe(401);
      expect(answer.headers).toMatchObject({
        'www-authenticate': 'Bearer realm="Holdfast"',
        'content-type': 'application/problem+json; charset=utf-8',
        'x-content-type-options': 'nosniff',
      });
      expect(JSON.parse(answer.body)).toMatchObject({
        code: 'UNAUTHENTICATED',
        holdMade: false,
        retryable: false,
      });
    }
    const refused = await app.inject({
      method: 'GET',
      url: '/pools',
      headers: bearer(withoutScope.get('pools:read') ?? ''),
    });
    expect(JSON.parse(refused.body)).toMatchObject({
      code: 'FORBIDDEN',
      requiredScope: 'pools:read',
      detail: expect.stringContaining(
        'needs the scope pools:read; the key "test key" has loans:write, loans:read',
      ),
    });
  },
);
