import type pg from 'pg';
import { type Column, columnList } from '../../../database/columns.js';
import { recordList } from '../../../database/records.js';
import { AVAILABLE } from '../pools/available.js';
import type { AuthorizationRow, EnvelopeRow, HoldRequest } from '../reservation.js';
import type { Decision } from './hold-decision.js';
import type { LedgerFacts } from './hold-facts.js';
import { issuedOf } from './taken-in-batch.js';

/**
 * A request whose XDR was compressed before it began to wait, because that work must not happen
 * under the gate.
 */
export interface CompressedRequest {
  readonly request: HoldRequest;
  readonly xdr: Buffer | null;
}
export interface HoldBatch {
  readonly batch: readonly CompressedRequest[];
  readonly facts: LedgerFacts;
  readonly versions: ReadonlyMap<string, bigint>;
  readonly decisions: readonly Decision[];
  /** The database's clock when the pools were locked, as the database returned it. */
  readonly clock: string;
  readonly keyHours: number;
  /** The object id of `new_hold` in this database. */
  readonly rowType: number;
}

export interface NewHold {
  readonly request: HoldRequest;
  readonly slot: number;
  readonly deadline: bigint;
  /** Null for a hold with an authorization, which has no row in `envelopes`. */
  readonly envelope: EnvelopeRow | null;
  readonly authorization: AuthorizationRow | null;
  readonly xdr: Buffer;
  readonly before: CountersBefore;
}
/** What the counters of a pool are before one of its new holds. */
interface CountersBefore {
  readonly version: bigint;
  readonly held: bigint;
  readonly inFlight: bigint;
  readonly ledger: number | null;
}

interface CounterChange {
  readonly poolId: string;
  readonly asked: bigint;
  readonly version: bigint;
}

/**
 * The columns of `migrations/views/new_hold.sql`, in its order: those of fixed size and those that most tables
 * need come first, because a row is read from its beginning.
 */
export const HOLD_COLUMNS: Readonly<Record<string, Column<NewHold>>> = {
  pool: { type: 'uuid', of: ({ request }) => request.poolId },
  id: { type: 'uuid', of: ({ request }) => request.reservationId },
  loan: { type: 'uuid', of: ({ request }) => request.loan.loanId },
  slot: { type: 'integer', of: ({ slot }) => slot },
  max_time: { type: 'bigint', of: ({ deadline }) => deadline },
  version: { type: 'bigint', of: ({ before }) => before.version },
  hash: { type: 'text', of: ({ envelope }) => envelope?.hash },
  borrower: { type: 'text', of: ({ request }) => request.borrower },
  network: { type: 'text', of: ({ request }) => request.network },
  tenant: { type: 'text', of: ({ request }) => request.tenantId },
  amount: { type: 'numeric', of: ({ request }) => request.amount },
  held: { type: 'numeric', of: ({ before }) => before.held },
  in_flight: { type: 'numeric', of: ({ before }) => before.inFlight },
  at_ledger: { type: 'bigint', of: ({ before }) => before.ledger },
  entry_bytes: { type: 'integer', of: ({ request }) => request.loan.entryBytes },
  total: { type: 'numeric', of: ({ request }) => request.loan.totalAmount },
  guarantee: { type: 'numeric', of: ({ request }) => request.loan.guaranteeAmount },
  vendor: { type: 'text', of: ({ request }) => request.loan.vendor },
  loan_type: { type: 'text', of: ({ request }) => request.loan.loanType },
  schedule: { type: 'text', of: ({ request }) => JSON.stringify(request.loan.schedule) },
  xdr: { type: 'bytea', of: ({ envelope, xdr }) => envelope && xdr },
  sequence: { type: 'bigint', of: ({ envelope }) => envelope?.sequence },
  issued_after: { type: 'bigint', of: ({ envelope }) => envelope?.issuedAfterLedger },
  fee: { type: 'bigint', of: ({ envelope }) => envelope?.fee },
  first: { type: 'numeric', of: ({ envelope }) => envelope?.loanIdFirst },
  last: { type: 'numeric', of: ({ envelope }) => envelope?.loanIdLast },
  window_bytes: { type: 'integer', of: ({ envelope }) => envelope?.windowBytes },
  window_fee: { type: 'bigint', of: ({ envelope }) => envelope?.windowFee },
  inclusion_fee: { type: 'bigint', of: ({ envelope }) => envelope?.inclusionFee },
  going_rate: { type: 'bigint', of: ({ envelope }) => envelope?.goingRate },
  key: { type: 'text', of: ({ request }) => request.key },
  fingerprint: { type: 'text', of: ({ request }) => request.key && request.fingerprint },
};
const HOLDS = recordList('new_hold', HOLD_COLUMNS, 1);
const HOLD_CLOCK = '$2::timestamptz';
const KEY_HOURS = '$3';
const COUNTER_COLUMNS = columnList<CounterChange>(
  {
    pool: { type: 'uuid', of: ({ poolId }) => poolId },
    asked: { type: 'numeric', of: ({ asked }) => asked },
    version: { type: 'bigint', of: ({ version }) => version },
  },
  3,
);
/**
 * Updates every pool of the batch, also those without a new hold; otherwise a waiting batch could
 * not notice that its snapshot is old. The guard checks the row's current values again
 * (docs/protocol.md#no-over-commit).
 */
