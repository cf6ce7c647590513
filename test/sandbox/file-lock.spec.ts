import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { withFileLock } from '../../sandbox/file-lock.js';
import { markOf } from '../../src/common/processes.js';

const MODULE = fileURLToPath(new URL('../../sandbox/file-lock.js', import.meta.url));
let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-spec-'));
  lock = path.join(folder, 'lock');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A process that takes the lock, reports it, and keeps it until it is killed. */
async function holder(): Promise<ReturnType<typeof spawn>> {
  const code = `import { withFileLock } from ${JSON.stringify(MODULE)};
    await withFileLock(${JSON.stringify(lock)}, 5000, async () => {
      console.log('held');
      await new Promise((done) => setTimeout(done, 60_000));
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

test('one process at a time has the lock, and nothing is left behind', async () => {
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 8 }, () =>
      withFileLock(lock, 10_000, async () => {
        most = Math.max(most, ++inside);
        await turn();
        inside--;
      }),
    ),
  );
  expect(most).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

test('waits for a live holder until the limit, and ignores a killed one', async () => {
  const child = await holder();
  await expect(withFileLock(lock, 200, () => Promise.resolve('mine'))).rejects.toThrow(
    /the lock lock, which another process holds/,
  );
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  expect(existsSync(lock)).toBe(true);
  expect(await withFileLock(lock, 5000, () => Promise.resolve('mine'))).toBe('mine');
});

test('a later process with the same number is not the holder', async () => {
  const mark = markOf(process.pid);
  if (mark.startedAt === null) return; // this system does not show when a process started
  writeFileSync(lock, JSON.stringify({ ...mark, startedAt: '1' }));
  expect(await withFileLock(lock, 5000, () => Promise.resolve('mine'))).toBe('mine');
});

test('is released when the work fails', async () => {
  await expect(withFileLock(lock, 5000, () => Promise.reject(new Error('no')))).rejects.toThrow(
    'no',
  );
  expect(existsSync(lock)).toBe(false);
});
