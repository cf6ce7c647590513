import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { ReconciliationLedger } from '../../src/modules/liquidity/snapshots/reconciliation-ledger.js';
import { ReconciliationService } from '../../src/modules/settlement/reconciliation.service.js';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import { bearer, givenKey } from '../support/access.js';
import {
  type Browser,
  BROWSER_TEST_MS,
  browserTest,
  closeBrowser,
  openBrowser,
} from '../support/browser.js';
import { signInTo, violations } from '../support/console.js';
import {
  ask,
  type Borrower,
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

/** The console in a real browser, on a real database and a network whose ledgers close by hand. */
const EXPLORER = 'https://explorer.example/tx/{hash}';
/** A name that would be an element and a script if the page read it as HTML. */
const EVIL = '<img src=x onerror="document.title=\'taken\'">';

let service: Service;
let url: string;
let key: string;
let pool: GivenPool;
let evil: GivenPool;
let borrowers: readonly Borrower[];

interface Made {
  readonly loanId: string;
  readonly id: string;
  readonly borrower: string;
  readonly hash: string;
  readonly xdr: string;
}
async function hold(at: number): Promise<Made> {
  const borrower = borrowers[at];
  if (!borrower) throw new Error('a borrower was asked for');
  const answer = await postLoan(service, loanBody(pool, borrower));
  expect(answer.status).toBe(201);
  const { loan, reservation, transaction } = answer.body as {
    loan: { id: string };
    reservation: { id: string };
    transaction: { xdr: string; hash: string };
  };
  return { loanId: loan.id, id: reservation.id, borrower: borrower.address, ...transaction };
}
async function settled(at: number): Promise<Made> {
  const made = await hold(at);
  await ask(service, {
    url: `/loans/${made.loanId}/submission`,
    body: {
      signedXdr: signed(
        made.xdr,
        service.network.passphrase,
        borrowers[at] ?? { address: '', secret: '' },
      ),
    },
  });
  await service.network.closeLedgers(1);
  expect(
    await new SettlementService({
      ledger: service.ledger,
      pools: service.registry,
      chain: service.chain,
    }).observePool(pool.pool),
  ).toMatchObject({ settled: 1 });
  return made;
}
/** The pool as GET /pools returns it. */
async function figures(): Promise<Record<string, string>> {
  const pools = (await ask(service, { url: '/pools', headers: bearer(key) })).body[
    'pools'
  ] as Record<string, string>[];
  const found = pools.find(({ id }) => id === pool.pool.id);
  if (!found) throw new Error('the pool is listed');
  return found;
}

beforeAll(async () => {
  service = await givenService({ EXPLORER_TX_URL: EXPLORER });
  pool = await givenPool(service, {
    deposit: 2_000_0000000n,
    rules: { name: 'Lima', buffer: 100_0000000n },
  });
  evil = await givenPool(service, { rules: { name: EVIL } });
  borrowers = givenBorrowers(service, pool.contract, { count: 8 });
  key = await givenKey(service.app, { scopes: ['operate'], name: 'ada' });
  await service.app.listen(0, '127.0.0.1');
  url = await service.app.getUrl();
});
afterAll(closeBrowser);
afterAll(() => service.stop());

const signIn = (browser: Browser, place = ''): Promise<void> =>
  signInTo({ url, key }, browser, place);
const term = (page: Page, name: string): Promise<string> =>
  page
    .locator(
      `article:has(h1) [data-term="${name}"] .amount, ` +
        `article:has(a[href="#/pools/${pool.pool.id}"]) [data-term="${name}"] .amount`,
    )
    .first()
    .innerText();
const untilTerm = (page: Page, name: string, amount: string): Promise<void> =>
  page
    .locator(`[data-term="${name}"] .amount`, {
      hasText: new RegExp(`^${amount.replaceAll('.', '\\.')}$`),
    })
    .first()
    .waitFor();
const grouped = (amount: string): string =>
  amount.replace(/^\d+/, (whole) => whole.replaceAll(/\B(?=(\d{3})+$)/g, ','));
const overflow = (page: Page): Promise<number> =>
  page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  ) as Promise<number>;

