import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import {
  givenPool,
  type LedgerUnderTest,
  openLedger,
  request,
} from '../../../test/support/given-ledger.js';
import { WebhookStore } from './webhook-store.js';
import { type UpkeepOptions, WebhookUpkeep } from './webhook-upkeep.js';

const DAYS = 30;
let database: TestDatabase;
let under: LedgerUnderTest;
let store: WebhookStore;
let poolId = '';
const lines: unknown[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  under = openLedger(database.url);
  store = new WebhookStore(under.connections);
  poolId = (await givenPool(under, 1_000_000n)).id;
});
afterEach(() => sql('delete from webhook_deliveries; delete from webhooks'));
afterAll(async () => {
  await under.connections.close();
  await database.drop();
});

const sql = <Row extends object>(text: string, values: unknown[] = []) =>
  under.connections.write.query<Row>(text, values);
const upkeep = (options: Partial<UpkeepOptions> = {}): WebhookUpkeep =>
  new WebhookUpkeep(
    store,
    { days: DAYS, ...options },
    { log: (line: unknown) => lines.push(line) },
  );
const added = async (): Promise<string> =>
  (await store.add('default', { url: 'https://example.org/hook', events: [] }, 20))?.id ?? '';

/**
 * Deliveries of `holds` holds to every webhook.
 * @returns ids, those of one webhook in the order of its holds
 */
async function deliveriesOf(holds: number): Promise<string[]> {
  for (let count = 0; count < holds; count++)
    await under.ledger.hold(request(poolId, { amount: 1n }));
  await store.dispatch();
  return (await sql<{ id: string }>('select id from webhook_deliveries order by id')).rows.map(
    ({ id }) => id,
  );
}
const set = (id: string | undefined, state: 'pending' | 'delivered' | 'dead', days: number) =>
  sql(
    `update webhook_deliveries set state = $2, due_at = clock_timestamp() - make_interval(days => $3) where id = $1`,
    [id, state, days],
  );
const kept = async (): Promise<string[]> =>
  (await sql<{ id: string }>('select id from webhook_deliveries order by id')).rows.map(
    ({ id }) => id,
  );

test(
  'deliveries that ended long ago are deleted; recent and waiting ones stay; the journal ' +
    'is whole and creates none of them again',
  async () => {
    await added();
    const [delivered, dead, young, waiting, late] = await deliveriesOf(5);
    await set(delivered, 'delivered', 31);
    await set(dead, 'dead', 400);
    await set(young, 'delivered', 29);
    await set(waiting, 'pending', 400);
    const since = new Date(Date.now() - 60_000);
    const journal = 'select count(*)::int as n from reservation_events';
    const before = (await sql(journal)).rows;
    expect(await upkeep().prune()).toEqual({ deliveries: 2, again: false });
    expect(lines.splice(0)).toEqual(['pruned {"deliveries":2}']);
    expect(await kept()).toEqual([young, waiting, late]);
    expect(await upkeep().prune()).toEqual({ deliveries: 0, again: false });
    expect(lines).toEqual([]); // silent when there was nothing
    expect((await sql(journal)).rows).toEqual(before);
    expect(await store.dispatch()).toEqual({ dispatched: 0, behind: false });
    // as far back as deliveries are kept
    expect(await store.replaySince('default', since, null)).toBe(1);
  },
);

test(
  'deliveries of a removed webhook that will never be attempted are deleted too, once ' +
    'they are as old',
  async () => {
    const [gone, stays] = [await added(), await added()];
    await deliveriesOf(2);
    await sql(`update webhook_deliveries set due_at = clock_timestamp() - interval '31 days'`);
    await sql(
      'update webhook_deliveries set due_at = clock_timestamp() where id = (select ' +
        'max(id::text)::uuid from webhook_deliveries where webhook_id = $1)',
      [gone],
    );
    await store.remove('default', gone);
    expect(await upkeep().prune()).toEqual({ deliveries: 1, again: false });
    expect(
      (
        await sql(
          `select webhook_id, count(*)::int as n from webhook_deliveries group by 1 order by 2`,
        )
      ).rows,
    ).toEqual([
      { webhook_id: gone, n: 1 },
      { webhook_id: stays, n: 2 },
    ]);
  },
);

test('in bounded batches: a round that stops at its bound says that there is more', async () => {
  await added();
  for (const id of await deliveriesOf(7)) await set(id, 'delivered', 31);
  const few = upkeep({ rowsAtOnce: 2, batches: 2 });
  expect([await few.prune(), await few.prune(), await few.prune()]).toEqual([
    { deliveries: 4, again: true },
    { deliveries: 3, again: false },
    { deliveries: 0, again: false },
  ]);
});

test('two workers at once delete each row once; a delivery under replay is left and is delivered again', async () => {
  await added();
  const [replayed, ...others] = await deliveriesOf(8);
  for (const id of [replayed, ...others]) await set(id, 'dead', 31);
  const client = await under.connections.write.connect();
  try {
    await client.query('begin');
    await client.query(
      `update webhook_deliveries set state = 'pending', attempts = 0, due_at = clock_timestamp() where id = $1`,
      [replayed],
    ); // as `replay` does; not committed yet
    const rounds = await Promise.all([
      upkeep({ rowsAtOnce: 2 }).prune(),
      upkeep({ rowsAtOnce: 2 }).prune(),
    ]);
    expect(rounds.map(({ deliveries }) => deliveries).reduce((a, b) => a + b)).toBe(7);
    await client.query('commit');
  } finally {
    client.release();
  }
  expect(await upkeep().prune()).toEqual({ deliveries: 0, again: false });
  expect(await kept()).toEqual([replayed]);
});

describe('among many', () => {
  test('the oldest that ended are found by an index, and what waits for a removed webhook too', async () => {
    const id = await added();
    const client = await under.connections.write.connect();
    try {
      // their journal rows do not matter here
      await client.query('begin; set local session_replication_role = replica');
      await client.query(
        `insert into webhook_deliveries (webhook_id, pool_id, reservation_id, number, state, due_at)
        select $1, $2, gen_random_uuid(), 1, case when n % 10 = 0 then 'pending' else 'delivered'
          end, clock_timestamp() - n * interval '1 minute' from generate_series(1, 20000) n`,
        [id, poolId],
      );
      await client.query('commit');
    } finally {
      client.release();
    }
    await sql('analyze webhook_deliveries, webhooks');
    const asked: { text: string; values: unknown[] }[] = [];
    const recording = new WebhookStore({
      read: {
        query: (text: string, values: unknown[]) => {
          asked.push({ text, values });
          return under.connections.read.query(text, values);
        },
      } as unknown as typeof under.connections.read,
    });
    for (const kind of ['ended', 'abandoned'] as const)
      expect(await recording.prune(kind, DAYS, 500)).toBe(0);
    const plans = await Promise.all(
      asked.map(async ({ text, values }) =>
        (await sql<{ 'QUERY PLAN': string }>(`explain ${text}`, values)).rows
          .map((row) => row['QUERY PLAN'])
          .join('\n'),
      ),
    );
    expect(plans[0]).toContain('using webhook_deliveries_ended');
    expect(plans[1]).toContain('webhook_deliveries_due');
    for (const plan of plans) {
      // not a filter, which would read every ended row when nothing is due
      expect(plan).toMatch(/Index Cond: .*due_at < /);
      expect(plan).not.toContain('Seq Scan on webhook_deliveries');
    }
  });
});
