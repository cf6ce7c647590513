import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { bearer, givenKey, givenToken } from '../support/access.js';
import { givenLandingService, landAll } from '../support/authorized-loans.js';
import { type Browser, BROWSER_TEST_MS, browserTest, openBrowser } from '../support/browser.js';
import { signInTo, violations } from '../support/console.js';
import {
  ask,
  type Borrower,
  givenBorrowers,
  givenPool,
  type GivenPool,
  loanBody,
  type Service,
} from '../support/given.js';

/**
 * A page with a key of its own, as a wallet has one, signs an authorization with the SDK's own
 * `authorizeEntry` in a real browser and sends it across origins.
 */
const SDK = path.resolve('node_modules/@stellar/stellar-sdk/dist/stellar-sdk.min.js');

/** Serves the wallet's page, which is empty. */
const wallet = createServer((_, reply) => {
  reply.setHeader('content-type', 'text/html').end('<!doctype html><title>wallet</title>');
});
let origin: string;
let service: Service;
let pool: GivenPool;
let borrower: Borrower;
let url: string;
beforeAll(async () => {
  wallet.listen(0, '127.0.0.1');
  await once(wallet, 'listening');
  origin = `http://127.0.0.1:${(wallet.address() as AddressInfo).port}`;
  service = await givenLandingService(1, { CORS_ORIGINS: origin });
  pool = await givenPool(service, { rules: { name: 'Lima', signing: 'authorization' } });
  const [made] = givenBorrowers(service, pool.contract);
  if (!made) throw new Error('a borrower was asked for');
  borrower = made;
  await service.app.listen(0, '127.0.0.1');
  url = await service.app.getUrl();
});
afterAll(async () => {
  wallet.close();
  await service.stop();
});

interface Signed {
  readonly loanId: string;
  readonly reservationId: string;
  readonly shown: string;
  readonly status: number;
  readonly answer: unknown;
}

/** Runs within the page, with the SDK's bundle as `StellarSdk`. */
const SIGN = `async ({ url, token, secret, body }) => {
  const { authorizeEntry, Keypair, xdr } = StellarSdk;
  const post = (route, sent) => fetch(url + route, {
    method: 'POST',
    headers: { authorization: 'Bearer ' + token, 'content-type': 'application/json' },
    body: JSON.stringify(sent),
  });
  const { loan, reservation, authorization } = await (await post('/loans', body)).json();
  const { authorizes, entryXdr, expirationLedger, networkPassphrase } = authorization;
  document.body.textContent = authorizes.function + ' ' + authorizes.subInvocations
    .map((inside) => inside.function + ' ' + inside.args.map(({ value }) => value).join(' ')).join();
  const signed = await authorizeEntry(
    xdr.SorobanAuthorizationEntry.fromXdr(entryXdr, 'base64'),
    Keypair.fromSecret(secret),
    expirationLedger,
    networkPassphrase,
  );
  const submitted = await post('/loans/' + loan.id + '/submission', {
    signedAuthorization: signed.toXdr('base64'),
  });
  return {
    loanId: loan.id,
    reservationId: reservation.id,
    shown: document.body.textContent,
    status: submitted.status,
    answer: await submitted.json(),
  };
}`;

async function signedInPage({ page }: Browser, token: string): Promise<Signed> {
  await page.goto(`${origin}/`);
  await page.addScriptTag({ path: SDK });
  const { borrower: _, ...body } = loanBody(pool, borrower);
  const given = {
    url,
    token,
    secret: borrower.secret,
    body,
  };
  return page.evaluate<Signed>(`(${SIGN})(${JSON.stringify(given)})`);
}

browserTest(
  'a page signs the entry as a wallet does, the loan settles, and the console shows how',
  async () => {
    const browser = await openBrowser();
    try {
      const token = await givenToken(service.app, borrower.address);
      const signed = await signedInPage(browser, token);
      expect(signed).toMatchObject({
        status: 202,
        answer: { status: 'SIGNED', reservation: { state: 'held' } },
        shown: `create_loan transfer ${borrower.address} ${pool.pool.lendingContract} 25`,
      });
      expect(browser.complaints).toEqual([]);
      await landAll(service, pool);
      expect(
        await ask(service, { url: `/loans/${signed.loanId}`, headers: bearer(token) }),
      ).toMatchObject({
        body: { reservation: { state: 'settled' }, landings: [{ state: 'landed' }] },
      });

      const { page } = browser;
      const key = await givenKey(service.app, { scopes: ['operate'], name: 'ada' });
      await signInTo({ url, key }, browser, `#/reservations/${signed.reservationId}`);
      await page.getByRole('heading', { name: 'Authorization that the borrower signs' }).waitFor();
      const text = await page.locator('main').innerText();
      expect(text).toContain('spent: its nonce is used, so its loan landed');
      expect(text).toMatch(/\blanded\b/);
      expect(await violations(page)).toEqual([]);
      await browser.screenshot('reservation-by-authorization');
      expect(browser.complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  },
  BROWSER_TEST_MS,
);
