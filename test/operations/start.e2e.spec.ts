import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { expect, test } from '@jest/globals';
import { startPostgres } from '../../sandbox/postgres/embedded.js';
import { TEST_DOOR } from '../support/access.js';
import { createTestDatabase } from '../support/database.js';
import { fileOf } from '../../src/common/places.js';

/** The last line of every refusal. */
const DOCTOR = '`npx holdfast doctor` checks everything that a start needs, and says what to do.\n';

/**
 * The service as `npm start` runs it, until it ends. Its environment has only the given variables.
 */
async function start(
  variables: Record<string, string>,
): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, ['--enable-source-maps', fileOf('main')], {
    env: { LOG_LEVEL: 'silent', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

test(
  'a bad configuration is reported in plain lines, all at once, without a stack, and ' +
    'nothing starts',
  async () => {
    const { code, said } = await start({ NODE_ENV: 'production', PORT: 'x', ROLE: 'boss' });
    expect(code).toBe(1);
    const [head, ...faults] = said.replace(DOCTOR, '').trim().split('\n');
    expect(said.endsWith(DOCTOR)).toBe(true);
    expect(head).toBe('Bad configuration, nothing was started:');
    expect(faults.map((fault) => fault.trim().split(':')[0])).toEqual([
      'ROLE',
      'PORT',
      'DATABASE_URL',
      'STELLAR_RPC_URL',
      'STELLAR_NETWORK_PASSPHRASE',
      'AUTH_SIGNING_SEED',
      'JWT_SECRET',
      'HOME_DOMAIN',
    ]);
  },
  30_000,
);

test('a configured port that is in use ends the start with a sentence that says what to do', async () => {
  const database = await createTestDatabase();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  try {
    const { code, said } = await start({
      NODE_ENV: 'test',
      VOLATILE_DATABASE: 'allow',
      ROLE: 'api',
      ...TEST_DOOR,
      PORT: String(port),
      DATABASE_URL: database.url,
      STELLAR_RPC_URL: 'http://127.0.0.1:9',
      STELLAR_NETWORK_PASSPHRASE: 'none',
    });
    expect(code).toBe(1);
    expect(said).toContain(
      `127.0.0.1:${port}: another process listens there. Stop it, or choose another PORT`,
    );
  } finally {
    other.close();
    await database.drop();
  }
}, 60_000);

test('a data folder from before the baseline ends the start with a sentence that names what to delete', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-spec-'));
  const server = await startPostgres({ folder: path.join(folder, 'postgres'), durable: true });
  try {
    await server.ensureDatabase('holdfast');
    const client = new pg.Client(server.url('holdfast'));
    await client.connect();
    await client.query(`
      create table schema_migrations (id serial primary key, timestamp bigint not null, name text not null);
      insert into schema_migrations (timestamp, name) values (1790000000001, 'LedgerTables1790000000001')`);
    await client.end();
    await server.stop();
    const { code, said } = await start({
      DATA_DIR: folder,
      STELLAR_RPC_URL: 'http://127.0.0.1:9',
      STELLAR_NETWORK_PASSPHRASE: 'none',
    });
    expect({ code, said: said.trim() }).toEqual({
      code: 1,
      said:
        'The database holdfast was made by a version of Holdfast from before the baseline migration and ' +
        `cannot be upgraded: to start afresh without its rows, delete the folder ${server.folder} and start again.\n` +
        DOCTOR.trim(),
    });
  } finally {
    await server.stop();
    rmSync(server.folder, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
