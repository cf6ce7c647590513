import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createApp } from '../../src/app.js';
import { webhookKey } from '../../src/common/config.js';
import { openRooms } from '../../src/cli/rooms.js';
import { run as runCommand } from '../../src/cli/command-line.js';
import { webhooksCommand } from '../../src/cli/webhooks.command.js';
import { JobsModule } from '../../src/jobs/jobs.module.js';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import {
  WebhookRounds,
  type RoundOptions,
} from '../../src/modules/notifications/webhook-rounds.js';
import { isSigned } from '../../src/modules/notifications/webhook-signature.js';
import { WebhookStore } from '../../src/modules/notifications/webhook-store.js';
import {
  type Answer,
  ask,
  givenBorrowers,
  givenPool,
  type GivenPool,
  givenService,
  loanBody,
  postLoan,
  type Service,
} from '../support/given.js';
import { bearer, givenKey } from '../support/access.js';
import { Receiver } from '../support/receiver.js';

let service: Service;
let pool: GivenPool;
let receiver: Receiver;
beforeAll(async () => {
  service = await givenService({}, undefined, 'server');
  pool = await givenPool(service);
});
afterAll(() => service.stop());
beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(async () => {
  await receiver.stop();
  for (const { id } of (await ask(service, { url: '/webhooks' })).body['webhooks'] as {
    id: string;
  }[])
    await ask(service, { method: 'DELETE', url: `/webhooks/${id}` });
});

const sql = <Row extends object>(text: string, values: unknown[] = []): Promise<{ rows: Row[] }> =>
  service.app.get(LedgerConnections, { strict: false }).read.query<Row>(text, values);
/** The worker's side, as a process that has just started: it remembers nothing. */
const rounds = (options: Partial<RoundOptions> = {}): WebhookRounds =>
  new WebhookRounds(new WebhookStore(service.app.get(LedgerConnections, { strict: false })), {
    key: webhookKey(service.config),
    publicOnly: false,
    backoffMs: 1,
    leaseMs: 60_000,
    timeLimitMs: 10_000,
    attemptsMax: 4,
    ...options,
  });
/** Back-off follows the database's clock, so this makes every delivery due now. */
const dueNow = (): Promise<unknown> =>
  sql(`update webhook_deliveries set due_at = clock_timestamp() where state = 'pending'`);
const add = (body: object = {}): Promise<Answer> =>
  ask(service, { url: '/webhooks', body: { url: receiver.url, ...body } });
const SMALL = {
  totalAmount: '10',
  guaranteeAmount: '2',
  schedule: [{ amount: '10', dueAt: '2099-01-01T00:00:00Z' }],
};
async function held(): Promise<{ loanId: string; reservationId: string }> {
  const [borrower] = givenBorrowers(service, pool.contract);
  if (!borrower) throw new Error('a borrower was asked for');
  const { body } = await postLoan(service, loanBody(pool, borrower, SMALL));
  return {
    loanId: (body['loan'] as { id: string }).id,
    reservationId: (body['reservation'] as { id: string }).id,
  };
}
interface Listed {
  readonly id: string;
  readonly eventId: string;
  readonly state: string;
  readonly attempts: number;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
}
const deliveries = async (id: unknown): Promise<Listed[]> =>
  (await ask(service, { url: `/webhooks/${String(id as string)}/deliveries` })).body[
    'deliveries'
  ] as Listed[];

