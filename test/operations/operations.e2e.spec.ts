import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { writesDocuments } from '../support/document.js';
import { OperationsWorld, UNIT, type Hold } from '../support/operations-world.js';
import { type Part, readRunbook, shapeOf, writeRunbook } from '../support/runbook.js';

/**
 * Runs the runbook as an operator would: each section in its own trouble, made with a real database
 * server and the local network's faults. What its blocks print must be what the document shows
 * (WRITE_DOCUMENTS=1 writes it there). The tests follow one another on one service.
 */
const FILE = 'docs/operations.md';
const sections = readRunbook(FILE);
/** Blocks that printed something else than the document shows, since the last check. */
const differing: {
  readonly section: string;
  readonly block: string;
  readonly shown: string;
  readonly printed: string;
}[] = [];
const differences = (): object[] => differing.splice(0);
let world: OperationsWorld;
const holds: Hold[] = [];
const hold = (at: number): Hold => {
  const one = holds[at];
  if (!one) throw new Error(`there is no hold ${at}`);
  return one;
};

beforeAll(async () => {
  world = await OperationsWorld.open();
  await Promise.all([world.start('worker'), world.start('api')]);
  await world.untilReady();
}, 120_000);
afterEach(() => {
  world.network.control.clearFaults();
  if (writesDocuments) writeRunbook(FILE, world.printed);
});
afterAll(() => world.close(), 120_000);

/**
 * Runs the blocks of one part of a section and compares what they print. @returns what each printed
 */
async function read(id: string, part: Part, only?: (text: string) => boolean): Promise<string[]> {
  const blocks =
    sections
      .find((section) => section.id === id)
      ?.blocks.filter(
        (block) => block.part === part && !block.notRun && (only?.(block.text) ?? true),
      ) ?? [];
  if (blocks.length === 0) throw new Error(`${FILE} has nothing to run in "${part}" of ${id}`);
  const outputs: string[] = [];
  for (const block of blocks) {
    const output = await world.run(block);
    outputs.push(output);
    const [printed, shown] = [shapeOf(output), shapeOf(block.output ?? '')];
    if (!writesDocuments && printed !== shown)
      differing.push({ section: id, block: block.text, shown, printed });
  }
  return outputs;
}
/** A section whose trouble its own command ends. */
const readAll = async (id: string, ...parts: Part[]): Promise<void> => {
  for (const part of parts) await read(id, part);
};
const observed = (): Promise<void> =>
  world.untilSql('a fresh snapshot', 'select bool_and(not stale) from reporting.pool_position_v1');
const stateIs = (state: string): Promise<void> =>
  world.untilSql(`state ${state}`, `select bool_and(state = '${state}') from pools`);

test('first look', async () => {
  await observed();
  await world.untilReady();
  await readAll('first-look', 'Look', 'Act', 'Over');
  expect(differences()).toEqual([]);
}, 120_000);

test('the API is down, the worker continues', async () => {
  await world.stop('api');
  await readAll('process-down', 'Look', 'Act', 'Over');
  expect(differences()).toEqual([]);
}, 120_000);

