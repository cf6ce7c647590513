import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Keypair } from '@stellar/stellar-sdk';
import { openRooms, type Rooms } from '../../src/cli/rooms.js';
import { SCOPES } from '../../src/common/caller.js';
import { readConfig } from '../../src/common/config.js';
import { freePort } from '../../src/common/ports.js';
import { migrate } from '../../src/database/migrate.js';
import { ApiKeys } from '../../src/modules/access/api-keys.js';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';
import type { PoolRules } from '../../src/modules/liquidity/pools/pool-rules.js';
import { registerPool } from '../../src/modules/operations/register-pool.js';
import { ControlClient, type DevelopmentAccount } from '../../sandbox/control-client.js';
import { startNetwork, type LocalNetwork } from '../../sandbox/network-child.js';
import { startPostgres, type EmbeddedPostgres } from '../../sandbox/postgres/embedded.js';
import { type Child, type Main, startProgram } from './children.js';
import { stoppedAtEnd } from './cleanup.js';
import { HttpClient } from './http-load.js';

const DATABASE = 'lab';
const DEADLINE_MS = 10_000;
const BORROWERS_AT_ONCE = 1000;
const BENCH = { kind: 'command', id: 'bench', name: 'bench' } as const;
const NOTE = { by: BENCH, reason: 'a measurement' } as const;

export interface LabPool {
  readonly record: PoolRecord;
  readonly vendor: string;
}

/**
 * What a measurement over HTTP runs on, each part a process of its own: a durable Postgres, the
 * local network, and the service as operators run it.
 */
export class Stage {
  readonly #services: Child[] = [];
  readonly #clients: HttpClient[] = [];
  readonly control: ControlClient;
  #key = '';

  private constructor(
    private readonly removeFolder: () => Promise<void>,
    readonly postgres: EmbeddedPostgres,
    readonly network: LocalNetwork,
    readonly rooms: Rooms,
  ) {
    this.control = new ControlClient(network.controlUrl);
  }

  static async open(options: { readonly ledgerSeconds: number }): Promise<Stage> {
    const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-lab-'));
    const removeFolder = stoppedAtEnd(() => rm(folder, { recursive: true, force: true }));
    const [postgres, network] = await Promise.all([
      labPostgres(),
      labNetwork(folder, options.ledgerSeconds),
    ]);
    await postgres.ensureDatabase(DATABASE);
    await migrate(postgres.url(DATABASE));
    const rooms = openRooms(
      {
        databaseUrl: postgres.url(DATABASE),
        rpcUrl: network.rpcUrl,
        networkPassphrase: network.passphrase,
      },
      readConfig({}),
    );
    const stage = new Stage(removeFolder, postgres, network, rooms);
    stage.#key = await stage.#keyOf('default');
    return stage;
  }

  get databaseUrl(): string {
    return this.postgres.url(DATABASE);
  }

  /** @param request.deposit token units */
  async makePool(request: {
    readonly name: string;
    readonly deposit: string;
    readonly rules: Partial<Omit<PoolRules, 'name' | 'buffer'>>;
  }): Promise<LabPool> {
    const { pool: contract } = await this.control.makePool({
      profile: 'scaled',
      decimals: 7,
      deposit: request.deposit,
    });
    const [vendor = ''] = await this.control.makeVendors({ pool: contract, count: 1 });
    const record = await registerPool(
      this.rooms,
      { contract, name: request.name, generation: 'scaled', rules: request.rules },
      NOTE,
    );
    return { record, vendor };
  }

  async makeBorrowers(pool: LabPool, count: number): Promise<readonly DevelopmentAccount[]> {
    const made: DevelopmentAccount[] = [];
    while (made.length < count)
      made.push(
        ...(await this.control.makeBorrowers({
          pool: pool.record.poolContract,
          count: Math.min(BORROWERS_AT_ONCE, count - made.length),
          tokens: '10000',
          score: 80,
        })),
      );
    return made;
  }

