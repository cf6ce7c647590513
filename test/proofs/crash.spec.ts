import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/common/config.js';
import { STEPS } from '../../src/common/steps.js';
import { openRooms, type Rooms } from '../../src/cli/rooms.js';
import { registerPool } from '../../src/modules/operations/register-pool.js';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';
import { ReconciliationLedger } from '../../src/modules/liquidity/snapshots/reconciliation-ledger.js';
import { ReconciliationService } from '../../src/modules/settlement/reconciliation.service.js';
import { ControlRefusal } from '../../sandbox/network/control-refusal.js';
import { startNetwork, type RunningNetwork } from '../../sandbox/network/network.js';
import { ApiKeys } from '../../src/modules/access/api-keys.js';
import { bearer, keyBy } from '../support/access.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { someOf } from '../support/dose.js';
import { dueIn, signed, type Borrower } from '../support/given.js';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.js';
import { signedEntry } from '../walk/entries.js';

/**
 * Kills the real service process at each step of `POST /loans`: the retried request gets a true
 * answer, and no hold counts forever.
 */
let database: TestDatabase;
let network: RunningNetwork;
let rooms: Rooms;
let pool: PoolRecord;
let vendor: string;
let healthy: ServiceProcess;
let apiKey: string;

beforeAll(async () => {
  [database, network] = await Promise.all([createTestDatabase(), startNetwork()]);
  rooms = openRooms(
    { databaseUrl: database.url, rpcUrl: network.rpcUrl, networkPassphrase: network.passphrase },
    readConfig({}),
  );
  const made = network.control.deployPool({
    profile: 'scaled',
    decimals: 7,
    deposit: 100_000_0000000n,
  });
  vendor = network.control.makeVendors({ pool: made.pool, count: 1 }).vendors[0] ?? '';
  pool = await registerPool(rooms, {
    contract: made.pool,
    name: 'crash pool',
    generation: 'scaled',
    // an authorization ends with its extensions also at the slowest pace of the network
    rules: { maxSnapshotAgeSeconds: 3600, holdSeconds: 900, maxExtensionSeconds: 1800 },
  });
  apiKey = await keyBy(new ApiKeys(rooms.connections, 15_000));
  healthy = await startApi();
}, 60_000);
afterAll(async () => {
  await healthy.stop();
  await rooms.close();
  await network.close();
  await database.drop();
});

const startApi = (crashAt?: string): Promise<ServiceProcess> =>
  startServiceProcess(
    { databaseUrl: database.url, rpcUrl: network.rpcUrl, passphrase: network.passphrase },
    crashAt === undefined ? {} : { env: { CRASH_AT: crashAt } },
  );

function borrower(): Borrower {
  const [made] = network.control.makeBorrowers({
    pool: pool.poolContract,
    count: 1,
    tokens: 10_000_0000000n,
    score: 80,
  }).borrowers;
  if (!made) throw new Error('a borrower was asked for');
  return made;
}
const loanOf = (one: Borrower, signing?: 'authorization'): string =>
  JSON.stringify({
    ...(signing && { signing }),
    poolId: pool.id,
    borrower: one.address,
    vendor,
    totalAmount: '125',
    guaranteeAmount: '25',
    schedule: [{ amount: '125', dueAt: dueIn(30) }],
  });
const post = (api: ServiceProcess, body: string, key: string): Promise<Response> =>
  fetch(`${api.url}/loans`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'idempotency-key': key, ...bearer(apiKey) },
    signal: AbortSignal.timeout(20_000),
  });

interface Offer {
  readonly loan: { readonly id: string };
  readonly reservation: { readonly id: string };
  readonly transaction: { readonly hash: string; readonly xdr: string };
}
interface EntryOffer extends Omit<Offer, 'transaction'> {
  readonly authorization: { readonly hash: string; readonly entryXdr: string };
}
const authorized: { readonly offer: EntryOffer; readonly one: Borrower }[] = [];
/** Each loan with its borrower, as the caller got it in the end. */
const holds: { readonly offer: Offer; readonly one: Borrower }[] = [];
async function rowsOf(
  one: Borrower,
): Promise<{ id: string; hash: string; held: string; sum: string }[]> {
  const answer = await rooms.connections.read.query<{
    id: string;
    hash: string;
    held: string;
    sum: string;
  }>(
    `select r.id, e.hash, p.held::text, (select sum(amount)::text from reservations
      where pool_id = p.id and state = 'held') as sum
    from reservations r join envelopes e on e.pool_id = r.pool_id and e.reservation_id = r.id
      join pools p on p.id = r.pool_id where r.borrower = $1`,
    [one.address],
  );
  return answer.rows;
}

