import type pg from 'pg';
import { columnList } from '../../../database/columns.js';
import type { Transaction } from '../../../database/transaction.js';
import type { EnvelopeRow, HoldOutcome, HoldRequest, RefusalFacts } from '../reservation.js';
import { LENDABLE } from '../pools/available.js';
import type { LedgerFacts } from './hold-facts.js';
import type { Decision } from './hold-decision.js';

/**
 * A request whose XDR was compressed before it began to wait, because that work must not happen
 * under the gate.
 */
export interface CompressedRequest {
  readonly request: HoldRequest;
  readonly xdr: Buffer | null;
}
interface NewHold {
  readonly request: HoldRequest;
  readonly envelope: EnvelopeRow;
  readonly xdr: Buffer;
}
interface NewRefusal {
  readonly request: HoldRequest;
  readonly code: string;
  readonly facts: string;
}
interface NewKey {
  readonly request: HoldRequest;
  readonly outcome: 'held' | 'refused';
  readonly code: string | null;
  readonly facts: string | null;
}
interface CounterChange {
  readonly poolId: string;
  readonly asked: bigint;
}

/**
 * Thrown when the rows no longer match the decision, which the gate should exclude. The whole
 * transaction is tried again.
 */
class LedgerChanged extends Error {
  readonly code = '40001';
}

const HOLD_COLUMNS = columnList<NewHold>({
  pool: { type: 'uuid', of: ({ request }) => request.poolId },
  id: { type: 'uuid', of: ({ request }) => request.reservationId },
  tenant: { type: 'text', of: ({ request }) => request.tenantId },
  network: { type: 'text', of: ({ request }) => request.network },
  borrower: { type: 'text', of: ({ request }) => request.borrower },
  amount: { type: 'numeric', of: ({ request }) => request.amount },
  loan: { type: 'uuid', of: ({ request }) => request.loan.loanId },
  vendor: { type: 'text', of: ({ request }) => request.loan.vendor },
  total: { type: 'numeric', of: ({ request }) => request.loan.totalAmount },
  guarantee: { type: 'numeric', of: ({ request }) => request.loan.guaranteeAmount },
  schedule: { type: 'text', of: ({ request }) => JSON.stringify(request.loan.schedule) },
  loan_type: { type: 'text', of: ({ request }) => request.loan.loanType },
  entry_bytes: { type: 'integer', of: ({ request }) => request.loan.entryBytes },
  hash: { type: 'text', of: ({ envelope }) => envelope.hash },
  xdr: { type: 'bytea', of: ({ xdr }) => xdr },
  sequence: { type: 'bigint', of: ({ envelope }) => envelope.sequence },
  max_time: { type: 'bigint', of: ({ envelope }) => envelope.maxTime },
  issued_after: { type: 'bigint', of: ({ envelope }) => envelope.issuedAfterLedger },
  fee: { type: 'bigint', of: ({ envelope }) => envelope.fee },
  first: { type: 'numeric', of: ({ envelope }) => envelope.loanIdFirst },
  last: { type: 'numeric', of: ({ envelope }) => envelope.loanIdLast },
  window_bytes: { type: 'integer', of: ({ envelope }) => envelope.windowBytes },
  window_fee: { type: 'bigint', of: ({ envelope }) => envelope.windowFee },
  inclusion_fee: { type: 'bigint', of: ({ envelope }) => envelope.inclusionFee },
  going_rate: { type: 'bigint', of: ({ envelope }) => envelope.goingRate },
});
const HOLD_CLOCK = `$${HOLD_COLUMNS.count + 1}::timestamptz`;
const COUNTER_COLUMNS = columnList<CounterChange>(
  {
    pool: { type: 'uuid', of: ({ poolId }) => poolId },
    asked: { type: 'numeric', of: ({ asked }) => asked },
  },
  HOLD_COLUMNS.count + 1,
);
/**
 * Updates every pool of the batch, also those without a new hold; otherwise a waiting batch could
 * not notice that its snapshot is old. The guard checks the row's current values again
 * (docs/protocol.md#no-over-commit).
 */
