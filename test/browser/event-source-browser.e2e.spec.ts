import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bearer, givenKey } from '../support/access.js';
import { BROWSER_TEST_MS, browserTest, closeBrowser, openBrowser } from '../support/browser.js';
import { ask, givenPool, type GivenPool, givenService, type Service } from '../support/given.js';

/** Event streams for EventSource, which cannot send a header: by a ticket. */
let service: Service;
let pool: GivenPool;
let url: string;
beforeAll(async () => {
  service = await givenService();
  pool = await givenPool(service);
  await service.app.listen(0, '127.0.0.1');
  url = await service.app.getUrl();
});
afterAll(closeBrowser);
afterAll(() => service.stop());

const ticketUrl = async (key = service.key, id = pool.pool.id): Promise<string> => {
  const answer = await ask(service, {
    method: 'POST',
    url: `/pools/${id}/events/tickets`,
    headers: bearer(key),
  });
  expect(answer).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
  return String(answer.body['url']);
};
async function statusOf(path: string): Promise<number> {
  const answer = await fetch(`${url}${path}`);
  await answer.body?.cancel();
  return answer.status;
}

test('a ticket opens its stream once, and no other stream or route', async () => {
  const path = await ticketUrl();
  expect(await statusOf(path.replace('/events', ''))).toBe(401);
  const [, query = ''] = path.split('?');
  expect(await statusOf(`/pools/01a20439-8365-721f-97de-c7ac9caaa4ad/events?${query}`)).toBe(401);
  expect(await statusOf(`${path}x`)).toBe(401);
  expect(await Promise.all([statusOf(path), statusOf(path)])).toEqual(
    expect.arrayContaining([200, 401]),
  );
  expect(await statusOf(path)).toBe(401);
  expect(
    await ask(service, {
      url: '/pools',
      headers: bearer(query.slice('ticket='.length)),
    }),
  ).toMatchObject({ status: 401 });
});

test('a ticket has the scopes of its key and ends with it', async () => {
  const key = await givenKey(service.app, { scopes: ['loans:read'] });
  const refused = await ask(service, {
    method: 'POST',
    url: `/pools/${pool.pool.id}/events/tickets`,
    headers: bearer(key),
  });
  expect(refused).toMatchObject({ status: 403 });
  expect(await statusOf(`${await ticketUrl()}&lastEventId=x`)).toBe(400);
});

browserTest(
  "a browser's own EventSource reads a stream with a ticket",
  async () => {
    const path = await ticketUrl();
    const browser = await openBrowser();
    try {
      await browser.page.goto(`${url}/problems`);
      const read = await browser.page.evaluate(
        (address) =>
          new Promise<string>((resolve, reject) => {
            const source = new EventSource(address);
            source.addEventListener('pool', (event) => {
              source.close();
              resolve(String('data' in event ? event.data : ''));
            });
            source.addEventListener('error', () => {
              reject(new Error('the stream was refused'));
            });
          }),
        path,
      );
      expect(JSON.parse(read)).toMatchObject({ id: pool.pool.id });
    } finally {
      await browser.close();
    }
  },
  BROWSER_TEST_MS,
);
