import { TLSSocket } from 'node:tls';
import pg from 'pg';
import { asError } from '../common/errors.js';
import { explainConnection } from './connection-words.js';
import { asOnePacket } from './one-packet.js';
import { watchConnection } from './watched-connection.js';

/** Limits that the server applies to a session's waits, milliseconds. */
interface Limits {
  readonly statement_timeout?: number;
  readonly lock_timeout?: number;
  readonly idle_in_transaction_session_timeout?: number;
}
export interface LimitedConfig extends pg.PoolConfig {
  readonly limits?: Limits;
}

/** No limit of ours is shorter than what a pooler needs to find a server connection. */
const SET_UP_MS = 10_000;
/** Of one text, before the server keeps its plan. */
const UNNAMED_USES = 2;
/** Texts that a connection remembers. Those of lists vary with their filters. */
const MOST_TEXTS = 300;
const BEGIN = /^\s*(?:begin|start\s+transaction)\b[^;]*/i;

/**
 * A connection whose limits are in force, directly and through a pooler. Startup parameters are not
 * used, because PgBouncer refuses them or ignores them.
 *
 * A server connection behind a pooler may serve another client after each transaction. There the
 * limits are set at the beginning of each transaction, and no statement is named, because a name
 * belongs to one server connection. On a connection of our own, a statement with parameters that
 * comes again is named, so that the server keeps its plan: the statements of an observation cost
 * three times as much to plan as to run.
 */
export class LimitedClient extends pg.Client {
  /** Whether a pooler stands between this process and the server. Known once it is connected. */
  pooled = false;
  readonly #limits: readonly (readonly [string, number])[];
  /** Behind a pooler, sent behind BEGIN. */
  readonly #perTransaction: string;
  /** Uses of each text, or its name. */
  readonly #texts = new Map<string, number | string>();
  #names = 0;

  constructor(config?: string | pg.ClientConfig) {
    super(config);
    // What is lost while nobody waits fails the next statement. pg-pool listens to idle connections
    // only, and an error that nobody listens to would end the process.
    this.on('error', () => undefined);
    const { limits = {} } = typeof config === 'object' ? (config as LimitedConfig) : {};
    this.#limits = Object.entries(limits) as [string, number][];
    this.#perTransaction = this.#limits
      .map(([name, value]) => `; set local ${name} = ${value}`)
      .join('');
    const send = super.query.bind(this) as (...args: unknown[]) => unknown;
    // assigned, because one method cannot have the types of all overloads of the base class
    this.query = ((first: unknown, ...rest: unknown[]) =>
      send(
        this.pooled ? this.#safe(first) : this.#named(first, rest[0]),
        ...rest,
      )) as pg.Client['query'];
  }

  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<pg.Client> | undefined {
    const connected = super
      .connect()
      .then(() => this.#setUp())
      .catch((thrown: unknown) => {
        throw explainConnection(asError(thrown));
      });
    if (!callback) return connected.then(() => this);
    connected.then(
      // pg-pool takes no error for success
      () => process.nextTick(callback as () => void),
      (error: unknown) => process.nextTick(callback, asError(error)),
    );
    return undefined;
  }

  /**
   * A pooler answers with a key of its own, so the server's process is another one than it said.
   * The limits of the session are set by the same statement, but never on a shared connection.
   */
  async #setUp(): Promise<void> {
    const { processID } = this as unknown as { readonly processID: number | null };
    const settings = this.#limits.map(
      ([name, value]) => `, set_config('${name}', '${value}', false)`,
    );
    try {
      const { rows } = await this.query<{ pid: number }>({
        text:
          `select t.pid, case when t.pid = $1 then row(true${settings.join('')}) is not null end ` +
          'from (select pg_backend_pid() as pid) t',
        values: [processID],
        query_timeout: SET_UP_MS,
      } as pg.QueryConfig);
      this.pooled = rows[0]?.pid !== processID;
    } catch (thrown) {
      super.end(() => undefined);
      throw thrown;
    }
  }

  #named(first: unknown, values: unknown): unknown {
    const statement = typeof first === 'string' ? { text: first, values } : first;
    if (!mayBeNamed(statement)) return first;
    const { text } = statement;
    const known = this.#texts.get(text) ?? 0;
    if (typeof known === 'string') return { ...statement, name: known };
    if (known === 0 && this.#texts.size >= MOST_TEXTS) return first;
    if (known < UNNAMED_USES) {
      this.#texts.set(text, known + 1);
      return first;
    }
    const name = `q${++this.#names}`;
    this.#texts.set(text, name);
    return { ...statement, name };
  }

  #safe(first: unknown): unknown {
    if (typeof first === 'string')
      return first.replace(BEGIN, (begin) => begin.trimEnd() + this.#perTransaction);
    if (typeof first !== 'object' || first === null || !('name' in first)) return first;
    if ('submit' in first) return first; // a cursor, for example, submits itself
    return { ...first, name: undefined };
  }
}

