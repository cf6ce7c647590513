create or replace view reporting.fundings_without_hold_v1 as
  select
    p.id as pool_id,
    p.name as pool_name,
    f.event_id,
    f.ledger,
    f.seen_at,
    f.tx_hash as transaction,
    reporting.token_units(f.amount, p.decimals) as amount,
    f.amount as amount_base,
    f.borrower,
    f.chain_loan_id
  from fundings f
  join pools p on p.id = f.pool_id
  where f.reservation_id is null;

comment on view reporting.fundings_without_hold_v1 is
  'One row per loan that the pool funded without a hold of this service: somebody called the '
  'contract past it. Joined by transaction hash, never by amount.';
comment on column reporting.fundings_without_hold_v1.pool_id is 'Id of the pool';
comment on column reporting.fundings_without_hold_v1.pool_name is 'Name of the pool as it is now';
comment on column reporting.fundings_without_hold_v1.event_id is
  'Id of the chain''s event; ids order as the chain does';
comment on column reporting.fundings_without_hold_v1.ledger is 'Ledger number it was funded in';
comment on column reporting.fundings_without_hold_v1.seen_at is
  'When this service read it, database clock';
comment on column reporting.fundings_without_hold_v1.transaction is
  'Hash of the transaction, as explorers show it';
comment on column reporting.fundings_without_hold_v1.amount is 'What left the pool; token units';
comment on column reporting.fundings_without_hold_v1.amount_base is
  'What left the pool; base units';
comment on column reporting.fundings_without_hold_v1.borrower is
  'Stellar account; null when the events did not tell';
comment on column reporting.fundings_without_hold_v1.chain_loan_id is
  'Loan id of the contract; null when the events did not tell';