describe('routes', () => {
  test('add, list, read and remove a webhook; the secret is shown once', async () => {
    const added = await add({ events: ['settled', 'settled', 'expired'] });
    expect(added).toMatchObject({
      status: 201,
      headers: { location: `/webhooks/${added.body['id'] as string}` },
      body: {
        url: receiver.url,
        events: ['settled', 'expired'],
        secret: expect.stringMatching(/^whsec_/),
      },
    });
    const { secret: _, ...shown } = added.body;
    expect((await ask(service, { url: String(added.headers['location']) })).body).toEqual(shown);
    expect((await ask(service, { url: '/webhooks' })).body).toEqual({ webhooks: [shown] });
    expect(
      (await sql(`select * from webhooks`)).rows.map((row) => JSON.stringify(row)).join(),
    ).not.toContain(String(added.body['secret']).slice(6));
    expect(
      await ask(service, { method: 'DELETE', url: `/webhooks/${added.body['id'] as string}` }),
    ).toMatchObject({ status: 204, text: '' });
    expect(
      await ask(service, { method: 'DELETE', url: `/webhooks/${added.body['id'] as string}` }),
    ).toMatchObject({ status: 404, body: { code: 'WEBHOOK_NOT_FOUND' } });
    expect((await ask(service, { url: '/webhooks' })).body).toEqual({ webhooks: [] });
  });

  test.each([
    [{ url: 'ftp://x' }, 'url'],
    [{ url: 'https://a:b@example.org' }, 'url'],
    [{ url: 5 }, 'url'],
    [{ events: ['paid'] }, 'events[0]'],
    [{ secret: 'mine' }, 'secret'],
  ])('%j is refused', async (body, field) => {
    expect(await add(body)).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', errors: [{ field }] },
    });
  });

  test('a test event is signed, belongs to no loan, and says what the receiver answered', async () => {
    const { id, secret } = (await add()).body as { id: string; secret: string };
    receiver.behaviour = [200, 500];
    const test = (): Promise<Answer> =>
      ask(service, { method: 'POST', url: `/webhooks/${id}/test` });
    const accepted = await test();
    expect(accepted).toMatchObject({
      status: 200,
      body: { delivered: true, status: 200, error: null, milliseconds: expect.any(Number) },
    });
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    expect(headers['holdfast-event-id']).toBe(accepted.body['eventId']);
    expect(JSON.parse(body)).toMatchObject({ type: 'test', loanId: null, data: null });
    const now = Math.floor(Date.now() / 1000);
    expect(
      isSigned(String(headers['holdfast-signature']), body, secret, { now, toleranceSeconds: 60 }),
    ).toBe(true);
    expect((await test()).body).toMatchObject({
      delivered: false,
      status: 500,
      error: 'answered 500',
    });
    expect(await deliveries(id)).toEqual([]); // it is no delivery
  });

  test('a tenant has at most 20 webhooks', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => add()));
    expect(made.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201));
    expect(await add()).toMatchObject({ status: 400, body: { errors: [{ field: 'url' }] } });
  });

  test('deliveries of no webhook, and no delivery', async () => {
    const { body } = await add();
    const unknown = '01a20439-8365-721f-97de-c7ac9caaa4ad';
    expect(await ask(service, { url: `/webhooks/${unknown}/deliveries` })).toMatchObject({
      status: 404,
      body: { code: 'WEBHOOK_NOT_FOUND' },
    });
    for (const id of [unknown, 'x'])
      expect(
        await ask(service, {
          method: 'POST',
          url: `/webhooks/${body['id'] as string}/deliveries/${id}/replay`,
        }),
      ).toMatchObject({ status: 404, body: { code: 'DELIVERY_NOT_FOUND' } });
  });
});

