import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import {
  contract,
  givenPool,
  NETWORK,
  openLedger,
  type LedgerUnderTest,
} from '../../../../test/support/given-ledger.js';
import { type Crash, TransactionCrashes } from '../../../../test/support/transaction-crashes.js';
import { listActions } from './operator-actions.js';
import { type PoolIdentity, type PoolRecord } from './pool-registry.js';
import { DEFAULT_RULES, type PoolRules, RULES } from './pool-rules.js';

let database: TestDatabase;
let under: LedgerUnderTest;
beforeAll(async () => {
  database = await createTestDatabase();
  under = openLedger(database.url);
});
afterAll(async () => {
  await under.connections.close();
  await database.drop();
});

const identity = (): PoolIdentity => ({
  network: NETWORK,
  generation: 'scaled',
  poolContract: contract(),
  lendingContract: contract(),
  tokenContract: contract(),
  poolWasmHash: 'ab'.repeat(32),
  decimals: 7,
  assetCode: null,
});
const rules: PoolRules = { ...DEFAULT_RULES, name: 'a pool' };

test('a pool makes no more holds than can land in any order, unless an operator says otherwise', async () => {
  const { strict, ...unsaid } = rules;
  expect(strict).toBe(true);
  const pool = await under.registry.register(identity(), unsaid);
  expect(pool.strict).toBe(true);
  expect((await under.registry.change(pool.id, { strict: false })).strict).toBe(false);
  expect((await under.registry.register(identity(), { ...rules, strict: false })).strict).toBe(
    false,
  );
});

test('a pool is registered once per network, found and listed', async () => {
  const known = identity();
  const pool = await under.registry.register(known, rules);
  expect(await under.registry.find(pool.id)).toEqual(pool);
  expect(await under.registry.list()).toContainEqual(pool);
  await expect(under.registry.register(known, rules)).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
  });
});

test.each<Crash>(['before COMMIT', 'after COMMIT'])(
  'its connection is cut %s: it is registered once, noted once, and the caller gets its pool',
  async (crash) => {
    const known = identity();
    const crashes = new TransactionCrashes();
    crashes.arm(crash);
    try {
      const pool = await under.registry.register(known, rules, {
        by: { kind: 'command', id: 'ada', name: 'Ada' },
        reason: 'a test',
      });
      expect(crashes.done).toEqual([crash]);
      expect(await under.registry.find(pool.id)).toEqual(pool);
      expect(
        (
          await listActions(under.connections.read, { subject: pool.id, before: null, limit: 5 })
        ).map(({ action }) => action),
      ).toEqual(['pool.register']);
    } finally {
      crashes.stop();
    }
  },
);

test('a change keeps what is left out, raises the version, and is refused for an unknown pool', async () => {
  const pool = await givenPool(under, 1000n);
  const before = await under.ledger.reader.position(pool.id);
  expect(await under.registry.change(pool.id, { buffer: 70n, holdSeconds: 600 })).toEqual({
    ...pool,
    buffer: 70n,
    holdSeconds: 600,
  });
  const after = await under.ledger.reader.position(pool.id);
  expect([after?.available, after?.version]).toEqual([930n, (before?.version ?? 0n) + 1n]);
  await expect(
    under.registry.change('00000000-0000-7000-8000-000000000000', { holdSeconds: 100 }),
  ).rejects.toMatchObject({ code: 'POOL_NOT_FOUND' });
});

test(
  'who paused a pool: the service with its reason, also across a quarantine; a person, ' +
    'once it was resumed in between; empty while it is not paused',
  async () => {
    const pool = await givenPool(under, 1000n);
    const state = (to: 'active' | 'paused' | 'quarantined'): Promise<unknown> =>
      under.connections.write.query('update pools set state = $2 where id = $1', [pool.id, to]);
    const by = async (): Promise<unknown> => (await under.registry.pauses()).get(pool.id);
    expect(await by()).toBeUndefined();
    await under.connections.write.query(
      `insert into pool_pauses (pool_id, reason, facts) values ($1, 'unexplained', '{}')`,
      [pool.id],
    );
    await state('paused');
    expect(await by()).toMatchObject({ reason: 'unexplained', at: expect.any(Date) });
    await state('quarantined');
    expect(await by()).toBeUndefined();
    await state('paused');
    expect(await by()).toMatchObject({ reason: 'unexplained' });
    await under.registry.change(pool.id, { state: 'active' });
    await under.registry.change(pool.id, { state: 'paused' });
    expect(await by()).toBeNull();
  },
);

const NOTE = { by: { kind: 'command', id: 'ada', name: 'Ada' }, reason: 'a test' } as const;

