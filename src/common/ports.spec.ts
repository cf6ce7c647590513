import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { freePort, listenPort } from './ports.js';

let busy: Server | undefined;
afterEach(async () => {
  await new Promise<void>((done) => {
    if (busy)
      busy.close(() => {
        done();
      });
    else done();
  });
  busy = undefined;
});

async function occupy(): Promise<number> {
  const port = await freePort();
  busy = createServer();
  await new Promise<void>((ready) => {
    busy?.listen(port, '127.0.0.1', ready);
  });
  return port;
}

test('a busy port that was not configured gives way to another', async () => {
  const taken = await occupy();
  const chosen = await listenPort(taken, false);
  expect(chosen).toBeGreaterThan(0);
  expect(chosen).not.toBe(taken);
});

test('a configured port stays, busy or not', async () => {
  const taken = await occupy();
  expect(await listenPort(taken, true)).toBe(taken);
});

test('a free port is taken as it is', async () => {
  const free = await freePort();
  expect(await listenPort(free, false)).toBe(free);
});
