import {
  AVAILABLE_COLUMNS,
  availableOf,
  type AvailableRow,
  availableTermsOf,
} from './available.js';
import { asError } from '../../../common/errors.js';
import { Connections } from '../../../database/limited-client.js';
import { watchConnection } from '../../../database/watched-connection.js';
import { LEDGERS_LEFT } from '../snapshots/contract-watch.sql.js';
import type { BreakClass, Outcome } from '../snapshots/observation.js';
import type { ContractPauses, PoolState } from '../reservation.js';

/** The figures of one pool for metrics. Amounts are base units; names state ledgers and seconds. */
export interface PoolFigures {
  readonly poolId: string;
  readonly name: string;
  readonly generation: string;
  readonly decimals: number;
  readonly state: PoolState;
  /** On the chain, at the snapshot; null when not known. */
  /** Of each contract that can be paused, whether it is; null: not known. */
  readonly contractPauses: ContractPauses | null;
  readonly total: bigint | null;
  readonly locked: bigint | null;
  readonly tokenBalance: bigint | null;
  readonly observedAvailable: bigint | null;
  readonly held: bigint;
  readonly heldSum: bigint;
  readonly inFlight: bigint;
  readonly inFlightSum: bigint;
  readonly buffer: bigint;
  readonly heldCount: number;
  readonly lapsingCount: number;
  readonly inFlightCount: number;
  /**
   * Live holds whose newest envelope can no longer land by the loan counter
   * (docs/protocol.md#counter-window); null when the counter is not known.
   */
  readonly outdatedCount: number | null;
  /**
   * How many more holds the lending contract can take while every live one can land in any order,
   * by loan ids; null when nothing limits them.
   */
  readonly windowRoom: number | null;
  /** Live holds whose newest envelope bids less than `goingRate`; null: the rate is not known. */
  readonly outbidCount: number | null;
  /** What the pool's percentile pays for inclusion, stroops; null: not known. */
  readonly goingRate: number | null;
  /** Least bid among the newest envelopes of live holds, stroops; null without a live hold. */
  readonly lowestBid: number | null;
  /** Unix seconds of the chain. */
  readonly oldestDeadline: number | null;
  readonly lapsingSeconds: number;
  readonly snapshotLedger: number | null;
  readonly ageSeconds: number | null;
  readonly maxAgeSeconds: number;
  readonly chainLagSeconds: number | null;
  readonly reconciledLedger: number | null;
  readonly outcome: Outcome | null;
  readonly waitingSeconds: number | null;
  /** Ledgers that are left to each contract, by its name. */
  readonly lifetimes: Readonly<Record<string, number>>;
  /** Until a proposed upgrade can be executed; null: none is proposed. */
  readonly upgradeSeconds: number | null;
  readonly newestBreaks: Readonly<Partial<Record<BreakClass, number>>>;
  readonly recentBreaks: Readonly<Partial<Record<BreakClass, number>>>;
}

/** A query of another room, run in the same snapshot and under the same limit. */
export interface FurtherQuery {
  readonly text: string;
  readonly values: readonly unknown[];
}
export interface Figures {
  readonly pools: readonly PoolFigures[];
  /** Rows of the further query, if there was one. */ readonly further: readonly Readonly<
    Record<string, unknown>
  >[];
}

/** Milliseconds for each statement: a scrape must not slow the database that it watches. */
const LIMIT_MS = 2000;
const RECONCILIATIONS = 100;

/** The time of an authorization is an estimate: only its fence says that nothing can land any more. */
const CAN_LAPSE = `(r.signing = 'transaction' or exists (select from authorizations a
      where a.pool_id = r.pool_id and a.reservation_id = r.id
        and a.expiration_ledger < p.head_ledger))`;
/**
 * The newest envelope of a hold `r`, by its key; none for an authorization. The limit keeps it one
 * look-up for each live hold, however many have ended: without it, the join may begin with every
 * transaction. `envelope_version` counts the issued envelopes.
 */
const NEWEST = `select e.inclusion_fee, e.state = 'open' and e.loan_id_last <= p.last_loan_id as outdated,
        e.state = 'open' and e.inclusion_fee < p.going_rate as outbid
      from envelopes e where e.pool_id = r.pool_id and e.reservation_id = r.id
        and e.number = r.envelope_version limit 1`;
/**
 * Reads the counters and the sums that they must equal, in one pass over the partial indexes of
 * live and in-flight holds.
 */
