import type pg from 'pg';
import { LAG_LEDGERS_MAX } from '../../../common/ledger-time.js';
import { columnList } from '../../../database/columns.js';
import type { Transaction } from '../../../database/transaction.js';
import type { Transition } from '../ends/end-evidence.js';
import { failureFacts, inOrder, type TransitionRow } from '../ends/transition.sql.js';
import { unpackXdr } from '../holds/envelope-packing.js';
import type { FailureCause } from '../reservation.js';
import type {
  LandingCandidate,
  LandingDeath,
  LandingFailure,
  LandingOutcome,
  LandingRow,
  LandingSighting,
  LandingStep,
  LandingSubmission,
  OpenLanding,
} from './landing.js';
import { LANDING_JSON, type LandingText, liveLandingOf } from './live-authorization.js';

const CANDIDATES = `
select a.pool_id, a.reservation_id, t.entry_bytes, l.borrower, l.vendor,
  l.total_amount::text as total, l.guarantee_amount::text as guarantee, l.schedule, l.loan_type,
  a.signed_entry_deflated as signed, a.expiration_ledger::float8 as expiration, a.signed_at,
  (select count(*)::int from landings n
    where n.pool_id = a.pool_id and n.reservation_id = a.reservation_id) as landings,
  (select jsonb_build_object('by', n.failed_by, 'reason', n.failed_reason, 'contract',
      n.failed_contract, 'number', n.failed_number) from landings n
    where n.pool_id = a.pool_id and n.reservation_id = a.reservation_id and n.state = 'failed'
    order by n.number desc limit 1) as failure
from authorizations a
join reservations t on t.pool_id = a.pool_id and t.id = a.reservation_id
join loans l on l.pool_id = t.pool_id and l.id = t.loan_id
join pools p on p.id = a.pool_id
where a.network = $1 and a.state = 'open' and a.signed_at is not null and a.spent_ledger is null
  and t.state = 'held' and t.cancel_requested_at is null
  and coalesce(p.head_ledger, 0) < a.expiration_ledger
  and not exists (select from landings o
    where o.pool_id = a.pool_id and o.reservation_id = a.reservation_id and o.state = 'open')
  and not exists (select from fundings f
    where f.pool_id = a.pool_id and f.reservation_id = a.reservation_id)
order by a.signed_at, a.reservation_id limit $2`;
interface CandidateRow {
  readonly pool_id: string;
  readonly reservation_id: string;
  readonly entry_bytes: number | null;
  readonly borrower: string;
  readonly vendor: string | null;
  readonly total: string;
  readonly guarantee: string;
  readonly schedule: readonly { readonly amount: string; readonly dueAt: string }[];
  readonly loan_type: string;
  readonly signed: Buffer;
  readonly expiration: number;
  readonly signed_at: Date;
  readonly landings: number;
  readonly failure: FailureCause | null;
}

export async function landingCandidates(
  database: pg.Pool,
  network: string,
  limit: number,
): Promise<LandingCandidate[]> {
  const { rows } = await database.query<CandidateRow>(CANDIDATES, [network, limit]);
  return rows.map((row) => ({
    poolId: row.pool_id,
    reservationId: row.reservation_id,
    terms: {
      borrower: row.borrower,
      vendor: row.vendor,
      totalAmount: BigInt(row.total),
      guaranteeAmount: BigInt(row.guarantee),
      schedule: row.schedule.map(({ amount, dueAt }) => ({
        amount: BigInt(amount),
        dueAt: BigInt(dueAt),
      })),
      loanType: row.loan_type,
    },
    entryBytes: row.entry_bytes,
    signedEntryXdr: unpackXdr(row.signed),
    expirationLedger: row.expiration,
    signedAt: row.signed_at,
    landings: row.landings,
    lastFailure: row.failure,
  }));
}

