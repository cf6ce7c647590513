import type pg from 'pg';
import { asError } from '../../../common/errors.js';
import { LimitedClient } from '../../../database/limited-client.js';

const CHANNEL = 'holdfast_changes';
/** One signal covers everything that commits meanwhile: at most 20 a second from one process. */
const COALESCE_MS = 50;
const RECONNECT_MS = { least: 200, greatest: 5_000 } as const;

/**
 * Signals every process that something was committed; readers find out what in the journal. NOTIFY
 * locks the whole cluster until its transaction commits, so it runs after the ledger's, in one that
 * waits for no disk. A signal may be lost: readers look every few seconds anyway.
 */
export class ChangeNotifier {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Pick<pg.Pool, 'query'>,
    private readonly log: (line: string) => void = () => undefined,
  ) {}

  /** Never waits and never fails. */
  changed(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.send();
    }, COALESCE_MS).unref();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async send(): Promise<void> {
    try {
      await this.database.query(
        `begin; set local synchronous_commit = off; notify ${CHANNEL}; commit`,
      );
    } catch (thrown) {
      this.log(`a change could not be announced: ${asError(thrown).message}`);
    }
  }
}

/**
 * The one LISTEN connection of a process. It wakes its owner at each signal and after each
 * reconnect, because signals are lost meanwhile.
 */
export class ChangeListener {
  private client: pg.Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private running = false;
  private pauseMs: number = RECONNECT_MS.least;

  constructor(
    private readonly url: string,
    private readonly wake: () => void,
    private readonly log: (line: string) => void = () => undefined,
  ) {}

  start(): void {
    if (this.running) return;
    this.running = true;
    void this.connect();
  }

  async stop(): Promise<void> {
    this.running = false;
    clearTimeout(this.timer);
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => undefined); // the socket may be cut already
  }

  private async connect(): Promise<void> {
    const client = new LimitedClient({
      connectionString: this.url,
      application_name: 'holdfast-listen',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
    });
    this.client = client;
    client.on('notification', () => {
      this.wake();
    });
    client.on('error', (error) => {
      this.lost(client, error);
    });
    client.on('end', () => {
      this.lost(client, new Error('the connection was ended'));
    });
    try {
      await client.connect();
      if (client.pooled) {
        this.client = undefined;
        await client.end();
        this.log(
          'the database is behind a pooler, which passes on no signals: readers look every few ' +
            'seconds. Set DATABASE_DIRECT_URL to the server itself for signals',
        );
        return;
      }
      await client.query(`listen ${CHANNEL}`);
      this.pauseMs = RECONNECT_MS.least;
      this.wake();
    } catch (thrown) {
      this.lost(client, asError(thrown));
    }
  }

  private lost(client: pg.Client, error: Error): void {
    if (this.client !== client || !this.running) return;
    this.client = undefined;
    this.log(`the connection that listens was lost: ${error.message}; again in ${this.pauseMs} ms`);
    void client.end().catch(() => undefined);
    this.timer = setTimeout(() => {
      if (this.running) void this.connect();
    }, this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, RECONNECT_MS.greatest);
  }
}
