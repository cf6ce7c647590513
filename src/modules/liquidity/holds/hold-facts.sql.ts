import type pg from 'pg';
import { type Column, columnList } from '../../../database/columns.js';
import type { Transaction } from '../../../database/transaction.js';
import {
  AVAILABLE,
  AVAILABLE_COLUMNS,
  type AvailableRow,
  availableTermsOf,
} from '../pools/available.js';
import { LIMIT_COLUMNS, type LimitRow, limitsOf } from '../pools/contract-limits.js';
import { RULE_COLUMNS, type RuleRow, rulesOf } from '../pools/pool-rules.js';
import type { HoldRequest, KeyRecord, PoolState, RefusalFacts } from '../reservation.js';
import {
  type LedgerFacts,
  lineOf,
  type LockedPool,
  NO_FACTS,
  type RequestFacts,
  type WindowRoom,
} from './hold-facts.js';
import { issuedOf } from './taken-in-batch.js';
import { readVendorHolds } from './vendor-holds.sql.js';

const text = (of: Column<HoldRequest>['of']): Column<HoldRequest> => ({ type: 'text', of });
const ASKED = columnList<HoldRequest>({
  id: { type: 'uuid', of: (request) => request.reservationId },
  pool: { type: 'uuid', of: (request) => request.poolId },
  network: text((request) => request.network),
  borrower: text((request) => request.borrower),
  tenant: text((request) => request.tenantId),
  key: text((request) => request.key),
});
interface RequestRow {
  readonly ord: number;
  readonly held_at_ledger: number | null;
  readonly request_id: string | null;
  readonly fingerprint: string;
  readonly outcome: string;
  readonly code: string | null;
  readonly facts: RefusalFacts | null;
  readonly key_pool: string;
  readonly expired: boolean;
  readonly loan_id: string | null;
  readonly reservation_id: string | null;
  readonly slot: number | null;
  readonly consumed: string | null;
  readonly lapses: number | null;
  readonly lapses_max: number | null;
  readonly wait_until: string | null;
  readonly wait: number | null;
}
interface PoolDemand {
  readonly poolId: string;
  readonly asked: bigint;
}
const POOLS = columnList<PoolDemand>(
  {
    pool: { type: 'uuid', of: ({ poolId }) => poolId },
    asked: { type: 'numeric', of: ({ asked }) => asked },
  },
  ASKED.count,
);
/**
 * Rows exist only for requests that have facts: most requests are the first of their kind.
 */
const KNOWN = `select u.ord::int, r.at_ledger::float8 as held_at_ledger,
    k.request_id, k.fingerprint, k.outcome, k.code, k.facts, k.pool_id as key_pool,
    k.expires_at <= clock_timestamp() as expired, b.loan_id, b.reservation_id, b.slot,
    s.consumed::text, w.lapses, w.lapses_max,
    extract(epoch from w.until)::bigint::text as wait_until,
    extract(epoch from w.until - clock_timestamp())::float8 as wait
    from ${ASKED.table}
    left join reservations r on r.pool_id = u.pool and r.id = u.id
    left join idempotency_keys k on k.tenant_id = u.tenant and k.key = u.key
    left join live_borrowers b on b.network = u.network and b.account = u.borrower
    left join account_sequences s on s.network = u.network and s.account = u.borrower
    left join lateral (
      select l.lapses, p.lapses_max,
          back_off_until(l.lapses, l.last_lapsed_at, p.lapses_max) as until
        from wallet_lapses l left join pools p on p.id = u.pool
        where l.network = u.network and l.account = u.borrower) w on true
    where coalesce(r.id, k.request_id, b.loan_id) is not null or s.consumed is not null
      or w.until is not null`;
/**
 * Locks pool rows in the order of their ids, as everywhere (docs/protocol.md#ledger-transaction).
 * Only refusals report the next deadline, so it is read only when the batch asks for too much, or
 * when its pool has an outflow cap.
 */
const LOCKED = `select p.id, p.network, p.lending_contract, p.state, ${RULE_COLUMNS},
    ${LIMIT_COLUMNS}, p.snapshot_ledger::float8 as snapshot_ledger, ${AVAILABLE_COLUMNS},
    extract(epoch from clock_timestamp() - p.snapshot_advanced_at)::float8 as age,
    extract(epoch from p.head_close_time)::bigint::text as head_close_time,
    extract(epoch from clock_timestamp())::float8 as now, clock_timestamp()::text as clock,
    p.version::text as version,
    case when p.outflow_cap_bps is not null or u.asked > ${AVAILABLE} then (
      select extract(epoch from min(r.expires_at))::bigint::text from reservations r
        where r.pool_id = p.id and r.state = 'held') end as next_deadline
    from pools p join ${POOLS.table} on u.pool = p.id order by p.id for update of p`;
