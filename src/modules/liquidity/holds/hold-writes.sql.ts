import type pg from 'pg';
import { asError } from '../../../common/errors.js';
import { columnList } from '../../../database/columns.js';
import type { Transaction } from '../../../database/transaction.js';
import type { HoldOutcome, HoldRequest, RefusalFacts } from '../reservation.js';
import { authorizationRows } from './authorization-writes.sql.js';
import { type HoldBatch, holdRows, newHoldsOf } from './hold-rows.sql.js';

interface NewRefusal {
  readonly request: HoldRequest;
  readonly code: string;
  readonly facts: string;
}

const COLUMNS = columnList<NewRefusal>({
  pool: { type: 'uuid', of: ({ request }) => request.poolId },
  id: { type: 'uuid', of: ({ request }) => request.reservationId },
  tenant: { type: 'text', of: ({ request }) => request.tenantId },
  borrower: { type: 'text', of: ({ request }) => request.borrower },
  amount: { type: 'numeric', of: ({ request }) => request.amount },
  key: { type: 'text', of: ({ request }) => request.key },
  fingerprint: { type: 'text', of: ({ request }) => request.fingerprint },
  code: { type: 'text', of: ({ code }) => code },
  facts: { type: 'text', of: ({ facts }) => facts },
});
const CLOCK = `$${COLUMNS.count + 1}::timestamptz`;
/**
 * Refusals with their keys; those of holds are written with their rows. Returns the facts as they
 * are stored, so that a replay repeats the first answer to the byte.
 */
const INSERT_REFUSALS = {
  name: 'hold_refusals',
  text: `with written as (
    insert into refusals (pool_id, id, tenant_id, borrower, amount, code, facts, created_at)
      select u.pool, u.id, u.tenant, u.borrower, u.amount, u.code, u.facts::jsonb, ${CLOCK}
        from ${COLUMNS.table} order by u.pool, u.id on conflict do nothing),
    keyed as (
    insert into idempotency_keys (tenant_id, key, fingerprint, pool_id, request_id, outcome,
        code, facts, created_at, expires_at)
      select u.tenant, u.key, u.fingerprint, u.pool, u.id, 'refused', u.code, u.facts::jsonb,
          ${CLOCK}, ${CLOCK} + make_interval(hours => $${COLUMNS.count + 2})
        from ${COLUMNS.table} where u.key is not null order by u.tenant, u.key)
    select u.ord::int, u.facts::jsonb as facts from ${COLUMNS.table}`,
};

/** An expired key counts as a new key. */
const DELETE_EXPIRED_KEYS = {
  name: 'hold_expired_keys',
  text: `delete from idempotency_keys k using unnest($1::text[], $2::text[]) as u(tenant, key)
    where k.tenant_id = u.tenant and k.key = u.key and k.expires_at <= $3::timestamptz`,
};
/** The statements that write a batch, as they travel. */
export interface HoldWrites {
  /**
   * Sends the statements together; Postgres runs them in this order. Each fails in SQL when the
   * ledger is not as it was decided on.
   * @returns the outcomes, with the facts of refusals as they are stored
   */
  send(tx: Transaction): Promise<HoldOutcome[]>;
}

export function encodeWrites(given: HoldBatch): HoldWrites {
  const { decisions } = given;
  const refusals = newRefusalsOf(given);
  const stored = refusals.length === 0 ? null : refusalRows(refusals, given);
  const holds = newHoldsOf(given);
  const expired = expiredKeys(given);
  const others = [holdRows(holds, given), ...authorizationRows(holds)];
  return {
    send: async ({ client }) => {
      try {
        const deleted = expired.map((statement) => client.query(statement));
        const [facts] = await Promise.all([
          stored && client.query<StoredRefusal>(stored),
          ...deleted,
          ...others.map((statement) => client.query(statement)),
        ]);
        const byFacts = storedFacts(refusals, facts?.rows ?? []);
        return decisions.map(({ outcome }) => asStored(outcome, byFacts));
      } catch (thrown) {
        throw asLedgerChanged(thrown);
      }
    },
  };
}

/** Rows that the look-ups did not find, which the gate should exclude. */
const UNIQUE_VIOLATION = '23505';
const LOOKED_UP: ReadonlySet<unknown> = new Set([
  'envelope_hashes_pkey',
  'live_borrowers_pkey',
  'idempotency_keys_pkey',
  'authorizations_hash_key',
  'authorizations_network_address_nonce_key',
]);
/** The same as `ledger_changed` in SQL: the whole transaction is tried again. */
function asLedgerChanged(thrown: unknown): Error {
  const error = asError(thrown);
  const { code, constraint } = error as Partial<pg.DatabaseError>;
  return code === UNIQUE_VIOLATION && LOOKED_UP.has(constraint)
    ? Object.assign(new Error(error.message, { cause: error }), { code: '40001' })
    : error;
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

function newRefusalsOf({ batch, decisions }: HoldBatch): NewRefusal[] {
  return batch.flatMap(({ request }, index) => {
    const { outcome, writes } = decisions[index] ?? {};
    return outcome?.kind === 'refused' && writes
      ? [{ request, code: outcome.code, facts: JSON.stringify(outcome.facts) }]
      : [];
  });
}

const refusalRows = (
  refusals: readonly NewRefusal[],
  { clock, keyHours }: HoldBatch,
): pg.QueryConfig => ({
  ...INSERT_REFUSALS,
  values: [...COLUMNS.values(refusals), clock, keyHours],
});

interface StoredRefusal {
  readonly ord: number;
  readonly facts: RefusalFacts;
}
const storedFacts = (
  refusals: readonly NewRefusal[],
  rows: readonly StoredRefusal[],
): StoredFacts => new Map(rows.map(({ ord, facts }) => [refusals[ord - 1]?.facts ?? '', facts]));

/** Deleted before the rows of the batch, which may have the same keys. */
function expiredKeys({ batch, facts, clock }: HoldBatch): pg.QueryConfig[] {
  const expired = batch.filter((_, index) => facts.requests[index]?.key?.expired === true);
  if (expired.length === 0) return [];
  const tenants = expired.map(({ request }) => request.tenantId);
  const keys = expired.map(({ request }) => request.key);
  return [{ ...DELETE_EXPIRED_KEYS, values: [tenants, keys, clock] }];
}
