import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import { bearer, givenKey, givenToken } from '../support/access.js';
import {
  type Answer,
  ask,
  dueIn,
  givenBorrowers,
  givenPool,
  givenService,
  type GivenPool,
  loanBody,
  observe,
  postLoan,
  type Service,
  signed,
} from '../support/given.js';
import { ContractWatch } from '../../src/modules/settlement/contract-watch.js';
import { sqlIn } from '../support/code-causes.js';
import { givenLongLists, type LongLists } from '../support/console-lists.js';

/** The console's page, its files and the data it reads, without a browser. */
const EXPLORER = 'https://explorer.example/tx/{hash}';

let service: Service;
let pool: GivenPool;
let signedIn: { readonly statusCode: number; readonly headers: Readonly<Record<string, unknown>> };
let cookie: string;
let operator: string;
/** One hold is live and not submitted; one is settled, which the snapshot does not show yet. */
const made: { id: string; borrower: string }[] = [];

beforeAll(async () => {
  service = await givenService({ EXPLORER_TX_URL: EXPLORER });
  pool = await givenPool(service, { rules: { buffer: 50_0000000n } });
  operator = await givenKey(service.app, { scopes: ['operate'] });
  signedIn = await service.app.inject({
    method: 'POST',
    url: '/sign-in',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ key: operator }).toString(),
  });
  cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? '';
  for (const borrower of givenBorrowers(service, pool.contract, { count: 2 })) {
    const { body } = await postLoan(service, loanBody(pool, borrower));
    const { loan, reservation, transaction } = body as {
      loan: { id: string };
      reservation: { id: string };
      transaction: { xdr: string };
    };
    made.push({ id: reservation.id, borrower: borrower.address });
    if (made.length === 2)
      await ask(service, {
        url: `/loans/${loan.id}/submission`,
        body: { signedXdr: signed(transaction.xdr, service.network.passphrase, borrower) },
      });
  }
  await service.network.closeLedgers(1);
  const settlement = new SettlementService({
    ledger: service.ledger,
    pools: service.registry,
    chain: service.chain,
  });
  await settlement.observePool(pool.pool);
});
afterAll(() => service.stop());

const look = (url: string): Promise<Answer> =>
  ask(service, { url: `/console${url}`, headers: { authorization: undefined, cookie } });

