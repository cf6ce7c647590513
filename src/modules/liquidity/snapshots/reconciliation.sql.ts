import type pg from 'pg';
import type { Transaction } from '../../../database/transaction.js';
import { jsonText } from './observation.sql.js';
import type {
  Break,
  BreakRow,
  Bridge,
  Bridges,
  EventData,
  EventPlace,
  Figures,
  IssuedEnvelope,
  LedgerSpan,
  Outcome,
  PauseReason,
  PoolPause,
  Reconciliation,
  ReconciliationStanding,
  SeenEvent,
  SnapshotPair,
  StoredReconciliation,
  Term,
} from './observation.js';

type Reader = pg.Pool | pg.ClientBase;

export async function eventPlace(reader: Reader, poolId: string): Promise<EventPlace | null> {
  const { rows } = await reader.query<{
    cursor: string | null;
    start_ledger: string;
    through_ledger: string;
  }>(
    'select cursor, start_ledger::text, through_ledger::text from event_cursors where pool_id = $1',
    [poolId],
  );
  return rows[0]
    ? {
        cursor: rows[0].cursor,
        startLedger: Number(rows[0].start_ledger),
        throughLedger: Number(rows[0].through_ledger),
      }
    : null;
}

/** Those of the hashes that are envelopes of ours. */
export async function issuedEnvelopes(
  reader: Reader,
  hashes: readonly string[],
): Promise<Map<string, IssuedEnvelope>> {
  const { rows } = await reader.query<{ hash: string; pool_id: string; reservation_id: string }>(
    'select hash, pool_id, reservation_id from envelope_hashes where hash = any ($1::text[])',
    [hashes],
  );
  return new Map(
    rows.map((row) => [
      row.hash,
      { hash: row.hash, poolId: row.pool_id, reservationId: row.reservation_id },
    ]),
  );
}

export async function storedCodes(
  reader: Reader,
  poolId: string,
): Promise<Map<string, string | null>> {
  const { rows } = await reader.query<{ contract: string; wasm_hash: string | null }>(
    'select contract, wasm_hash from contract_codes where pool_id = $1',
    [poolId],
  );
  return new Map(rows.map((row) => [row.contract, row.wasm_hash]));
}

interface SnapshotRow {
  readonly ledger: string;
  readonly total: string;
  readonly locked: string;
  readonly token_balance: string;
}

/**
 * Pairs that are due: every event up to the second snapshot is known or known to be lost. Oldest
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

/** Events after one ledger up to and with another, in the order of the chain. */
export async function eventsBetween(
  reader: Reader,
  poolId: string,
  span: { readonly after: number; readonly upTo: number },
): Promise<SeenEvent[]> {
  const { rows } = await reader.query<{
    id: string;
    ledger: string;
    tx_hash: string;
    contract: string;
    name: string;
    topics: readonly string[];
    data: EventData;
  }>(
    'select id, ledger::text, tx_hash, contract, name, topics, data from chain_events ' +
      'where pool_id = $1 and ledger > $2 and ledger <= $3 order by id',
    [poolId, span.after, span.upTo],
  );
  return rows.map((row) => ({
    id: row.id,
    ledger: Number(row.ledger),
    txHash: row.tx_hash,
    contract: row.contract,
    name: row.name,
    topics: row.topics,
    data: row.data,
  }));
}

/** Written once for each second snapshot, and only in order. */
export async function storeReconciliation(
  tx: Transaction,
  poolId: string,
  { fromLedger, toLedger, outcome, bridges, breaks }: Reconciliation,
): Promise<boolean> {
  const stored = await tx.client.query(
    `insert into reconciliations (pool_id, from_ledger, to_ledger, outcome, total_difference,
      locked_difference, token_difference, bridges, breaks)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9
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
      jsonText(bridges),
      jsonText(breaks),
    ],
  );
  return stored.rowCount === 1;
}

/**
 * An unexplained reconciliation that a better look explains: only then, and only once. What it
 * looked like stays with the pause.
 */
export async function explainLater(
  tx: Transaction,
  poolId: string,
  { fromLedger, toLedger, outcome, bridges, breaks }: Reconciliation,
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
      jsonText(bridges),
      jsonText(breaks),
    ],
  );
  return changed.rowCount === 1;
}

/**
 * Those since the pool was active last, oldest first, with the snapshots they stand for. Those
 * before were accepted by whoever resumed it.
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

/**
 * Hashes of our own envelopes that landed between two ledgers, or may have: settled there, or of
 * holds that still count.
 */
export async function ownHashes(
  reader: Reader,
  poolId: string,
  span: { readonly after: number; readonly upTo: number; readonly limit: number },
): Promise<string[]> {
  const { rows } = await reader.query<{ hash: string }>(
    `select e.hash from reservations r join envelopes e on e.pool_id = r.pool_id and e.reservation_id = r.id
    where r.pool_id = $1 and (r.state = 'settled' and e.state = 'landed' and r.settled_ledger > $2
      and r.settled_ledger <= $3 or r.state = 'held' and e.state = 'open' and e.issued_after_ledger < $3)
    order by r.state desc, e.hash limit $4`,
    [poolId, span.after, span.upTo, span.limit],
  );
  return rows.map(({ hash }) => hash);
}

type Stored<T> = T extends bigint
  ? string
  : T extends readonly (infer Member)[]
    ? readonly Stored<Member>[]
    : T extends object
      ? { readonly [Key in keyof T]: Stored<T[Key]> }
      : T;
interface ReconciliationRow {
  readonly from_ledger: string;
  readonly to_ledger: string;
  readonly outcome: Outcome;
  readonly bridges: Stored<Bridges>;
  readonly breaks: readonly Stored<Break>[];
  readonly at: Date;
}

/** Newest first; by the column, not by its text of the same name. */
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
 * A pause ends with the next row of the rules that is no pause. A quarantine in between ends none:
 * the pool leaves it as it entered (docs/protocol.md#quarantine).
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
      where n.at > coalesce((select max(h.at) from pool_rules_history h where h.pool_id = p.id and h.state in ('active', 'closed')), '-infinity')) s on true
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
