import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { givenKey } from '../support/access.js';
import {
  BROWSER_TEST_MS,
  browserTest,
  closeBrowser,
  hurried,
  openBrowser,
  withOwnClock,
  withOwnPatience,
} from '../support/browser.js';
import { signInTo, violations } from '../support/console.js';
import { givenCuttable, type Cuttable } from '../support/cuttable.js';
import {
  givenBorrowers,
  givenPool,
  givenService,
  type GivenPool,
  loanBody,
  observe,
  postLoan,
  type Service,
} from '../support/given.js';

/**
 * What the console shows while it gets no events: age, silence, a cut connection, clocks that
 * differ; and figures that are larger than a page.
 */
let service: Service;
let way: Cuttable;
let key: string;
let pool: GivenPool;
let huge: GivenPool;
beforeAll(async () => {
  service = await givenService();
  pool = await givenPool(service, { rules: { name: 'Lima' } });
  huge = await givenPool(service, {
    profile: 'trustup',
    decimals: 0,
    deposit: 10n ** 38n,
    rules: { name: 'W'.repeat(60) },
  });
  key = await givenKey(service.app, { scopes: ['operate'], name: 'ada' });
  await service.app.listen(0, '127.0.0.1');
  way = await givenCuttable(await service.app.getUrl());
});
afterAll(closeBrowser);
afterAll(async () => {
  way.close();
  await service.stop();
});

const card = (page: Page, of: GivenPool) =>
  page.locator(`article[aria-labelledby="pool-${of.pool.id}"]`);
/** Returns what a module of the page computes in the page. */
const inPage = (page: Page, module: string, expression: string): Promise<unknown> =>
  page.evaluate(
    `import(document.querySelector('script[type=module]').src.replace('console.js', ` +
      `'${module}')).then((module) => ${expression})`,
  );

