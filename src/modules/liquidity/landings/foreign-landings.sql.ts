import type pg from 'pg';
import type { Transaction } from '../../../database/transaction.js';
import type { FundingClaim, NonceOwner, UnclaimedFunding } from './landing.js';

/**
 * A stranger may land a borrower's authorization, in a transaction that the ledger does not know.
 * Its funding has the borrower but no hold; the nonce in the transaction says which hold it was. The
 * hold may have ended before the events were read, settled from the lending contract's list. Newest
 * first, so that those of the borrower's other loans do not keep a new one from being looked at.
 */
export async function unclaimedFundings(
  database: pg.Pool,
  poolId: string,
  limit: number,
): Promise<UnclaimedFunding[]> {
  const { rows } = await database.query<{
    event_id: string;
    ledger: number;
    tx_hash: string;
  }>(
    `select f.event_id, f.ledger::float8 as ledger, f.tx_hash from fundings f
    where f.pool_id = $1 and f.reservation_id is null
      and exists (select from pools p
        join authorizations a on a.network = p.network and a.address = f.borrower
        where p.id = f.pool_id and a.pool_id = f.pool_id and a.state <> 'dead'
          and f.ledger > a.issued_after_ledger and f.ledger <= a.expiration_ledger
          and not exists (select from fundings o
            where o.pool_id = a.pool_id and o.reservation_id = a.reservation_id))
    order by f.event_id desc limit $2`,
    [poolId, limit],
  );
  return rows.map((row) => ({
    eventId: row.event_id,
    ledger: row.ledger,
    txHash: row.tx_hash,
  }));
}

export async function nonceOwners(
  database: pg.Pool,
  network: string,
  nonces: readonly { readonly address: string; readonly nonce: bigint }[],
): Promise<NonceOwner[]> {
  const { rows } = await database.query<{
    pool_id: string;
    reservation_id: string;
  }>(
    `select a.pool_id, a.reservation_id
    from unnest($2::text[], $3::bigint[]) as u (address, nonce)
    join authorizations a on a.network = $1 and a.address = u.address and a.nonce = u.nonce`,
    [network, nonces.map(({ address }) => address), nonces.map(({ nonce }) => nonce)],
  );
  return rows.map((row) => ({
    poolId: row.pool_id,
    reservationId: row.reservation_id,
  }));
}

const CLAIM = `update fundings f set reservation_id = a.reservation_id, envelope_hash = $4
  from authorizations a
  join reservations t on t.pool_id = a.pool_id and t.id = a.reservation_id
  where a.pool_id = $1 and a.reservation_id = $3
    and f.pool_id = $1 and f.event_id = $2 and f.reservation_id is null
    and (f.borrower is null or f.borrower = a.address) and (f.amount is null or f.amount = t.amount)
    and f.ledger > a.issued_after_ledger and f.ledger <= a.expiration_ledger
    and not exists (select from fundings o
      where o.pool_id = a.pool_id and o.reservation_id = a.reservation_id)`;

/**
 * A funding belongs to one hold, and a hold with an authorization has one funding. One transaction may
 * have fundings of several holds, so each claim is a statement that sees the ones before.
 */
export async function claimFundings(
  tx: Transaction,
  list: readonly FundingClaim[],
): Promise<number> {
  let claimed = 0;
  for (const { poolId, eventId, reservationId, hash } of list) {
    const { rowCount } = await tx.client.query(CLAIM, [poolId, eventId, reservationId, hash]);
    claimed += rowCount ?? 0;
  }
  return claimed;
}
