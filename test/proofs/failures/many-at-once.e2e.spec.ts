import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { inTransaction } from '../../../src/database/transaction.js';
import { LedgerConnections } from '../../../src/modules/liquidity/guards/ledger-connections.js';
import { compressed, holdBatch } from '../../../src/modules/liquidity/holds/hold-batch.js';
import type { HoldOutcome } from '../../../src/modules/liquidity/reservation.js';
import {
  countKinds,
  givenPool as ledgerPool,
  invariants,
  type LedgerUnderTest,
  openLedger,
  request,
} from '../../support/given-ledger.js';
import { givenPool, givenService, loanBody, postLoan, type Service } from '../../support/given.js';
import { oneBorrower } from '../../support/held-loans.js';

const PROCESSES = 5;
let service: Service;
let ledgers: LedgerUnderTest[];
/** A connection for each naive caller, as a pool of a service without this ledger would have. */
let callers: pg.Client[];
beforeAll(async () => {
  service = await givenService();
  ledgers = Array.from({ length: PROCESSES }, () =>
    openLedger(service.database.url, { deadlineMs: 20_000 }),
  ); // each with a lane and connections of its own, as separate processes have
  callers = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const client = new pg.Client(service.database.url);
      await client.connect();
      return client;
    }),
  );
  await callers[0]?.query('create table naive_holds (round int not null, amount numeric not null)');
});
afterAll(async () => {
  await Promise.all([
    ...callers.map((client) => client.end()),
    ...ledgers.map(({ connections }) => connections.close()),
  ]);
  await service.stop();
});

const rows = async (sql: string, values: unknown[]): Promise<Record<string, unknown>[]> =>
  (
    await service.app
      .get(LedgerConnections, { strict: false })
      .read.query<Record<string, unknown>>(sql, values)
  ).rows;

test('no idempotency: 20 at once with one key make one row and one answer', async () => {
  const given = await givenPool(service);
  const borrower = oneBorrower(service, given);
  const body = loanBody(given, borrower);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => postLoan(service, body, 'one-key')),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(
    19,
  );
  expect(
    await rows(
      `select (select count(*)::int from reservations
        where pool_id = $1) as reservations, (select count(*)::int from loans where pool_id = $1) as loans,
    (select count(*)::int from envelopes where pool_id = $1) as envelopes, held::text from pools where id = $1`,
      [given.pool.id],
    ),
  ).toEqual([{ reservations: 1, loans: 1, envelopes: 1, held: '1000000000' }]);
});

test('no per-wallet cap: one wallet, 20 at once without keys: one hold', async () => {
  const given = await givenPool(service);
  const borrower = oneBorrower(service, given);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, at) =>
      postLoan(service, loanBody(given, borrower, { guaranteeAmount: String(25 + at) })),
    ),
  );
  const [held, ...others] = answers.filter(({ status }) => status === 201);
  if (!held) throw new Error('no request got a hold');
  const { loan } = held.body as { loan: { id: string } };
  expect(others).toEqual([]);
  for (const refused of answers.filter((each) => each !== held))
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'BORROWER_BUSY', loanId: loan.id },
    });
  expect(
    await rows('select loan_id from reservations where borrower = $1', [borrower.address]),
  ).toEqual([{ loan_id: loan.id }]);
});

/** The same holds by every process at once. */
const holdAtOnce = (poolId: string, amounts: readonly bigint[]): Promise<HoldOutcome[]> =>
  Promise.all(
    amounts.map((amount, at) => {
      const under = ledgers[at % PROCESSES];
      if (!under) throw new Error('five were opened');
      return under.ledger.hold(request(poolId, { amount }));
    }),
  );

/** Sums, then inserts if it fits, without a lock on the sum. @returns what is held in the end */
async function naively(
  round: number,
  wish: { begin: string; room: bigint; amounts: readonly bigint[]; together: boolean },
): Promise<bigint> {
  let summed = 0;
  let open: () => void = () => undefined;
  const all = new Promise<void>((resolve) => {
    open = resolve;
  });
  await Promise.all(
    wish.amounts.map(async (amount, at) => {
      const client = callers[at % callers.length];
      if (!client) throw new Error('ten were opened');
      await client.query(wish.begin);
      const { rows: sums } = await client.query<{ sum: string }>(
        'select coalesce(sum(amount), 0)::text as sum from naive_holds where round = $1',
        [round],
      );
      if (++summed === wish.amounts.length) open();
      if (wish.together) await all;
      if (BigInt(sums[0]?.sum ?? 0) + amount <= wish.room)
        await client.query('insert into naive_holds values ($1, $2)', [round, amount.toString()]);
      await client.query('COMMIT');
    }),
  );
  const { rows: sums } = (await callers[0]?.query<{ sum: string }>(
    'select sum(amount)::text as sum from naive_holds where round = $1',
    [round],
  )) ?? { rows: [] };
  return BigInt(sums[0]?.sum ?? -1);
}

