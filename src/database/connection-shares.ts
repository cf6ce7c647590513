/** How many connections each kind opens at most. */
export interface ConnectionShares {
  /** The ledger's transactions. */
  readonly write: number;
  /** Single statements. */
  readonly read: number;
  /** The readers of loans and pools by the API. */
  readonly entities: number;
  /** Exports, which last as long as their reader. */
  readonly exports: number;
  /** The queues of the jobs. */
  readonly jobs: number;
}

/** One each: rate limits, LISTEN, metrics. */
const SINGLE = 3;
/** More of them do not make a hot pool faster: its rows are written one batch after the other. */
const MOST: ConnectionShares = { write: 3, read: 4, entities: 6, exports: 2, jobs: 4 };
const KINDS = ['entities', 'write', 'jobs', 'read', 'exports'] as const;

/** With fewer, one kind would have none. */
export const CONNECTIONS_LEAST = SINGLE + KINDS.length;
/** With more, none would be used. */
export const CONNECTIONS_MOST = SINGLE + Object.values(MOST).reduce((sum, each) => sum + each, 0);

/** Divides a process's connections: one for each kind, then the rest in turns. */
export function connectionShares(total: number): ConnectionShares {
  const shares = { write: 1, read: 1, entities: 1, exports: 1, jobs: 1 };
  let left = Math.min(total, CONNECTIONS_MOST) - CONNECTIONS_LEAST;
  while (left > 0)
    for (const kind of KINDS)
      if (left > 0 && shares[kind] < MOST[kind]) {
        shares[kind]++;
        left--;
      }
  return shares;
}
