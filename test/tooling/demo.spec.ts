import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Keypair } from '@stellar/stellar-sdk';
import pg from 'pg';
import { createApp } from '../../src/app.js';
import type { LoanPage } from '../../src/cli/demo-api.js';
import { disagreements, type Views } from '../../src/cli/demo-figures.js';
import { DEFAULT_PLAN, type DemoPlan, demoPlan, instalmentsOf } from '../../src/cli/demo-plan.js';
import { landedOnChain, promisedOf, type Winner } from '../../src/cli/demo-race.js';
import { PoolRegistry } from '../../src/modules/liquidity/pools/pool-registry.js';
import { runDemo } from '../../src/cli/demo-run.js';
import { readConfig } from '../../src/common/config.js';
import { JobsModule } from '../../src/jobs/jobs.module.js';
import type { TransactionReport } from '../../src/modules/chain/transaction-outcome.js';
import { startNetwork, type RunningNetwork } from '../../sandbox/network/network.js';
import { writeRunning } from '../../src/common/running.js';
import { givenKey, TEST_DOOR } from '../support/access.js';
import { givenChannels } from '../support/authorized-loans.js';
import { asServer, createTestDatabase, type TestDatabase } from '../support/database.js';

/**
 * The whole service in this process: API, jobs, a database of its own, and a network that closes a
 * ledger twice a second.
 */
const dataDir = mkdtempSync(path.join(tmpdir(), 'holdfast-demo-'));
let database: TestDatabase;
let network: RunningNetwork;
let app: NestFastifyApplication;
let apiUrl: string;
const channels = Array.from({ length: 5 }, () => Keypair.random());

beforeAll(async () => {
  database = await createTestDatabase();
  network = await startNetwork({ closeSeconds: 0.5 });
  const config = readConfig({
    VOLATILE_DATABASE: 'allow',
    LEDGER_DEADLINE_MS: '15000',
    RPC_TIMEOUT_MS: '30000',
    DATABASE_URL: asServer(database.url),
    STELLAR_RPC_URL: network.rpcUrl,
    STELLAR_NETWORK_PASSPHRASE: network.passphrase,
    LOG_LEVEL: 'silent',
    OBSERVE_SECONDS: '0.5',
    CHANNEL_SECRETS: channels.map((key) => key.secret()).join(),
    LEDGER_SECONDS_FASTEST: '0.5',
    LEDGER_SECONDS_SLOWEST: '2',
  });
  const decided = { ...config, ...TEST_DOOR, DATABASE_URL: asServer(database.url) };
  app = await createApp(decided, [JobsModule.register(decided, { work: true })]);
  await app.listen(0, '127.0.0.1');
  apiUrl = await app.getUrl();
  await givenChannels(app, network, channels);
});
afterAll(async () => {
  await app.close();
  await network.close();
  await database.drop();
  rmSync(dataDir, { recursive: true });
});

async function demo(
  announced: { controlUrl: string | null; networkPassphrase: string },
  plan: DemoPlan = DEFAULT_PLAN,
  interruptAt = /(?!)/, // none
): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  let interrupt = (): void => undefined;
  writeRunning(dataDir, {
    apiUrl,
    apiKey: await givenKey(app),
    databaseUrl: database.url,
    rpcUrl: network.rpcUrl,
    ...announced,
    pid: process.pid,
    poolIds: [],
  });
  const code = await runDemo(
    readConfig({ DATA_DIR: dataDir }),
    {
      say: (line) => {
        lines.push(line);
        if (interruptAt.test(line)) interrupt();
      },
      progress: () => undefined,
      onInterrupt: (work) => {
        interrupt = work;
        return () => undefined;
      },
    },
    plan,
  );
  return { code, lines };
}

