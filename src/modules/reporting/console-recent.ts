import type pg from 'pg';

/** Who asked a pool for money in the last seconds. Amounts are token units as text. */
interface Recent {
  readonly at: Date;
  readonly borrower: string;
  readonly amount: string;
}
export interface RecentRequests {
  readonly holds: readonly (Recent & {
    readonly id: string;
    readonly state: string;
    readonly submittedAt: Date | null;
    readonly endedAt: Date | null;
  })[];
  readonly refusals: readonly (Recent & { readonly code: string })[];
  /** There are more than were read. */
  readonly more: boolean;
}

const MOST = 200;
/** Ids begin with their time, so the key of the table serves it. */
const HOLDS = `select r.id, r.borrower, reporting.token_units(r.amount, p.decimals)::text as amount,
    r.state, r.held_at as at, r.submitted_at as "submittedAt", r.ended_at as "endedAt"
  from reservations r join pools p on p.id = r.pool_id
  where r.pool_id = $1 and r.id >= $2::uuid order by r.id desc limit ${MOST + 1}`;
const REFUSALS = `select at, borrower, amount::text, code from reporting.refusals_v1
  where pool_id = $1 and at >= $2 order by at desc limit ${MOST + 1}`;

/** The newest first. */
export async function recentRequests(
  database: Pick<pg.Pool, 'query'>,
  { poolId, since }: { readonly poolId: string; readonly since: Date },
): Promise<RecentRequests> {
  const [holds, refusals] = await Promise.all([
    database.query<RecentRequests['holds'][number]>(HOLDS, [poolId, firstIdAt(since)]),
    database.query<RecentRequests['refusals'][number]>(REFUSALS, [poolId, since]),
  ]);
  return {
    holds: holds.rows.slice(0, MOST),
    refusals: refusals.rows.slice(0, MOST),
    more: holds.rows.length > MOST || refusals.rows.length > MOST,
  };
}

/** The least version 7 id of that millisecond. */
function firstIdAt(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