describe('the console', () => {
  browserTest(
    "figures are the API's, a new hold appears without a reload, its deadline counts " +
      'down, every term leads to its rows, a settled one shows its history',
    async () => {
      const landed = await settled(0);
      const first = await hold(1);
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await signIn(browser);
        await page.getByRole('heading', { name: 'Pools', level: 1 }).waitFor();
        await browser.screenshot('console-pools');
        await page.getByRole('link', { name: 'Lima' }).click();
        await page.getByRole('heading', { name: 'Lima', level: 1 }).waitFor();
        const now = await figures();
        const shown = Object.fromEntries(
          await Promise.all(
            ['observed', 'available', 'held', 'in-flight', 'buffer'].map(
              async (name) => [name, await term(page, name)] as const,
            ),
          ),
        );
        expect(shown).toEqual({
          observed: grouped(now['observedAvailable'] ?? ''),
          available: grouped(now['available'] ?? ''),
          held: now['held'],
          'in-flight': now['inFlight'],
          buffer: now['buffer'],
        });

        // live: made through the API, seen here without a reload
        await page.locator(`[data-key="${first.id}"]`).waitFor();
        const second = await hold(2);
        await untilTerm(page, 'held', '200');
        await page
          .locator(`[data-key="${second.id}"]`)
          .getByText(/waits for the borrower to sign until/)
          .waitFor();
        await page
          .locator('#said', { hasText: '200 held in 2 holds' })
          .waitFor({ state: 'attached' });

        const count = page.locator(`[data-key="${second.id}"] .count`);
        const before = await count.innerText();
        expect(before).toMatch(/^in (\d+ min )?\d+ s$/);
        await count.filter({ hasNotText: before }).waitFor();
        await page.locator('.u-wrap canvas').first().waitFor();
        await browser.screenshot('console-pool');
        expect(await violations(page)).toEqual([]);

        for (const [name, title, row] of [
          ['observed', 'Snapshots of the pool', '1,900'],
          ['buffer', 'Rules of the pool', '100'],
          ['in-flight', 'In flight', 'Nothing is in flight'],
          ['available', 'Refused requests', 'None in the last 7 days.'],
          ['held', 'Live holds', second.id.slice(-12)],
        ] as const) {
          await page.locator(`.term[data-term="${name}"]`).click();
          const section = page.locator('section[aria-labelledby="rows-title"]');
          await section.getByRole('heading', { name: title }).waitFor();
          await section.getByText(row).first().waitFor();
          expect(page.url()).toContain(`#/pools/${pool.pool.id}/${name}`);
        }
        await page.locator('.segment.available').click(); // the bar's own parts lead there too
        await page.getByRole('heading', { name: 'Refused requests' }).waitFor();

        // each request of the last two minutes is a cell
        await page.getByText(/3 of 3 requests got a hold, 0 were refused/).waitFor();
        expect(await page.locator('.cell').count()).toBe(3);
        expect(await page.locator('.cell.settled').getAttribute('href')).toContain(landed.id);

        await page.getByRole('link', { name: 'All holds' }).click();
        await page.getByLabel('state').selectOption('settled');
        await page.locator(`[data-key="${first.id}"]`).waitFor({ state: 'detached' });
        expect(page.url()).toContain('/reservations?state=settled'); // a filtered list has an address
        await page.locator(`[data-key="${landed.id}"] a`).click();
        await page.locator('[data-kind="settled"]').getByText('D4: found SUCCESS').waitFor();
        expect(await page.locator('ol.timeline > li h3').allInnerTexts()).toEqual([
          'Held',
          'Submitted',
          'Settled',
        ]);
        expect(await page.locator('[data-kind="settled"] a').first().getAttribute('href')).toBe(
          EXPLORER.replace('{hash}', landed.hash),
        );
        expect([
          await page.locator('[data-kind="settled"] a code').first().innerText(),
          await page.locator('td a code').innerText(),
          // and as the source of the transaction below
          await page.locator('dd code', { hasText: landed.borrower }).first().innerText(),
        ]).toEqual([landed.hash, landed.hash, landed.borrower]);
        // the loan, and what was to be signed
        await page.getByRole('row', { name: /^1 of 2/ }).waitFor();
        await page.getByText(/^The loan landed in ledger \d+/).waitFor();
        await page
          .getByRole('table', { name: /^Arguments of/ })
          .getByText(landed.borrower)
          .waitFor();
        expect(await page.locator('.signed pre code').innerText()).toBe(landed.xdr);
        await browser.screenshot('console-reservation');
        expect(await violations(page)).toEqual([]);
        expect(browser.complaints).toEqual([]);
      } finally {
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    'a live hold shows each step of the proof until it ends',
    async () => {
      const browser = await openBrowser();
      try {
        const { page } = browser;
        const made = await hold(3);
        await signIn(browser, `#/pools/${pool.pool.id}/held`);
        const settlement = new SettlementService({
          ledger: service.ledger,
          pools: service.registry,
          chain: service.chain,
        });
        const row = page.locator(`[data-key="${made.id}"]`);
        await row.waitFor();
        service.network.control.travel(400);
        await observe(service, pool.pool);
        await row.getByText(/deadline passed at/).waitFor();
        await row.getByText(/passed .* ago/).waitFor(); // by the chain's clock, which has travelled
        for (let round = 0; round < 2; round++) {
          await service.network.closeLedgers(2);
          await settlement.expireLapsed(pool.pool);
        }
        await row.getByText(/first NOT_FOUND vote at ledger \d+; one more vote/).waitFor();
        await browser.screenshot('console-lapsing');
        await service.network.closeLedgers(1);
        await settlement.expireLapsed(pool.pool);
        await row.waitFor({ state: 'detached' });
        await untilTerm(page, 'held', '0');
        await page.evaluate(`location.hash = '#/reservations/${made.id}'`);
        const proof = page.locator('[data-kind="expired"] .evidence');
        // in words, and times as text
        await proof.getByText('D1: deadline passed, then two NOT_FOUND a ledger apart').waitFor();
        expect(await proof.innerText()).toMatch(
          new RegExp(
            String.raw`^Evidence\s+certificate\s[\s\S]*not found at\s+\d+, \d+\s[\s\S]*` +
              String.raw`passed close time\s+\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC`,
          ),
        );
      } finally {
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    "trouble is shown while it happens: a stranger's loan leaves a shortfall and breaks, " +
      'an unexplained difference pauses the pool',
    async () => {
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await signIn(browser);
        const troubled = await givenPool(service, {
          deposit: 300_0000000n,
          rules: { name: 'Quito' },
        });
        await page.getByRole('link', { name: 'Quito' }).click(); // registered while one looks
        const reconciliation = new ReconciliationService(
          {
            ledger: service.app.get(ReconciliationLedger, { strict: false }),
            pools: service.registry,
            chain: service.chain,
          },
          { raise: () => undefined },
        );
        await reconciliation.reconcilePool(troubled.pool);
        for (const borrower of givenBorrowers(service, troubled.contract, { count: 2 }))
          expect((await postLoan(service, loanBody(troubled, borrower))).status).toBe(201);
        await page.evaluate(`location.hash = '#/pools/${troubled.pool.id}/breaks'`);
        await untilTerm(page, 'held', '200');
        service.network.control.foreignLoan({
          pool: troubled.contract,
          total: 250_0000000n,
          guarantee: 50_0000000n,
        });
        await observe(service, troubled.pool);
        await page.getByText('Shortfall of 100: more is held than was observed').waitFor();
        await page.getByText('▲ takes no holds: more is held than was observed').waitFor();
        expect([
          await term(page, 'observed'),
          await term(page, 'available'),
          await term(page, 'held'),
          await term(page, 'breaks'),
        ]).toEqual(['100', '0', '200', '100']); // 100 = 0 + 200 - 100
        const missing = await page.locator('.bar .missing').evaluate((part) => {
          const of = part as unknown as {
            clientWidth: number;
            parentElement: { clientWidth: number };
          };
          return of.clientWidth / of.parentElement.clientWidth;
        });
        // 200 locked and 200 held of a total of 300: 100 of 400 is what was not observed
        expect(missing).toBeCloseTo(0.25, 1);
        expect([await term(page, 'total'), await term(page, 'locked')]).toEqual(['300', '200']);
        await page.getByText('66.6 % of the total is lent').waitFor();
        await service.network.closeLedgers(1);
        await observe(service, troubled.pool);
        await service.app
          .get(LedgerConnections, { strict: false })
          .write.query(
            'update snapshots set total = total - 1 where pool_id = $1 and ledger = ' +
              '(select max(ledger) from snapshots where pool_id = $1)',
            [troubled.pool.id],
          );
        await reconciliation.reconcilePool(troubled.pool);
        await page.getByText('paused: takes no new holds').waitFor();
        await page.getByRole('cell', { name: 'unreserved_funding' }).waitFor();
        await page.getByRole('cell', { name: 'unexplained', exact: true }).waitFor();
        await page.getByLabel('24 hours').check();
        // moments, which are no points of 24 hours
        await page.locator('figcaption', { hasText: 'Available was between 0 and 300.' }).waitFor();
        await page.locator('figcaption', { hasText: /Found: .*unreserved funding 1×/ }).waitFor();
        expect((await page.locator('.u-wrap').first().boundingBox())?.width ?? 0).toBeGreaterThan(
          400,
        ); // as wide as its place
        await browser.screenshot('console-trouble');
        expect(await violations(page)).toEqual([]);
        await page.getByRole('link', { name: 'Alarms' }).click();
        await page
          .getByText('The service paused it: a figure moved and no event explains it.')
          .waitFor();
        await page.getByText(/^Loans without a hold were funded: found /).waitFor();
        await page.locator('td a[href="#/runbook/strangers"]').first().waitFor();
        await browser.screenshot('console-alarms');
        expect(await violations(page)).toEqual([]);
        await page.locator('td a[href="#/runbook/shortfall"]').first().click();
        await page
          .getByRole('heading', { name: 'More is held than there is: shortfall' })
          .waitFor();
        await page.getByText('Do not.', { exact: true }).waitFor();
        expect(await violations(page)).toEqual([]);
      } finally {
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    'a pool whose name is HTML is shown as text',
    async () => {
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await signIn(browser);
        await page.getByRole('link', { name: EVIL }).click();
        await page.getByRole('heading', { name: EVIL, level: 1 }).waitFor();
        expect(await page.locator('img').count()).toBe(0);
        expect(await page.title()).toBe(`${EVIL} – Holdfast console`);
        expect(page.url()).toContain(evil.pool.id);
        expect(browser.complaints).toEqual([]);
      } finally {
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    'by keyboard alone: past the links to the content, into a pool, to a term, its rows ' +
      'and a hold; the focus follows and is visible',
    async () => {
      const made = await hold(4);
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await signIn(browser);
        const press = async (wanted: string): Promise<void> => {
          for (let times = 0; times < 40; times++) {
            await page.keyboard.press('Tab');
            const focused = (await page.evaluate(
              '({ text: document.activeElement.textContent, outline: ' +
                'getComputedStyle(document.activeElement).outlineStyle })',
            )) as { text: string; outline: string };
            expect(focused.outline).not.toBe('none');
            if (focused.text.includes(wanted)) return;
          }
          throw new Error(`the focus never came to ${wanted}`);
        };
        await press('Skip to the content');
        await page.keyboard.press('Enter');
        expect(await page.evaluate('document.activeElement.id')).toBe('main');
        await press('Lima');
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: 'Lima', level: 1 }).waitFor();
        await page.locator('h1:focus').waitFor();
        await press('held');
        await page.keyboard.press('Enter');
        await page.locator(`[data-key="${made.id}"]`).waitFor();
        await page.locator('#rows-title:focus').waitFor(); // the page shows the rows before, too
        await press(made.id.slice(-12));
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: `Reservation ${made.id}` }).waitFor();
        await page.locator('ol.timeline').waitFor();
      } finally {
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    'in dark mode and 320 pixels wide nothing is cut off, and nothing is shown by colour ' +
      'alone',
    async () => {
      const made = await hold(5);
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
        await signIn(browser, `#/pools/${pool.pool.id}/held`);
        await page.locator(`[data-key="${made.id}"]`).waitFor();
        await page.locator('.u-wrap canvas').first().waitFor();
        expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
          'rgb(17, 20, 24)',
        );
        await browser.screenshot('console-dark');
        expect(await violations(page)).toEqual([]);
        await page.setViewportSize({ width: 320, height: 720 });
        for (const [place, ready] of [
          [`#/pools/${pool.pool.id}/held`, `[data-key="${made.id}"]`],
          [`#/pools/${pool.pool.id}/observed`, 'tbody tr'],
          [`#/reservations/${made.id}`, 'ol.timeline'],
          ['#/', 'article'],
        ] as const) {
          await page.evaluate(`location.hash = ${JSON.stringify(place)}`);
          await page.locator(ready).first().waitFor();
          expect({ place, overflow: await overflow(page) }).toEqual({ place, overflow: 0 });
          await browser.screenshot(
            `console-phone-${place.split('/').at(place.includes('reservations') ? 1 : -1) || 'pools'}`,
          );
          expect(await violations(page)).toEqual([]);
        }
        await page.emulateMedia({ colorScheme: 'light' });
        await browser.screenshot('console-phone-light');
        expect(await violations(page)).toEqual([]);
      } finally {
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    "a transaction that strangers' loans left outside its window says so in the row and " +
      'in the history of its hold, until it is rebuilt',
    async () => {
      const moved = await givenPool(service, { rules: { name: 'Cusco' } });
      const [borrower] = givenBorrowers(service, moved.contract);
      const { loan, reservation } = (
        await postLoan(service, loanBody(moved, borrower ?? { address: '', secret: '' }))
      ).body as { loan: { id: string }; reservation: { id: string } };
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await signIn(browser, `#/pools/${moved.pool.id}/held`);
        const row = page.locator(`[data-key="${reservation.id}"]`);
        await row.getByText('held', { exact: true }).waitFor();
        service.network.control.shiftFootprints({ pool: moved.contract, count: 25 });
        await observe(service, moved.pool);
        await row.getByText('held, ▲ outside its window').waitFor();
        await row
          .getByText(
            "the lending contract's next loan id is 26, it lands on 1 to 25 only and will trap " +
              'when submitted; to be rebuilt until',
          )
          .waitFor();
        await page.evaluate(`location.hash = '#/reservations/${reservation.id}'`);
        await page.getByRole('cell', { name: '1–25 ▲ outside: the next is 26' }).waitFor();
        expect(await violations(page)).toEqual([]);
        expect(
          (await ask(service, { method: 'POST', url: `/loans/${loan.id}/transaction` })).status,
        ).toBe(201);
        await page.getByRole('cell', { name: '26–50', exact: true }).waitFor();
        await page
          .getByText(
            /^waits for the borrower to sign until .* \(transaction 2; 1 may still land\)$/,
          )
          .waitFor();
        expect(browser.complaints).toEqual([]);
      } finally {
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );

  browserTest(
    'a session that has ended says so, and offers to sign in again',
    async () => {
      const browser = await openBrowser();
      try {
        const { page } = browser;
        await signIn(browser, `#/pools/${pool.pool.id}/held`);
        await page.getByRole('heading', { name: 'Lima', level: 1 }).waitFor();
        await page.context().clearCookies();
        await page.getByRole('alert').getByRole('link', { name: 'Sign in again' }).waitFor();
        await page.getByRole('link', { name: 'Sign in again' }).click();
        await page.getByLabel('API key').waitFor();
      } finally {
        await browser.close();
      }
    },
    BROWSER_TEST_MS,
  );
});

test('the pool of these tests has the figures that they expect', async () => {
  expect(await figures()).toMatchObject({ name: 'Lima', total: '2000', buffer: '100' });
});
