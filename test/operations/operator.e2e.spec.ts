import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { StrKey } from '@stellar/stellar-sdk';
import { bearer, givenKey } from '../support/access.js';
import {
  type Answer,
  ask,
  givenPool,
  givenService,
  type GivenPool,
  type Service,
} from '../support/given.js';

let service: Service;
let pool: GivenPool;
let operator: { authorization: string };
beforeAll(async () => {
  service = await givenService({ CORS_ORIGINS: 'https://app.example' }, undefined, 'server');
  pool = await givenPool(service);
  operator = bearer(await givenKey(service.app, { scopes: ['operate'], name: 'ada' }));
});
afterAll(() => service.stop());

const act = (method: 'POST' | 'PATCH' | 'DELETE', url: string, body?: unknown): Promise<Answer> =>
  ask(service, {
    method,
    url: `/operator${url}`,
    headers: operator,
    ...(body !== undefined && { body }),
  });
const journal = async (
  subject: string,
): Promise<
  {
    action: string;
    reason: string | null;
    by: { kind: string; name: string };
    facts: Record<string, unknown>;
  }[]
> =>
  (await ask(service, { url: `/operator/actions?subject=${subject}`, headers: operator })).body[
    'actions'
  ] as never;

describe('pools', () => {
  test('a mistyped contract id is a fault of the field; one that exists nowhere says so', async () => {
    const nowhere = StrKey.encodeContract(Buffer.alloc(32, 7));
    // the last letters are the checksum
    const mistyped = `${nowhere.slice(0, -1)}${nowhere.endsWith('A') ? 'B' : 'A'}`;
    expect(
      await act('POST', '/pools', { contract: mistyped, name: 'Typo', reason: 'a test' }),
    ).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'contract', message: expect.stringContaining('checksum') }] },
    });
    expect(
      await act('POST', '/pools', { contract: nowhere, name: 'Nowhere', reason: 'a test' }),
    ).toMatchObject({
      status: 422,
      body: {
        code: 'CONTRACT_NOT_FOUND',
        retryable: false,
        contractId: nowhere,
        detail: expect.stringContaining('no contract at this address on this network'),
      },
    });
  });

  test(
    'one is registered from the chain, observed at once, changed, paused and resumed; ' +
      'person and reason are kept',
    async () => {
      const { pool: contract } = service.network.control.deployPool({
        profile: 'scaled',
        decimals: 7,
        deposit: 1_000_0000000n,
      });
      const made = await act('POST', '/pools', {
        contract,
        name: 'New pool',
        generation: 'scaled',
        buffer: '5',
        reason: 'opening',
      });
      expect(await act('POST', '/pools', { contract, name: 'No reason' })).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED', errors: [{ field: 'reason' }] },
      });
      expect(made).toMatchObject({
        status: 201,
        body: { name: 'New pool', state: 'active', total: '1000', buffer: '5', available: '995' },
      });
      const id = String(made.body['id']);
      expect(
        await act('POST', '/pools', { contract, name: 'Again', reason: 'asked twice' }),
      ).toMatchObject({ status: 400, body: { code: 'VALIDATION_FAILED' } });
      expect(
        await act('PATCH', `/pools/${id}`, {
          buffer: '7.5',
          holdSeconds: 600,
          reason: 'a large withdrawal is announced',
        }),
      ).toMatchObject({ status: 200, body: { buffer: '7.5', holdSeconds: 600, name: 'New pool' } });
      expect(await act('POST', `/pools/${id}/pause`, { reason: 'looking into it' })).toMatchObject({
        status: 200,
        body: { state: 'paused' },
      });
      // harmless, and no operator action
      expect((await act('POST', `/pools/${id}/pause`, { reason: 'asked twice' })).status).toBe(200);
      expect(await act('POST', `/pools/${id}/resume`, { reason: 'explained' })).toMatchObject({
        status: 200,
        body: { state: 'active' },
      });
      expect(
        (await journal(id)).map(({ action, reason, by }) => [action, reason, by.kind, by.name]),
      ).toEqual([
        ['pool.resume', 'explained', 'key', 'ada'],
        ['pool.pause', 'looking into it', 'key', 'ada'],
        ['pool.change', 'a large withdrawal is announced', 'key', 'ada'],
        ['pool.register', 'opening', 'key', 'ada'],
      ]);
    },
  );

  test('a closed pool is neither paused nor resumed; the attempt is recorded', async () => {
    const other = await givenPool(service, { observed: false, rules: { state: 'closed' } });
    for (const action of ['pause', 'resume'])
      expect(
        await act('POST', `/pools/${other.pool.id}/${action}`, { reason: 'a try' }),
      ).toMatchObject({ status: 409, body: { code: 'POOL_STATE_CONFLICT', poolState: 'closed' } });
    expect(await journal(other.pool.id)).toMatchObject(
      ['resume', 'pause'].map((action) => ({
        action: `pool.${action}-failed`,
        reason: 'a try',
        by: { name: 'ada' },
        facts: { code: 'POOL_STATE_CONFLICT' },
      })),
    );
  });

  test(
    'a pause of a quarantined pool takes effect when the quarantine ends, and can be ' +
      'taken back; neither ends the quarantine',
    async () => {
      const other = await givenPool(service, { observed: false, rules: { state: 'quarantined' } });
      try {
        for (const [action, then] of [
          ['pause', 'paused'],
          ['resume', 'active'],
          ['resume', 'active'],
        ] as const) {
          expect(
            await act('POST', `/pools/${other.pool.id}/${action}`, { reason: 'a try' }),
          ).toMatchObject({ status: 200, body: { state: 'quarantined', quarantine: { then } } });
        }
        expect((await journal(other.pool.id)).map(({ action }) => action)).toEqual([
          'pool.resume',
          'pool.pause',
        ]);
      } finally {
        await service.registry.change(other.pool.id, { state: 'closed' });
      }
    },
  );

  test(
    'after an upgrade one is resumed by the generation of its code, which a person names where ' +
      'it is not known',
    async () => {
      const { pool: upgraded } = await givenPool(service);
      const { wasmHash } = service.network.control.actions.upgrade({
        pool: upgraded.poolContract,
        contract: 'pool',
      });
      await act('POST', `/pools/${upgraded.id}/reconciliation`, { reason: 'now' });
      expect((await service.registry.find(upgraded.id))?.state).toBe('paused');
      const resume = (body: object): Promise<Answer> =>
        act('POST', `/pools/${upgraded.id}/resume`, { reason: 'the release was read', ...body });
      const describe = service.chain.describePool.bind(service.chain);
      const found = ['It is not StepFi contracts, generation G1: the pool has no fund_loan.'];
      service.chain.describePool = async (...of) => ({
        ...(await describe(...of)),
        code: { generation: null, found },
      });
      try {
        const refused = await resume({});
        expect(refused).toMatchObject({
          status: 409,
          body: {
            code: 'POOL_STATE_CONFLICT',
            poolState: 'paused',
            found,
            supported: expect.arrayContaining(['g1', 'g2', 'g3']),
          },
        });
        expect(refused.body['detail']).toContain(found[0]);
        expect((await service.registry.find(upgraded.id))?.state).toBe('paused');
        expect(await resume({ generation: 'g2' })).toMatchObject({
          status: 200,
          body: {
            state: 'active',
            generation: 'g2',
            upgrade: {
              generation: { before: 'scaled', after: 'g2' },
              poolWasmHash: { before: upgraded.poolWasmHash, after: wasmHash },
            },
          },
        });
      } finally {
        service.chain.describePool = describe;
      }
      expect(await journal(upgraded.id)).toMatchObject([
        {
          action: 'pool.resume',
          facts: { generation: { before: 'scaled', after: 'g2' } },
        },
        { action: 'pool.resume-failed', facts: { code: 'POOL_STATE_CONFLICT' } },
        {},
        {},
      ]);
      // known code is never read as another generation's
      await act('POST', `/pools/${upgraded.id}/pause`, { reason: 'a look' });
      expect(await resume({ generation: 'g3' })).toMatchObject({
        status: 400,
        body: { code: 'VALIDATION_FAILED', errors: [{ field: 'generation' }] },
      });
      // without an upgrade in between nothing is read
      expect(await resume({})).toMatchObject({
        status: 200,
        body: { generation: 'g2', upgrade: null },
      });
      expect(await resume({ generation: 'g1' })).toMatchObject({
        status: 200,
        body: { generation: 'g1', upgrade: { generation: { before: 'g2', after: 'g1' } } },
      });
    },
  );

  test(
    "observe, reconcile and self-check call the jobs' own use-cases, recorded before they " +
      'run and again with their end',
    async () => {
      await service.network.closeLedgers(1);
      expect(
        await act('POST', `/pools/${pool.pool.id}/observation`, { reason: 'a lender called' }),
      ).toMatchObject({ status: 200, body: { advanced: true, settled: 0 } });
      expect(
        await act('POST', `/pools/${pool.pool.id}/reconciliation`, { reason: 'a lender called' }),
      ).toMatchObject({ status: 200, body: { unexplained: 0, throughLedger: expect.any(Number) } });
      expect(await act('POST', '/self-check', { reason: 'every Monday' })).toMatchObject({
        status: 200,
        body: { differences: [] },
      });
      expect((await journal(pool.pool.id)).map(({ action }) => action)).toEqual([
        'pool.reconcile-done',
        'pool.reconcile',
        'pool.observe-done',
        'pool.observe',
      ]);
      expect(await journal('all')).toMatchObject([
        {
          action: 'ledger.self-check-done',
          reason: 'every Monday',
          facts: { differences: 0, begun: expect.any(String) },
        },
        { action: 'ledger.self-check', facts: {} },
      ]);
    },
  );

  test.each([
    ['no reason', 'POST /pause', {}, 'reason'],
    ['an empty one', 'POST /pause', { reason: ' ' }, 'reason'],
    ['a change of nothing', 'PATCH ', { reason: 'why not' }, 'body'],
    ['a change of the state', 'PATCH ', { name: 'x', state: 'closed', reason: 'why not' }, 'state'],
    ['a hold too short', 'PATCH ', { holdSeconds: 59, reason: 'why not' }, 'holdSeconds'],
  ] as const)('%s is refused', async (_, action, body, field) => {
    const [method, path] = action.split(' ') as ['POST' | 'PATCH', string];
    expect(await act(method, `/pools/${pool.pool.id}${path}`, body)).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', errors: [{ field }] },
    });
  });

  test('none by a wrong id', async () => {
    for (const id of ['01a20439-8365-721f-97de-c7ac9caaa4ad', 'x']) {
      for (const path of ['pause', 'observation'])
        expect(await act('POST', `/pools/${id}/${path}`, { reason: 'a try' })).toMatchObject({
          status: 404,
          body: { code: 'POOL_NOT_FOUND' },
        });
    }
  });
});

