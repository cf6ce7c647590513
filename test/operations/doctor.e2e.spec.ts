import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startNetwork, type RunningNetwork } from '../../sandbox/network/network.js';
import { startPostgres, type EmbeddedPostgres } from '../../sandbox/postgres/embedded.js';
import { fileOf } from '../../src/common/places.js';
import { openRooms } from '../../src/cli/rooms.js';
import { diagnose } from '../../src/cli/doctor/diagnosis.js';
import { type Finding, type FindingState, worstOf } from '../../src/cli/doctor/finding.js';
import { readConfig, readServiceConfig } from '../../src/common/config.js';
import { migrate } from '../../src/database/migrate.js';
import { registerPool } from '../../src/modules/operations/register-pool.js';
import { asAdmin } from '../support/database.js';
import { withClient } from '../support/reporting-role.js';
import { compileCache } from '../support/service-process.js';

/** `holdfast doctor` as an operator runs it, on a durable database and a network that lives. */
let folder: string;
let server: EmbeddedPostgres;
let network: RunningNetwork;
let contract: string;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-doctor-'));
  [server, network] = await Promise.all([
    startPostgres({ folder, durable: true }),
    startNetwork({ closeSeconds: 1 }),
  ]);
  await server.ensureDatabase('holdfast');
  await server.ensureDatabase('empty');
  await migrate(server.url('holdfast'));
  environment = {
    NODE_ENV: 'test',
    DATABASE_URL: server.url('holdfast'),
    STELLAR_RPC_URL: network.rpcUrl,
    STELLAR_NETWORK_PASSPHRASE: network.passphrase,
  };
  contract = network.control.deployPool({
    profile: 'scaled',
    decimals: 7,
    deposit: 10_000_000_000n,
  }).pool;
  const rooms = openRooms(
    {
      databaseUrl: server.url('holdfast'),
      rpcUrl: network.rpcUrl,
      networkPassphrase: network.passphrase,
    },
    readConfig({}),
  );
  try {
    await registerPool(rooms, { contract, name: 'Main', generation: 'scaled' });
  } finally {
    await rooms.close();
  }
}, 120_000);
afterAll(async () => {
  await network.close();
  await server.stop();
  for (const each of new Set([folder, server.folder]))
    rmSync(each, { recursive: true, force: true });
});

interface Diagnosis {
  readonly state: FindingState;
  readonly findings: readonly Finding[];
  /** Area and check of each fault. */ readonly faults: readonly string[];
}
const diagnosisOf = (findings: readonly Finding[]): Diagnosis => ({
  state: worstOf(findings),
  findings,
  faults: findings
    .filter(({ state }) => state === 'fault')
    .map(({ area, check }) => `${area}: ${check}`),
});
const foundOf = ({ findings }: Diagnosis, wanted: string): string | undefined =>
  findings.find(({ check }) => check === wanted)?.found;

/** What the command does, without a process of its own. */
const doctor = async (
  changes: Record<string, string> = {},
  contracts: readonly string[] = [],
): Promise<Diagnosis> =>
  diagnosisOf(await diagnose(readServiceConfig({ ...environment, ...changes }), contracts));

const MAIN = fileOf('cli');
/** The command as an operator runs it. */
const run = (
  args: readonly string[],
  changes: Readonly<Record<string, string>> = {},
): Promise<{ code: number; said: string; complained: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [MAIN, 'doctor', ...args],
      { env: { ...compileCache(), ...environment, ...changes } },
      (error, said, complained) => {
        resolve({ code: error === null ? 0 : Number(error.code), said, complained });
      },
    );
  });

test('a configuration with which a start works: every finding is ok', async () => {
  const { code, said, complained } = await run(['--json']);
  expect({ code, complained }).toEqual({ code: 0, complained: '' });
  const { state, findings } = JSON.parse(said) as Pick<Diagnosis, 'state' | 'findings'>;
  expect(findings.filter((each) => each.state !== 'ok')).toEqual([]);
  expect(state).toBe('ok');
  expect(findings.map(({ area, check }) => `${area}: ${check}`)).toEqual([
    'configuration: settings',
    ...['server', 'schema', 'durability', 'role', 'pooler', 'tls', 'connections'].map(
      (check) => `database: ${check}`,
    ),
    'database: text order',
    'database: failover',
    ...['network', 'protocol', 'retention', 'latency', 'fees'].map((check) => `node: ${check}`),
    ...['family', 'links', 'lifetime', 'pauses', 'caps', 'events'].map(
      (check) => `contracts: ${check}`,
    ),
    'clock: machine',
    'clock: chain',
    'ports: listen',
  ]);
});