const POOLS = `
select p.id, p.name, p.generation, p.decimals, p.state, p.contract_pauses, ${AVAILABLE_COLUMNS},
  live.sum::text as held_sum, live.count as held_count, live.lapsing as lapsing_count, case
    when p.last_loan_id is not null then live.outdated
    end as outdated_count, case when p.going_rate is not null then live.outbid end as outbid_count,
  p.going_rate::float8, live.lowest_bid::float8, flying.sum::text as in_flight_sum, flying.count as in_flight_count,
  extract(epoch from live.first)::float8 as oldest_deadline, greatest(extract(epoch
    from p.head_close_time - live.lapse), 0)::float8 as lapsing_seconds,
  p.snapshot_ledger::float8, extract(epoch
    from clock_timestamp() - p.snapshot_advanced_at)::float8 as age, p.max_snapshot_age_seconds as max_age,
  extract(epoch from clock_timestamp() - p.head_close_time)::float8 as lag,
  -- the sizes of entries do not affect the room in loan ids
  case when p.strict and p.state <> 'closed' then (
    select s.o_room_loans from window_state(p.network, p.lending_contract, 0, null) s)::float8
    end as window_room,
  coalesce(newest.to_ledger, c.baseline_ledger)::float8 as reconciled, newest.outcome, extract(epoch
    from clock_timestamp() - due.observed_at)::float8 as waiting
from pools p
  cross join lateral (select coalesce(sum(r.amount), 0) as sum, count(*)::int as count,
    count(*) filter (where r.expires_at <= p.head_close_time and ${CAN_LAPSE})::int as lapsing,
    min(r.expires_at) as first, min(r.expires_at) filter (where ${CAN_LAPSE}) as lapse,
      count(*) filter (where e.outdated)::int as outdated,
      count(*) filter (where e.outbid)::int as outbid, min(e.inclusion_fee) as lowest_bid
    from reservations r left join lateral (${NEWEST}) e on true
    where r.pool_id = p.id and r.state = 'held') live
  cross join lateral (select coalesce(sum(r.amount), 0) as sum, count(*)::int as count
    from reservations r where r.pool_id = p.id and r.state = 'settled'
      and r.settled_ledger > coalesce(p.snapshot_ledger, 0)) flying
  left join event_cursors c on c.pool_id = p.id
  left join lateral (select to_ledger, outcome from reconciliations where pool_id = p.id
    order by to_ledger desc limit 1) newest on true
  left join lateral (select observed_at from snapshots
    where pool_id = p.id and ledger > coalesce(newest.to_ledger, c.baseline_ledger, 0) order by ledger
    limit 1) due on true
order by p.id`;
const BREAKS = `
select p.id, b.break ->> 'class' as class, count(*) filter (where r.number = 1)::int as newest, count(*)::int as recent
from pools p
  cross join lateral (select breaks, row_number() over (order by to_ledger desc) as number
    from reconciliations where pool_id = p.id order by to_ledger desc limit ${RECONCILIATIONS}) r
  cross join lateral jsonb_array_elements(r.breaks) as b(break)
group by p.id, class`;

const LIFETIMES = `
select l.pool_id as id, l.name, min(${LEDGERS_LEFT})::float8 as "left"
from contract_lifetimes l join pools p on p.id = l.pool_id
where coalesce(l.instance_until, l.code_until) is not null group by l.pool_id, l.name`;
const UPGRADES = `
select u.pool_id as id, greatest(extract(epoch
  from min(u.unlocks_at) - max(p.head_close_time)), 0)::float8 as seconds
from pool_upgrades u join pools p on p.id = u.pool_id group by u.pool_id`;

interface PoolRow extends AvailableRow {
  readonly id: string;
  readonly name: string;
  readonly generation: string;
  readonly decimals: number;
  readonly state: PoolState;
  readonly contract_pauses: ContractPauses | null;
  readonly held_sum: string;
  readonly held_count: number;
  readonly lapsing_count: number;
  readonly outdated_count: number | null;
  readonly window_room: number | null;
  readonly outbid_count: number | null;
  readonly going_rate: number | null;
  readonly lowest_bid: number | null;
  readonly in_flight_sum: string;
  readonly in_flight_count: number;
  readonly oldest_deadline: number | null;
  readonly lapsing_seconds: number | null;
  readonly snapshot_ledger: number | null;
  readonly age: number | null;
  readonly max_age: number;
  readonly lag: number | null;
  readonly reconciled: number | null;
  readonly outcome: Outcome | null;
  readonly waiting: number | null;
}
interface LifetimeRow {
  readonly id: string;
  readonly name: string;
  readonly left: number;
}
interface UpgradeRow {
  readonly id: string;
  readonly seconds: number;
}
interface BreaksRow {
  readonly id: string;
  readonly class: BreakClass;
  readonly newest: number;
  readonly recent: number;
}

