import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type EmbeddedPostgres, startPostgres } from '../../sandbox/postgres/embedded.js';
import { until } from '../../src/common/processes.js';
import { migrate } from '../../src/database/migrate.js';
import { bearer } from '../support/access.js';
import { asAdmin } from '../support/database.js';
import { isSoak } from '../support/dose.js';
import {
  type Borrower,
  givenBorrowers,
  type GivenPool,
  givenPool,
  givenService,
  loanBody,
  type Service,
} from '../support/given.js';
import { hasPgBouncer, type Pooler, startPgBouncer } from '../support/pgbouncer.js';
import { withClient } from '../support/reporting-role.js';

/**
 * A disk that is full, a synchronous standby that stops, and a failover to a standby that nobody
 * promoted: real ones. They need a mount and two more servers, so they run with TEST_DOSE=soak.
 */
const READINESS_LIMIT_MS = 4_000;
const DEADLINE_MS = 2_000;
const DISK = '400m';
// made only when it is used: afterAll does not run when every test is skipped
const mountpoint = isSoak ? mkdtempSync(path.join(tmpdir(), 'holdfast-disk-')) : '';
const mounted =
  isSoak &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK},mode=0755`, 'tmpfs', mountpoint])
    .status === 0;
if (!isSoak) process.stdout.write('skip: real disks and standbys need TEST_DOSE=soak\n');
else if (!mounted) process.stdout.write('skip: this machine mounts no file system of its own\n');
afterAll(() => {
  if (mounted) spawnSync('umount', [mountpoint]);
  if (isSoak) rmSync(mountpoint, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly problem: { readonly code?: string; readonly holdMade?: boolean | null };
}
/** One service and borrowers that have not asked yet. */
class Asking {
  #asked = 0;
  private constructor(
    readonly service: Service,
    private readonly pool: GivenPool,
    private readonly borrowers: readonly Borrower[],
  ) {}

  static async of(url: string): Promise<Asking> {
    const service = await givenService(
      { LEDGER_DEADLINE_MS: String(DEADLINE_MS) },
      { url, name: 'holdfast', drop: () => Promise.resolve() },
    );
    const pool = await givenPool(service, { deposit: 1_000_000_0000000n });
    const asking = new Asking(
      service,
      pool,
      givenBorrowers(service, pool.contract, { count: 400 }),
    );
    await service.app.listen(0, '127.0.0.1');
    return asking;
  }

  async loan(): Promise<Answer> {
    const key = `key-${this.#asked}`;
    const borrower = this.borrowers[this.#asked++];
    if (!borrower) throw new Error('more borrowers are needed');
    const answer = await fetch(`${await this.service.app.getUrl()}/loans`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': key,
        ...bearer(this.service.key),
      },
      body: JSON.stringify(loanBody(this.pool, borrower)),
    });
    return { status: answer.status, problem: (await answer.json()) as Answer['problem'] };
  }

  loans(count: number): Promise<Answer[]> {
    return Promise.all(Array.from({ length: count }, () => this.loan()));
  }

  async ready(): Promise<{ status: number; detail: string; ms: number }> {
    const began = performance.now();
    const answer = await fetch(`${await this.service.app.getUrl()}/health/ready`);
    const { database } = (await answer.json()) as { database: { detail: string } };
    return { status: answer.status, detail: database.detail, ms: performance.now() - began };
  }

  /** Until a loan is accepted and readiness is green again. */
  works(): Promise<true> {
    return until('an accepted loan', 30_000, async () =>
      (await this.loan()).status === 201 && (await this.ready()).status === 200 ? true : undefined,
    );
  }
}
const REFUSED = { status: 503, problem: { code: 'BUSY_RETRY', holdMade: false } };
const told = ({ status, problem: { code, holdMade } }: Answer) => ({
  status,
  problem: { code, holdMade },
});