/** It has parameters and no name, and does not submit itself, as a cursor does. */
function mayBeNamed(statement: unknown): statement is { readonly text: string } {
  if (typeof statement !== 'object' || statement === null) return false;
  const { text, values, name, submit } = statement as Partial<Record<string, unknown>>;
  return (
    typeof text === 'string' &&
    Array.isArray(values) &&
    values.length > 0 &&
    name === undefined &&
    submit === undefined
  );
}

/** A statement, and who waits for it. */
interface Sent {
  readonly text: string;
  readonly values: unknown[];
  readonly resolve: (answer: pg.QueryResult) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Connections of one kind. Behind a pooler a single statement runs in a transaction of its own,
 * because only there its limits can be set.
 */
export class Connections extends pg.Pool {
  /** The last write, refused by a server that cannot write; undefined once one succeeded. */
  refusal: { readonly sqlState: string; readonly at: number } | undefined;
  readonly #together: Sent[] = [];

  constructor(
    config: LimitedConfig,
    private readonly readers: readonly Connections[] = [],
  ) {
    super({ ...config, Client: LimitedClient });
    this.query = this.#one.bind(this) as pg.Pool['query'];
  }

  /**
   * As `query`, for short reads: those that are asked for at once travel as one message on one
   * connection, which costs both ends less than a connection for each.
   */
  queryTogether<Row extends pg.QueryResultRow>(
    text: string,
    values: unknown[],
  ): Promise<pg.QueryResult<Row>> {
    return new Promise((resolve, reject) => {
      const sent = { text, values, resolve: resolve as Sent['resolve'], reject };
      if (this.#together.push(sent) > 1) return;
      queueMicrotask(() => {
        const all = this.#together.splice(0);
        void this.#send(all).catch((thrown: unknown) => {
          for (const each of all) each.reject(asError(thrown));
        });
      });
    });
  }

  async #send(all: readonly Sent[]): Promise<void> {
    const client = await this.connect();
    if (isPooled(client)) {
      client.release();
      for (const { text, values, resolve, reject } of all)
        (this.#one(text, values) as Promise<pg.QueryResult>).then(resolve, reject);
      return;
    }
    const watch = watchConnection(client);
    let failed: Error | undefined;
    try {
      const answers = await Promise.allSettled(
        asOnePacket(client, () =>
          all.map(({ text, values, resolve }) => client.query(text, values).then(resolve)),
        ),
      );
      for (const [index, answer] of answers.entries()) {
        if (answer.status === 'fulfilled') continue;
        failed = asError(answer.reason);
        all[index]?.reject(failed);
      }
    } finally {
      watch.stop();
      client.release(failed ?? watch.lost());
    }
  }

  async #one(first: string, values?: unknown[]): Promise<unknown> {
    const client = await this.connect();
    const watch = watchConnection(client);
    let failed: Error | undefined;
    try {
      const one = () => client.query(first, values);
      if (!isPooled(client) || (typeof first === 'string' && BEGIN.test(first))) return await one();
      await client.query('begin');
      const answer = await one();
      await client.query('commit');
      return answer;
    } catch (thrown) {
      failed = asError(thrown);
      throw failed;
    } finally {
      watch.stop();
      client.release(failed ?? watch.lost());
    }
  }

  /**
   * A server could not write. The idle connections lead to the same one, and those of `readers`
   * would go on reading what it has, so they are closed.
   */
  refused(sqlState: string): void {
    this.refusal = { sqlState, at: performance.now() };
    for (const each of [this, ...this.readers]) void each.discardIdle();
  }

  private async discardIdle(): Promise<void> {
    const idle = Array.from({ length: this.idleCount }, () => this.connect());
    for (const outcome of await Promise.allSettled(idle))
      if (outcome.status === 'fulfilled') outcome.value.release(true);
  }
}

/** Whether a pooler stands between this process and the server. */
export const isPooled = (client: pg.ClientBase): boolean =>
  client instanceof LimitedClient && client.pooled;

/** Whether what this process sends to the server, or to the pooler before it, goes by TLS. */
export const isEncrypted = (client: pg.ClientBase): boolean =>
  (client as unknown as { readonly connection: { readonly stream: object } }).connection
    .stream instanceof TLSSocket;
