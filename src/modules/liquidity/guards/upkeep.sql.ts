import type pg from 'pg';
import type { Transaction } from '../../../database/transaction.js';
import { LEDGER_TIMES_KEPT } from '../snapshots/ledger-times.js';

/**
 * No decision reads rows of a pool below `ledger` again, whatever their age. The bound only grows,
 * so a bound that was read earlier prunes less, never more.
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
 * Upkeep keeps the newest snapshot, the one where the next (or first) reconciliation begins and all
 * after it, what the event cursor may read again, and the snapshot that a live hold was decided on.
 * A pool without a snapshot has nothing to prune.
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

// Compares with the statement's time, because an index cannot serve a condition on
// clock_timestamp(): a round with nothing to do would read every row that is not due.

/**
 * Every reader already takes an expired key for a new one (`findKey`, `decideHolds`, both by the
 * database's clock), so no caller notices that its row is gone.
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
 * Deletes windows that are over; their next request would begin a new one. It skips locked rows, so
 * no request waits.
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
 * Deletes wallets whose last lapse is 48 hours old. `end_batch` would count from one again, and a
 * back-off lasts 24 hours at most.
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

// Rows come in the order of the chain, so a pool's first rows are its oldest. When those `limit`
// rows are not due, none is, and the statement reads no others.

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
 * Fundings stay forever, longer than their events. A settlement is explained by one, and finance
 * asks at the end of a year for the few without a reservation.
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
 * Deletes only reconciliations that explained everything and are summed up by day, and never the
 * newest, where the next one begins. The predicate is that of the index `reconciliations_unremarkable`.
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
        and r.to_ledger <= (select max(d.last_ledger) from daily_balances d where d.pool_id = $1)
        order by r.to_ledger limit $4),
    due as materialized (select r.to_ledger from reconciliations r where r.pool_id = $1
      and r.to_ledger in (select f.to_ledger from first f
        where f.at < clock_timestamp() - make_interval(days => $3)) for update skip locked)
  delete from reconciliations r using due where r.pool_id = $1 and r.to_ledger = due.to_ledger`,
    [bound.poolId, bound.ledger, days, limit],
  );

/**
 * Deletes closings that are older than the newest ones of their network and kind, because nothing
 * compares with them any more. Believed and waiting closings count separately, as they are read.
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
