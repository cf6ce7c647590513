import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import {
  account,
  givenPool,
  invariants,
  openLedger,
  request,
  settlementOf,
  snapshot,
  type LedgerUnderTest,
} from '../../../../test/support/given-ledger.js';
import { availableOf } from '../pools/available.js';
import type { ContractLimits, HoldOutcome, HoldRequest } from '../reservation.js';

/** The contract's own limits, decided under the ledger's lock (docs/protocol.md#contract-limits). */
let database: TestDatabase;
let under: LedgerUnderTest;
let other: LedgerUnderTest;
beforeAll(async () => {
  database = await createTestDatabase();
  under = openLedger(database.url);
  other = openLedger(database.url);
});
afterAll(async () => {
  await under.connections.close();
  await other.connections.close();
  await database.drop();
});

const UNLIMITED = { outflowCapBps: null, vendorCap: null, utilisationCapBps: null };
async function cappedPool(total: bigint, limits: Partial<ContractLimits>): Promise<string> {
  const { id } = await givenPool(under, total);
  await under.ledger.snapshots.observe(snapshot(id, 101, { total, limits }));
  return id;
}
/** Half of the requests through each of two processes' ledgers. */
const atOnce = (requests: readonly HoldRequest[]): Promise<HoldOutcome[]> =>
  Promise.all(requests.map((asked, index) => (index % 2 ? other : under).ledger.hold(asked)));
