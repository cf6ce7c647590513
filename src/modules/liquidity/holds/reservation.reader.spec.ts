import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import { readSourceOptions } from '../read-source.js';
import {
  account,
  givenPool,
  type LedgerUnderTest,
  openLedger,
  request,
  snapshot,
} from '../../../../test/support/given-ledger.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import type { ListFilter } from './reservation-page.js';
import { ReservationReader } from './reservation.reader.js';

let database: TestDatabase;
let under: LedgerUnderTest;
let source: DataSource;
let reader: ReservationReader;
beforeAll(async () => {
  database = await createTestDatabase();
  under = openLedger(database.url);
  source = await new DataSource(readSourceOptions(database.url)).initialize();
  reader = new ReservationReader(source);
});
afterAll(async () => {
  await source.destroy();
  await under.connections.close();
  await database.drop();
});

test("the look before a build says what the ledger's own position says, and who is busy", async () => {
  const pool = await givenPool(under, 1_000n, { buffer: 50n });
  const [busy, free] = [account(), account()];
  const held = request(pool.id, { amount: 300n, borrower: busy });
  expect((await under.ledger.hold(held)).kind).toBe('held');
  const position = await under.ledger.reader.position(pool.id);
  expect(position?.available).toBe(650n);
  expect(await reader.look(pool.id, free)).toMatchObject({
    state: 'active',
    available: 650n,
    rules: { maxSnapshotAgeSeconds: position?.maxSnapshotAgeSeconds, buffer: 50n },
    total: 1_000n,
    live: null,
  });
  expect(await reader.look(pool.id, busy)).toMatchObject({
    live: { loanId: held.loan.loanId, reservationId: held.reservationId },
  });
  await under.ledger.snapshots.observe(snapshot(pool.id, 101, { total: 1_000n, locked: 800n }));
  expect((await under.ledger.reader.position(pool.id))?.shortfall).toBe(150n);
  expect((await reader.look(pool.id, free))?.available).toBe(0n);
});

test('a pool never observed has no room and no age; an unknown one is null', async () => {
  const { id: _, ...known } = await givenPool(under, 1n);
  const never = await under.registry.register(
    { ...known, poolContract: known.tokenContract },
    { ...known, state: 'paused' },
  );
  expect(await reader.look(never.id, account())).toEqual({
    state: 'paused',
    contractPaused: null,
    contractPauses: null,
    limits: { outflowCapBps: null, vendorCap: null, utilisationCapBps: null },
    outflow: null,
    vendor: null,
    available: 0n,
    atLedger: null,
    ageSeconds: null,
    rules: expect.objectContaining({ maxSnapshotAgeSeconds: 600, strict: false }),
    total: null,
    chainLagSeconds: null,
    live: null,
    backOff: null,
  });
  expect(await reader.look('01a20439-8365-721f-97de-c7ac9caaa4ad', account())).toBeNull();
});

test('amounts beyond 2^53 come back to the unit', async () => {
  const huge = 2n ** 100n + 1n;
  const pool = await givenPool(under, huge * 2n);
  const asked = request(pool.id, { amount: huge });
  expect((await under.ledger.hold(asked)).kind).toBe('held');
  const stored = await reader.findLoanOfReservation(pool.id, asked.reservationId);
  expect(stored?.reservation.amount).toBe(huge);
  expect(stored?.pool.held).toBe(huge);
  expect(stored?.envelopes).toHaveLength(1);
});

test('lists belong to one tenant', async () => {
  const pool = await givenPool(under, 1_000n);
  const asked = request(pool.id, { amount: 1n });
  await under.ledger.hold(asked);
  await under.ledger.hold({ ...request(pool.id, { amount: 1n }), tenantId: 'another' });
  const filter = { poolId: pool.id, limit: 10 };
  expect(
    (await reader.listLoans({ tenantId: asked.tenantId }, filter)).rows.map((row) => row.loan.id),
  ).toEqual([asked.loan.loanId]);
  expect(
    (await reader.listReservations({ tenantId: asked.tenantId }, filter)).rows.map(
      (row) => row.reservation.id,
    ),
  ).toEqual([asked.reservationId]);
  expect(
    (await reader.listLoans({ borrower: asked.borrower }, filter)).rows.map((row) => row.loan.id),
  ).toEqual([asked.loan.loanId]);
  expect((await reader.listReservations('everybody', filter)).rows).toHaveLength(2);
  expect(await reader.findLoan({ tenantId: 'another' }, asked.loan.loanId)).toBeNull();
  expect(await reader.findReservation({ tenantId: 'another' }, asked.reservationId)).toBeNull();
});

test(
  'pages by cursor show every row once, however many are made while a caller reads; rows of ' +
    'one microsecond too',
  async () => {
    const pool = await givenPool(under, 10_000n);
    const tenantId = 'pages';
    const made: string[] = [];
    const make = async (): Promise<void> => {
      const asked = { ...request(pool.id, { amount: 1n }), tenantId };
      expect((await under.ledger.hold(asked)).kind).toBe('held');
      made.unshift(asked.reservationId);
    };
    for (let count = 0; count < 7; count++) await make();
    await under.connections.write.query(
      `update reservations set held_at = '2026-01-01T00:00:00.123456Z' where tenant_id = $1 and id = any ($2)`,
      [tenantId, made.slice(2, 6)],
    );
    await under.connections.write.query(
      `update reservations set held_at = '2025-01-01Z' where tenant_id = $1 and id = $2`,
      [tenantId, made[6]],
    );
    const whole = (await reader.listReservations({ tenantId }, { limit: 100 })).rows.map(
      (row) => row.reservation.id,
    );
    for (const list of [
      async (filter: ListFilter) => {
        const { rows, next } = await reader.listLoans({ tenantId }, filter);
        return { ids: rows.map((row) => row.reservation.id), next };
      },
      async (filter: ListFilter) => {
        const { rows, next } = await reader.listReservations({ tenantId }, filter);
        return { ids: rows.map((row) => row.reservation.id), next };
      },
    ]) {
      const seen: string[] = [];
      let cursor: ListFilter['cursor'];
      for (let page = 0; page < 20; page++) {
        const { ids, next } = await list({ limit: 2, cursor });
        seen.push(...ids);
        if (next === null) break;
        cursor = next;
        await make();
      }
      expect(seen.filter((id) => whole.includes(id))).toEqual(whole);
      expect(new Set(seen).size).toBe(seen.length);
    }
    const between = await reader.listReservations(
      { tenantId },
      {
        limit: 100,
        createdAfter: new Date('2025-06-01Z'),
        createdBefore: new Date('2026-01-01T00:00:01Z'),
      },
    );
    expect(between.rows.map((row) => row.reservation.id).toSorted()).toEqual(
      made.slice(-5, -1).toSorted(),
    );
  },
);
