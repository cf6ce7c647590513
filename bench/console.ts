import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Keypair } from '@stellar/stellar-sdk';
import type { Command } from 'commander';
import { chromium, type Page } from 'playwright-core';
import { createApp } from '../src/app.js';
import { command, does, UsageError } from '../src/cli/command-line.js';
import { readConfig } from '../src/common/config.js';
import { ApiKeys } from '../src/modules/access/api-keys.js';
import { BROWSER_EXECUTABLE } from '../test/support/browser-executable.js';
import { LOADED, LOADED_NETWORK, startLoaded } from './loaded.js';

/**
 * Measures console and metrics on a loaded database in a browser: first paint, and the time until
 * figures and rows are there.
 */
const ROUNDS = 3;

export function consoleCommand(): Command {
  return does(
    command('console', {
      summary: 'measure console, lists and metrics on a loaded database, in a browser',
      example: 'npm run bench -- console --folder /tmp/loaded',
    })
      .usage('--folder DIR [options]')
      .option('--folder <dir>', 'as given to load')
      .option(
        '--browser <file>',
        'a Chromium; CHROMIUM, or where Debian or Google puts it, when left out',
      ),
    ({ folder, browser }) => {
      const executablePath = typeof browser === 'string' ? browser : BROWSER_EXECUTABLE;
      if (typeof folder !== 'string') throw new UsageError('--folder: is needed');
      if (executablePath === undefined)
        throw new UsageError('There is no Chromium here: --browser.');
      return measureIn(folder, executablePath);
    },
  );
}

async function measureIn(folder: string, executablePath: string): Promise<void> {
  const server = await startLoaded(folder);
  try {
    const DATABASE_URL = server.url(LOADED);
    // no node answers on that port: only figures of the database are read here
    const config = readConfig({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      DATABASE_URL,
      STELLAR_RPC_URL: 'http://127.0.0.1:9',
      STELLAR_NETWORK_PASSPHRASE: LOADED_NETWORK,
    });
    const app = await createApp({
      ...config,
      DATABASE_URL,
      AUTH_SIGNING_SEED: Keypair.random().secret(),
      JWT_SECRET: randomUUID(),
      HOME_DOMAIN: 'localhost',
      WEB_AUTH_DOMAIN: 'localhost',
    });
    await app.listen(0, '127.0.0.1');
    const browser = await chromium.launch({
      executablePath,
      headless: true,
      args: ['--no-sandbox', '--disable-gpu'],
    });
    try {
      await measureAll(app, await browser.newPage());
    } finally {
      await browser.close();
      await app.close();
    }
  } finally {
    await server.stop();
  }
}

async function measureAll(app: NestFastifyApplication, page: Page): Promise<void> {
  page.setDefaultTimeout(120_000);
  const url = await app.getUrl();
  const { text: key } = await app
    .get(ApiKeys, { strict: false })
    .create(
      { tenantId: 'default', name: 'bench', scopes: ['operate'], expiresInDays: 1 },
      { by: { kind: 'command', id: 'bench', name: 'bench' }, reason: 'a measurement' },
    );
  await page.goto(`${url}/console`);
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${url}/console`);
  await page.getByText('● live').waitFor();
  console.log('| what | milliseconds, each of three |\n|---|---|');
  await measure('console: first contentful paint', async () => {
    await page.reload();
    return page.evaluate<number>(
      'new Promise((resolve) => { new PerformanceObserver((list) => { for (const { name, ' +
        'startTime } of list.getEntries()) if (name === "first-contentful-paint") ' +
        'resolve(startTime); }).observe({ type: "paint", buffered: true }); })',
    );
  });
  await measure('console: figures of every pool are there', () =>
    timed(async () => {
      await page.reload();
      await page.locator('[data-term="available"] .amount').first().waitFor();
    }),
  );
  await measure('console: a pool, its live holds and a day of charts', async () => {
    await page.evaluate('location.hash = ""');
    const link = page.locator('a[href^="#/pools/"]').first();
    await link.waitFor();
    return timed(async () => {
      await link.click();
      await page.locator('[data-key], :text("No hold is live.")').first().waitFor();
      await page.getByLabel('24 hours').check(); // the last hour may be later than the load
      await page.locator('.u-wrap canvas').first().waitFor();
    });
  });
  for (const path of [
    '/metrics',
    '/pools',
    '/reservations?state=held&limit=50',
    '/reservations?limit=50',
  ]) {
    await measure(`GET ${path}`, () =>
      timed(async () => {
        const answer = await fetch(`${url}${path}`, {
          headers: { authorization: `Bearer ${key}` },
        });
        await answer.arrayBuffer();
        if (!answer.ok) console.log(`${path}: ${answer.status}`);
      }),
    );
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function measure(what: string, once: () => Promise<number>): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await once());
  console.log(`| ${what} | ${times.map((ms) => Math.round(ms)).join(', ')} |`);
}