/** The outer query names the columns, so that the planner keeps to the index of open landings. */
const OPEN = `
select n.pool_id, n.reservation_id, n.xdr_deflated as xdr, ${LANDING_JSON} as landing,
  t.entry_bytes, a.expiration_ledger::float8 as expiration,
  t.cancel_requested_at is not null as cancelled, a.address as borrower
from landings n
join reservations t on t.pool_id = n.pool_id and t.id = n.reservation_id
join authorizations a on a.pool_id = n.pool_id and a.reservation_id = n.reservation_id
where n.network = $1 and n.state = 'open'
order by n.created_at, n.hash limit $2`;

export async function openLandings(
  database: pg.Pool,
  network: string,
  limit: number,
): Promise<OpenLanding[]> {
  const { rows } = await database.query<{
    pool_id: string;
    reservation_id: string;
    xdr: Buffer;
    landing: LandingText;
    entry_bytes: number | null;
    expiration: number;
    cancelled: boolean;
    borrower: string;
  }>(OPEN, [network, limit]);
  return rows.map((row) => ({
    ...liveLandingOf(row.landing),
    poolId: row.pool_id,
    reservationId: row.reservation_id,
    xdr: unpackXdr(row.xdr),
    entryBytes: row.entry_bytes,
    expirationLedger: row.expiration,
    cancelRequested: row.cancelled,
    borrower: row.borrower,
  }));
}

export interface PackedLanding {
  readonly landing: LandingRow;
  readonly xdr: Buffer;
}
/** In the order of the arguments of `issue_landings`. */
const ISSUED = columnList<PackedLanding>({
  pool: { type: 'uuid', of: ({ landing }) => landing.poolId },
  id: { type: 'uuid', of: ({ landing }) => landing.reservationId },
  channel: { type: 'text', of: ({ landing }) => landing.channel },
  hash: { type: 'text', of: ({ landing }) => landing.hash },
  xdr: { type: 'bytea', of: ({ xdr }) => xdr },
  sequence: { type: 'bigint', of: ({ landing }) => landing.sequence },
  max_time: { type: 'bigint', of: ({ landing }) => landing.maxTime },
  issued_after: { type: 'bigint', of: ({ landing }) => landing.issuedAfterLedger },
  fee: { type: 'bigint', of: ({ landing }) => landing.fee },
  inclusion_fee: { type: 'bigint', of: ({ landing }) => landing.inclusionFee },
  going_rate: { type: 'bigint', of: ({ landing }) => landing.goingRate },
  first: { type: 'numeric', of: ({ landing }) => landing.loanIdFirst },
  last: { type: 'numeric', of: ({ landing }) => landing.loanIdLast },
});
const ISSUE = `select o_ord::int as ord, o_outcome as outcome from issue_landings($1, $2, $3, $4,
  $5, $6, $7, $8, $9, $10, $11, $12, $13)`;

export async function issueLandings(
  tx: Transaction,
  list: readonly PackedLanding[],
): Promise<LandingOutcome[]> {
  const { rows } = await tx.client.query<{ ord: number; outcome: LandingOutcome }>(
    ISSUE,
    ISSUED.values(list),
  );
  const outcomes = new Map(rows.map(({ ord, outcome }) => [ord, outcome]));
  return list.map((_, index) => {
    const outcome = outcomes.get(index + 1);
    if (!outcome) throw new Error('issue_landings gave no outcome');
    return outcome;
  });
}

export async function noteSubmissions(
  tx: Transaction,
  list: readonly LandingSubmission[],
): Promise<void> {
  await tx.client.query(
    `update landings n set submitted_at = coalesce(n.submitted_at, clock_timestamp()),
      submission_status = u.status, submission_ledger = u.ledger
    from unnest($1::text[], $2::text[], $3::bigint[]) as u (hash, status, ledger)
    where n.hash = u.hash and n.state = 'open'`,
    [list.map((s) => s.hash), list.map((s) => s.status), list.map((s) => s.ledger)],
  );
}

/**
 * A vote counts against the stored step 1, which another worker may have written. A stored one far
 * ahead of this one rests on a ledger that turned out not to exist.
 */
