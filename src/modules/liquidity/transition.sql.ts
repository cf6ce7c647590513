import type { Transaction } from '../../common/transaction.js';
import type { ExpiryEvidence, FailureEvidence, Settlement, Snapshot, Transition } from './reservation.js';

interface TransitionRow { readonly ord: number; readonly written: boolean; readonly state: Transition['state'] }

/** At most this many ends of holds in one transaction: the pool row stays locked for all of them (`protocol.md`, "The ledger transaction"). */
export const TRANSITIONS_MAX = 200;

const SETTLE = `select o_ord::int as ord, o_written as written, o_state as state
  from settle_batch($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::numeric[], $7::boolean[])`;
const END = `select o_ord::int as ord, o_written as written, o_state as state
  from end_batch($1::uuid[], $2::uuid[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::text[], $10::text[])`;
const OBSERVE = 'select observe_pool($1, $2, $3, $4, $5, $6, $7, $8) as advanced';

function inOrder(rows: readonly TransitionRow[], wanted: number): Transition[] {
  if (rows.length !== wanted) throw new Error(`the ledger answered for ${rows.length} of ${wanted} transitions`);
  return rows.toSorted((a, b) => a.ord - b.ord).map(({ written, state }) => ({ written, state }));
}

/** D4: held -> settled. Ignores the envelope version, as R9 allows for a landing alone. */
export async function settleBatch(tx: Transaction, list: readonly Settlement[]): Promise<Transition[]> {
  const answer = await tx.client.query<TransitionRow>(SETTLE, [list.map((s) => s.poolId), list.map((s) => s.reservationId), list.map((s) => s.envelopeHash),
    list.map((s) => s.settledLedger), list.map((s) => s.closeTime), list.map((s) => s.loanId), list.map((s) => s.feeBump)]);
  return inOrder(answer.rows, list.length);
}

/** D1: held -> expired, only for the envelope version that was judged. */
export async function expireBatch(tx: Transaction, list: readonly ExpiryEvidence[]): Promise<Transition[]> {
  const answer = await tx.client.query<TransitionRow>(END, [list.map((e) => e.poolId), list.map((e) => e.reservationId), list.map((e) => e.envelopeVersion),
    list.map(() => 'expired'), list.map(() => null), list.map(() => null), list.map((e) => e.passedLedger), list.map((e) => e.passedCloseTime), list.map(() => null),
    list.map((e) => JSON.stringify({ certificate: 'D1', passedLedger: e.passedLedger, passedCloseTime: e.passedCloseTime.toString(), notFoundAt: [e.firstVoteLedger, e.secondVoteLedger], oldestLedger: e.oldestLedger }))]);
  return inOrder(answer.rows, list.length);
}

/** D3: held -> released(tx_failed), only for the envelope version that was judged. */
export async function releaseFailedBatch(tx: Transaction, list: readonly FailureEvidence[]): Promise<Transition[]> {
  const answer = await tx.client.query<TransitionRow>(END, [list.map((e) => e.poolId), list.map((e) => e.reservationId), list.map((e) => e.envelopeVersion),
    list.map(() => 'released'), list.map(() => 'tx_failed'), list.map((e) => e.envelopeHash), list.map((e) => e.failedLedger), list.map(() => null), list.map((e) => e.resultCode),
    list.map((e) => JSON.stringify({ certificate: 'D3', failedLedger: e.failedLedger, resultCode: e.resultCode }))]);
  return inOrder(answer.rows, list.length);
}

/** R5: true when the snapshot moved forward. */
export async function observeSnapshot(tx: Transaction, s: Snapshot): Promise<boolean> {
  const answer = await tx.client.query<{ advanced: boolean }>(OBSERVE, [s.poolId, s.ledger, s.total, s.locked, s.tokenBalance, s.closeTime, s.headLedger, s.headCloseTime]);
  return answer.rows[0]?.advanced === true;
}

/** The first submission through us: told in the journal, changes no counter. Later ones only refresh the node's word. */
export async function markSubmitted(tx: Transaction, poolId: string, reservationId: string, submission: { hash: string; status: string }): Promise<void> {
  await tx.client.query('select from pools where id = $1 for update', [poolId]);
  await tx.client.query(`update envelopes set submitted_at = coalesce(submitted_at, clock_timestamp()), submission_status = $4
    where pool_id = $1 and reservation_id = $2 and hash = $3`, [poolId, reservationId, submission.hash, submission.status]);
  await tx.client.query(`with first as (
      update reservations set submitted_at = clock_timestamp() where pool_id = $1 and id = $2 and state = 'held' and submitted_at is null returning *)
    insert into reservation_events (pool_id, reservation_id, number, kind, state_before, state_after, amount, pool_version, held_before, held_after,
        in_flight_before, in_flight_after, envelope_hash, reason)
      select f.pool_id, f.id, (select max(e.number) + 1 from reservation_events e where e.pool_id = f.pool_id and e.reservation_id = f.id), 'submitted', 'held', 'held',
        f.amount, p.version, p.held, p.held, p.in_flight, p.in_flight, $3, $4
      from first f join pools p on p.id = f.pool_id`, [poolId, reservationId, submission.hash, submission.status]);
}

export interface DeathNote { readonly poolId: string; readonly reservationId: string; readonly number: number; readonly passedLedger: number; readonly passedCloseTime: bigint; /** null while only step 1 of D1 is done */ readonly voteLedger: number | null }

/** Keeps the steps of D1 on the envelope, so that a restart goes on where it was. Never overwrites an earlier step; a vote counts against the stored step 1, which another worker may have seen first. */
export async function noteDeathSteps(tx: Transaction, notes: readonly DeathNote[]): Promise<void> {
  await tx.client.query(`update envelopes e set passed_ledger = coalesce(e.passed_ledger, u.passed_ledger), passed_close_time = coalesce(e.passed_close_time, to_timestamp(u.passed_close_time)),
      vote_ledger = coalesce(e.vote_ledger, case when u.vote_ledger >= coalesce(e.passed_ledger, u.passed_ledger) + 2 then u.vote_ledger end)
    from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::bigint[], $5::bigint[], $6::bigint[]) as u(pool, reservation, number, passed_ledger, passed_close_time, vote_ledger)
    where e.pool_id = u.pool and e.reservation_id = u.reservation and e.number = u.number and e.state = 'open'`,
  [notes.map((n) => n.poolId), notes.map((n) => n.reservationId), notes.map((n) => n.number), notes.map((n) => n.passedLedger), notes.map((n) => n.passedCloseTime), notes.map((n) => n.voteLedger)]);
}
