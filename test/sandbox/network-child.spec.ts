import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startNetwork, type LocalNetwork } from '../../sandbox/network-child.js';
import { endProcess, isAlive, until } from '../../src/common/processes.js';

/**
 * The least that a network must do: answer getHealth, then announce itself. Its passphrase names
 * the ledger pace that it was started with.
 */
const MODEL = `
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
const health = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { status: 'healthy' } });
const server = createServer((_, response) => response.end(health));
server.listen(0, '127.0.0.1', () => {
  const rpcUrl = 'http://127.0.0.1:' + server.address().port;
  const passphrase = 'pace ' + process.env.LOCAL_LEDGER_SECONDS;
  const network = { pid: process.pid, rpcUrl, controlUrl: rpcUrl, passphrase };
  writeFileSync(process.env.DATA_DIR + '/network.json', JSON.stringify(network), { mode: 0o600 });
});`;

let dataDir: string;
let entrance: string;
let pids: number[];

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'holdfast-spec-'));
  entrance = path.join(dataDir, 'model.mjs');
  writeFileSync(entrance, MODEL);
  pids = [];
});
afterEach(async () => {
  for (const pid of pids) if (isAlive(pid)) await endProcess(pid, 'SIGKILL', 5000);
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<LocalNetwork> {
  const network = await startNetwork({ dataDir, entrance, env: { LOCAL_LEDGER_SECONDS: '7' } });
  pids.push(network.pid);
  return network;
}

test('is started once for two users, gets its settings, and ends with the last of them', async () => {
  const [first, second] = await Promise.all([start(), start()]);
  expect(second.pid).toBe(first.pid);
  expect([first.started, second.started].filter(Boolean)).toHaveLength(1);
  expect(first.passphrase).toBe('pace 7');
  expect(await first.stop()).toBe(false);
  expect(isAlive(first.pid)).toBe(true);
  expect(await second.stop()).toBe(true);
  expect(isAlive(first.pid)).toBe(false);
});

test('a killed one is started again, whatever its old announcement says', async () => {
  const first = await start();
  process.kill(first.pid, 'SIGKILL');
  await until('end of the network', 5000, () => (isAlive(first.pid) ? undefined : true));
  const second = await start();
  expect(second.started).toBe(true);
  expect(second.pid).not.toBe(first.pid);
});

test('a foreign process under the announced number is neither trusted nor signalled', async () => {
  const first = await start();
  const announced = JSON.parse(readFileSync(path.join(dataDir, 'network.json'), 'utf8')) as object;
  await first.stop();
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    stdio: 'ignore',
  });
  pids.push(stranger.pid ?? 0);
  writeFileSync(
    path.join(dataDir, 'network.json'),
    JSON.stringify({ ...announced, pid: stranger.pid }),
  );
  const second = await start();
  expect(second.started).toBe(true);
  expect(second.pid).not.toBe(stranger.pid);
  await second.stop();
  expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
});

test('one that ends at once is reported with the end of its log', async () => {
  writeFileSync(entrance, 'throw new Error("the ledger file is damaged")');
  await expect(start()).rejects.toThrow(
    /did not start \(it ended at once\).*the ledger file is damaged/s,
  );
});