test(
  'of fifty requests at once exactly twenty are held and settle, thirty are refused, ' +
    'and three views of the pool agree; twice in a row',
  async () => {
    for (let run = 0; run < 2; run++) {
      const { code, lines } = await demo({
        controlUrl: network.controlUrl,
        networkPassphrase: network.passphrase,
      });
      const text = lines.join('\n');
      expect(text).toContain('20 of 20 settled');
      expect(text).toContain('30 were refused: 0.0000001 available');
      expect(text).toMatch(/locked +1600 +1600 +1600 {2}agree/);
      expect(text).toMatch(/ 20 of 20 transactions landed, in \d+ ledgers?; 0 failed\./);
      expect(text).toContain('Exactly 20 of 50, all landed, none failed, and every figure agrees.');
      expect(code).toBe(0);
    }
  },
  60_000,
);

test('Ctrl-C in the middle closes the pool of the demo', async () => {
  const { code, lines } = await demo(
    { controlUrl: network.controlUrl, networkPassphrase: network.passphrase },
    demoPlan({ borrowers: '3', fit: '2' }),
    /POST \/loans at once/,
  );
  expect(code).toBe(1);
  expect(lines.at(-1)).toContain('The demo stopped: interrupted; its pool is closed');
  const [id = ''] = /[0-9a-f-]{36}/.exec(lines.join('\n')) ?? [];
  expect((await app.get(PoolRegistry).find(id))?.state).toBe('closed');
}, 60_000);

test('with strangers in between and twelve instalments the result is the same', async () => {
  const plan = demoPlan({ borrowers: '8', fit: '5', instalments: '12', strangers: '3' });
  const { code, lines } = await demo(
    { controlUrl: network.controlUrl, networkPassphrase: network.passphrase },
    plan,
  );
  const text = lines.join('\n');
  expect(text).toContain('3 strangers borrowed');
  expect(text).toMatch(/ 5 of 5 transactions landed, in \d+ ledgers?; 0 failed\./);
  expect(text).toMatch(/locked +640 +640 +640 {2}agree/);
  expect(code).toBe(0);
}, 60_000);

test('signed by authorization all land, though strangers borrow all the time', async () => {
  const { code, lines } = await demo(
    { controlUrl: network.controlUrl, networkPassphrase: network.passphrase },
    demoPlan({ signing: 'authorization' }),
  );
  const text = lines.join('\n');
  expect(text).toContain('20 of 20 settled');
  expect(text).toContain('30 were refused: 0.0000001 available');
  expect(text).toMatch(/ [1-9][0-9]* strangers borrowed/);
  expect(text).toMatch(/ 20 of 20 transactions landed, in \d+ ledgers?; 0 failed\./);
  expect(text).toContain('Exactly 20 of 50, all landed, none failed, and every figure agrees.');
  expect(code).toBe(0);
}, 120_000);

test.each(['g2', 'g3', 'reserve'])(
  'on contracts of generation %s the result is the same',
  async (generation) => {
    const { code, lines } = await demo(
      { controlUrl: network.controlUrl, networkPassphrase: network.passphrase },
      demoPlan({ borrowers: '8', fit: '5', strangers: '2', generation }),
    );
    const text = lines.join('\n');
    expect(text).toMatch(/ 5 of 5 transactions landed, in \d+ ledgers?; 0 failed\./);
    expect(text).toMatch(/locked +560 +560 +560 {2}agree/);
    expect(code).toBe(0);
  },
  60_000,
);

test('a transaction that failed or is in no ledger is counted as such', async () => {
  const words = { latestLedger: 9, latestCloseTime: 9n, oldestLedger: 1 };
  const statuses = ['success', 'failed', 'not_found', 'success'] as const;
  const winners = statuses.map(
    (hash, index) => ({ offer: { transaction: { hash: `${index} ${hash}` } } }) as Winner,
  );
  const loan = () => Promise.reject(new Error('a signed transaction is known by its hash'));
  const promised = await Promise.all(winners.map((winner) => promisedOf({ loan }, winner)));
  const findTransaction = (hash: string) =>
    Promise.resolve({ ...words, status: hash.slice(2), ledger: 5 } as unknown as TransactionReport);
  expect(await landedOnChain({ findTransaction }, promised)).toEqual({
    landed: 2,
    failed: 1,
    missing: 1,
    ledgers: 1,
  });
});

