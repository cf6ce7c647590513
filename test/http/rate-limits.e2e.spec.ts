import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { Keypair } from '@stellar/stellar-sdk';
import { bearer, givenKey, givenToken } from '../support/access.js';
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
import { type ServiceProcess, startServiceProcess } from '../support/service-process.js';

/** How many requests a caller may make, over all processes: real service, real Postgres. */
const LIMITS = {
  RATE_WRITES_PER_MINUTE: '4',
  RATE_READS_PER_MINUTE: '6',
  RATE_AUTH_PER_MINUTE: '3',
  RATE_COUNT_TIMEOUT_MS: '15000',
};
let service: Service;
let pool: GivenPool;
beforeAll(async () => {
  service = await givenService(LIMITS);
  pool = await givenPool(service);
});
afterAll(() => service.stop());

const forget = (): Promise<unknown> => sql('delete from rate_windows');
async function sql<Row extends pg.QueryResultRow>(
  text: string,
  url = service.database.url,
): Promise<Row[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}
const as = (credential: string, url = '/pools'): Promise<Answer> =>
  ask(service, { url, headers: bearer(credential) });
const limitHeaders = ({ headers }: Answer): unknown[] => [
  headers['ratelimit-limit'],
  headers['ratelimit-remaining'],
];
async function times<T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const done: T[] = [];
  for (let index = 0; index < count; index++) done.push(await work(index));
  return done;
}

describe('a caller', () => {
  test('sees what is left of its minute, and beyond the limit 429 with the time when it ends', async () => {
    const key = await givenKey(service.app);
    const answers = await times(8, () => as(key));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
    expect(answers.slice(0, 7).map(limitHeaders)).toEqual(
      [5, 4, 3, 2, 1, 0, 0].map((left) => ['6', String(left)]),
    );
    const [refused] = answers.slice(6);
    expect(refused?.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(refused?.body).toMatchObject({
      code: 'RATE_LIMITED',
      status: 429,
      retryable: true,
      holdMade: false,
      rule: 'reads',
      limit: 6,
      window: 60,
      requestId: refused?.headers['x-request-id'],
    });
    const seconds = Number(refused?.headers['retry-after']);
    expect(refused?.headers['ratelimit-reset']).toBe(String(seconds));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    const [row] = await sql<{ ends: number }>(
      'select extract(epoch from ends_at)::float8 as ends from rate_windows where taken = ' +
        `7 and subject like 'reads:key:%'`,
    );
    expect(
      Math.abs(Date.parse(String(refused?.body['until'])) / 1000 - (row?.ends ?? 0)),
    ).toBeLessThan(2); // the same end, by two clocks of one machine
  });

  test(
    'has a count of its own, separate from other keys of its tenant and from wallets, and ' +
      'one each for writing and reading',
    async () => {
      const [key, second] = [await givenKey(service.app), await givenKey(service.app)];
      const [wallet, stranger] = await Promise.all(
        [1, 2].map(() => givenToken(service.app, Keypair.random().publicKey())),
      );
      if (wallet === undefined || stranger === undefined)
        throw new Error('two wallets were asked for');
      await times(7, () => as(key));
      await times(7, () => as(wallet));
      expect(
        (await Promise.all([as(key), as(wallet), as(second), as(stranger)])).map(
          ({ status }) => status,
        ),
      ).toEqual([429, 429, 200, 200]);
      expect(await ask(service, { url: '/loans', body: {}, headers: bearer(key) })).toMatchObject({
        status: 400,
        headers: { 'ratelimit-limit': '4', 'ratelimit-remaining': '3' },
      });
    },
  );

  test(
    'is counted for repeated Idempotency-Keys and for bodies that are wrong; a refused ' +
      'request is neither looked at nor recorded',
    async () => {
      const key = await givenKey(service.app);
      const [borrower] = givenBorrowers(service, pool.contract);
      if (!borrower) throw new Error('a borrower was asked for');
      const send = (): Promise<Answer> =>
        ask(service, {
          url: '/loans',
          body: loanBody(pool, borrower, {
            schedule: [{ amount: '125', dueAt: '2035-01-01T00:00:00Z' }],
          }),
          headers: { ...bearer(key), 'idempotency-key': 'the-same' },
        });
      const answers = [
        await send(),
        await send(),
        await ask(service, { url: '/loans', body: '{', headers: bearer(key) }),
        await send(),
        await send(),
      ];
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 400, 201, 429]);
      expect(answers[4]?.headers['idempotency-replayed']).toBeUndefined();
      expect(answers[4]?.body).toMatchObject({ code: 'RATE_LIMITED', rule: 'writes', limit: 4 });
      await forget();
      const other = await givenKey(service.app);
      await times(5, () => ask(service, { url: '/loans', body: {}, headers: bearer(other) }));
      const before = await sql<{ n: number }>('select count(*)::int as n from idempotency_keys');
      expect(
        await ask(service, {
          url: '/loans',
          body: loanBody(pool, borrower),
          headers: { ...bearer(other), 'idempotency-key': 'never-seen' },
        }),
      ).toMatchObject({ status: 429 });
      expect(await sql('select count(*)::int as n from idempotency_keys')).toEqual(before);
    },
  );

  test(
    'is not counted for health, documents, the way to sign in, paths that do not exist, or ' +
      'no credential at all',
    async () => {
      await forget();
      for (const url of [
        '/health/live',
        '/health/ready',
        '/docs/openapi.json',
        '/.well-known/stellar.toml',
        '/sign-in',
        '/nowhere',
      ]) {
        const answer = await ask(service, { url, headers: { authorization: undefined } });
        expect({ url, headers: answer.headers['ratelimit-limit'] }).toEqual({
          url,
          headers: undefined,
        });
      }
      expect(
        (
          await times(5, () =>
            ask(service, { url: '/pools', headers: { authorization: undefined } }),
          )
        ).map(({ status }) => status),
      ).toEqual([401, 401, 401, 401, 401]);
      expect(await sql('select subject from rate_windows')).toEqual([]);
    },
  );
});

