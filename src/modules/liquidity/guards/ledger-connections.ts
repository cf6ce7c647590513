import type pg from 'pg';
import { asError } from '../../../common/errors.js';
import {
  CONNECTIONS_MOST,
  type ConnectionShares,
  connectionShares,
} from '../../../database/connection-shares.js';
import { Connections, isPooled } from '../../../database/limited-client.js';
import { noticeDatabase } from './quarantine.sql.js';

export interface ConnectionOptions {
  readonly url: string;
  readonly deadlineMs: number;
  /** How many of each kind; absent: the most that are of use. */
  readonly shares?: Pick<ConnectionShares, 'write' | 'read' | 'exports'>;
  readonly log?: (message: string) => void;
}

/**
 * SET needs a privilege for this setting. Without it the server's own value applies, which notices
 * a deadlock later but is never wrong.
 */
const PRIVILEGE_MISSING = '42501';
/** A connection to a server that is no longer the primary ends by then. */
const LIFETIME_SECONDS = 300;
/** undefined_function */
const SCHEMA_MISSING = '42883';

/**
 * The ledger's own connections: few, kept open, and with a limit on every wait, so that a dead
 * client cannot keep the gate.
 */
export class LedgerConnections {
  readonly write: Connections;
  readonly read: Connections;
  /**
   * For exports, which last as long as their reader: two at a time, so that they never take the
   * connections of requests.
   */
  readonly exports: Connections;

  constructor(options: ConnectionOptions) {
    const shares = options.shares ?? connectionShares(CONNECTIONS_MOST);
    const limits = {
      statement_timeout: options.deadlineMs,
      lock_timeout: options.deadlineMs,
      idle_in_transaction_session_timeout: options.deadlineMs,
    };
    this.read = new Connections({
      connectionString: options.url,
      application_name: 'holdfast-ledger-read',
      maxLifetimeSeconds: LIFETIME_SECONDS,
      max: shares.read,
      keepAlive: true,
      connectionTimeoutMillis: options.deadlineMs,
      limits: { ...limits, statement_timeout: 5_000 },
      query_timeout: 6_000,
      // reads that are asked for at once share a message
      pipeline: true,
    });
    this.exports = new Connections({
      connectionString: options.url,
      application_name: 'holdfast-report',
      max: shares.exports,
      keepAlive: true,
      connectionTimeoutMillis: Math.min(options.deadlineMs, 5_000),
      limits: { statement_timeout: 30_000, idle_in_transaction_session_timeout: 60_000 },
      query_timeout: 35_000,
    });
    this.write = new Connections(
      {
        connectionString: options.url,
        application_name: 'holdfast-ledger',
        max: shares.write,
        min: 1,
        keepAlive: true,
        connectionTimeoutMillis: options.deadlineMs,
        limits,
        query_timeout: options.deadlineMs * 2,
        pipeline: true,
        // pg-pool awaits the promise before the first use of the connection, although its types say
        // void
        // oxlint-disable-next-line typescript/no-misused-promises
        onConnect: async (client) => {
          await noticeDeadlocksSoon(client);
          await noticeOtherDatabase(client, options.log);
        },
      },
      [this.read, this.exports],
    );
    // when the server cuts an idle connection the process must go on; the next query opens another
    for (const connections of [this.write, this.read, this.exports])
      connections.on('error', (error) =>
        options.log?.(`an idle database connection was lost: ${error.message}`),
      );
  }

  async close(): Promise<void> {
    await Promise.all([this.write.end(), this.read.end(), this.exports.end()]);
  }
}

/**
 * Runs before a connection may hold anything: a failover or a restore always brings new connections
 * (docs/protocol.md#quarantine).
 */
async function noticeOtherDatabase(
  client: pg.ClientBase,
  log: ConnectionOptions['log'],
): Promise<void> {
  try {
    const pools = await noticeDatabase(client);
    if (pools > 0) log?.(`the database is another one than before: ${pools} pools are quarantined`);
  } catch (thrown) {
    const error = asError(thrown);
    // without a schema there is no pool to quarantine
    if (!('code' in error) || error.code !== SCHEMA_MISSING) throw error;
  }
}

async function noticeDeadlocksSoon(client: pg.ClientBase): Promise<void> {
  if (isPooled(client)) return; // the session serves others too
  try {
    await client.query("set deadlock_timeout = '100ms'");
  } catch (thrown) {
    const error = asError(thrown);
    if (!('code' in error) || error.code !== PRIVILEGE_MISSING) throw error;
  }
}