describe('the page', () => {
  test(
    'has nothing inline, may load nothing from another origin, and is not cached; its ' +
      'files are cached for a year, and only under their version',
    async () => {
      const page = await look('');
      expect(page).toMatchObject({
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
      });
      expect(page.headers['content-security-policy']).toContain(
        "default-src 'none'; script-src 'self'; style-src 'self'",
      );
      expect(String(page.headers['content-security-policy'])).not.toContain('unsafe');
      expect(page.text).not.toMatch(/<script(?![^>]* src=)|<style|style=| on[a-z]+=|\{version\}/);
      const files = [...page.text.matchAll(/(?:src|href)="\/console(\/assets\/[^"]+)"/g)].map(
        ([, file]) => file ?? '',
      );
      expect(files.length).toBe(5);
      for (const file of files) {
        const answer = await look(file);
        expect(answer.status).toBe(200);
        expect(answer.headers['cache-control']).toBe('private, max-age=31536000, immutable');
        expect(String(answer.headers['content-type'])).toMatch(
          file.endsWith('.css')
            ? /^text\/css/
            : file.endsWith('.svg')
              ? /^image\/svg/
              : /javascript/,
        );
      }
      const [own = ''] = files;
      expect((await look(own.replace(/[^/]+$/, 'operations.md'))).text).toMatch(
        /^# When something is wrong/,
      );
      expect(await look(own.replace(/assets\/[0-9a-f]+/, 'assets/0000000000000000'))).toMatchObject(
        {
          status: 404,
          body: { code: 'NOT_FOUND' },
        },
      );
      for (const other of [
        'package.json',
        'uPlot.cjs.js',
        'index.html',
        '..%2f..%2fconsole.module.js',
        '%2e%2e%2f%2e%2e%2fconsole.module.js',
      ])
        expect((await look(own.replace(/[^/]+$/, other))).status).toBe(404);
    },
  );

  test(
    'comes after the sign-in; on the sign-in page no script may run, and nothing else is ' +
      'loaded or sent',
    async () => {
      expect([signedIn.statusCode, signedIn.headers['location']]).toEqual([303, '/console']);
      const refused = await service.app.inject({
        method: 'POST',
        url: '/sign-in',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: 'key=x',
      });
      for (const page of [await service.app.inject({ url: '/sign-in' }), refused])
        expect(page.headers['content-security-policy']).toBe(
          "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; " +
            "base-uri 'none'; frame-ancestors 'none'",
        );
    },
  );

  test(
    'is for operators: a browser without a session is sent to the sign-in, keys without ' +
      'the scope and wallets are refused; the cookie gives no access to the API',
    async () => {
      const stranger = await service.app.inject({
        url: '/console',
        headers: { accept: 'text/html' },
      });
      expect([stranger.statusCode, stranger.headers.location]).toEqual([303, '/sign-in']);
      for (const [credential, status] of [
        [service.key, 403],
        [await givenToken(service.app, made[0]?.borrower ?? ''), 403],
        [operator, 200],
      ] as const) {
        for (const url of [
          '/console',
          '/console/data/overview',
          `/console/data/reservations/${made[0]?.id ?? ''}`,
        ])
          expect((await ask(service, { url, headers: bearer(credential) })).status).toBe(status);
      }
      expect(
        (await ask(service, { url: '/pools', headers: { authorization: undefined, cookie } }))
          .status,
      ).toBe(401);
      expect(
        (
          await ask(service, {
            method: 'POST',
            url: '/console/data/overview',
            body: {},
            headers: { authorization: undefined, cookie },
          })
        ).status,
      ).toBe(405);
    },
  );
});

