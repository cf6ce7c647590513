import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Keypair } from '@stellar/stellar-sdk';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { createApp } from '../../src/app.js';
import type { AppConfig } from '../../src/app.module.js';
import { readConfig } from '../../src/common/config.js';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';
import type { AlarmName, Alarms } from '../../src/modules/settlement/alarm-log.js';
import type { LanderRooms } from '../../src/modules/settlement/lander.js';
import type { ReconciliationRooms } from '../../src/modules/settlement/reconciliation.service.js';
import type { SettlementRooms } from '../../src/modules/settlement/settlement-rooms.js';
import type { Generation } from '../../sandbox/contracts/generations.js';
import { startNetwork, type RunningNetwork } from '../../sandbox/network/network.js';
import { TEST_DOOR } from '../support/access.js';
import { asServer, createTestDatabase, type TestDatabase } from '../support/database.js';
import type { Borrower } from '../support/given.js';
import { seedWorld } from './seed-world.js';
import { openWorker, type Worker } from './worker.js';

/** Slow enough for a busy machine, quick enough for the nodes that hang. */
const RPC_TIMEOUT_MS = '1000';
/** Small, so that without `strict` a loan or two move the counter beyond it. */
const COUNTER_WINDOW = { strict: '2', open: '1' } as const;
const ALARMS_KEPT = 12;
/** Accounts that land authorizations: few, so that they are all in flight at times. */
const CHANNELS = ['first', 'second', 'third'];

interface ApiRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: string;
}
interface Reply {
  readonly status: number;
  readonly text: string;
}
/** One API process, in this process or in another. */
export interface Api {
  send(request: ApiRequest): Promise<Reply>;
}

export const WALKED_SIGNINGS = ['transaction', 'authorization', 'mixed'] as const;
export type WalkedSigning = (typeof WALKED_SIGNINGS)[number];

export type Credential = { readonly authorization: string };
/** The credentials of the callers of a walk. */
export interface Credentials {
  readonly backend: Credential;
  readonly operator: Credential;
  /** The credential of a borrower's own wallet. */ wallet(address: string): Promise<Credential>;
}

/** What clients, strangers and checks need of a world. */
export interface Scene {
  readonly network: RunningNetwork;
  readonly pool: PoolRecord;
  readonly vendors: readonly string[];
  readonly borrowers: readonly Borrower[];
  /** Contract accounts with their owners' secrets; they sign authorizations only. */
  readonly wallets: readonly Borrower[];
  /** How borrowers sign. */
  readonly signing: WalkedSigning;
  readonly apis: readonly Api[];
  readonly credentials: Credentials;
  /** The test's own connection, which is never cut. */
  readonly checks: pg.Client;
  /** How often a borrower who acts rebuilds and signs the newest, if that shows a breakage. */
  readonly rebuilds?: number | undefined;
}

export interface Breakage {
  /** Breaks something in the rooms of the settlement. */
  readonly rooms?: (rooms: SettlementRooms) => SettlementRooms;
  /** Breaks something in the rooms of the reconciliation. */
  readonly bookkeeping?: (rooms: ReconciliationRooms) => ReconciliationRooms;
  /** Breaks something in the rooms of the lander. */
  readonly landing?: (rooms: LanderRooms) => LanderRooms;
  /** Replaces a part of a database function. */
  readonly sql?: { readonly name: string; readonly right: string; readonly wrong: string };
  /** Changes the database. */
  readonly statement?: string;
  /** How borrowers sign, if only that shows the breakage. */
  readonly signing?: WalkedSigning;
  /** Transactions leave no room for loans that land first. */
  readonly narrow?: boolean;
  /** How often the database fails over, if that shows the breakage. */
  readonly failovers?: number;
  /** How often a borrower who acts rebuilds and signs the newest, if that shows the breakage. */
  readonly rebuilds?: number;
}

export interface World extends Scene {
  readonly database: TestDatabase;
  readonly workers: Worker[];
  readonly alarms: Map<AlarmName, number>;
  /** The last alarms with their facts, to find out why a walk failed. */
  readonly lastAlarms: readonly string[];
  readonly failovers: number | undefined;
  readonly channels: readonly Keypair[];
  /** Moves the network's clock and closes a ledger there. */
  close(seconds: number): void;
  restartApi(index: number): Promise<void>;
  restartWorker(index: number): void;
  end(keep: boolean): Promise<void>;
}

interface WorldOptions {
  readonly buffer: bigint;
  /** No more holds than can land in any order. */
  readonly strict: boolean;
  readonly breakage?: Breakage | undefined;
  /** Of the pool's contracts; default g1. */
  readonly generation?: Generation | undefined;
  readonly signing: WalkedSigning;
}

const worldConfig = (
  database: TestDatabase,
  network: RunningNetwork,
  { strict, breakage, channels }: WorldOptions & { readonly channels: readonly Keypair[] },
): AppConfig => ({
  ...readConfig({
    NODE_ENV: 'test',
    VOLATILE_DATABASE: 'allow',
    LOG_LEVEL: 'silent',
    DATABASE_URL: asServer(database.url),
    STELLAR_RPC_URL: network.rpcUrl,
    STELLAR_NETWORK_PASSPHRASE: network.passphrase,
    LEDGER_DEADLINE_MS: '5000',
    RPC_TIMEOUT_MS,
    CHAIN_LAG_SECONDS_MAX: '3600',
    COUNTER_WINDOW: breakage?.narrow ? '0' : COUNTER_WINDOW[strict ? 'strict' : 'open'],
    ...(channels.length > 0 && {
      CHANNEL_SECRETS: channels.map((channel) => channel.secret()).join(),
    }),
  }),
  DATABASE_URL: asServer(database.url),
  ...TEST_DOOR,
});