const RAISE_COUNTERS = `update pools p set version = p.version + 1, held = p.held + u.asked
      from ${COUNTER_COLUMNS.table} where p.id = u.pool
        and (u.asked = 0 or u.asked <= available(${LENDABLE}, p.snapshot_locked,
          p.snapshot_token_balance, p.held, p.in_flight, p.buffer))`;
/**
 * One statement, so that the batch is unnested once: seven statements cost 2 ms a batch before the
 * first row. The journal row has the counter before and after each hold.
 */
const WRITE_HOLDS = {
  name: 'hold_rows',
  text: `with new as materialized (
    select u.*, sum(u.amount) over (partition by u.pool order by u.ord rows unbounded preceding)
        as running from ${HOLD_COLUMNS.table}),
  new_reservations as (
    insert into reservations (pool_id, id, tenant_id, loan_id, borrower, amount, expires_at,
        at_ledger, held_at, entry_bytes)
      select n.pool, n.id, n.tenant, n.loan, n.borrower, n.amount, to_timestamp(n.max_time),
          p.snapshot_ledger, ${HOLD_CLOCK}, n.entry_bytes
        from new n join pools p on p.id = n.pool order by n.pool, n.id),
  new_loans as (
    insert into loans (pool_id, id, reservation_id, tenant_id, borrower, vendor, total_amount,
        guarantee_amount, schedule, loan_type, created_at)
      select n.pool, n.loan, n.id, n.tenant, n.borrower, n.vendor, n.total, n.guarantee,
          n.schedule::jsonb, n.loan_type, ${HOLD_CLOCK}
        from new n order by n.pool, n.loan),
  new_envelopes as (
    insert into envelopes (pool_id, reservation_id, number, hash, xdr_deflated, sequence, max_time,
        issued_after_ledger, fee, loan_id_first, loan_id_last, window_bytes, window_fee,
        inclusion_fee, going_rate, outbid_ledger)
      select n.pool, n.id, 1, n.hash, n.xdr, n.sequence, to_timestamp(n.max_time), n.issued_after,
          n.fee, n.first, n.last, n.window_bytes, n.window_fee, n.inclusion_fee, n.going_rate,
          case when n.inclusion_fee < n.going_rate then n.issued_after end
        from new n order by n.pool, n.id),
  new_events as (
    insert into reservation_events (pool_id, reservation_id, number, kind, at, state_after, amount,
        pool_version, held_before, held_after, in_flight_before, in_flight_after, envelope_hash,
        ledger)
      select n.pool, n.id, 1, 'held', ${HOLD_CLOCK}, 'held', n.amount, p.version + 1,
          p.held + n.running - n.amount, p.held + n.running, p.in_flight, p.in_flight, n.hash,
          p.snapshot_ledger
        from new n join pools p on p.id = n.pool order by n.pool, n.id),
  new_hashes as (
    insert into envelope_hashes (hash, pool_id, reservation_id, number)
      select n.hash, n.pool, n.id, 1 from new n order by n.hash on conflict do nothing returning 1),
  new_borrowers as (
    insert into live_borrowers (network, account, pool_id, reservation_id, loan_id)
      select n.network, n.borrower, n.pool, n.id, n.loan from new n order by n.network, n.borrower
        on conflict do nothing returning 1),
  raised_counters as (${RAISE_COUNTERS} returning 1)
  select (select count(*) from new_hashes)::int as hashes,
    (select count(*) from new_borrowers)::int as borrowers,
    (select count(*) from raised_counters)::int as counters`,
};

