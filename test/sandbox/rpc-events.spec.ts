import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { scValToNative, type rpc } from '@stellar/stellar-sdk';
import { LendingNetwork } from '../support/lending-network.js';
import { symbol } from '../../sandbox/contracts/scval.js';

const LOAN = { total: 1_000_000_000n, guarantee: 200_000_000n };
let lending: LendingNetwork;
let firstLoanLedger: number;
beforeAll(async () => {
  lending = await LendingNetwork.start();
  firstLoanLedger = lending.network.control.head().ledger + 1;
  for (let loans = 0; loans < 3; loans++)
    lending.network.control.foreignLoan({ pool: lending.pool.pool, ...LOAN });
});
afterAll(async () => {
  await lending.stop();
});

const topic = (name: string): string => symbol(name).toXdr('base64');
const names = (reply: rpc.Api.GetEventsResponse): unknown[] =>
  reply.events.map((event) => scValToNative(event.topic[0]!) as unknown);
const poolEvents = (topics: string[][]): rpc.Api.EventFilter[] => [
  { type: 'contract', contractIds: [lending.pool.pool], topics },
];

describe('getEvents', () => {
  it('returns the events of one contract in order, with the fields that a settlement needs', async () => {
    const reply = await lending.server.getEvents({
      startLedger: firstLoanLedger,
      filters: poolEvents([[topic('LQFUND'), '*']]),
    });
    expect(names(reply)).toEqual(['LQFUND', 'LQFUND', 'LQFUND']);
    const [event] = reply.events;
    expect(event).toMatchObject({
      type: 'contract',
      transactionIndex: 1,
      operationIndex: 0,
      ledger: expect.any(Number) as unknown,
    });
    expect(event?.contractId?.contractId()).toBe(lending.pool.pool);
    expect(event && scValToNative(event.value)).toBe(800_000_000n);
    expect(event?.id).toBe(
      `${String((BigInt(event?.ledger ?? 0) << 32n) | (1n << 12n)).padStart(19, '0')}-0000000002`,
    );
    const found = await lending.server.getTransaction(event?.txHash ?? '');
    expect(found).toMatchObject({ status: 'SUCCESS', ledger: event?.ledger });
  });

  it('pages by cursor without gaps or repeats, and returns a cursor also for an empty page', async () => {
    const seen: string[] = [];
    let page = await lending.server.getEvents({ startLedger: 1, filters: [], limit: 5 });
    while (page.events.length > 0) {
      seen.push(...page.events.map(({ id }) => id));
      page = await lending.server.getEvents({ cursor: page.cursor, filters: [], limit: 5 });
    }
    expect(seen).toHaveLength(14);
    expect(seen).toEqual([...new Set(seen)].sort());
    const { cursor } = page;
    lending.network.control.foreignLoan({ pool: lending.pool.pool, ...LOAN });
    const later = await lending.server.getEvents({ cursor, filters: [], limit: 5 });
    expect(names(later)).toEqual(['transfer', 'transfer', 'LQFUND', 'LOANCRTD']);
  });

  it('counts segments: without ** their number must be the number of topics', async () => {
    const find = async (topics: string[]): Promise<number> =>
      (
        await lending.server.getEvents({
          startLedger: 1,
          endLedger: firstLoanLedger + 3,
          filters: poolEvents([topics]),
        })
      ).events.length;
    expect(await find([topic('LQFUND')])).toBe(0);
    expect(await find([topic('LQFUND'), '**'])).toBe(await find([topic('LQFUND'), '*']));
    expect(await find([topic('LQFUND'), '**'])).toBeGreaterThan(0);
    expect(await find(['*', '*', '*'])).toBe(0);
  });

  it('refuses a start outside the kept ledgers as a gap', async () => {
    await expect(
      lending.server.getEvents({ startLedger: 1_000_000, filters: [] }),
    ).rejects.toMatchObject({
      code: -32600,
      message: expect.stringMatching(/must be within the ledger range: 1 - \d+/) as unknown,
    });
  });
});

describe('getTransactions', () => {
  it('pages by cursor and returns times as numbers', async () => {
    const first = await lending.server.getTransactions({
      startLedger: 1,
      pagination: { limit: 2 },
    });
    expect(first.transactions).toHaveLength(2);
    expect(typeof first.transactions[0]?.createdAt).toBe('number');
    const rest = await lending.server.getTransactions({
      pagination: { limit: 200, cursor: first.cursor },
    });
    const hashes = [...first.transactions, ...rest.transactions].map(({ txHash }) => txHash);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hashes.length).toBeGreaterThanOrEqual(3);
  });
});
