import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import {
  givenPool,
  type LedgerUnderTest,
  nowSeconds,
  openLedger,
  request,
} from '../../test/support/given-ledger.js';
import { type Crash, TransactionCrashes } from '../../test/support/transaction-crashes.js';
import type { OperatorEnd } from '../modules/liquidity/ends/end-evidence.js';

let database: TestDatabase;
let under: LedgerUnderTest;
beforeAll(async () => {
  database = await createTestDatabase();
  under = openLedger(database.url);
  await under.ledger.guards.noticeDatabase();
});
// in a network under quarantine the next pool would begin in quarantine
afterEach(() => under.connections.write.query(`update pools set state = 'closed'`));
afterAll(async () => {
  await under.connections.close();
  await database.drop();
});

const count = async (
  table: 'database_changes' | 'ledger_repairs' | 'reservation_events',
  condition = 'true',
): Promise<number> =>
  (
    await under.connections.read.query<{ n: number }>(
      `select count(*)::int as n from ${table} where ${condition}`,
    )
  ).rows[0]?.n ?? 0;
const WHY = { reason: 'a test of a lost answer', by: 'ada' };

/**
 * Cuts the first transaction of a call.
 * @returns the answer of the call, and how far it raised the pool's version
 */
async function cut<T>(
  crash: Crash,
  poolId: string,
  call: () => Promise<T>,
): Promise<{ answer: T; raised: bigint }> {
  const version = async (): Promise<bigint> =>
    (await under.ledger.reader.position(poolId))?.version ?? 0n;
  const before = await version();
  const crashes = new TransactionCrashes();
  crashes.arm(crash);
  try {
    const answer = await call();
    expect(crashes.done).toEqual([crash]);
    return { answer, raised: (await version()) - before };
  } finally {
    crashes.stop();
  }
}

describe.each<Crash>(['before COMMIT', 'after COMMIT'])('the connection is cut %s', (crash) => {
  test('a repair is reported and journalled once: a second look would find nothing to repair', async () => {
    const pool = await givenPool(under, 1000n);
    await under.ledger.hold(request(pool.id, { amount: 400n }));
    await under.connections.write.query('update pools set held = held + 3 where id = $1', [
      pool.id,
    ]);
    const { answer, raised } = await cut(crash, pool.id, () =>
      under.ledger.guards.repair(pool.id, WHY),
    );
    expect(answer).toMatchObject({ number: 1, heldBefore: 403n, heldAfter: 400n });
    expect([raised, await count('ledger_repairs', `pool_id = '${pool.id}'`)]).toEqual([1n, 1]);
    expect(await under.ledger.guards.repair(pool.id, WHY)).toBeNull();
  });

  test.each<
    [
      string,
      OperatorEnd['as'],
      (
        end: Pick<OperatorEnd, 'poolId' | 'reservationId' | 'envelopeVersion' | 'statement'>,
        hash: string,
      ) => OperatorEnd,
    ]
  >([
    [
      'by time',
      'expired',
      (end) => ({ ...end, as: 'expired', ledger: 200, closeTime: nowSeconds() + 100_000n }),
    ],
    [
      'as landed',
      'settled',
      (end, envelopeHash) => ({
        ...end,
        as: 'settled',
        ledger: 101,
        closeTime: null,
        loanId: null,
        envelopeHash,
      }),
    ],
  ])(
    'a hold that a person ends %s is reported as ended by them, not as changed meanwhile',
    async (_, state, endWith) => {
      const pool = await givenPool(under, 1000n);
      const asked = request(pool.id);
      await under.ledger.hold(asked);
      const hash = asked.ask.kind === 'hold' ? asked.ask.envelope.hash : '';
      const end = endWith(
        {
          poolId: pool.id,
          reservationId: asked.reservationId,
          envelopeVersion: 1,
          statement: {
            by: 'ada',
            reason: WHY.reason,
            alarm: 'none',
            saidLedger: null,
            loansRead: 0,
          },
        },
        hash,
      );
      const { answer, raised } = await cut(crash, pool.id, () =>
        under.ledger.ends.endByOperator(end),
      );
      expect(answer).toEqual({ written: true, state });
      expect([
        raised,
        await count('reservation_events', `reservation_id = '${asked.reservationId}'`),
      ]).toEqual([1n, 2]);
      expect(await under.ledger.ends.endByOperator(end)).toEqual({ written: false, state });
    },
  );

  test('a quarantine is written once', async () => {
    const pool = await givenPool(under, 1000n);
    const before = await count('database_changes');
    const { answer, raised } = await cut(crash, pool.id, () =>
      under.ledger.guards.quarantineAll(WHY),
    );
    expect(answer).toBeGreaterThan(0);
    expect([raised, (await count('database_changes')) - before]).toEqual([1n, 1]);
  });
});
