import { setTimeout as wait } from 'node:timers/promises';
import type { OpenPeer, Peer, PeerPlace } from './peer.js';
import { borrower, HOLD_SECONDS, token } from './peer.js';
import { connections, insertHold, poolRow, promisedRows } from './postgres-peers.js';
import { RedisClient } from './redis.js';

/** A counter that is compared and raised; the hold is a key that ends by itself. */
const COUNTER = `
  if redis.call('exists', KEYS[2]) == 1 then return 1 end
  local held = tonumber(redis.call('get', KEYS[1]) or '0')
  if held + 1 > tonumber(ARGV[1]) then return 0 end
  redis.call('incrby', KEYS[1], 1)
  redis.call('set', KEYS[2], ARGV[2], 'EX', ${HOLD_SECONDS})
  return 1`;
/** Every live hold is a member with its deadline; each request adds them all up. */
const SUM = `
  redis.call('zremrangebyscore', KEYS[1], '-inf', ARGV[3])
  local sum = 0
  for _, member in ipairs(redis.call('zrange', KEYS[1], 0, -1)) do
    sum = sum + tonumber(string.match(member, ':(%d+)$'))
  end
  if sum + 1 > tonumber(ARGV[1]) then return 0 end
  redis.call('zadd', KEYS[1], ARGV[3] + ${HOLD_SECONDS}, ARGV[2] .. ':1')
  return 1`;
const UNLOCK = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0`;

const portOf = ({ redis }: PeerPlace): number => {
  if (!redis) throw new Error('this design needs Redis');
  return redis.port;
};

function script(
  name: string,
  durable: boolean,
  parts: {
    readonly text: string;
    readonly keys: (key: string) => readonly string[];
    readonly promised: (client: RedisClient) => Promise<number>;
    /** Live holds that are there before. */ readonly live?: number;
  },
): Peer {
  return {
    name,
    durability: durable ? 'AOF always' : 'none',
    needsRedis: true,
    open: async (place): Promise<OpenPeer> => {
      const client = await RedisClient.open(portOf(place));
      await client.send('flushall');
      const hash = String(await client.send('script', 'load', parts.text));
      const live = parts.live ?? 0;
      for (let from = 0; from < live; from += 1000)
        await Promise.all(
          Array.from({ length: Math.min(1000, live - from) }, () =>
            client.send('zadd', 'holds', Date.now() / 1000 + 3600, `${token()}:1`),
          ),
        );
      const room = place.room + BigInt(live);
      return {
        hold: async () => {
          const key = token();
          const keys = parts.keys(key);
          const now = Math.floor(Date.now() / 1000);
          return (
            (await client.send('evalsha', hash, keys.length, ...keys, String(room), key, now)) === 1
          );
        },
        promised: async () => (await parts.promised(client)) - live,
        retries: 0,
        close: () => {
          client.close();
          return Promise.resolve();
        },
      };
    },
  };
}

const counter = (durable: boolean): Peer =>
  script(`Redis counter, ${durable ? 'AOF always' : 'nothing durable'}`, durable, {
    text: COUNTER,
    keys: (key) => ['held', `hold:${key}:${borrower()}`],
    promised: async (client) => Number(await client.send('get', 'held')),
  });
const sumOfMembers = (durable: boolean, live: number): Peer =>
  script(
    `Redis sum of ${live.toLocaleString('en')} members, ${durable ? 'AOF always' : 'nothing durable'}`,
    durable,
    {
      text: SUM,
      keys: () => ['holds'],
      promised: async (client) => Number(await client.send('zcard', 'holds')),
      live,
    },
  );

/** A lock in Redis around a sum in Postgres, with the published defaults for retries. */
const redlock: Peer = {
  name: 'Redlock + Postgres',
  durability: 'AOF always + Postgres',
  needsRedis: true,
  open: async (place) => {
    await poolRow(place.url, place.room);
    const [client, clients] = await Promise.all([
      RedisClient.open(portOf(place)),
      connections(place.url, Math.min(place.inFlight, 8)),
    ]);
    await client.send('flushall');
    let retries = 0;
    const locked = async (name: string): Promise<boolean> => {
      for (let attempt = 0; attempt < 50; attempt++) {
        if ((await client.send('set', 'lock', name, 'NX', 'PX', 10_000)) === 'OK') return true;
        retries++;
        await wait(20 + Math.random() * 20);
      }
      return false;
    };
    return {
      hold: async (caller) => {
        const name = token();
        const database = clients[caller % clients.length];
        if (!database || !(await locked(name))) return false;
        try {
          const { rows } = await database.query<{ fits: boolean }>(
            'select held + 1 <= room as fits from peer_pools where id = 1',
          );
          if (rows[0]?.fits !== true) return false;
          await database.query('begin');
          await insertHold(database);
          await database.query('update peer_pools set held = held + 1 where id = 1');
          await database.query('commit');
          return true;
        } finally {
          await client.send('eval', UNLOCK, 1, 'lock', name);
        }
      },
      promised: async () => (clients[0] ? promisedRows(clients[0]) : 0),
      get retries() {
        return retries;
      },
      close: async () => {
        client.close();
        await Promise.all(clients.map((each) => each.end()));
      },
    };
  },
};

/** Requests wait in a list of Redis for one worker, which answers in another list. */
const queue: Peer = {
  name: 'queue in Redis, one worker + Postgres',
  durability: 'AOF always + Postgres',
  needsRedis: true,
  open: async (place) => {
    await poolRow(place.url, place.room);
    const [producer, consumer, answers, [database]] = await Promise.all([
      RedisClient.open(portOf(place)),
      RedisClient.open(portOf(place)),
      RedisClient.open(portOf(place)),
      connections(place.url, 1),
    ]);
    if (!database) throw new Error('a connection was asked for');
    await producer.send('flushall');
    const waiting = new Map<string, (held: boolean) => void>();
    let closed = false;
    const work = async (): Promise<void> => {
      for (;;) {
        const job = String(await consumer.send('blmove', 'jobs', 'active', 'RIGHT', 'LEFT', 0));
        await database.query('begin');
        const { rowCount } = await database.query(
          'update peer_pools set held = held + 1 where id = 1 and held + 1 <= room',
        );
        if (rowCount === 1) await insertHold(database);
        await database.query('commit');
        await consumer.send('lrem', 'active', 1, job);
        await consumer.send('lpush', 'done', `${job} ${rowCount === 1 ? 1 : 0}`);
      }
    };
    const listen = async (): Promise<void> => {
      for (;;) {
        const reply = await answers.send('brpop', 'done', 0);
        const [job = '', held] = String(Array.isArray(reply) ? reply[1] : '').split(' ');
        waiting.get(job)?.(held === '1');
        waiting.delete(job);
      }
    };
    for (const loop of [work(), listen()])
      loop.catch((thrown: unknown) => {
        if (!closed) throw thrown;
      });
    return {
      hold: () =>
        new Promise((resolve, reject) => {
          const job = token();
          waiting.set(job, resolve);
          producer.send('lpush', 'jobs', job).catch(reject);
        }),
      promised: () => promisedRows(database),
      retries: 0,
      close: async () => {
        closed = true;
        for (const client of [producer, consumer, answers]) client.close();
        await database.end();
      },
    };
  },
};

export const REDIS_PEERS: readonly Peer[] = [
  counter(true),
  counter(false),
  sumOfMembers(true, 1000),
  sumOfMembers(false, 1000),
  redlock,
  queue,
];