describe('for operators', () => {
  let operator: { authorization: string };
  beforeAll(async () => {
    operator = bearer(await givenKey(service.app, { scopes: ['operate'], name: 'ada' }));
  });
  const act = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Answer> =>
    ask(service, {
      method,
      url: `/operator/webhooks${path}`,
      headers: operator,
      ...(body && { body }),
    });
  const REASON = { reason: 'the shop asked' };

  test('webhooks of every tenant are listed in pages, without secrets, and read', async () => {
    const shop = bearer(await givenKey(service.app, { tenantId: 'shop' }));
    const first = (await add()).body;
    const other = (
      await ask(service, { url: '/webhooks', body: { url: receiver.url }, headers: shop })
    ).body;
    const { secret: _, ...shown } = other;
    const newest = await act('GET', '?limit=1');
    expect(newest.body).toEqual({
      webhooks: [{ ...shown, tenantId: 'shop' }],
      nextCursor: expect.any(String),
    });
    expect(
      (await act('GET', `?limit=1&cursor=${newest.body['nextCursor'] as string}`)).body,
    ).toMatchObject({ webhooks: [{ id: first['id'], tenantId: 'default' }] });
    expect((await act('GET', '?tenantId=shop')).body).toMatchObject({
      webhooks: [{ id: other['id'] }],
      nextCursor: null,
    });
    expect((await act('GET', `/${String(other['id'])}`)).body).toEqual({
      ...shown,
      tenantId: 'shop',
    });
    expect((await act('DELETE', `/${String(other['id'])}`)).body).toMatchObject({
      errors: [{ field: 'reason' }],
    });
    const removal = `/${String(other['id'])}?reason=the+shop+closed`;
    expect(await act('DELETE', removal)).toMatchObject({ status: 204, text: '' });
    expect(await act('DELETE', removal)).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('GET /operator/webhooks lists them') },
    });
  });

  test('one is tested, and its deliveries are read and replayed; each action is recorded', async () => {
    const {
      body: { id },
    } = await add();
    const webhook = `/${String(id)}`;
    const since = new Date().toISOString();
    await held();
    receiver.behaviour = [200];
    expect((await act('POST', `${webhook}/test`, REASON)).body).toMatchObject({ delivered: true });
    await rounds().round();
    const [delivered] = (await act('GET', `${webhook}/deliveries?state=delivered`)).body[
      'deliveries'
    ] as Listed[];
    if (!delivered) throw new Error('nothing was delivered');
    const replay = `${webhook}/deliveries/${delivered.id}/replay`;
    expect(await act('POST', replay, {})).toMatchObject({ status: 400 });
    expect(await act('POST', replay, REASON)).toMatchObject({
      status: 202,
      body: { id: delivered.id, state: 'pending', attempts: 0 },
    });
    await rounds().round();
    expect(await act('POST', `${webhook}/replay`, { ...REASON, since })).toMatchObject({
      status: 202,
      body: { deliveries: 1 },
    });
    await rounds().round();
    expect(receiver.received).toHaveLength(4);
    const { actions } = (
      await ask(service, { url: `/operator/actions?subject=${String(id)}`, headers: operator })
    ).body as { actions: { action: string; facts: object }[] };
    expect(actions.map(({ action }) => action)).toEqual([
      'webhook.replay-done',
      'webhook.replay',
      'webhook.replay-done',
      'webhook.replay',
      'webhook.test-done',
      'webhook.test',
    ]);
    expect(actions).toMatchObject([
      { facts: { since, deliveries: 1 } },
      { reason: REASON.reason, by: { name: 'ada' } },
      { facts: { delivery: delivered.id, state: 'pending' } },
      {},
      { facts: { delivered: true, status: 200 } },
      {},
    ]);
  });
});

test(
  "each journal row is delivered once, from the webhook's creation on, with a valid " +
    "signature and the journal's body",
  async () => {
    await held();
    const {
      body: { secret },
    } = await add();
    const one = await held();
    // two workers at once
    const [first, second] = await Promise.all([rounds().round(), rounds().round()]);
    expect(first.dispatched + second.dispatched).toBe(1);
    await dueNow();
    expect((await rounds().round()).dispatched).toBe(0);
    expect(receiver.received).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    const eventId = `${one.reservationId}.1`;
    expect(headers).toMatchObject({
      'holdfast-event-id': eventId,
      'content-type': 'application/json',
    });
    const now = Math.floor(Date.now() / 1000);
    expect(
      isSigned(String(headers['holdfast-signature']), body, String(secret as string), {
        now,
        toleranceSeconds: 60,
      }),
    ).toBe(true);
    expect(
      isSigned(
        String(headers['holdfast-signature']),
        body.replace('held', 'paid'),
        String(secret as string),
        { now, toleranceSeconds: 60 },
      ),
    ).toBe(false);
    expect(JSON.parse(body)).toMatchObject({
      id: eventId,
      type: 'reservation.held',
      sequence: 1,
      loanId: one.loanId,
      data: {
        reservationId: one.reservationId,
        stateBefore: null,
        stateAfter: 'held',
        amount: '8',
      },
    });
  },
);

test('only the requested kinds are delivered', async () => {
  await add({ events: ['cancel_requested'] });
  const one = await held();
  await ask(service, { method: 'POST', url: `/loans/${one.loanId}/cancellation` });
  await rounds().round();
  expect(receiver.received.map(({ headers }) => headers['holdfast-event-id'])).toEqual([
    `${one.reservationId}.2`,
  ]);
});