  /** Starts one process of the service. @param options.rpcUrl another node than the network's */
  async startService(options: {
    readonly role: 'api' | 'worker' | 'all';
    readonly rpcUrl?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly args?: readonly string[];
    /** Folder of another build of the program. */
    readonly build?: string;
    readonly main?: Main;
  }): Promise<Child & { readonly url: string }> {
    const port = await freePort();
    const child = await startProgram(
      {
        // otherwise `all` looks for a local network to start, and prints a banner for people
        NODE_ENV: 'production',
        ROLE: options.role,
        PORT: String(port),
        LOG_LEVEL: 'info',
        DATABASE_URL: this.databaseUrl,
        STELLAR_RPC_URL: options.rpcUrl ?? this.network.rpcUrl,
        STELLAR_NETWORK_PASSPHRASE: this.network.passphrase,
        RATE_WRITES_PER_MINUTE: '0',
        RATE_READS_PER_MINUTE: '0',
        RATE_AUTH_PER_MINUTE: '0',
        ...SIGN_IN,
        ...options.env,
      },
      {
        ready: options.role === 'worker' ? 'worker runs' : 'listening on',
        ...(options.args && { args: options.args }),
        ...(options.build !== undefined && { build: options.build }),
        ...(options.main !== undefined && { main: options.main }),
      },
    );
    this.#services.push(child);
    return { ...child, url: `http://127.0.0.1:${port}` };
  }

  client(urls: readonly string[]): HttpClient {
    return this.#clientWith(this.#key, urls);
  }

  /** With a key of a tenant of its own. */
  async clientOf(tenantId: string, urls: readonly string[]): Promise<HttpClient> {
    return this.#clientWith(await this.#keyOf(tenantId), urls);
  }

  #clientWith(key: string, urls: readonly string[]): HttpClient {
    const client = new HttpClient(urls, { authorization: `Bearer ${key}` });
    this.#clients.push(client);
    return client;
  }

  async #keyOf(tenantId: string): Promise<string> {
    const { text } = await new ApiKeys(this.rooms.connections, DEADLINE_MS).create(
      { tenantId, name: 'bench', scopes: [...SCOPES], expiresInDays: 1 },
      NOTE,
    );
    return text;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await Promise.all(this.#services.map((service) => service.stop()));
    await this.rooms.close();
    await Promise.all([this.network.stop(), this.postgres.stop()]);
    await this.removeFolder();
  }
}

/**
 * A durable server whose checkpoints do not fall into short windows.
 * @param settings of the server, beside those of every scenario
 */
export async function labPostgres(
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedPostgres> {
  const server = await startPostgres({
    durable: true,
    settings: { max_wal_size: '8GB', checkpoint_timeout: '15min', ...settings },
  });
  return withStop(server);
}

async function labNetwork(dataDir: string, ledgerSeconds: number): Promise<LocalNetwork> {
  const [rpc, control] = await freePorts();
  const network = await startNetwork({
    dataDir,
    env: {
      LOCAL_RPC_PORT: String(rpc),
      LOCAL_CONTROL_PORT: String(control),
      LOCAL_LEDGER_SECONDS: String(ledgerSeconds),
    },
  });
  return withStop(network);
}

/** Nobody else uses what this process has started, so that it is stopped with it. */
const withStop = <T extends { stop(): Promise<boolean> }>(started: T): T => ({
  ...started,
  stop: stoppedAtEnd(() => started.stop()),
});

const SIGN_IN = {
  AUTH_SIGNING_SEED: Keypair.random().secret(),
  JWT_SECRET: Keypair.random().secret(),
  HOME_DOMAIN: 'holdfast.bench',
};

async function freePorts(): Promise<readonly [number, number]> {
  return [await freePort(), await freePort()];
}

/** @returns the faults of a pool's counters, empty when they equal the sums of their rows */
export async function counterFaults(
  { rooms }: Pick<Stage, 'rooms'>,
  pool: LabPool,
  accepted: number,
): Promise<readonly string[]> {
  const { rows } = await rooms.connections.read.query<{
    held: string;
    sum: string;
    count: string;
    room: string;
  }>(
    `select p.held::text, coalesce(sum(r.amount), 0)::text as sum, count(r.id)::text as count,
      least(p.snapshot_total - p.snapshot_locked, p.snapshot_token_balance)::text as room
    from pools p left join reservations r on r.pool_id = p.id and r.state = 'held'
    where p.id = $1 group by p.id`,
    [pool.record.id],
  );
  const [row] = rows;
  if (!row) return ['the pool is gone'];
  return [
    row.held === row.sum ? '' : `the counter is ${row.held}, the sum of holds ${row.sum}`,
    row.count === String(accepted) ? '' : `${row.count} holds, ${accepted} were answered`,
    BigInt(row.held) <= BigInt(row.room) ? '' : `${row.held} held of ${row.room}: over-committed`,
  ].filter((fault) => fault !== '');
}
