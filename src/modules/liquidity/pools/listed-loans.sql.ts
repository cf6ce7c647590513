import type pg from 'pg';
import type { LiveHold } from '../reservation.js';

/** Finds the hold that this loan of a lending contract settled, if one did. */
export async function holdOfLoan(
  database: pg.Pool,
  pool: { readonly network: string; readonly lendingContract: string },
  loan: { readonly borrower: string; readonly loanId: bigint },
): Promise<string | null> {
  const answer = await database.query<{ id: string }>(
    `select r.id from pools p join reservations r on r.pool_id = p.id
      left join envelopes e on e.pool_id = r.pool_id and e.reservation_id = r.id
      left join authorizations a on a.pool_id = r.pool_id and a.reservation_id = r.id
    where p.lending_contract = $1 and r.borrower = $2 and r.state = 'settled'
      and $3 in (e.chain_loan_id, a.chain_loan_id) and p.network = $4`,
    [pool.lendingContract, loan.borrower, loan.loanId, pool.network],
  );
  return answer.rows[0]?.id ?? null;
}

/**
 * Whether the borrower has another live hold with the same terms on the lending contract. The
 * contract's list does not say to which of them a loan belongs.
 */
export async function hasTwin(
  database: pg.Pool,
  pool: { readonly network: string; readonly lendingContract: string },
  hold: LiveHold,
): Promise<boolean> {
  const answer = await database.query(
    `select from live_borrowers b
      join pools p on p.id = b.pool_id
      join loans l on l.pool_id = b.pool_id and l.id = b.loan_id
    where b.network = $1 and b.account = $2 and b.reservation_id <> $3 and p.lending_contract = $4
      and l.total_amount = $5 and l.guarantee_amount = $6 and l.vendor is not distinct from $7
    limit 1`,
    [
      pool.network,
      hold.borrower,
      hold.reservationId,
      pool.lendingContract,
      hold.totalAmount,
      hold.guaranteeAmount,
      hold.vendor,
    ],
  );
  return answer.rows.length > 0;
}
