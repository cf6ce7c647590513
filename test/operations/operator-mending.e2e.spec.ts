import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { bearer, givenKey } from '../support/access.js';
import {
  type Answer,
  ask,
  givenPool,
  givenService,
  type GivenPool,
  loanBody,
  postLoan,
  type Service,
  signed,
} from '../support/given.js';
import { fillReservations } from '../support/many-reservations.js';
import {
  heldLoan,
  type HeldLoan,
  oneBorrower,
  readPool,
  sendDirectly,
  settlementServiceOf,
} from '../support/held-loans.js';

let service: Service;
let pool: GivenPool;
let operator: { authorization: string };
beforeAll(async () => {
  service = await givenService();
  pool = await givenPool(service);
  operator = bearer(await givenKey(service.app, { scopes: ['operate'], name: 'ada' }));
});
afterAll(() => service.stop());

const REASON = 'seen on two explorers, ticket 4711';
const UNKNOWN_ID = '01a20439-8365-721f-97de-c7ac9caaa4ad';
const act = (url: string, body: unknown): Promise<Answer> =>
  ask(service, { method: 'POST', url: `/operator${url}`, headers: operator, body });
const sql = (text: string, values: unknown[] = []): Promise<{ rows: Record<string, unknown>[] }> =>
  service.app.get(LedgerConnections, { strict: false }).write.query(text, values);
const journal = async (subject: string): Promise<unknown> =>
  (await ask(service, { url: `/operator/actions?subject=${subject}`, headers: operator })).body[
    'actions'
  ];

describe('a hold ended by a person', () => {
  test(
    'is refused with its reason while the evidence suffices, and what the chain proves is ' +
      'recorded instead',
    async () => {
      const one = await heldLoan(service, pool);
      const url = `/reservations/${one.reservationId}/resolution`;
      expect(await act(url, { as: 'expired', reason: REASON })).toMatchObject({
        status: 409,
        body: { code: 'RESOLUTION_REFUSED', refusal: 'nothing_for_a_person', retryable: false },
      });
      await sendDirectly(service, one);
      await service.network.closeLedgers(1);
      expect(await act(url, { as: 'expired', reason: REASON })).toMatchObject({
        status: 200,
        body: {
          outcome: 'proven',
          state: 'settled',
          alarm: null,
          sentence: expect.stringContaining('the evidence proves'),
        },
      });
      expect(await act(url, { as: 'expired', reason: REASON })).toMatchObject({
        status: 409,
        body: { refusal: 'ended' },
      });
      const of = { reason: REASON, by: { kind: 'key', name: 'ada' } };
      expect(await journal(one.reservationId)).toMatchObject([
        { ...of, action: 'reservation.resolve-failed', facts: { code: 'RESOLUTION_REFUSED' } },
        { ...of, action: 'reservation.resolve' },
        {
          ...of,
          action: 'reservation.resolve-done',
          facts: { as: 'expired', outcome: 'proven', state: 'settled' },
        },
        { ...of, action: 'reservation.resolve' },
        { ...of, action: 'reservation.resolve-failed' },
        { ...of, action: 'reservation.resolve', facts: {} },
      ]);
      await settlementServiceOf(service).observePool(pool.pool);
    },
  );

  test(
    "is recorded when nothing proves its end, with person and reason in the reservation's " +
      'journal',
    async () => {
      const one = await heldLoan(service, pool);
      service.network.control.travel(400);
      // as known of the chain before it was reset
      await sql('update pools set head_ledger = head_ledger + 500 where id = $1', [pool.pool.id]);
      expect(
        // named by its loan
        await act(`/reservations/${one.loanId}/resolution`, { as: 'expired', reason: REASON }),
      ).toMatchObject({
        status: 200,
        body: {
          outcome: 'resolved',
          reservationId: one.reservationId,
          state: 'expired',
          alarm: 'chain_went_backwards',
        },
      });
      expect(
        (await ask(service, { url: `/reservations/${one.reservationId}`, headers: operator })).body[
          'journal'
        ],
      ).toMatchObject([
        { kind: 'held' },
        {
          kind: 'expired',
          evidence: { by: expect.stringMatching(/^ada \(key [0-9a-f-]{36}\)$/), reason: REASON },
        },
      ]);
      await sql('update pools set head_ledger = head_ledger - 500 where id = $1', [pool.pool.id]);
      expect(await readPool(service, pool)).toMatchObject({ held: '0' });
    },
  );

  test.each([
    ['no such end', { as: 'gone' }, 'as'],
    ['a settlement nowhere', { as: 'settled' }, 'ledger'],
    ['a loan of what did not land', { as: 'expired', loanId: '4' }, 'as'],
    ['a reason too short', { as: 'expired', reason: 'because' }, 'reason'],
  ])('%s is refused', async (_, wish, field) => {
    expect(
      await act(`/reservations/${UNKNOWN_ID}/resolution`, { reason: REASON, ...wish }),
    ).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  test('a wrong id finds nothing', async () => {
    for (const id of [UNKNOWN_ID, 'x'])
      expect(
        await act(`/reservations/${id}/resolution`, { as: 'expired', reason: REASON }),
      ).toMatchObject({ status: 404, body: { code: 'RESERVATION_NOT_FOUND' } });
  });
});

test('counters are set to their sums, and this is recorded twice', async () => {
  await sql('update pools set held = held + 10000000 where id = $1', [pool.pool.id]);
  const { held } = await readPool(service, pool);
  const wrong = Number(held);
  expect(await act(`/pools/${pool.pool.id}/repair`, { reason: 'too short' })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'reason' }] },
  });
  expect(
    await act(`/pools/${pool.pool.id}/repair`, { reason: 'held was written by hand' }),
  ).toMatchObject({
    status: 200,
    body: {
      repair: {
        number: 1,
        heldBefore: String(wrong),
        heldAfter: String(wrong - 1),
        inFlightBefore: '0',
      },
    },
  });
  expect(
    await act(`/pools/${pool.pool.id}/repair`, { reason: 'held was written by hand' }),
  ).toMatchObject({ status: 200, body: { repair: null } });
  expect((await sql('select reason, done_by from ledger_repairs')).rows).toEqual([
    { reason: 'held was written by hand', done_by: expect.stringMatching(/^ada \(key /) },
  ]);
  expect(
    ((await journal(pool.pool.id)) as { action: string; facts: object }[])
      .slice(0, 4)
      .map(({ action, facts }) => [action, 'repair' in facts ? facts.repair : '']),
  ).toEqual([
    ['pool.repair-done', null],
    ['pool.repair', ''],
    ['pool.repair-done', 1],
    ['pool.repair', ''],
  ]);
  for (const id of [UNKNOWN_ID, 'x'])
    expect(await act(`/pools/${id}/repair`, { reason: 'held was written by hand' })).toMatchObject({
      status: 404,
      body: { code: 'POOL_NOT_FOUND' },
    });
});

