import type pg from 'pg';
import type { Transaction } from '../../../database/transaction.js';
import { packXdr, unpackXdr } from '../holds/envelope-packing.js';
import type { FailureSighting } from '../reservation.js';

/**
 * What a node answered to a submission. The service needs `signedXdr` and `ledger` (the node's
 * latest) to submit it again.
 */
export interface Submission {
  readonly hash: string;
  readonly status: string;
  readonly signedXdr?: string;
  readonly ledger?: number;
}

/**
 * The first submission through this service goes into the journal; it changes no counter. Later
 * ones only refresh the node's answer and the stored signatures. A node that is still busy with an
 * earlier submission (a fee bump, then the plain envelope) does not erase that one.
 */
export async function markSubmitted(
  tx: Transaction,
  poolId: string,
  reservationId: string,
  submission: Submission,
): Promise<void> {
  await tx.client.query('select from pools where id = $1 for update', [poolId]);
  await tx.client.query(
    `update envelopes set submitted_at = coalesce(submitted_at, clock_timestamp()), submission_status = $4,
      signed_xdr_deflated = case when $4 = 'TRY_AGAIN_LATER'
        and submission_status in ('PENDING', 'DUPLICATE') then signed_xdr_deflated
        else coalesce($5, signed_xdr_deflated) end, submission_ledger = coalesce($6, submission_ledger)
    where pool_id = $1 and reservation_id = $2 and hash = $3`,
    [
      poolId,
      reservationId,
      submission.hash,
      submission.status,
      submission.signedXdr === undefined ? null : packXdr(submission.signedXdr),
      submission.ledger ?? null,
    ],
  );
  await tx.client.query(
    `with first as (
      update reservations set submitted_at = clock_timestamp()
        where pool_id = $1 and id = $2 and state = 'held' and submitted_at is null returning *)
    insert into reservation_events (pool_id, reservation_id, number, kind, state_before, state_after,
      amount, pool_version, held_before, held_after,
        in_flight_before, in_flight_after, envelope_hash, reason)
      select f.pool_id, f.id, (select max(e.number) + 1 from reservation_events e
        where e.pool_id = f.pool_id and e.reservation_id = f.id), 'submitted', 'held', 'held',
        f.amount, p.version, p.held, p.held, p.in_flight, p.in_flight, $3, $4
      from first f join pools p on p.id = f.pool_id`,
    [poolId, reservationId, submission.hash, submission.status],
  );
}

export interface DeathNote {
  readonly poolId: string;
  readonly reservationId: string;
  readonly number: number;
  readonly passedLedger: number;
  readonly passedCloseTime: bigint;
  /** Null while only step 1 is done. */ readonly voteLedger: number | null;
}

/**
 * Stores the steps of the proof by time on the envelope, so that a restarted worker continues there
 * (docs/protocol.md#expired-by-time). It never overwrites an earlier step. A vote counts against
 * the stored step 1, which another worker may have written.
 */
export async function noteDeathSteps(tx: Transaction, notes: readonly DeathNote[]): Promise<void> {
  await tx.client.query(
    `update envelopes e set passed_ledger = coalesce(e.passed_ledger, u.passed_ledger),
      passed_close_time = coalesce(e.passed_close_time, to_timestamp(u.passed_close_time)),
      vote_ledger = coalesce(e.vote_ledger, case
        when u.vote_ledger >= coalesce(e.passed_ledger, u.passed_ledger) + 2 then u.vote_ledger end)
    from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::bigint[], $5::bigint[],
      $6::bigint[]) as u(pool, reservation, number, passed_ledger, passed_close_time, vote_ledger)
    where e.pool_id = u.pool and e.reservation_id = u.reservation and e.number = u.number and e.state = 'open'`,
    [
      notes.map((n) => n.poolId),
      notes.map((n) => n.reservationId),
      notes.map((n) => n.number),
      notes.map((n) => n.passedLedger),
      notes.map((n) => n.passedCloseTime),
      notes.map((n) => n.voteLedger),
    ],
  );
}

