-- A repayment is one movement of tokens for principal and interest; of the principal, the change of
-- locked says how much it is.
create or replace view reporting.daily_balances_v1 as
  select
    p.id as pool_id,
    p.name as pool_name,
    p.asset_code,
    b.day,
    b.figure,
    b.state,
    reporting.token_units(b.opening, p.decimals) as opening,
    reporting.token_units(b.deposits, p.decimals) as deposits,
    reporting.token_units(b.withdrawals, p.decimals) as withdrawals,
    reporting.token_units(b.fundings, p.decimals) as fundings,
    reporting.token_units(b.principal, p.decimals) as repayments_of_principal,
    reporting.token_units(b.interest_and_fees, p.decimals) as interest_and_fees,
    reporting.token_units(b.losses, p.decimals) as losses,
    reporting.token_units(b.other, p.decimals) as other,
    reporting.token_units(b.closing, p.decimals) as closing,
    b.opening as opening_base,
    b.deposits as deposits_base,
    b.withdrawals as withdrawals_base,
    b.fundings as fundings_base,
    b.principal as repayments_of_principal_base,
    b.interest_and_fees as interest_and_fees_base,
    b.losses as losses_base,
    b.other as other_base,
    b.closing as closing_base,
    b.unreserved_fundings as fundings_without_hold_base,
    b.guarantees as guarantees_base,
    b.external_transfers as external_transfers_base,
    b.unexplained as unexplained_base,
    b.not_known as not_known_base,
    b.first_ledger,
    b.last_ledger,
    b.closed_at
  from (
    select
        d.*,
        d.settled_by_us + d.unreserved_fundings as fundings,
        d.guarantees + d.external_transfers + d.unexplained + d.not_known as other,
        r.principal,
        d.repayments + d.interest - r.principal as interest_and_fees,
        case
          when d.pairs = 0 then 'not known'
          when exists (
            select from daily_balances n
            where n.pool_id = d.pool_id and n.day > d.day and n.pairs > 0
          ) or exists (
            select from pools c
            where c.id = d.pool_id and c.state = 'closed' and c.snapshot_ledger <= d.last_ledger
          ) then 'final'
          else 'running'
        end as state
      from daily_balances d
      cross join lateral (
        select case
            when d.pairs = 0 or d.figure <> 'token_balance' then d.repayments
            else least(d.repayments, greatest(-l.repayments, 0))
          end as principal
          from daily_balances l
          where l.pool_id = d.pool_id and l.day = d.day and l.figure = 'locked'
      ) r
  ) b
  join pools p on p.id = b.pool_id;

comment on view reporting.daily_balances_v1 is
  'How a pool''s figures moved in one day (UTC, chain clock), three rows a pool and day: total, '
  'locked and token_balance. opening + deposits + withdrawals + fundings + repayments_of_principal + '
  'interest_and_fees + losses + other = closing, to the unit, and opening is the closing of the last '
  'day before that is known. Give a range of day. Kept forever.';
comment on column reporting.daily_balances_v1.pool_id is 'Id of the pool';
comment on column reporting.daily_balances_v1.pool_name is 'Name of the pool as it is now';
comment on column reporting.daily_balances_v1.asset_code is
  'What the token calls itself; null: not known';
comment on column reporting.daily_balances_v1.day is
  'Begin of the day, UTC, chain clock of the closing snapshot; filter by it';
comment on column reporting.daily_balances_v1.figure is
  'total (liquidity, lent out or not), locked (funded, unrepaid principal) or token_balance (tokens '
  'of the contract)';
comment on column reporting.daily_balances_v1.state is
  'final, running (the day''s last snapshot may still change), or not known: no snapshot of that day, '
  'and what moved is in the next day that has one';
comment on column reporting.daily_balances_v1.opening is
  'At the last snapshot before the day; token units';
comment on column reporting.daily_balances_v1.deposits is 'By liquidity providers; token units';
comment on column reporting.daily_balances_v1.withdrawals is
  'By liquidity providers, below zero; token units';
comment on column reporting.daily_balances_v1.fundings is
  'Loans paid out, with a hold or without; token units';
comment on column reporting.daily_balances_v1.repayments_of_principal is
  'What repayments took from locked; token units';
comment on column reporting.daily_balances_v1.interest_and_fees is
  'What repayments brought beyond the principal, the providers'' part of interest, and fees paid out; '
  'token units';
comment on column reporting.daily_balances_v1.losses is 'Of loans that defaulted; token units';
comment on column reporting.daily_balances_v1.other is
  'Everything else; the columns after closing_base say what; token units';
comment on column reporting.daily_balances_v1.closing is
  'At the last snapshot of the day; token units';
comment on column reporting.daily_balances_v1.opening_base is
  'At the last snapshot before the day; base units';
comment on column reporting.daily_balances_v1.deposits_base is
  'By liquidity providers; base units';
comment on column reporting.daily_balances_v1.withdrawals_base is
  'By liquidity providers, below zero; base units';
comment on column reporting.daily_balances_v1.fundings_base is
  'Loans paid out, with a hold or without; base units';
comment on column reporting.daily_balances_v1.repayments_of_principal_base is
  'What repayments took from locked; base units';
comment on column reporting.daily_balances_v1.interest_and_fees_base is
  'What repayments brought beyond the principal, the providers'' part of interest, and fees paid out; '
  'base units';
comment on column reporting.daily_balances_v1.losses_base is 'Of loans that defaulted; base units';
comment on column reporting.daily_balances_v1.other_base is
  'guarantees, external_transfers, unexplained and not_known together; base units';
comment on column reporting.daily_balances_v1.closing_base is
  'At the last snapshot of the day; base units';
comment on column reporting.daily_balances_v1.fundings_without_hold_base is
  'Of fundings: those without a hold of this service; base units';
comment on column reporting.daily_balances_v1.guarantees_base is
  'Of other: guarantees of borrowers that covered a default; base units';
comment on column reporting.daily_balances_v1.external_transfers_base is
  'Of other: tokens that moved past the pool''s functions; base units';
comment on column reporting.daily_balances_v1.unexplained_base is
  'Of other: what no event explains, as in breaks_v1; base units';
comment on column reporting.daily_balances_v1.not_known_base is
  'Of other: what moved in ledgers whose events are lost; base units';
comment on column reporting.daily_balances_v1.first_ledger is
  'Ledger number of the snapshot that opening is from';
comment on column reporting.daily_balances_v1.last_ledger is
  'Ledger number of the snapshot that closing is from';
comment on column reporting.daily_balances_v1.closed_at is
  'When that snapshot was, chain clock; the database clock where the chain did not say';
