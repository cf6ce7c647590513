import pg from 'pg';
import { asError } from '../../../common/errors.js';
import { noticeDatabase } from './quarantine.sql.js';

export interface ConnectionOptions {
  readonly url: string;
  readonly deadlineMs: number;
  /**
   * Maximum of connections that write: one for the lane, one for transitions, one spare. More of
   * them make a hot row slower.
   */
  readonly writers?: number;
  readonly log?: (message: string) => void;
}

/**
 * SET needs a privilege for this setting. Without it the server's own value applies, which notices
 * a deadlock later but is never wrong.
 */
const PRIVILEGE_MISSING = '42501';
/** undefined_function */
const SCHEMA_MISSING = '42883';

/**
 * The ledger's own connections: few, kept open, and with a limit on every wait, so that a dead
 * client cannot keep the gate.
 */
export class LedgerConnections {
  readonly write: pg.Pool;
  readonly read: pg.Pool;
  /**
   * For exports, which last as long as their reader: two at a time, so that they never take the
   * connections of requests.
   */
  readonly exports: pg.Pool;

  constructor(options: ConnectionOptions) {
    const limits = {
      statement_timeout: options.deadlineMs,
      lock_timeout: options.deadlineMs,
      idle_in_transaction_session_timeout: options.deadlineMs,
      query_timeout: options.deadlineMs * 2,
    };
    this.write = new pg.Pool({
      connectionString: options.url,
      application_name: 'holdfast-ledger',
      max: options.writers ?? 3,
      min: 1,
      keepAlive: true,
      connectionTimeoutMillis: options.deadlineMs,
      ...limits,
      pipeline: true,
      // pg-pool awaits the promise before the first use of the connection, although its types say
      // void
      // oxlint-disable-next-line typescript/no-misused-promises
      onConnect: async (client) => {
        await noticeDeadlocksSoon(client);
        await noticeOtherDatabase(client, options.log);
      },
    });
    this.read = new pg.Pool({
      connectionString: options.url,
      application_name: 'holdfast-ledger-read',
      max: 4,
      keepAlive: true,
      connectionTimeoutMillis: options.deadlineMs,
      ...limits,
      statement_timeout: 5_000,
      query_timeout: 6_000,
    });
    this.exports = new pg.Pool({
      connectionString: options.url,
      application_name: 'holdfast-report',
      max: 2,
      keepAlive: true,
      connectionTimeoutMillis: Math.min(options.deadlineMs, 5_000),
      statement_timeout: 30_000,
      query_timeout: 35_000,
      idle_in_transaction_session_timeout: 60_000,
    });
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
  try {
    await client.query("set deadlock_timeout = '100ms'");
  } catch (thrown) {
    const error = asError(thrown);
    if (!('code' in error) || error.code !== PRIVILEGE_MISSING) throw error;
  }
}