export interface ConsumedNote {
  readonly poolId: string;
  readonly reservationId: string;
  readonly number: number;
  readonly consumedLedger: number;
  readonly consumedSequence: bigint;
  /** Null while only step 1 is done. */ readonly voteLedger: number | null;
}

/** Does the same for the proof by sequence (docs/protocol.md#sequence-consumed). */
export async function noteConsumedSteps(
  tx: Transaction,
  notes: readonly ConsumedNote[],
): Promise<void> {
  await tx.client.query(
    `update envelopes e set consumed_ledger = coalesce(e.consumed_ledger, u.consumed_ledger),
      consumed_sequence = coalesce(e.consumed_sequence, u.consumed_sequence),
      consumed_vote_ledger = coalesce(e.consumed_vote_ledger, case
        when u.vote_ledger >= coalesce(e.consumed_ledger, u.consumed_ledger) + 2 then u.vote_ledger end)
    from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::bigint[], $5::bigint[],
      $6::bigint[]) as u(pool, reservation, number, consumed_ledger, consumed_sequence, vote_ledger)
    where e.pool_id = u.pool and e.reservation_id = u.reservation and e.number = u.number
      and e.state = 'open' and u.consumed_sequence >= e.sequence`,
    [
      notes.map((n) => n.poolId),
      notes.map((n) => n.reservationId),
      notes.map((n) => n.number),
      notes.map((n) => n.consumedLedger),
      notes.map((n) => n.consumedSequence),
      notes.map((n) => n.voteLedger),
    ],
  );
}

/**
 * Step 1 of the proof of a failure of one open envelope: what the first FAILED reported, or null
 * when a later reply disproved it. `was`: the stored `seenLedger`, null when nothing is stored.
 */
export interface FailureNote {
  readonly poolId: string;
  readonly reservationId: string;
  readonly number: number;
  readonly was: number | null;
  readonly sighting: FailureSighting | null;
}

/**
 * Writes only over the value that the caller read, because another worker may have seen more
 * meanwhile.
 */
export async function noteFailures(tx: Transaction, notes: readonly FailureNote[]): Promise<void> {
  await tx.client.query(
    `update envelopes e set failure_seen = u.seen::jsonb
    from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::bigint[], $5::text[]) as u(pool, reservation,
      number, was, seen)
    where e.pool_id = u.pool and e.reservation_id = u.reservation and e.number = u.number and e.state = 'open'
      and (e.failure_seen ->> 'seenLedger')::bigint is not distinct from u.was`,
    [
      notes.map((n) => n.poolId),
      notes.map((n) => n.reservationId),
      notes.map((n) => n.number),
      notes.map((n) => n.was),
      notes.map(
        ({ sighting }) =>
          sighting && JSON.stringify({ ...sighting, closeTime: sighting.closeTime.toString() }),
      ),
    ],
  );
}

/** A first step that a later reply contradicts, identified by the ledger of that step. */
export interface StepDiscarded {
  readonly poolId: string;
  readonly reservationId: string;
  readonly number: number;
  readonly certificate: 'D1' | 'D2';
  readonly ledger: number;
}

/**
 * Removes such steps with the votes that counted from them. A step that another worker has stored
 * again meanwhile stays.
 */
export async function discardSteps(tx: Transaction, list: readonly StepDiscarded[]): Promise<void> {
  await tx.client.query(
    `update envelopes e set
      passed_ledger = case when u.certificate = 'D1' then null else e.passed_ledger
        end, passed_close_time = case when u.certificate = 'D1' then null else e.passed_close_time end,
      vote_ledger = case when u.certificate = 'D1' then null else e.vote_ledger end,
      consumed_ledger = case when u.certificate = 'D2' then null else e.consumed_ledger
        end, consumed_sequence = case when u.certificate = 'D2' then null else e.consumed_sequence end,
      consumed_vote_ledger = case when u.certificate = 'D2' then null else e.consumed_vote_ledger end
    from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::text[], $5::bigint[]) as u(pool, reservation,
      number, certificate, ledger)
    where e.pool_id = u.pool and e.reservation_id = u.reservation and e.number = u.number
      and e.state = 'open' and u.ledger = case u.certificate when 'D1' then e.passed_ledger
      else e.consumed_ledger end`,
    [
      list.map((d) => d.poolId),
      list.map((d) => d.reservationId),
      list.map((d) => d.number),
      list.map((d) => d.certificate),
      list.map((d) => d.ledger),
    ],
  );
}

