import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../../src/database/migrate.js';
import { startPostgres } from '../../../sandbox/postgres/embedded.js';
import { registerPool } from '../../../src/modules/operations/register-pool.js';
import { openRooms } from '../../../src/cli/rooms.js';
import { readConfig } from '../../../src/common/config.js';
import { ApiKeys } from '../../../src/modules/access/api-keys.js';
import { keyBy } from '../../support/access.js';
import { givenService, loanBody, type GivenPool, type Service } from '../../support/given.js';
import { oneBorrower } from '../../support/held-loans.js';
import {
  postLoanTo,
  type ServicePlace,
  startServiceProcess,
} from '../../support/service-process.js';

let service: Service;
let place: ServicePlace;
beforeAll(async () => {
  service = await givenService();
  place = {
    databaseUrl: service.database.url,
    rpcUrl: service.network.rpcUrl,
    passphrase: service.network.passphrase,
  };
});
afterAll(() => service.stop());

interface Offer {
  readonly loan: { readonly id: string };
  readonly reservation: { readonly id: string };
  readonly transaction: { readonly hash: string };
}

describe('holds lost on a store restart', () => {
  test(
    'Postgres killed with SIGKILL: every 2xx answer is there afterwards, before and in the ' +
      'middle of a burst, and availability is the same',
    async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-killed-'));
      let server = await startPostgres({ folder, durable: true });
      const kill = async (): Promise<void> => {
        process.kill(server.pid, 'SIGKILL');
        const dead = server;
        server = await startPostgres({ folder, durable: true });
        expect([server.started, server.pid === dead.pid]).toEqual([true, false]);
      };
      await server.ensureDatabase('killed');
      await migrate(server.url('killed'));
      const url = server.url('killed');
      const given = await poolIn(url);
      const api = await startServiceProcess(
        { ...place, databaseUrl: url },
        { env: { VOLATILE_DATABASE: 'refuse' } },
      );
      const caller = { url: api.url, apiKey: given.apiKey };
      try {
        const bodies = Array.from({ length: 24 }, () =>
          loanBody(given, oneBorrower(service, given)),
        );
        const answered = await Promise.all(
          bodies.slice(0, 8).map((body, at) => postLoanTo(caller, body, `before-${at}`)),
        );
        // in the tick of the last answer: what was not on disk by then is lost
        const killed = kill();
        expect(
          await Promise.all(
            answered.map(async (answer) => (answer.status === 201 ? 201 : answer.text())),
          ),
        ).toEqual(Array.from({ length: 8 }, () => 201));
        const offers = await Promise.all(answered.map((answer) => answer.json() as Promise<Offer>));
        await killed;
        expect(await promisesIn(url, given)).toEqual({
          held: '8000000000',
          ids: offers.map(({ reservation }) => reservation.id).toSorted(),
          available: '92000000000',
        });

        const askBurst = (): Promise<Response>[] =>
          bodies.slice(8).map((body, at) => postLoanTo(caller, body, `burst-${at}`));
        const burst = askBurst();
        await Promise.race(burst);
        await kill();
        const made = (await Promise.all(burst)).filter(({ status }) => status === 201);
        const ids = await Promise.all(
          made.map(async (answer) => ((await answer.json()) as Offer).reservation.id),
        );
        expect(ids.length).toBeGreaterThan(0);
        const there = await promisesIn(url, given);
        expect(there.ids).toEqual(expect.arrayContaining(ids));
        expect([there.held, there.available]).toEqual([
          String(there.ids.length * 1_000_000_000),
          String(100_000_000_000 - there.ids.length * 1_000_000_000),
        ]);
        const again = await Promise.all(askBurst());
        // whatever they answered before
        expect(again.map(({ status }) => status)).toEqual(Array.from({ length: 16 }, () => 201));
        expect((await promisesIn(url, given)).ids).toHaveLength(24);
      } finally {
        await api.stop();
        await server.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    },
    180_000,
  );

  async function poolIn(databaseUrl: string): Promise<GivenPool & { readonly apiKey: string }> {
    const rooms = openRooms(
      { databaseUrl, rpcUrl: place.rpcUrl, networkPassphrase: place.passphrase },
      readConfig({}),
    );
    try {
      const made = service.network.control.deployPool({
        profile: 'scaled',
        decimals: 7,
        deposit: 10_000_0000000n,
      });
      const [vendor] = service.network.control.makeVendors({ pool: made.pool, count: 1 }).vendors;
      return {
        pool: await registerPool(rooms, {
          contract: made.pool,
          name: 'killed',
          generation: 'scaled',
          rules: { maxSnapshotAgeSeconds: 3600 },
        }),
        contract: made.pool,
        vendor: vendor ?? '',
        apiKey: await keyBy(new ApiKeys(rooms.connections, 15_000)),
      };
    } finally {
      await rooms.close();
    }
  }

  async function promisesIn(
    url: string,
    { pool }: GivenPool,
  ): Promise<{ held: string; available: string; ids: string[] }> {
    const client = new pg.Client(url);
    await client.connect();
    try {
      const { rows } = await client.query<{
        held: string;
        available: string;
        ids: string[];
        sum: string;
      }>(
        `select p.held::text, (least(snapshot_total - snapshot_locked,
          snapshot_token_balance) - p.held - p.in_flight - p.buffer)::text as available,
        array_agg(r.id::text order by r.id) as ids, sum(r.amount)::text as sum from pools p
          join reservations r on r.pool_id = p.id and r.state = 'held' where p.id = $1 group by p.id`,
        [pool.id],
      );
      const [row] = rows;
      if (!row) throw new Error('nothing is held');
      expect(row.held).toBe(row.sum);
      return { held: row.held, available: row.available, ids: row.ids };
    } finally {
      await client.end();
    }
  }
});
