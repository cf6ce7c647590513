import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import {
  type Answer,
  type Borrower,
  givenBorrowers,
  givenPool,
  givenService,
  loanBody,
  postLoan,
  type GivenPool,
  type Service,
} from '../support/given.js';
import { landed, type Offer, type HeldLoan } from '../support/race.js';

/**
 * Trouble is never reported as a lack of liquidity: an undecided request is 503 and leaves no row,
 * and the same key is decided again.
 */
let service: Service;
let pool: GivenPool;
beforeAll(async () => {
  service = await givenService({ LEDGER_DEADLINE_MS: '3000', RPC_TIMEOUT_MS: '2500' });
  pool = await givenPool(service, { rules: { strict: true } });
});
afterAll(() => service.stop());

const db = (): LedgerConnections['read'] =>
  service.app.get(LedgerConnections, { strict: false }).read;
const rows = async (): Promise<unknown> =>
  (
    await db().query(
      'select (select count(*) from reservations) as holds, (select count(*) from ' +
        'idempotency_keys) as keys, (select count(*) from live_borrowers) as live',
    )
  ).rows[0];
/** Holds that were made once the trouble was over. */
const holds: HeldLoan[] = [];
const someone = (): Borrower => {
  const [borrower] = givenBorrowers(service, pool.contract);
  if (!borrower) throw new Error('a borrower was asked for');
  return borrower;
};

async function mustBeUndecided(
  trouble: () => Promise<() => Promise<void>>,
  key: string,
): Promise<Answer> {
  const borrower = someone();
  const body = loanBody(pool, borrower);
  const before = await rows();
  const end = await trouble();
  let answer: Answer;
  try {
    answer = await postLoan(service, body, key);
  } finally {
    await end();
  }
  expect(answer.status).toBe(503);
  expect(answer.body['code']).not.toBe('INSUFFICIENT_LIQUIDITY');
  expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  expect(await rows()).toEqual(before);
  const decided = await postLoan(service, body, key);
  expect(decided.status).toBe(201);
  holds.push({ offer: decided.body as unknown as Offer, borrower });
  return answer;
}

describe('the database in the middle of a hold', () => {
  test.each(['40001', '40P01', '55P03', '57014', '53300'])(
    'SQLSTATE %s until the deadline',
    async (sqlState) => {
      const answer = await mustBeUndecided(async () => {
        await db().query(`create function injected() returns trigger language plpgsql as $$
            begin raise exception 'injected' using errcode = '${sqlState}'; end $$;
          create trigger injected before insert on reservations
            for each statement execute function injected()`);
        return async () => {
          await db().query('drop trigger injected on reservations; drop function injected()');
        };
      }, `sql-${sqlState}`);
      expect(answer.body).toMatchObject({ code: 'BUSY_RETRY', holdMade: false });
    },
  );

  test('a gate that another session holds for longer than the deadline', async () => {
    const answer = await mustBeUndecided(async () => {
      const client = new pg.Client(service.database.url);
      await client.connect();
      await client.query('BEGIN; LOCK TABLE ledger_gate IN EXCLUSIVE MODE');
      return async () => {
        await client.end();
      };
    }, 'gate');
    expect(answer.body['code']).toBe('BUSY_RETRY');
  });
});

describe('the chain', () => {
  test.each([
    ['node_hangs', {}],
    ['node_times_out', {}],
    ['node_down', {}],
    ['node_errors', {}],
    ['node_answers_html', {}],
    ['answer_lost', {}],
  ])('%s', async (fault, parameters) => {
    const answer = await mustBeUndecided(() => {
      service.network.control.setFault(fault, parameters);
      return Promise.resolve(() => {
        service.network.control.clearFaults();
        return Promise.resolve();
      });
    }, fault);
    expect(answer.body).toMatchObject({ code: 'CHAIN_UNREACHABLE', holdMade: false });
  });
});

test('the holds made after all that trouble land, and none of their transactions fails', async () => {
  expect(holds).toHaveLength(12);
  expect(await landed(service, pool, holds)).toEqual({
    landed: 12,
    failed: 0,
    lapsed: 0,
    settled: 12,
  });
}, 60_000);
