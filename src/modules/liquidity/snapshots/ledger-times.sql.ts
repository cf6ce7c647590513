import type pg from 'pg';
import type { LedgerTime } from '../../../common/ledger-time.js';
import type { Transaction } from '../../../database/transaction.js';
import { LEDGER_TIMES_KEPT, type StoredTime } from './ledger-times.js';

interface TimeRow {
  readonly ledger: string;
  readonly close_time: string;
  readonly believed: boolean;
}
const timeOf = (row: TimeRow): StoredTime => ({
  ledger: Number(row.ledger),
  closeTime: BigInt(row.close_time),
  believed: row.believed,
});

/**
 * Newest first. Believed and waiting ones are read separately, so that heads of another network,
 * which only wait, never displace believed ones.
 * @param limit of each kind
 */
export async function ledgerTimes(
  client: Pick<pg.ClientBase, 'query'> | pg.Pool,
  network: string,
  limit = LEDGER_TIMES_KEPT,
): Promise<StoredTime[]> {
  const { rows } = await client.query<TimeRow>(
    `select t.ledger::text, extract(epoch from t.close_time)::bigint::text as close_time, t.believed
    from (values (true), (false)) as kind(believed) cross join lateral (
      select * from ledger_times x where x.network = $1 and x.believed = kind.believed order by x.id desc limit $2
    ) t order by t.id desc`,
    [network, limit],
  );
  return rows.map(timeOf);
}

/** Stores datings. An existing one can only change to believed. */
export async function storeTimes(
  tx: Transaction,
  network: string,
  times: readonly LedgerTime[],
  believed: boolean,
): Promise<void> {
  await tx.client.query(
    `insert into ledger_times as t (network, ledger, close_time, believed)
    select $1, u.ledger, to_timestamp(u.close_time), $4
      from unnest($2::bigint[], $3::bigint[]) as u(ledger, close_time) order by u.ledger
    on conflict (network, ledger, close_time) do update set believed = true where excluded.believed and not t.believed`,
    [network, times.map(({ ledger }) => ledger), times.map(({ closeTime }) => closeTime), believed],
  );
}

export async function forgetTimes(
  tx: Transaction,
  network: string,
  times: readonly LedgerTime[],
): Promise<void> {
  await tx.client.query(
    `delete from ledger_times t using unnest($2::bigint[], $3::bigint[]) as u(ledger, close_time)
    where t.network = $1 and t.ledger = u.ledger and t.close_time = to_timestamp(u.close_time)`,
    [network, times.map(({ ledger }) => ledger), times.map(({ closeTime }) => closeTime)],
  );
}

/** A pool whose newest ledger or snapshot does not exist on the chain yet. */
export interface ForgottenHead {
  readonly poolId: string;
  readonly headLedger: number | null;
  readonly snapshotLedger: number | null;
}

/**
 * Whether a pool of the network knows a ledger far ahead of the newest believed one. It scans a
 * small table without an index.
 */
export async function anyFarAhead(
  database: pg.Pool,
  network: string,
  head: LedgerTime,
  lag: number,
): Promise<boolean> {
  const { rows } = await database.query<{ any: boolean }>(
    'select exists (select from pools where network = $1 and greatest(head_ledger, ' +
      'snapshot_ledger) > $2::bigint + $3) as any',
    [network, head.ledger, lag],
  );
  return rows[0]?.any === true;
}

/**
 * Deletes from the pools what rests on ledgers far ahead of the newest believed one
 * (forget_far_ahead).
 */
export async function forgetFarAhead(
  tx: Transaction,
  network: string,
  lag: number,
): Promise<ForgottenHead[]> {
  const { rows } = await tx.client.query<{
    pool: string;
    head: string | null;
    snapshot: string | null;
  }>(
    'select o_pool as pool, o_head::text as head, o_snapshot::text as snapshot from forget_far_ahead($1, $2)',
    [network, lag],
  );
  return rows.map((row) => ({
    poolId: row.pool,
    headLedger: row.head === null ? null : Number(row.head),
    snapshotLedger: row.snapshot === null ? null : Number(row.snapshot),
  }));
}