test('RPC down, chain lagging, snapshots old', async () => {
  const { control } = world.network;
  control.setFault('node_down', {});
  await world.untilLogged('chain_unreachable');
  await readAll('chain-unreachable', 'Look', 'Act');
  control.clearFaults();
  await world.untilReady();
  await read('chain-unreachable', 'Over');

  control.setFault('stop_closing', {});
  await world.untilSql(
    'a lag of 6 s',
    "select clock_timestamp() - max(head_close_time) > interval '6 seconds' and " +
      "bool_and(clock_timestamp() - snapshot_advanced_at > interval '6 seconds') from pools",
  );
  await read('chain-lagging', 'Look', (text) => !text.includes('getHealth'));
  await read('chain-lagging', 'Act');
  await readAll('snapshot-stale', 'Look', 'Act');
  control.clearFaults();
  await observed();
  await read('chain-lagging', 'Over');
  await read('snapshot-stale', 'Over');

  // the ledger before it is 40 s older, and all that a node one ledger behind knows
  control.travel(40);
  control.setFault('stop_closing', {});
  control.setFault('node_lags', { ledgers: 1 });
  await world.until('readiness is red', async () =>
    (await (await fetch(`${world.env['URL']}/health/ready`)).text()).includes('CHAIN_UNREACHABLE'),
  );
  const [words = ''] = await read('chain-lagging', 'Look', (text) => text.includes('getHealth'));
  expect(words).toMatch(
    /latency \([0-9]+s\) since last known ledger closed is too high[^]*status 200[^]*CHAIN_UNREACHABLE/,
  ); // it answers, but not usefully
  const asked = sections
    .find(({ id }) => id === 'chain-unreachable')
    ?.blocks.find(({ part }) => part === 'Act');
  expect(
    await world.run({
      ...(asked ?? {
        section: '',
        part: 'Act',
        language: 'sh',
        text: '',
        output: null,
        notRun: false,
      }),
      at: -1,
    }),
  ).toContain('latency ('); // and the section where a person begins shows the trouble too
  control.clearFaults();
  await world.untilReady();
  expect(differences()).toEqual([]);
}, 120_000);

test('a shortfall by a withdrawal, and a chain that goes backwards under live holds', async () => {
  const { control } = world.network;
  for (const key of ['a', 'b', 'c']) holds.push(await world.hold(key));
  await world.untilSql(
    'a snapshot beside the three holds',
    `(select held from snapshots order by ledger desc limit 1) = ${300n * UNIT}`,
  );
  control.actions.withdraw({ pool: world.given.contract, shares: 800n * UNIT });
  await world.untilSql('a shortfall', 'select shortfall = 100 from reporting.pool_position_v1');
  await world.untilSql(
    'its break',
    "select exists (select from reporting.breaks_v1 where class = 'shortfall')",
  );
  const [, cause] = await read('shortfall', 'Look');
  expect(cause).toMatch(/withdrawals +\| total +\| +-800 \| [0-9a-f]{64}\n/);
  await read('shortfall', 'Act');
  expect(await world.ask(`/pools/${world.given.pool.id}`)).toMatchObject({
    body: { available: '0', shortfall: '150', buffer: '50' },
  });
  control.actions.deposit({ pool: world.given.contract, amount: 800n * UNIT });
  await world.untilSql('no shortfall', 'select shortfall = 0 from reporting.pool_position_v1');
  await read('shortfall', 'Over');

  const { hash } = control.foreignLoan({
    pool: world.given.contract,
    total: 10n * UNIT,
    guarantee: 2n * UNIT,
  });
  await world.untilSql(
    "the stranger's loan is read",
    "select exists (select from reporting.breaks_v1 where class = 'unreserved_funding')",
  );
  const [stranger] = await read('strangers', 'Look');
  expect(stranger).toContain(hash);
  await read('strangers', 'Act');
  control.actions.deposit({ pool: world.given.contract, amount: 8n * UNIT });

  await world.network.closeLedgers(40);
  await world.untilSql(
    'they are known',
    `select max(head_ledger) >= ${control.head().ledger} from pools`,
  );
  control.setFault('network_reset', {});
  await world.untilLogged('chain_went_backwards');
  await read('chain-reset', 'Look');
  control.clearFaults();
  await observed();
  await read('chain-reset', 'Over');

  control.setFault('reply_lies', {
    methods: ['getHealth'],
    field: 'latestLedgerCloseTime',
    by: 330,
  });
  await world.untilLogged('ledger_dated_twice');
  await read('head-disproved', 'Look');
  control.clearFaults();
  await observed();
  await read('head-disproved', 'Over');
  expect(differences()).toEqual([]);
}, 120_000);

