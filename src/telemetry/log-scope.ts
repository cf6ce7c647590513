import { AsyncLocalStorage } from 'node:async_hooks';
import { traceFields } from './tracing.js';

/**
 * The ids of the work in progress, added to every line logged meanwhile. They never name a
 * borrower, a key or XDR.
 */
export interface LogIds {
  requestId?: string;
  /** Of an HTTP request. Without its query, which names borrowers. */
  readonly req?: { readonly id: string; readonly method: string; readonly path: string };
  job?: string;
  alarm?: string;
  poolId?: string;
  loanId?: string;
  reservationId?: string;
  /**
   * The id of the reservation if the request makes one. If the request makes none, no such row
   * exists; after a lost COMMIT, this is the id to look for.
   */
  attemptId?: string | undefined;
}

const scope = new AsyncLocalStorage<LogIds>();

/** Runs the work with these ids added to the known ones. */
export const withLogIds = <T>(ids: LogIds, work: () => T): T =>
  scope.run({ ...scope.getStore(), ...ids }, work);

/** Runs the work in the scope of these very ids, so that what is noted meanwhile is in them. */
export const inLogScope = <T>(ids: LogIds, work: () => T): T => scope.run(ids, work);

/**
 * Adds ids that became known during the work to all later lines of the same request or round.
 * Outside of a scope it does nothing.
 */
export function noteLogIds(ids: LogIds): void {
  Object.assign(scope.getStore() ?? {}, ids);
}

/**
 * The codes of problems by response. A body that cannot be read fails outside of its request's
 * scope, and the log line must still name the code.
 */
const codes = new WeakMap<object, string>();
export function noteCode(response: object | undefined, code: string): void {
  if (response) codes.set(response, code);
}
/** @returns undefined when no problem was sent */
export const codeOf = (response: object): string | undefined => codes.get(response);

/** The fields that each line carries: `mixin` of the logger. */
export const logFields = (): object => ({ ...scope.getStore(), ...traceFields() });
