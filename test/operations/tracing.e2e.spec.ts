import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import {
  type Borrower,
  type GivenPool,
  givenBorrowers,
  givenPool,
  givenService,
  loanBody,
  type Service,
  signed,
} from '../support/given.js';
import { bearer, givenKey } from '../support/access.js';
import {
  type OtlpReceiver,
  type ReceivedSpan,
  startOtlpReceiver,
} from '../support/otlp-receiver.js';
import { scrapeOf } from '../support/scrape.js';
import {
  postLoanTo,
  type ServiceProcess,
  startServiceProcess,
} from '../support/service-process.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
let service: Service;
let given: GivenPool;

beforeAll(async () => {
  service = await givenService();
  given = await givenPool(service);
});
afterAll(() => service.stop());

const start = (env: Record<string, string>): Promise<ServiceProcess> =>
  startServiceProcess(
    {
      databaseUrl: service.database.url,
      rpcUrl: service.network.rpcUrl,
      passphrase: service.network.passphrase,
    },
    { preload: 'modules-preload', env },
  );
/** Whether another connection waits for what this one has locked. */
const hasWaiter = async (holder: pg.Client): Promise<boolean> =>
  (
    await holder.query(
      'select from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))',
    )
  ).rows.length > 0;
const loadedBy = (process: ServiceProcess): string[] =>
  JSON.parse(/loaded: (\[.*\])/.exec(process.output())?.[1] ?? '[]') as string[];