/**
 * Outside a ledger transaction, or on another database than before: `hold_guard` fails or
 * quarantines. A managed server that does not tell its timeline is not asked.
 */
const UNGUARDED = `current_setting('transaction_isolation') <> 'serializable' or exists (
    select from database_identity d
      where case when d.timeline = 'not told' then false
        else d.timeline <> (select substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)) end)`;
/** One statement and one value: a column costs both ends more than its part of a document. */
const FACTS = {
  name: 'hold_facts',
  text: `with locked as materialized (${LOCKED}), known as materialized (${KNOWN})
    select json_build_object('unguarded', ${UNGUARDED},
      'row_type', 'new_hold'::regtype::oid::bigint,
      'pools', (select json_agg(l) from locked l),
      'requests', (select json_agg(k) from known k)) as facts`,
};
interface FactsDocument {
  readonly unguarded: boolean;
  readonly row_type: number;
  readonly pools: readonly PoolRow[] | null;
  readonly requests: readonly RequestRow[] | null;
}
interface PoolRow extends AvailableRow, RuleRow, LimitRow {
  readonly id: string;
  readonly network: string;
  readonly lending_contract: string;
  readonly state: PoolState;
  readonly snapshot_ledger: number | null;
  readonly age: number | null;
  readonly head_close_time: string | null;
  readonly now: number;
  readonly clock: string;
  readonly version: string;
  readonly next_deadline: string | null;
}

const envelopeOf = (request: HoldRequest) => issuedOf(request)?.envelope;
const IN_WINDOWS = columnList<HoldRequest>({
  pool: { type: 'uuid', of: (request) => request.poolId },
  amount: { type: 'numeric', of: (request) => request.amount },
  stranger_bytes: { type: 'integer', of: (request) => request.strangerBytes },
  first: { type: 'numeric', of: (request) => envelopeOf(request)?.loanIdFirst },
  issued_after: { type: 'bigint', of: (request) => envelopeOf(request)?.issuedAfterLedger },
});
/**
 * Reads lending contracts with a pool that limits its holds, when one of the requests fits into it.
 */
const WINDOWS = {
  name: 'hold_windows',
  text: `with asked as materialized (
      select u.*, p.network, p.lending_contract,
          u.amount <= ${AVAILABLE} as fits
        from ${IN_WINDOWS.table} join pools p on p.id = u.pool where p.strict),
    line as materialized (
      select a.network, a.lending_contract, min(a.stranger_bytes) as stranger_bytes,
          array_agg(a.ord order by a.ord) as ords, array_agg(a.first order by a.ord) as firsts,
          array_agg(a.issued_after order by a.ord) as issued_afters
        from asked a group by a.network, a.lending_contract having bool_or(a.fits))
    select l.network, l.lending_contract, s.o_live as live, s.o_bytes::float8 as bytes,
      s.o_room_loans::float8 as room_loans, s.o_room_bytes::float8 as room_bytes,
      (select jsonb_agg(jsonb_build_array(l.ords[u.o_ord], u.o_loans, u.o_bytes))
        from window_used(l.network, l.lending_contract, l.stranger_bytes, l.firsts, l.issued_afters) u
        ) as used
      from line l
      cross join lateral window_state(l.network, l.lending_contract, l.stranger_bytes, null) s`,
};
interface WindowRow {
  readonly network: string;
  readonly lending_contract: string;
  readonly live: number;
  readonly bytes: number;
  readonly room_loans: number | null;
  readonly room_bytes: number | null;
  readonly used: readonly (readonly [ord: number, loans: number, bytes: number])[];
}

/**
 * Pools that limited their holds when their rows were last read: their windows are read in the same
 * message. A wrong guess costs a round trip and decides nothing.
 */
const limitedBefore = new Set<string>();

export interface FactsRead {
  readonly facts: LedgerFacts;
  /** The database's clock as text, for the rows of this batch; null without a pool. */
  readonly clock: string | null;
  /** `version` of each pool's row under its lock. */
  readonly versions: ReadonlyMap<string, bigint>;
  /** The object id of `new_hold` in this database. */
  readonly rowType: number;
}

