import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { asError, HoldfastError } from '../common/errors.js';
import type { ConnectionRelay, LentConnection } from './connection-relay.js';
import { Connections } from './limited-client.js';
import { asOnePacket } from './one-packet.js';
import {
  cannotWrite,
  connectionFailure,
  pauseBefore,
  retryableCode,
  wasLeftOpen,
} from './sqlstates.js';
import { watchConnection } from './watched-connection.js';
import * as metrics from '../telemetry/metrics.js';
import { reached } from '../common/steps.js';
import { inSpan, isTracing, type Link, type Span, SpanKind } from '../telemetry/tracing.js';

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
  /** Lends the connection, in place of a checkout for each attempt. */
  readonly relay?: ConnectionRelay;
  /** Called when the work is done and only COMMIT is under way. It may fail and be tried again. */
  readonly onCommitting?: () => void;
}

export const READ_COMMITTED = 'BEGIN ISOLATION LEVEL READ COMMITTED';

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
      const result = await attemptOnce(connections, options, work, progress);
      if (connections instanceof Connections) connections.refusal = undefined;
      return result;
    } catch (thrown) {
      const code = retryableCode(thrown);
      if (code === undefined) throw asError(thrown);
      commitUnknown ||=
        progress.committing &&
        (code.startsWith('08') || code.startsWith('E') || code.startsWith('57P'));
      if (connections instanceof Connections && cannotWrite(thrown)) connections.refused(code);
      options.onRetry?.(code, attempt);
      metrics.count('holdfast_transaction_retries_total', { transaction, sqlstate: code });
      span?.addEvent('try failed', { 'db.response.status_code': code, 'holdfast.try': attempt });
      const [least, greatest] = pauseBefore(code);
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
  { begin, name: transaction = 'other', relay, onCommitting }: TransactionOptions,
  work: (tx: Transaction) => Promise<T>,
  progress: { committing: boolean },
): Promise<T> {
  const lent = relay ? await relay.take() : checkedOut(await connections.connect());
  const { client } = lent;
  const traced: pg.ClientBase = isTracing() ? tracedClient(client) : client;
  const sent = performance.now();
  let broken: Error | undefined;
  const watch = watchConnection(client);
  let committed: Promise<pg.QueryResult> | undefined;
  try {
    // Not awaited before the work: on a pipelined connection the first statement travels with
    // BEGIN, so the gate is not held while this process is busy. When LOCK fails, the work only
    // gets 25P02, so the error of BEGIN is thrown.
    const commitBehind = (): void => {
      progress.committing = true;
      reached('transaction.committing', client);
      committed = traced.query('COMMIT');
      committed.catch(() => undefined); // a failure of the work is thrown in its place
      lent.committing();
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
    if (begun.status === 'rejected') throw refusalOfBegin(begun.reason);
    if (worked.status === 'rejected') throw worked.reason;
    if (!committed) commitBehind();
    onCommitting?.();
    const answer = await committed;
    if (answer?.command !== 'COMMIT') throw new Error('COMMIT was answered with ROLLBACK');
    reached('transaction.committed');
    return worked.value;
  } catch (thrown) {
    broken = watch.lost() ?? connectionFailure(thrown);
    // after COMMIT was sent its answer ends the transaction, and the next one may have begun
    if (!broken)
      await (committed ?? client.query('ROLLBACK')).catch((error: unknown) => {
        broken = committed ? connectionFailure(error) : asError(error);
      });
    throw thrown;
  } finally {
    watch.stop();
    lent.release(broken ?? watch.lost());
  }
}

/**
 * BEGIN on a connection whose transaction somebody else began, and left, is refused: a pooler gave
 * us one. Nothing has run, so the connection is given up and the next attempt takes another.
 */
function refusalOfBegin(thrown: unknown): Error {
  const error = asError(thrown);
  return wasLeftOpen(error)
    ? Object.assign(new Error('The connection came with a transaction.', { cause: error }), {
        code: '08000',
      })
    : error;
}

const checkedOut = (client: pg.PoolClient): LentConnection => ({
  client,
  committing: () => undefined,
  release: (broken) => client.release(broken),
});

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
