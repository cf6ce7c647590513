import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startNetwork, type RunningNetwork } from '../../sandbox/network/network.js';
import { readSeed, seedLocal } from '../../sandbox/seed.js';

let network: RunningNetwork;
const dataDir = mkdtempSync(path.join(tmpdir(), 'holdfast-seed-'));

beforeAll(async () => {
  network = await startNetwork();
});
afterAll(async () => {
  await network.close();
  rmSync(dataDir, { recursive: true });
});

const poolsMade = () =>
  (network.control.state() as { pools: { pool: string }[] }).pools.map(({ pool }) => pool);

test('a fresh network gets one pool with money, vendors and borrowers; the file is for its owner only', async () => {
  expect(readSeed(dataDir)).toBeUndefined();
  const seed = await seedLocal({ controlUrl: network.controlUrl, dataDir });
  expect(poolsMade()).toEqual([seed.poolContract]);
  expect(network.control.figures(seed.poolContract)).toMatchObject({
    total: '1000000000000',
    tokenBalance: '1000000000000',
    locked: '0',
  });
  expect(seed).toMatchObject({
    profile: 'scaled',
    decimals: 7,
    loan: { totalAmount: '100', guaranteeAmount: '20' },
  });
  expect([seed.vendors.length, seed.borrowers.length]).toEqual([2, 10]);
  expect(statSync(path.join(dataDir, 'seed.json')).mode & 0o777).toBe(0o600);
});

test('a second start finds it', async () => {
  const known = readSeed(dataDir);
  expect(await seedLocal({ controlUrl: network.controlUrl, dataDir })).toEqual(known);
  expect(poolsMade()).toHaveLength(1);
});

test('a seed file of another chain, or one that cannot be read, is made again', async () => {
  const other = await startNetwork();
  const before = readSeed(dataDir);
  const seed = await seedLocal({ controlUrl: other.controlUrl, dataDir });
  await other.close();
  expect(seed.poolContract).not.toBe(before?.poolContract);
  writeFileSync(path.join(dataDir, 'seed.json'), '{"poolContract":');
  expect(readSeed(dataDir)).toBeUndefined();
  await seedLocal({ controlUrl: network.controlUrl, dataDir });
  expect(readSeed(dataDir)?.poolContract).toBe(poolsMade().at(-1));
});

test('no answer at the control port is a plain error', async () => {
  const gone = await startNetwork();
  await gone.close();
  await expect(
    seedLocal({ controlUrl: gone.controlUrl, dataDir: path.join(dataDir, 'none') }),
  ).rejects.toThrow(`control port at ${gone.controlUrl} does not answer`);
});