describe('keys', () => {
  test(
    'one is made, shown once, works for its tenant, shows when it was used, and ends when ' +
      'it is revoked',
    async () => {
      const made = await act('POST', '/keys', {
        tenantId: 'shop',
        name: 'The shop',
        scopes: ['pools:read'],
        expiresInDays: 1,
        reason: 'signed up',
      });
      expect(made).toMatchObject({
        status: 201,
        headers: { 'cache-control': 'no-store' },
        body: {
          record: {
            tenantId: 'shop',
            scopes: ['pools:read'],
            createdBy: 'ada',
            lastUsedAt: null,
            revokedAt: null,
          },
        },
      });
      const { key, record } = made.body as { key: string; record: { id: string } };
      expect((await ask(service, { url: '/pools', headers: bearer(key) })).status).toBe(200);
      expect(
        (await ask(service, { url: '/pools', headers: bearer(`${key.slice(0, -2)}xx`) })).status,
      ).toBe(401);
      const listed = await ask(service, { url: '/operator/keys', headers: operator });
      expect((listed.body['keys'] as { id: string }[])[0]).toMatchObject({
        id: record.id,
        name: 'The shop',
      });
      expect(listed.text).not.toContain(key.slice(16));
      expect(await act('DELETE', `/keys/${record.id}`)).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'reason' }] },
      });
      expect((await ask(service, { url: '/pools', headers: bearer(key) })).status).toBe(200);
      expect(await act('DELETE', `/keys/${record.id}?reason=it+leaked`)).toMatchObject({
        status: 200,
        body: { revokedAt: expect.any(String) },
      });
      expect(await ask(service, { url: '/pools', headers: bearer(key) })).toMatchObject({
        status: 401,
        body: { code: 'UNAUTHENTICATED' },
      });
      expect((await act('DELETE', `/keys/${record.id}?reason=again`)).status).toBe(200);
      expect(
        (await journal(record.id)).map(({ action, by, reason }) => [action, by.name, reason]),
      ).toEqual([
        ['key.revoke', 'ada', 'it leaked'],
        ['key.create', 'ada', 'signed up'],
      ]);
      for (const id of ['01a20439-8365-721f-97de-c7ac9caaa4ad', 'x'])
        expect(await act('DELETE', `/keys/${id}?reason=a+try`)).toMatchObject({
          status: 404,
          body: { code: 'KEY_NOT_FOUND' },
        });
    },
  );

  test.each([
    ["a wallet's space for a tenant", { tenantId: `wallet:G${'A'.repeat(55)}` }, 'tenantId'],
    ['an unknown scope', { scopes: ['all'] }, 'scopes[0]'],
    ['no scope', { scopes: [] }, 'scopes'],
    ['an end long past', { expiresInDays: 0 }, 'expiresInDays'],
    ['no reason', { reason: undefined }, 'reason'],
  ])('%s is refused', async (_, wrong, field) => {
    expect(
      await act('POST', '/keys', {
        tenantId: 'shop',
        name: 'x',
        scopes: ['operate'],
        reason: 'a try',
        ...wrong,
      }),
    ).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  test('a backend must send an Idempotency-Key', async () => {
    expect(
      await ask(service, { url: '/loans', body: {}, headers: { 'idempotency-key': undefined } }),
    ).toMatchObject({ status: 400, body: { code: 'IDEMPOTENCY_KEY_MISSING', holdMade: false } });
  });
});

test('pages of the configured origin may call the API and read refusals; others may not', async () => {
  const preflight = await service.app.inject({
    method: 'OPTIONS',
    url: '/loans',
    headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
  });
  expect([preflight.statusCode, preflight.headers['access-control-allow-origin']]).toEqual([
    204,
    'https://app.example',
  ]);
  expect(
    await ask(service, {
      url: '/pools',
      headers: { authorization: undefined, origin: 'https://app.example' },
    }),
  ).toMatchObject({
    status: 401,
    headers: { 'access-control-allow-origin': 'https://app.example' },
  });
  expect(
    (await ask(service, { url: '/pools', headers: { origin: 'https://evil.example' } })).headers[
      'access-control-allow-origin'
    ],
  ).toBeUndefined();
});
