import { spawn } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import pg from 'pg';
import { fileOf } from '../../src/common/places.js';
import { createApp } from '../../src/app.js';
import { freePort } from '../../src/common/ports.js';
import type { Step, StepMessage } from '../../src/common/steps.js';
import { bearer, TEST_DOOR } from '../support/access.js';
import { givenBorrowers, givenPool, givenService, loanBody } from '../support/given.js';

/** Resolves when a request reached that step. */
function stepReached(step: Step): Promise<void> {
  return new Promise((resolve) => {
    const listener = (message: unknown): void => {
      if ((message as StepMessage).step !== step) return;
      unsubscribe('holdfast:step', listener);
      resolve();
    };
    subscribe('holdfast:step', listener);
  });
}

test('on a stop the request that waits for the ledger finishes, and its answer is true', async () => {
  const service = await givenService();
  const pool = await givenPool(service);
  const [borrower] = givenBorrowers(service, pool.contract);
  if (!borrower) throw new Error('a borrower was asked for');
  await service.app.listen(0, '127.0.0.1');
  const url = await service.app.getUrl();
  const outside = new pg.Client(service.database.url);
  await outside.connect();
  try {
    await outside.query('BEGIN; LOCK TABLE ledger_gate IN EXCLUSIVE MODE');
    const built = stepReached('loan.built');
    const answer = fetch(`${url}/loans`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': 'stop',
        ...bearer(service.key),
      },
      body: JSON.stringify(loanBody(pool, borrower)),
    });
    await built;
    const closed = service.app.close();
    await outside.query('COMMIT');
    const { status } = await answer;
    await closed;
    expect(status).toBe(201);
    const { rows } = await outside.query<{ held: string }>(
      'select held::text from pools where id = $1',
      [pool.pool.id],
    );
    expect(rows).toEqual([{ held: '1000000000' }]);
    await expect(fetch(`${url}/health/live`)).rejects.toThrow('fetch failed');
  } finally {
    await outside.end();
    await service.network.close();
    await service.database.drop();
  }
});

/** Resolves when a socket is closed, also when the other side has cut it. */
const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket
      .on('error', () => undefined)
      .once('close', () => {
        resolve();
      });
  });

test(
  'a stop does not wait for idle connections: one that never sent a byte, and one that ' +
    'never finished its request',
  async () => {
    const service = await givenService();
    const app = await createApp({ ...service.config, REQUEST_TIMEOUT_MS: 600 });
    try {
      await app.listen(0, '127.0.0.1');
      const { port } = new URL(await app.getUrl());
      const [silent, half] = [
        connect(Number(port), '127.0.0.1'),
        connect(Number(port), '127.0.0.1'),
      ];
      await Promise.all([once(silent, 'connect'), once(half, 'connect')]);
      half.write('POST /loans HTTP/1.1\r\nhost: x\r\n');
      // a later request is answered, so the server knows both
      await (await fetch(`http://127.0.0.1:${port}/health/live`)).text();
      const ended: string[] = [];
      const ends = Promise.all([
        closed(silent).then(() => ended.push('silent')),
        closed(half).then(() => ended.push('half')),
      ]);
      await app.close();
      await ends;
      expect(ended).toEqual(['silent', 'half']);
    } finally {
      await service.stop();
    }
  },
);

test(
  'on SIGTERM readiness fails at once while requests are still answered; then the ' +
    'process ends by itself, with 0',
  async () => {
    const service = await givenService();
    const pool = await givenPool(service);
    const [borrower] = givenBorrowers(service, pool.contract);
    if (!borrower) throw new Error('a borrower was asked for');
    const port = await freePort();
    const child = spawn(process.execPath, ['--enable-source-maps', fileOf('main')], {
      env: {
        ...TEST_DOOR,
        ROLE: 'api',
        PORT: String(port),
        STOP_GRACE_SECONDS: '8',
        VOLATILE_DATABASE: 'allow',
        LEDGER_DEADLINE_MS: '15000',
        RPC_TIMEOUT_MS: '30000',
        CHAIN_LAG_SECONDS_MAX: '3600',
        DATABASE_URL: service.database.url,
        STELLAR_RPC_URL: service.network.rpcUrl,
        STELLAR_NETWORK_PASSPHRASE: service.network.passphrase,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(child, 'exit') as Promise<[number | null]>;
    let output = '';
    const said = (words: string): Promise<void> =>
      new Promise((resolve) => {
        const look = (chunk: Buffer): void => {
          output += chunk.toString();
          if (output.includes(words)) resolve();
        };
        child.stdout.on('data', look);
        child.stderr.on('data', look);
      });
    try {
      await said('listening on');
      const ready = (): Promise<Response> => fetch(`http://127.0.0.1:${port}/health/ready`);
      expect((await ready()).status).toBe(200);
      const stopping = said('SIGTERM: stopping');
      child.kill('SIGTERM');
      await stopping;
      const red = await ready();
      expect([red.status, await red.json()]).toMatchObject([
        503,
        { status: 'not_ready', stopping: true, database: { ok: true }, chain: { ok: true } },
      ]);
      const late = await fetch(`http://127.0.0.1:${port}/loans`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'idempotency-key': 'late',
          ...bearer(service.key),
        },
        body: JSON.stringify(loanBody(pool, borrower)),
      });
      expect(late.status).toBe(201);
      expect(await ended).toEqual([0, null]);
    } finally {
      if (child.exitCode === null) {
        child.kill('SIGKILL');
        await ended;
      }
      await service.stop();
    }
  },
  90_000,
);
