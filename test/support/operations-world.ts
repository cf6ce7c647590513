import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { openRooms, type Rooms } from '../../src/cli/rooms.js';
import { readConfig } from '../../src/common/config.js';
import { migrate } from '../../src/database/migrate.js';
import { freePort } from '../../src/common/ports.js';
import { ApiKeys } from '../../src/modules/access/api-keys.js';
import { registerPool } from '../../src/modules/operations/register-pool.js';
import { startNetwork, type RunningNetwork } from '../../sandbox/network/network.js';
import { startPostgres, type EmbeddedPostgres } from '../../sandbox/postgres/embedded.js';
import { keyBy } from './access.js';
import { asAdmin } from './database.js';
import { type Borrower, type GivenPool, loanBody, signed } from './given.js';
import { shellEnvironment } from './operations-environment.js';
import {
  type Block,
  folderWithNpm,
  runShell,
  runSql,
  startBlock,
  type Started,
} from './runbook.js';
import { postLoanTo } from './service-process.js';

export const UNIT = 10_000_000n;
export interface Hold {
  readonly borrower: Borrower;
  readonly loanId: string;
  readonly reservationId: string;
  readonly xdr: string;
}

/**
 * A service as operators run it: a database server that can be stopped and restored, a network that
 * closes ledgers and can be broken, an API and a worker as processes, and a shell with their
 * variables.
 */
export class OperationsWorld {
  readonly words = new Map<string, string>();
  readonly env: Record<string, string> = {};
  readonly printed = new Map<number, string>();
  given!: GivenPool;
  apiKey = '';
  #log = '';
  readonly #services = new Map<'worker' | 'api', Started>();

  private constructor(
    readonly folder: string,
    readonly bin: string,
    public server: EmbeddedPostgres,
    readonly network: RunningNetwork,
  ) {}

  static async open(): Promise<OperationsWorld> {
    const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-operations-'));
    const [server, network] = await Promise.all([
      startPostgres({ folder: path.join(folder, 'postgres'), durable: false }),
      startNetwork({ closeSeconds: 1 }),
    ]);
    const world = new OperationsWorld(folder, folderWithNpm(), server, network);
    // its text has the order of a language, as in most operators' databases
    await world.asAdmin(
      "create database holdfast template template0 locale_provider icu icu_locale 'en-US' encoding utf8",
    );
    await migrate(world.databaseUrl);
    await world.furnish();
    return world;
  }

  get databaseUrl(): string {
    return this.server.url('holdfast');
  }

  asAdmin(statement: string): Promise<void> {
    return asAdmin(statement, this.server.url('postgres'));
  }

  private async furnish(): Promise<void> {
    Object.assign(
      this.env,
      shellEnvironment({
        folder: this.folder,
        bin: this.bin,
        databaseUrl: this.databaseUrl,
        serverFolder: this.server.folder,
        network: this.network,
        port: String(await freePort()),
      }),
    );
    const {
      network: { control },
    } = this;
    const made = control.deployPool({ profile: 'scaled', decimals: 7, deposit: 1000n * UNIT });
    const [vendor = ''] = control.makeVendors({ pool: made.pool, count: 1 }).vendors;
    await this.within(async (rooms) => {
      const pool = await registerPool(
        rooms,
        {
          contract: made.pool,
          name: 'Main',
          generation: 'scaled',
          rules: { maxSnapshotAgeSeconds: 5, holdSeconds: 900 },
        },
        { by: { kind: 'command', id: 'test', name: 'test' }, reason: 'a test' },
      );
      this.given = { pool, contract: made.pool, vendor };
      const keys = new ApiKeys(rooms.connections, 15_000);
      this.env['TENANT_KEY'] = this.apiKey = await keyBy(keys);
      this.env['KEY'] = await keyBy(keys, {
        scopes: ['operate', 'pools:read', 'loans:read'],
        name: 'ops',
        tenantId: 'ops',
      });
      this.env['LEAKED_KEY'] = await keyBy(keys, {
        scopes: ['pools:read'],
        name: 'The shop',
        tenantId: 'shop',
      });
    });
    this.words.set('POOL_ID', this.given.pool.id);
  }

  async within<T>(work: (rooms: Rooms) => Promise<T>): Promise<T> {
    const rooms = openRooms(
      {
        databaseUrl: this.databaseUrl,
        rpcUrl: this.network.rpcUrl,
        networkPassphrase: this.network.passphrase,
      },
      readConfig({ VOLATILE_DATABASE: 'allow' }),
    );
    try {
      return await work(rooms);
    } finally {
      await rooms.close();
    }
  }

  /** Runs a block as written in the document, with its placeholders replaced. */
  async run(block: Block): Promise<string> {
    const text = [...this.words].reduce(
      (replaced, [word, value]) => replaced.replaceAll(word, value),
      block.text,
    );
    writeFileSync(this.env['LOG'] ?? '', this.log());
    if (block.language === 'sql') return this.print(block, await runSql(this.databaseUrl, text));
    const started = await startBlock(text, this.env);
    if (started) {
      this.#services.set(started.role, started);
      return this.print(block, '');
    }
    return this.print(block, await runShell(text, this.env));
  }
  private print(block: Block, output: string): string {
    this.printed.set(block.at, output);
    return output;
  }