test('500, a redirect, then 200: tried again with the same body and event id, delivered', async () => {
  const {
    body: { id },
  } = await add();
  await held();
  receiver.behaviour = [500, 'redirect'];
  for (const [state, lastStatus] of [
    ['pending', 500],
    ['pending', 302],
    ['delivered', 200],
  ] as const) {
    await dueNow();
    await rounds().round();
    expect(await deliveries(id)).toMatchObject([{ state, lastStatus }]);
  }
  expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
  expect(new Set(receiver.received.map(({ headers }) => headers['holdfast-event-id'])).size).toBe(
    1,
  );
  expect(receiver.received).toHaveLength(3); // the redirect was not followed
});

test('back-off doubles, and after its limit the delivery is dead until it is replayed', async () => {
  const {
    body: { id },
  } = await add();
  await held();
  receiver.behaviour = [500, 500, 500, 500];
  const waits: number[] = [];
  for (let attempt = 1; attempt <= 4; attempt++) {
    await dueNow();
    const { dead } = await rounds({ backoffMs: 8_000 }).round();
    expect(dead).toBe(attempt === 4 ? 1 : 0);
    waits.push(
      (
        await sql<{ wait: number }>(
          'select extract(epoch from due_at - clock_timestamp())::float8 as wait from ' +
            'webhook_deliveries where webhook_id = $1',
          [id],
        )
      ).rows[0]?.wait ?? 0,
    );
  }
  for (const [index, base] of [8, 16, 32].entries()) {
    expect(waits[index]).toBeGreaterThan(base * 0.75 - 5);
    expect(waits[index]).toBeLessThanOrEqual(base * 1.25);
  }
  const [dead] = await deliveries(id);
  expect(dead).toMatchObject({ state: 'dead', attempts: 4, lastStatus: 500 });
  await dueNow();
  expect((await rounds().round()).delivered).toBe(0);
  expect(
    await ask(service, {
      method: 'POST',
      url: `/webhooks/${id as string}/deliveries/${dead?.id}/replay`,
    }),
  ).toMatchObject({ status: 202, body: { state: 'pending', attempts: 0 } });
  expect((await rounds().round()).delivered).toBe(1);
  expect(receiver.received).toHaveLength(5);
});

test('a receiver that hangs uses up its time limit and delays no other', async () => {
  const other = await Receiver.start();
  try {
    const {
      body: { id },
    } = await add();
    await ask(service, { url: '/webhooks', body: { url: other.url } });
    await held();
    receiver.behaviour = ['hang'];
    const { delivered, failed } = await rounds({ timeLimitMs: 500 }).round();
    expect([delivered, failed, other.received.length]).toEqual([1, 1, 1]);
    expect(await deliveries(id)).toMatchObject([
      { state: 'pending', lastStatus: null, lastError: 'no answer within 500 ms' },
    ]);
  } finally {
    await other.stop();
  }
});

