import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type EmbeddedPostgres, startPostgres } from '../../sandbox/postgres/embedded.js';
import { readDatabase } from '../../src/cli/doctor/database-facts.js';
import { migrate } from '../../src/database/migrate.js';
import { BossService } from '../../src/jobs/boss.service.js';
import { ChangeListener } from '../../src/modules/liquidity/journal/change-signal.js';
import { asAdmin } from '../support/database.js';
import { bearer, givenKey } from '../support/access.js';
import { givenBorrowers, givenPool, givenService, loanBody, postLoan } from '../support/given.js';

/** A server that lets nobody in without TLS, with a certificate of a private authority. */
let folder: string;
let server: EmbeddedPostgres;
let authority: string;

const openssl = (...args: string[]): void => {
  const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
};
const tls = (query: string): string => `${server.url('holdfast')}?${query}`;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-tls-'));
  server = await startPostgres({ folder, durable: false });
  await server.ensureDatabase('holdfast');
  const request = ['req', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  openssl(...request, '-x509', '-subj', '/CN=private', '-keyout', 'ca.key', '-out', 'ca.pem');
  openssl(...request, '-subj', '/CN=127.0.0.1', '-keyout', 'server.key', '-out', 'server.csr');
  writeFileSync(path.join(folder, 'names'), 'subjectAltName=IP:127.0.0.1\n');
  openssl(
    ...['x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', '2'],
    ...['-CAcreateserial', '-extfile', 'names', '-out', 'server.pem'],
  );
  const data = path.join(server.folder, 'data');
  const { uid, gid } = statSync(data);
  for (const name of ['server.key', 'server.pem']) {
    openssl(
      ...(name.endsWith('key') ? ['pkey'] : ['x509']),
      '-in',
      name,
      '-out',
      path.join(data, name),
    );
    chownSync(path.join(data, name), uid, gid);
    chmodSync(path.join(data, name), 0o600);
  }
  authority = path.join(folder, 'ca.pem');
  const admin = server.url('postgres');
  await asAdmin("alter system set ssl_cert_file = 'server.pem'", admin);
  await asAdmin("alter system set ssl_key_file = 'server.key'", admin);
  await asAdmin('alter system set ssl = on', admin);
  writeFileSync(path.join(data, 'pg_hba.conf'), 'hostssl all all 127.0.0.1/32 scram-sha-256\n');
  await asAdmin('select pg_reload_conf()', admin);
}, 120_000);
afterAll(async () => {
  await server.stop();
  for (const each of new Set([folder, server.folder]))
    rmSync(each, { recursive: true, force: true });
});

test('without the certificate of the authority, the start says how to give it', async () => {
  await expect(migrate(tls('sslmode=require'))).rejects.toThrow(
    /sslrootcert=.*NODE_EXTRA_CA_CERTS=/,
  );
});

test('with it every connection uses TLS', async () => {
  const url = tls(`sslmode=require&sslrootcert=${authority}`);
  await migrate(url);
  expect((await readDatabase(url, 8)).encrypted).toBe(true);
  const service = await givenService({}, { url, name: 'holdfast', drop: () => Promise.resolve() });
  const boss = new BossService({ databaseUrl: url, work: true });
  try {
    const pool = await givenPool(service);
    const [borrower] = givenBorrowers(service, pool.contract);
    if (!borrower) throw new Error('a borrower was asked for');
    expect((await postLoan(service, loanBody(pool, borrower), 'key-1')).status).toBe(201);
    await boss.ready();
    let listener: ChangeListener | undefined;
    await new Promise<void>((resolve) => {
      listener = new ChangeListener(url, resolve);
      listener.start();
    });
    await listener?.stop();
    const page = await service.app.inject({
      url: '/admin/queues/',
      headers: bearer(await givenKey(service.app, { scopes: ['operate'] })),
    });
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('observe-pools');
  } finally {
    await boss.onApplicationShutdown();
    await service.stop();
  }
});
