import { afterAll, beforeAll, expect } from '@jest/globals';
import { ERROR_CODES } from '../../src/common/problems/problems.js';
import { BROWSER_TEST_MS, browserTest, closeBrowser, openBrowser } from '../support/browser.js';
import { givenPool, givenService, type GivenPool, type Service } from '../support/given.js';

let service: Service;
let pool: GivenPool;
beforeAll(async () => {
  service = await givenService();
  pool = await givenPool(service);
  await service.app.listen(0, '127.0.0.1');
});
afterAll(closeBrowser);
afterAll(() => service.stop());

browserTest(
  'Swagger UI: with a key behind "Authorize", "Try it out" on GET /pools answers 200 with the pool',
  async () => {
    const browser = await openBrowser();
    try {
      const { page } = browser;
      await page.goto(`${await service.app.getUrl()}/docs`);
      await page.locator('.scheme-container .authorize').click();
      await page.locator('.auth-container input').fill(service.key);
      await page.locator('.auth-container button.authorize').click();
      await page.locator('.auth-container button.btn-done').click();
      await page.reload(); // the key is kept
      const operation = page
        .locator('.opblock')
        .filter({ has: page.locator('[data-path="/pools"]') });
      await operation.locator('.opblock-summary-control').click();
      await operation.getByRole('button', { name: 'Try it out' }).click();
      await operation.getByRole('button', { name: 'Execute' }).click();
      const answer = operation.locator('.live-responses-table tbody');
      await answer.locator('.response-col_status').waitFor();
      expect((await answer.locator('.response-col_status').innerText()).trim()).toMatch(/^200/);
      expect(await answer.locator('.highlight-code').first().innerText()).toContain(pool.pool.id);
      await browser.screenshot('swagger-pools');
      const codes = page.locator('.problem-codes tbody tr');
      await codes.first().waitFor();
      expect(await codes.count()).toBe(ERROR_CODES.length);
      const [operationsEnd, codesBegin] = await Promise.all(
        ['.opblock-tag-section >> nth=-1', '.problem-codes'].map((place) =>
          page.locator(place).boundingBox(),
        ),
      );
      expect(codesBegin?.y).toBeGreaterThan(operationsEnd?.y ?? Infinity);
      expect(browser.complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  },
  BROWSER_TEST_MS,
);