test('a hot pool whose gate another session holds, and retries', async () => {
  const person = new pg.Client({
    connectionString: world.databaseUrl,
    application_name: 'psql of ada',
  });
  const lost = new Promise<void>((resolve) => {
    person.on('error', () => {
      resolve();
    });
  });
  await person.connect();
  const {
    rows: [me],
  } = await person
    .query<{ pid: number }>('begin; select pg_backend_pid() as pid')
    .then(
      (answers) => (answers as unknown as pg.QueryResult<{ pid: number }>[])[1] ?? { rows: [] },
    );
  await person.query('lock table ledger_gate in exclusive mode');
  world.words.set('PID', String(me?.pid));
  await world.untilSql(
    'a session waits',
    "select exists (select from pg_stat_activity where wait_event_type = 'Lock')",
  );
  await read('hot-pool', 'Look');
  await read('retries', 'Look');
  await read('hot-pool', 'Act');
  await lost;
  await world.untilSql(
    'no session waits',
    "select not exists (select from pg_stat_activity where wait_event_type = 'Lock')",
  );
  await read('hot-pool', 'Over');
  await readAll('retries', 'Act');
  expect(differences()).toEqual([]);
}, 120_000);

test('the database is down', async () => {
  await world.stopServer();
  await world.until('it is noticed', async () =>
    (await (await fetch(`${world.env['URL']}/health/ready`)).text()).includes('not reachable'),
  );
  await read('database-away', 'Look');
  await world.startServer();
  await world.untilReady();
  await read('database-away', 'Over');
  expect(differences()).toEqual([]);
}, 120_000);

test('the library that orders text is another one', async () => {
  await world.asAdmin("update pg_database set datcollversion = '72.1' where datname = 'holdfast'");
  await read('text-order', 'Look');
  await world.round('self-check');
  await world.untilLogged('text_order_changed');
  expect(await (await fetch(`${world.env['URL']}/health/ready`)).json()).toMatchObject({
    status: 'ready',
    database: { ok: true, detail: expect.stringContaining('run REINDEX DATABASE') as unknown },
  });
  await world.asAdmin('alter database holdfast refresh collation version');
  await read('text-order', 'Over');
  expect(differences()).toEqual([]);
}, 120_000);

test('a counter that is not its sum, reported as ledger_error, and repaired', async () => {
  await world.sql('update pools set held = held + 1');
  await readAll('counter-mismatch', 'Look', 'Act', 'Over');
  await world.sql('update pools set held = held + 1');
  await world.round('self-check');
  await world.untilLogged('ledger_error');
  await readAll('ledger-error', 'Look', 'Act');
  await world.sql('update pools set held = held - 1');
  await read('ledger-error', 'Over');

  // a round that ends for good, and the 500 of a table that is gone
  await world.sql('alter view ledger_sums rename to gone');
  await world.sql('alter table operator_actions rename to gone_too');
  const failed = await world.ask('/operator/actions');
  expect(failed).toMatchObject({ status: 500, body: { code: 'INTERNAL' } });
  world.words.set('REQUEST_ID', String(failed.body['requestId']));
  await world.round('self-check', { retryLimit: 0 });
  await world.untilLogged('dead_letter');
  await read('server-errors', 'Look');
  await world.sql('alter view gone rename to ledger_sums');
  await world.sql('alter table gone_too rename to operator_actions');
  await read('server-errors', 'Over');
  await readAll('dead-letters', 'Look', 'Act');
  expect(differences()).toEqual([]);
}, 120_000);

