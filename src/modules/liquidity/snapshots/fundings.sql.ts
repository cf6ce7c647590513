import type { Transaction } from '../../../database/transaction.js';
import type { SeenEvents, SeenLoan } from './observation.js';

/** Each funding of the pool, once, with the envelope of ours that caused it. */
export async function storeFundings(
  tx: Transaction,
  poolId: string,
  { fundings, loans }: SeenEvents,
): Promise<void> {
  const ours = fundings.map(({ envelope }) => (envelope?.poolId === poolId ? envelope : null));
  await tx.client.query(
    `insert into fundings (pool_id, event_id, ledger, tx_hash, amount, vendor, envelope_hash,
      reservation_id)
    select $1, u.* from unnest($2::text[], $3::bigint[], $4::text[], $5::numeric[], $6::text[],
      $7::text[], $8::uuid[]) as u on conflict do nothing`,
    [
      poolId,
      fundings.map((f) => f.eventId),
      fundings.map((f) => f.ledger),
      fundings.map((f) => f.txHash),
      fundings.map((f) => f.amount),
      fundings.map((f) => f.vendor),
      ours.map((e) => e?.hash ?? null),
      ours.map((e) => e?.reservationId ?? null),
    ],
  );
  // the loan comes after the funding in its transaction, and may come with the next page
  if (loans.length) await nameBorrowers(tx, poolId, loans);
}

/** Each loan belongs to the last funding before it in its transaction, or is one event with it. */
async function nameBorrowers(
  tx: Transaction,
  poolId: string,
  loans: readonly SeenLoan[],
): Promise<void> {
  await tx.client.query(
    `update fundings f set borrower = coalesce(f.borrower, l.borrower),
      chain_loan_id = coalesce(f.chain_loan_id, l.loan_id)
    from (
      select g.event_id, max(u.borrower) as borrower, max(u.loan_id) as loan_id
      from unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::numeric[])
        as u (id, ledger, tx_hash, borrower, loan_id)
      cross join lateral (
        select max(b.event_id) as event_id from fundings b
        where b.pool_id = $1 and b.ledger = u.ledger and b.tx_hash = u.tx_hash
          and b.event_id <= u.id
      ) g
      group by g.event_id
    ) l
    where f.pool_id = $1 and f.event_id = l.event_id`,
    [
      poolId,
      loans.map(({ eventId }) => eventId),
      loans.map(({ ledger }) => ledger),
      loans.map(({ txHash }) => txHash),
      loans.map(({ borrower }) => borrower),
      loans.map(({ loanId }) => loanId?.toString() ?? null),
    ],
  );
}

/** A funding whose event can be read by now. */
export interface ReadFunding {
  readonly eventId: string;
  readonly amount: bigint;
  readonly vendor: string | null;
}

/** @returns how many were completed */
export async function completeFundings(
  tx: Transaction,
  poolId: string,
  read: readonly ReadFunding[],
): Promise<number> {
  const done = await tx.client.query(
    `update fundings f set amount = u.amount, vendor = u.vendor
    from unnest($2::text[], $3::numeric[], $4::text[]) as u (id, amount, vendor)
    where f.pool_id = $1 and f.event_id = u.id and f.amount is null`,
    [
      poolId,
      read.map(({ eventId }) => eventId),
      read.map(({ amount }) => amount),
      read.map(({ vendor }) => vendor),
    ],
  );
  return done.rowCount ?? 0;
}