/** How often each alarm was raised, and the last ones in full. */
function alarmBook(): Pick<World, 'alarms' | 'lastAlarms'> & { readonly raised: Alarms } {
  const alarms = new Map<AlarmName, number>();
  const lastAlarms: string[] = [];
  const raised: Alarms = {
    raise: (name, facts) => {
      alarms.set(name, (alarms.get(name) ?? 0) + 1);
      lastAlarms.push(`${name} ${JSON.stringify(facts)}`);
      if (lastAlarms.length > ALARMS_KEPT) lastAlarms.shift();
    },
  };
  return { alarms, lastAlarms, raised };
}

/**
 * One database, one network whose clock is the walk's, two API apps and two workers that share
 * nothing but these.
 */
export async function openWorld(options: WorldOptions): Promise<World> {
  const clock = { ms: Date.now() };
  const [database, network] = await Promise.all([
    createTestDatabase(),
    startNetwork({
      now: () => clock.ms,
      ...(options.generation && { generation: options.generation }),
    }),
  ]);
  const { signing } = options;
  const channels = signing === 'transaction' ? [] : CHANNELS.map(() => Keypair.random());
  const config = worldConfig(database, network, { ...options, channels });
  const { alarms, lastAlarms, raised } = alarmBook();
  const worker = (): Worker => openWorker(config, raised, options.breakage);
  const checks = new pg.Client({ connectionString: database.url, application_name: 'walk' });
  await checks.connect();
  if (options.breakage?.sql) await breakFunction(checks, options.breakage.sql);
  if (options.breakage?.statement) await checks.query(options.breakage.statement);
  // The second starts when the first one's logger is in place: until then Nest warns of two apps.
  const apps = [await startApi(config), await startApi(config)];
  const apis = apps.map((_, index): Api => ({ send: (request) => inject(apps[index], request) }));
  const workers = [worker(), worker()];
  const leaving: Promise<void>[] = [];
  return {
    database,
    network,
    apis,
    workers,
    checks,
    alarms,
    lastAlarms,
    failovers: options.breakage?.failovers,
    rebuilds: options.breakage?.rebuilds,
    signing,
    channels,
    ...(await seedWorld(network, config, {
      buffer: options.buffer,
      isReserve: options.generation === 'reserve',
      strict: options.strict && !options.breakage?.narrow,
      channels,
    })),
    close: (seconds) => {
      clock.ms += seconds * 1000;
      network.control.travel(0);
    },
    restartApi: async (index) => {
      const old = apps[index];
      if (old) leaving.push(killApi(old));
      apps[index] = await startApi(config);
    },
    restartWorker: (index) => {
      const old = workers[index];
      if (old) killConnections(old.connections);
      workers[index] = worker();
    },
    end: async (keep) => {
      await Promise.all([
        ...apps.map((app) => app.close()),
        ...workers.map(({ connections }) => connections.close()),
        ...leaving,
        checks.end(),
      ]);
      await network.close();
      if (!keep) await database.drop();
    },
  };
}

async function inject(
  app: NestFastifyApplication | undefined,
  { method, url, headers, payload }: ApiRequest,
): Promise<Reply> {
  if (!app) throw new Error('no such API');
  const answer = await app.inject({
    method,
    url,
    headers,
    ...(payload !== undefined && { payload }),
  });
  return { status: answer.statusCode, text: answer.body };
}

async function startApi(config: AppConfig): Promise<NestFastifyApplication> {
  const app = await createApp(config);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}

/**
 * Ends the process like a power cut: whatever is under way gets no further with the database, and
 * no connection is closed in order.
 */
function sever(pool: pg.Pool): void {
  pool.end().catch(() => undefined); // no new connections: the process is dead
  const { _clients: clients } = pool as unknown as {
    readonly _clients: readonly { readonly connection: { readonly stream: { destroy(): void } } }[];
  };
  for (const { connection } of clients) connection.stream.destroy();
}
function killConnections({ write, read }: LedgerConnections): void {
  sever(write);
  sever(read);
}
async function killApi(app: NestFastifyApplication): Promise<void> {
  killConnections(app.get(LedgerConnections, { strict: false }));
  sever(
    (app.get(DataSource, { strict: false }).driver as unknown as { readonly master: pg.Pool })
      .master,
  );
  // frees what a dead process would not hold; its connections are gone already
  await app.close().catch(() => undefined);
}

async function breakFunction(
  client: pg.Client,
  { name, right, wrong }: NonNullable<Breakage['sql']>,
): Promise<void> {
  const { rows } = await client.query<{ text: string }>(
    'select pg_get_functiondef(oid) as text from pg_proc where proname = $1',
    [name],
  );
  if (!rows[0]?.text.includes(right)) throw new Error(`${name} has no "${right}"`);
  await client.query(rows[0].text.replace(right, wrong));
}
