import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import {
  ask,
  givenBorrowers,
  givenPool,
  givenService,
  loanBody,
  observe,
  postLoan,
  type GivenPool,
  type Service,
} from '../support/given.js';

let service: Service;
let pool: GivenPool;
let other: GivenPool;
/** Newest last. */
const loans: { id: string; reservationId: string; borrower: string; maxTime: number }[] = [];

beforeAll(async () => {
  service = await givenService();
  pool = await givenPool(service, { rules: { buffer: 50_000_000n } });
  other = await givenPool(service, {
    observed: false,
    rules: { state: 'paused', name: 'another' },
  });
  for (const borrower of givenBorrowers(service, pool.contract, { count: 3 })) {
    const { body } = await postLoan(service, loanBody(pool, borrower));
    const { loan, reservation, transaction } = body as {
      loan: { id: string };
      reservation: { id: string };
      transaction: { maxTime: number; hash: string };
    };
    loans.push({
      id: loan.id,
      reservationId: reservation.id,
      borrower: borrower.address,
      maxTime: transaction.maxTime,
    });
  }
  const [first] = loans;
  const { rows } = await sql<{ hash: string }>(
    'select hash from envelopes where reservation_id = $1',
    [first?.reservationId],
  );
  await service.ledger.ends.settle([
    {
      poolId: pool.pool.id,
      reservationId: first?.reservationId ?? '',
      envelopeHash: rows[0]?.hash ?? '',
      settledLedger: 1_000,
      closeTime: 1_790_000_000n,
      loanId: 7n,
      feeBump: false,
    },
  ]);
});
afterAll(() => service.stop());

const sql = <Row extends object>(text: string, values: unknown[] = []): Promise<{ rows: Row[] }> =>
  service.app.get(LedgerConnections, { strict: false }).read.query<Row>(text, values);

describe('pools', () => {
  test('one pool shows every term of its available amount', async () => {
    const answer = await ask(service, { url: `/pools/${pool.pool.id}` });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      id: pool.pool.id,
      state: 'active',
      decimals: 7,
      poolContract: pool.contract,
      total: '10000',
      locked: '0',
      tokenBalance: '10000',
      observedAvailable: '10000',
      held: '200',
      inFlight: '100',
      buffer: '5',
      available: '9695',
      shortfall: '0',
      liveHolds: 2,
      nextDeadline: new Date((loans[1]?.maxTime ?? 0) * 1000).toISOString().replace('.000', ''),
    });
    const { atLedger, ageSeconds } = answer.body as { atLedger: number; ageSeconds: number };
    expect(atLedger).toBeGreaterThan(0);
    expect(ageSeconds).toBeGreaterThanOrEqual(0);
  });

  test('one that was never observed has no figures yet', async () => {
    const answer = await ask(service, { url: `/pools/${other.pool.id}` });
    expect(answer.body).toMatchObject({
      name: 'another',
      state: 'paused',
      available: '0',
      observedAvailable: null,
      atLedger: null,
      ageSeconds: null,
      nextDeadline: null,
    });
  });

  test('its rules, whose contracts it runs, and no quarantine', async () => {
    expect((await ask(service, { url: `/pools/${pool.pool.id}` })).body).toMatchObject({
      generation: 'scaled',
      family: 'stepfi',
      strict: false,
      maxExtensionSeconds: 900,
      quarantine: null,
    });
    await service.registry.change(other.pool.id, { strict: true, maxExtensionSeconds: 30 });
    expect((await ask(service, { url: `/pools/${other.pool.id}` })).body).toMatchObject({
      strict: true,
      maxExtensionSeconds: 30,
    });
  });

  test('lists all, and finds none by a wrong id', async () => {
    const { body } = await ask(service, { url: '/pools' });
    expect((body['pools'] as { id: string }[]).map(({ id }) => id)).toEqual([
      pool.pool.id,
      other.pool.id,
    ]);
    for (const id of ['01a20439-8365-721f-97de-c7ac9caaa4ad', 'x'])
      expect(await ask(service, { url: `/pools/${id}` })).toMatchObject({
        status: 404,
        body: { code: 'POOL_NOT_FOUND' },
      });
  });
});

