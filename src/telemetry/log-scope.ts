import { AsyncLocalStorage } from 'node:async_hooks';
import { traceFields } from './tracing.js';

/**
 * Ids that belong to whatever is being done; each is in every line that is logged meanwhile. Never
 * a borrower, a key or XDR.
 */
export interface LogIds {
  requestId?: string;
  job?: string;
  alarm?: string;
  poolId?: string;
  loanId?: string;
  reservationId?: string;
  /**
   * What the reservation will be called if the request makes one. Where nothing came of it there is
   * no such row; where nobody knows (a lost COMMIT), this is what to look for.
   */
  attemptId?: string | undefined;
}

const scope = new AsyncLocalStorage<LogIds>();

/** Runs the work with these ids beside those that are known already. */
export const withLogIds = <T>(ids: LogIds, work: () => T): T =>
  scope.run({ ...scope.getStore(), ...ids }, work);

/**
 * Ids learnt on the way: known to all that is logged from here on in the same request or round.
 * Outside of one it does nothing.
 */
export function noteLogIds(ids: LogIds): void {
  Object.assign(scope.getStore() ?? {}, ids);
}

/**
 * Codes of problems by the response they were written to: a body that cannot be read fails outside
 * of its request's scope, and its line must name the code all the same.
 */
const codes = new WeakMap<object, string>();
export function noteCode(response: object | undefined, code: string): void {
  if (response) codes.set(response, code);
}
/** @returns undefined when no problem was answered */
export const codeOf = (response: object): string | undefined => codes.get(response);

/** What each line carries: `mixin` of the logger. */
export const logFields = (): object => ({ ...scope.getStore(), ...traceFields() });