/** Rows of one borrower in every table that a hold writes, and whether the pool counts it. */
async function everywhere(one: Borrower, key: string): Promise<Record<string, number>> {
  const { rows } = await rooms.connections.read.query<Record<string, number>>(
    `with r as (select * from reservations where borrower = $1) select
    (select count(*)::int from r) as reservations, (select count(*)::int from loans
      where borrower = $1) as loans, (select count(*)::int from envelopes e
      join r on r.pool_id = e.pool_id and r.id = e.reservation_id) as envelopes,
    (select count(*)::int from authorizations a
      join r on r.pool_id = a.pool_id and r.id = a.reservation_id) as authorizations,
    (select count(*)::int from envelope_hashes e
      join r on r.id = e.reservation_id) as hashes, (select count(*)::int from live_borrowers
      where account = $1) as borrowers,
    (select count(*)::int from idempotency_keys where key = $2) as keys, (select count(*)::int
      from reservation_events e join r on r.pool_id = e.pool_id and r.id = e.reservation_id) as journal`,
    [one.address, key],
  );
  return rows[0] ?? {};
}
const inEach = (count: number): Record<string, number> => ({
  ...Object.fromEntries(
    ['reservations', 'loans', 'envelopes', 'hashes', 'borrowers', 'keys', 'journal'].map(
      (table) => [table, count],
    ),
  ),
  authorizations: 0,
});
/** A hold by authorization has no envelope, and no transaction that a node could know. */
const inEachOnce = (count: number): Record<string, number> => ({
  ...inEach(count),
  envelopes: 0,
  hashes: 0,
  authorizations: count,
});

/** The steps after which the hold exists, whether or not the caller got an answer. */
const COMMITTED = ['transaction.committed', 'loan.held'];

describe('kill -9 of the service; hold and loan in two stores: one transaction here', () => {
  test.each(STEPS.map((step) => [step]))(
    'at %s loan, hold, envelope, key and journal are there together or not at all, and the ' +
      'same key gets a true answer afterwards',
    async (step) => {
      const one = borrower();
      const body = loanOf(one);
      const doomed = await startApi(step);
      const gone = once(doomed.process, 'exit');
      await expect(post(doomed, body, `crash-${step}`)).rejects.toThrow('fetch failed');
      expect((await gone)[1]).toBe('SIGKILL');
      expect(await everywhere(one, `crash-${step}`)).toEqual(
        inEach(COMMITTED.includes(step) ? 1 : 0),
      ); // no hold without its rows, no rows without the hold
      expect(await rooms.ledger.guards.differences(pool.id)).toEqual([]);

      const answer = await post(healthy, body, `crash-${step}`);
      expect([answer.status, answer.headers.get('idempotency-replayed')]).toEqual([
        201,
        COMMITTED.includes(step) ? 'true' : null,
      ]);
      const offer = (await answer.json()) as Offer;
      holds.push({ offer, one });
      const rows = await rowsOf(one);
      expect(rows.map((row) => [row.id, row.hash])).toEqual([
        [offer.reservation.id, offer.transaction.hash],
      ]);
      expect(rows[0]?.held).toBe(rows[0]?.sum);
    },
    60_000,
  );
});

describe('kill -9 of the service, and the borrower signs an authorization', () => {
  /** They differ from those above in what is stored, and each takes a start of the service. */
  const steps = someOf('crashes of a hold by authorization', STEPS, 0.4);
  test.each(steps.map((step) => [step]))(
    'at %s everything is there or nothing, and the same key gets the same entry afterwards',
    async (step) => {
      const one = borrower();
      const body = loanOf(one, 'authorization');
      const key = `crash-once-${step}`;
      const doomed = await startApi(step);
      const gone = once(doomed.process, 'exit');
      await expect(post(doomed, body, key)).rejects.toThrow('fetch failed');
      expect((await gone)[1]).toBe('SIGKILL');
      const isThere = COMMITTED.includes(step);
      expect(await everywhere(one, key)).toEqual(inEachOnce(isThere ? 1 : 0));
      expect(await rooms.ledger.guards.differences(pool.id)).toEqual([]);

      const answer = await post(healthy, body, key);
      expect([answer.status, answer.headers.get('idempotency-replayed')]).toEqual([
        201,
        isThere ? 'true' : null,
      ]);
      const offer = (await answer.json()) as EntryOffer;
      authorized.push({ offer, one });
      const { rows } = await rooms.connections.read.query<{ id: string; hash: string }>(
        `select r.id, a.hash from reservations r join authorizations a on a.pool_id = r.pool_id
          and a.reservation_id = r.id where r.borrower = $1`,
        [one.address],
      );
      expect(rows).toEqual([{ id: offer.reservation.id, hash: offer.authorization.hash }]);
      expect(await everywhere(one, key)).toEqual(inEachOnce(1));
    },
    60_000,
  );

  test('each entry from around the crashes lands once, and its hold settles', async () => {
    expect(authorized).toHaveLength(steps.length);
    for (const { offer, one } of authorized) {
      const { hash, entryXdr } = offer.authorization;
      const entry = await signedEntry({ xdr: entryXdr, hash }, one, network.passphrase);
      expect(network.control.signers.land({ entry, close: true }).succeeded).toBe(true);
      expect(() => network.control.signers.land({ entry, close: true })).toThrow(ControlRefusal);
    }
    await rooms.settlement.observePool(pool);
    await new ReconciliationService({
      ledger: new ReconciliationLedger(rooms.connections, 15_000),
      pools: rooms.pools,
      chain: rooms.chain,
    }).reconcilePool(pool);
    await rooms.settlement.observePool(pool);
    const { rows } = await rooms.connections.read.query<{ state: string; count: number }>(
      'select state, count(*)::int from reservations where id = any ($1::uuid[]) group by state',
      [authorized.map(({ offer }) => offer.reservation.id)],
    );
    expect(rows).toEqual([{ state: 'settled', count: authorized.length }]);
  }, 60_000);
});