test('for people: a line for each finding, and the sum', async () => {
  const { code, said } = await run([]);
  expect(code).toBe(0);
  expect(said).toMatch(
    /^ok {7}contracts: family {8}pool Main: .*\(scaled\), a token of 7 decimals$/m,
  );
  expect(said.trim().split('\n').at(-1)).toBe('24 ok, 0 warning, 0 fault');
});

test('a bad setting is a fault, by its name', async () => {
  const { code, said } = await run(['--json'], { OBSERVE_SECONDS: 'x', ROLE: 'boss' });
  const { findings } = JSON.parse(said) as Pick<Diagnosis, 'findings'>;
  expect(code).toBe(1);
  expect(findings.map(({ found }) => found.split(':')[0])).toEqual(['ROLE', 'OBSERVE_SECONDS']);
});

test('another passphrase, and a node that does not answer', async () => {
  const { code, said } = await run([], { STELLAR_NETWORK_PASSPHRASE: 'Other' });
  expect(code).toBe(1);
  expect(said).toContain(
    `the node serves the network "${network.passphrase}", configured is "Other"`,
  );
  const dead = await doctor({ STELLAR_RPC_URL: 'http://127.0.0.1:9' });
  expect(dead.faults).toEqual(['node: network']);
});

test('a database that is not there, or lets nobody in: the others are looked at all the same', async () => {
  const dead = await doctor({ DATABASE_URL: 'postgres://127.0.0.1:9/holdfast' }, [contract]);
  expect(dead.faults).toEqual(['database: connection']);
  expect(dead.findings.filter(({ area }) => area === 'contracts')).toHaveLength(6);
  const url = Object.assign(new URL(server.url('holdfast')), { password: 'wrong' }).href;
  const shut = await doctor({ DATABASE_URL: url });
  expect(shut.faults).toEqual(['database: connection']);
  expect(foundOf(shut, 'connection')).toContain('user or password in DATABASE_URL is wrong');
});

test('a database that is not durable', async () => {
  const admin = server.url('postgres');
  await asAdmin('alter database holdfast set synchronous_commit = off', admin);
  try {
    expect((await doctor()).faults).toEqual(['database: durability']);
    expect((await doctor({ VOLATILE_DATABASE: 'allow' })).state).toBe('warning');
  } finally {
    await asAdmin('alter database holdfast reset synchronous_commit', admin);
  }
});

test('a role that may not do what a start does', async () => {
  await asAdmin("create role guest login password 'guest'", server.url('postgres'));
  const url = Object.assign(new URL(server.url('empty')), { username: 'guest', password: 'guest' });
  expect((await doctor({ DATABASE_URL: url.href })).faults).toEqual(['database: role']);
});

test('more connections than the server has', async () => {
  await asAdmin('alter role guest connection limit 10', server.url('postgres'));
  const url = Object.assign(new URL(server.url('empty')), { username: 'guest', password: 'guest' });
  const { faults } = await doctor({ DATABASE_URL: url.href });
  expect(faults).toEqual(['database: role', 'database: connections']);
});

test('a configured port that is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  expect((await doctor({ PORT: String(port) })).faults).toEqual(['ports: listen']);
  other.close();
});

test('nothing is written: no schema is made, and another database is not noticed', async () => {
  const empty = await doctor({ DATABASE_URL: server.url('empty') });
  expect(empty.state).toBe('ok');
  expect(foundOf(empty, 'schema')).toContain('the first start makes it');
  expect(foundOf(empty, 'pools')).toContain('none is registered');
  await withClient(server.url('empty'), async (client) => {
    const { rows } = await client.query(
      "select relname from pg_class where relnamespace = 'public'::regnamespace",
    );
    expect(rows).toEqual([]);
  });
  await withClient(server.url('holdfast'), async (client) => {
    await client.query("update database_identity set timeline = '99'");
    expect((await doctor()).state).toBe('ok');
    const { rows } = await client.query(
      'select (select count(*) from database_changes)::int as changes, state from pools',
    );
    expect(rows).toEqual([{ changes: 0, state: 'active' }]);
  });
});

test('a pool whose code is another generation than it was registered as', async () => {
  const other = network.control.deployPool({
    profile: 'scaled',
    decimals: 7,
    deposit: 10_000_000_000n,
    generation: 'g2',
  }).pool;
  await withClient(server.url('holdfast'), async (client) => {
    await client.query('update pools set pool_contract = $1', [other]);
  });
  expect((await doctor()).faults).toEqual(['contracts: family']);
});
