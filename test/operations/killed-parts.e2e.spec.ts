import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isAlive, until } from '../../src/common/processes.js';
import { endService, type Spawned, spawnService } from '../support/service-process.js';

/**
 * `npm start` without configuration: its database and its network are killed, and it continues with
 * both.
 */
const LIMIT_MS = 60_000;
const dataDir = mkdtempSync(path.join(tmpdir(), 'holdfast-spec-'));
let service: Spawned;
let curl: { url: string; headers: Record<string, string>; body: string };

beforeAll(async () => {
  chmodSync(dataDir, 0o755);
  service = await spawnService(
    { DATA_DIR: dataDir, LOG_LEVEL: 'silent', PATH: '/usr/bin:/bin' },
    { ready: 'Ctrl-C stops' },
  );
  const [, url = '', key = '', idempotencyKey = '', body = ''] =
    /curl -s -X POST (\S+) -H 'authorization: Bearer (\S+)' .*'idempotency-key: (\S+)' -d '(.*)'/.exec(
      service.output(),
    ) ?? [];
  curl = {
    url,
    body,
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': idempotencyKey,
    },
  };
}, LIMIT_MS * 2);
afterAll(async () => {
  await endService(service.child, 'SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
}, LIMIT_MS);

const askAgain = (): Promise<Response> =>
  fetch(curl.url, {
    method: 'POST',
    headers: curl.headers,
    body: curl.body,
    signal: AbortSignal.timeout(30_000),
  });
const isReady = async (): Promise<true | undefined> =>
  (await fetch(new URL('/health/ready', curl.url))).ok ? true : undefined;
/** The newest process of that name that the service has logged. */
function processOf(what: string): number {
  const said = [...service.output().matchAll(new RegExp(`^${what}: .*process (\\d+)`, 'gm'))];
  return Number(said.at(-1)?.[1]);
}
async function kill(what: string): Promise<number> {
  const killed = processOf(what);
  process.kill(killed, 'SIGKILL');
  return until(`another process of ${what}`, LIMIT_MS, () =>
    processOf(what) === killed ? undefined : processOf(what),
  );
}

const ledgerIn = (detail: string): number => Number(/^ledger (\d+)/.exec(detail)?.[1]);

test(
  'the database is killed: it is started again in the same place, and every hold is ' +
    'still there',
  async () => {
    const first = await askAgain();
    const before = await first.text();
    expect(first.status).toBe(201);
    await kill('Postgres');
    await until('readiness', LIMIT_MS, isReady);
    const again = await askAgain();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await again.text()).toBe(before);
  },
  LIMIT_MS * 2,
);

test(
  'the network is killed: it is started again at its addresses with its ledgers, and the service follows it',
  async () => {
    const { chain } = (await (await fetch(new URL('/health/ready', curl.url))).json()) as {
      chain: { detail: string };
    };
    await kill('Local Stellar network');
    await until('readiness', LIMIT_MS, isReady);
    const { chain: after } = (await (await fetch(new URL('/health/ready', curl.url))).json()) as {
      chain: { detail: string };
    };
    expect(ledgerIn(after.detail)).toBeGreaterThanOrEqual(ledgerIn(chain.detail));
  },
  LIMIT_MS * 2,
);

test(
  'a stop ends both, and neither is started again',
  async () => {
    const [postgres, network] = [processOf('Postgres'), processOf('Local Stellar network')];
    await endService(service.child, 'SIGTERM');
    expect([postgres, network].map((pid) => isAlive(pid))).toEqual([false, false]);
  },
  LIMIT_MS,
);