test(
  'without a worker: an unexplained snapshot, a landing not settled, late jobs, holds past ' +
    'their deadline',
  async () => {
    await world.stop('worker');
    const reconciled = (): Promise<Response> =>
      fetch(`${world.env['URL']}/operator/pools/${world.given.pool.id}/reconciliation`, {
        method: 'POST',
        body: '{"reason":"a test"}',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${world.env['KEY']}`,
        },
      });
    await world.network.closeLedgers(1);
    expect((await reconciled()).status).toBe(200);
    const act = sections
      .find(({ id }) => id === 'holds-not-settling')
      ?.blocks.find((block) => block.part === 'Act');
    if (!act) throw new Error('there is an act');
    // done here for the next sections; the document shows this action in its own section
    const observe = { ...act, at: -1 };
    await world.run(observe);
    await world.sql(
      'update snapshots set total = total - 1 where ledger = (select max(ledger) from snapshots)',
    );
    expect((await reconciled()).status).toBe(200);
    await stateIs('paused');
    await readAll('unexplained', 'Look', 'Act', 'Over');
    await world.sql(
      'update snapshots set total = total + 1 where ledger = (select max(ledger) from snapshots)',
    );

    expect(await world.submit(hold(0))).toBe(202);
    world.words.set('RESERVATION_ID', hold(0).reservationId);
    await world.network.closeLedgers(1);
    await readAll('holds-not-settling', 'Look', 'Act', 'Over');

    world.network.control.travel(1000);
    await world.network.closeLedgers(1);
    await world.run(observe);
    for (const queue of ['observe-pools', 'reconcile-pools']) {
      // a stopped worker may have left none
      if (
        (
          await world.sql(
            "select 1 from pgboss.job where name = $1 and state in ('created', 'retry')",
            [queue],
          )
        ).length === 0
      )
        await world.round(queue);
    }
    await world.untilSql(
      'both wait',
      "select count(distinct name) = 2 from pgboss.job where name in ('observe-pools', " +
        "'reconcile-pools') and state in ('created', 'retry') and start_after <= now()",
    );
    await read('holds-lapsing', 'Look');
    await readAll('jobs-late', 'Look', 'Act');
    await observed();
    await read('jobs-late', 'Over');
    await world.untilSql('ends', "select count(*) = 2 from reservations where state = 'expired'");
    await read('holds-lapsing', 'Over');
    expect(differences()).toEqual([]);
  },
  120_000,
);

test('channels: nothing waits for one, and none is there yet', async () => {
  await readAll('channels', 'Look');
  expect(differences()).toEqual([]);
});

test('the lifetimes of contracts', async () => {
  await world.round('watch-contracts');
  await world.untilSql('they are read', 'select count(*) = 6 from contract_lifetimes');
  await readAll('contract-lapsing', 'Look');
  expect(differences()).toEqual([]);
}, 120_000);

test('an upgraded contract, and a paused pool', async () => {
  world.network.control.actions.upgrade({ pool: world.given.contract, contract: 'pool' });
  await stateIs('paused');
  await readAll('contract-upgraded', 'Look', 'Act', 'Over');
  await fetch(`${world.env['URL']}/operator/pools/${world.given.pool.id}/pause`, {
    method: 'POST',
    body: '{"reason":"the provider called"}',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${world.env['KEY']}` },
  });
  await stateIs('paused');
  await readAll('pool-paused', 'Look', 'Act', 'Over');
  expect(differences()).toEqual([]);
}, 120_000);

