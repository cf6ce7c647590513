import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApp } from '../../src/app.js';
import { ApiKeys } from '../../src/modules/access/api-keys.js';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { STREAM_HEADERS } from '../../src/modules/notifications/event-stream.js';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import { bearer, givenKey } from '../support/access.js';
import { hasCaddy, type Proxy, startCaddy } from '../support/caddy.js';
import { EventReader } from '../support/event-reader.js';
import {
  ask,
  givenBorrowers,
  givenPool,
  type GivenPool,
  givenService,
  loanBody,
  postLoan,
  type Service,
  signed,
  type Borrower,
} from '../support/given.js';

/** Two services on one database: the streams of the second show what is done through the first. */
let service: Service;
let pool: GivenPool;
let other: NestFastifyApplication;
let url: string;
beforeAll(async () => {
  service = await givenService();
  pool = await givenPool(service);
  other = await createApp({ ...service.config, EVENT_STREAMS_MAX: 4 });
  await other.listen(0, '127.0.0.1');
  url = await other.getUrl();
}, 60_000);
afterAll(async () => {
  await other.close();
  await service.stop();
});

const open = (of: string, lastEventId?: string): Promise<EventReader> =>
  EventReader.open(of, bearer(service.key), lastEventId);
const sql = <Row extends object>(text: string, values: unknown[] = []): Promise<{ rows: Row[] }> =>
  service.app.get(LedgerConnections, { strict: false }).write.query<Row>(text, values);
interface Held {
  readonly id: string;
  readonly xdr: string;
  readonly borrower: Borrower;
}
async function held(): Promise<Held> {
  const [borrower] = givenBorrowers(service, pool.contract);
  if (!borrower) throw new Error('a borrower was asked for');
  const { body } = await postLoan(
    service,
    loanBody(pool, borrower, {
      totalAmount: '10',
      guaranteeAmount: '2',
      schedule: [{ amount: '10', dueAt: '2099-01-01T00:00:00Z' }],
    }),
  );
  return {
    id: (body['loan'] as { id: string }).id,
    xdr: (body['transaction'] as { xdr: string }).xdr,
    borrower,
  };
}
const submit = (one: Held) =>
  ask(service, {
    url: `/loans/${one.id}/submission`,
    body: { signedXdr: signed(one.xdr, service.network.passphrase, one.borrower) },
  });
async function land(): Promise<void> {
  await service.network.closeLedgers(1);
  await new SettlementService({
    ledger: service.ledger,
    pools: service.registry,
    chain: service.chain,
  }).observePool(pool.pool);
}
/** Connections that LISTEN on this database. */
const listeners = async (): Promise<number[]> =>
  (
    await sql<{ pid: number }>(
      'select pid from pg_stat_activity where datname = current_database() and ' +
        `application_name = 'holdfast-listen' and query ilike 'listen %'`,
    )
  ).rows.map(({ pid }) => pid);
async function listening(not: readonly number[] = []): Promise<number> {
  for (;;) {
    // the database is the signal; each look is a round trip
    const pid = (await listeners()).find((each) => !not.includes(each));
    if (pid !== undefined) return pid;
  }
}

test(
  "a loan's stream: the state first, then each row of the journal as another process " +
    'commits it, to the end',
  async () => {
    const one = await held();
    const reader = await open(`${url}/loans/${one.id}/events`);
    const state = await reader.until(({ event }) => event === 'state');
    expect(state).toMatchObject({
      id: '1',
      data: { loanId: one.id, reservation: { state: 'held', amount: '8' }, journal: null },
    });
    expect(reader.retry).toBe(2000);
    await listening();
    await submit(one);
    expect(await reader.until(({ event }) => event === 'submitted')).toMatchObject({
      id: '2',
      data: { journal: { number: 2, stateAfter: 'held' } },
    });
    await land();
    expect(await reader.until(({ event }) => event === 'settled')).toMatchObject({
      id: '3',
      data: {
        loanId: one.id,
        journal: {
          stateBefore: 'held',
          stateAfter: 'settled',
          amount: '8',
          ledger: expect.any(Number),
        },
      },
    });
    reader.close();
    // nothing will follow: a browser stops asking
    expect((await open(`${url}/loans/${one.id}/events`, '3')).status).toBe(204);
    const resumed = await open(`${url}/loans/${one.id}/events`, '1');
    await resumed.until(({ event }) => event === 'settled');
    expect(resumed.events.map(({ id, event }) => [id, event])).toEqual([
      ['2', 'submitted'],
      ['3', 'settled'],
    ]);
    resumed.close();
  },
);

