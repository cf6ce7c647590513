import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../src/app.js';
import { readConfig } from '../src/common/config.js';
import { BossService } from '../src/jobs/boss.service.js';
import { DASHBOARD_PATH } from '../src/jobs/dashboard.js';
import { JobsModule } from '../src/jobs/jobs.module.js';
import { BROWSER_TEST_MS, browserTest, openBrowser } from './support/browser.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';

const ACCESS = { username: 'ada', password: 'lovelace-1843' };
const SIGN_IN = { authorization: `Basic ${Buffer.from(`${ACCESS.username}:${ACCESS.password}`).toString('base64')}` };
/** A queue of this test alone, beside the real ones: its handler fails until it is told to be good. */
const QUEUE = 'test-errands';

let database: TestDatabase;
let app: NestFastifyApplication;
let boss: BossService['boss'];
let page: string;
let failing = true;

/** Resolves when pg-boss has counted its queues again: the page shows its counts. */
const counted = async (queue: string, enough: (counts: { failedCount: number }) => boolean): Promise<void> => {
  for (;;) {
    await boss.supervise(queue);
    const found = await boss.getQueue(queue);
    if (found && enough(found)) return;
  }
};
/** The dead letter of a job, once it has been told and put away. */
async function letterOf(job: string): Promise<string> {
  for (;;) {
    const found = (await boss.findJobs('dead')).find(({ sourceId, state }) => sourceId === job && state === 'completed');
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
    NODE_ENV: 'test', VOLATILE_DATABASE: 'allow', LOG_LEVEL: 'silent', DATABASE_URL: database.url, STELLAR_RPC_URL: 'http://127.0.0.1:9', STELLAR_NETWORK_PASSPHRASE: 'none',
    DASHBOARD_USER: ACCESS.username, DASHBOARD_PASSWORD: ACCESS.password,
  });
  const decided = { ...config, DATABASE_URL: database.url };
  app = await createApp(decided, [JobsModule.register(decided, { work: true })]);
  await app.listen(0, '127.0.0.1');
  page = `${await app.getUrl()}${DASHBOARD_PATH}`;
  boss = app.get(BossService).boss;
  await boss.createQueue(QUEUE, { retryLimit: 0, deadLetter: 'dead' });
  await boss.work(QUEUE, { pollingIntervalSeconds: 0.5 }, () => (failing ? Promise.reject(new Error('the errand went wrong')) : Promise.resolve()));
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

describe('the door', () => {
  test.each([
    ['no password', {}],
    ['a wrong one', { authorization: `Basic ${Buffer.from('ada:byron').toString('base64')}` }],
    ['another scheme', { authorization: SIGN_IN.authorization.replace('Basic', 'Bearer') }],
  ])('%s: 401 on every path and method, with nothing of the page', async (_, headers: Record<string, string>) => {
    for (const [method, path] of [['GET', ''], ['GET', '/jobs'], ['GET', '/assets/x.js'], ['POST', '/send']] as const) {
      const answer = await fetch(`${page}${path}`, { method, headers });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('Basic');
      expect(await answer.text()).toBe('The jobs page needs its user and password.\n');
    }
  });

  test('a form sent from another site is refused, whatever the browser remembers', async () => {
    const id = await boss.send(QUEUE, {}, { startAfter: 3600 });
    const form = { method: 'POST', headers: { ...SIGN_IN, 'content-type': 'application/x-www-form-urlencoded', origin: 'http://elsewhere.example' }, body: 'intent=delete' };
    const said = jest.spyOn(console, 'error').mockImplementation(() => undefined); // the page's own framework tells it there
    expect((await fetch(`${page}/queues/${QUEUE}/jobs/${id ?? ''}`, form)).status).toBe(400);
    said.mockRestore();
    expect(await boss.findJobs(QUEUE, { id: id ?? '' })).toHaveLength(1);
  });

  test('the API beside it asks for no password, still reads JSON, and its bare address leads to its pages', async () => {
    const api = await app.getUrl();
    expect((await fetch(`${api}/health/live`)).status).toBe(200);
    expect((await fetch(api)).url).toBe(`${api}/docs`);
    const refused = await fetch(`${api}/loans`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
    expect(await refused.json()).toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});

browserTest('an operator sees queues, schedules, the failed job and its dead letter, and retries it', async () => {
  const id = await boss.send(QUEUE, { errand: 'bread' });
  if (id === null) throw new Error('a job was sent');
  await untilJob(id, 'failed');
  await counted(QUEUE, ({ failedCount }) => failedCount > 0);
  const browser = await openBrowser(ACCESS);
  const show = async (path: string, ...words: string[]): Promise<void> => {
    await browser.page.goto(`${page}${path}`);
    for (const word of words) await browser.page.getByText(word).filter({ visible: true }).first().waitFor();
  };
  try {
    await show('', QUEUE);
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
    expect(browser.complaints).toEqual([]);
  } finally { await browser.close(); }
}, BROWSER_TEST_MS);
