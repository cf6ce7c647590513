import type pg from 'pg';
import type { Transaction } from '../../../database/transaction.js';
import { LEDGER_TIMES_KEPT } from '../snapshots/ledger-times.js';

/**
 * Below `ledger` nothing of a pool is read again by a decision, whatever its age. It only grows, so
 * one that was read earlier prunes less, never more.
 */
export interface PruneBound {
  readonly poolId: string;
  readonly ledger: number;
}
/** How long rows stay that nothing needs any more, days. */
export interface Retention {
  readonly snapshotDays: number;
  readonly chainEventDays: number;
  readonly reconciliationDays: number;
}

/**
 * Kept: the newest snapshot, the snapshot from which the next reconciliation begins and all behind
 * it (or that from which the first one will begin), what the event
 * cursor may still read again, and the snapshot a live hold was judged on. A pool without a
 * snapshot has nothing to prune.
 */
const BOUNDS = `
select p.id, least(p.snapshot_ledger,
    coalesce((select max(r.to_ledger) from reconciliations r where r.pool_id = p.id), c.baseline_ledger),
    c.through_ledger, case when c.cursor is null then c.start_ledger end,
    (select min(t.at_ledger) from reservations t where t.pool_id = p.id and t.state = 'held'))::text as ledger
from pools p left join event_cursors c on c.pool_id = p.id where p.snapshot_ledger is not null order by p.id`;

export async function pruneBounds(database: pg.Pool): Promise<PruneBound[]> {
  const { rows } = await database.query<{ id: string; ledger: string }>(BOUNDS);
  return rows.map((row) => ({ poolId: row.id, ledger: Number(row.ledger) }));
}

const count = async (tx: Transaction, text: string, values: readonly unknown[]): Promise<number> =>
  (await tx.client.query(text, [...values])).rowCount ?? 0;

// By the statement's time, a moment before the clock's: the clock's own is no condition for an
// index, and a round with nothing to do would read every row that is not due.

/**
 * An expired key is a new key to every reader already (`findKey`, `decideHolds`, both by the
 * database's clock): nobody can tell that its row is gone.
 */
export const pruneKeys = (tx: Transaction, limit: number): Promise<number> =>
  count(
    tx,
    `delete from idempotency_keys k using (
    select x.tenant_id, x.key from idempotency_keys x where x.expires_at <= statement_timestamp()
      order by x.expires_at limit $1 for update skip locked) gone
  where k.tenant_id = gone.tenant_id and k.key = gone.key`,
    [limit],
  );

/**
 * Windows that are over: their next request would begin again. Only what nobody holds is taken, so
 * no request waits for this.
 */
export const pruneWindows = (tx: Transaction, limit: number): Promise<number> =>
  count(
    tx,
    `delete from rate_windows w using (
    select x.subject from rate_windows x where x.ends_at <= statement_timestamp() order by x.ends_at
      limit $1 for update skip locked) gone
  where w.subject = gone.subject`,
    [limit],
  );

/**
 * Wallets whose last lapse is 48 hours old: `end_batch` would begin to count again, and no back-off
 * lasts longer than 24.
 */
export const pruneLapses = (tx: Transaction, limit: number): Promise<number> =>
  count(
    tx,
    `delete from wallet_lapses w using (
    select x.network, x.account from wallet_lapses x
      where x.last_lapsed_at < statement_timestamp() - interval '48 hours' order by x.last_lapsed_at
      limit $1 for update skip locked) gone
  where w.network = gone.network and w.account = gone.account`,
    [limit],
  );

// Rows come in the order of the chain, so the first of a pool are its oldest: when those `limit`
// are not due, none is, and no more than those are looked at.

export const pruneSnapshots = (
  tx: Transaction,
  bound: PruneBound,
  days: number,
  limit: number,
): Promise<number> =>
  count(
    tx,
    `
  with first as materialized (select s.ledger, s.observed_at from snapshots s
    where s.pool_id = $1 and s.ledger < $2 order by s.ledger limit $4),
    due as materialized (select s.ledger from snapshots s where s.pool_id = $1
      and s.ledger in (select f.ledger from first f
        where f.observed_at < clock_timestamp() - make_interval(days => $3)) for update skip locked)
  delete from snapshots s using due where s.pool_id = $1 and s.ledger = due.ledger`,
    [bound.poolId, bound.ledger, days, limit],
  );

/**
 * Fundings outlive their events and stay forever: a settlement is explained by one, and the few
 * without a reservation are what finance asks for at the end of a year.
 */
export const pruneEvents = (
  tx: Transaction,
  bound: PruneBound,
  days: number,
  limit: number,
): Promise<number> =>
  count(
    tx,
    `
  with first as materialized (select e.id, e.ledger, e.seen_at from chain_events e where e.pool_id = $1
    order by e.id limit $4),
    due as materialized (select e.id from chain_events e where e.pool_id = $1
      and e.id in (select f.id from first f
        where f.ledger < $2
        and f.seen_at < clock_timestamp() - make_interval(days => $3)) for update skip locked)
  delete from chain_events e using due where e.pool_id = $1 and e.id = due.id`,
    [bound.poolId, bound.ledger, days, limit],
  );

/**
 * Only what was explained and tells of nothing else; never the newest, from which the next one
 * begins. The predicate is that of the index `reconciliations_unremarkable`.
 */
export const pruneReconciliations = (
  tx: Transaction,
  bound: PruneBound,
  days: number,
  limit: number,
): Promise<number> =>
  count(
    tx,
    `
  with first as materialized (select r.to_ledger, r.at from reconciliations r
      where r.pool_id = $1 and r.outcome = 'explained'
        and not (r.breaks @? '$[*] ? (@.class != "in_transit")') and r.to_ledger < $2
        order by r.to_ledger limit $4),
    due as materialized (select r.to_ledger from reconciliations r where r.pool_id = $1
      and r.to_ledger in (select f.to_ledger from first f
        where f.at < clock_timestamp() - make_interval(days => $3)) for update skip locked)
  delete from reconciliations r using due where r.pool_id = $1 and r.to_ledger = due.to_ledger`,
    [bound.poolId, bound.ledger, days, limit],
  );

/**
 * Closings behind the newest ones of their network and kind: nothing compares with them any more.
 * Believed and
 * waiting ones are counted apart, as they are read.
 */
export const pruneLedgerTimes = (tx: Transaction, limit: number): Promise<number> =>
  count(
    tx,
    `
  delete from ledger_times t using (
    select x.network, x.id from ledger_times x join (
      select network, id, row_number() over (partition by network, believed order by id desc) as place from ledger_times
    ) o on o.network = x.network and o.id = x.id
    where o.place > $2 order by x.id limit $1 for update of x skip locked) gone
  where t.network = gone.network and t.id = gone.id`,
    [limit, LEDGER_TIMES_KEPT],
  );
