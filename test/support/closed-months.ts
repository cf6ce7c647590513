import type pg from 'pg';

/** One figure of a pool over a range of days, as finance closes it from `daily_balances_v1`. */
export interface ClosedMonth {
  readonly figure: string;
  readonly opening: bigint;
  readonly moved: bigint;
  readonly closing: bigint;
  readonly fundings: bigint;
  readonly withoutHold: bigint;
  readonly unexplained: bigint;
  readonly notKnown: bigint;
  readonly days: number;
}

/** The statement of docs/reporting.md, with the parts that a test compares. */
const CLOSED = `select figure, (array_agg(opening_base order by day))[1]::text as opening,
    sum(deposits_base + withdrawals_base + fundings_base + repayments_of_principal_base
      + interest_and_fees_base + losses_base + other_base)::text as moved,
    (array_agg(closing_base order by day desc))[1]::text as closing,
    sum(fundings_base)::text as fundings, sum(fundings_without_hold_base)::text as without_hold,
    sum(unexplained_base)::text as unexplained, sum(not_known_base)::text as not_known,
    count(*)::int as days
  from reporting.daily_balances_v1 where pool_id = $1 and state <> 'not known'
  group by figure order by figure`;
/** Rows that do not add up, or do not begin where the day before ended. */
const BROKEN = `select day, figure, opening_base::text, closing_base::text from (
    select *, lag(closing_base) over (partition by figure order by day) as before
    from reporting.daily_balances_v1 where pool_id = $1 and state <> 'not known') d
  where opening_base + deposits_base + withdrawals_base + fundings_base
      + repayments_of_principal_base + interest_and_fees_base + losses_base + other_base <> closing_base
    or other_base <> guarantees_base + external_transfers_base + unexplained_base + not_known_base
    or opening_base <> before`;

type Reader = pg.Pool | pg.ClientBase;

export async function closedMonth(reader: Reader, poolId: string): Promise<ClosedMonth[]> {
  const { rows } = await reader.query<Record<string, string>>(CLOSED, [poolId]);
  const of = (text: string | undefined): bigint => BigInt(text ?? '');
  return rows.map((row) => ({
    figure: row['figure'] ?? '',
    opening: of(row['opening']),
    moved: of(row['moved']),
    closing: of(row['closing']),
    fundings: of(row['fundings']),
    withoutHold: of(row['without_hold']),
    unexplained: of(row['unexplained']),
    notKnown: of(row['not_known']),
    days: Number(row['days']),
  }));
}

export const brokenDays = async (reader: Reader, poolId: string): Promise<unknown[]> =>
  (await reader.query<Record<string, unknown>>(BROKEN, [poolId])).rows;
