import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { givenPool, type LedgerUnderTest, openLedger, request } from '../support/given-ledger.js';
import {
  chainOver,
  openStage,
  reconciliationOn,
  settlementOn,
  type Stage,
} from '../support/settlement-stage.js';
import { LedgerUpkeep } from '../../src/modules/liquidity/guards/ledger-upkeep.js';
import { SelfCheck } from '../../src/modules/settlement/self-check.js';
import { Upkeep } from '../../src/modules/settlement/upkeep.js';
import { jobHandlers } from '../../src/jobs/job-handlers.js';
import { JOBS, matchHandlers } from '../../src/jobs/jobs-table.js';

let database: TestDatabase;
let under: LedgerUnderTest;
let stage: Stage;
beforeAll(async () => {
  database = await createTestDatabase();
  under = openLedger(database.url);
  stage = await openStage();
});
afterAll(async () => {
  await stage.end();
  await under.connections.close();
  await database.drop();
});

test(
  'the job self-check reports a difference and changes nothing; upkeep prunes and asks ' +
    'for another round while rows are left; every row of the table has its use-case',
  async () => {
    const alarms: unknown[] = [];
    const rowsOfWebhooks = [true, false, false];
    const lines: unknown[] = [];
    const selfCheck = new SelfCheck(
      { ledger: under.ledger, pools: under.registry },
      { raise: (name, facts) => alarms.push([name, facts]) },
    );
    const keep = { snapshotDays: 7, chainEventDays: 30, reconciliationDays: 90 };
    const upkeep = new Upkeep(new LedgerUpkeep(under.connections, 5000, 1), keep, {
      log: (line: unknown) => lines.push(line),
    });
    const jobs = matchHandlers(
      JOBS,
      jobHandlers({
        settlement: settlementOn(stage, { chain: chainOver(stage, {}) }).settlement,
        reconciliation: reconciliationOn(stage).reconciliation,
        selfCheck,
        upkeep,
        contractWatch: { watchAll: () => Promise.resolve() },
        days: {
          noteAll: () => Promise.resolve({ pairs: 0, corrected: 0, failed: 0, again: false }),
        },
        lander: { round: () => Promise.resolve({ issued: 0, submitted: 0, again: false }) },
        webhooks: {
          round: () =>
            Promise.resolve({ dispatched: 0, delivered: 0, failed: 0, dead: 0, again: false }),
        },
        webhookUpkeep: {
          prune: () => Promise.resolve({ deliveries: 0, again: rowsOfWebhooks.pop() ?? false }),
        },
      }),
    );
    const run = (queue: string): Promise<boolean> | undefined =>
      jobs.find((job) => job.queue === queue)?.run();

    const pool = await givenPool(under, 1000n);
    await under.ledger.hold(request(pool.id, { amount: 400n }));
    await under.connections.write.query('update pools set held = held + 3 where id = $1', [
      pool.id,
    ]);
    expect(await run('self-check')).toBe(false);
    expect(alarms).toEqual([
      [
        'ledger_error',
        { pool: pool.id, counter: 'held', stored: '403', summed: '400', difference: '3' },
      ],
    ]);
    expect(await under.ledger.reader.position(pool.id)).toMatchObject({ held: 403n });

    await under.connections.write.query(
      'insert into idempotency_keys (tenant_id, key, fingerprint, pool_id, request_id, ' +
        `outcome, expires_at) select 'default', 'k' || i, 'x', $1, $1, 'held', now() - ` +
        `interval '1 hour' from generate_series(1, 103) i`,
      [pool.id],
    );
    expect(await run('upkeep')).toBe(true);
    expect(await run('upkeep')).toBe(false);
    expect(await run('upkeep')).toBe(true); // from the rounds of the webhooks
    expect(await run('upkeep')).toBe(false);
    expect(lines).toEqual(
      [100, 3].map(
        (keys) =>
          `pruned {"keys":${keys},"snapshots":0,"events":0,"reconciliations":0,"windows":0,"lapses":0,"ledgerTimes":0}`,
      ),
    ); // silent when there was nothing
  },
);
