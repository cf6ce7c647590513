import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import type { Step, StepMessage } from '../src/common/steps.js';
import { bearer } from './support/access.js';
import { givenBorrowers, givenPool, givenService, loanBody } from './support/given.js';

/** Resolves when a request reached that step. */
function stepReached(step: Step): Promise<void> {
  return new Promise((resolve) => {
    const listener = (message: unknown): void => {
      if ((message as StepMessage).step !== step) return;
      unsubscribe('holdfast:step', listener);
      resolve();
    };
    subscribe('holdfast:step', listener);
  });
}

test('a stop lets the request that waits for the ledger finish, and its answer is true', async () => {
  const service = await givenService();
  const pool = await givenPool(service);
  const [borrower] = givenBorrowers(service, pool.contract);
  if (!borrower) throw new Error('a borrower was asked for');
  await service.app.listen(0, '127.0.0.1');
  const url = await service.app.getUrl();
  const outside = new pg.Client(service.database.url);
  await outside.connect();
  try {
    await outside.query('BEGIN; LOCK TABLE ledger_gate IN EXCLUSIVE MODE');
    const built = stepReached('loan.built');
    const answer = fetch(`${url}/loans`, { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': 'stop', ...bearer(service.key) }, body: JSON.stringify(loanBody(pool, borrower)) });
    await built;
    const closed = service.app.close();
    await outside.query('COMMIT');
    const { status } = await answer;
    await closed;
    expect(status).toBe(201);
    const { rows } = await outside.query<{ held: string }>('select held::text from pools where id = $1', [pool.pool.id]);
    expect(rows).toEqual([{ held: '1000000000' }]);
    await expect(fetch(`${url}/health/live`)).rejects.toThrow('fetch failed');
  } finally {
    await outside.end();
    await service.network.close();
    await service.database.drop();
  }
});