describe('the console', () => {
  browserTest(
    'a snapshot that gets stale while the page is open is shown as stale at once, without ' +
      'an event',
    async () => {
      const ageing = await givenPool(service, {
        rules: { name: 'Ageing', maxSnapshotAgeSeconds: 10 },
      });
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await signInTo({ url: way.url, key }, browser);
        await service.network.closeLedgers(1);
        await observe(service, ageing.pool);
        await card(page, ageing).getByText('● takes holds').waitFor();
        await card(page, ageing)
          .getByText('▲ takes no holds: its snapshot is stale')
          .waitFor({ timeout: 15_000 });
        await page
          .locator('#said', { hasText: 'Ageing: its snapshot is stale' })
          .waitFor({ state: 'attached' });
        await page.reload();
        // pools that need attention come first
        await page.locator('article').first().getByText('▲ takes no holds').waitFor();
        await page.getByText(/^2 of 3 take holds; ▲ those that take none come first\.$/).waitFor();
        await service.registry.change(ageing.pool.id, { state: 'closed' });
        await page.reload();
        // closed pools are folded away
        await page.getByText('Closed pools: 1').waitFor();
        expect(await card(page, ageing).isVisible()).toBe(false);
        await page.getByText('Closed pools: 1').click();
        // no one can hold what is left in a closed pool: its bar is pale
        await card(page, ageing).locator('.bar.closed').waitFor();
        expect(await page.locator('.bar.closed').count()).toBe(1);
      } finally {
        await browser.close();
        if (
          (await service.registry.list()).some(
            ({ id, state }) => id === ageing.pool.id && state !== 'closed',
          )
        )
          await service.registry.change(ageing.pool.id, { state: 'closed' });
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    'a service that hangs is shown as silent although its stream is open, and this ' +
      'disappears when it answers again',
    async () => {
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await withOwnClock(page);
        await withOwnPatience(page);
        await signInTo({ url: way.url, key }, browser, `#/pools/${pool.pool.id}/held`);
        await card(page, pool).getByText('● takes holds').waitFor();
        way.freeze();
        await hurried(
          page,
          Promise.all([
            page.getByText(/^▲ the service is silent: what is shown is \d+ s old$/).waitFor(),
            page.getByRole('alert').getByText('The service does not answer.').waitFor(),
            page.getByText('▲ its health is not known').waitFor(),
          ]),
        );
        await browser.screenshot('console-silent');
        expect(await violations(page)).toEqual([]);
        way.thaw();
        await page.getByText('● live').waitFor({ timeout: 15_000 });
        await hurried(page, page.locator('#trouble:empty').waitFor({ state: 'attached' }));
        expect(browser.complaints).toEqual([]);
      } finally {
        way.thaw();
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    'when the service is down the page shows the age of its figures, and why; once it is ' +
      'back everything is read again at once',
    async () => {
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await signInTo({ url: way.url, key }, browser);
        way.cut();
        await page.getByText(/^▲ cut off, trying again: what is shown is \d+ s old$/).waitFor();
        await page
          .getByRole('alert')
          .getByText('The service cannot be reached.')
          .waitFor({ timeout: 15_000 });
        await page
          .locator('#said', { hasText: 'Cut off from the service' })
          .waitFor({ state: 'attached' });
        await browser.screenshot('console-cut-off');
        await way.mend();
        await page.getByText('● live').waitFor();
        await page.locator('#trouble:empty').waitFor({ state: 'attached', timeout: 10_000 });
      } finally {
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    'a service too busy to report its health is not shown as healthy, and the page shows ' +
      'no error',
    async () => {
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await page.route('**/health/ready', (route) =>
          route.fulfill({
            status: 503,
            contentType: 'application/problem+json',
            json: { code: 'BUSY_RETRY', detail: 'Busy.' },
          }),
        );
        await signInTo({ url: way.url, key }, browser);
        await page.getByText('▲ its health is not known').waitFor();
        expect(browser.complaints.filter((each) => each.startsWith('script'))).toEqual([]);
      } finally {
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    'a stream that is open but delivers nothing is opened again once a pool has changed ' +
      'without an event; without any pool the page explains how to register one',
    async () => {
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await withOwnClock(page);
        await page.addInitScript(
          'window.EventSource = class extends EventTarget { static CLOSED = 2; ' +
            'constructor() { super(); const { dataset } = document.documentElement; ' +
            'dataset.streams = Number(dataset.streams ?? 0) + 1; setTimeout(() => ' +
            'this.dispatchEvent(new Event("open"))); } close() {} }',
        );
        await signInTo({ url: way.url, key }, browser);
        await service.network.closeLedgers(1);
        await observe(service, pool.pool);
        await hurried(page, page.locator('html[data-streams="2"]').waitFor());
        await page.route('**/console/data/overview', (route) =>
          route.fulfill({
            json: {
              now: new Date().toISOString(),
              explorerTxUrl: null,
              signedIn: { name: 'ada', tenantId: 'ops', scopes: ['operate'] },
              breakClasses: [],
              eventKinds: [],
              keyScopes: [],
              pools: [],
              pauses: {},
            },
          }),
        );
        await page.reload();
        await page.getByText(/^No pool is registered yet\./).waitFor();
        await browser.screenshot('console-no-pool');
        expect(await violations(page)).toEqual([]);
      } finally {
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    "when the chain's clock differs, deadlines follow it, whichever pool is updated last, " +
      'and the page says so',
    async () => {
      const [borrower] = givenBorrowers(service, pool.contract);
      const { reservation } = (
        await postLoan(service, loanBody(pool, borrower ?? { address: '', secret: '' }))
      ).body as { reservation: { id: string } };
      const unread = await givenPool(service, { rules: { name: 'Unread' }, observed: false });
      const browser = await openBrowser();
      try {
        const { page } = browser;
        service.network.control.travel(400);
        await observe(service, pool.pool);
        await signInTo({ url: way.url, key }, browser, `#/pools/${pool.pool.id}/held`);
        await page
          .locator(`[data-key="${reservation.id}"]`)
          .getByText(/^passed .* ago$/)
          .waitFor({ timeout: 15_000 });
        await page
          .locator('#health')
          .getByText(/^▲ 6 min \d\d s ahead: deadlines are counted down by it$/)
          .waitFor();
      } finally {
        await browser.close();
        await service.registry.change(unread.pool.id, { state: 'closed' });
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    '39 digits and a name without a break stay in the page, from 1280 to 320 pixels; the ' +
      'table scrolls, also by keyboard; amounts end where their column ends',
    async () => {
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await signInTo({ url: way.url, key }, browser);
        for (const width of [1280, 640, 360, 320]) {
          await page.setViewportSize({ width, height: 800 });
          for (const place of [`#/pools/${huge.pool.id}/observed`, '#/']) {
            await page.evaluate(`location.hash = ${JSON.stringify(place)}`);
            await page
              .locator(place === '#/' ? 'article + article' : '.rows tbody tr')
              .first()
              .waitFor();
            expect({
              width,
              place,
              overflow: await page.evaluate(
                'document.documentElement.scrollWidth - document.documentElement.clientWidth',
              ),
            }).toEqual({ width, place, overflow: 0 });
          }
        }
        await page.setViewportSize({ width: 1280, height: 800 });
        await page.evaluate(`location.hash = '#/pools/${huge.pool.id}/observed'`);
        await page
          .getByRole('group', { name: 'Snapshots of the pool' })
          .locator('tbody tr')
          .first()
          .waitFor();
        const seen =
          '(() => { const box = document.querySelector(".wide"); const end = (part) => ' +
          'getComputedStyle(box.querySelector(`${part} .amount`)).textAlign; return ' +
          '[box.scrollWidth > box.clientWidth, box.tabIndex, end("tbody"), end("thead")]; ' +
          '})()';
        expect(await page.evaluate(seen)).toEqual([true, 0, 'right', 'right']);
        await browser.screenshot('console-39-digits');
        expect(await violations(page)).toEqual([]);
      } finally {
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    'an axis shows its scale; a line has a gap where the pool was not observed; the ' +
      'quarter of an hour is offered',
    async () => {
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await signInTo({ url: way.url, key }, browser, `#/pools/${pool.pool.id}/held`);
        await page.getByLabel('15 minutes').and(page.locator(':checked')).waitFor();
        await page.locator('.u-wrap canvas').first().waitFor();
        expect(
          await inPage(
            page,
            'chart-scale.js',
            '[module.axisText(0.0000002), module.axisText(100000), ' +
              'module.axisText(123456789012), module.axisText(5, 1e37), module.unitOf(1e38), ' +
              'module.unitOf(5)]',
          ),
        ).toEqual(['0.0000002', '100,000', '123.5B', '5E37', 1e38, 1]);
        const at = (second: number): { at: string; held: string } => ({
          at: new Date(second * 1000).toISOString(),
          held: '1',
        });
        expect(
          await inPage(
            page,
            'chart-scale.js',
            `module.withGaps(${JSON.stringify([at(0), at(60), at(180), at(184)])}, 4)`,
          ),
        ).toEqual([at(0), at(60), { at: at(120).at }, at(180), at(184)]);
        // alarms come from several answers, so the page cuts its own pages
        const lines = ['a', 'b', 'c'].map((each) => ({
          key: each,
          poolId: each === 'b' ? 'p' : null,
          section: 'shortfall',
          where: each,
          cause: each,
          since: null,
          amount: null,
        }));
        const asked = (cursor: string, poolId = ''): string =>
          JSON.stringify({ cursor, poolId, section: '', limit: 2 });
        expect(
          await inPage(
            page,
            'alarms-view.js',
            `[${[asked(''), asked('b'), asked('gone'), asked('', 'p')].join()}].map((each) => { ` +
              `const { rows, nextCursor } = module.pageOf(${JSON.stringify(lines)}, each); ` +
              'return [rows.map(({ key }) => key).join(""), nextCursor]; })',
          ),
        ).toEqual([
          ['ab', 'b'],
          ['c', null],
          ['ab', 'b'],
          ['b', null],
        ]);
        // a list turns its pages by what the service names, and back by what it remembers
        await inPage(
          page,
          'list.js',
          `(() => { const list = module.pagedList({ title: 'Turned', read: async ({ cursor }) => ({ ` +
            `note: '', none: '', columns: ['row'], nextCursor: { '': 'b', b: 'c' }[cursor] ?? null, ` +
            `rows: [{ key: cursor, cells: ['row ' + (cursor || 'a')] }] }) }); ` +
            `document.querySelector('main').replaceChildren(list.element); return list.load(); })()`,
        );
        const pager = page.getByRole('navigation', { name: 'Pages: Turned' });
        for (const [button, row, place, isLast] of [
          ['Next →', 'row b', 'page 2', false],
          ['Next →', 'row c', 'page 3', true],
          ['← Previous', 'row b', 'page 2', false],
        ] as const) {
          await pager.getByRole('button', { name: button }).click();
          await page.getByRole('rowheader', { name: row }).waitFor();
          await pager.getByText(place).waitFor();
          expect(await pager.getByRole('button', { name: 'Next →' }).isDisabled()).toBe(isLast);
        }
        await page.reload();
        await page.getByLabel('7 days').check();
        await page.waitForResponse(
          (answer) => answer.url().endsWith('/history?hours=168') && answer.ok(),
        );
      } finally {
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );
});