describe('with a collector configured', () => {
  let receiver: OtlpReceiver;
  let traced: ServiceProcess;
  beforeAll(async () => {
    receiver = await startOtlpReceiver();
    traced = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '100',
      OTEL_SERVICE_NAME: 'holdfast-under-test',
    });
  }, 60_000);
  afterAll(async () => {
    await traced.stop();
    await receiver.close();
  });

  test('POST /loans is one trace from the caller to SQL and RPC', async () => {
    const [borrower] = givenBorrowers(service, given.contract);
    if (!borrower) throw new Error('one was asked for');
    const key = randomUUID();
    const answer = await fetch(`${traced.url}/loans`, {
      method: 'POST',
      body: JSON.stringify(loanBody(given, borrower)),
      headers: {
        'content-type': 'application/json',
        'idempotency-key': key,
        ...bearer(service.key),
        traceparent: `00-${TRACE}-${CALLER}-01`,
      },
    });
    const body = (await answer.json()) as {
      loan: { id: string };
      reservation: { id: string };
      transaction: { xdr: string };
    };
    expect(answer.status).toBe(201);
    const spans = (
      await receiver.until((all) =>
        all.some(({ name, traceId }) => name === 'POST /loans' && traceId === TRACE),
      )
    ).filter(({ traceId }) => traceId === TRACE);
    const one = (name: string): ReceivedSpan => {
      const [first, ...more] = spans.filter((span) => span.name === name);
      if (!first || more.length > 0)
        throw new Error(
          `${name} is there ${more.length + (first ? 1 : 0)} times among ${spans.map((span) => span.name).join(', ')}`,
        );
      return first;
    };
    const request = one('POST /loans');
    expect(request).toMatchObject({
      parentSpanId: CALLER,
      kind: 2,
      service: 'holdfast-under-test',
      attributes: {
        'http.route': '/loans',
        'http.request.method': 'POST',
        'http.response.status_code': 201,
      },
    });
    const hold = one('ledger hold');
    expect(hold).toMatchObject({
      parentSpanId: request.spanId,
      attributes: {
        'holdfast.pool_id': given.pool.id,
        'holdfast.reservation_id': body.reservation.id,
      },
    });
    const transaction = one('transaction hold');
    expect(transaction).toMatchObject({
      parentSpanId: hold.spanId,
      attributes: { 'db.system.name': 'postgresql', 'holdfast.tries': 1 },
    });
    expect(one('sql BEGIN').parentSpanId).toBe(transaction.spanId);
    for (const [name, text] of [
      ['sql hold_facts', 'select p.id, p.network'],
      ['sql hold_rows', 'with new as materialized'],
    ] as const)
      expect(one(name)).toMatchObject({
        parentSpanId: transaction.spanId,
        kind: 3,
        attributes: { 'db.query.text': expect.stringContaining(text) },
      });
    expect(one('sql COMMIT').parentSpanId).toBe(transaction.spanId);
    expect(one('rpc simulateTransaction')).toMatchObject({
      parentSpanId: request.spanId,
      kind: 3,
      attributes: { 'rpc.method': 'simulateTransaction' },
    });
    for (const secret of [
      borrower.address,
      key,
      body.transaction.xdr,
      body.transaction.xdr.slice(20, 60),
    ])
      expect(receiver.raw()).not.toContain(secret);
    expect(receiver.raw()).toContain(body.reservation.id); // the search itself
  }, 60_000);

  test('a batch of several requests is a trace of its own, linked to each of them', async () => {
    const borrowers = givenBorrowers(service, given.contract, { count: 4 });
    const gate = new pg.Client(service.database.url);
    await gate.connect();
    await gate.query('begin; lock table ledger_gate in exclusive mode');
    const operator = bearer(await givenKey(service.app, { scopes: ['operate'] }));
    const ask = (of: readonly Borrower[]): Promise<Response>[] =>
      of.map((borrower) =>
        postLoanTo(
          { url: traced.url, apiKey: service.key },
          loanBody(given, borrower),
          randomUUID(),
        ),
      );
    // the first stands before the gate, and the others wait behind it
    const [first, others] = [borrowers.slice(0, 1), borrowers.slice(1)];
    const answers = ask(first);
    while (!(await hasWaiter(gate)))
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    answers.push(...ask(others));
    while (
      scrapeOf(await (await fetch(`${traced.url}/metrics`, { headers: operator })).text()).value(
        'holdfast_hold_queue_length',
      ) !== 3
    )
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    await gate.query('commit');
    await gate.end();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    const spans = await receiver.until(
      (all) =>
        all.some(({ links = [] }) => links.length > 0) &&
        all.filter(({ name }) => name === 'POST /loans').length >= 5,
    );
    const batch = spans.find(({ links = [] }) => links.length > 0);
    expect(batch).toMatchObject({ name: 'transaction hold' });
    expect(batch?.parentSpanId ?? '').toBe('');
    const holds = spans.filter(({ name }) => name === 'ledger hold');
    expect(batch?.links).toHaveLength(3);
    for (const { traceId, spanId } of batch?.links ?? [])
      expect(holds.some((hold) => hold.traceId === traceId && hold.spanId === spanId)).toBe(true);
  }, 60_000);

  test('log lines carry the trace and the known ids', async () => {
    const completed = traced
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => line['traceId'] === TRACE);
    expect(completed).toEqual([
      expect.objectContaining({
        requestId: expect.any(String),
        poolId: given.pool.id,
        loanId: expect.any(String),
        reservationId: expect.any(String),
        msg: 'request completed',
      }),
    ]);
    for (const absent of ['attemptId', 'code']) expect(completed[0]).not.toHaveProperty(absent);
  });

  test('a refused POST /loans names its code, and no ids of a loan that never became a row', async () => {
    const [borrower] = givenBorrowers(service, given.contract);
    const body = loanBody(given, borrower ?? { address: '', secret: '' }, {
      totalAmount: '900000',
      guaranteeAmount: '180000',
      schedule: [{ amount: '900000', dueAt: '2099-01-01T00:00:00Z' }],
    });
    const answer = await postLoanTo({ url: traced.url, apiKey: service.key }, body, randomUUID());
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      409,
      'INSUFFICIENT_LIQUIDITY',
    ]);
    const unread = await fetch(`${traced.url}/loans`, {
      method: 'POST',
      body: '{',
      headers: { 'content-type': 'application/json', ...bearer(service.key) },
    });
    expect(unread.status).toBe(400);
    const lineOf = async (status: number): Promise<Record<string, unknown>> => {
      for (;;) {
        // written after the answer was sent
        const found = traced
          .output()
          .split('\n')
          .filter((line) => line.startsWith('{'))
          .map((line) => JSON.parse(line) as { res?: { status?: number } })
          .find(({ res }) => res?.status === status);
        if (found) return found as Record<string, unknown>;
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      }
    };
    const refused = await lineOf(409);
    expect(refused).toMatchObject({
      code: 'INSUFFICIENT_LIQUIDITY',
      poolId: given.pool.id,
      attemptId: expect.any(String),
      msg: 'request completed',
    });
    for (const id of ['loanId', 'reservationId']) expect(refused).not.toHaveProperty(id);
    // read outside the request's scope
    expect(await lineOf(400)).toMatchObject({ code: 'VALIDATION_FAILED' });
  }, 60_000);

  test(
    'a round of a job is a trace of its own, down to the node; the hold that it settled ' +
      'gets one log line, without its transaction',
    async () => {
      const [borrower] = givenBorrowers(service, given.contract);
      const { loan, reservation, transaction } = (await (
        await postLoanTo(
          { url: traced.url, apiKey: service.key },
          loanBody(given, borrower ?? { address: '', secret: '' }),
          randomUUID(),
        )
      ).json()) as {
        loan: { id: string };
        reservation: { id: string };
        transaction: { xdr: string; hash: string };
      };
      const signedXdr = signed(
        transaction.xdr,
        service.network.passphrase,
        borrower ?? { address: '', secret: '' },
      );
      expect(
        (
          await fetch(`${traced.url}/loans/${loan.id}/submission`, {
            method: 'POST',
            body: JSON.stringify({ signedXdr }),
            headers: { 'content-type': 'application/json', ...bearer(service.key) },
          })
        ).status,
      ).toBe(202);
      await service.network.closeLedgers(1);
      const worker = await startServiceProcess(
        {
          databaseUrl: service.database.url,
          rpcUrl: service.network.rpcUrl,
          passphrase: service.network.passphrase,
        },
        {
          ready: 'worker runs',
          env: {
            ROLE: 'worker',
            OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
            OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
            OTEL_BSP_SCHEDULE_DELAY: '100',
          },
        },
      );
      const ofWorker = (all: readonly ReceivedSpan[]) =>
        all.filter(({ service: name }) => name === 'holdfast');
      const spans = ofWorker(
        await receiver.until((all) =>
          ['job observe-pools', 'transaction observe'].every((wanted) =>
            ofWorker(all).some(({ name }) => name === wanted),
          ),
        ),
      );
      while (!worker.output().includes(`"hold ended"`))
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
      await worker.stop();
      const ends = worker
        .output()
        .split('\n')
        .filter((line) => line.includes('"hold ended"'))
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(ends).toEqual([
        expect.objectContaining({
          level: 30,
          context: 'settlement',
          poolId: given.pool.id,
          reservationId: reservation.id,
          outcome: 'settled',
          ledger: expect.any(Number),
          certificate: 'D4',
        }),
      ]);
      for (const secret of [transaction.xdr, transaction.hash, borrower?.address])
        expect(JSON.stringify(ends)).not.toContain(secret);
      const job = spans.find(({ name }) => name === 'job observe-pools');
      expect(job?.parentSpanId ?? '').toBe('');
      for (const name of ['rpc getLedgerEntries', 'transaction observe'])
        expect(spans.some((span) => span.name === name && span.traceId === job?.traceId)).toBe(
          true,
        );
    },
    60_000,
  );

  test('the SDK was loaded for it', async () => {
    await traced.stop();
    expect(loadedBy(traced)).toEqual(
      expect.arrayContaining([
        '@opentelemetry/api',
        '@opentelemetry/sdk-node',
        '@opentelemetry/exporter-trace-otlp-http',
      ]),
    );
  });
});

test('without configuration nothing of OpenTelemetry is loaded but its API, which is in the bundle', async () => {
  const plain = await start({});
  expect((await fetch(`${plain.url}/health/live`)).status).toBe(200);
  await plain.stop();
  expect(loadedBy(plain)).toEqual([]);
}, 60_000);