function counted(outcomes: readonly HoldOutcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const name = outcome.kind === 'refused' ? outcome.code : outcome.kind;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
function forVendor(
  pool: string,
  vendor: string,
  funded: { readonly amount: bigint; readonly ledger: number },
): HoldRequest {
  const plain = request(pool, { amount: 100n });
  if (plain.ask.kind !== 'hold') throw new Error('only a hold has an envelope');
  return {
    ...plain,
    loan: { ...plain.loan, vendor },
    ask: { ...plain.ask, vendorFunded: funded },
  };
}

test('a snapshot brings the limits, and the next one replaces them', async () => {
  const set = { outflowCapBps: 2_500, vendorCap: 10n ** 38n, utilisationCapBps: 9_000 };
  const pool = await cappedPool(1_000n, set);
  const limits = async (): Promise<unknown> => (await under.ledger.reader.position(pool))?.limits;
  expect(await limits()).toEqual(set);
  await under.ledger.snapshots.observe(snapshot(pool, 102, { total: 1_000n }));
  expect(await limits()).toEqual(UNLIMITED);
});

describe('50 requests at once', () => {
  test('the safe sum of the outflow cap fits 33: 33 are held, 17 refused with the figures', async () => {
    const pool = await cappedPool(10_000n, { outflowCapBps: 5_000 });
    const asked = Array.from({ length: 50 }, () => request(pool, { amount: 100n }));
    expect(counted(await atOnce(asked))).toEqual({ held: 33, OUTFLOW_CAP_REACHED: 17 });
    expect(await invariants(under, pool)).toMatchObject({ held: '3300', held_sum: '3300' });
    const { rows } = await under.connections.read.query<{ facts: unknown }>(
      'select facts from refusals where pool_id = $1 and code = $2',
      [pool, 'OUTFLOW_CAP_REACHED'],
    );
    expect(rows).toHaveLength(17);
    expect(rows[0]?.facts).toMatchObject({
      capBps: 5_000,
      safeSum: '3333',
      held: '3300',
      asked: '100',
      atLedger: 101,
    });
  });

  test('the utilisation limit leaves room for 8: 8 are held, and available says so before', async () => {
    const pool = await cappedPool(1_000n, { utilisationCapBps: 8_599 });
    const position = () => under.ledger.reader.position(pool);
    expect(await position()).toMatchObject({ observedAvailable: 859n, available: 859n });
    const asked = Array.from({ length: 50 }, () => request(pool, { amount: 100n }));
    expect(counted(await atOnce(asked))).toEqual({ held: 8, INSUFFICIENT_LIQUIDITY: 42 });
    expect(await invariants(under, pool)).toMatchObject({ held: '800', held_sum: '800' });
    const { rows } = await under.connections.read.query(
      `select available_base::text as available, observed_available_base::text as observed,
        utilisation_cap_bps::text as cap from reporting.pool_position_v1 where pool_id = $1`,
      [pool],
    );
    expect(rows).toEqual([{ available: '59', observed: '859', cap: '8599' }]);
    expect(await position()).toMatchObject({ available: 59n, shortfall: 0n });
  });

  test('the cap of a vendor leaves room for 6: 6 are held, and another vendor is not bounded', async () => {
    const pool = await cappedPool(100_000n, { vendorCap: 1_000n });
    const [vendor, another] = [account(), account()];
    const funded = { amount: 350n, ledger: 101 };
    const asked = Array.from({ length: 50 }, () => forVendor(pool, vendor, funded));
    expect(counted(await atOnce(asked))).toEqual({ held: 6, VENDOR_CAP_REACHED: 44 });
    expect(await under.ledger.hold(forVendor(pool, another, funded))).toMatchObject({
      kind: 'held',
    });
  });
});

test.each([
  [1_000n, 600n, 8_000],
  [1_000n, 900n, 8_000],
  [1_000n, 1_100n, 8_000],
  [1_000n, -50n, 8_000],
  [0n, 0n, 8_000],
  [999n, 0n, 3_333],
  [10n ** 38n, 1n, 9_999],
  [1_000n, 600n, null],
  [1_000n, 1_100n, null],
])('total %d, locked %d, limit %d: SQL and TypeScript agree', async (total, locked, cap) => {
  const terms = {
    ...{ total, locked, tokenBalance: 700n, held: 20n, inFlight: 3n, buffer: 1n },
    utilisationCapBps: cap,
  };
  const { rows } = await under.connections.read.query<{ room: string }>(
    `select available(lendable($1::numeric, $2::numeric, $3::bigint), $2::numeric, 700, 20, 3, 1)::text as room`,
    [total, locked, cap],
  );
  expect(rows[0]?.room).toBe(availableOf(terms).room.toString());
});

test('a settled loan counts for its vendor until the contract has it', async () => {
  const pool = await cappedPool(100_000n, { vendorCap: 200n });
  const vendor = account();
  const first = forVendor(pool, vendor, { amount: 0n, ledger: 101 });
  expect(await under.ledger.hold(first)).toMatchObject({ kind: 'held' });
  await under.ledger.ends.settle([settlementOf(first, 110)]);

  const ask = (amount: bigint, ledger: number): Promise<HoldOutcome> =>
    under.ledger.hold(forVendor(pool, vendor, { amount, ledger }));
  // read before it landed, and after
  expect(await ask(50n, 109)).toMatchObject({
    code: 'VENDOR_CAP_REACHED',
    facts: { cap: '200', funded: '50', held: '100', asked: '100', atLedger: 109 },
  });
  expect(await ask(100n, 110)).toMatchObject({ kind: 'held' });
  expect(await ask(150n, 110)).toMatchObject({ code: 'VENDOR_CAP_EXCEEDED' });
});

test('a pool whose contracts do not work together is paused once, with the reason', async () => {
  const pool = await cappedPool(1_000n, {});
  const facts = { contract: 'pool', number: 9, name: 'NotCreditLine' };
  expect(await under.ledger.guards.stopPool(pool, 'contracts_broken', facts)).toBe(true);
  expect(await under.ledger.guards.stopPool(pool, 'contracts_broken', facts)).toBe(false);
  expect(await under.ledger.hold(request(pool))).toEqual({
    kind: 'pool_closed_for_holds',
    state: 'paused',
  });
  const { rows } = await under.connections.read.query(
    'select reason, facts from pool_pauses where pool_id = $1',
    [pool],
  );
  expect(rows).toEqual([{ reason: 'contracts_broken', facts }]);
});
