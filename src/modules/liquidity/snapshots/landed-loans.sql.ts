import type pg from 'pg';

type Reader = pg.Pool | pg.ClientBase;

/** What the contract stored with a loan. Base units; `ledger` of the reply that it was read from. */
export interface LandedTerms {
  readonly loanId: bigint;
  readonly totalAmount: bigint;
  readonly guaranteeAmount: bigint;
  readonly interestRateBps: number;
  readonly interestAmount: bigint;
  readonly serviceFeeAmount: bigint;
  readonly ledger: number;
}
export interface UnreadLoan {
  readonly reservationId: string;
  readonly loanId: bigint;
  /** Ledger of the funding. */
  readonly ledger: number;
}

/** A loan that is not read a day after it landed is left: its entry may be archived. */
const READ_WITHIN = '1 day';

/** Loans of ours that landed and whose terms are not known yet, newest first. */
export async function unreadLoans(
  reader: Reader,
  poolId: string,
  limit: number,
): Promise<UnreadLoan[]> {
  const { rows } = await reader.query<{ reservation_id: string; loan: string; ledger: string }>(
    `select f.reservation_id, f.chain_loan_id::text as loan, f.ledger from fundings f
    where f.pool_id = $1 and f.reservation_id is not null and f.chain_loan_id is not null
      and f.seen_at > clock_timestamp() - interval '${READ_WITHIN}'
      and not exists (select from landed_loans l
        where l.pool_id = f.pool_id and l.reservation_id = f.reservation_id)
    order by f.ledger desc limit $2`,
    [poolId, limit],
  );
  return rows.map((row) => ({
    reservationId: row.reservation_id,
    loanId: BigInt(row.loan),
    ledger: Number(row.ledger),
  }));
}

/** Terms never change, so a second write is none. */
export async function storeLandedLoans(
  writer: Reader,
  poolId: string,
  read: readonly (LandedTerms & { readonly reservationId: string })[],
): Promise<void> {
  await writer.query(
    `insert into landed_loans (pool_id, reservation_id, chain_loan_id, total_amount,
      guarantee_amount, interest_rate_bps, interest_amount, service_fee_amount, read_ledger)
    select $1, u.* from unnest($2::uuid[], $3::numeric[], $4::numeric[], $5::numeric[],
      $6::integer[], $7::numeric[], $8::numeric[], $9::bigint[]) as u on conflict do nothing`,
    [
      poolId,
      read.map((each) => each.reservationId),
      read.map((each) => each.loanId),
      read.map((each) => each.totalAmount),
      read.map((each) => each.guaranteeAmount),
      read.map((each) => each.interestRateBps),
      read.map((each) => each.interestAmount),
      read.map((each) => each.serviceFeeAmount),
      read.map((each) => each.ledger),
    ],
  );
}