describe('a report as a file', () => {
  const file = (name: string, query = ''): Promise<Answer> =>
    ask(service, { url: `/operator/reports/${name}${query}`, headers: operator });
  const open = async (): Promise<number> =>
    Number(
      (
        await sql(
          'select count(*)::int as open from pg_stat_activity where datname = ' +
            `current_database() and application_name = 'holdfast-report' and state <> 'idle'`,
        )
      ).rows[0]?.['open'],
    );

  test('has every column, and the requested pool and range', async () => {
    const other = await givenPool(service);
    const all = await file('position.csv');
    expect(all).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': 'attachment; filename="position.csv"',
        'cache-control': 'no-store',
      },
    });
    const lines = all.text.split('\r\n');
    expect([lines.length, lines[0]?.startsWith('pool_id,pool_name,network,')]).toEqual([4, true]);
    expect(
      (await file('position.csv', `?pool=${other.pool.id}`)).text.split('\r\n').slice(1),
    ).toEqual([expect.stringContaining(`${other.pool.id},`), '']);
    expect((await file('reservations.csv')).text.split('\r\n').length).toBeGreaterThan(3);
    expect(
      (
        await file('reservations.csv', '?since=2001-01-01T00:00:00Z&until=2001-01-02T00:00:00Z')
      ).text.split('\r\n').length,
    ).toBe(2);
    expect(await open()).toBe(0);
  });

  test.each([
    ['a report that is none', 'money.csv', 404, 'NOT_FOUND'],
    ['another format', 'funnel.xls', 404, 'NOT_FOUND'],
    ['no id', 'funnel.csv?pool=x', 400, 'VALIDATION_FAILED'],
    ['no time', 'funnel.csv?since=yesterday', 400, 'VALIDATION_FAILED'],
    [
      'a range of what is about now',
      'position.csv?since=2026-11-01T00:00:00Z',
      400,
      'VALIDATION_FAILED',
    ],
    [
      'an empty range',
      'funnel.csv?since=2027-01-02T00:00:00Z&until=2027-01-01T00:00:00Z',
      400,
      'VALIDATION_FAILED',
    ],
    ['an unknown member', 'funnel.csv?at=now', 400, 'VALIDATION_FAILED'],
  ])('%s is refused', async (_, path, status, code) => {
    expect(await file(path)).toMatchObject({ status, body: { code } });
  });

  test('a funnel of some minutes covers the hour that they are in', async () => {
    const {
      rows: [last],
    } = await sql('select held_at from reservations order by held_at desc limit 1');
    const heldAt = last?.['held_at'] as Date;
    const [since, until] = [heldAt.getTime(), heldAt.getTime() + 1000].map((at) =>
      new Date(at).toISOString(),
    );
    expect(
      (await file('funnel.csv', `?since=${since}&until=${until}`)).text
        .split('\r\n')
        .filter((line) =>
          line.includes(
            `,${new Date(Math.floor(heldAt.getTime() / 3_600_000) * 3_600_000).toISOString().replace('.000', '')},`,
          ),
        ).length,
    ).toBeGreaterThan(0);
  });

  test('a range that cannot be read in time is reported as such, not as two running exports', async () => {
    const { exports } = service.app.get(LedgerConnections, { strict: false });
    const changed: pg.PoolClient[] = [];
    const shortened = (client: pg.PoolClient): void => {
      // 30 s are long for a test
      changed.push(client);
      const asked = client.query.bind(client) as (
        text: unknown,
        values?: unknown[],
      ) => Promise<pg.QueryResult>;
      client.query = ((text: unknown, values?: unknown[]) =>
        asked(
          typeof text === 'string'
            ? text.replace("statement_timeout = '30s'", "statement_timeout = '50ms'")
            : text,
          values,
        )) as typeof client.query;
    };
    const locking = new pg.Client(service.database.url);
    await locking.connect();
    exports.on('acquire', shortened);
    try {
      await locking.query('begin; lock table reservations in access exclusive mode');
      expect(await file('reservations.csv', '?since=2001-01-01T00:00:00Z')).toMatchObject({
        status: 400,
        body: {
          code: 'VALIDATION_FAILED',
          retryable: false,
          detail: expect.stringContaining('Ask for a shorter range'),
          errors: [{ field: 'since' }],
        },
      });
      expect(await file('ageing.csv')).toMatchObject({
        status: 503,
        body: { code: 'BUSY_RETRY', detail: expect.stringMatching(/did not answer within 30 s/) },
      });
    } finally {
      exports.off('acquire', shortened);
      for (const client of changed) Reflect.deleteProperty(client, 'query');
      await locking.query('rollback');
      await locking.end();
    }
  });

  test(
    "is sent at its reader's pace, and ends when the reader disconnects: then a third may " +
      'begin',
    async () => {
      await fillReservations(service.database.url, pool.pool.id, 20_000, 'old');
      await service.app.listen(0, '127.0.0.1');
      const { port } = service.app.getHttpServer().address() as { port: number };
      const begin = (): Promise<{ status: number; leave: () => void }> =>
        new Promise((resolve, reject) => {
          const asked = request(
            {
              port,
              path: '/operator/reports/reservations.csv?since=2001-01-01T00:00:00Z',
              headers: operator,
            },
            (answer) => {
              resolve({
                status: answer.statusCode ?? 0,
                leave: () => {
                  asked.destroy();
                },
              });
            },
          );
          asked.once('error', reject);
          asked.end();
        });
      const before = process.memoryUsage().rss;
      // they read nothing: 20,000 rows of 500 bytes are more than the sockets take
      const readers = [await begin(), await begin()];
      expect(readers.map(({ status }) => status)).toEqual([200, 200]);
      expect(await open()).toBe(2);
      expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
      expect(await file('position.csv')).toMatchObject({
        status: 503,
        headers: { 'retry-after': expect.anything() },
        body: { code: 'BUSY_RETRY' },
      });
      for (const { leave } of readers) leave();
      while ((await open()) > 0);
      expect((await file('position.csv')).status).toBe(200);
    },
    60_000,
  );
});