const REFUSAL_COLUMNS = columnList<NewRefusal>({
  pool: { type: 'uuid', of: ({ request }) => request.poolId },
  id: { type: 'uuid', of: ({ request }) => request.reservationId },
  tenant: { type: 'text', of: ({ request }) => request.tenantId },
  borrower: { type: 'text', of: ({ request }) => request.borrower },
  amount: { type: 'numeric', of: ({ request }) => request.amount },
  code: { type: 'text', of: ({ code }) => code },
  facts: { type: 'text', of: ({ facts }) => facts },
});
/** Returns the facts as they are stored, so that a replay repeats the first answer to the byte. */
const INSERT_REFUSALS = {
  name: 'hold_refusals',
  text: `with written as (
    insert into refusals (pool_id, id, tenant_id, borrower, amount, code, facts, created_at)
      select u.pool, u.id, u.tenant, u.borrower, u.amount, u.code, u.facts::jsonb,
          $${REFUSAL_COLUMNS.count + 1}::timestamptz
        from ${REFUSAL_COLUMNS.table} order by u.pool, u.id on conflict do nothing)
    select u.ord::int, u.facts::jsonb as facts from ${REFUSAL_COLUMNS.table}`,
};

const KEY_COLUMNS = columnList<NewKey>({
  tenant: { type: 'text', of: ({ request }) => request.tenantId },
  key: { type: 'text', of: ({ request }) => request.key },
  fingerprint: { type: 'text', of: ({ request }) => request.fingerprint },
  pool: { type: 'uuid', of: ({ request }) => request.poolId },
  id: { type: 'uuid', of: ({ request }) => request.reservationId },
  outcome: { type: 'text', of: ({ outcome }) => outcome },
  code: { type: 'text', of: ({ code }) => code },
  facts: { type: 'text', of: ({ facts }) => facts },
});
const KEY_CLOCK = `$${KEY_COLUMNS.count + 1}::timestamptz`;
/** An expired key counts as a new key. */
const DELETE_EXPIRED_KEYS = {
  name: 'hold_expired_keys',
  text: `delete from idempotency_keys k using unnest($1::text[], $2::text[]) as u(tenant, key)
    where k.tenant_id = u.tenant and k.key = u.key and k.expires_at <= $3::timestamptz`,
};
const INSERT_KEYS = {
  name: 'hold_keys',
  text: `insert into idempotency_keys (tenant_id, key, fingerprint, pool_id, request_id, outcome,
      code, facts, created_at, expires_at)
    select u.tenant, u.key, u.fingerprint, u.pool, u.id, u.outcome, u.code, u.facts::jsonb,
        ${KEY_CLOCK}, ${KEY_CLOCK} + make_interval(hours => $${KEY_COLUMNS.count + 2})
      from ${KEY_COLUMNS.table} order by u.tenant, u.key on conflict do nothing`,
};

export interface HoldBatch {
  readonly batch: readonly CompressedRequest[];
  readonly facts: LedgerFacts;
  readonly decisions: readonly Decision[];
  /** The database's clock when the pools were locked, as the database returned it. */
  readonly clock: string;
  readonly keyHours: number;
}

/**
 * Writes the decisions. The statements are sent together, and Postgres runs them in this order.
 * @returns the outcomes, with the facts of refusals as they are stored
 */
export async function writeHolds(
  { client }: Transaction,
  given: HoldBatch,
): Promise<HoldOutcome[]> {
  const { batch, facts, decisions, clock, keyHours } = given;
  const holds = newHoldsOf(given);
  const refusals = newRefusalsOf(given);
  const keys = newKeysOf(given);
  const expired = batch.filter((_, index) => facts.requests[index]?.key?.expired === true);
  const [, , stored] = await Promise.all([
    writeNewHolds(client, holds, given),
    deleteExpiredKeys(client, expired, clock),
    insertRefusals(client, refusals, clock),
    insertKeys(client, keys, { clock, keyHours }),
  ]);
  return decisions.map(({ outcome }) => asStored(outcome, stored));
}

/** Stored facts by the facts that were sent. */
type StoredFacts = ReadonlyMap<string, RefusalFacts>;

function asStored(outcome: HoldOutcome, stored: StoredFacts): HoldOutcome {
  if (outcome.kind === 'refused')
    return { ...outcome, facts: stored.get(JSON.stringify(outcome.facts)) ?? outcome.facts };
  if (outcome.kind === 'replayed' && outcome.record.kind === 'refused') {
    const { record } = outcome;
    const facts = stored.get(JSON.stringify(record.facts)) ?? record.facts;
    return { ...outcome, record: { ...record, facts } };
  }
  return outcome;
}