test(
  'the connection that listens is killed: nothing is lost, and the next change comes by ' +
    'notification again',
  async () => {
    const one = await held();
    const reader = await open(`${url}/loans/${one.id}/events`);
    await reader.until(({ event }) => event === 'state');
    const pid = await listening();
    await sql('select pg_terminate_backend($1)', [pid]);
    await submit(one);
    await reader.until(({ event }) => event === 'submitted');
    await listening([pid]);
    await land();
    await reader.until(({ event }) => event === 'settled');
    expect(reader.events.map(({ id }) => id)).toEqual(['1', '2', '3']);
    reader.close();
  },
);

test('a change without a notification is found by the poll every few seconds', async () => {
  const one = await held();
  const reader = await open(`${url}/loans/${one.id}/events`);
  await reader.until(({ event }) => event === 'state');
  await listening();
  const {
    rows: [row],
  } = await sql<{ pool_id: string; id: string }>(
    'select pool_id, id from reservations where loan_id = $1',
    [one.id],
  );
  const client = await service.app.get(LedgerConnections, { strict: false }).write.connect();
  try {
    await client.query('begin isolation level serializable');
    await client.query('select request_cancellation($1, $2)', [row?.pool_id, row?.id]);
    await client.query('commit');
  } finally {
    client.release();
  }
  expect(await reader.until(({ event }) => event === 'cancel_requested')).toMatchObject({
    id: '2',
  });
  reader.close();
});

test(
  "a pool's stream: the pool now, then after each change with its version; an unchanged " +
    'version sends nothing',
  async () => {
    const reader = await open(`${url}/pools/${pool.pool.id}/events`);
    const first = await reader.until(({ event }) => event === 'pool');
    expect(first.data).toMatchObject({ id: pool.pool.id, version: first.id });
    await held();
    const changed = await reader.until(({ id }) => BigInt(id ?? 0) > BigInt(first.id ?? 0));
    expect(Number(changed.data['held'])).toBe(Number(first.data['held']) + 8);
    reader.close();
    const same = await open(`${url}/pools/${pool.pool.id}/events`, changed.id ?? '');
    await held();
    const [next] = [await same.until(({ event }) => event === 'pool')];
    expect(BigInt(next.id ?? 0)).toBeGreaterThan(BigInt(changed.id ?? 0));
    same.close();
  },
);

describe('a refusal comes before the stream begins', () => {
  test.each([
    [
      'an unknown loan',
      { url: '/loans/01a20439-8365-721f-97de-c7ac9caaa4ad/events' },
      404,
      'LOAN_NOT_FOUND',
    ],
    ['no id at all', { url: '/loans/x/events' }, 404, 'LOAN_NOT_FOUND'],
    ['an unknown pool', { url: '/pools/x/events' }, 404, 'POOL_NOT_FOUND'],
    [
      'a place that is none',
      { url: '/pools/x/events', headers: { 'last-event-id': 'abc' } },
      400,
      'VALIDATION_FAILED',
    ],
  ])('%s', async (_, request, status, code) => {
    expect(await ask(service, request)).toMatchObject({ status, body: { code } });
  });

  test('one stream more than the limit is refused', async () => {
    const readers = await Promise.all(
      Array.from({ length: 4 }, () => open(`${url}/pools/${pool.pool.id}/events`)),
    );
    for (const reader of readers) await reader.until(({ event }) => event === 'pool');
    const refused = await fetch(`${url}/pools/${pool.pool.id}/events`, {
      headers: bearer(service.key),
    });
    expect([
      refused.status,
      refused.headers.get('retry-after'),
      await refused.json(),
    ]).toMatchObject([503, '10', { code: 'BUSY_RETRY' }]);
    for (const reader of readers) reader.close();
  });
});