test(
  'the socket is cut after COMMIT was sent: the request finds its own hold and returns ' +
    'it, once',
  async () => {
    const one = borrower();
    const body = loanOf(one);
    const api = await startApi('cut-after-commit');
    try {
      const answer = await post(api, body, 'crash-cut');
      expect(answer.status).toBe(201);
      expect(api.output()).toContain('socket cut after COMMIT');
      const offer = (await answer.json()) as Offer;
      holds.push({ offer, one });
      const rows = await rowsOf(one);
      expect(rows.map((row) => [row.id, row.hash])).toEqual([
        [offer.reservation.id, offer.transaction.hash],
      ]);
      expect(rows[0]?.held).toBe(rows[0]?.sum);
      const again = await post(api, body, 'crash-cut');
      expect([
        again.status,
        again.headers.get('idempotency-replayed'),
        ((await again.json()) as Offer).transaction.xdr,
      ]).toEqual([201, 'true', offer.transaction.xdr]);
    } finally {
      await api.stop();
    }
  },
  60_000,
);

test('the holds made around the crashes land, and none of their transactions fails', async () => {
  expect(holds).toHaveLength(STEPS.length + 1);
  for (const {
    offer: { loan, transaction },
    one,
  } of holds) {
    const answer = await fetch(`${healthy.url}/loans/${loan.id}/submission`, {
      method: 'POST',
      body: JSON.stringify({ signedXdr: signed(transaction.xdr, network.passphrase, one) }),
      headers: { 'content-type': 'application/json', ...bearer(apiKey) },
      signal: AbortSignal.timeout(20_000),
    });
    expect(answer.status).toBe(202);
  }
  for (let ledger = 0; ledger < 6; ledger++) {
    await network.control.closeLedgers(1);
    await rooms.settlement.observePool(pool);
  }
  const landings = holds.map(
    ({ offer }) =>
      network.control.landing(offer.transaction.hash)?.failure ??
      network.control.landing(offer.transaction.hash)?.succeeded,
  );
  expect(landings).toEqual(holds.map(() => true));
  const { rows } = await rooms.connections.read.query<{ state: string; count: number }>(
    'select state, count(*)::int from reservations where id = any ($1::uuid[]) group by state',
    [holds.map(({ offer }) => offer.reservation.id)],
  );
  expect(rows).toEqual([{ state: 'settled', count: holds.length }]);
}, 60_000);

test('a hold whose answer was lost does not count forever: the chain proves it dead', async () => {
  const one = borrower();
  const doomed = await startApi('loan.held');
  const gone = once(doomed.process, 'exit');
  await expect(post(doomed, loanOf(one), 'crash-forgotten')).rejects.toThrow('fetch failed');
  await gone;
  expect(await rowsOf(one)).toHaveLength(1);
  network.control.travel(1000);
  for (let round = 0; round < 12; round++) {
    await network.control.closeLedgers(1);
    await rooms.settlement.expireLapsed(pool);
  }
  const left = await rooms.connections.read.query<{ state: string }>(
    'select state from reservations where borrower = $1',
    [one.address],
  );
  expect(left.rows).toEqual([{ state: 'expired' }]);
  expect(await rooms.ledger.reader.position(pool.id)).toMatchObject({ held: 0n, heldCount: 0 });
}, 60_000);
