import type pg from 'pg';
import type { Transaction } from '../../../database/transaction.js';
import type { ReconciliationRow } from './reconciliation-reads.sql.js';
import { jsonText } from './observation.sql.js';
import type { Figures, LedgerSpan, Reconciliation, SnapshotPair } from './observation.js';

type Reader = pg.Pool | pg.ClientBase;

interface SnapshotRow {
  readonly ledger: string;
  readonly total: string;
  readonly locked: string;
  readonly token_balance: string;
}

/**
 * Pairs that are due: every event up to the second snapshot is known, or known to be lost. Oldest
 * first.
 */
export async function duePairs(
  reader: Reader,
  poolId: string,
  limit: number,
): Promise<SnapshotPair[]> {
  const { rows } = await reader.query<SnapshotRow>(
    `select s.ledger::text, s.total::text, s.locked::text, s.token_balance::text
    from event_cursors c join snapshots s on s.pool_id = c.pool_id
      and s.ledger >= coalesce((select max(r.to_ledger) from reconciliations r where r.pool_id = $1),
        c.baseline_ledger) and s.ledger <= c.through_ledger
    where c.pool_id = $1 order by s.ledger limit $2`,
    [poolId, limit + 1],
  );
  const gaps = await reader.query<{ first: string; last: string }>(
    'select first_ledger::text as first, last_ledger::text as last from event_gaps where ' +
      'pool_id = $1 and last_ledger > $2 order by first_ledger',
    [poolId, rows[0]?.ledger ?? 0],
  );
  const spans = gaps.rows.map((gap): LedgerSpan => ({
    firstLedger: Number(gap.first),
    lastLedger: Number(gap.last),
  }));
  return rows.slice(1).map((after, index): SnapshotPair => {
    const before = rows[index] ?? after;
    const [fromLedger, toLedger] = [Number(before.ledger), Number(after.ledger)];
    return {
      fromLedger,
      toLedger,
      before: figuresOf(before),
      after: figuresOf(after),
      lost: spans.filter(
        ({ firstLedger, lastLedger }) => firstLedger <= toLedger && lastLedger > fromLedger,
      ),
    };
  });
}
const figuresOf = (row: SnapshotRow): Figures => ({
  total: BigInt(row.total),
  locked: BigInt(row.locked),
  tokenBalance: BigInt(row.token_balance),
});

/** Written once for each second snapshot, and only in order. */
export async function storeReconciliation(
  tx: Transaction,
  poolId: string,
  { fromLedger, toLedger, outcome, bridges, moves, breaks }: Reconciliation,
): Promise<boolean> {
  const stored = await tx.client.query(
    `insert into reconciliations (pool_id, from_ledger, to_ledger, outcome, total_difference,
      locked_difference, token_difference, bridges, breaks, snapshot_at)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9, (select coalesce(s.close_time, s.observed_at)
        from snapshots s where s.pool_id = $1 and s.ledger = $3)
      from event_cursors c where c.pool_id = $1
        and coalesce((select max(r.to_ledger) from reconciliations r
        where r.pool_id = $1), c.baseline_ledger) = $2
    on conflict do nothing`,
    [
      poolId,
      fromLedger,
      toLedger,
      outcome,
      bridges.total.difference,
      bridges.locked.difference,
      bridges.tokenBalance.difference,
      jsonText({ ...bridges, moves }),
      jsonText(breaks),
    ],
  );
  return stored.rowCount === 1;
}

/**
 * Stores the explanation of an unexplained reconciliation, once. The pause keeps what it looked
 * like before.
 */
export async function explainLater(
  tx: Transaction,
  poolId: string,
  { fromLedger, toLedger, outcome, bridges, moves, breaks }: Reconciliation,
): Promise<boolean> {
  const changed = await tx.client.query(
    `update reconciliations set outcome = $4, total_difference = $5, locked_difference = $6,
      token_difference = $7, bridges = $8, breaks = $9
    where pool_id = $1 and from_ledger = $2 and to_ledger = $3 and outcome = 'unexplained'`,
    [
      poolId,
      fromLedger,
      toLedger,
      outcome,
      bridges.total.difference,
      bridges.locked.difference,
      bridges.tokenBalance.difference,
      jsonText({ ...bridges, moves }),
      jsonText(breaks),
    ],
  );
  return changed.rowCount === 1;
}

/**
 * Unexplained pairs since the pool was last active, oldest first, with their snapshots. The
 * operator who resumed the pool accepted the earlier ones.
 */
export async function unexplainedPairs(
  reader: Reader,
  poolId: string,
  limit: number,
): Promise<SnapshotPair[]> {
  const { rows } = await reader.query<
    Pick<ReconciliationRow, 'from_ledger' | 'to_ledger' | 'bridges'>
  >(
    `select r.from_ledger::text, r.to_ledger::text, r.bridges from (
      select * from reconciliations u where u.pool_id = $1 and u.outcome = 'unexplained' and u.breaks <> '[]'::jsonb
        and u.at > coalesce((select max(h.at) from pool_rules_history h
          where h.pool_id = $1 and h.state in ('active', 'closed')), '-infinity')
      order by u.at limit $2) r order by r.to_ledger`,
    [poolId, limit],
  );
  return rows.map(
    ({ from_ledger: from, to_ledger: to, bridges: { total, locked, tokenBalance } }) => ({
      fromLedger: Number(from),
      toLedger: Number(to),
      lost: [],
      before: {
        total: BigInt(total.before),
        locked: BigInt(locked.before),
        tokenBalance: BigInt(tokenBalance.before),
      },
      after: {
        total: BigInt(total.after),
        locked: BigInt(locked.after),
        tokenBalance: BigInt(tokenBalance.after),
      },
    }),
  );
}
