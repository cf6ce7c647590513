import type pg from 'pg';
import type {
  Break,
  BreakRow,
  Bridge,
  Bridges,
  Outcome,
  PauseReason,
  PoolPause,
  ReconciliationStanding,
  StoredReconciliation,
  Term,
} from './observation.js';

type Reader = pg.Pool | pg.ClientBase;

type Stored<T> = T extends bigint
  ? string
  : T extends readonly (infer Member)[]
    ? readonly Stored<Member>[]
    : T extends object
      ? { readonly [Key in keyof T]: Stored<T[Key]> }
      : T;
export interface ReconciliationRow {
  readonly from_ledger: string;
  readonly to_ledger: string;
  readonly outcome: Outcome;
  readonly bridges: Stored<Bridges>;
  readonly breaks: readonly Stored<Break>[];
  readonly at: Date;
}

/** Newest first. It orders by the column, not by its text of the same name. */
export async function listReconciliations(
  reader: Reader,
  poolId: string,
  limit: number,
): Promise<StoredReconciliation[]> {
  const { rows } = await reader.query<ReconciliationRow>(
    'select r.from_ledger::text, r.to_ledger::text, r.outcome, r.bridges, r.breaks, r.at ' +
      'from reconciliations r where r.pool_id = $1 order by r.to_ledger desc limit $2',
    [poolId, limit],
  );
  return rows.map((row) => ({
    fromLedger: Number(row.from_ledger),
    toLedger: Number(row.to_ledger),
    outcome: row.outcome,
    at: row.at,
    bridges: {
      total: bridgeOf(row.bridges.total),
      locked: bridgeOf(row.bridges.locked),
      tokenBalance: bridgeOf(row.bridges.tokenBalance),
    },
    breaks: row.breaks.map((each): Break => ({
      class: each.class,
      figure: each.figure,
      amount: maybe(each.amount),
      rows: each.rows.map(breakRowOf),
    })),
  }));
}

const maybe = (text: string | null): bigint | null => (text === null ? null : BigInt(text));
const bridgeOf = (stored: Stored<Bridge>): Bridge => ({
  before: BigInt(stored.before),
  after: BigInt(stored.after),
  expected: maybe(stored.expected),
  difference: maybe(stored.difference),
  terms: Object.fromEntries(
    Object.entries(stored.terms).map(([term, amount]) => [term as Term, BigInt(amount)]),
  ),
});
const breakRowOf = ({ amount, ...row }: Stored<BreakRow>): BreakRow =>
  amount === undefined ? row : { ...row, amount: BigInt(amount) };

export async function listPauses(
  reader: Reader,
  poolId: string,
  limit: number,
): Promise<PoolPause[]> {
  const { rows } = await reader.query<{
    reason: PauseReason;
    facts: Record<string, unknown>;
    at: Date;
  }>('select reason, facts, at from pool_pauses where pool_id = $1 order by id desc limit $2', [
    poolId,
    limit,
  ]);
  return rows;
}

/**
 * A pause ends with the next row of the rules that is no pause. A quarantine in between does not
 * end it: the pool leaves quarantine in the state it had before (docs/protocol.md#quarantine).
 */
export async function ownPauses(reader: Reader): Promise<Map<string, PoolPause | null>> {
  const { rows } = await reader.query<{
    id: string;
    reason: PauseReason | null;
    facts: Record<string, unknown>;
    at: Date;
  }>(`select p.id, s.reason, s.facts, s.at from pools p
    left join lateral (select n.*
      from (select reason, facts, at from pool_pauses where pool_id = p.id order by id desc limit 1) n
      where n.at > coalesce((select max(h.at) from pool_rules_history h
        where h.pool_id = p.id and h.state in ('active', 'closed')), '-infinity')) s on true
    where p.state = 'paused'`);
  return new Map(
    rows.map(({ id, reason, facts, at }) => [id, reason === null ? null : { reason, facts, at }]),
  );
}

interface StandingRow {
  readonly snapshot: string | null;
  readonly age: number | null;
  readonly max_age: number;
  readonly through: string | null;
  readonly done: string | null;
  readonly outcome: Outcome | null;
  readonly waiting: number | null;
}

export async function reconciliationStanding(
  reader: Reader,
  poolId: string,
): Promise<ReconciliationStanding | null> {
  const { rows } = await reader.query<StandingRow>(
    `select p.snapshot_ledger::text as snapshot, extract(epoch
      from clock_timestamp() - p.snapshot_advanced_at)::float8 as age, p.max_snapshot_age_seconds as max_age,
      c.through_ledger::text as through, coalesce(r.to_ledger, c.baseline_ledger)::text as done,
        r.outcome, extract(epoch from clock_timestamp() - s.observed_at)::float8 as waiting
    from pools p left join event_cursors c on c.pool_id = p.id
      left join lateral (select to_ledger, outcome from reconciliations where pool_id = p.id
        order by to_ledger desc limit 1) r on true
      left join lateral (select observed_at from snapshots
        where pool_id = p.id and ledger > coalesce(r.to_ledger, c.baseline_ledger, 0) order by ledger
        limit 1) s on true
    where p.id = $1`,
    [poolId],
  );
  const row = rows[0];
  const ledger = (text: string | null): number | null => (text === null ? null : Number(text));
  return row
    ? {
        snapshotLedger: ledger(row.snapshot),
        snapshotAgeSeconds: row.age,
        maxSnapshotAgeSeconds: row.max_age,
        eventsThroughLedger: ledger(row.through),
        reconciledLedger: ledger(row.done),
        outcome: row.outcome,
        waitingSeconds: row.waiting,
      }
    : null;
}