describe('what a borrower signed', () => {
  const resubmit = (id: string): Promise<Answer> =>
    act(`/reservations/${id}/resubmission`, { reason: 'the node lost it' });
  const submitLoan = (one: HeldLoan): Promise<Answer> =>
    ask(service, {
      url: `/loans/${one.loanId}/submission`,
      body: { signedXdr: signed(one.xdr, service.network.passphrase, one.borrower) },
    });
  /** The node takes it and forgets it. */
  async function lost(of: GivenPool): Promise<HeldLoan> {
    const one = await heldLoan(service, of);
    service.network.control.setFault('drop_after_pending', { times: 1 });
    expect((await submitLoan(one)).body).toMatchObject({ status: 'PENDING' });
    return one;
  }

  test("is submitted once more by the id of the loan, before the worker's turn, and settles", async () => {
    const of = await givenPool(service);
    const one = await lost(of);
    await service.network.closeLedgers(1);
    await settlementServiceOf(service).observePool(of.pool);
    const transaction = { hash: one.hash, ledger: expect.any(Number) };
    expect(await resubmit(one.loanId)).toMatchObject({
      status: 200,
      body: {
        outcome: 'submitted',
        reservationId: one.reservationId,
        state: 'held',
        transactions: [{ ...transaction, nodeStatus: 'PENDING' }],
      },
    });
    await service.network.closeLedgers(1);
    expect(await resubmit(one.reservationId)).toMatchObject({
      body: { outcome: 'withheld', state: 'settled', transactions: [] },
    });
    expect((await resubmit(one.reservationId)).body).toMatchObject({
      outcome: 'withheld',
      sentence: 'The reservation is settled already.',
    });
    expect(((await journal(one.reservationId)) as unknown[]).slice(4)).toMatchObject([
      {
        action: 'reservation.resubmit-done',
        facts: { outcome: 'submitted', transactions: [{ ...transaction, status: 'PENDING' }] },
      },
      { action: 'reservation.resubmit', reason: 'the node lost it', by: { name: 'ada' } },
    ]);
  });

  test('is withheld where it would fail or do harm, with the reason', async () => {
    const withheld = async (one: HeldLoan, sentence: RegExp): Promise<void> => {
      expect((await resubmit(one.reservationId)).body).toMatchObject({
        outcome: 'withheld',
        state: 'held',
        transactions: [],
        sentence: expect.stringMatching(sentence),
      });
    };
    const plain = await givenPool(service);
    await withheld(await heldLoan(service, plain), /No signed transaction is stored/);
    const given = await lost(plain);
    await ask(service, { method: 'POST', url: `/loans/${given.loanId}/cancellation` });
    await withheld(given, /cancellation was requested/);
    const { control } = service.network;
    const paused = await givenPool(service, { profile: 'trustup', decimals: 1, deposit: 10_000n });
    const kept = await lost(paused);
    control.actions.pause({ pool: paused.contract, paused: true });
    await withheld(kept, /contract of the pool is paused/);
    const crowded = await givenPool(service);
    const outdated = await lost(crowded);
    for (let strangers = 0; strangers < 25; strangers++)
      control.shiftFootprints({ pool: crowded.contract, count: 1 });
    await withheld(outdated, /Strangers' loans took the loan ids/);
    const authorized = await postLoan(
      service,
      loanBody(crowded, oneBorrower(service, crowded), { signing: 'authorization' }),
    );
    const { id } = authorized.body['reservation'] as { id: string };
    expect((await resubmit(id)).body).toMatchObject({
      outcome: 'withheld',
      sentence: expect.stringContaining('signs an authorization'),
    });
  });

  test('needs a reason, and a wrong id finds nothing', async () => {
    expect(await act(`/reservations/${UNKNOWN_ID}/resubmission`, {})).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'reason' }] },
    });
    for (const id of [UNKNOWN_ID, 'x'])
      expect(await resubmit(id)).toMatchObject({
        status: 404,
        body: { code: 'RESERVATION_NOT_FOUND' },
      });
  });
});

test('a person who restored the database quarantines every pool', async () => {
  expect(await act('/quarantine', { reason: 'short' })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'reason' }] },
  });
  const { rows } = await sql('select count(*)::int as pools from pools');
  expect(await act('/quarantine', { reason: 'the folder of 14:00 was put back' })).toMatchObject({
    status: 200,
    body: { pools: rows[0]?.['pools'] },
  });
  expect(await readPool(service, pool)).toMatchObject({ state: 'quarantined' });
  expect(await journal('all')).toMatchObject([
    { action: 'pools.quarantine-done', facts: { pools: rows[0]?.['pools'] } },
    { action: 'pools.quarantine', reason: 'the folder of 14:00 was put back' },
  ]);
  expect(await act(`/pools/${pool.pool.id}/resume`, { reason: 'too early' })).toMatchObject({
    status: 200,
    body: { state: 'quarantined', quarantine: { then: 'active' } },
  }); // when it ends, not now
});