describe('what the page reads', () => {
  test('the pools as the API has them, the explorer and a clock', async () => {
    const overview = await look('/data/overview');
    const pools = (await ask(service, { url: '/pools' })).body['pools'] as Record<
      string,
      unknown
    >[];
    expect(overview).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'no-store' },
      body: {
        explorerTxUrl: EXPLORER,
        now: expect.stringMatching(/Z$/),
        // what the page offers in its filters and forms
        breakClasses: expect.arrayContaining(['shortfall', 'in_transit']),
        eventKinds: expect.arrayContaining(['held', 'landing_issued']),
        keyScopes: expect.arrayContaining(['loans:write', 'jobs:write']),
      },
    });
    const still = (pool: Record<string, unknown>): Record<string, unknown> => ({
      ...pool,
      ageSeconds: 0,
      chainLagSeconds: 0,
    });
    expect((overview.body['pools'] as Record<string, unknown>[]).map(still)).toEqual(
      pools.map(still),
    );
  });

  test('lifetimes and proposed upgrades of the contracts, as GET /pools/:id has them', async () => {
    await service.app.get(ContractWatch, { strict: false }).watch(pool.pool);
    await sqlIn(
      service,
      `insert into pool_upgrades values ($1, $2, $3, to_timestamp(1800000000), '1', 7, 'g3')`,
      [pool.pool.id, pool.contract, 'ab'.repeat(32)],
    );
    const { contracts, upgrades } = (await ask(service, { url: `/pools/${pool.pool.id}` })).body;
    expect(upgrades).toEqual([
      {
        contract: pool.contract,
        wasmHash: 'ab'.repeat(32),
        generation: 'g3',
        unlocksAt: '2027-01-15T08:00:00Z',
        atLedger: 7,
      },
    ]);
    expect(contracts).toHaveLength(6);
    expect(contracts).toEqual(
      expect.arrayContaining([
        {
          contract: pool.contract,
          name: 'pool',
          ledgersLeft: expect.any(Number),
          lapsesAbout: expect.stringMatching(/^20.*Z$/),
          instanceUntil: expect.any(Number),
          codeUntil: expect.any(Number),
          atLedger: expect.any(Number),
        },
        expect.objectContaining({ name: 'token', codeUntil: null }),
      ]),
    );
    expect((await look(`/data/pools/${pool.pool.id}/contracts`)).body).toEqual({
      contracts,
      upgrades,
    });
    await sqlIn(service, 'delete from pool_upgrades');
  });

  test('live holds with what each waits for', async () => {
    const answer = await look(`/data/pools/${pool.pool.id}/holds`);
    const until = (await ask(service, { url: `/reservations/${made[0]?.id ?? ''}` })).body[
      'reservation'
    ] as { expiresAt: string };
    expect(answer.body).toEqual({
      nextCursor: null,
      holds: [
        {
          reservationId: made[0]?.id,
          borrower: made[0]?.borrower,
          amount: '100',
          expiresAt: until.expiresAt,
          submittedAt: null,
          cancelRequested: false,
          signing: 'transaction',
          landings: 0,
          transactions: 1,
          outdated: false,
          waitsFor: {
            sentence: `waits for the borrower to sign until ${until.expiresAt.slice(11, 19)} UTC`,
            needsPerson: false,
          },
        },
      ],
    });
  });

  test('in flight is what was settled after the snapshot, and nothing once the snapshot shows it', async () => {
    const other = await givenPool(service, { rules: { name: 'in flight' } });
    const [borrower] = givenBorrowers(service, other.contract);
    if (!borrower) throw new Error('a borrower was asked for');
    const { reservation, transaction } = (await postLoan(service, loanBody(other, borrower)))
      .body as { reservation: { id: string }; transaction: { hash: string } };
    const head = await service.chain.head();
    await service.ledger.ends.settle([
      {
        poolId: other.pool.id,
        reservationId: reservation.id,
        envelopeHash: transaction.hash,
        settledLedger: head.ledger + 1,
        closeTime: head.closeTime,
        loanId: 7n,
        feeBump: false,
      },
    ]);
    const rows = async (): Promise<unknown[]> =>
      (await look(`/data/pools/${other.pool.id}/in-flight`)).body['reservations'] as unknown[];
    expect(await rows()).toMatchObject([
      { id: reservation.id, state: 'settled', amount: '100', settledLedger: head.ledger + 1 },
    ]);
    expect((await service.ledger.reader.position(other.pool.id))?.inFlight).toBe(100_0000000n);
    await service.network.closeLedgers(2);
    await observe(service, other.pool);
    expect(await rows()).toEqual([]);
    expect((await service.ledger.reader.position(other.pool.id))?.inFlight).toBe(0n);
  });

  test('a search finds by id, end of an id, hash, borrower and key, and only exactly', async () => {
    const asked = await givenPool(service, { rules: { name: 'searched' } });
    const [borrower] = givenBorrowers(service, asked.contract);
    if (!borrower) throw new Error('a borrower was asked for');
    const key = 'order-17/a';
    const { loan, reservation, transaction } = (
      await postLoan(service, loanBody(asked, borrower), key)
    ).body as {
      loan: { id: string };
      reservation: { id: string };
      transaction: { hash: string };
    };
    const found = async (text: string): Promise<unknown> =>
      (await look(`/data/search?text=${encodeURIComponent(text)}`)).body;
    const only = (by: string): unknown => ({
      pools: [],
      more: false,
      reservations: [
        expect.objectContaining({
          by,
          reservationId: reservation.id,
          loanId: loan.id,
          poolName: 'searched',
          borrower: borrower.address,
          amount: '100',
          state: 'held',
        }),
      ],
    });
    expect(await found(reservation.id)).toEqual(only('reservation'));
    expect(await found(loan.id)).toEqual(only('loan'));
    expect(await found(transaction.hash.toUpperCase())).toEqual(only('transaction'));
    expect(await found(borrower.address)).toEqual(only('borrower'));
    expect(await found(` ${key} `)).toEqual(only('idempotency key'));
    expect(await found(reservation.id.slice(-12))).toEqual(only('end of a live hold'));
    expect(await found(loan.id.slice(-12))).toEqual(only('end of the loan'));
    expect(await found(made[1]?.id.slice(-12) ?? '')).toMatchObject({
      reservations: [{ reservationId: made[1]?.id, by: 'end of the reservation' }],
    });
    expect(await found(asked.contract)).toMatchObject({
      pools: [{ id: asked.pool.id }],
      reservations: [],
    });
    for (const text of [reservation.id.slice(0, -1), 'order-17', transaction.hash.slice(1), '%'])
      expect(await found(text)).toEqual({ pools: [], more: false, reservations: [] });
    expect((await look('/data/search?text=')).status).toBe(400);
    expect((await look(`/data/search?text=${'a'.repeat(256)}`)).status).toBe(400);
    expect((await look('/data/search?text=%00')).status).toBe(400);
  });

  test('open alarms, such as a proposed upgrade; and the channels', async () => {
    const before = (await look('/data/alarms')).body['alarms'] as unknown[];
    expect(before).not.toContainEqual(expect.objectContaining({ kind: 'break' }));
    await sqlIn(
      service,
      `insert into pool_upgrades values ($1, $2, $3, to_timestamp(1800000000), '1', 7, 'g3')`,
      [pool.pool.id, pool.contract, 'ab'.repeat(32)],
    );
    expect((await look('/data/alarms')).body).toMatchObject({
      deadLetters: { count: 0, newest: null },
      alarms: expect.arrayContaining([
        expect.objectContaining({
          kind: 'upgrade',
          poolId: pool.pool.id,
          what: 'ab'.repeat(32),
          since: '2027-01-15T08:00:00.000Z',
        }),
      ]),
    });
    await sqlIn(service, 'delete from pool_upgrades');
    await sqlIn(
      service,
      `insert into channels (network, account, name) select network, 'GCHANNEL', 'first'
        from pools limit 1`,
    );
    expect((await look('/data/channels')).body).toEqual({
      nextCursor: null,
      channels: [
        {
          account: 'GCHANNEL',
          name: 'first',
          state: 'active',
          balance: null,
          balanceLedger: null,
          inFlight: null,
        },
      ],
    });
    await sqlIn(service, 'delete from channels');
  });

  test("one reservation's history with its evidence; a live one with what it waits for", async () => {
    expect((await look(`/data/reservations/${made[1]?.id ?? ''}`)).body).toMatchObject({
      pool: { id: pool.pool.id, name: 'test pool' },
      waitsFor: null,
      reservation: { state: 'settled' },
      envelopes: [{ state: 'landed' }],
      journal: [
        { kind: 'held' },
        { kind: 'submitted' },
        { kind: 'settled', evidence: { certificate: 'D4' } },
      ],
    });
    expect((await look(`/data/reservations/${made[0]?.id ?? ''}`)).body).toMatchObject({
      waitsFor: { needsPerson: false, sentence: expect.stringContaining('to sign until') },
    });
    expect((await look(`/data/reservations/${pool.pool.id}`)).body).toMatchObject({
      code: 'RESERVATION_NOT_FOUND',
    });
    expect(
      (await look(`/data/reservations?poolId=${pool.pool.id}`)).body['reservations'],
    ).toHaveLength(2);
  });

  test('history and the rows of each kind, from the reporting views', async () => {
    const history = (await look(`/data/pools/${pool.pool.id}/history?hours=1`)).body as {
      points: { available: string; held: string }[];
      binSeconds: number;
    };
    expect(history).toMatchObject({ binSeconds: 15, breaks: [] });
    expect(history.points.at(-1)).toMatchObject({
      held: '100',
      available: '9750',
      observed_available: '9900',
    });
    const rows = async (kind: string): Promise<Record<string, unknown>> =>
      (await look(`/data/pools/${pool.pool.id}/rows/${kind}`)).body;
    expect(((await rows('readings'))['rows'] as unknown[])[0]).toMatchObject({
      locked: '100',
      held: '100',
    });
    expect(await rows('rules')).toMatchObject({
      columns: expect.arrayContaining(['buffer']),
      rows: [{ buffer: '50', state: 'active' }],
    });
    expect(await rows('breaks')).toMatchObject({ rows: [] });
    const [poor] = givenBorrowers(service, pool.contract);
    if (!poor) throw new Error('a borrower was asked for');
    expect(
      await postLoan(
        service,
        loanBody(pool, poor, {
          totalAmount: '12500',
          guaranteeAmount: '2500',
          schedule: [{ amount: '12500', dueAt: dueIn(30) }],
        }),
      ),
    ).toMatchObject({ status: 409 });
    expect(await rows('refusals')).toMatchObject({
      rows: [
        {
          borrower: poor.address,
          code: 'INSUFFICIENT_LIQUIDITY',
          amount: '10000',
          available: '9750',
        },
      ],
    });
  });

  test(
    'a dip between two points of a chart is shown: in the lowest available of its bin, ' +
      'and in minimum and maximum of the whole range',
    async () => {
      const {
        pool: { id },
      } = await givenPool(service, { deposit: 1_000_0000000n });
      // in one bin of 42 minutes, which the hour cannot cut: 1000, then 5 and 2000 for a moment
      // each, then 900
      await service.app.get(LedgerConnections, { strict: false }).write.query(
        `with bin as (select date_bin('42 minutes', clock_timestamp() - interval '2 hours',
          clock_timestamp() - interval '7 days') as begun)
        insert into snapshots (pool_id, ledger, total, locked, token_balance, observed_at, held,
          in_flight, buffer)
        select $1, n, units * 1e7, 0, units * 1e7, begun + make_interval(mins => 2 + 5 * n), 0, 0, 0
        from bin, (values (1, 1000), (2, 5), (3, 2000), (4, 900)) as snapshot(n, units)`,
        [id],
      );
      const history = (await look(`/data/pools/${id}/history?hours=168`)).body as {
        binSeconds: number;
        points: Record<string, unknown>[];
      };
      expect(history).toMatchObject({
        binSeconds: 2520,
        availableRange: { least: '5', most: '2000' },
      });
      expect(
        history.points.map(({ available, observed_available: observed }) => [available, observed]),
      ).toEqual([
        ['5', '900'],
        ['1000', '1000'],
      ]);
      expect(Object.keys(history.points[0] ?? {}).sort()).toEqual([
        'at',
        'available',
        'held',
        'in_flight',
        'lent_share',
        'locked',
        'observed_available',
        'used_share',
      ]);
      const unread = await givenPool(service);
      await service.app
        .get(LedgerConnections, { strict: false })
        .write.query('delete from snapshots where pool_id = $1', [unread.pool.id]);
      expect((await look(`/data/pools/${unread.pool.id}/history`)).body).toMatchObject({
        availableRange: { least: null, most: null },
        points: [],
      });
    },
  );

  test('a quarter of an hour has bins small enough to show a race', async () => {
    expect((await look(`/data/pools/${pool.pool.id}/history?hours=0.25`)).body).toMatchObject({
      binSeconds: 4,
    });
  });

  test.each([
    ['/history?hours=0', 400],
    ['/history?hours=0.5', 400],
    ['/history?hours=169', 400],
    ['/history?hours=x', 400],
    ['/history?since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z', 400],
    ['/history?since=2020-01-01T00:00:00Z', 400],
    ['/rows/breaks?cursor=x', 400],
    ['/history?since=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z', 200],
    ['/rows/secrets', 404],
    ['/rows/constructor', 404],
  ])('%s is refused: %i', async (url, status) => {
    expect((await look(`/data/pools/${pool.pool.id}${url}`)).status).toBe(status);
  });

  test('an unknown pool: 404 everywhere', async () => {
    for (const id of ['unknown', made[0]?.id ?? ''])
      for (const what of ['holds', 'in-flight', 'history', 'rows/rules'])
        expect(await look(`/data/pools/${id}/${what}`)).toMatchObject({
          status: 404,
          body: { code: 'POOL_NOT_FOUND' },
        });
  });
});