test('an authorization is counted by the landing that landed, and its failures apart', async () => {
  const winner = { offer: { loan: { id: 'a' }, transaction: null } } as unknown as Winner;
  const loan = (landings: readonly { hash: string; state: string }[]) => () =>
    Promise.resolve({ landings } as unknown as LoanPage);
  const [failed, landed] = [
    { hash: 'first', state: 'failed' },
    { hash: 'second', state: 'landed' },
  ];
  expect(await promisedOf({ loan: loan([failed, landed]) }, winner)).toEqual({
    hash: 'second',
    failures: 1,
  });
  const none = await promisedOf({ loan: loan([]) }, winner);
  expect(none).toEqual({ hash: null, failures: 0 });
  const findTransaction = () => Promise.reject(new Error('there is nothing to find'));
  expect(await landedOnChain({ findTransaction }, [none])).toMatchObject({ landed: 0, missing: 1 });
});

test('instalments sum to the loan, whatever their number; options out of range are refused', () => {
  expect(instalmentsOf(2)).toEqual(['50', '50']);
  expect(instalmentsOf(3)).toEqual(['33.3333333', '33.3333333', '33.3333334']);
  expect(demoPlan({})).toEqual(DEFAULT_PLAN);
  const wrong = [
    ['fit', '51'],
    ['borrowers', '101'],
    ['instalments', '61'],
    ['instalments', '0'],
    ['strangers', '1.5'],
  ] as const;
  for (const [name, value] of wrong)
    expect(() => demoPlan({ [name]: value })).toThrow(`--${name}: must`);
});

test('each batch of holds queued the job that decides its ends', async () => {
  const client = new pg.Client(database.url);
  await client.connect();
  const { rows } = await client.query<{ jobs: number }>(
    "select count(*)::int as jobs from pgboss.job where name = 'judge-lapsed' and singleton_key is not null",
  );
  await client.end();
  expect(rows[0]?.jobs).toBeGreaterThan(0);
});

test.each<[string, { controlUrl: string | null; networkPassphrase: string }]>([
  [
    'has no control port',
    { controlUrl: null, networkPassphrase: 'Standalone Network ; February 2017' },
  ],
  [
    'has another passphrase',
    {
      controlUrl: 'http://127.0.0.1:9',
      networkPassphrase: 'Public Global Stellar Network ; September 2015',
    },
  ],
])(
  'it refuses to run, with exit code 2 and a sentence, on a network that %s',
  async (_, announced) => {
    const { code, lines } = await demo(announced);
    expect(code).toBe(2);
    expect(lines.at(-1)).toContain('a network that is not ours');
  },
);

test('it refuses a configuration that names another network', async () => {
  const lines: string[] = [];
  const config = readConfig({
    DATA_DIR: dataDir,
    STELLAR_RPC_URL: 'https://rpc.invalid',
    STELLAR_NETWORK_PASSPHRASE: 'Test SDF Network ; September 2015',
  });
  expect(
    await runDemo(config, {
      say: (line) => lines.push(line),
      progress: () => undefined,
      onInterrupt: () => () => undefined,
    }),
  ).toBe(2);
  expect(lines.join('\n')).not.toContain('starting one');
});

test('a figure on which one source differs is named', () => {
  const view = {
    total: '10',
    locked: '4',
    tokenBalance: '6',
    observedAvailable: '6',
    held: '0',
    inFlight: '0',
    available: '6',
  };
  const views: Views = {
    api: view,
    sql: { ...view, inFlight: '1' },
    chain: { ...view, locked: '5' },
  };
  expect(disagreements(views)).toEqual(['locked', 'in flight']);
  expect(disagreements({ api: view, sql: view, chain: view })).toEqual([]);
});