  async start(role: 'worker' | 'api'): Promise<void> {
    const started = await startBlock(`ROLE=${role} npm start\n`, this.env);
    if (!started) throw new Error('npm start ended at once');
    this.#services.set(role, started);
  }
  async stop(role: 'worker' | 'api'): Promise<void> {
    const running = this.#services.get(role);
    if (!running) return;
    this.#log += running.output();
    this.#services.delete(role);
    if (running.process.exitCode !== null || running.process.signalCode !== null) return;
    const ended = once(running.process, 'exit');
    running.process.kill('SIGTERM');
    await ended;
  }
  log(): string {
    return this.#log + [...this.#services.values()].map((each) => each.output()).join('');
  }

  /** An orderly stop of the database server. */
  async stopServer(): Promise<void> {
    await this.sql('checkpoint'); // without fsync the last half second of commits is not on disk
    if (!(await this.server.stop())) throw new Error('the server did not stop');
  }
  async startServer(): Promise<void> {
    this.server = await startPostgres({
      folder: path.join(this.folder, 'postgres'),
      durable: false,
    });
  }

  async sql<Row extends object = Record<string, unknown>>(
    text: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    const client = new pg.Client(this.databaseUrl);
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** Queues one round of a job, in addition to the rounds that its schedule queues. */
  async round(queue: string, options: { readonly retryLimit?: number } = {}): Promise<void> {
    const boss = new PgBoss({
      connectionString: this.databaseUrl,
      supervise: false,
      schedule: false,
      max: 1,
    });
    await boss.start();
    try {
      await this.until(
        `a round of ${queue}`,
        async () => (await boss.send(queue, {}, options)) !== null,
      );
    } finally {
      await boss.stop({ graceful: false });
    }
  }

  /** Holds 100 token units for a new borrower. */
  async hold(key: string): Promise<Hold> {
    const [borrower] = this.network.control.makeBorrowers({
      pool: this.given.contract,
      count: 1,
      tokens: 1000n * UNIT,
      score: 80,
    }).borrowers;
    if (!borrower) throw new Error('the network made no borrower');
    let [status, text] = [0, ''];
    await this.until('an answer on a fresh snapshot', async () => {
      // on a loaded machine the worker may be late for a moment
      const answer = await postLoanTo(
        { url: this.env['URL'] ?? '', apiKey: this.apiKey },
        loanBody(this.given, borrower),
        key,
      );
      [status, text] = [answer.status, await answer.text()];
      return !text.includes('"SNAPSHOT_STALE"');
    });
    if (status !== 201) throw new Error(`not held: ${status} ${text}`);
    const { loan, reservation, transaction } = JSON.parse(text) as {
      loan: { id: string };
      reservation: { id: string };
      transaction: { xdr: string };
    };
    return { borrower, loanId: loan.id, reservationId: reservation.id, xdr: transaction.xdr };
  }
  /** Submits the transaction, signed by its borrower. @returns the HTTP status */
  async submit(hold: Hold): Promise<number> {
    return (
      await fetch(`${this.env['URL']}/loans/${hold.loanId}/submission`, {
        method: 'POST',
        body: JSON.stringify({
          signedXdr: signed(hold.xdr, this.network.passphrase, hold.borrower),
        }),
        headers: { 'content-type': 'application/json', authorization: `Bearer ${this.apiKey}` },
      })
    ).status;
  }
  /** A hold whose transaction is applied and fails with that result, agreed by two replies. */
  async failed(key: string, result: string): Promise<Hold> {
    const hold = await this.hold(key);
    this.network.control.setFault('invocation_fails', { result, source: hold.borrower.address });
    const status = await this.submit(hold);
    if (status !== 202) throw new Error(`not submitted: ${status}`);
    await this.untilSql(
      'two replies agree',
      `select exists (select from envelopes
        where reservation_id = '${hold.reservationId}' and state = 'failed')`,
    );
    return hold;
  }
  /** Moves chain time past the deadline and waits until the hold is released. */
  async lapse(reservationId: string, reason: string): Promise<void> {
    this.network.control.travel(1000);
    await this.round('judge-lapsed'); // the schedule runs it only when the deadline passes by the database's clock
    await this.untilSql(
      `it is ${reason}`,
      `select release_reason = '${reason}' from reservations where id = '${reservationId}'`,
    );
  }
  async ask(
    url: string,
    key = this.env['KEY'] ?? '',
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await fetch(`${this.env['URL']}${url}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  /** @throws Error when the condition is not met within 30 seconds */
  async until(what: string, look: () => Promise<boolean> | boolean): Promise<void> {
    const end = performance.now() + 30_000;
    while (!(await look())) {
      if (performance.now() > end)
        throw new Error(`${what}: not within 30 s\n${this.log().slice(-3000)}`);
      await wait(50);
    }
  }
  untilSql(what: string, query: string): Promise<void> {
    return this.until(
      what,
      async () => (await this.sql<{ yes: boolean }>(`select (${query}) as yes`))[0]?.yes === true,
    );
  }
  untilLogged(word: string): Promise<void> {
    return this.until(`${word} in the log`, () => this.log().includes(word));
  }
  /** Both processes serve, the pool takes holds, and no job is late, which alone is not red. */
  untilReady(): Promise<void> {
    return this.until('ready', async () => {
      const { status, body } = await this.ask('/health/ready');
      return status === 200 && (body as { jobs: { ok: boolean } }).jobs.ok;
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.stop('api'), this.stop('worker')]);
    await this.network.close();
    await this.server.stop();
    for (const folder of [this.folder, this.bin, this.server.folder])
      rmSync(folder, { recursive: true, force: true });
  }
}
