import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { registerPool } from '../../src/modules/operations/register-pool.js';
import {
  type Answer,
  ask,
  dueIn,
  givenBorrowers,
  type GivenPool,
  givenPool,
  givenService,
  loanBody,
  observe,
  postLoan,
  type Service,
} from '../support/given.js';
import { roundsOf, type ServiceRounds } from '../support/service-rounds.js';

/**
 * Entries of a contract with another type than its generation writes (docs/protocol.md#unreadable-limits):
 * they are not known, and nothing is promised on them.
 */
let service: Service;
let settlement: ServiceRounds['settlement'];
let alarms: { readonly name: string; readonly facts: Readonly<Record<string, unknown>> }[] = [];
beforeAll(async () => {
  service = await givenService();
  ({ settlement } = roundsOf(service, { raise: (name, facts) => alarms.push({ name, facts }) }));
});
afterAll(() => service.stop());
beforeEach(() => {
  alarms = [];
});

const g3Pool = (): Promise<GivenPool> =>
  givenPool(service, { generation: 'g3', decimals: 0, deposit: 10_000n });
const write = (of: GivenPool, key: string, text: string | null): unknown =>
  service.network.control.instances.setText({ pool: of.contract, contract: 'pool', key, text });
const page = (of: GivenPool): Promise<Answer> => ask(service, { url: `/pools/${of.pool.id}` });
function post(of: GivenPool): Promise<Answer> {
  const [borrower] = givenBorrowers(service, of.contract, { tokens: 5_000n, score: 95 });
  if (!borrower) throw new Error('a borrower was asked for');
  const schedule = [{ amount: '200', dueAt: dueIn(30) }];
  return postLoan(
    service,
    loanBody(of, borrower, { totalAmount: '200', guaranteeAmount: '100', schedule }),
  );
}
const resume = (of: GivenPool): Promise<unknown> =>
  service.registry.change(of.pool.id, { state: 'active' });
const OUTFLOW = "the pool's OUTFLOW is not a number of bps.";

describe('a cap that is no number', () => {
  test('raises an alarm, stops the pool, and promises nothing when it is resumed too early', async () => {
    const of = await g3Pool();
    expect((await post(of)).status).toBe(201);
    write(of, 'OUTFLOW', 'half');
    expect(await settlement.observePool(of.pool)).toMatchObject({ advanced: true });
    expect(alarms).toMatchObject([
      { name: 'unreadable_entry', facts: { pool: of.pool.id, entries: [OUTFLOW] } },
    ]);
    expect((await page(of)).body).toMatchObject({
      state: 'paused',
      contractLimits: { outflowCap: null, unreadable: [OUTFLOW] },
    });
    expect(
      (await ask(service, { url: `/pools/${of.pool.id}/reconciliations` })).body,
    ).toMatchObject({ pauses: [{ reason: 'unreadable_entry', facts: { entries: [OUTFLOW] } }] });
    expect(await post(of)).toMatchObject({ status: 409, body: { code: 'POOL_PAUSED' } });

    await resume(of);
    expect(await post(of)).toMatchObject({
      status: 503,
      body: { code: 'SNAPSHOT_STALE', detail: expect.stringContaining(OUTFLOW) },
    });
    await settlement.observePool(of.pool);
    expect((await page(of)).body).toMatchObject({ state: 'paused' });

    write(of, 'OUTFLOW', null);
    await settlement.observePool(of.pool);
    await resume(of);
    expect((await page(of)).body).toMatchObject({ contractLimits: { unreadable: [] } });
    expect((await post(of)).status).toBe(201);
  });

  test('is not believed from one reply: the pool goes on with what the next one says', async () => {
    const of = await g3Pool();
    const observePool = service.chain.observePool.bind(service.chain);
    let lies = 1;
    service.chain.observePool = async (pool) => {
      const state = await observePool(pool);
      if (lies-- <= 0) return state;
      return { ...state, limits: { ...state.limits, unreadable: [OUTFLOW] } };
    };
    try {
      await service.network.closeLedgers(1);
      await settlement.observePool(of.pool);
    } finally {
      service.chain.observePool = observePool;
    }
    expect(alarms).toMatchObject([{ name: 'unreadable_entry' }]);
    expect((await page(of)).body).toMatchObject({ state: 'active' });
    expect(await post(of)).toMatchObject({ body: { code: 'SNAPSHOT_STALE' } });
    await service.network.closeLedgers(1);
    await observe(service, of.pool);
    expect((await post(of)).status).toBe(201);
  });

  test('is not registered', async () => {
    const { control } = service.network;
    const made = control.deployPool({
      profile: 'stepfi',
      generation: 'g3',
      decimals: 0,
      deposit: 5_000n,
    });
    control.instances.setText({ pool: made.pool, contract: 'pool', key: 'MCRCAP', text: 'none' });
    await expect(
      registerPool(
        { pools: service.registry, chain: service.chain },
        { contract: made.pool, name: 'unreadable' },
      ),
    ).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      message: expect.stringContaining('MCRCAP is not an amount'),
    });
  });
});

test('figures that cannot be read stop the pool too, and no snapshot is stored by them', async () => {
  const of = await g3Pool();
  const before = (await page(of)).body['atLedger'];
  write(of, 'LCKDLIQ', 'none');
  expect(await settlement.observePool(of.pool)).toMatchObject({ advanced: false });
  expect(alarms).toMatchObject([
    {
      name: 'unreadable_entry',
      facts: { entries: [expect.stringContaining('LCKDLIQ is not an integer')] },
    },
  ]);
  expect((await page(of)).body).toMatchObject({ state: 'paused', atLedger: before });
});

test('a link that is no address is not read as one that was never set', async () => {
  const of = await g3Pool();
  const { instances } = service.network.control;
  instances.setText({ pool: of.contract, contract: 'creditline', key: 'PARAMS', text: 'none' });
  await expect(service.chain.leastGuarantee(of.pool, 100n)).rejects.toMatchObject({
    facts: { unreadable: expect.stringContaining('PARAMS is not the address') },
  });
});
