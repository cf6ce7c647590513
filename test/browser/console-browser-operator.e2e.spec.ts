import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ApiKeys } from '../../src/modules/access/api-keys.js';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { ReconciliationLedger } from '../../src/modules/liquidity/snapshots/reconciliation-ledger.js';
import { bearer, givenKey } from '../support/access.js';
import {
  BROWSER_TEST_MS,
  browserTest,
  closeBrowser,
  hurried,
  openBrowser,
  withOwnClock,
} from '../support/browser.js';
import { signInTo, violations } from '../support/console.js';
import {
  ask,
  givenBorrowers,
  givenPool,
  givenService,
  type GivenPool,
  loanBody,
  observe,
  postLoan,
  type Service,
  signed,
} from '../support/given.js';
import { Receiver } from '../support/receiver.js';

/** What the console shows in trouble: who paused a pool, and what is stale, deleted or missing. */
let service: Service;
let url: string;
let key: string;
let pool: GivenPool;
let small: GivenPool;
beforeAll(async () => {
  service = await givenService();
  pool = await givenPool(service, { rules: { name: 'Lima' } });
  small = await givenPool(service, {
    deposit: 4_000_000n,
    rules: { name: 'Small', buffer: 1_000_000n },
  }); // 0.4 and 0.1 of a token
  key = await givenKey(service.app, { scopes: ['operate'], name: 'ada' });
  await service.app.listen(0, '127.0.0.1');
  url = await service.app.getUrl();
});
afterAll(closeBrowser);
afterAll(() => service.stop());

const card = (page: Page, of: GivenPool) =>
  page.locator(`article[aria-labelledby="pool-${of.pool.id}"]`);
async function held(of: GivenPool): Promise<{ id: string; borrower: string; hash: string }> {
  const [borrower] = givenBorrowers(service, of.contract);
  const { reservation, transaction } = (
    await postLoan(service, loanBody(of, borrower ?? { address: '', secret: '' }))
  ).body as { reservation: { id: string }; transaction: { hash: string } };
  return { id: reservation.id, borrower: borrower?.address ?? '', hash: transaction.hash };
}

