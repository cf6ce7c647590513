import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { BossService } from './boss.service.js';
import { DeadLetterLog } from './dead-letters.js';

let database: TestDatabase;
let client: pg.Client;
let service: BossService;
let letters: DeadLetterLog;
let onLine: (line: string) => void = () => undefined;
const log = {
  error: (line: string) => {
    onLine(line);
  },
  warn: (line: string) => {
    onLine(line);
  },
};

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client(database.url);
  await client.connect();
  service = new BossService({ databaseUrl: database.url, work: true }, log);
  letters = new DeadLetterLog(service, log);
  await letters.onApplicationBootstrap();
});
afterEach(async () => {
  await service.boss.offWork('judge-lapsed', { wait: true });
  await client.query('delete from pgboss.job');
});
afterAll(async () => {
  await letters.beforeApplicationShutdown();
  await service.onApplicationShutdown();
  await client.end();
  await database.drop();
});

/** A round whose retries are used up. */
const LAST_TRY = { retryLimit: 0 };
const nextLine = (): Promise<string> =>
  new Promise((resolve) => {
    onLine = resolve;
  });
const factsOf = (line: string): unknown => JSON.parse(line.replace(/^dead_letter /, ''));

test(
  'a failed round is logged by name with its queue, job, tries and error; the dead letter ' +
    'keeps the same text',
  async () => {
    const line = nextLine();
    await service.boss.work('judge-lapsed', { pollingIntervalSeconds: 0.5 }, () =>
      Promise.reject(new Error('the node lied')),
    );
    const job = await service.boss.send('judge-lapsed', {}, LAST_TRY);
    const facts = { queue: 'judge-lapsed', job, tries: 1, error: 'the node lied' };
    expect(factsOf(await line)).toEqual(facts);
    await letters.beforeApplicationShutdown(); // waits until the letter is completed
    const { rows } = await client.query(
      "select name, state::text, output from pgboss.job where name in ('dead', " +
        "'judge-lapsed') and state <> 'created' order by name",
    );
    expect(rows).toEqual([
      { name: 'dead', state: 'completed', output: facts },
      expect.objectContaining({ name: 'judge-lapsed', state: 'failed' }),
    ]);
    await letters.onApplicationBootstrap();
  },
);

test('a round whose process died is logged too, with the text of the queue', async () => {
  const job = await service.boss.send('judge-lapsed', {}, LAST_TRY);
  await service.boss.fetch('judge-lapsed'); // fetched, and its process has ended
  await client.query("update pgboss.job set started_on = now() - interval '1 hour' where id = $1", [
    job,
  ]);
  const line = nextLine();
  await service.boss.supervise('judge-lapsed');
  expect(factsOf(await line)).toEqual({
    queue: 'judge-lapsed',
    job,
    tries: 1,
    error: 'job timed out',
  });
});

test('warnings and errors of the queue itself reach the log under their names', async () => {
  const warning = nextLine();
  service.boss.emit('warning', { message: 'clock skew', data: { seconds: 90 } });
  expect(await warning).toBe('queue_warning clock skew {"seconds":90}');
  const error = nextLine();
  service.boss.emit('error', new Error('connection lost'));
  expect(await error).toBe('queue_error connection lost');
});

test(
  'while the database is away every queue worker reports it twice a second, and the log ' +
    'has it once a minute',
  () => {
    const lines: string[] = [];
    onLine = (line) => {
      lines.push(line);
    };
    const away = (queue: string): boolean =>
      service.boss.emit('error', new Error(`connect ECONNREFUSED (Queue: ${queue})`));
    for (let round = 0; round < 3; round++)
      for (const queue of ['observe-pools', 'judge-lapsed']) away(queue);
    expect(lines).toEqual([
      'queue_error connect ECONNREFUSED (Queue: observe-pools)',
      'queue_error connect ECONNREFUSED (Queue: judge-lapsed)',
    ]);
  },
);
