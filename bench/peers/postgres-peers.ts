import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { retryableCode } from '../../src/database/sqlstates.js';
import { borrower, HOLD_SECONDS, type OpenPeer, type Peer, type PeerPlace, token } from './peer.js';

const CONNECTIONS_MAX = 64;

export async function poolRow(url: string, room: bigint): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('insert into peer_pools (id, room) values (1, $1)', [room]);
  await client.end();
}

export async function connections(url: string, count: number): Promise<pg.Client[]> {
  return Promise.all(
    Array.from({ length: Math.min(count, CONNECTIONS_MAX) }, async () => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return client;
    }),
  );
}

export async function promisedRows(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    "select count(*) from peer_holds where state = 'held'",
  );
  return Number(rows[0]?.count ?? 0);
}

/** One hold and its history, as every peer writes them. */
export async function insertHold(client: pg.Client): Promise<void> {
  await client.query(
    `with made as (insert into peer_holds (pool_id, key, borrower, amount, expires_at)
      values (1, $1, $2, 1, now() + interval '${HOLD_SECONDS} s') returning id)
    insert into peer_events (hold_id, kind) select id, 'held' from made`,
    [token(), borrower()],
  );
}

const SUM = `select room - (select coalesce(sum(amount), 0) from peer_holds
  where pool_id = 1 and state = 'held') >= 1 as fits from peer_pools where id = 1`;

/** @returns whether one unit fits */
async function fits(client: pg.Client, statement: string): Promise<boolean> {
  const { rows } = await client.query<{ fits: boolean }>(statement);
  return rows[0]?.fits === true;
}

/** A transaction for each request, on a connection of its own, repeated when it failed to serialize. */
function transactions(
  name: string,
  begin: string,
  decide: (client: pg.Client) => Promise<boolean>,
): Peer {
  return {
    name,
    durability: 'Postgres',
    needsRedis: false,
    open: async (place: PeerPlace): Promise<OpenPeer> => {
      await poolRow(place.url, place.room);
      const clients = await connections(place.url, place.inFlight);
      let retries = 0;
      const attempt = async (client: pg.Client): Promise<boolean | undefined> => {
        try {
          await client.query(begin);
          const held = await decide(client);
          await client.query('commit');
          return held;
        } catch (thrown) {
          await client.query('rollback');
          if (retryableCode(thrown) === undefined) throw thrown;
          retries++;
          return undefined;
        }
      };
      return {
        hold: async (caller) => {
          const client = clients[caller % clients.length];
          if (!client) return false;
          // a design that never gets through must not keep the bench forever
          const until = performance.now() + 5000;
          for (;;) {
            const held = await attempt(client);
            if (held !== undefined) return held;
            if (performance.now() > until) return false;
            await wait(0);
          }
        },
        promised: async () => (clients[0] ? promisedRows(clients[0]) : 0),
        get retries() {
          return retries;
        },
        close: async () => {
          await Promise.all(clients.map((client) => client.end()));
        },
      };
    },
  };
}

const bySum = async (client: pg.Client): Promise<boolean> => {
  if (!(await fits(client, SUM))) return false;
  await insertHold(client);
  return true;
};

export const literalCard = transactions(
  'literal card: SERIALIZABLE, FOR UPDATE, sum',
  'begin isolation level serializable',
  async (client) => {
    await client.query('select 1 from peer_pools where id = 1 for update');
    return bySum(client);
  },
);
export const sumUnderLock = transactions(
  'sum under the lock, READ COMMITTED',
  'begin',
  async (client) => {
    await client.query('select 1 from peer_pools where id = 1 for update');
    return bySum(client);
  },
);
export const rowLock = transactions(
  'row lock and counter, READ COMMITTED',
  'begin',
  async (client) => {
    if (
      !(await fits(
        client,
        'select held + 1 <= room as fits from peer_pools where id = 1 for update',
      ))
    )
      return false;
    await insertHold(client);
    await client.query('update peer_pools set held = held + 1 where id = 1');
    return true;
  },
);
/** Reads, then writes, with nothing between the two: what most first versions do. */
export const checkThenAct = transactions('check, then act: no lock', 'begin', bySum);

export const functionPerRequest: Peer = {
  name: 'function per request, 8 connections',
  durability: 'Postgres',
  needsRedis: false,
  open: async ({ url, room }) => {
    await poolRow(url, room);
    const pool = new pg.Pool({ connectionString: url, max: 8 });
    return {
      hold: async () => {
        const { rows } = await pool.query<{ held: boolean }>('select peer_hold($1, $2) as held', [
          token(),
          borrower(),
        ]);
        return rows[0]?.held === true;
      },
      promised: async () => {
        const { rows } = await pool.query<{ count: string }>('select count(*) from peer_holds');
        return Number(rows[0]?.count ?? 0);
      },
      retries: 0,
      close: () => pool.end(),
    };
  },
};
