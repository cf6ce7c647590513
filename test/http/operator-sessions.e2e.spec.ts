import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../src/app.js';
import { readConfig } from '../../src/common/config.js';
import { BossService } from '../../src/jobs/boss.service.js';
import { DASHBOARD_PATH } from '../../src/jobs/dashboard.js';
import { JobsModule } from '../../src/jobs/jobs.module.js';
import { bearer, givenKey, TEST_DOOR } from '../support/access.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** What a browser carries for an operator: a session that ends, and forms of our own pages. */
const QUEUE = 'test-errands';

let database: TestDatabase;
let decided: Parameters<typeof createApp>[0];
let app: NestFastifyApplication;
let boss: BossService['boss'];
let url: string;
let operatorKey: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const config = readConfig({
    NODE_ENV: 'test',
    VOLATILE_DATABASE: 'allow',
    LOG_LEVEL: 'silent',
    DATABASE_URL: database.url,
    STELLAR_RPC_URL: 'http://127.0.0.1:9',
    STELLAR_NETWORK_PASSPHRASE: 'none',
  });
  decided = { ...config, ...TEST_DOOR, DATABASE_URL: database.url };
  app = await createApp(decided, [JobsModule.register(decided, { work: false })]);
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
  operatorKey = await givenKey(app, { scopes: ['operate', 'jobs:write'], name: 'ada' });
  boss = app.get(BossService).boss;
  await boss.createQueue(QUEUE);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

test("a change without the header Origin is refused; with the page's own it is made", async () => {
  const id = await boss.send(QUEUE, {}, { startAfter: 3600 });
  const job = `${url}${DASHBOARD_PATH}/queues/${QUEUE}/jobs/${id ?? ''}`;
  const form = (origin: Record<string, string>): Promise<Response> =>
    fetch(job, {
      method: 'POST',
      headers: {
        ...bearer(operatorKey),
        'content-type': 'application/x-www-form-urlencoded',
        ...origin,
      },
      body: 'intent=delete',
      redirect: 'manual',
    });
  const refused = await form({});
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({
    code: 'FORBIDDEN',
    detail: expect.stringContaining('Origin'),
  });
  expect(await boss.findJobs(QUEUE, { id: id ?? '' })).toHaveLength(1);
  expect((await form({ origin: url })).status).toBeLessThan(400);
  expect(await boss.findJobs(QUEUE, { id: id ?? '' })).toHaveLength(0);
});

test(
  'after a sign-out a copy of the cookie opens nothing, in another process too, and its ' +
    'event stream ends; other sessions of the key stay',
  async () => {
    const other = await createApp(decided);
    await other.listen(0, '127.0.0.1');
    try {
      const session = async (): Promise<string> => {
        const signedIn = await fetch(`${url}/sign-in`, {
          method: 'POST',
          body: new URLSearchParams({ key: operatorKey }),
          redirect: 'manual',
        });
        return signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
      };
      const [cookie, kept] = [await session(), await session()];
      const statuses = (of: string): Promise<number[]> =>
        Promise.all(
          [url, '', url].map(async (base, at) => {
            const path = at === 0 ? DASHBOARD_PATH : '/console/data/overview';
            return (
              await fetch(`${base === '' ? await other.getUrl() : base}${path}`, {
                headers: { cookie: of },
              })
            ).status;
          }),
        );
      expect(await statuses(cookie)).toEqual([200, 200, 200]);
      const stream = await fetch(`${await other.getUrl()}/console/data/events`, {
        headers: { cookie },
      });
      const out = await fetch(`${url}/sign-out`, {
        method: 'POST',
        headers: { cookie },
        redirect: 'manual',
      });
      expect(out.status).toBe(303);
      expect(await statuses(cookie)).toEqual([401, 401, 401]);
      expect(await stream.text()).toContain('{"reason":"revoked"}');
      expect(await statuses(kept)).toEqual([200, 200, 200]);
    } finally {
      await other.close();
    }
  },
);

describe('the console acts by tickets', () => {
  const SELF_CHECK = '/operator/self-check';
  let cookie: string;
  beforeAll(async () => {
    const signedIn = await fetch(`${url}/sign-in`, {
      method: 'POST',
      body: new URLSearchParams({ key: operatorKey }),
      redirect: 'manual',
    });
    cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  });
  const ticketFor = (
    method: string,
    path: string,
    headers: Record<string, string> = { origin: url },
  ): Promise<Response> =>
    fetch(`${url}/console/tickets`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ method, path }),
    });
  const act = (path: string, headers: Record<string, string>): Promise<Response> =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ reason: 'asked on the page' }),
    });

  test('a ticket is for one request, once, and the action has the name of the key', async () => {
    const { ticket } = (await (await ticketFor('POST', SELF_CHECK)).json()) as { ticket: string };
    const authorization = `Ticket ${ticket}`;
    for (const other of ['/operator/quarantine', '/pools'])
      expect((await act(other, { authorization })).status).not.toBeLessThan(400);
    // not used up by addresses that it was not for
    expect(await (await act(SELF_CHECK, { authorization })).json()).toEqual({ differences: [] });
    expect((await act(SELF_CHECK, { authorization })).status).toBe(401);
    const listed = await fetch(`${url}/operator/actions?limit=2`, { headers: bearer(operatorKey) });
    const { actions, nextCursor } = (await listed.json()) as {
      actions: { action: string; reason: string; by: { name: string } }[];
      nextCursor: string | null;
    };
    expect(actions.map(({ action, reason, by }) => [action, reason, by.name])).toEqual([
      ['ledger.self-check-done', 'asked on the page', 'ada'],
      ['ledger.self-check', 'asked on the page', 'ada'],
    ]);
    // older ones are on the next page, and none is on both
    const older = await fetch(`${url}/operator/actions?cursor=${String(nextCursor)}`, {
      headers: bearer(operatorKey),
    });
    expect(JSON.stringify(await older.json())).not.toContain('ledger.self-check');
  });

  test.each<[string, Record<string, string>]>([
    ['without an Origin', {}],
    ['from another site', { origin: 'https://elsewhere.example' }],
    ['from a frame without an origin', { origin: 'null' }],
  ])('%s no ticket is issued', async (_, headers) => {
    const refused = await ticketFor('POST', '/operator/quarantine', headers);
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
      403,
      'FORBIDDEN',
    ]);
  });

  test('tickets are for what operators change, and a cookie alone still changes nothing', async () => {
    for (const [method, path] of [
      ['GET', '/operator/actions'],
      ['POST', '/loans'],
      ['POST', '/operator/../loans'],
    ] as const)
      expect((await ticketFor(method, path)).status).toBe(400);
    expect((await ticketFor('GET', '/operator/reports/balances.csv')).status).toBe(200);
    expect((await act('/operator/quarantine', { cookie, origin: url })).status).toBe(401);
  });
});