/**
 * Stores the answers to envelopes that were submitted again. They change no counter and no state.
 */
export async function noteResubmissions(
  tx: Transaction,
  list: readonly { readonly hash: string; readonly status: string; readonly ledger: number }[],
): Promise<void> {
  await tx.client.query(
    `update envelopes e set submission_status = u.status, submission_ledger = u.ledger
    from unnest($1::text[], $2::text[], $3::bigint[]) as u(hash, status, ledger)
      join envelope_hashes h on h.hash = u.hash
    where e.pool_id = h.pool_id and e.reservation_id = h.reservation_id and e.number = h.number and e.state = 'open'`,
    [list.map((s) => s.hash), list.map((s) => s.status), list.map((s) => s.ledger)],
  );
}

/** Envelopes whose bid crosses the going rate, marked in one transaction at most. */
const OUTBID_MAX = 500;
/**
 * $1 pool. The newest transaction of each live hold, until its deadline, when its bid and its mark do
 * not agree. What was known at the deadline stays, and so does a mark while no rate is known.
 */
const CROSSED = `from pools p
    join reservations r on r.pool_id = p.id and r.state = 'held'
    join envelopes e on e.pool_id = r.pool_id and e.reservation_id = r.id
      and e.number = r.envelope_version
  where p.id = $1 and e.state = 'open' and e.max_time > p.head_close_time
    and (e.inclusion_fee < p.going_rate) <> (e.outbid_ledger is not null)`;

/** Asked without a lock: nearly always there is nothing to write. */
export async function anyCrossed(database: pg.Pool, poolId: string): Promise<boolean> {
  const { rowCount } = await database.query(`select ${CROSSED} limit 1`, [poolId]);
  return rowCount === 1;
}

/** Marks the transactions that the pool's going rate has outbid, and takes marks away again. */
export async function noteOutbid(tx: Transaction, poolId: string): Promise<void> {
  await tx.client.query('select from pools where id = $1 for update', [poolId]);
  await tx.client.query(
    `with crossed as (
      select e.reservation_id, e.number, case when e.outbid_ledger is null
          then p.going_rate_ledger end as ledger ${CROSSED} order by r.id limit ${OUTBID_MAX})
    update envelopes e set outbid_ledger = c.ledger from crossed c
      where e.pool_id = $1 and e.reservation_id = c.reservation_id and e.number = c.number`,
    [poolId],
  );
}

/**
 * A transaction that its borrower signed was here and no node took it: what it says of the borrower
 * is kept (docs/protocol.md#back-off), and nothing else changes.
 */
export async function markSigned(
  tx: Transaction,
  poolId: string,
  reservationId: string,
): Promise<void> {
  await tx.client.query('select from pools where id = $1 for update', [poolId]);
  await tx.client.query(
    `update reservations set signed_at = clock_timestamp()
    where pool_id = $1 and id = $2 and state = 'held' and signed_at is null`,
    [poolId, reservationId],
  );
}

/** Returns the envelopes as their borrowers signed them, by hash, if they may still land. */
export async function signedEnvelopes(
  database: pg.Pool,
  hashes: readonly string[],
): Promise<Map<string, string>> {
  const answer = await database.query<{ hash: string; signed: Buffer }>(
    `select e.hash, e.signed_xdr_deflated as signed from envelope_hashes h
    join envelopes e on e.pool_id = h.pool_id and e.reservation_id = h.reservation_id and e.number = h.number
    where h.hash = any ($1) and e.state = 'open' and e.signed_xdr_deflated is not null`,
    [hashes],
  );
  return new Map(answer.rows.map((row) => [row.hash, unpackXdr(row.signed)]));
}