describe('the console', () => {
  browserTest(
    'a report is downloaded as a file, for the last whole month at first',
    async () => {
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await signInTo({ url, key }, browser, '#/downloads');
        await page.getByRole('heading', { name: 'Downloads' }).waitFor();
        expect(await violations(page)).toEqual([]);
        await page.getByRole('button', { name: 'Download pools' }).click();
        const file = page.waitForEvent('download');
        await page.getByRole('dialog').getByRole('button', { name: 'Download' }).click();
        expect((await file).suggestedFilename()).toBe('pools.csv');
        const text = readFileSync(await (await file).path(), 'utf8');
        expect(text).toMatch(/^pool_id,pool_name,state,.*,asset_code,decimals,registered_at\r\n/);
        expect(text).toContain(`${pool.pool.id},Lima,active,`);
        await page.getByText(/^Downloaded pools\.csv, \d+ rows\.$/).waitFor();
        await page.getByRole('button', { name: 'Download balances' }).click();
        const month = page.waitForEvent('download');
        await page.getByRole('dialog').getByRole('button', { name: 'Download' }).click();
        expect((await month).suggestedFilename()).toMatch(
          /^balances-\d{4}-\d\d-01-\d{4}-\d\d-\d\d\.csv$/,
        );
      } finally {
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    'a pause names who caused it: the service with its reason and time, or a person; a ' +
      'refusal names no one',
    async () => {
      const paused = await givenPool(service, { rules: { name: 'Paused' } });
      const codes = service.app.get(ReconciliationLedger, { strict: false });
      const see = (hash: string, ledger: number): Promise<unknown> =>
        codes.seeCodes(paused.pool.id, { ledger, hashes: new Map([[paused.contract, hash]]) });
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await signInTo({ url, key }, browser);
        await card(page, paused).getByText('● takes holds').waitFor();
        await see('b'.repeat(64), (await service.chain.head()).ledger + 1); // while one looks
        await card(page, paused).getByText('■ paused: takes no new holds').waitFor();
        await card(page, paused)
          .getByText(
            /^the service on \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: a contract was upgraded \(contract_upgraded\)$/,
          )
          .waitFor();
        const [borrower] = givenBorrowers(service, paused.contract);
        expect(
          await postLoan(service, loanBody(paused, borrower ?? { address: '', secret: '' })),
        ).toMatchObject({
          status: 409,
          body: { code: 'POOL_PAUSED', detail: 'The pool is paused.' },
        });
        await browser.screenshot('console-paused');
        await service.registry.change(paused.pool.id, { state: 'active' });
        await card(page, paused).getByText('● takes holds').waitFor();
        await service.registry.change(paused.pool.id, { state: 'paused' });
        await card(page, paused).getByText('an operator: the audit log says who and why').waitFor();
      } finally {
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    'a person pauses a pool with a reason, which the audit log shows under the name of the key; ' +
      'a refusal stays in the dialog; a key is shown once',
    async () => {
      const acted = await givenPool(service, { rules: { name: 'Acted' } });
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await signInTo({ url, key }, browser, `#/pools/${acted.pool.id}/held`);
        await page.getByRole('button', { name: 'Pause…' }).click();
        const dialog = page.getByRole('dialog', { name: 'Pause Acted' });
        await dialog.getByText('Recorded forever with your name, ada.').waitFor();
        await browser.screenshot('console-dialog');
        expect(await violations(page)).toEqual([]);
        await dialog.getByLabel('Reason').fill('   '); // the service counts what is left
        await page.keyboard.press('Escape'); // leaves everything as it is
        await dialog.waitFor({ state: 'detached' });
        expect(await page.evaluate('document.activeElement.textContent')).toBe('Pause…');
        await page.keyboard.press('Enter');
        await dialog.getByLabel('Reason').fill('the lender asked for it');
        await dialog.getByRole('button', { name: 'Pause the pool' }).click();
        await page.locator('#done', { hasText: 'Acted is paused.' }).waitFor();
        await page.getByRole('button', { name: 'Resume…' }).waitFor();
        await page.getByRole('link', { name: 'Operator actions' }).click();
        const row = page.getByRole('row', { name: /pool\.pause/ });
        await row.getByText('the lender asked for it').waitFor();
        await row.getByText('ada', { exact: true }).waitFor();
        expect(await violations(page)).toEqual([]);

        await page.getByRole('button', { name: 'Quarantine every pool…' }).click();
        const grave = page.getByRole('dialog', { name: 'Quarantine every pool' });
        await grave.getByLabel('Reason').fill('the database was put back');
        await grave.getByRole('button', { name: 'Quarantine' }).click(); // its word is not typed
        expect(await grave.isVisible()).toBe(true);
        await grave.getByRole('button', { name: 'Cancel' }).click();

        await page.getByRole('link', { name: 'Keys', exact: true }).click();
        await page.getByRole('button', { name: 'Create a key…' }).click();
        const create = page.getByRole('dialog', { name: 'Create an API key' });
        await create.getByLabel('Tenant').fill('shop');
        await create.getByLabel('Name').fill('The shop');
        await create.getByLabel('Expires in days').fill('30');
        for (const scope of ['loans:write', 'loans:read', 'pools:read'])
          await create.getByLabel(scope).uncheck();
        await create.getByLabel('Reason').fill('the shop goes live');
        await create.getByRole('button', { name: 'Create the key' }).click();
        // the service's own words, and what was typed stays
        await create.getByRole('alert').getByText('scopes must have at least one').waitFor();
        await create.getByLabel('pools:read').check();
        await create.getByRole('button', { name: 'Create the key' }).click();
        const made = await create.locator('code').innerText();
        expect(made).toMatch(/^hf_[0-9a-f]{12}_/);
        await create.getByRole('button', { name: 'Close' }).click();
        await page.getByRole('row', { name: /The shop/ }).waitFor();
        expect(await page.locator('body').innerText()).not.toContain(made);
        expect(browser.complaints).toEqual(['400 /operator/keys']);
      } finally {
        await browser.close();
        await service.registry.change(acted.pool.id, { state: 'closed' });
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    'a webhook of any tenant is tested and removed, and a signed transaction submitted again, each ' +
      'with a reason in the audit log',
    async () => {
      const receiver = await Receiver.start();
      const shop = await givenKey(service.app, { tenantId: 'shop' });
      await ask(service, {
        url: '/webhooks',
        body: { url: receiver.url, events: ['settled'] },
        headers: bearer(shop),
      });
      const [borrower = { address: '', secret: '' }] = givenBorrowers(service, pool.contract);
      const { loan, reservation, transaction } = (await postLoan(service, loanBody(pool, borrower)))
        .body as {
        loan: { id: string };
        reservation: { id: string };
        transaction: { xdr: string };
      };
      await ask(service, {
        url: `/loans/${loan.id}/submission`,
        body: { signedXdr: signed(transaction.xdr, service.network.passphrase, borrower) },
      });
      const browser = await openBrowser();
      try {
        const { page } = browser;
        const confirm = async (opener: string, verb: string): Promise<void> => {
          await page.getByRole('button', { name: opener }).click();
          const dialog = page.getByRole('dialog');
          await dialog.getByLabel('Reason').fill('the shop asked for it');
          await dialog.getByRole('button', { name: verb }).click();
        };
        await signInTo({ url, key }, browser, '#/webhooks?tenant=shop&event=held');
        await page.getByText('Nothing matches the filters.').waitFor();
        await page.getByRole('button', { name: 'Clear filters' }).click();
        await confirm(`Send a test event to ${receiver.url}`, 'Send the event');
        await page.getByText(/^● The test event was accepted: 200, \d+ ms\.$/).waitFor();
        expect(receiver.received).toHaveLength(1);
        await page.getByRole('row', { name: 'settled' }).getByRole('link').first().click();
        await page.getByText('No deliveries yet.').waitFor();
        expect(await violations(page)).toEqual([]);
        await page.getByRole('link', { name: '← All webhooks' }).click();
        await confirm(`Remove ${receiver.url}`, 'Remove the webhook');
        await page.getByText('No webhooks yet.').waitFor();

        await page.evaluate(`location.hash = '#/reservations/${reservation.id}'`);
        await confirm('Submit again…', 'Submit it again');
        await page.locator('#done', { hasText: 'Submitted as its borrower signed it.' }).waitFor();
        await page.getByRole('link', { name: 'Audit log' }).click();
        for (const action of ['webhook.test', 'webhook.remove', 'reservation.resubmit'])
          await page
            .getByRole('row', { name: action })
            .getByText('the shop asked for it')
            .first()
            .waitFor();
        expect(browser.complaints).toEqual([]);
      } finally {
        await browser.close();
        await receiver.stop();
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    'a pause of the contract itself names no operator, and disappears when the pause ends',
    async () => {
      const theirs = await givenPool(service, {
        profile: 'trustup',
        decimals: 0,
        deposit: 10_000n,
        rules: { name: 'Theirs' },
      });
      const turn = (paused: boolean): Promise<void> => {
        service.network.control.actions.pause({ pool: theirs.contract, paused });
        return observe(service, theirs.pool);
      };
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await signInTo({ url, key }, browser);
        await card(page, theirs).getByText('● takes holds').waitFor();
        await turn(true); // while one looks
        await card(page, theirs)
          .getByText(
            "■ takes no holds: its pool contract is paused on the chain by the contracts' own administrator",
          )
          .waitFor();
        expect(await card(page, theirs).getByText('paused by', { exact: true }).count()).toBe(0);
        await turn(false);
        await card(page, theirs).getByText('● takes holds').waitFor();
      } finally {
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    'a pool below one token fills its bar; a pool with a stale snapshot, or none, takes ' +
      'no holds',
    async () => {
      const [old, unread] = [
        await givenPool(service, { rules: { name: 'Old' } }),
        await givenPool(service, { rules: { name: 'Unread' }, observed: false }),
      ];
      await service.app
        .get(LedgerConnections, { strict: false })
        .write.query(
          `update pools set snapshot_advanced_at = snapshot_advanced_at - interval '1 day' where id = $1`,
          [old.pool.id],
        );
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await page.emulateMedia({ reducedMotion: 'reduce' });
        await signInTo({ url, key }, browser);
        const widths = await card(page, small)
          .locator('.bar')
          .evaluate((bar) => {
            const of = bar as unknown as {
              clientWidth: number;
              children: Iterable<{
                dataset: { segment?: string };
                getBoundingClientRect(): { width: number };
              }>;
            };
            return {
              bar: of.clientWidth,
              all: [...of.children].map((each) => ({
                segment: each.dataset.segment,
                width: each.getBoundingClientRect().width,
              })),
            };
          });
        const widthOf = (term: string): number =>
          widths.all.find(({ segment }) => segment === term)?.width ?? 0;
        expect(widths.all.reduce((sum, { width }) => sum + width, 0)).toBeGreaterThan(
          widths.bar - 2,
        );
        // 0.3 available beside a buffer of 0.1
        expect(widthOf('available') / widthOf('buffer')).toBeCloseTo(3, 0);
        await card(page, old).getByText('▲ takes no holds: its snapshot is stale').waitFor();
        await card(page, unread).getByText('▲ takes no holds: it was never observed').waitFor();
        await card(page, pool).getByText('● takes holds').waitFor();
        await browser.screenshot('console-small-and-stale');
      } finally {
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    'hashes and addresses are copied whole, without an explorer',
    async () => {
      const made = await held(pool);
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await signInTo({ url, key }, browser, `#/pools/${pool.pool.id}/held`);
        const address = page.locator(`[data-key="${made.id}"] td code`);
        await address.click(); // one click selects all of it
        expect(await page.evaluate('String(getSelection())')).toBe(made.borrower);
        // and it is shortened on the page
        expect((await address.boundingBox())?.width ?? 1000).toBeLessThan(200);
        await page.evaluate(`location.hash = '#/reservations/${made.id}'`);
        const hash = page.locator('[data-kind="held"] code');
        await hash.click();
        expect([await hash.innerText(), await page.evaluate('String(getSelection())')]).toEqual([
          made.hash,
          made.hash,
        ]);
        await browser.screenshot('console-whole-hash');
        // what was copied is found again, and opens
        await page.evaluate("location.hash = '#/'");
        await page.getByRole('searchbox').fill(made.hash);
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: `Reservation ${made.id}` }).waitFor();
        await page.locator('[data-kind="held"]').getByRole('button', { name: 'Copy' }).waitFor();
        await page.getByRole('searchbox').fill('order-99');
        await page.keyboard.press('Enter');
        await page.getByText(/^No reservation has it\./).waitFor();
        expect(await violations(page)).toEqual([]);
        await page.evaluate(`location.hash = '#/reservations/${made.id}'`);
        await page.locator('[data-kind="held"] code').waitFor();
        expect(await violations(page)).toEqual([]);
        await page.setViewportSize({ width: 320, height: 720 });
        expect(
          await page.evaluate(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          ),
        ).toBe(0);
        await browser.screenshot('console-phone-whole-hash');
      } finally {
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    "a missing thing is reported in its place, without an alarm; one reader's success " +
      "hides no other's failure",
    async () => {
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await withOwnClock(page);
        await signInTo({ url, key }, browser);
        const unknown = randomUUID();
        for (const [place, title, words] of [
          [
            `#/reservations/${unknown}`,
            'No such reservation',
            `There is no reservation ${unknown}.`,
          ],
          [`#/pools/${unknown}`, 'No such pool', `There is no pool ${unknown}.`],
        ] as const) {
          await page.evaluate(`location.hash = ${JSON.stringify(place)}`);
          await page.getByRole('heading', { name: title, level: 1 }).waitFor();
          expect([
            await page.locator('main').innerText(),
            await page.getByRole('alert').innerText(),
            await page.evaluate('document.activeElement.tagName'),
          ]).toEqual([expect.stringContaining(words), '', 'H1']);
          expect(await violations(page)).toEqual([]);
          await browser.screenshot(`console-${title.toLowerCase().replaceAll(' ', '-')}`);
        }
        await page.route('**/holds?*', (route) =>
          route.fulfill({ status: 500, json: { detail: 'The rows cannot be read.' } }),
        );
        await page.evaluate(`location.hash = '#/pools/${pool.pool.id}/held'`);
        await page.getByRole('alert').getByText('The rows cannot be read.').waitFor();
        await page.getByLabel('24 hours').check(); // the charts are read without an error
        await page.waitForResponse(
          (answer) => answer.url().endsWith('/history?hours=24') && answer.ok(),
        );
        await hurried(
          page,
          page.waitForResponse((answer) => answer.url().endsWith('/overview') && answer.ok()),
        );
        expect(await page.getByRole('alert').innerText()).toContain('The rows cannot be read.');
        await page.getByRole('link', { name: 'Pools', exact: true }).click();
        await page.getByRole('heading', { name: 'Pools', level: 1 }).waitFor();
        expect(await page.getByRole('alert').innerText()).toBe('');
      } finally {
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    'signing out in one tab, or revoking the key: every tab says so, and its stream ends',
    async () => {
      const guest = await givenKey(service.app, { scopes: ['operate'], name: 'guest' });
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await signInTo({ url, key: guest }, browser);
        const other = await page.context().newPage();
        await other.goto(`${url}/console`);
        await other.getByText('● live').waitFor();
        await other.getByRole('button', { name: 'Sign out' }).click();
        await other.getByLabel('API key').waitFor();
        await page.getByText('▲ cut off', { exact: true }).waitFor();
        await page.getByRole('alert').getByRole('link', { name: 'Sign in again' }).click();
        await page.getByLabel('API key').fill(guest);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByText('● live').waitFor();
        const keys = service.app.get(ApiKeys, { strict: false });
        const made = (await keys.list()).find(({ name }) => name === 'guest');
        await keys.revoke(made?.id ?? '', {
          by: { kind: 'command', id: 'test', name: 'test' },
          reason: 'the guest has left',
        });
        await page.getByText('▲ cut off', { exact: true }).waitFor({ timeout: 10_000 });
        await page.getByRole('alert').getByRole('link', { name: 'Sign in again' }).waitFor();
      } finally {
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );
});
