import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { readConfig } from '../../src/common/config.js';
import { startLocal, type LocalServices } from '../../sandbox/local.js';

let dataDir: string;
let services: LocalServices | undefined;
let lines: string[];
const NETWORK = {
  STELLAR_RPC_URL: 'http://127.0.0.1:1',
  STELLAR_NETWORK_PASSPHRASE: 'Another network',
};

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'holdfast-spec-'));
  chmodSync(dataDir, 0o755);
  services = undefined;
  lines = [];
});
afterEach(async () => {
  await services?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const start = async (variables: Record<string, string>): Promise<LocalServices> => {
  services = await startLocal(readConfig({ DATA_DIR: dataDir, ...variables }), (line) =>
    lines.push(line),
  );
  return services;
};

test('starts nothing that was given', async () => {
  const given = await start({ ...NETWORK, DATABASE_URL: 'postgres://127.0.0.1:1/none' });
  expect(given).toMatchObject({
    databaseUrl: 'postgres://127.0.0.1:1/none',
    rpcUrl: 'http://127.0.0.1:1',
    networkPassphrase: 'Another network',
    controlUrl: null,
    startedPostgres: false,
    startedNetwork: false,
  });
  expect(lines).toEqual([]);
});

test('starts Postgres alone when only the network was given, with our database in it', async () => {
  const started = await start(NETWORK);
  expect(started).toMatchObject({ startedPostgres: true, startedNetwork: false, controlUrl: null });
  const client = new pg.Client(started.databaseUrl);
  await client.connect();
  expect((await client.query<{ name: string }>('SELECT current_database() AS name')).rows).toEqual([
    { name: 'holdfast' },
  ]);
  await client.end();
  expect(lines.join('\n')).toMatch(/^Postgres: started, process \d+, data in /);
});

test('refuses to start anything in production', async () => {
  const config = readConfig({
    NODE_ENV: 'production',
    DATABASE_URL: 'postgres://127.0.0.1:1/none',
    DATA_DIR: dataDir,
    ...NETWORK,
  });
  await expect(startLocal(config, () => undefined)).rejects.toThrow(
    'Nothing embedded starts in production',
  );
});