export async function noteLandingSteps(
  tx: Transaction,
  list: readonly LandingStep[],
): Promise<void> {
  await tx.client.query(
    `update landings n set passed_ledger = case
        when n.passed_ledger <= u.passed + ${LAG_LEDGERS_MAX} then n.passed_ledger
        else u.passed end,
      passed_close_time = case
        when n.passed_ledger <= u.passed + ${LAG_LEDGERS_MAX} then n.passed_close_time
        else to_timestamp(u.close_time) end,
      vote_ledger = case
        when n.passed_ledger > u.passed + ${LAG_LEDGERS_MAX} then null
        else coalesce(n.vote_ledger, case
          when u.vote >= coalesce(n.passed_ledger, u.passed) + 2 then u.vote end) end
    from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::bigint[], $5::bigint[], $6::bigint[])
      as u (pool, reservation, number, passed, close_time, vote)
    where n.pool_id = u.pool and n.reservation_id = u.reservation and n.number = u.number
      and n.state = 'open'`,
    [
      list.map((s) => s.poolId),
      list.map((s) => s.reservationId),
      list.map((s) => s.number),
      list.map((s) => s.passedLedger),
      list.map((s) => s.passedCloseTime),
      list.map((s) => s.voteLedger),
    ],
  );
}

/** Writes only over the value that the caller read. */
export async function noteLandingSightings(
  tx: Transaction,
  list: readonly LandingSighting[],
): Promise<void> {
  await tx.client.query(
    `update landings n set failure_seen = u.seen::jsonb
    from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::bigint[], $5::text[])
      as u (pool, reservation, number, was, seen)
    where n.pool_id = u.pool and n.reservation_id = u.reservation and n.number = u.number
      and n.state = 'open'
      and (n.failure_seen ->> 'seenLedger')::bigint is not distinct from u.was`,
    [
      list.map((s) => s.poolId),
      list.map((s) => s.reservationId),
      list.map((s) => s.number),
      list.map((s) => s.was),
      list.map(
        ({ sighting }) =>
          sighting && JSON.stringify({ ...sighting, closeTime: sighting.closeTime.toString() }),
      ),
    ],
  );
}

const FAIL = `select o_ord::int as ord, o_written as written, o_state as state
  from fail_landings($1::uuid[], $2::uuid[], $3::integer[], $4::bigint[], $5::bigint[],
    $6::bigint[], $7::text[], $8::text[])`;

export async function failLandings(
  tx: Transaction,
  list: readonly LandingFailure[],
): Promise<Transition[]> {
  const { rows } = await tx.client.query<TransitionRow>(FAIL, [
    list.map((f) => f.poolId),
    list.map((f) => f.reservationId),
    list.map((f) => f.number),
    list.map((f) => f.failedLedger),
    list.map((f) => f.closeTime),
    list.map((f) => f.feeCharged),
    list.map((f) => f.resultCode),
    list.map((f) =>
      JSON.stringify({
        number: f.number,
        ...failureFacts(f),
        feeCharged: f.feeCharged?.toString() ?? null,
      }),
    ),
  ]);
  return inOrder(rows, list.length);
}

/** By time only: the close time must be after its own maxTime, which is inclusive. */
export async function killLandings(
  tx: Transaction,
  list: readonly LandingDeath[],
): Promise<number> {
  const { rowCount } = await tx.client.query(
    `update landings n set state = 'dead', passed_ledger = coalesce(n.passed_ledger, u.passed),
      passed_close_time = coalesce(n.passed_close_time, to_timestamp(u.close_time)),
      vote_ledger = coalesce(n.vote_ledger, u.vote)
    from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::bigint[], $5::bigint[], $6::bigint[])
      as u (pool, reservation, number, passed, close_time, vote)
    where n.pool_id = u.pool and n.reservation_id = u.reservation and n.number = u.number
      and n.state = 'open' and n.max_time <= to_timestamp(u.close_time)
      and u.vote >= u.passed + 2`,
    [
      list.map((d) => d.poolId),
      list.map((d) => d.reservationId),
      list.map((d) => d.number),
      list.map((d) => d.passedLedger),
      list.map((d) => d.passedCloseTime),
      list.map((d) => d.voteLedger),
    ],
  );
  return rowCount ?? 0;
}