describe.each<Crash>(['before COMMIT', 'after COMMIT'])(
  'the connection of a change is cut %s',
  (crash) => {
    test.each<[string, (id: string) => Promise<PoolRecord>, Partial<PoolRules>]>([
      ['pool.change', (id) => under.registry.change(id, { buffer: 70n }, NOTE), { buffer: 70n }],
      ['pool.pause', (id) => under.registry.turn(id, 'paused', NOTE), { state: 'paused' }],
    ])(
      '%s is done once and noted once, and the caller gets the outcome',
      async (action, change, changed) => {
        const pool = await givenPool(under, 1000n);
        const before = (await under.ledger.reader.position(pool.id))?.version ?? 0n;
        const crashes = new TransactionCrashes();
        crashes.arm(crash);
        try {
          expect(await change(pool.id)).toEqual({ ...pool, ...changed });
          expect(crashes.done).toEqual([crash]);
        } finally {
          crashes.stop();
        }
        expect(await under.registry.find(pool.id)).toEqual({ ...pool, ...changed });
        expect((await under.ledger.reader.position(pool.id))?.version).toBe(before + 1n);
        expect(
          (
            await listActions(under.connections.read, { subject: pool.id, before: null, limit: 5 })
          ).map((row) => row.action),
        ).toEqual([action]);
      },
    );
  },
);

test('what another operator changed while a COMMIT got no answer is not changed back', async () => {
  const pool = await givenPool(under, 1000n);
  const other = openLedger(database.url);
  const crashes = new TransactionCrashes();
  try {
    await other.registry.find(pool.id);
    const later = new Promise<PoolRecord>((resolve, reject) => {
      // the first transaction is cut after its COMMIT; this one is between it and its second try,
      // which waits 50 ms at least, or behind both
      crashes.arm('after COMMIT');
      const first = under.registry.change(pool.id, { buffer: 70n }, NOTE);
      const look = setInterval(() => {
        if (crashes.done.length === 0) return;
        clearInterval(look);
        Promise.all([other.registry.change(pool.id, { buffer: 80n }, NOTE), first]).then(
          ([record]) => {
            resolve(record);
          },
          reject,
        );
      }, 1);
    });
    expect(await later).toEqual({ ...pool, buffer: 80n });
  } finally {
    crashes.stop();
    await other.connections.close();
  }
  expect(await under.registry.find(pool.id)).toEqual({ ...pool, buffer: 80n });
  expect(
    await listActions(under.connections.read, { subject: pool.id, before: null, limit: 5 }),
  ).toHaveLength(2);
});

test.each<[string, Partial<PoolIdentity & PoolRules>]>([
  ['name', { name: '' }],
  ['generation', { generation: 'other' }],
  ['contracts', { tokenContract: 'GABC' }],
  ['decimals', { decimals: 19 }],
  ['hold_seconds', { holdSeconds: 59 }],
  ['min_signing_seconds', { minSigningSeconds: 4 }],
  ['min_signing_seconds', { minSigningSeconds: 300 }],
  ['max_snapshot_age_seconds', { maxSnapshotAgeSeconds: 0 }],
  ['buffer', { buffer: -1n }],
])('the database refuses an unsound %s when it is set', async (fault, changes) => {
  const register = under.registry.register({ ...identity(), ...changes }, { ...rules, ...changes });
  await expect(register).rejects.toMatchObject({
    code: '23514',
    message: expect.stringContaining(fault) as unknown,
  });
});

test('rules that were sound cannot be changed into unsound ones', async () => {
  const pool = await givenPool(under, 1000n);
  await expect(under.registry.change(pool.id, { holdSeconds: 10 })).rejects.toMatchObject({
    code: '23514',
  });
  expect(await under.registry.find(pool.id)).toEqual(pool);
});

test('the trigger that keeps the rules fires for each rule, and its table has each', async () => {
  const { rows } = await under.connections.read.query<{ fires: string[]; kept: string[] }>(
    `select
       (select array_agg(a.attname::text) from pg_attribute a
         where a.attrelid = g.tgrelid and a.attnum = any (g.tgattr)) as fires,
       (select array_agg(a.attname::text) from pg_attribute a
         where a.attrelid = 'pool_rules_history'::regclass and a.attnum > 0
           and not a.attisdropped) as kept
     from pg_trigger g where g.tgname = 'pool_rules_history_note'`,
  );
  const columns = ['name', 'state', ...RULES.map(([, { column }]) => column)];
  expect(new Set(rows[0]?.fires)).toEqual(new Set(columns));
  expect(new Set(rows[0]?.kept)).toEqual(
    new Set(['pool_id', 'number', 'at', 'from_start', ...columns]),
  );
});
