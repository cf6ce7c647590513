import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import type { Browser } from './browser.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Signs in as an operator does, waits until the page is live, and opens that part of it. */
export async function signInTo(
  { url, key }: { readonly url: string; readonly key: string },
  { page }: Pick<Browser, 'page'>,
  place = '',
): Promise<void> {
  await page.goto(`${url}/console`);
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${url}/console`);
  await page.getByText('● live').waitFor();
  if (place !== '') await page.evaluate(`location.hash = ${JSON.stringify(place)}`);
}

/** Faults that axe finds in the page. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = (await page.evaluate(
    'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] })',
  )) as {
    violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
  };
  return found.violations.map(
    ({ id, impact, nodes }) =>
      `${impact} ${id}: ${nodes
        .map(({ html, failureSummary }) => `${html} ${failureSummary}`)
        .join(' | ')
        .slice(0, 400)}`,
  );
}
