import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ReconciliationLedger } from '../../src/modules/liquidity/snapshots/reconciliation-ledger.js';
import { ReconciliationService } from '../../src/modules/settlement/reconciliation.service.js';
import { givenKey } from '../support/access.js';
import { BROWSER_EXECUTABLE } from '../support/browser-executable.js';
import {
  type Browser,
  BROWSER_TEST_MS,
  browserTest,
  closeBrowser,
  openBrowser,
} from '../support/browser.js';
import { sqlIn } from '../support/code-causes.js';
import { signInTo, violations } from '../support/console.js';
import {
  givenBorrowers,
  givenPool,
  type GivenPool,
  givenService,
  loanBody,
  observe,
  postLoan,
  type Service,
} from '../support/given.js';

/**
 * Five incidents, each from its line among the alarms to its cause and what to do, by the console
 * and the runbook alone, in fewer than three clicks. One service, one browser, one sign-in.
 */
const UNIT = 10_000_000n;
let service: Service;
let reconciliation: ReconciliationService;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  service = await givenService();
  reconciliation = new ReconciliationService(
    {
      ledger: service.app.get(ReconciliationLedger, { strict: false }),
      pools: service.registry,
      chain: service.chain,
    },
    { raise: () => undefined },
  );
  if (BROWSER_EXECUTABLE === undefined) return;
  const key = await givenKey(service.app, { scopes: ['operate'], name: 'ada' });
  await service.app.listen(0, '127.0.0.1');
  await givenPool(service, { rules: { name: 'Quiet' } });
  await givenPool(service, { rules: { name: 'Calm' } });
  browser = await openBrowser();
  ({ page } = browser);
  await signInTo({ url: await service.app.getUrl(), key }, browser);
}, BROWSER_TEST_MS);
afterAll(closeBrowser);
afterAll(() => service.stop());

/** Clicks since the alarms were opened. */
let clicks = 0;
async function openAlarms(): Promise<void> {
  await page.getByRole('link', { name: 'Pools', exact: true }).click();
  await page
    .getByRole('navigation', { name: 'Pages' })
    .getByRole('link', { name: 'Alarms' })
    .click();
  await page.getByRole('heading', { name: 'Alarms', level: 1 }).waitFor();
  clicks = 0;
}
/** A line that names the thing concerned and the cause, with since, figure and runbook. */
const line = (where: string, cause: RegExp) =>
  page.getByRole('row').filter({ hasText: where }).filter({ hasText: cause });
async function click(where: string, cause: RegExp, link: RegExp): Promise<void> {
  clicks++;
  await line(where, cause).getByRole('link', { name: link }).click();
}
async function runbookSays(title: string, words: string): Promise<void> {
  await page.locator('article.prose').getByRole('heading', { name: title }).waitFor();
  await page.locator('article.prose').getByText(words).first().waitFor();
}
const SINCE = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/;

async function begun(name: string, deposit: bigint): Promise<GivenPool> {
  const given = await givenPool(service, { deposit, rules: { name } });
  await reconciliation.reconcilePool(given.pool);
  return given;
}
async function hold(given: GivenPool): Promise<void> {
  const [borrower] = givenBorrowers(service, given.contract);
  if (!borrower) throw new Error('one was asked for');
  expect(await postLoan(service, loanBody(given, borrower))).toMatchObject({ status: 201 });
}
async function round(given: GivenPool): Promise<void> {
  await observe(service, given.pool);
  await reconciliation.reconcilePool(given.pool);
}

