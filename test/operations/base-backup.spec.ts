import {
  chmodSync,
  chownSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { givenPool, openLedger, request } from '../support/given-ledger.js';
import { migrate } from '../../src/database/migrate.js';
import { type EmbeddedPostgres, startPostgres } from '../../sandbox/postgres/embedded.js';

/**
 * The quarantine on copies of a real server: which copies it notices, and which an operator must
 * report (decisions 0011 and 0027).
 */
let server: EmbeddedPostgres;
let poolId: string;
const folders: string[] = [];
beforeAll(async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-original-'));
  folders.push(folder);
  server = await startPostgres({ folder, durable: false });
  folders.push(server.folder); // another folder when the server's user cannot enter the first
  await server.ensureDatabase('holdfast');
  await migrate(server.url('holdfast'));
  const under = openLedger(server.url('holdfast'));
  poolId = (await givenPool(under, 1000n)).id;
  await under.ledger.guards.noticeDatabase();
  await under.connections.close();
}, 120_000);
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * Copies a server with the low-level interface of Postgres, as backup tools do: files between start
 * and stop, then the log and the label.
 */
async function baseBackup(): Promise<string> {
  const folder = copyTarget();
  const client = new pg.Client(server.url('postgres'));
  await client.connect();
  try {
    await client.query(`select pg_backup_start('a test', true)`);
    copy('data', folder);
    const {
      rows: [stopped],
    } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    copy('data/pg_wal', folder);
    const label = path.join(folder, 'data', 'backup_label');
    writeFileSync(label, stopped?.labelfile ?? '', { mode: 0o600 });
    const { uid, gid } = statSync(path.join(folder, 'data'));
    chownSync(label, uid, gid);
  } finally {
    await client.end();
  }
  return folder;
}
function copyTarget(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-copy-'));
  folders.push(folder);
  chmodSync(folder, 0o711);
  cpSync(path.join(server.folder, 'password'), path.join(folder, 'password'), {
    preserveTimestamps: true,
  });
  const { uid, gid } = statSync(path.join(server.folder, 'password'));
  chownSync(path.join(folder, 'password'), uid, gid);
  return folder;
}
/**
 * Copies with owners and modes. A file that disappears during the copy is no fault of a backup.
 * Without its label the copy would not start.
 */
function copy(what: string, folder: string): void {
  spawnSync('cp', ['-a', '-T', path.join(server.folder, what), path.join(folder, what)]);
  rmSync(path.join(folder, 'data', 'postmaster.pid'), { force: true });
}

async function firstAnswerOf(folder: string): Promise<{ kind: string; changes: number }> {
  const copied = await startPostgres({ folder, durable: false });
  const under = openLedger(copied.url('holdfast'));
  try {
    const { kind } = await under.ledger.hold(request(poolId));
    const {
      rows: [found],
    } = await under.connections.read.query<{ changes: number }>(
      'select count(*)::int as changes from database_changes',
    );
    return { kind, changes: found?.changes ?? -1 };
  } finally {
    await under.connections.close();
    await copied.stop();
  }
}

test(
  'a base backup that is started without a recovery to a new timeline is noticed before ' +
    'any hold is made',
  async () => {
    const folder = await baseBackup();
    expect(await firstAnswerOf(folder)).toEqual({ kind: 'pool_closed_for_holds', changes: 1 });
    expect(readFileSync(path.join(folder, 'data', 'backup_label.old'), 'utf8')).toContain(
      'LABEL: a test',
    );
    // its second start is not a second change
    expect(await firstAnswerOf(folder)).toEqual({ kind: 'pool_closed_for_holds', changes: 1 });
  },
  120_000,
);

test(
  'a restored folder of a stopped server is not noticed: Postgres takes it for a crash, ' +
    'and a person must begin the quarantine (`holdfast pools quarantine --all`)',
  async () => {
    expect(await server.stop()).toBe(true);
    const folder = copyTarget();
    copy('data', folder);
    expect(await firstAnswerOf(folder)).toEqual({ kind: 'held', changes: 0 });
  },
  120_000,
);