async function serverIn(
  folder: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedPostgres> {
  const server = await startPostgres({
    folder,
    durable: false,
    settings: { synchronous_commit: 'on', ...settings },
  });
  await server.ensureDatabase('holdfast');
  await migrate(server.url('holdfast'));
  return server;
}

(mounted ? describe : describe.skip)('a disk that is full', () => {
  let server: EmbeddedPostgres;
  let asking: Asking;
  const filler = path.join(mountpoint, 'filler');
  beforeAll(async () => {
    server = await serverIn(path.join(mountpoint, 'postgres'), {
      max_wal_size: '64MB',
      min_wal_size: '32MB',
      shared_buffers: '32MB',
    });
    asking = await Asking.of(server.url('holdfast'));
  }, 180_000);
  afterAll(async () => {
    await asking.service.stop();
    await server.stop();
  });

  test('each answer says that no hold was made, readiness is red, and both end with the space', async () => {
    expect((await asking.loan()).status).toBe(201);
    // a new segment of the log, so that tables meet the end of the disk before it does
    await asAdmin('checkpoint', server.url('holdfast'));
    await asAdmin('select pg_switch_wal()', server.url('holdfast'));
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k']);
    const first = await until('a refusal', 60_000, async () => {
      const answer = await asking.loan();
      return answer.status === 201 ? undefined : answer;
    });
    expect(told(first)).toEqual(REFUSED);
    const answers = await asking.loans(12);
    expect(answers.filter(({ status }) => status !== 201).map(told)).toEqual(
      answers.filter(({ status }) => status !== 201).map(() => REFUSED),
    );
    const ready = await asking.ready();
    expect(ready).toMatchObject({ status: 503, detail: 'reachable, but cannot write now (53100)' });
    expect(ready.ms).toBeLessThan(READINESS_LIMIT_MS);
    rmSync(filler);
    expect(await asking.works()).toBe(true);
    expect(await asking.service.ledger.guards.differences(null)).toEqual([]);
  }, 120_000);
});

(isSoak && hasPgBouncer() ? describe : describe.skip)('a real standby', () => {
  const folders: string[] = [];
  const temporary = (): string => {
    const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-standby-'));
    folders.push(folder);
    return folder;
  };
  let primary: EmbeddedPostgres;
  let standby: EmbeddedPostgres;
  let pooler: Pooler;
  let asking: Asking;
  let startStandby: () => Promise<EmbeddedPostgres>;
  const synchronous = async (names: string): Promise<void> => {
    await asAdmin(
      `alter system set synchronous_standby_names = '${names}'`,
      primary.url('postgres'),
    );
    await asAdmin('select pg_reload_conf()', primary.url('postgres'));
  };
  /** How many standbys the primary sends its log to. */
  const streaming = (): Promise<number> =>
    withClient(primary.url('postgres'), async (client) => {
      const { rows } = await client.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_replication where state = 'streaming'`,
      );
      return rows[0]?.n ?? 0;
    });

  beforeAll(async () => {
    const folder = temporary();
    primary = await serverIn(folder, { max_wal_size: '256MB', shared_buffers: '32MB' });
    const copied = temporary();
    spawnSync('chmod', ['711', copied]);
    await withClient(primary.url('postgres'), async (client) => {
      await client.query(`select pg_backup_start('standby', true)`);
      for (const what of ['password', 'data'])
        spawnSync('cp', ['-a', path.join(primary.folder, what), copied]);
      const { rows } = await client.query<{ labelfile: string }>(
        'select labelfile from pg_backup_stop(false)',
      );
      const { uid, gid } = statSync(path.join(copied, 'data'));
      for (const [name, text] of [
        ['backup_label', rows[0]?.labelfile ?? ''],
        ['standby.signal', ''],
      ] as const) {
        writeFileSync(path.join(copied, 'data', name), text, { mode: 0o600 });
        chownSync(path.join(copied, 'data', name), uid, gid);
      }
      rmSync(path.join(copied, 'data', 'postmaster.pid'), { force: true });
    });
    const { port, password } = new URL(primary.url('postgres'));
    startStandby = () =>
      startPostgres({
        folder: copied,
        durable: false,
        settings: {
          shared_buffers: '32MB',
          primary_conninfo: `host=127.0.0.1 port=${port} user=postgres password=${decodeURIComponent(password)}`,
        },
      });
    standby = await startStandby();
    await until('a streaming standby', 30_000, async () => (await streaming()) || undefined);
    pooler = await startPgBouncer(primary.url('holdfast'), { pool_mode: 'transaction' });
    asking = await Asking.of(pooler.url);
  }, 180_000);
  afterAll(async () => {
    await asking.service.stop();
    await pooler.stop();
    await standby.stop();
    await primary.stop();
    for (const folder of new Set([...folders, primary.folder, standby.folder]))
      rmSync(folder, { recursive: true, force: true });
  });

  test('a synchronous one that stops: answers and readiness keep their limits, and nothing is lost', async () => {
    await synchronous('*');
    expect(await asking.works()).toBe(true);
    await standby.stop();
    const waiting = asking.loans(6);
    const looks = [];
    for (let look = 0; look < 3; look++) looks.push(await asking.ready());
    expect(looks.every(({ status }) => status === 200 || status === 503)).toBe(true);
    expect(Math.max(...looks.map(({ ms }) => ms))).toBeLessThan(READINESS_LIMIT_MS);
    // a commit that the primary alone has may be there: then it is not known, and never denied
    for (const { status, problem } of await waiting)
      expect(status === 201 || (status === 503 && problem.holdMade !== true)).toBe(true);
    standby = await startStandby();
    expect(await asking.works()).toBe(true);
    await synchronous('');
    expect(await asking.service.ledger.guards.differences(null)).toEqual([]);
  }, 120_000);

  test('a failover that cuts no socket, to a standby that is not promoted', async () => {
    expect(await asking.works()).toBe(true);
    pooler.leadTo(standby.url('holdfast'));
    const switched = performance.now();
    const answers: Answer[] = [];
    const red = await until('red readiness', 20_000, async () => {
      answers.push(...(await asking.loans(8)));
      const ready = await asking.ready();
      return ready.status === 503 ? ready : undefined;
    });
    const refusedAfter = performance.now() - switched;
    answers.push(...(await asking.loans(12)));
    expect(red.ms).toBeLessThan(READINESS_LIMIT_MS);
    expect(red.detail).toMatch(/cannot write now \((25006|55000|0A000)\)/);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.length).toBeGreaterThanOrEqual(12);
    expect(refused.map(told)).toEqual(refused.map(() => REFUSED));
    pooler.leadTo(primary.url('holdfast'));
    expect(await asking.works()).toBe(true);
    expect(refusedAfter).toBeLessThan(10_000);
    expect(await asking.service.ledger.guards.differences(null)).toEqual([]);
  }, 120_000);
});