describe.each([
  ['one pool', () => `/pools/${pool.pool.id}`],
  ['all pools', () => '/pools'],
])('the tag of %s', (_, url) => {
  const tagged = async (known?: string): Promise<{ status: number; tag: string; text: string }> => {
    const { status, headers, text } = await ask(service, {
      url: url(),
      headers: known === undefined ? {} : { 'if-none-match': known },
    });
    return { status, tag: String(headers['etag']), text };
  };

  test('stays the same while only the clock moves, and 304 has no body', async () => {
    const first = await tagged();
    expect(first).toMatchObject({ status: 200, tag: expect.stringMatching(/^W\/"/) });
    await sql(
      `update pools set snapshot_advanced_at = snapshot_advanced_at - interval '5 seconds' where id = $1`,
      [pool.pool.id],
    );
    expect(await tagged(first.tag)).toEqual({ status: 304, tag: first.tag, text: '' });
    expect((await tagged('"another"')).status).toBe(200);
  });

  test(
    'changes with a hold, with a new snapshot, with a rule, and when the snapshot is no ' +
      'longer trusted',
    async () => {
      let known = (await tagged()).tag;
      const changed = async (work: () => Promise<unknown>): Promise<void> => {
        await work();
        const now = await tagged(known);
        expect(now.status).toBe(200);
        known = now.tag;
      };
      const [borrower] = givenBorrowers(service, pool.contract);
      if (!borrower) throw new Error('a borrower was asked for');
      await changed(async () => {
        const { body } = await postLoan(service, loanBody(pool, borrower));
        const made = body as {
          loan: { id: string };
          reservation: { id: string };
          transaction: { maxTime: number };
        };
        loans.push({
          id: made.loan.id,
          reservationId: made.reservation.id,
          borrower: borrower.address,
          maxTime: made.transaction.maxTime,
        });
      });
      await changed(async () => {
        await service.network.closeLedgers(1);
        await observe(service, pool.pool);
      });
      await changed(() =>
        service.registry.change(pool.pool.id, { name: `renamed ${known}`.slice(0, 40) }),
      );
      await changed(() =>
        sql(
          `update pools set snapshot_advanced_at = snapshot_advanced_at - interval '1 hour' where id = $1`,
          [pool.pool.id],
        ),
      );
      await changed(() =>
        sql(
          `update pools set snapshot_advanced_at = snapshot_advanced_at + interval '1 hour' where id = $1`,
          [pool.pool.id],
        ),
      );
    },
  );
});

describe.each(['loans', 'reservations'] as const)('%s', (name) => {
  const ids = async (query: string): Promise<string[]> => {
    const { status, body } = await ask(service, { url: `/${name}${query}` });
    expect(status).toBe(200);
    return (body[name] as { id?: string; loan?: { id: string } }[]).map(
      (row) => row.loan?.id ?? row.id ?? '',
    );
  };
  const known = (): string[] =>
    loans.map((loan) => (name === 'loans' ? loan.id : loan.reservationId)).reverse();

  test('newest first, narrowed by pool, state and borrower', async () => {
    expect(await ids('')).toEqual(known());
    expect(await ids('?limit=1')).toEqual(known().slice(0, 1));
    expect(await ids('?state=settled')).toEqual(known().slice(-1));
    expect(await ids(`?borrower=${loans[1]?.borrower}&state=held`)).toEqual(known().slice(-2, -1));
    expect(await ids(`?poolId=${other.pool.id}`)).toEqual([]);
  });

  test('pages by cursor, and by time', async () => {
    const seen: string[] = [];
    let query = '?limit=2';
    for (let page = 0; page < 5 && query !== ''; page++) {
      const { body } = await ask(service, { url: `/${name}${query}` });
      seen.push(
        ...(body[name] as { id?: string; loan?: { id: string } }[]).map(
          (row) => row.loan?.id ?? row.id ?? '',
        ),
      );
      const next = body['nextCursor'] as string | null;
      query = next === null ? '' : `?limit=2&cursor=${next}`;
    }
    expect([seen, query]).toEqual([known(), '']);
    expect(
      await ids('?createdAfter=2020-01-01T00:00:00Z&createdBefore=2999-01-01T01:00:00%2B01:00'),
    ).toEqual(known());
    expect(await ids('?createdAfter=2999-01-01T00:00:00Z')).toEqual([]);
    expect(await ids('?createdBefore=2020-01-01T00:00:00Z')).toEqual([]);
  });

  test.each([
    ['?cursor=abc', 'cursor'],
    [`?cursor=${Buffer.from("1.1.x' or 1=1").toString('base64url')}`, 'cursor'],
    ['?createdAfter=yesterday', 'createdAfter'],
    ['?createdBefore=2026-01-01', 'createdBefore'],
    ['?limit=0', 'limit'],
    ['?limit=201', 'limit'],
    ['?limit=x', 'limit'],
    ['?state=gone', 'state'],
    ['?poolId=1', 'poolId'],
    ['?borrower=C', 'borrower'],
    ['?page=2', 'page'],
    ['?state=held&state=settled', 'state'],
  ])('%s is refused', async (query, field) => {
    expect(await ask(service, { url: `/${name}${query}` })).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', errors: [{ field }] },
    });
  });

  test('a wrong id finds none', async () => {
    for (const id of ['01a20439-8365-721f-97de-c7ac9caaa4ad', 'x', 'x'.repeat(300)])
      expect((await ask(service, { url: `/${name}/${id}` })).status).toBe(404);
  });
});

test('a reservation shows its history, without the XDR', async () => {
  const answer = await ask(service, { url: `/reservations/${loans[0]?.reservationId}` });
  expect(answer.body).toMatchObject({
    reservation: { loanId: loans[0]?.id, state: 'settled', amount: '100', settledLedger: 1000 },
    journal: [
      {
        number: 1,
        kind: 'held',
        stateBefore: null,
        stateAfter: 'held',
        heldBefore: '0',
        heldAfter: '100',
      },
      {
        number: 2,
        kind: 'settled',
        stateBefore: 'held',
        stateAfter: 'settled',
        heldBefore: '300',
        heldAfter: '200',
        inFlightBefore: '0',
        inFlightAfter: '100',
        ledger: 1000,
      },
    ],
    envelopes: [
      { number: 1, state: 'landed', chainLoanId: '7', loanIdWindow: { first: '1', last: '25' } },
    ],
  });
  expect(answer.text).not.toContain('"xdr"');
});

describe('health', () => {
  test('live answers without any check', async () => {
    expect(await ask(service, { url: '/health/live' })).toMatchObject({
      status: 200,
      body: { status: 'live' },
    });
  });

  test('ready when database, chain and snapshots are', async () => {
    const answer = await ask(service, { url: '/health/ready' });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        status: 'ready',
        database: { ok: true },
        chain: { ok: true },
        pools: { ok: true, detail: '1 of 1 active pools have a fresh snapshot' },
      },
    });
    expect((answer.body['pools'] as { youngest: unknown[] }).youngest).toHaveLength(2);
  });

  test('not ready when the node is down, and says so', async () => {
    service.network.control.setFault('node_down', {});
    try {
      expect(await ask(service, { url: '/health/ready' })).toMatchObject({
        status: 503,
        body: {
          status: 'not_ready',
          database: { ok: true },
          chain: { ok: false, detail: 'no useful answer (CHAIN_UNREACHABLE)' },
        },
      });
    } finally {
      service.network.control.clearFaults();
    }
  });

  test('not ready when pools are no longer observed', async () => {
    await sql(`update pools set snapshot_advanced_at = snapshot_advanced_at - interval '1 hour'`);
    expect(await ask(service, { url: '/health/ready' })).toMatchObject({
      status: 503,
      body: { pools: { ok: false, detail: '0 of 1 active pools have a fresh snapshot' } },
    });
    await sql(`update pools set snapshot_advanced_at = snapshot_advanced_at + interval '1 hour'`);
  });

  test('not ready when a migration is missing', async () => {
    await sql(
      'with gone as (delete from schema_migrations where name = (select max(name) from ' +
        'schema_migrations) returning *) insert into schema_migrations select id + 1000, ' +
        "timestamp, name || 'x' from gone",
    );
    expect(await ask(service, { url: '/health/ready' })).toMatchObject({
      status: 503,
      body: { database: { ok: false, detail: 'reachable, but migrations are missing' } },
    });
    await sql('update schema_migrations set id = id - 1000, name = left(name, -1) where id > 1000');
  });
});