function newHoldsOf({ batch, decisions }: HoldBatch): NewHold[] {
  return batch.flatMap(({ request, xdr }, index) => {
    const { outcome, writes } = decisions[index] ?? {};
    if (outcome?.kind !== 'held' || !writes || request.ask.kind !== 'hold' || xdr === null)
      return [];
    return [{ request, envelope: request.ask.envelope, xdr }];
  });
}

function newRefusalsOf({ batch, decisions }: HoldBatch): NewRefusal[] {
  return batch.flatMap(({ request }, index) => {
    const { outcome, writes } = decisions[index] ?? {};
    return outcome?.kind === 'refused' && writes
      ? [{ request, code: outcome.code, facts: JSON.stringify(outcome.facts) }]
      : [];
  });
}

function newKeysOf({ batch, decisions }: HoldBatch): NewKey[] {
  return batch.flatMap(({ request }, index): NewKey[] => {
    const { outcome, writes } = decisions[index] ?? {};
    if (request.key === null || !writes) return [];
    if (outcome?.kind === 'refused')
      return [
        { request, outcome: 'refused', code: outcome.code, facts: JSON.stringify(outcome.facts) },
      ];
    return [{ request, outcome: 'held', code: null, facts: null }];
  });
}

function countersOf({ pools }: LedgerFacts, holds: readonly NewHold[]): CounterChange[] {
  const asked = new Map([...pools.keys()].map((poolId) => [poolId, 0n]));
  for (const { request } of holds)
    asked.set(request.poolId, (asked.get(request.poolId) ?? 0n) + request.amount);
  return [...asked].map(([poolId, sum]) => ({ poolId, asked: sum }));
}

async function writeNewHolds(
  client: pg.ClientBase,
  holds: readonly NewHold[],
  { clock, facts }: Pick<HoldBatch, 'clock' | 'facts'>,
): Promise<void> {
  const counters = countersOf(facts, holds);
  const { rows } = await client.query<{ hashes: number; borrowers: number; counters: number }>({
    ...WRITE_HOLDS,
    values: [...HOLD_COLUMNS.values(holds), clock, ...COUNTER_COLUMNS.values(counters)],
  });
  if (rows[0]?.counters !== counters.length)
    throw new LedgerChanged('a pool counter moved under the batch');
  if (rows[0].hashes !== holds.length)
    throw new LedgerChanged('an envelope of this batch exists already');
  if (rows[0].borrowers !== holds.length)
    throw new LedgerChanged('a borrower of this batch took a hold meanwhile');
}

async function insertRefusals(
  client: pg.ClientBase,
  refusals: readonly NewRefusal[],
  clock: string,
): Promise<StoredFacts> {
  if (refusals.length === 0) return new Map();
  const { rows } = await client.query<{ ord: number; facts: RefusalFacts }>({
    ...INSERT_REFUSALS,
    values: [...REFUSAL_COLUMNS.values(refusals), clock],
  });
  return new Map(rows.map(({ ord, facts }) => [refusals[ord - 1]?.facts ?? '', facts]));
}

async function deleteExpiredKeys(
  client: pg.ClientBase,
  expired: readonly CompressedRequest[],
  clock: string,
): Promise<void> {
  if (expired.length === 0) return;
  const [tenants, keys] = [
    expired.map(({ request }) => request.tenantId),
    expired.map(({ request }) => request.key),
  ];
  await client.query({ ...DELETE_EXPIRED_KEYS, values: [tenants, keys, clock] });
}

async function insertKeys(
  client: pg.ClientBase,
  keys: readonly NewKey[],
  { clock, keyHours }: Pick<HoldBatch, 'clock' | 'keyHours'>,
): Promise<void> {
  if (keys.length === 0) return;
  const { rowCount } = await client.query({
    ...INSERT_KEYS,
    values: [...KEY_COLUMNS.values(keys), clock, keyHours],
  });
  if (rowCount !== keys.length) throw new LedgerChanged('a key of this batch was used meanwhile');
}
