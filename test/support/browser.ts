import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium, type Browser as Chromium, type Page } from 'playwright-core';
import { BROWSER_EXECUTABLE } from './browser-executable.js';
import { testWhere } from './test-where.js';

/** As root there is no sandbox, in a container no GPU; the rest keeps it from calling home. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** A browser beside the other tests on two cores is slow. */
const PATIENCE_MS = 60_000;
/** Time that passes outside a page while its clock is turned forward by a second. */
const STEP_MS = 20;
export const BROWSER_TEST_MS = 180_000;
/** Taken when somebody wants to look at them: they are a seventh of what such a test costs. */
const takesScreenshots = process.env['SCREENSHOTS'] !== undefined;
const SCREENSHOTS = path.join('artifacts', 'screenshots');

/**
 * A test in a real browser. Without one it is skipped, with a visible line; `.ci/run` installs it
 * where it can.
 */
export const browserTest = testWhere(
  BROWSER_EXECUTABLE !== undefined,
  'no browser here (apt-get install chromium-headless-shell, or CHROMIUM=<path>): ' +
    'the tests in a real browser are left out',
);

export interface Browser {
  readonly page: Page;
  /** Errors of the page's scripts, and answers of 400 and above. */
  readonly complaints: string[];
  /** With SCREENSHOTS=1: the whole page, in artifacts/screenshots. */
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

let started: Promise<Chromium> | undefined;

/** To be called in afterAll. */
export async function closeBrowser(): Promise<void> {
  await (await started)?.close();
  started = undefined;
}

/** One browser for a test file: it takes longer to start than most tests take in it. */
function startedBrowser(): Promise<Chromium> {
  if (BROWSER_EXECUTABLE === undefined) throw new Error('No browser: use browserTest.');
  started ??= chromium.launch({
    executablePath: BROWSER_EXECUTABLE,
    headless: true,
    args: FLAGS,
  });
  return started;
}

/** A context of its own, so that no test sees another's sign-in. */
export async function openBrowser(credentials?: {
  readonly username: string;
  readonly password: string;
}): Promise<Browser> {
  const context = await (
    await startedBrowser()
  ).newContext({
    viewport: { width: 1280, height: 900 },
    ...(credentials ? { httpCredentials: credentials } : {}),
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 400)
      complaints.push(`${response.status()} ${new URL(response.url()).pathname}`);
  });
  return {
    page,
    complaints,
    screenshot: async (name) => {
      if (!takesScreenshots) return;
      mkdirSync(SCREENSHOTS, { recursive: true });
      await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`), fullPage: true });
    },
    close: () => context.close(),
  };
}

/**
 * To be called before the page is opened: its timers and ages then go by a clock that `hurried` can
 * turn forward.
 */
export const withOwnClock = (page: Page): Promise<void> => page.clock.install();

/** The patience of the page's requests goes by its own clock too, for a service that hangs. */
export async function withOwnPatience(page: Page): Promise<void> {
  await page.addInitScript(
    'AbortSignal.timeout = (ms) => { const ending = new AbortController(); setTimeout(() => ' +
      'ending.abort(new DOMException("too late", "TimeoutError")), ms); return ending.signal; }',
  );
}

/** Turns the page's clock forward, a second at a time, until something is there. */
export async function hurried<T>(page: Page, awaited: Promise<T>): Promise<T> {
  let waiting = true;
  const ended = awaited.finally(() => {
    waiting = false;
  });
  ended.catch(() => undefined);
  while (waiting) {
    await page.clock.fastForward(1000);
    await Promise.race([ended, wait(STEP_MS)]);
  }
  return ended;
}