test('webhook deliveries that are dead', async () => {
  const answer = await fetch(`${world.env['URL']}/webhooks`, {
    method: 'POST',
    body: '{"url":"http://127.0.0.1:9/events"}',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${world.apiKey}` },
  });
  expect(answer.status).toBe(201);
  holds.push(await world.hold('d'));
  await world.untilSql(
    'a failed attempt',
    'select exists (select from webhook_deliveries where last_error is not null)',
  );
  // as after the last of them
  await world.sql("update webhook_deliveries set state = 'dead', attempts = 10");
  const [delivery] = await world.sql<{ id: string }>(
    'select id::text as id from webhook_deliveries',
  );
  world.words.set('DELIVERY_ID', delivery?.id ?? '');
  await readAll('webhooks-dead', 'Look', 'Act', 'Over');
  expect(differences()).toEqual([]);
}, 120_000);

test('what only a person can decide', async () => {
  await world.stop('worker'); // the proof would be faster
  world.network.control.travel(1000);
  await world.sql(
    "update pools set head_ledger = head_ledger + 500, head_close_time = head_close_time + interval '1000 seconds'",
  ); // as known before the chain was reset
  world.words.set('RESERVATION_ID', hold(3).reservationId);
  await readAll('a-person-decides', 'Look', 'Act', 'Over');
  await world.sql(
    "update pools set head_ledger = head_ledger - 500, head_close_time = head_close_time - interval '1000 seconds'",
  );
  await world.start('worker');
  await observed();
  expect(differences()).toEqual([]);
}, 120_000);

test('a key that leaked, a disk that fills', async () => {
  expect((await world.ask('/pools', world.env['LEAKED_KEY'])).status).toBe(200);
  await world.untilSql(
    'its use is noted',
    "select last_used_at is not null from api_keys where name = 'The shop'",
  );
  const [key] = await world.sql<{ id: string }>(
    "select id::text as id from api_keys where name = 'The shop'",
  );
  world.words.set('KEY_ID', key?.id ?? '');
  await readAll('key-leaked', 'Look', 'Act');
  await world.until(
    'it is refused everywhere',
    async () => (await world.ask('/pools', world.env['LEAKED_KEY'])).status === 401,
  );
  await read('key-leaked', 'Over');
  await read('disk', 'Look');
  expect(differences()).toEqual([]);
}, 120_000);

test('a transaction that fails for our figures: its hold waits for a new one until its deadline', async () => {
  const { reservationId } = await world.failed(
    'failing',
    'invokeHostFunctionResourceLimitExceeded',
  );
  await read('failed-transactions', 'Look');
  await world.lapse(reservationId, 'not_rebuilt');
  await Promise.all([read('failed-transactions', 'Over'), observed()]);
  expect(differences()).toEqual([]);
}, 120_000);

/** Time and ledgers, because the fence of an authorization is a ledger. */
async function passQuarantine(): Promise<void> {
  const [{ ledgers } = { ledgers: 0 }] = await world.sql<{ ledgers: number }>(
    'select max(quarantined_until_ledger - head_ledger)::int as ledgers from pools',
  );
  await world.network.closeLedgers(ledgers);
  world.network.control.travel(4000);
}

test('a failover quarantines every pool', async () => {
  // as if this copy had been promoted since
  await world.sql("update database_identity set timeline = '00000000'");
  await world.stopServer(); // connections are lost, as in a real failover
  await world.startServer();
  await stateIs('quarantined');
  await world.untilSql(
    'its end is known',
    'select bool_and(quarantined_until is not null) from pools',
  );
  await readAll('quarantine', 'Look', 'Act');
  await passQuarantine();
  await stateIs('active');
  await read('quarantine', 'Over');
  expect(differences()).toEqual([]);
}, 120_000);

test('a restore: the copy lacks a hold that landed; quarantine, reconcile, then traffic', async () => {
  await Promise.all([world.stop('api'), world.stop('worker')]);
  await world.stopServer();
  await world.run({
    at: -1,
    section: 'restore',
    part: 'Act',
    language: 'sh',
    text: 'rm -rf "$BACKUP" && cp -a "$PGDATA" "$BACKUP"\n',
    output: null,
    notRun: false,
  });
  await world.startServer();
  await Promise.all([world.start('api'), world.start('worker')]);
  await world.untilReady();
  const lost = await world.hold('lost');
  await Promise.all([world.stop('worker')]);
  expect(await world.submit(lost)).toBe(202);
  await world.stop('api');
  await world.network.closeLedgers(1);
  await world.stopServer();

  await read('restore', 'Act', (text) => text.includes('$PGDATA'));
  await world.startServer();
  await read('restore', 'Look');
  expect(await world.sql('select 1 from reservations where id = $1', [lost.reservationId])).toEqual(
    [],
  );
  await read('restore', 'Act', (text) => text.includes('quarantine'));
  expect(await world.sql('select state from pools')).toEqual([{ state: 'quarantined' }]);
  await read('restore', 'Act', (text) => text.includes('ROLE=worker'));
  await world.untilSql(
    'the funding is read',
    'select exists (select from fundings where reservation_id is null and seen_at > ' +
      '(select max(at) from database_changes))',
  );
  await read(
    'restore',
    'Act',
    (text) => text.includes('fundings_without_hold') || text.includes('holdfast check'),
  );
  await read('restore', 'Act', (text) => text.includes('ROLE=api'));
  await expect(world.hold('too-early')).rejects.toThrow('POOL_QUARANTINED');
  await passQuarantine();
  await stateIs('active');
  await observed();
  await world.untilSql(
    'reconciled',
    'select max(r.to_ledger) >= max(p.snapshot_ledger) - 3 from reconciliations r, pools p',
  );
  await read('restore', 'Over');
  holds.push(await world.hold('after'));
  expect(differences()).toEqual([]);
}, 120_000);

test("strangers' loans use up the room of a live transaction", async () => {
  const { reservationId, loanId } = hold(holds.length - 1);
  const [{ room } = { room: 0 }] = await world.sql<{ room: number }>(
    'select (e.loan_id_last - p.last_loan_id)::int as room from envelopes e join pools p on ' +
      'p.id = e.pool_id where e.reservation_id = $1',
    [reservationId],
  );
  const { control } = world.network;
  const loan = { pool: world.given.contract, total: 10n * UNIT, guarantee: 9n * UNIT };
  for (let count = 0; count < room; count++) control.foreignLoan(loan);
  control.actions.deposit({ pool: world.given.contract, amount: BigInt(room) * UNIT });
  await world.untilSql(
    'its room is used up',
    'select p.last_loan_id >= e.loan_id_last from envelopes e join pools p on p.id = e.pool_id ' +
      `where e.reservation_id = '${reservationId}'`,
  );
  world.words.set('LOAN_ID', loanId);
  await readAll('outdated', 'Look', 'Act', 'Over');
  expect(differences()).toEqual([]);
}, 120_000);

test('a live hold has no room left for another', async () => {
  await world.sql(
    'update envelopes e set loan_id_last = p.last_loan_id + 1 from pools p, reservations r ' +
      'where p.id = e.pool_id and r.pool_id = e.pool_id and r.id = e.reservation_id and ' +
      `r.state = 'held'`,
  ); // as after strangers' loans
  await expect(world.hold('one-too-many')).rejects.toThrow('COUNTER_WINDOW_FULL');
  await readAll('counter-window-full', 'Look', 'Act', 'Over');
  await world.hold('without-the-rule');
  expect(differences()).toEqual([]);
}, 120_000);

test('upgrade and rollback', async () => {
  await read('upgrade', 'Look');
  await Promise.all([world.stop('api'), world.stop('worker')]);
  await readAll('rollback', 'Look', 'Act');
  await read('upgrade', 'Act'); // applies again what was reverted
  await world.start('worker');
  await world.untilReady();
  await Promise.all([read('upgrade', 'Over'), read('rollback', 'Over')]);
  expect(differences()).toEqual([]);
}, 120_000);

test('the network is busy, and others bid more', async () => {
  const { conditions } = world.network.control;
  await world.hold('outbid');
  conditions.setSurge({ soroban: '200000', classic: '100', queueFull: false });
  await world.untilSql(
    'a mark of the outbid transaction',
    'select bool_or(outbid_ledger is not null) from envelopes',
  );
  await readAll('outbid', 'Look', 'Act');
  conditions.setSurge(undefined);
  // getFeeStats covers 50 ledgers
  await world.network.closeLedgers(60);
  await world.untilSql('no mark', 'select bool_and(outbid_ledger is null) from envelopes');
  await read('outbid', 'Over');
  expect(differences()).toEqual([]);
}, 120_000);

test('the network begins again, and the pool with it', async () => {
  // every hold of the old chain ends by proof
  world.network.control.travel(1000);
  await world.round('judge-lapsed');
  await world.untilSql(
    'no hold is live',
    "select not exists (select from reservations where state = 'held')",
  );
  const { control } = world.network;
  control.reset({ sameAddresses: false, deposit: () => 0n });
  const { pool } = control.deployPool({ profile: 'scaled', decimals: 7, deposit: 1000n * UNIT });
  world.words.set('CONTRACT', pool);
  await readAll('network-reset', 'Look', 'Act', 'Over');
  expect(differences()).toEqual([]);
}, 120_000);

test('every block was run', () => {
  expect(
    sections
      .flatMap(({ blocks }) => blocks)
      .filter((block) => !block.notRun && !world.printed.has(block.at))
      .map(({ section, text }) => [section, text]),
  ).toEqual([]);
});
