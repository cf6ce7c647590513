import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { setTimeout as wait } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { ObservationPace } from '../common/observation-pace.js';
import { until } from '../common/processes.js';
import { BossService } from './boss.service.js';
import { JobsRunner } from './jobs-runner.js';
import { type JobHandler, JOBS } from './jobs-table.js';

let database: TestDatabase;
let client: pg.Client;
const open: { service: BossService; runner: JobsRunner }[] = [];
const complaints: unknown[] = [];
const log = {
  error: (line: unknown) => complaints.push(line),
  warn: (line: unknown) => complaints.push(line),
};

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client(database.url);
  await client.connect();
});
afterEach(async () => {
  for (const { service, runner } of open.splice(0)) {
    await runner.beforeApplicationShutdown();
    await service.onApplicationShutdown();
  }
  // A kept schedule would add rounds when the next test starts.
  await client.query('delete from pgboss.job; delete from pgboss.schedule');
  complaints.length = 0;
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** Rounds of a use-case that a test can wait for, and what each returns. */
function rounds(answer: (round: number) => Promise<boolean> | boolean) {
  let count = 0;
  const waiting = new Map<number, () => void>();
  return {
    run: async () => {
      count += 1;
      waiting.get(count)?.();
      return answer(count);
    },
    reached: (round: number) =>
      new Promise<void>((resolve) => {
        if (count >= round) resolve();
        else waiting.set(round, resolve);
      }),
    count: () => count,
  };
}

async function start(
  observe: JobHandler['run'],
  expire: JobHandler['run'],
  pauseSeconds = 0.2,
  pace?: ObservationPace,
): Promise<{ service: BossService; runner: JobsRunner }> {
  const service = new BossService({ databaseUrl: database.url, work: true }, log);
  const runner = new JobsRunner(
    service,
    JOBS.map(({ queue }) => ({
      queue,
      run:
        queue === 'observe-pools'
          ? observe
          : queue === 'judge-lapsed'
            ? expire
            : () => Promise.resolve(false),
    })),
    { pauseSeconds, log, ...(pace && { pace }) },
  );
  open.push({ service, runner });
  await Promise.all([service.onApplicationBootstrap(), runner.onApplicationBootstrap()]);
  return { service, runner };
}
const jobsOf = async (queue: string, state: string): Promise<number> =>
  Number(
    (
      await client.query<{ n: string }>(
        'select count(*) as n from pgboss.job where name = $1 and state = $2',
        [queue, state],
      )
    ).rows[0]?.n,
  );

test('an always job comes again after each round; a while-needed one only while something is left', async () => {
  const observe = rounds(() => false);
  const expire = rounds((round) => round < 2);
  await start(observe.run, expire.run);
  await Promise.all([observe.reached(4), expire.reached(2)]);
  await observe.reached(observe.count() + 2);
  expect(expire.count()).toBe(2);
  expect(await jobsOf('judge-lapsed', 'created')).toBe(0);
});

test('the pause before the next observation counts from the beginning of a round; a late one is noticed', async () => {
  const pace = new ObservationPace();
  const observe = rounds(() => wait(700, false));
  await start(observe.run, () => Promise.resolve(true), 3, pace);
  expect(pace.isLate).toBe(false);
  const pauseOf = (queue: string): Promise<number> =>
    until('the next round', 10_000, async () => {
      const { rows } = await client.query<{ pause: number }>(
        `select extract(epoch from start_after - created_on)::float8 as pause from pgboss.job
          where name = $1 and state = 'created' and start_after > created_on`,
        [queue],
      );
      return rows[0]?.pause;
    });
  const [steady, other] = await Promise.all([pauseOf('observe-pools'), pauseOf('judge-lapsed')]);
  expect(other).toBeCloseTo(3, 1);
  expect(steady).toBeLessThan(2.4);
  await observe.reached(2);
  pace.expect(-1);
  expect(pace.isLate).toBe(true);
  pace.rest();
  expect(pace.isLate).toBe(false);
});

test(
  'a failed round is logged and tried again; the retry replaces the next round, and the ' +
    'chain continues from it',
  async () => {
    const observe = rounds((round) =>
      round === 1 ? Promise.reject(new Error('the database is away')) : true,
    );
    await start(observe.run, () => Promise.resolve(false));
    await observe.reached(3);
    expect(complaints).toContain('observe-pools: the database is away; it is tried again');
    expect(await jobsOf('dead', 'created')).toBe(0);
    const { rows } = await client.query(
      "select retry_count::int as tries from pgboss.job where name = 'observe-pools' and " +
        "(state = 'completed' or retry_count > 0) order by created_on limit 1",
    );
    expect(rows).toEqual([{ tries: 1 }]);
  },
);

test('retries come with a growing pause and end among the dead letters; the next round still comes', async () => {
  const at: number[] = [];
  const observe = rounds((round) => {
    at.push(performance.now());
    return round <= 4 ? Promise.reject(new Error('the database is away')) : true;
  });
  await start(observe.run, () => Promise.resolve(false));
  await observe.reached(6);
  const declared = JOBS.find(({ queue }) => queue === 'observe-pools')?.retry;
  expect(declared).toEqual({ limit: 3, delaySeconds: 1, delayMaxSeconds: 8 });
  const pauses = at.slice(1, 4).map((moment, index) => (moment - (at[index] ?? 0)) / 1000);
  // 1, 2, 4 s at least, up to twice that by chance
  for (const [index, pause] of pauses.entries()) expect(pause).toBeGreaterThanOrEqual(2 ** index);
  expect(await jobsOf('dead', 'created')).toBe(1);
  const { rows } = await client.query(
    "select retry_count::int as tries, state::text from pgboss.job where name = 'observe-pools' and retry_count > 0",
  );
  expect(rows).toEqual([{ tries: 3, state: 'failed' }]);
  expect(
    complaints.filter((line) => String(line) === 'observe-pools: the database is away'),
  ).toHaveLength(1);
  expect(
    (await jobsOf('observe-pools', 'created')) + (await jobsOf('observe-pools', 'active')),
  ).toBeLessThanOrEqual(2); // one chain
}, 60_000);

test('a job runs by cron alone, whatever its round returns; the schedules are as in the table', async () => {
  const check = rounds(() => true);
  const service = new BossService({ databaseUrl: database.url, work: true }, log);
  const runner = new JobsRunner(
    service,
    JOBS.map(({ queue }) => ({
      queue,
      run: queue === 'self-check' ? check.run : () => Promise.resolve(false),
    })),
    { pauseSeconds: 0.2, log },
  );
  open.push({ service, runner });
  await Promise.all([service.onApplicationBootstrap(), runner.onApplicationBootstrap()]);
  await check.reached(1); // at the start, and then by the minute
  await runner.beforeApplicationShutdown();
  expect(await jobsOf('self-check', 'created')).toBe(0);
  const { rows } = await client.query(
    'select name as queue, cron from pgboss.schedule order by name',
  );
  expect(rows).toEqual(
    JOBS.map(({ queue, cron }) => ({ queue, cron })).toSorted((a, b) =>
      a.queue < b.queue ? -1 : 1,
    ),
  );
});

test('two workers make one chain of rounds, not two', async () => {
  const first = rounds(() => true);
  const second = rounds(() => true);
  await start(first.run, () => Promise.resolve(false));
  await start(second.run, () => Promise.resolve(false));
  while (first.count() + second.count() < 6)
    await Promise.race([first.reached(first.count() + 1), second.reached(second.count() + 1)]);
  expect(await jobsOf('observe-pools', 'created')).toBeLessThanOrEqual(1);
});

test('a graceful stop waits for the round that runs and starts no other', async () => {
  let finish = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const observe = rounds(async () => {
    await held;
    return true;
  });
  const { runner, service } = await start(observe.run, () => Promise.resolve(false));
  await observe.reached(1);
  const stopped = runner.beforeApplicationShutdown();
  finish();
  await stopped;
  await service.onApplicationShutdown();
  open.length = 0;
  expect(await jobsOf('observe-pools', 'completed')).toBe(1);
  expect(await jobsOf('observe-pools', 'created')).toBe(0);
});

test('a database that is away when a round ends does not break the chain of rounds', async () => {
  const observe = rounds(() => false);
  const expire = rounds(() => false);
  const { service } = await start(observe.run, expire.run);
  await observe.reached(1);
  const send = service.boss.send.bind(service.boss);
  let refused = 0;
  Object.defineProperty(service.boss, 'send', {
    value: (...args: Parameters<typeof send>) =>
      (args[0] as unknown as string) === 'observe-pools' && refused++ < 1
        ? Promise.reject(new Error('the database is away'))
        : send(...args),
  });
  const now = observe.count();
  await observe.reached(now + 3); // the minute's cron would come too late for this test's limit
  expect(refused).toBeGreaterThanOrEqual(2);
  expect(complaints.map(String)).toContainEqual(
    expect.stringContaining(
      'observe-pools: the next round could not be queued (the database is away)',
    ),
  );
});

test(
  'when the database is away a failed round cannot be reported to its queue: the next ' +
    'round is queued once it is back',
  async () => {
    let back: Promise<unknown> = Promise.resolve();
    let started: (() => void) | undefined;
    const booted = new Promise<void>((resolve) => {
      started = resolve;
    });
    const observe = rounds(async (round) => {
      if (round !== 1) return false;
      await booted; // which queues the first round of every job
      await client.query('alter schema pgboss rename to pgboss_away');
      back = new Promise((resolve) => {
        setTimeout(() => {
          resolve(client.query('alter schema pgboss_away rename to pgboss'));
        }, 1500);
      });
      throw new Error('the database is away');
    });
    await start(observe.run, () => Promise.resolve(false));
    started?.();
    await observe.reached(3); // the minute's cron would come too late for this test's limit
    await back;
    expect(complaints).toContain('observe-pools: the database is away');
    expect(complaints.map(String)).toContainEqual(
      expect.stringContaining('observe-pools: the next round could not be queued'),
    );
    // the first one, until its time limit
    expect(await jobsOf('observe-pools', 'active')).toBeGreaterThanOrEqual(1);
  },
);