test(
  'when a worker dies between the post and recording it, another one posts again and ' +
    'records only its own attempt',
  async () => {
    const {
      body: { id },
    } = await add();
    await held();
    const store = new WebhookStore(service.app.get(LedgerConnections, { strict: false }));
    await store.dispatch();
    // and is gone
    const [claimed] = await store.claim({ perWebhook: 5, most: 50, leaseMs: 60_000 });
    if (!claimed) throw new Error('nothing was claimed');
    expect((await rounds().round()).delivered).toBe(0); // its lease lasts
    await dueNow(); // the lease ends
    expect((await rounds().round()).delivered).toBe(1);
    expect(await store.note(claimed, { state: 'dead', status: 500, error: null, waitMs: 0 })).toBe(
      false,
    );
    expect(await deliveries(id)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
  },
);

test('nothing is lost while no worker runs, even more rows than one round delivers', async () => {
  await add();
  await held();
  await sql(`update pools set version = version + 1200 where id = $1`, [pool.pool.id]);
  const last = await held();
  for (let round = 0; round < 4; round++) {
    await rounds().round();
    await dueNow();
  }
  expect(receiver.received.map(({ headers }) => headers['holdfast-event-id'])).toContain(
    `${last.reservationId}.1`,
  );
  expect(receiver.received).toHaveLength(2);
});

test(
  'without a key webhooks are off, and in production nothing is posted to plain HTTP or ' +
    'internal addresses',
  async () => {
    const {
      body: { id },
    } = await add();
    await held();
    expect(await rounds({ key: undefined }).round()).toEqual({
      dispatched: 0,
      delivered: 0,
      failed: 0,
      dead: 0,
      again: false,
    });
    await rounds({ publicOnly: true }).round();
    expect(await deliveries(id)).toMatchObject([
      { state: 'pending', lastStatus: null, lastError: 'the URL must begin with https://' },
    ]);
    expect(receiver.received).toEqual([]);
  },
);

test("the worker's job delivers by itself", async () => {
  await add();
  const one = await held();
  const worker = await createApp(service.config, [
    JobsModule.register(service.config, { work: true }),
  ]);
  await worker.init();
  try {
    await receiver.until(1);
  } finally {
    await worker.close();
  }
  expect(receiver.received[0]?.headers['holdfast-event-id']).toBe(`${one.reservationId}.1`);
}, 60_000);

describe('holdfast webhooks', () => {
  const run = async (
    ...args: string[]
  ): Promise<{ code: number; said: string; complained: string }> => {
    const said: string[] = [];
    const complained: string[] = [];
    const open = () =>
      openRooms(
        {
          databaseUrl: service.database.url,
          rpcUrl: service.network.rpcUrl,
          networkPassphrase: service.network.passphrase,
        },
        service.config,
      );
    const terminal = {
      open,
      say: (line: string) => said.push(line),
      complain: (line: string) => complained.push(line),
    };
    const code = await runCommand(webhooksCommand(terminal), args, terminal);
    return { code, said: said.join('\n'), complained: complained.join('\n') };
  };

  test('add, list, replay of one and since a time, remove', async () => {
    const since = new Date().toISOString();
    const added = await run('add', '--url', receiver.url, '--events', 'held');
    expect(added).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^Added [\w-]{36}\nSecret whsec_/),
    });
    const id = added.said.slice(6, 42);
    await held();
    await rounds().round();
    expect((await run('list')).said).toMatch(new RegExp(`${id}.*${receiver.url}.*held`));
    const [one] = await deliveries(id);
    expect((await run('list', '--webhook', id)).said).toMatch(new RegExp(`${one?.id}.*delivered`));
    expect(await run('replay', '--delivery', one?.id ?? '')).toMatchObject({
      code: 0,
      said: `${one?.id} is pending, from the first attempt on.`,
    });
    await rounds().round();
    expect(await run('replay', '--since', since, '--webhook', receiver.url)).toMatchObject({
      code: 0,
      said: '1 deliveries will be posted again',
    });
    await rounds().round();
    expect(receiver.received).toHaveLength(3);
    expect(await run('replay', '--since', '2999-01-01T00:00:00Z')).toMatchObject({
      code: 0,
      said: '0 deliveries will be posted again',
    });
    const twin = (await run('add', '--url', receiver.url)).said.slice(6, 42);
    expect(await run('remove', '--webhook', receiver.url)).toMatchObject({
      code: 1,
      complained: expect.stringMatching(
        new RegExp(`Several webhooks post to .*: take an id.\n  ${id}  held\n  ${twin}  all`),
      ),
    });
    expect(await run('remove', '--webhook', twin)).toMatchObject({ code: 0 });
    expect(await run('remove', '--webhook', receiver.url)).toMatchObject({
      code: 0,
      said: `Removed ${id}`,
    });
    expect(await run('list', '--webhook', receiver.url)).toMatchObject({
      code: 1,
      complained: expect.stringContaining('shows those of tenant default'),
    });
    expect(await run('remove', '--webhook', id)).toMatchObject({
      code: 1,
      complained: expect.stringContaining('There is no webhook'),
    });
  });

  test.each([
    [[]],
    [['pay']],
    [['add']],
    [['replay']],
    [['replay', '--delivery', 'x']],
    [['list', '--url', 'http://x']],
    [['add', '--url', 'http://x', '--events', 'paid']],
    [['replay', '--since', 'yesterday']],
  ])('%j is answered with the usage', async (args) => {
    expect(await run(...args)).toMatchObject({
      code: 2,
      complained: expect.stringContaining('Usage:'),
    });
  });
});