describe('from the alarm to its cause', () => {
  browserTest(
    'a provider withdrew: the term, its amount and the transaction',
    async () => {
      const given = await begun('Lima', 300n * UNIT);
      await hold(given);
      await hold(given);
      const { hash } = service.network.control.actions.withdraw({
        pool: given.contract,
        shares: 150n * UNIT,
      });
      await round(given);
      await openAlarms();
      const alarm = line('Lima', /More is held than there is/);
      expect(await alarm.innerText()).toMatch(SINCE);
      await alarm.getByRole('cell', { name: '50', exact: true }).waitFor();
      expect(await violations(page)).toEqual([]);
      await browser.screenshot('incident-alarms');
      await click('Lima', /More is held/, /More is held/);
      await page.getByRole('heading', { name: 'Shortfall of Lima' }).waitFor();
      await page
        .getByText(
          'More is held than there is: 50. Withdrawals took 150 in 1 transaction; holds of this ' +
            'service took 200.',
        )
        .waitFor();
      await page.getByText(hash, { exact: true }).waitFor();
      expect(await violations(page)).toEqual([]);
      await browser.screenshot('incident-withdrawal');
      await page.setViewportSize({ width: 390, height: 844 });
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
      expect(await violations(page)).toEqual([]);
      await browser.screenshot('incident-withdrawal-phone-dark');
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.locator('dd').getByRole('link', { name: 'shortfall' }).click();
      clicks++;
      await runbookSays(
        'More is held than there is: shortfall',
        'It ends by itself when holds end',
      );
      expect(clicks).toBeLessThan(3);
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    "strangers' loans: each transaction with its borrower",
    async () => {
      const given = await begun('Quito', 1000n * UNIT);
      const hashes = [1, 2].map(
        () =>
          service.network.control.foreignLoan({
            pool: given.contract,
            total: 100n * UNIT,
            guarantee: 20n * UNIT,
          }).hash,
      );
      await round(given);
      await openAlarms();
      const alarm = line('Quito', /Loans without a hold were funded: found once/);
      expect(await alarm.innerText()).toMatch(SINCE);
      await alarm.getByRole('cell', { name: '160', exact: true }).waitFor();
      await alarm.getByRole('link', { name: "strangers' loans" }).waitFor();
      await click('Quito', /Loans without a hold/, /Loans without a hold/);
      await page.getByText('Loans without a hold took 160 in 2 transactions.').waitFor();
      for (const hash of hashes) await page.getByText(hash, { exact: true }).waitFor();
      expect(await page.locator('td code.short').count()).toBe(2); // their borrowers
      await browser.screenshot('incident-strangers');
      await page.locator('dd').getByRole('link', { name: "strangers' loans" }).click();
      clicks++;
      await runbookSays('Loans without a hold, and transfers past the pool', 'Find out who it is');
      expect(clicks).toBeLessThan(3);
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    'the node is down: named as that, with the section that says what to do',
    async () => {
      const { control } = service.network;
      control.setFault('node_down', {});
      try {
        await openAlarms();
        const alarm = line('Stellar RPC', /The node gives no useful answer/);
        expect(await alarm.innerText()).toMatch(SINCE);
        await browser.screenshot('incident-node-down');
        await click('Stellar RPC', /The node gives/, /RPC is down/);
        await runbookSays('Stellar RPC is down', 'change STELLAR_RPC_URL and restart');
        expect(clicks).toBeLessThan(3);
      } finally {
        control.clearFaults();
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    'no ledger closes: told apart from a node that is down',
    async () => {
      await sqlIn(
        service,
        "update pools set head_close_time = clock_timestamp() - interval '2 minutes'",
      );
      await openAlarms();
      const silent = line(service.network.passphrase, /No ledger is known that closed after/);
      expect(await silent.innerText()).toMatch(SINCE);
      expect(await line('Stellar RPC', /./).count()).toBe(0);
      await browser.screenshot('incident-no-ledgers');
      await click(service.network.passphrase, /No ledger is known/, /the chain lags/);
      await runbookSays('The chain lags the clock', 'Compare the node with another one');
      expect(clicks).toBeLessThan(3);
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    'a contract was upgraded: which one, and its code before and after',
    async () => {
      const given = await begun('Cusco', 1000n * UNIT);
      service.network.control.actions.upgrade({ pool: given.contract, contract: 'pool' });
      await round(given);
      await openAlarms();
      const alarm = line('Cusco', /The service paused it: a contract was upgraded/);
      expect(await alarm.innerText()).toMatch(SINCE);
      await alarm.getByRole('link', { name: 'a contract was upgraded', exact: true }).waitFor();
      await click('Cusco', /The service paused it/, /The service paused it/);
      await page.getByRole('heading', { name: 'Why Cusco was paused' }).waitFor();
      await page.getByText(/^The code of the pool contract was upgraded/).waitFor();
      const pauses = await service.app
        .get(ReconciliationLedger, { strict: false })
        .pauses(given.pool.id, 2);
      const hashes = pauses
        .flatMap(({ facts }) => [facts['before'], facts['after']])
        .filter((each) => typeof each === 'string');
      expect(hashes).toHaveLength(2); // before and after
      for (const hash of hashes) await page.getByText(hash, { exact: true }).waitFor();
      expect(await violations(page)).toEqual([]);
      await browser.screenshot('incident-upgraded');
      await page.locator('dd').getByRole('link', { name: 'a contract was upgraded' }).click();
      clicks++;
      await runbookSays('A contract was upgraded', 'Resume because simulations succeed');
      expect(clicks).toBeLessThan(3);
      expect(browser.complaints.filter((each) => !each.endsWith('/health/ready'))).toEqual([]);
    },
    BROWSER_TEST_MS,
  );
});