const RAISE_COUNTERS = `update pools p set version = p.version + 1, held = p.held + u.asked
      from ${COUNTER_COLUMNS.table} where p.id = u.pool
        and (u.asked = 0 or p.version = u.version and u.asked <= ${AVAILABLE})`;
/**
 * One statement, so that the batch is unnested once: seven statements cost 2 ms a batch before the
 * first row. It fails by itself when a counter moved, so COMMIT may be sent behind it. The journal
 * row has the counters before and after each hold, as they are under the lock.
 */
const WRITE_HOLDS = {
  name: 'hold_rows',
  text: `with new as materialized (select u.* from ${HOLDS.table}),
  new_reservations as (
    insert into reservations (pool_id, id, tenant_id, loan_id, borrower, amount, expires_at,
        at_ledger, held_at, entry_bytes, signing)
      select n.pool, n.id, n.tenant, n.loan, n.borrower, n.amount, to_timestamp(n.max_time),
          n.at_ledger, ${HOLD_CLOCK}, n.entry_bytes,
          case when n.hash is null then 'authorization' else 'transaction' end
        from new n),
  new_loans as (
    insert into loans (pool_id, id, reservation_id, tenant_id, borrower, vendor, total_amount,
        guarantee_amount, schedule, loan_type, created_at)
      select n.pool, n.loan, n.id, n.tenant, n.borrower, n.vendor, n.total, n.guarantee,
          n.schedule::jsonb, n.loan_type, ${HOLD_CLOCK}
        from new n),
  new_envelopes as (
    insert into envelopes (pool_id, reservation_id, number, hash, xdr_deflated, sequence, max_time,
        issued_after_ledger, fee, loan_id_first, loan_id_last, window_bytes, window_fee,
        inclusion_fee, going_rate, outbid_ledger)
      select n.pool, n.id, 1, n.hash, n.xdr, n.sequence,
          to_timestamp(n.max_time), n.issued_after, n.fee, n.first, n.last, n.window_bytes,
          n.window_fee, n.inclusion_fee, n.going_rate,
          case when n.inclusion_fee < n.going_rate then n.issued_after end
        from new n where n.hash is not null),
  new_events as (
    insert into reservation_events (pool_id, reservation_id, number, kind, at, state_after, amount,
        pool_version, held_before, held_after, in_flight_before, in_flight_after, envelope_hash,
        ledger)
      select n.pool, n.id, 1, 'held', ${HOLD_CLOCK}, 'held', n.amount, n.version + 1, n.held,
          n.held + n.amount, n.in_flight, n.in_flight, n.hash, n.at_ledger
        from new n),
  new_hashes as (
    insert into envelope_hashes (hash, pool_id, reservation_id, number)
      select n.hash, n.pool, n.id, 1 from new n where n.hash is not null),
  new_borrowers as (
    insert into live_borrowers (network, account, slot, pool_id, reservation_id, loan_id)
      select n.network, n.borrower, n.slot, n.pool, n.id, n.loan from new n),
  new_keys as (
    insert into idempotency_keys (tenant_id, key, fingerprint, pool_id, request_id, outcome,
        created_at, expires_at)
      select n.tenant, n.key, n.fingerprint, n.pool, n.id, 'held', ${HOLD_CLOCK},
          ${HOLD_CLOCK} + make_interval(hours => ${KEY_HOURS})
        from new n where n.key is not null),
  raised_counters as (${RAISE_COUNTERS} returning 1)
  select case when (select count(*) from raised_counters) <> $${COUNTER_COLUMNS.count + 4}
    then ledger_changed('a pool counter moved under the batch') end`,
};

export function newHoldsOf({ batch, decisions, facts, versions }: HoldBatch): NewHold[] {
  const held = new Map<string, bigint>();
  return batch.flatMap(({ request, xdr }, index) => {
    const { outcome, writes, slot = 0 } = decisions[index] ?? {};
    const pool = facts.pools.get(request.poolId);
    const issued = issuedOf(request);
    if (outcome?.kind !== 'held' || !writes || !issued || !xdr || !pool) return [];
    const before = {
      version: versions.get(pool.id) ?? 0n,
      held: held.get(pool.id) ?? pool.held,
      inFlight: pool.inFlight,
      ledger: pool.snapshotLedger,
    };
    held.set(pool.id, before.held + request.amount);
    return [{ request, slot, ...issued, xdr, before }];
  });
}

function countersOf({ facts, versions }: HoldBatch, holds: readonly NewHold[]): CounterChange[] {
  const asked = new Map([...facts.pools.keys()].map((poolId) => [poolId, 0n]));
  for (const { request } of holds)
    asked.set(request.poolId, (asked.get(request.poolId) ?? 0n) + request.amount);
  return [...asked].map(([poolId, sum]) => ({
    poolId,
    asked: sum,
    version: versions.get(poolId) ?? 0n,
  }));
}

/** The statement with the rows of all new holds of a batch, and their counters. */
export function holdRows(holds: readonly NewHold[], given: HoldBatch): pg.QueryConfig {
  const counters = countersOf(given, holds);
  return {
    ...WRITE_HOLDS,
    values: [
      HOLDS.value(holds, given.rowType),
      given.clock,
      given.keyHours,
      ...COUNTER_COLUMNS.values(counters),
      counters.length,
    ],
  };
}
