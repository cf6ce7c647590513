import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readConfig } from '../common/config.js';
import { writeRunning } from '../common/running.js';
import { placeFrom } from './rooms.js';

const dataDir = mkdtempSync(path.join(tmpdir(), 'holdfast-rooms-'));
const RUNNING = {
  databaseUrl: 'postgres://local/holdfast',
  rpcUrl: 'http://127.0.0.1:8000',
  networkPassphrase: 'Local',
};
const GIVEN = {
  DATABASE_URL: 'postgres://given/holdfast',
  STELLAR_RPC_URL: 'https://rpc.given',
  STELLAR_NETWORK_PASSPHRASE: 'Given',
};

beforeAll(() => {
  writeRunning(dataDir, {
    ...RUNNING,
    apiUrl: 'http://127.0.0.1:3000',
    controlUrl: null,
    pid: process.pid,
    poolIds: [],
  });
});
afterAll(() => {
  rmSync(dataDir, { recursive: true });
});

test('what is not given comes from the service that runs; the passphrase goes with its URL', () => {
  expect(placeFrom(readConfig({ DATA_DIR: dataDir }))).toEqual(RUNNING);
  expect(placeFrom(readConfig({ DATA_DIR: dataDir, DATABASE_URL: GIVEN.DATABASE_URL }))).toEqual({
    ...RUNNING,
    databaseUrl: GIVEN.DATABASE_URL,
  });
  const { STELLAR_RPC_URL, STELLAR_NETWORK_PASSPHRASE } = GIVEN;
  expect(
    placeFrom(readConfig({ DATA_DIR: dataDir, STELLAR_RPC_URL, STELLAR_NETWORK_PASSPHRASE })),
  ).toEqual({
    databaseUrl: RUNNING.databaseUrl,
    rpcUrl: STELLAR_RPC_URL,
    networkPassphrase: 'Given',
  });
});

test('what is given in full needs nothing that runs, in production nothing else counts', () => {
  expect(placeFrom(readConfig({ DATA_DIR: dataDir, NODE_ENV: 'production', ...GIVEN }))).toEqual({
    databaseUrl: GIVEN.DATABASE_URL,
    rpcUrl: GIVEN.STELLAR_RPC_URL,
    networkPassphrase: 'Given',
  });
});

test('nothing given and nothing running: the sentence says what to do', () => {
  expect(() => placeFrom(readConfig({ DATA_DIR: path.join(dataDir, 'none') }))).toThrow(
    /Start it with `npm start`, or set DATABASE_URL/,
  );
});
