import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { isAlive } from '../../src/common/processes.js';
import { withFileLock } from '../../sandbox/file-lock.js';
import { keepForInspection, sweepAbandoned } from '../../sandbox/postgres/abandoned.js';
import { TEMPORARY } from '../../sandbox/postgres/embedded.js';

/**
 * Starts a temporary server, marks it to be kept for `project`, says where it is, and waits to be
 * killed.
 */
function starter(project: string): string {
  const file = (name: string): string =>
    JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));
  return `import { startPostgres } from ${file('../../sandbox/postgres/embedded.js')};
    import { keepForInspection } from ${file('../../sandbox/postgres/abandoned.js')};
    const server = await startPostgres({ durable: false });
    keepForInspection(server.folder, ${JSON.stringify(project)});
    console.log(JSON.stringify({ pid: server.pid, folder: server.folder }));
    setInterval(() => {}, 1000);`;
}

test('a kept server is removed only by its own project, and only once its user has ended', async () => {
  const project = `/project-of-this-test-${process.pid}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', starter(project)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let server = { pid: 0, folder: '' };
  for await (const line of createInterface({ input: child.stdout })) {
    server = JSON.parse(line) as typeof server;
    break;
  }
  await sweepAbandoned(project);
  expect(isAlive(server.pid)).toBe(true);

  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  await sweepAbandoned('/another-project');
  expect(isAlive(server.pid)).toBe(true);

  await sweepAbandoned(project);
  expect(isAlive(server.pid)).toBe(false);
  expect(existsSync(server.folder)).toBe(false);
});

test('a server that is still being started is left alone, and has no users yet', async () => {
  const project = `/starting-project-of-this-test-${process.pid}`;
  const folder = mkdtempSync(path.join(tmpdir(), TEMPORARY));
  keepForInspection(folder, project); // otherwise its age alone would protect it
  await withFileLock(path.join(folder, 'lock'), 5000, () => sweepAbandoned(project));
  expect(existsSync(folder)).toBe(true);
  await sweepAbandoned(project);
  expect(existsSync(folder)).toBe(false);
});
