import { AsyncLocalStorage } from 'node:async_hooks';
import { traceFields } from './tracing.js';

/** Ids that belong to whatever is being done; each is in every line that is logged meanwhile. Never a borrower, a key or XDR. */
export interface LogIds { requestId?: string; job?: string; alarm?: string; poolId?: string; loanId?: string; reservationId?: string }

const scope = new AsyncLocalStorage<LogIds>();

/** Runs the work with these ids beside those that are known already. */
export const withLogIds = <T>(ids: LogIds, work: () => T): T => scope.run({ ...scope.getStore(), ...ids }, work);

/** Ids learnt on the way: known to all that is logged from here on in the same request or round. Outside of one it does nothing. */
export function noteLogIds(ids: LogIds): void { Object.assign(scope.getStore() ?? {}, ids); }

/** What each line carries: `mixin` of the logger. */
export const logFields = (): object => ({ ...scope.getStore(), ...traceFields() });