export async function readHoldFacts(
  { client }: Transaction,
  batch: readonly HoldRequest[],
): Promise<FactsRead> {
  const holds = batch.flatMap((request, index) => (issuedOf(request) ? [{ request, index }] : []));
  const asked = holds.map(({ request }) => request);
  const readWindows = (): Promise<pg.QueryResult<WindowRow>> =>
    client.query<WindowRow>({ ...WINDOWS, values: IN_WINDOWS.values(asked) });
  // sent together: on a pipelined connection they travel with BEGIN as one message
  const [{ pools, requests, rowType }, guessed, vendors] = await Promise.all([
    readGuarded(client, batch),
    batch.some(({ poolId }) => limitedBefore.has(poolId)) ? readWindows() : null,
    readVendorHolds(client, batch),
  ]);
  for (const { id, strict } of pools)
    if (strict) limitedBefore.add(id);
    else limitedBefore.delete(id);
  const limits = pools.some(({ strict }) => strict);
  const windows = guessed?.rows ?? (limits ? (await readWindows()).rows : []);
  const known = batch.map(() => NO_FACTS);
  for (const row of requests)
    known[row.ord - 1] = requestFactsOf(row, known[row.ord - 1]?.live ?? []);
  for (const { used } of windows)
    for (const [ord, loans, bytes] of used) {
      const index = holds[ord - 1]?.index ?? -1;
      known[index] = { ...(known[index] ?? NO_FACTS), used: { loans, bytes } };
    }
  for (const [index, vendorHeld] of vendors)
    known[index] = { ...(known[index] ?? NO_FACTS), vendorHeld };
  return {
    facts: {
      pools: new Map(pools.map((row) => [row.id, lockedPoolOf(row)])),
      requests: known,
      windows: new Map(windows.map((row) => [lineOfRow(row), windowRoomOf(row)])),
    },
    clock: pools[0]?.clock ?? null,
    versions: new Map(pools.map(({ id, version }) => [id, BigInt(version)])),
    rowType,
  };
}

/** A quarantine by the guard shows in a second look at the pools. */
async function readGuarded(
  client: pg.ClientBase,
  batch: readonly HoldRequest[],
): Promise<{
  readonly pools: readonly PoolRow[];
  readonly requests: readonly RequestRow[];
  readonly rowType: number;
}> {
  const values = [...ASKED.values(batch), ...POOLS.values(demandOf(batch))];
  const read = async (): Promise<FactsDocument | undefined> =>
    (await client.query<{ facts: FactsDocument }>({ ...FACTS, values })).rows[0]?.facts;
  let facts = await read();
  if (facts?.unguarded === true) {
    await client.query('select hold_guard()');
    facts = await read();
  }
  return {
    pools: facts?.pools ?? [],
    requests: facts?.requests ?? [],
    rowType: facts?.row_type ?? 0,
  };
}

function demandOf(batch: readonly HoldRequest[]): PoolDemand[] {
  const asked = new Map<string, bigint>();
  for (const { poolId, amount } of batch) asked.set(poolId, (asked.get(poolId) ?? 0n) + amount);
  return [...asked].map(([poolId, sum]) => ({ poolId, asked: sum }));
}

const lineOfRow = ({ network, lending_contract: lendingContract }: WindowRow): string =>
  lineOf({ network, lendingContract });

const big = (value: string | null): bigint | null => (value === null ? null : BigInt(value));

const lockedPoolOf = (row: PoolRow): LockedPool => ({
  id: row.id,
  network: row.network,
  lendingContract: row.lending_contract,
  state: row.state,
  rules: rulesOf(row),
  limits: limitsOf(row),
  snapshotLedger: row.snapshot_ledger,
  ...availableTermsOf(row),
  ageSeconds: row.age,
  headCloseTime: big(row.head_close_time),
  now: row.now,
  nextDeadline: big(row.next_deadline),
});

const windowRoomOf = (row: WindowRow): WindowRoom => ({
  liveHolds: row.live,
  liveBytes: row.bytes,
  roomLoans: row.room_loans,
  roomBytes: row.room_bytes,
});

/** @param live what earlier rows of the same request said: one row for each hold of the borrower */
function requestFactsOf(row: RequestRow, live: RequestFacts['live']): RequestFacts {
  const waits = row.wait !== null && row.wait > 0 && row.wait_until !== null;
  return {
    heldAtLedger: row.held_at_ledger,
    key:
      row.request_id === null
        ? null
        : {
            requestId: row.request_id,
            fingerprint: row.fingerprint,
            record: recordOf(row, row.request_id),
            expired: row.expired,
          },
    live:
      row.loan_id !== null && row.reservation_id !== null && row.slot !== null
        ? [...live, { loanId: row.loan_id, reservationId: row.reservation_id, slot: row.slot }]
        : live,
    backOff:
      waits && row.lapses !== null && row.lapses_max !== null
        ? {
            until: BigInt(row.wait_until),
            waitSeconds: row.wait,
            lapses: row.lapses,
            allowed: row.lapses_max,
          }
        : null,
    consumedSequence: big(row.consumed),
    used: null,
    vendorHeld: 0n,
  };
}

function recordOf({ key_pool: poolId, outcome, code, facts }: RequestRow, id: string): KeyRecord {
  if (outcome === 'held') return { kind: 'held', poolId, reservationId: id };
  if (code === null) throw new Error(`the key of request ${id} has neither a hold nor a refusal`);
  return { kind: 'refused', poolId, code, facts: facts ?? {} };
}