test(
  'sum-then-insert without a row lock (over-committed in 50 of 50 rounds): 50 rounds of ten ' +
    'for the room of five',
  async () => {
    const amounts = Array.from({ length: 10 }, () => 100n);
    let naive = 0;
    for (let round = 1; round <= 50; round++) {
      if ((await naively(round, { begin: 'BEGIN', room: 500n, amounts, together: false })) > 500n)
        naive++;
      const pool = await ledgerPool(ledgers[0] as LedgerUnderTest, 500n);
      expect(countKinds(await holdAtOnce(pool.id, amounts))).toEqual({ held: 5, refused: 5 });
      expect(await invariants(ledgers[0] as LedgerUnderTest, pool.id)).toMatchObject({
        held: '500',
        held_sum: '500',
      });
    }
    expect(naive).toBeGreaterThan(0); // the control: so the rounds above can over-commit
  },
  120_000,
);

test('REPEATABLE READ with a sum (515 of 500): five of 103 at once for 500', async () => {
  const amounts = Array.from({ length: 5 }, () => 103n);
  expect(
    await naively(1000, {
      begin: 'BEGIN ISOLATION LEVEL REPEATABLE READ',
      room: 500n,
      amounts,
      together: true,
    }),
  ).toBe(515n);
  const [first] = ledgers as [LedgerUnderTest];
  for (let round = 0; round < 10; round++) {
    const pool = await ledgerPool(first, 500n);
    expect(countKinds(await holdAtOnce(pool.id, amounts))).toEqual({ held: 4, refused: 1 });
    expect(await invariants(first, pool.id)).toMatchObject({ held: '412', held_sum: '412' });
  }
  // and no hold can be decided under a weaker isolation by mistake
  const pool = await ledgerPool(first, 500n);
  await expect(
    inTransaction(
      first.connections.write,
      { begin: 'BEGIN ISOLATION LEVEL REPEATABLE READ', deadlineMs: 5000 },
      (tx) => holdBatch(tx, [compressed(request(pool.id))], { keyHours: 1, chainLagSeconds: 60 }),
    ),
  ).rejects.toMatchObject({ code: '25001' });
});

describe('retry inside an aborted transaction', () => {
  /**
   * Makes the next `times` inserts of a loan fail as a serialization failure does, in the middle of
   * the transaction. A sequence is not rolled back.
   */
  async function failNext(times: number): Promise<void> {
    await callers[0]
      ?.query(`create sequence if not exists loan_inserts; alter sequence loan_inserts restart;
      create or replace function fail_first() returns trigger language plpgsql as $$ begin
        if nextval('loan_inserts') <= ${times} then
          raise exception 'made for the test' using errcode = '40001';
        end if;
        return new; end $$;
      create or replace trigger fail_first before insert on loans for each row execute function fail_first()`);
  }

  test(
    'a serialization failure in the middle runs the whole transaction again; no caller sees ' +
      '25P02',
    async () => {
      const [under] = ledgers as [LedgerUnderTest];
      const pool = await ledgerPool(under, 250n);
      under.retries.length = 0;
      await failNext(3);
      const asked = Array.from({ length: 3 }, (_, at) =>
        request(pool.id, { key: `retried-${at}` }),
      );
      const outcomes = await Promise.all(asked.map((each) => under.ledger.hold(each)));
      expect(outcomes.map(({ kind }) => kind)).toEqual(['held', 'held', 'refused']);
      expect(under.retries).toEqual(['40001', '40001', '40001']);
      expect(await invariants(under, pool.id)).toEqual({
        held: '200',
        held_sum: '200',
        in_flight: '0',
        in_flight_sum: '0',
      });
      expect(
        await rows(
          'select (select count(*)::int from reservation_events where pool_id = $1) as ' +
            'journal, (select count(*)::int from loans where pool_id = $1) as loans, (select ' +
            'count(*)::int from refusals where pool_id = $1) as refusals',
          [pool.id],
        ),
      ).toEqual([{ journal: 2, loans: 2, refusals: 1 }]);
    },
  );

  test('control: trying the statement again inside the transaction meets 25P02', async () => {
    const [client] = callers as [pg.Client];
    const raising = `do $$ begin raise exception 'made for the test' using errcode = '40001'; end $$`;
    await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE');
    await expect(client.query(raising)).rejects.toMatchObject({ code: '40001' });
    await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' });
    await client.query('ROLLBACK');
  });
});