/**
 * Reads the ledger's figures for metrics in one read-only snapshot on a connection of its own, so
 * that a scrape and a request never wait for each other.
 */
export class LedgerFigures {
  readonly #connections: Connections;

  constructor(url: string, log?: (message: string) => void) {
    this.#connections = new Connections({
      connectionString: url,
      application_name: 'holdfast-metrics',
      max: 1,
      connectionTimeoutMillis: LIMIT_MS,
      limits: {
        statement_timeout: LIMIT_MS,
        lock_timeout: LIMIT_MS,
        idle_in_transaction_session_timeout: LIMIT_MS,
      },
      query_timeout: LIMIT_MS * 2,
    });
    this.#connections.on('error', (error) =>
      log?.(`an idle database connection was lost: ${error.message}`),
    );
  }

  /** @throws the database's error, or that of the time limit */
  async read(query?: FurtherQuery): Promise<Figures> {
    const client = await this.#connections.connect();
    const watch = watchConnection(client);
    let broken: Error | undefined;
    try {
      await client.query('begin isolation level repeatable read read only');
      const pools = await client.query<PoolRow>(POOLS);
      const breaks = await client.query<BreaksRow>(BREAKS);
      const lifetimes = await client.query<LifetimeRow>(LIFETIMES);
      const upgrades = await client.query<UpgradeRow>(UPGRADES);
      const further = query
        ? await client.query<Record<string, unknown>>(query.text, [...query.values])
        : { rows: [] };
      await client.query('commit');
      return {
        pools: pools.rows.map((row) =>
          figuresOf(row, {
            breaks: breaks.rows.filter(({ id }) => id === row.id),
            lifetimes: lifetimes.rows.filter(({ id }) => id === row.id),
            upgrade: upgrades.rows.find(({ id }) => id === row.id),
          }),
        ),
        further: further.rows,
      };
    } catch (thrown) {
      broken = asError(thrown);
      throw broken;
    } finally {
      watch.stop();
      client.release(broken ?? watch.lost());
    }
  }

  async close(): Promise<void> {
    await this.#connections.end();
  }
}

interface OfPool {
  readonly breaks: readonly BreaksRow[];
  readonly lifetimes: readonly LifetimeRow[];
  readonly upgrade: UpgradeRow | undefined;
}
function figuresOf(row: PoolRow, { breaks, lifetimes, upgrade }: OfPool): PoolFigures {
  const terms = availableTermsOf(row);
  return {
    poolId: row.id,
    name: row.name,
    generation: row.generation,
    decimals: row.decimals,
    state: row.state,
    contractPauses: row.contract_pauses,
    ...terms,
    observedAvailable: availableOf(terms).observed,
    heldSum: BigInt(row.held_sum),
    inFlightSum: BigInt(row.in_flight_sum),
    heldCount: row.held_count,
    lapsingCount: row.lapsing_count,
    outdatedCount: row.outdated_count,
    windowRoom: row.window_room,
    outbidCount: row.outbid_count,
    goingRate: row.going_rate,
    lowestBid: row.lowest_bid,
    inFlightCount: row.in_flight_count,
    oldestDeadline: row.oldest_deadline,
    lapsingSeconds: row.lapsing_seconds ?? 0,
    snapshotLedger: row.snapshot_ledger,
    ageSeconds: row.age,
    maxAgeSeconds: row.max_age,
    chainLagSeconds: row.lag,
    reconciledLedger: row.reconciled,
    outcome: row.outcome,
    waitingSeconds: row.waiting,
    lifetimes: Object.fromEntries(lifetimes.map(({ name, left }) => [name, left])),
    upgradeSeconds: upgrade?.seconds ?? null,
    newestBreaks: Object.fromEntries(breaks.map((each) => [each.class, each.newest])),
    recentBreaks: Object.fromEntries(breaks.map((each) => [each.class, each.recent])),
  };
}
