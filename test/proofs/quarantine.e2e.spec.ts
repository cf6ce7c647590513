import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  ask,
  givenPool,
  givenService,
  type GivenPool,
  observe,
  type Service,
} from '../support/given.js';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';

/** The quarantine as `GET /pools` shows it. */
let service: Service;
let pool: GivenPool;
beforeAll(async () => {
  service = await givenService();
  pool = await givenPool(service);
});
afterAll(() => service.stop());

const quarantine = async (): Promise<unknown> => {
  const [one, all] = [
    await ask(service, { url: `/pools/${pool.pool.id}` }),
    await ask(service, { url: '/pools' }),
  ];
  expect((all.body['pools'] as { quarantine: unknown }[])[0]?.quarantine).toEqual(
    one.body['quarantine'],
  );
  return one.body['quarantine'];
};

test('shows since when, and until when once a ledger was seen after the change', async () => {
  expect(await quarantine()).toBeNull();
  const { write } = service.app.get(LedgerConnections, { strict: false });
  await service.ledger.guards.noticeDatabase();
  await write.query(`update database_identity set timeline = 'another'`); // as after a failover
  expect(await service.ledger.guards.noticeDatabase()).toBe(1);
  const {
    rows: [change],
  } = await write.query<{ at: Date }>('select at from database_changes');
  expect(await quarantine()).toEqual({
    since: change?.at.toISOString(),
    until: null,
    then: 'active',
  });
  expect(
    await service.ledger.guards.advanceQuarantine(service.network.passphrase, 1_800_000_000n),
  ).toEqual([{ poolId: pool.pool.id, ended: false }]);
  expect(await quarantine()).toEqual({
    since: change?.at.toISOString(),
    until: '2027-01-15T08:12:30Z',
    then: 'active',
  }); // 1,800,000,000 and 75 ledgers of ten seconds: the fence of 300 seconds
  expect(
    await service.ledger.guards.advanceQuarantine(service.network.passphrase, 1_800_000_750n),
  ).toEqual([]); // the pool was not read at such a ledger
  service.network.control.travel(1_800_000_800 - service.network.control.head().closeTime);
  await observe(service, pool.pool);
  expect(
    await service.ledger.guards.advanceQuarantine(service.network.passphrase, 1_800_000_750n),
  ).toEqual([]); // the time has passed, the ledgers of a fence have not
  await service.network.closeLedgers(75);
  await observe(service, pool.pool);
  expect(
    await service.ledger.guards.advanceQuarantine(service.network.passphrase, 1_800_000_750n),
  ).toEqual([{ poolId: pool.pool.id, ended: true }]);
  expect(await quarantine()).toBeNull();
});