describe('an address', () => {
  test('may try a limited number of credentials; a caller with a good one is not held up', async () => {
    await forget();
    const tries = await times(5, () => as('hf_live_0000000000000000000000000000000000000000000'));
    expect(tries.map(({ status }) => status)).toEqual([401, 401, 401, 429, 429]);
    expect(tries[4]?.body).toMatchObject({ code: 'RATE_LIMITED', rule: 'auth', limit: 3 });
    expect((await as(await givenKey(service.app))).status).toBe(200);
    expect(
      (await sql<{ subject: string }>('select subject from rate_windows where taken > 3')).map(
        ({ subject }) => subject,
      ),
    ).toEqual(['auth:127.0.0.1']);
  });

  test('may sign in a limited number of times; X-Forwarded-For from a stranger changes nothing', async () => {
    const other = await givenService(LIMITS);
    try {
      const challenge = (index: number): Promise<Answer> =>
        ask(other, {
          url: `/auth?account=${Keypair.random().publicKey()}`,
          headers: { authorization: undefined, 'x-forwarded-for': `10.0.0.${index}` },
        });
      expect((await times(5, challenge)).map(({ status }) => status)).toEqual([
        200, 200, 200, 429, 429,
      ]);
      expect(
        (await other.app.inject({ method: 'POST', url: '/sign-in', payload: { key: 'x' } }))
          .statusCode,
      ).toBe(429); // a page, which the API's document does not describe
    } finally {
      await other.stop();
    }
  });

  test("is the client's behind a trusted proxy, and for IPv6 the /64", async () => {
    const other = await givenService({ ...LIMITS, TRUSTED_PROXIES: '127.0.0.0/8, ::1' });
    try {
      const from = async (address: string): Promise<number> =>
        (
          await ask(other, {
            url: `/auth?account=${Keypair.random().publicKey()}`,
            headers: { authorization: undefined, 'x-forwarded-for': address },
          })
        ).status;
      expect(await times(4, () => from('192.0.2.1'))).toEqual([200, 200, 200, 429]);
      expect(await from('192.0.2.2')).toBe(200);
      expect(await times(4, (index) => from(`2001:db8:1:2::${index + 1}`))).toEqual([
        200, 200, 200, 429,
      ]);
      expect(await from('2001:db8:1:3::1')).toBe(200);
    } finally {
      await other.stop();
    }
  });
});

describe('the limit', () => {
  test('is exact across processes, and a restart does not reset it', async () => {
    const key = await givenKey(service.app);
    const place = {
      databaseUrl: service.database.url,
      rpcUrl: service.network.rpcUrl,
      passphrase: service.network.passphrase,
    };
    const start = (): Promise<ServiceProcess> =>
      startServiceProcess(place, { env: { ...LIMITS, RATE_READS_PER_MINUTE: '25' } });
    const processes = await Promise.all([start(), start()]);
    const get = async ({ url }: ServiceProcess): Promise<number> =>
      (await fetch(`${url}/pools`, { headers: bearer(key), signal: AbortSignal.timeout(30_000) }))
        .status;
    try {
      const statuses = await Promise.all(
        processes.flatMap((each) => Array.from({ length: 40 }, () => get(each))),
      );
      expect(statuses.filter((status) => status === 200)).toHaveLength(25);
      expect(statuses.filter((status) => status === 429)).toHaveLength(55);
    } finally {
      await Promise.all(processes.map((each) => each.stop()));
    }
    const again = await start();
    try {
      expect(await get(again)).toBe(429);
    } finally {
      await again.stop();
    }
  }, 120_000);

  test(
    'does not count when it is 0; when counting fails the request passes, without limit ' +
      'headers',
    async () => {
      const unlimited = await givenService();
      try {
        expect(
          (await times(8, () => ask(unlimited, { url: '/pools' }))).map((answer) => [
            answer.status,
            answer.headers['ratelimit-limit'],
          ]),
        ).toEqual(Array.from({ length: 8 }, () => [200, undefined]));
        expect(await sql('select subject from rate_windows', unlimited.database.url)).toEqual([]);
      } finally {
        await unlimited.stop();
      }
      const hasty = await givenService({ ...LIMITS, RATE_COUNT_TIMEOUT_MS: '50' });
      const blocker = new pg.Client(hasty.database.url);
      await blocker.connect();
      try {
        const given = await givenPool(hasty);
        const [borrower] = givenBorrowers(hasty, given.contract);
        if (!borrower) throw new Error('a borrower was asked for');
        await blocker.query('begin; lock table rate_windows in access exclusive mode');
        const answers = await times(8, () => ask(hasty, { url: '/pools' }));
        expect(answers.map((answer) => [answer.status, answer.headers['ratelimit-limit']])).toEqual(
          Array.from({ length: 8 }, () => [200, undefined]),
        );
        expect(await postLoan(hasty, loanBody(given, borrower))).toMatchObject({ status: 201 });
      } finally {
        await blocker.query('rollback');
        await blocker.end();
        await hasty.stop();
      }
    },
  );
});
