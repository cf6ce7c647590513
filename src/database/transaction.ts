import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { asError, HoldfastError } from '../common/errors.js';
import { asOnePacket } from './one-packet.js';
import { watchConnection } from './watched-connection.js';
import * as metrics from '../telemetry/metrics.js';
import { reached } from '../common/steps.js';
import { inSpan, isTracing, type Link, type Span, SpanKind } from '../telemetry/tracing.js';

/**
 * SQLSTATEs after which the whole transaction is tried again, with the shortest and longest wait
 * before it, milliseconds. All others are final. A retry inside the aborted transaction was
 * rejected, because it always fails with 25P02.
 */
const RETRYABLE: Readonly<Record<string, readonly [number, number]>> = {
  '40001': [1, 10], // serialization_failure
  '40P01': [5, 30], // deadlock_detected: also an alarm (docs/protocol.md#ledger-transaction)
  '55P03': [10, 60], // lock_not_available (lock_timeout)
  '57014': [10, 60], // query_canceled (statement_timeout)
  '57P01': [50, 250], // admin_shutdown
  '57P02': [50, 250], // crash_shutdown
  '57P03': [50, 250], // cannot_connect_now
  '53300': [50, 250], // too_many_connections
  '25P03': [10, 60], // idle_in_transaction_session_timeout
  '08000': [50, 250],
  '08001': [50, 250],
  '08003': [50, 250],
  '08004': [50, 250],
  '08006': [50, 250],
  ECONNREFUSED: [50, 250],
  ECONNRESET: [50, 250],
  EPIPE: [50, 250],
  ETIMEDOUT: [50, 250],
};
/**
 * Names of transactions in metrics and traces: few and fixed, so that each has its series from the
 * start. `other`: an unnamed one.
 */
const TRANSACTIONS = [
  'hold',
  'settle',
  'expired',
  'sequence_consumed',
  'tx_failed',
  'fail_envelopes',
  'operator_end',
  'observe',
  'mark_submitted',
  'mark_signed',
  'outbid',
  'death_steps',
  'failure_sightings',
  'resubmissions',
  'issue_envelope',
  'authorization',
  'issue_landings',
  'fail_landings',
  'landing_notes',
  'nonces',
  'channels',
  'cancel',
  'quarantine',
  'quarantine_all',
  'repair',
  'pool',
  'reconcile',
  'ledger_times',
  'other',
] as const;
export type TransactionName = (typeof TRANSACTIONS)[number];

// only this SQLSTATE begins at zero, because the alert HoldfastDeadlock needs its series; all
// SQLSTATEs would add 342 series that stay at zero
for (const transaction of TRANSACTIONS)
  metrics.beginAtZero('holdfast_transaction_retries_total', { transaction, sqlstate: '40P01' });

/**
 * node-postgres reports a cut socket without a code. `Query read timeout` is its own limit for a
 * silent server, and that connection must be closed.
 */
const CONNECTION_LOST = new RegExp(
  [
    'Connection terminated',
    'connection timeout',
    'Query read timeout',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error',
  ].join('|'),
  'i',
);

/**
 * An open transaction. Repositories and statements take it as an argument, so code that forgets it
 * does not compile.
 */
export interface Transaction {
  readonly client: pg.ClientBase;
  /**
   * Sends COMMIT behind the statements that were sent already, which saves its round trip. A
   * statement that must stop it has to fail in SQL: then the server answers COMMIT with ROLLBACK.
   */
  readonly commitBehind?: () => void;
}

export interface TransactionOptions {
  /**
   * Sent as one message before the work. For the ledger it is BEGIN and the gate lock, which must
   * come before the snapshot.
   */
  readonly begin: string;
  readonly name?: TransactionName;
  /** Spans of the requests that it serves, when it serves several. */
  readonly links?: readonly Link[];
  /** How long the transaction is tried again, milliseconds. */
  readonly deadlineMs: number;
  /** Called for every failed attempt, for metrics and the 40P01 alarm. */
  readonly onRetry?: (sqlState: string, attempt: number) => void;
}

export const READ_COMMITTED = 'BEGIN ISOLATION LEVEL READ COMMITTED';

/** Returns the SQLSTATE or socket code that allows another attempt, or undefined when none does. */
export function retryableCode(thrown: unknown): string | undefined {
  const error = asError(thrown);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code !== undefined && code in RETRYABLE) return code;
  return CONNECTION_LOST.test(error.message) ? '08006' : undefined;
}

/**
 * Begins, retries and times out every transaction of the product. A retry runs all of `work` again,
 * with jitter, until the deadline. The answer to COMMIT may be lost, so `work` must be safe to run
 * twice (the caller makes ids, look-ups come first).
 * @throws HoldfastError BUSY_RETRY when the deadline passed (`commitUnknown`: a COMMIT was sent and
 * its answer lost); the database's own error when another attempt cannot help
 */
export async function inTransaction<T>(
  connections: pg.Pool,
  options: TransactionOptions,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const { name: transaction = 'other', links = [] } = options;
  const began = performance.now();
  let outcome = 'failed';
  try {
    const result = await inSpan(
      `transaction ${transaction}`,
      { links, attributes: { 'db.system.name': 'postgresql' } },
      (span) => tryUntilDeadline(connections, options, work, span),
    );
    outcome = 'committed';
    return result;
  } catch (thrown) {
    if (thrown instanceof HoldfastError && thrown.code === 'BUSY_RETRY') outcome = 'busy';
    throw thrown;
  } finally {
    metrics.measure(
      'holdfast_transaction_duration_seconds',
      { transaction, outcome },
      metrics.secondsSince(began),
    );
  }
}