describe('every list is read to its end', () => {
  let given: LongLists;
  beforeAll(async () => {
    given = await givenLongLists(service);
  });
  interface Listed {
    readonly rows: unknown[];
    readonly nextCursor: string | null;
  }
  const page = async (list: string, member: string, query: string): Promise<Listed> => {
    const place = list.replace('POOL', given.pool.pool.id).replace('WEBHOOK', given.webhookId);
    const { status, body } = await look(`/data/${place}?${query}`);
    expect({ list, query, status }).toEqual({ list, query, status: 200 });
    return { rows: body[member] as unknown[], nextCursor: body['nextCursor'] as string | null };
  };
  test.each([
    ['pools/POOL/holds', 'holds'],
    ['pools/POOL/in-flight', 'reservations'],
    ['pools/POOL/rows/readings', 'rows'],
    ['pools/POOL/rows/refusals', 'rows'],
    ['pools/POOL/rows/breaks', 'rows'],
    ['reservations', 'reservations'],
    ['alarms', 'alarms'],
    ['breaks', 'episodes'],
    ['webhooks', 'webhooks'],
    ['webhooks/WEBHOOK/deliveries', 'deliveries'],
    ['channels', 'channels'],
    ['keys', 'keys'],
    ['actions', 'actions'],
  ])('%s, one row at a time', async (list, member) => {
    const all = await page(list, member, 'limit=200');
    expect([all.rows.length >= 3, all.nextCursor]).toEqual([true, null]);
    const seen: unknown[] = [];
    for (let query = 'limit=1'; query !== '';) {
      const { rows, nextCursor } = await page(list, member, query);
      seen.push(...rows);
      query = nextCursor === null ? '' : `limit=1&cursor=${nextCursor}`;
    }
    expect(seen).toEqual(all.rows);
    // a cursor of another list would be a value of another type
    const other = Buffer.from('other|1|1').toString('base64url');
    const place = list.replace('POOL', given.pool.pool.id).replace('WEBHOOK', given.webhookId);
    expect((await look(`/data/${place}?cursor=${other}`)).status).toBe(400);
  });

  test('filters narrow them', async () => {
    const [first = ''] = given.borrowers;
    for (const [list, member, query, count] of [
      ['pools/POOL/holds', 'holds', '', 4],
      ['pools/POOL/holds', 'holds', 'stage=submitted', 1],
      ['pools/POOL/holds', 'holds', 'stage=unsubmitted', 3],
      ['pools/POOL/holds', 'holds', 'stage=lapsed', 0],
      ['pools/POOL/holds', 'holds', `borrower=${first}`, 1],
      ['pools/POOL/in-flight', 'reservations', `borrower=${first}`, 0],
      ['breaks', 'episodes', `poolId=${given.pool.pool.id}&class=gap`, 2],
      ['channels', 'channels', 'state=removed', 1],
      ['webhooks', 'webhooks', 'tenant=shop', 2],
      ['webhooks', 'webhooks', 'event=held', 2],
      ['webhooks', 'webhooks', `id=${given.webhookId}`, 1],
      ['webhooks', 'webhooks', 'id=x', 0],
    ] as const) {
      const { rows } = await page(list, member, query);
      expect({ list, query, count: rows.length }).toEqual({ list, query, count });
    }
    for (const url of ['webhooks?event=theft', 'breaks?class=theft', 'channels?state=lost'])
      expect((await look(`/data/${url}`)).status).toBe(400);
  });
});
