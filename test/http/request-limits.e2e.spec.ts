import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { bearer, givenKey } from '../support/access.js';
import {
  givenBorrowers,
  givenPool,
  type GivenPool,
  givenService,
  loanBody,
  type Service,
} from '../support/given.js';

/**
 * Limits of one request, over a real socket: bytes, depth, time. Every answer is a problem without
 * internals.
 */
let service: Service;
let pool: GivenPool;
let port: number;
beforeAll(async () => {
  service = await givenService({ REQUEST_TIMEOUT_MS: '1500', HANDLER_TIMEOUT_MS: '5000' });
  pool = await givenPool(service);
  await service.app.listen(0, '127.0.0.1');
  port = (service.app.getHttpServer().address() as net.AddressInfo).port;
});
afterAll(() => service.stop());

interface Seen {
  readonly status: number;
  readonly headers: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
}
const parsedAnswer = (text: string): Seen => {
  const [headers = '', body = ''] = text.split('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 ([0-9]{3})/.exec(headers)?.[1]),
    headers: headers.toLowerCase(),
    body: body.startsWith('{') ? (JSON.parse(body) as Record<string, unknown>) : {},
    text,
  };
};
/** Sends the bytes unchanged and reads until the server closes. */
async function raw(...bytes: readonly string[]): Promise<Seen> {
  const socket = net.connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  socket.on('error', () => undefined); // the server may cut while we still write
  for (const part of bytes) socket.write(part);
  await once(socket, 'close');
  return parsedAnswer(text);
}
const head = (method: string, path: string, headers: Readonly<Record<string, string>>): string =>
  [
    `${method} ${path} HTTP/1.1`,
    'host: holdfast.test',
    'connection: close',
    `authorization: Bearer ${service.key}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n');
const post = (body: string, headers: Readonly<Record<string, string>> = {}): Promise<Seen> =>
  raw(
    head('POST', '/loans', {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'idempotency-key': 'raw',
      ...headers,
    }) + body,
  );
const sound = ({ headers, text, body }: Seen): void => {
  expect(headers).toContain('content-type: application/problem+json');
  expect(body).toMatchObject({
    retryable: expect.any(Boolean),
    holdMade: false,
    requestId: expect.any(String),
  });
  expect(text).not.toMatch(/node_modules|\.js:|at .*\(|FST_|HPE_|ERR_|select |insert /i);
};

describe('bytes', () => {
  test(
    'a body of 64 kB is read, one byte more is 413, whether Content-Length announces it ' +
      'or not',
    async () => {
      const filled = (bytes: number): string => `{"poolId":"${'x'.repeat(bytes - 13)}"}`;
      expect((await post(filled(65_536))).body).toMatchObject({
        status: 400,
        code: 'VALIDATION_FAILED',
      });
      const over = await post(filled(65_537));
      expect(over).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } });
      sound(over);
      const chunk = 'a'.repeat(40_000);
      const chunked = await raw(
        head('POST', '/loans', {
          'content-type': 'application/json',
          'transfer-encoding': 'chunked',
          'idempotency-key': 'raw',
        }),
        `9c40\r\n${chunk}\r\n`,
        `9c40\r\n${chunk}\r\n0\r\n\r\n`,
      );
      expect(chunked).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } });
    },
  );

  test('headers or a path beyond 16 kB are 431, a path with a long id does not exist', async () => {
    const headers = await raw(head('GET', '/pools', { 'x-long': 'a'.repeat(17_000) }));
    const path = await raw(head('GET', `/pools?state=${'a'.repeat(17_000)}`, {}));
    for (const answer of [headers, path]) {
      expect(answer).toMatchObject({ status: 431, body: { code: 'HEADERS_TOO_LARGE' } });
      sound(answer);
    }
    expect((await raw(head('GET', '/pools', { 'x-long': 'a'.repeat(12_000) }))).status).toBe(200);
    const id = await raw(head('GET', `/loans/${'a'.repeat(5000)}`, {}));
    expect(id).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    sound(id);
  });

  test('what is not HTTP is 400', async () => {
    const answer = await raw('HELLO\r\n\r\n');
    expect(answer).toMatchObject({
      status: 400,
      body: {
        code: 'VALIDATION_FAILED',
        errors: [{ field: 'request', message: 'is not valid HTTP' }],
      },
    });
    sound(answer);
  });
});

describe('depth', () => {
  const nested = (levels: number, open: string, close: string): string =>
    open.repeat(levels) + close.repeat(levels);
  test.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])(
    '%s: 17 levels are read, 18 are refused by name, and so are the most that fit into a ' + 'body',
    async (_, open, close) => {
      const body = (levels: number): string =>
        open === '['
          ? nested(levels, open, close)
          : `${open.repeat(levels - 1)}{}${close.repeat(levels - 1)}`;
      const said = { errors: [{ field: 'body', message: 'is nested deeper than 16 levels' }] };
      const fine = await post(body(17));
      expect(fine).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
      expect(fine.body).not.toMatchObject(said);
      for (const levels of [18, 10_000]) {
        const deep = await post(body(levels));
        expect(deep).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED', ...said } });
        sound(deep);
      }
    },
  );

  test('is checked on every route that takes a body', async () => {
    const body = nested(30_000, '[', ']');
    const answer = await raw(
      head('POST', '/loans/01a20439-846e-7397-a330-e4d8bfa1007d/submission', {
        'content-type': 'application/json',
        'content-length': String(body.length),
      }) + body,
    );
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'body', message: 'is nested deeper than 16 levels' }] },
    });
  });
});

describe('time', () => {
  test(
    'headers or a body that do not arrive are 408, and the socket ends soon after the ' + 'limit',
    async () => {
      const begun = performance.now();
      const [slowHead, slowBody] = await Promise.all([
        raw('GET /pools HTTP/1.1\r\nhost: holdfast'),
        raw(
          head('POST', '/loans', { 'content-type': 'application/json', 'content-length': '500' }),
          '{"poolId":',
        ),
      ]);
      expect(performance.now() - begun).toBeGreaterThanOrEqual(1400);
      expect(performance.now() - begun).toBeLessThan(20_000); // Node alone would take 60 s and more
      for (const answer of [slowHead, slowBody]) {
        expect(answer).toMatchObject({
          status: 408,
          body: { code: 'REQUEST_TIMEOUT', retryable: true },
        });
        sound(answer);
      }
    },
  );

  test(
    'an answer that takes too long is 503: the same key shows whether a hold was made; a ' +
      'read made none',
    async () => {
      const body = JSON.stringify(loanBody(pool, borrower()));
      const send = (): Promise<Response> =>
        fetch(`http://127.0.0.1:${port}/loans`, {
          method: 'POST',
          body,
          headers: {
            'content-type': 'application/json',
            'idempotency-key': 'late',
            ...bearer(service.key),
          },
        });
      const late = await blocking('lock table ledger_gate in exclusive mode', send);
      expect([late.status, late.headers.get('retry-after')]).toEqual([503, '2']);
      expect(await late.json()).toMatchObject({
        code: 'BUSY_RETRY',
        retryable: true,
        holdMade: null,
      });
      expect(await untilHeld(send)).toMatchObject({ status: 201 });
      expect(await service.ledger.reader.position(pool.pool.id)).toMatchObject({ heldCount: 1 });

      const reader = await blocking('lock table pools in access exclusive mode', () =>
        fetch(`http://127.0.0.1:${port}/pools`, { headers: bearer(service.key) }),
      );
      expect(reader.status).toBe(503);
      expect(await reader.json()).toMatchObject({ code: 'BUSY_RETRY', holdMade: false });
    },
  );

  describe('a report', () => {
    const file = async (name: string): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}/operator/reports/${name}`, {
        headers: bearer(await givenKey(service.app, { scopes: ['operate'] })),
      });
    const both = (): Promise<Response[]> =>
      Promise.all([file('reservations.csv'), file('ageing.csv')]);
    const locked = (): Promise<Response[]> =>
      blocking('lock table reservations in access exclusive mode', both);

    test('that is not ready in time is reported before the request itself times out', async () => {
      const [long, now] = await locked();
      expect([long?.status, await long?.json()]).toEqual([
        400,
        expect.objectContaining({
          code: 'VALIDATION_FAILED',
          retryable: false,
          detail: expect.stringContaining('within 2 s. Ask for a shorter range'),
        }),
      ]);
      expect([now?.status, await now?.json()]).toEqual([
        503,
        expect.objectContaining({
          code: 'BUSY_RETRY',
          detail: expect.stringContaining('did not answer within 2 s'),
        }),
      ]);
    });

    test(
      'that is ready after its answer leaves no connection behind: there is room for two ' + 'more',
      async () => {
        const { exports } = service.app.get(LedgerConnections, { strict: false });
        const changed: pg.PoolClient[] = [];
        const patient = (client: pg.PoolClient): void => {
          // as when connecting took long, or the statement before
          changed.push(client);
          const asked = client.query.bind(client) as (
            text: unknown,
            values?: unknown[],
          ) => Promise<pg.QueryResult>;
          client.query = ((text: unknown, values?: unknown[]) =>
            asked(
              typeof text === 'string'
                ? text.replace("statement_timeout = '2s'", "statement_timeout = '30s'")
                : text,
              values,
            )) as typeof client.query;
        };
        exports.on('acquire', patient);
        const late = await locked().finally(() => {
          exports.off('acquire', patient);
        });
        for (const answer of late)
          expect([answer.status, await answer.json()]).toEqual([
            503,
            expect.objectContaining({
              detail: 'No answer within 5 s. Try again.',
              holdMade: false,
            }),
          ]);
        for (let looks = 0; looks < 100 && exports.idleCount < exports.totalCount; looks++)
          await new Promise((wake) => {
            setTimeout(wake, 50);
          });
        expect(exports.totalCount - exports.idleCount).toBe(0); // lent out
        for (const client of changed) Reflect.deleteProperty(client, 'query');
        for (const answer of await both())
          expect([answer.status, (await answer.text()).startsWith('pool_id,')]).toEqual([
            200,
            true,
          ]);
      },
    );
  });

  test(
    'a client that disconnects while its hold is decided loses only the answer, and the ' +
      'same key returns it',
    async () => {
      const body = JSON.stringify(loanBody(pool, borrower()));
      const held = (await service.ledger.reader.position(pool.pool.id))?.heldCount ?? 0;
      await blocking('lock table ledger_gate in exclusive mode', async (client) => {
        const socket = net.connect(port, '127.0.0.1');
        socket.write(
          head('POST', '/loans', {
            'content-type': 'application/json',
            'content-length': String(body.length),
            'idempotency-key': 'gone',
          }) + body,
        );
        await until(
          async () =>
            (
              await client.query(
                `select from pg_locks where relation = 'ledger_gate'::regclass and not granted`,
              )
            ).rowCount === 1,
        );
        socket.destroy();
      });
      await until(
        async () =>
          ((await service.ledger.reader.position(pool.pool.id))?.heldCount ?? 0) === held + 1,
      );
      const again = await fetch(`http://127.0.0.1:${port}/loans`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'idempotency-key': 'gone',
          ...bearer(service.key),
        },
      });
      expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
      expect(await service.ledger.reader.position(pool.pool.id)).toMatchObject({
        heldCount: held + 1,
      });
    },
  );
});

function borrower(): { address: string; secret: string } {
  const [one] = givenBorrowers(service, pool.contract);
  if (!one) throw new Error('a borrower was asked for');
  return one;
}
async function blocking<T>(lock: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(service.database.url);
  await client.connect();
  try {
    await client.query(`begin; ${lock}`);
    return await work(client);
  } finally {
    await client.query('rollback');
    await client.end();
  }
}
/** Waits until it is true. The test's own time limit ends the wait. */
async function until(look: () => Promise<boolean>): Promise<void> {
  while (!(await look()))
    await new Promise((wake) => {
      setTimeout(wake, 20);
    });
}
async function untilHeld(send: () => Promise<Response>): Promise<Response> {
  for (;;) {
    const answer = await send();
    if (answer.status !== 503) return answer;
  }
}