async function tryUntilDeadline<T>(
  connections: pg.Pool,
  options: TransactionOptions,
  work: (tx: Transaction) => Promise<T>,
  span: Span | undefined,
): Promise<T> {
  const { name: transaction = 'other' } = options;
  const until = performance.now() + options.deadlineMs;
  let commitUnknown = false;
  for (let attempt = 1; ; attempt++) {
    const progress = { committing: false };
    try {
      span?.setAttribute('holdfast.tries', attempt);
      return await attemptOnce(connections, options, work, progress);
    } catch (thrown) {
      const code = retryableCode(thrown);
      if (code === undefined) throw asError(thrown);
      commitUnknown ||=
        progress.committing &&
        (code.startsWith('08') || code.startsWith('E') || code.startsWith('57P'));
      options.onRetry?.(code, attempt);
      metrics.count('holdfast_transaction_retries_total', { transaction, sqlstate: code });
      span?.addEvent('try failed', { 'db.response.status_code': code, 'holdfast.try': attempt });
      const [least, greatest] = RETRYABLE[code] ?? [10, 60];
      const pause = (least + Math.random() * (greatest - least)) * Math.min(attempt, 8);
      if (performance.now() + pause >= until) {
        throw new HoldfastError(
          'BUSY_RETRY',
          'The ledger could not finish in time. Ask again; with the same Idempotency-Key nothing can happen twice.',
          { sqlState: code, commitUnknown },
          { cause: asError(thrown) },
        );
      }
      await wait(pause);
    }
  }
}

async function attemptOnce<T>(
  connections: pg.Pool,
  { begin, name: transaction = 'other' }: TransactionOptions,
  work: (tx: Transaction) => Promise<T>,
  progress: { committing: boolean },
): Promise<T> {
  const client = await connections.connect();
  const traced: pg.ClientBase = isTracing() ? tracedClient(client) : client;
  const sent = performance.now();
  let broken: Error | undefined;
  const watch = watchConnection(client);
  try {
    // Not awaited before the work: on a pipelined connection the first statement travels with
    // BEGIN, so the gate is not held while this process is busy. When LOCK fails, the work only
    // gets 25P02, so the error of BEGIN is thrown.
    let committed: Promise<pg.QueryResult> | undefined;
    const commitBehind = (): void => {
      progress.committing = true;
      reached('transaction.committing', client);
      committed = traced.query('COMMIT');
      committed.catch(() => undefined); // a failure of the work is thrown in its place
    };
    const [begun, worked] = await Promise.allSettled(
      asOnePacket(
        client,
        () =>
          [
            traced.query(begin).then(() => {
              metrics.measure(
                'holdfast_ledger_gate_wait_seconds',
                { transaction },
                metrics.secondsSince(sent),
              );
              reached('transaction.begun');
            }),
            work({ client: traced, commitBehind }),
          ] as const,
      ),
    );
    if (begun.status === 'rejected') throw begun.reason;
    if (worked.status === 'rejected') throw worked.reason;
    if (!committed) commitBehind();
    const answer = await committed;
    if (answer?.command !== 'COMMIT') throw new Error('COMMIT was answered with ROLLBACK');
    reached('transaction.committed');
    return worked.value;
  } catch (thrown) {
    broken = watch.lost() ?? connectionFailure(thrown);
    if (!broken)
      await client.query('ROLLBACK').catch((error: unknown) => {
        broken = asError(error);
      });
    throw thrown;
  } finally {
    watch.stop();
    client.release(broken ?? watch.lost());
  }
}

/**
 * Whether the connection itself is lost. An ordinary SQL error keeps it, because otherwise pg-pool
 * would reconnect on every 40001 (74/s instead of 964/s).
 */
function connectionFailure(thrown: unknown): Error | undefined {
  const error = asError(thrown);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return /^(08|57P|25P03|E[A-Z]+$)/.test(code) ||
    CONNECTION_LOST.test(error.message) ||
    (!code && !(error instanceof HoldfastError))
    ? error
    : undefined;
}

const SQL_LENGTH_MAX = 500;

/**
 * The same connection with a span for each statement. The span has the text; the values are
 * parameters and stay out.
 */
function tracedClient(client: pg.PoolClient): pg.PoolClient {
  const query = (
    first: string | { readonly text: string; readonly name?: string },
    ...rest: unknown[]
  ): Promise<unknown> => {
    const [text, name] = typeof first === 'string' ? [first, undefined] : [first.text, first.name];
    const sql = text.replaceAll(/\s+/g, ' ').trim();
    return inSpan(
      `sql ${name ?? sql.split(' ', 1)[0]}`,
      {
        kind: SpanKind.CLIENT,
        attributes: {
          'db.system.name': 'postgresql',
          'db.query.text': sql.slice(0, SQL_LENGTH_MAX),
        },
      },
      () => (client.query as (...of: unknown[]) => Promise<unknown>).call(client, first, ...rest),
    );
  };
  return new Proxy(client, {
    get: (target, member) => {
      const value: unknown = Reflect.get(target, member);
      return member === 'query' ? query : typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
