import type pg from 'pg';
import type { Transaction } from '../../../database/transaction.js';
import type { Written } from '../../../database/retry-safe.js';

/** Plausible seconds of a ledger: the fewest and the most. The fence is counted by the fewest. */
export interface LedgerPace {
  readonly fastest: number;
  readonly slowest: number;
}
/** A step of a pool's quarantine: it `ended`, or it got a new end. */
export interface QuarantineStep {
  readonly poolId: string;
  readonly ended: boolean;
}

/**
 * Compares the database's identity with the stored one and quarantines every pool when it differs
 * (docs/protocol.md#quarantine). It costs one read when nothing changed.
 * @returns how many pools this call quarantined
 */
export async function noticeDatabase(client: Pick<pg.ClientBase, 'query'>): Promise<number> {
  const answer = await client.query<{ pools: number }>(
    'select notice_database_identity() as pools',
  );
  return answer.rows[0]?.pools ?? 0;
}

/**
 * What this server does not tell of its identity, as managed ones do.
 * @returns a sentence without its full stop; null when a failover is noticed
 */
export async function unseenIdentity(database: Pick<pg.Pool, 'query'>): Promise<string | null> {
  const { rows } = await database.query<{ unseen: boolean }>(
    `select timeline = 'not told' as unseen from database_identity`,
  );
  return rows[0]?.unseen === true
    ? 'The server does not tell its timeline, so a failover is not noticed: after one that may ' +
        'have lost commits, and after every restore, run holdfast pools quarantine --all ' +
        '(docs/database.md#managed)'
    : null;
}

/**
 * Each round logs a change of the database for this long, because the first new connection after a
 * failover may notice it before any round.
 */
const RECENT_SECONDS = 120;
/**
 * @returns how many pools a recently noticed change has quarantined; null when there was none, or
 * when an operator began the quarantine
 */
export async function recentChange(database: pg.Pool): Promise<number | null> {
  const answer = await database.query<{ pools: number }>(
    'select pools_quarantined as pools from database_changes where at > clock_timestamp() ' +
      `- make_interval(secs => $1) and not after ? 'told_by' order by at desc limit 1`,
    [RECENT_SECONDS],
  );
  return answer.rows[0]?.pools ?? null;
}

export async function anyQuarantined(database: pg.Pool, network: string): Promise<boolean> {
  const answer = await database.query<{ any: boolean }>(
    `select exists (select from pools where network = $1 and state = 'quarantined') as any`,
    [network],
  );
  return answer.rows[0]?.any === true;
}

/**
 * Sets the end of new quarantines and ends those that are over, by a close time that was read after
 * the change.
 */
export async function advanceQuarantine(
  tx: Transaction,
  network: string,
  closeTime: bigint,
  pace: LedgerPace | null,
): Promise<QuarantineStep[]> {
  const answer = await tx.client.query<{ o_pool: string; o_ended: boolean }>(
    'select o_pool, o_ended from advance_quarantine($1, $2, $3, $4)',
    [network, closeTime, pace?.fastest ?? null, pace?.slowest ?? null],
  );
  return answer.rows.map(({ o_pool: poolId, o_ended: ended }) => ({ poolId, ended }));
}

/**
 * Quarantines every pool for an operator who knows that the database was restored where it cannot
 * notice that itself.
 * @returns how many pools
 */
export async function quarantineAll(
  tx: Transaction,
  why: { readonly reason: string; readonly by: string },
): Promise<Written<number>> {
  const answer = await tx.client.query<{ pools: number }>(
    'select quarantine_all($1, $2) as pools',
    [why.reason, why.by],
  );
  const written = await tx.client.query<{ at: string }>(
    'select at::text from database_changes where xmin = pg_current_xact_id()::xid',
  );
  return {
    result: answer.rows[0]?.pools ?? 0,
    row: {
      text: 'select from database_changes where at = $1::timestamptz',
      values: [written.rows[0]?.at],
    },
  };
}