test(
  "a revoked key ends its streams in every process within about a second, and no other's; " +
    'its reader is refused',
  async () => {
    const [leaked, operator] = [
      await givenKey(service.app, { name: 'leaked' }),
      await givenKey(service.app, { scopes: ['operate'], name: 'operator' }),
    ];
    const one = await held();
    const theirs = await Promise.all(
      [`/pools/${pool.pool.id}/events`, `/loans/${one.id}/events`].map((path) =>
        EventReader.open(`${url}${path}`, bearer(leaked)),
      ),
    );
    const ours = await open(`${url}/pools/${pool.pool.id}/events`);
    const page = await EventReader.open(`${url}/console/data/events`, bearer(operator));
    for (const reader of [...theirs, ours, page])
      await reader.until(({ event }) => event === 'pool' || event === 'state');
    const keys = service.app.get(ApiKeys, { strict: false }); // in another process than the streams
    const idOf = async (name: string): Promise<string> =>
      (await keys.list()).find((key) => key.name === name)?.id ?? '';
    const began = performance.now();
    await keys.revoke(await idOf('leaked'), {
      by: { kind: 'command', id: 'test', name: 'test' },
      reason: 'it was in a log',
    });
    for (const reader of theirs) {
      await reader.end();
      expect(reader.events.at(-1)).toEqual({
        id: null,
        event: 'closing',
        data: { reason: 'revoked' },
      });
    }
    // half a second and a busy machine; not 15 minutes
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(
      (await EventReader.open(`${url}/pools/${pool.pool.id}/events`, bearer(leaked))).status,
    ).toBe(401);
    expect([ours.ended, page.ended]).toEqual([false, false]);
    await keys.revoke(await idOf('operator'), {
      by: { kind: 'command', id: 'test', name: 'test' },
      reason: 'the operator left',
    });
    await page.end();
    expect(page.events.at(-1)).toMatchObject({ event: 'closing', data: { reason: 'revoked' } });
    expect(ours.ended).toBe(false);
    ours.close();
  },
  60_000,
);

test('a stop ends every stream with a last event, and does not wait for its reader', async () => {
  const last = await createApp(service.config);
  await last.listen(0, '127.0.0.1');
  const reader = await open(`${await last.getUrl()}/pools/${pool.pool.id}/events`);
  await reader.until(({ event }) => event === 'pool');
  await last.close();
  await reader.end();
  expect(reader.events.at(-1)).toEqual({
    id: null,
    event: 'closing',
    data: { reason: 'stopping' },
  });
});

test('HEAD on a stream answers the headers of the stream and ends; no proxy may transform it', async () => {
  const answer = await fetch(`${url}/pools/${pool.pool.id}/events`, {
    method: 'HEAD',
    headers: { authorization: `Bearer ${service.key}` },
    signal: AbortSignal.timeout(20_000),
  });
  expect([answer.status, await answer.text()]).toEqual([200, '']);
  expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store, no-transform');
  expect(answer.headers.get('content-encoding')).toBe('identity');
});

(hasCaddy() ? describe : describe.skip)('behind a proxy that compresses', () => {
  const EVENTS = 20;
  /** A server whose streams get an event each time. */
  const streams: ServerResponse[] = [];
  const stub = createServer(({ url: path }, response) => {
    response.writeHead(200, path === '/ours' ? STREAM_HEADERS : PLAIN_HEADERS);
    response.write(': ready\n\n'); // the proxy answers with the first byte that it compresses
    streams.push(response);
  });
  let before: Proxy;
  let proxied: Proxy;
  beforeAll(async () => {
    stub.listen(0, '127.0.0.1');
    await once(stub, 'listening');
    before = await startCaddy(`http://127.0.0.1:${(stub.address() as AddressInfo).port}`);
    proxied = await startCaddy(url);
  }, 60_000);
  afterAll(async () => {
    await Promise.all([before.stop(), proxied.stop()]);
    stub.closeAllConnections();
    stub.close();
  });

  test('a stream without our headers stands still, one with them does not', async () => {
    const [plain, ours] = [
      await receive(`${before.url}/plain`),
      await receive(`${before.url}/ours`),
    ];
    expect(plain.answer.headers['content-encoding']).toBe('gzip');
    for (let number = 1; number <= EVENTS; number++)
      for (const stream of streams) stream.write(`data: ${number}\n\n`);
    await ours.until(`data: ${EVENTS}\n\n`);
    // the header of gzip, and nothing of twenty events that were written before those of the other
    expect(plain.received().length).toBeLessThan(20);
  });

  test("a loan's stream passes at once", async () => {
    const one = await held();
    const reader = await open(`${proxied.url}/loans/${one.id}/events`);
    await reader.until(({ event }) => event === 'state');
    await submit(one);
    expect(await reader.until(({ event }) => event === 'submitted')).toMatchObject({ id: '2' });
    reader.close();
  });
});

const PLAIN_HEADERS = {
  'content-type': STREAM_HEADERS['content-type'],
  'cache-control': 'no-store',
};

/** The bytes of a stream as the proxy sends them to a client that takes gzip. */
async function receive(address: string) {
  const [answer] = (await once(
    get(address, { headers: { 'accept-encoding': 'gzip' } }),
    'response',
  )) as [IncomingMessage];
  let received = '';
  answer.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
  });
  answer.on('error', () => undefined); // the proxy is stopped at the end
  return {
    answer,
    received: () => received,
    until: async (words: string) => {
      while (!received.includes(words)) await once(answer, 'data');
    },
  };
}
