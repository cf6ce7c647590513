import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../src/app.js';
import { readConfig } from '../../src/common/config.js';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { ApiKeys } from '../../src/modules/access/api-keys.js';
import { BossService } from '../../src/jobs/boss.service.js';
import { DASHBOARD_PATH } from '../../src/jobs/dashboard.js';
import { JobsModule } from '../../src/jobs/jobs.module.js';
import { CONSOLE_PATH } from '../../src/modules/console/console-files.js';
import { BROWSER_TEST_MS, browserTest, closeBrowser, openBrowser } from '../support/browser.js';
import { bearer, givenKey, givenToken, TEST_DOOR } from '../support/access.js';
import { asServer, createTestDatabase, type TestDatabase } from '../support/database.js';

const basic = (password: string): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`ada:${password}`).toString('base64')}`,
});
/**
 * A queue of this test alone, beside the real ones. Its handler fails until the test repairs it.
 */
const QUEUE = 'test-errands';

let database: TestDatabase;
let app: NestFastifyApplication;
let boss: BossService['boss'];
let page: string;
let failing = true;
let operatorKey: string;
/** Of an operator who may only look at the page. */
let lookingKey: string;
let otherKey: string;

/** Resolves when pg-boss has counted its queues again: the page shows its counts. */
const counted = async (
  queue: string,
  enough: (counts: { failedCount: number }) => boolean,
): Promise<void> => {
  for (;;) {
    await boss.supervise(queue);
    const found = await boss.getQueue(queue);
    if (found && enough(found)) return;
  }
};
/** The dead letter of a job, once it has been logged and stored. */
async function letterOf(job: string): Promise<string> {
  for (;;) {
    const found = (await boss.findJobs('dead')).find(
      ({ sourceId, state }) => sourceId === job && state === 'completed',
    );
    if (found) return found.id;
  }
}
async function untilJob(id: string, state: string): Promise<void> {
  for (;;) {
    const [job] = await boss.findJobs(QUEUE, { id });
    if (job?.state === state) return;
  }
}

beforeAll(async () => {
  database = await createTestDatabase();
  const config = readConfig({
    NODE_ENV: 'test',
    VOLATILE_DATABASE: 'allow',
    LOG_LEVEL: 'silent',
    DATABASE_URL: asServer(database.url),
    STELLAR_RPC_URL: 'http://127.0.0.1:9',
    STELLAR_NETWORK_PASSPHRASE: 'none',
  });
  const decided = { ...config, ...TEST_DOOR, DATABASE_URL: asServer(database.url) };
  app = await createApp(decided, [JobsModule.register(decided, { work: true })]);
  await app.listen(0, '127.0.0.1');
  page = `${await app.getUrl()}${DASHBOARD_PATH}`;
  operatorKey = await givenKey(app, { scopes: ['operate', 'jobs:write'], name: 'ada' });
  lookingKey = await givenKey(app, { scopes: ['operate'], name: 'byron' });
  otherKey = await givenKey(app);
  boss = app.get(BossService).boss;
  await boss.createQueue(QUEUE, { retryLimit: 0, deadLetter: 'dead' });
  await boss.work(QUEUE, { pollingIntervalSeconds: 0.5 }, () =>
    failing ? Promise.reject(new Error('the errand went wrong')) : Promise.resolve(),
  );
});
afterAll(closeBrowser);
afterAll(async () => {
  await app.close();
  await database.drop();
});

describe('access', () => {
  test.each<[string, number, () => Promise<Record<string, string>>]>([
    ['nothing', 401, () => Promise.resolve({})],
    ['a wrong password', 401, () => Promise.resolve(basic('byron'))],
    ['a key without the scope', 403, () => Promise.resolve(basic(otherKey))],
    ['a wallet', 403, async () => bearer(await givenToken(app, `G${'A'.repeat(55)}`))],
    ['a cookie of our making', 401, () => Promise.resolve({ cookie: 'holdfast_session=x.y.z' })],
    [
      "a wallet's token as a cookie",
      401,
      async () => ({ cookie: `holdfast_session=${await givenToken(app, `G${'A'.repeat(55)}`)}` }),
    ],
  ])(
    '%s: %i on every path and method, with nothing of the page',
    async (_, status, credentials) => {
      for (const [method, path] of [
        ['GET', ''],
        ['GET', '/jobs'],
        ['GET', '/assets/x.js'],
        ['POST', '/send'],
      ] as const) {
        const answer = await fetch(`${page}${path}`, { method, headers: await credentials() });
        expect(answer.status).toBe(status);
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
      }
    },
  );

  test('twelve requests at once open no more connections than docs/database.md says', async () => {
    const paths = ['', '/queues', '/schedules', '/warnings', '/queues/dead', `/queues/${QUEUE}`];
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        fetch(`${page}${paths[at % paths.length] ?? ''}`, { headers: basic(operatorKey) }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const { rows } = await app
      .get(LedgerConnections, { strict: false })
      .read.query<{ count: number }>(
        `select count(*)::int as count from pg_stat_activity
          where application_name = 'holdfast-jobs-page' and datname = current_database()`,
      );
    expect(rows[0]?.count).toBeGreaterThan(0);
    expect(rows[0]?.count).toBeLessThanOrEqual(8);
  });

  test("an operator's key opens the page, as a bearer or as a password under any user", async () => {
    for (const headers of [bearer(operatorKey), basic(operatorKey)])
      expect((await fetch(page, { headers })).status).toBe(200);
  });

  test(
    'a browser is sent to the sign-in; the session of the key is HttpOnly and Strict, ' +
      'opens this page alone, and ends with the key',
    async () => {
      const api = await app.getUrl();
      const shown = await fetch(`${page}/jobs`, {
        headers: { accept: 'text/html,*/*' },
        redirect: 'manual',
      });
      expect([shown.status, shown.headers.get('location')]).toEqual([303, '/sign-in']);
      expect(await (await fetch(`${api}/sign-in`)).text()).toContain(
        '<form method="post" action="/sign-in">',
      );
      const sign = (key: string): Promise<Response> =>
        fetch(`${api}/sign-in`, {
          method: 'POST',
          body: new URLSearchParams({ key }),
          redirect: 'manual',
        });
      expect([(await sign('x')).status, (await sign(otherKey)).status]).toEqual([401, 403]);
      const key = await givenKey(app, { scopes: ['operate'], name: 'guest' });
      const signedIn = await sign(key);
      expect([signedIn.status, signedIn.headers.get('location')]).toEqual([303, CONSOLE_PATH]);
      const set = signedIn.headers.get('set-cookie') ?? '';
      expect(set).toMatch(
        /^holdfast_session=[^;]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
      );
      const cookie = set.split(';')[0] ?? '';
      expect((await fetch(page, { headers: { cookie } })).status).toBe(200);
      expect((await fetch(`${api}/operator/keys`, { headers: { cookie } })).status).toBe(401);
      expect(
        (await fetch(`${api}/operator/keys`, { headers: bearer(cookie.split('=')[1] ?? '') }))
          .status,
      ).toBe(401);
      const keys = app.get(ApiKeys, { strict: false });
      const guest = (await keys.list()).find(({ name }) => name === 'guest');
      await keys.revoke(guest?.id ?? '', {
        by: { kind: 'command', id: 'test', name: 'test' },
        reason: 'the guest has left',
      });
      expect((await fetch(page, { headers: { cookie } })).status).toBe(401);
      const out = await fetch(`${api}/sign-out`, { method: 'POST', redirect: 'manual' });
      expect([out.status, out.headers.get('set-cookie')]).toEqual([
        303,
        'holdfast_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict',
      ]);
    },
  );

  test(
    'neither the page nor its scripts name a font host; the files that they request ' +
      'instead exist',
    async () => {
      const html = await (await fetch(page, { headers: basic(operatorKey) })).text();
      const scripts = [
        ...new Set(
          [...html.matchAll(/\/admin\/queues\/assets\/[\w.-]+\.js/g)].map(([found]) => found),
        ),
      ];
      expect(scripts.some((script) => script.includes('/root-'))).toBe(true);
      for (const text of [
        html,
        ...(await Promise.all(
          scripts.map(async (script) =>
            (await fetch(new URL(script, page), { headers: basic(operatorKey) })).text(),
          ),
        )),
      ])
        expect(text).not.toMatch(/fonts\.(googleapis|gstatic)/);
      const [sheet = ''] = /\/admin\/queues\/fonts\/css2[^"]*/.exec(html) ?? [];
      const styles = await fetch(new URL(sheet, page), { headers: basic(operatorKey) });
      expect([styles.status, styles.headers.get('content-type'), await styles.text()]).toEqual([
        200,
        'text/css; charset=utf-8',
        '',
      ]);
    },
  );

  test('a form sent from another site is refused, whatever the browser has stored', async () => {
    const id = await boss.send(QUEUE, {}, { startAfter: 3600 });
    const form = {
      method: 'POST',
      headers: {
        ...basic(operatorKey),
        'content-type': 'application/x-www-form-urlencoded',
        origin: 'http://elsewhere.example',
      },
      body: 'intent=delete',
    };
    // the page's own framework reports it there
    const said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    expect((await fetch(`${page}/queues/${QUEUE}/jobs/${id ?? ''}`, form)).status).toBe(400);
    said.mockRestore();
    expect(await boss.findJobs(QUEUE, { id: id ?? '' })).toHaveLength(1);
  });

  test('who may only look is refused what changes a job, in words', async () => {
    const id = await boss.send(QUEUE, {}, { startAfter: 3600 });
    const url = `${page}/queues/${QUEUE}/jobs/${id ?? ''}`;
    const remove = (key: string): Promise<Response> =>
      fetch(url, {
        method: 'POST',
        headers: {
          ...basic(key),
          'content-type': 'application/x-www-form-urlencoded',
          origin: new URL(page).origin,
        },
        body: 'intent=delete',
        redirect: 'manual',
      });
    const refused = await remove(lookingKey);
    expect([refused.status, await refused.json()]).toMatchObject([
      403,
      {
        code: 'FORBIDDEN',
        requiredScope: 'jobs:write',
        detail: 'This needs the scope jobs:write; the key "byron" has operate.',
      },
    ]);
    expect(await boss.findJobs(QUEUE, { id: id ?? '' })).toHaveLength(1);
    // both ask at the same time, and each sees what it may do
    const [looked, changed] = await Promise.all(
      [lookingKey, operatorKey].map(async (key) =>
        (await fetch(url, { headers: basic(key) })).text(),
      ),
    );
    const buttons = (html = ''): string[] =>
      ['Cancel', 'Delete'].filter((word) => html.includes(`>${word}</button>`));
    expect([buttons(looked), buttons(changed)]).toEqual([[], ['Cancel', 'Delete']]);
    const form = await (await fetch(`${page}/send`, { headers: basic(lookingKey) })).text();
    expect(form).toContain('That needs a key with the scope jobs:write.');
    expect(form).not.toContain('<form');
    expect((await remove(operatorKey)).status).toBeLessThan(400);
    expect(await boss.findJobs(QUEUE, { id: id ?? '' })).toHaveLength(0);
  });

  test('the API beside it still reads JSON, and the bare address redirects to the page', async () => {
    const api = await app.getUrl();
    expect((await fetch(`${api}/health/live`)).status).toBe(200);
    expect((await fetch(api)).url).toBe(`${api}/docs`);
    const refused = await fetch(`${api}/loans`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'x', ...bearer(otherKey) },
      body: '{}',
    });
    expect(await refused.json()).toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});

const LOOK_MS = 10_000;
const LOOKS_MAX = 6;

browserTest(
  'an operator who may only look sees a failed job without buttons',
  async () => {
    const id = await boss.send(QUEUE, { errand: 'salt' });
    if (id === null) throw new Error('a job was sent');
    await untilJob(id, 'failed');
    const browser = await openBrowser();
    try {
      await browser.page.goto(page);
      await browser.page.getByLabel('API key').fill(lookingKey);
      await browser.page.getByRole('button', { name: 'Sign in' }).click();
      await browser.page.waitForURL(`${await app.getUrl()}${CONSOLE_PATH}`);
      await browser.page.goto(`${page}/queues/${QUEUE}/jobs/${id}`);
      await browser.page.getByText('the errand went wrong').first().waitFor();
      // drawn again in the browser by the same rights
      await browser.page.getByRole('link', { name: 'Schedules' }).first().click();
      await browser.page.getByText('observe-pools').first().waitFor();
      await browser.page.goBack();
      await browser.page.getByText('the errand went wrong').first().waitFor();
      for (const name of ['Retry', 'Delete'])
        expect(await browser.page.getByRole('button', { name }).count()).toBe(0);
      await browser.screenshot('jobs-looking');
    } finally {
      await browser.close();
    }
  },
  BROWSER_TEST_MS,
);

browserTest(
  'an operator sees queues, schedules, the failed job and its dead letter, and retries it',
  async () => {
    const id = await boss.send(QUEUE, { errand: 'bread' });
    if (id === null) throw new Error('a job was sent');
    await untilJob(id, 'failed');
    await counted(QUEUE, ({ failedCount }) => failedCount > 0);
    const browser = await openBrowser();
    const [asked, said]: [string[], string[]] = [[], []];
    browser.page.on('request', (request) => {
      asked.push(new URL(request.url()).host);
    });
    browser.page.on('console', (message) => {
      if (message.type() === 'error') said.push(message.text());
    });
    const look = async (path: string, words: readonly string[]): Promise<void> => {
      await browser.page.goto(`${page}${path}`);
      for (const word of words)
        await browser.page
          .getByText(word)
          .filter({ visible: true })
          .first()
          .waitFor({ timeout: LOOK_MS });
    };
    // the page reads its figures once, when it is loaded
    const show = async (path: string, ...words: string[]): Promise<void> => {
      for (let left = LOOKS_MAX; left > 1; left--)
        if (
          await look(path, words).then(
            () => true,
            () => false,
          )
        )
          return;
      await look(path, words);
    };
    try {
      await browser.page.goto(page); // which leads to the sign-in page
      await browser.page.getByLabel('API key').fill(operatorKey);
      await browser.screenshot('sign-in');
      await browser.page.getByRole('button', { name: 'Sign in' }).click();
      await browser.page.waitForURL(`${await app.getUrl()}${CONSOLE_PATH}`);
      await browser.page.getByRole('link', { name: 'Jobs' }).click(); // the same sign-in
      const framed = browser.page.frameLocator('iframe[title="Queues of the jobs"]');
      await framed.getByText('Top Queues').first().waitFor();
      await browser.page.getByRole('rowheader', { name: 'judge-lapsed' }).waitFor();
      await browser.screenshot('jobs-framed');
      await browser.page.getByRole('link', { name: 'Open it alone' }).click();
      await browser.page.waitForURL(page);
      await show('', 'Top Queues'); // the five with the most jobs that wait, so not always ours
      await browser.screenshot('jobs-overview');
      await show('/queues', QUEUE, 'observe-pools', 'judge-lapsed', 'dead');
      await browser.screenshot('jobs-queues');
      await show('/schedules', 'observe-pools', '* * * * *');
      await browser.screenshot('jobs-schedules');
      await letterOf(id);
      await show('/queues/dead?state=all', 'completed');
      await browser.screenshot('jobs-dead');
      await show(`/queues/dead/jobs/${await letterOf(id)}`, QUEUE, 'the errand went wrong');
      await browser.screenshot('jobs-dead-letter');
      await show('/warnings');
      await browser.screenshot('jobs-warnings');
      await show(`/queues/${QUEUE}/jobs/${id}`, 'the errand went wrong');
      await browser.screenshot('jobs-failed');
      failing = false;
      await browser.page.getByRole('button', { name: 'Retry' }).click();
      await untilJob(id, 'completed');
      await show(`/queues/${QUEUE}/jobs/${id}`, 'completed');
      await browser.screenshot('jobs-retried');
      expect(
        [...new Set(asked)].filter((host) => host !== new URL(page).host && host !== ''),
      ).toEqual([]); // '': a picture in the page itself
      // nothing blocked, no difference between what was served and what is drawn again
      expect(said.filter((text) => !text.includes('503'))).toEqual([]);
      // there is no chain here, and the console says so
      const complaints = browser.complaints.filter((each) => each !== '503 /health/ready');
      // the library writes "in 58s" when it serves a page and again when the page draws it, and a
      // second may end between the two, once; another difference would come with each look
      const differences = complaints.filter((each) => each.includes('Minified React error #418'));
      expect(complaints.filter((each) => !differences.includes(each))).toEqual([]);
      expect(differences.length).toBeLessThanOrEqual(1);
    } finally {
      await browser.close();
    }
  },
  BROWSER_TEST_MS,
);
