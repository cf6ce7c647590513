import { asError, HoldfastError } from '../common/errors.js';

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
const PAUSE = [50, 250] as const;
/**
 * SQLSTATEs of a server that cannot write now, whoever asks: a failover has left it behind, or it
 * lacks room. Nothing was committed. The next try takes another connection, which may reach another
 * server; readiness is red until a write succeeds.
 */
const CANNOT_WRITE: ReadonlySet<string> = new Set([
  '25006', // read_only_sql_transaction: a standby, or default_transaction_read_only
  '53000', // insufficient_resources
  '53100', // disk_full
  '53200', // out_of_memory
  '53400', // configuration_limit_exceeded
  '55000', // object_not_in_prerequisite_state, by the server itself: recovery is in progress
  '57P04', // database_dropped
  '58000', // system_error
  '58030', // io_error
  '58P01', // undefined_file
  '58P02', // duplicate_file
]);
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
 * A standby refuses SERIALIZABLE before anything else, as a feature that it lacks (0A000). Managed
 * servers use the same code for functions that they lack, so the place in the server decides, in
 * every language of its messages.
 */
const REFUSES_SERIALIZABLE = /^(call_enum_check_hook|GetSerializableTransactionSnapshot)$/;

/**
 * BEGIN is refused so on a connection whose transaction somebody else began and left: aborted, or
 * open with another isolation level.
 */
const LEFT_OPEN: ReadonlySet<string> = new Set(['25P02', '25001']);

const codeOf = (error: Error): string | undefined =>
  'code' in error && typeof error.code === 'string' ? error.code : undefined;

/**
 * @returns the SQLSTATE when the server cannot write now; our own functions raise 55000 about the
 * state of a hold, which is final
 */
export function cannotWrite(thrown: unknown): string | undefined {
  const error = asError(thrown);
  const code = codeOf(error);
  if (code === undefined) return undefined;
  const routine = 'routine' in error ? String(error.routine) : '';
  if (code === '0A000' && REFUSES_SERIALIZABLE.test(routine)) return code;
  return !CANNOT_WRITE.has(code) || (code === '55000' && routine === 'exec_stmt_raise')
    ? undefined
    : code;
}

/**
 * Whether the schema changed what a named statement returns, as an upgrade beside this process may
 * do. The plan belongs to the connection, so the next attempt takes another one.
 */
const isStalePlan = (error: Error): boolean =>
  'routine' in error && error.routine === 'RevalidateCachedQuery';

/** Returns the SQLSTATE or socket code that allows another attempt, or undefined when none does. */
export function retryableCode(thrown: unknown): string | undefined {
  const error = asError(thrown);
  const code = codeOf(error);
  const mayHelp =
    code !== undefined &&
    (code in RETRYABLE || cannotWrite(error) !== undefined || isStalePlan(error));
  if (mayHelp) return code;
  return CONNECTION_LOST.test(error.message) ? '08006' : undefined;
}

/** Whether BEGIN was refused because of a transaction that is not ours. */
export const wasLeftOpen = (error: Error): boolean => LEFT_OPEN.has(codeOf(error) ?? '');

/** The shortest and the longest wait before another attempt, milliseconds. */
export const pauseBefore = (code: string): readonly [number, number] => RETRYABLE[code] ?? PAUSE;

/**
 * Whether the connection itself is lost. An ordinary SQL error keeps it, because otherwise pg-pool
 * would reconnect on every 40001 (74/s instead of 964/s).
 */
export function connectionFailure(thrown: unknown): Error | undefined {
  const error = asError(thrown);
  const code = codeOf(error) ?? '';
  return cannotWrite(error) !== undefined ||
    isStalePlan(error) ||
    /^(08|57P|25P03|E[A-Z]+$)/.test(code) ||
    CONNECTION_LOST.test(error.message) ||
    (!code && !(error instanceof HoldfastError))
    ? error
    : undefined;
}
