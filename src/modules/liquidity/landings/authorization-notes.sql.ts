import type { Transaction } from '../../../database/transaction.js';
import type { NonceNote, SignedOutcome } from './landing.js';

interface SignedEntry {
  readonly poolId: string;
  readonly reservationId: string;
  readonly packed: Buffer;
}

/** Stores the first signed entry, in one guarded statement. */
export async function markAuthorizationSigned(
  tx: Transaction,
  { poolId, reservationId, packed }: SignedEntry,
): Promise<SignedOutcome> {
  await tx.client.query('select from pools where id = $1 for update', [poolId]);
  const stored = await tx.client.query(
    `update authorizations a set signed_entry_deflated = $3, signed_at = clock_timestamp()
    where a.pool_id = $1 and a.reservation_id = $2 and a.signed_at is null and a.state = 'open'
      and a.spent_ledger is null
      and exists (select from reservations t join pools p on p.id = t.pool_id
        where t.pool_id = a.pool_id and t.id = a.reservation_id and t.state = 'held'
          and t.cancel_requested_at is null
          and coalesce(p.head_ledger, 0) < a.expiration_ledger)`,
    [poolId, reservationId, packed],
  );
  if (stored.rowCount !== 1) return whyNotSigned(tx, { poolId, reservationId, packed });
  await tx.client.query(
    `update reservations set submitted_at = clock_timestamp()
    where pool_id = $1 and id = $2 and state = 'held' and submitted_at is null`,
    [poolId, reservationId],
  );
  await tx.client.query('update pools set version = version + 1 where id = $1', [poolId]);
  await tx.client.query(
    `select note_event($1, $2, 'submitted', null, null, 'signed',
      jsonb_build_object('authorization', a.hash, 'expirationLedger', a.expiration_ledger))
    from authorizations a where a.pool_id = $1 and a.reservation_id = $2`,
    [poolId, reservationId],
  );
  return 'stored';
}

async function whyNotSigned(
  tx: Transaction,
  { poolId, reservationId, packed }: SignedEntry,
): Promise<SignedOutcome> {
  const { rows } = await tx.client.query<{ outcome: SignedOutcome }>(
    `select case
        when a.signed_entry_deflated = $3 then 'same'
        when t.state <> 'held' then 'hold_ended'
        when a.signed_at is not null then 'kept'
        when a.state <> 'open' or a.spent_ledger is not null then 'spent'
        when t.cancel_requested_at is not null then 'cancel_requested'
        else 'fence_passed'
      end as outcome
    from authorizations a
    join reservations t on t.pool_id = a.pool_id and t.id = a.reservation_id
    where a.pool_id = $1 and a.reservation_id = $2`,
    [poolId, reservationId, packed],
  );
  return rows[0]?.outcome ?? 'no_authorization';
}

/**
 * The steps of both proofs about a nonce. Each note is checked against what is stored by now,
 * because another worker may have seen more meanwhile.
 */
export async function noteNonces(tx: Transaction, list: readonly NonceNote[]): Promise<boolean[]> {
  const { rows } = await tx.client.query<{ ord: number }>(
    `update authorizations a set
      unspent_ledger = case
        when u.kind = 'unspent' then greatest(a.unspent_ledger, u.ledger)
        when u.kind = 'doubted' and a.unspent_ledger > u.ledger then null
        else a.unspent_ledger end,
      vote_ledger = case
        when u.kind = 'vote' then coalesce(a.vote_ledger, u.ledger)
        when u.kind = 'spent' or u.kind = 'doubted' and a.vote_ledger > u.ledger then null
        else a.vote_ledger end,
      spent_ledger = case
        when u.kind = 'spent' then u.spent
        when u.kind = 'disproved' or u.kind = 'doubted' and a.spent_seen_ledger > u.ledger then null
        else a.spent_ledger end,
      spent_seen_ledger = case
        when u.kind = 'spent' then u.ledger
        when u.kind = 'disproved' or u.kind = 'doubted' and a.spent_seen_ledger > u.ledger then null
        else a.spent_seen_ledger end,
      state = case
        when u.kind = 'confirmed' then 'spent'
        when u.kind = 'doubted' and a.spent_seen_ledger > u.ledger then 'open'
        else a.state end
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[])
      with ordinality as u (pool, reservation, kind, ledger, spent, was, ord)
    where a.pool_id = u.pool and a.reservation_id = u.reservation
      and (a.state = 'open' or a.state = 'spent' and u.kind = 'doubted' and exists (
        select from reservations t
        where t.pool_id = a.pool_id and t.id = a.reservation_id and t.state = 'held'))
      and case u.kind
        when 'unspent' then a.spent_ledger is null and u.ledger <= a.expiration_ledger
        when 'vote' then a.spent_ledger is null and u.ledger > a.expiration_ledger
        when 'spent' then a.spent_ledger is null and u.spent <= u.ledger
          and u.spent between a.issued_after_ledger + 1 and a.expiration_ledger
        when 'confirmed' then a.spent_ledger = u.spent and u.ledger > a.spent_seen_ledger
        when 'disproved' then a.spent_seen_ledger = u.was and u.ledger > a.spent_seen_ledger
        when 'doubted' then
          greatest(a.unspent_ledger, a.vote_ledger, a.spent_seen_ledger) > u.ledger
        else false
      end
    returning u.ord::int as ord`,
    [
      list.map((note) => note.poolId),
      list.map((note) => note.reservationId),
      list.map((note) => note.kind),
      list.map((note) => note.ledger),
      list.map((note) => ('spentLedger' in note ? note.spentLedger : null)),
      list.map((note) => ('was' in note ? note.was : null)),
    ],
  );
  const written = new Set(rows.map(({ ord }) => ord));
  return list.map((_, index) => written.has(index + 1));
}
