import type pg from 'pg';

/** As reconciliation writes them (docs/protocol.md#breaks). */
export const BREAK_CLASSES = [
  'in_transit',
  'shortfall',
  'unreserved_funding',
  'external_transfer',
  'gap',
  'unexplained',
  'ledger_error',
] as const;
type BreakClass = (typeof BREAK_CLASSES)[number];

/** Breaks of one class of a pool that follow each other. Amounts are token units as text. */
export interface BreakEpisode {
  readonly poolId: string;
  readonly poolName: string;
  readonly class: BreakClass;
  readonly isAlarm: boolean;
  readonly since: Date;
  /** Null: it lasts. */
  readonly until: Date | null;
  /** The snapshot before it, the first that shows it, and the last. */
  readonly fromLedger: number;
  readonly firstLedger: number;
  readonly lastLedger: number;
  /** Snapshots that show it. */
  readonly found: number;
  readonly largestAmount: string | null;
  /** Null: each snapshot shows the same money. */
  readonly totalAmount: string | null;
}
/** A part of what changed `available`. */
export interface BreakCause {
  readonly figure: string | null;
  readonly term: string;
  /** Below zero it took money; null: not known. */
  readonly amount: string | null;
  readonly transactions: readonly CauseTransaction[];
  readonly notListed: string | null;
  readonly note: string | null;
}
interface CauseTransaction {
  readonly transaction?: string;
  readonly ledger?: number;
  readonly lastLedger?: number;
  readonly amount?: string;
  readonly reservation?: string;
  readonly note?: string;
}

/** Names an episode for good by its first snapshot; any other that shows it finds it too. */
export interface EpisodeKey {
  readonly poolId: string;
  readonly class: BreakClass;
  readonly firstLedger: number;
}
/** Where a page of the list ended; lists are newest first. */
export interface EpisodePlace {
  readonly sinceMicros: bigint;
  readonly poolId: string;
  readonly class: BreakClass;
}
export interface EpisodeFilter {
  readonly poolId?: string | undefined;
  readonly class?: BreakClass | undefined;
  readonly lasting?: boolean | undefined;
  readonly after?: EpisodePlace | undefined;
  readonly limit: number;
}
export interface EpisodePage {
  readonly episodes: readonly BreakEpisode[];
  readonly next: EpisodePlace | null;
}

type Database = Pick<pg.Pool, 'query'>;

const COLUMNS = `e.pool_id as "poolId", e.pool_name as "poolName", e.class,
  e.is_alarm as "isAlarm", e.since, e.until, e.from_ledger::int as "fromLedger",
  e.first_ledger::int as "firstLedger", e.last_ledger::int as "lastLedger", e.found,
  e.largest_amount::text as "largestAmount", e.total_amount::text as "totalAmount",
  (extract(epoch from e.since) * 1000000)::bigint::text as "sinceMicros"`;
type EpisodeRow = BreakEpisode & { readonly sinceMicros: string };

/** The newest first. */
export async function breakEpisodes(
  database: Database,
  { poolId, class: kind, lasting, after, limit }: EpisodeFilter,
): Promise<EpisodePage> {
  const values: unknown[] = [];
  const conditions = [
    ...(poolId === undefined ? [] : [`e.pool_id = $${values.push(poolId)}`]),
    ...(kind === undefined ? [] : [`e.class = $${values.push(kind)}`]),
    ...(lasting === undefined ? [] : [`(e.until is null) = $${values.push(lasting)}`]),
    ...(after === undefined ? [] : [placeCondition(after, values)]),
  ];
  const { rows } = await database.query<EpisodeRow>(
    `select ${COLUMNS} from reporting.break_episodes_v1 e
      ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`}
      order by e.since desc, e.pool_id, e.class limit $${values.push(limit + 1)}`,
    values,
  );
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    episodes: rows.slice(0, limit),
    next: last
      ? { sinceMicros: BigInt(last.sinceMicros), poolId: last.poolId, class: last.class }
      : null,
  };
}

function placeCondition(place: EpisodePlace, values: unknown[]): string {
  const since = `to_timestamp(0) + $${values.push(place.sinceMicros.toString())}::bigint * interval '1 microsecond'`;
  const pool = `$${values.push(place.poolId)}::uuid`;
  const kind = `$${values.push(place.class)}`;
  return `(e.since < ${since} or e.since = ${since} and (e.pool_id, e.class) > (${pool}, ${kind}))`;
}

/** @returns null when there is no such episode */
export async function breakEpisode(
  database: Database,
  { poolId, class: kind, firstLedger }: EpisodeKey,
): Promise<BreakEpisode | null> {
  const { rows } = await database.query<EpisodeRow>(
    `select ${COLUMNS} from reporting.break_episodes_v1 e
      where e.pool_id = $1 and e.class = $2 and $3 between e.first_ledger and e.last_ledger`,
    [poolId, kind, firstLedger],
  );
  return rows[0] ?? null;
}

/** The greatest loss first. */
export async function causesOf(
  database: Database,
  { poolId, class: kind, firstLedger, lastLedger }: BreakEpisode,
): Promise<BreakCause[]> {
  const { rows } = await database.query<BreakCause>(
    `select figure, term, amount::text, transactions, not_listed::text as "notListed", note
      from reporting.break_cause($1, $2, $3, $4) order by place`,
    [poolId, kind, firstLedger, lastLedger],
  );
  return rows;
}
