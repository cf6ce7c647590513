import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readRunning, removeRunning, writeRunning } from './running.js';

let dataDir: string;
let file: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'holdfast-spec-'));
  file = path.join(dataDir, 'running.json');
});
afterEach(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

const service = (pid: number) => ({
  apiUrl: 'http://127.0.0.1:3000',
  databaseUrl: 'postgres://postgres:secret@127.0.0.1:5/holdfast',
  rpcUrl: 'http://127.0.0.1:8000',
  controlUrl: 'http://127.0.0.1:8001',
  networkPassphrase: 'Local',
  pid,
  poolIds: ['pool'],
});

test('the file is read back as it was written, by its owner only', () => {
  writeRunning(dataDir, service(process.pid));
  expect(readRunning(dataDir)).toMatchObject(service(process.pid));
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a file of a dead service counts as none', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  writeRunning(dataDir, service(child.pid ?? 0));
  expect(readRunning(dataDir)?.pid).toBe(child.pid);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  expect(readRunning(dataDir)).toBeUndefined();
});

test('a file whose process number was reused counts as none', () => {
  writeRunning(dataDir, service(process.pid));
  const written = JSON.parse(readFileSync(file, 'utf8')) as { pidStartedAt: string | null };
  if (written.pidStartedAt === null) return; // this system does not show when a process started
  writeFileSync(file, JSON.stringify({ ...written, pidStartedAt: '1' }));
  expect(readRunning(dataDir)).toBeUndefined();
});

test.each([
  ['absent', undefined],
  ['half a file', '{"apiUrl": "http://'],
  ['another shape', '{"pid": 1}'],
])('a file that is %s counts as none', (_, text) => {
  if (text !== undefined) writeFileSync(file, text);
  expect(readRunning(dataDir)).toBeUndefined();
});

test('with two services the newer is read; when either stops, the other is read', async () => {
  for (const first of ['newer', 'older'] as const) {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      stdio: 'ignore',
    });
    await once(child, 'spawn');
    const older = child.pid ?? 0;
    writeRunning(dataDir, service(older));
    writeRunning(dataDir, service(process.pid));
    expect(readRunning(dataDir)?.pid).toBe(process.pid);
    removeRunning(dataDir, first === 'newer' ? process.pid : older);
    expect(readRunning(dataDir)?.pid).toBe(first === 'newer' ? older : process.pid);
    removeRunning(dataDir, first === 'newer' ? older : process.pid);
    expect(existsSync(file)).toBe(false);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
});

test('the file is removed by its own service only', () => {
  writeRunning(dataDir, service(process.pid));
  removeRunning(dataDir, process.pid + 1);
  expect(readRunning(dataDir)).toBeDefined();
  removeRunning(dataDir, process.pid);
  expect(readRunning(dataDir)).toBeUndefined();
});
