import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { noteCode, noteLogIds, withLogIds } from '../telemetry/log-scope.js';
import { logOptions, RequestLog } from './request-log.js';
import { watchRequests } from './request.hooks.js';

const outside = AsyncLocalStorage.snapshot();

/** Serves one request, logs as the service does, and gives the lines that were written. */
async function linesOf(
  path: string,
  status: number,
  extra: object = {},
  work: (log: () => void, response: object) => void = (log) => {
    log();
  },
): Promise<Record<string, unknown>[]> {
  const lines: string[] = [];
  const out = new Writable({
    write: (chunk: Buffer, _, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  const log = pino(logOptions('info'), out);
  const adapter = new FastifyAdapter({ genReqId: () => 'r1' });
  watchRequests(adapter, new RequestLog('info', out));
  const fastify = adapter.getInstance();
  let closed: Promise<unknown> | undefined;
  fastify.get('/*', (_request, reply) => {
    closed = once(reply.raw, 'close');
    // outside the request's own scope, so that a test chooses the ids
    outside(() => {
      work(() => {
        log.info(extra, 'work');
      }, reply.raw);
    });
    return reply.code(status).send('');
  });
  const url = await fastify.listen({ port: 0, host: '127.0.0.1' });
  try {
    await fetch(url + path, {
      headers: {
        authorization: 'Bearer s3cret',
        'idempotency-key': 's3cret',
        cookie: 'holdfast_session=s3cret',
      },
    });
    await closed;
  } finally {
    await fastify.close();
  }
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('a request is one line: id, path, status; nothing that could sign, be replayed or fund', async () => {
  const lines = await linesOf('/loans?borrower=s3cret', 201, {
    xdr: 's3cret',
    loan: { signedXdr: 's3cret' },
    authorization: 's3cret',
    token: 's3cret',
    transaction: 's3cret',
    key: 's3cret',
    signedAuthorization: 's3cret',
    landing: { signedEntryXdr: 's3cret' },
    config: { JWT_SECRET: 's3cret', AUTH_SIGNING_SEED: 's3cret', CHANNEL_SECRETS: 's3cret' },
    made: { key: 's3cret', token: 's3cret' },
  });
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatchObject({
    req: { id: 'r1', method: 'GET', path: '/loans' },
    res: { status: 201 },
    level: 30,
  });
  expect(JSON.stringify(lines)).not.toContain('s3cret');
});

test.each([
  [200, 30],
  [409, 30],
  [503, 40],
  [500, 50],
])('status %i is logged at level %i', async (status, level) => {
  expect((await linesOf('/loans', status)).at(-1)).toMatchObject({ level });
});

test.each([
  [409, 'BORROWER_BUSY', 'request completed'],
  [503, 'SNAPSHOT_STALE', 'request completed'],
  [500, 'INTERNAL', 'request errored'],
])(
  '%i %s: the line of the request names the code, and carries no stack that the logger made up',
  async (status, code, msg) => {
    const lines = await linesOf('/loans', status, {}, (log, response) => {
      log();
      noteCode(response, code);
    });
    expect(lines.at(-1)).toMatchObject({ code, msg, res: { status } });
    expect(lines.at(-1)).not.toHaveProperty('err');
    expect(lines[0]).not.toHaveProperty('code'); // not known then
  },
);

test('nothing that could sign, be replayed or grant access is logged, in whatever form it is passed', async () => {
  const lines = await linesOf('/loans', 200, {
    xdr: 's3cret',
    signedXdr: 's3cret',
    xdr_deflated: 's3cret',
    password: 's3cret',
    secret: 's3cret',
    token: 's3cret',
    idempotencyKey: 's3cret',
    row: {
      xdr_deflated: 's3cret',
      signed_xdr_deflated: 's3cret',
      token: 's3cret',
      secret: 's3cret',
      password: 's3cret',
      idempotencyKey: 's3cret',
    },
    err: { query: 's3cret', parameters: ['s3cret'], config: 's3cret' },
    kept: 'open',
  });
  expect(JSON.stringify(lines)).not.toContain('s3cret');
  expect(lines[0]).toMatchObject({ kept: 'open', msg: 'work' });
});

test('each line carries the ids that are known where it is written, and no trace when nothing is traced', async () => {
  const told = await linesOf('/loans', 200, {}, (log) => {
    withLogIds({ requestId: 'r7' }, () => {
      noteLogIds({ poolId: 'p7', loanId: 'l7', reservationId: 'v7' });
      withLogIds({ alarm: 'shortfall', poolId: 'p8' }, () => {
        /* another's ids stay with it */
      });
      log();
    });
    noteLogIds({ poolId: 'nobody' }); // outside of a request: nothing happens
  });
  expect(told[0]).toMatchObject({
    msg: 'work',
    requestId: 'r7',
    poolId: 'p7',
    loanId: 'l7',
    reservationId: 'v7',
  });
  expect(told[0]).not.toHaveProperty('alarm');
  expect(told[0]).not.toHaveProperty('traceId');
  expect(told[1]).not.toHaveProperty('poolId');
});

test('health checks are not logged', async () => {
  expect(await linesOf('/health/live', 200)).toHaveLength(1); // the line of the work itself
  expect(await linesOf('/metrics', 200)).toHaveLength(1);
});

test.each([
  ['/docs/swagger-ui-bundle.js', 1],
  ['/admin/queues/assets/root.js', 1],
  ['/console/assets/x/console.js', 1],
  ['/console/data/overview', 1],
  ['/docs', 2],
  ['/console', 2],
  ['/admin/queues/jobs', 2],
])('%s: the files of a page are not logged, the page is', async (path, lines) => {
  expect(await linesOf(path, 200)).toHaveLength(lines);
});
