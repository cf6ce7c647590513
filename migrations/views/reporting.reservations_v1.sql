-- The look-ups are lateral with a limit, so that a recent window reads loans and journal row by
-- row; otherwise the planner may hash all loans for it.
create or replace view reporting.reservations_v1 as
  select
    p.id as pool_id,
    p.name as pool_name,
    r.id as reservation_id,
    r.loan_id,
    r.tenant_id,
    r.borrower,
    l.vendor,
    reporting.token_units(r.amount, p.decimals) as amount,
    r.amount as amount_base,
    reporting.token_units(l.total_amount, p.decimals) as total_amount,
    l.total_amount as total_amount_base,
    reporting.token_units(l.guarantee_amount, p.decimals) as guarantee_amount,
    l.guarantee_amount as guarantee_amount_base,
    l.loan_type,
    r.state,
    r.state = 'held' and r.expires_at <= p.head_close_time as lapsing,
    r.release_reason,
    r.held_at,
    r.submitted_at,
    r.ended_at,
    r.expires_at,
    round(extract(epoch from r.submitted_at - r.held_at), 3) as seconds_to_submit,
    case
      when r.state = 'settled' then round(extract(epoch from r.ended_at - r.held_at), 3)
    end as seconds_to_settle,
    round(extract(epoch from r.ended_at - r.held_at), 3) as seconds_to_end,
    r.at_ledger as judged_at_ledger,
    r.settled_ledger,
    r.envelope_version - 1 as rebuilds,
    r.cancel_requested_at,
    e.evidence ->> 'certificate' as certificate,
    e.ledger as end_ledger,
    e.close_time as end_close_time,
    e.envelope_hash as end_transaction,
    coalesce(
      e.evidence ->> 'resultCode', case when r.state = 'settled' then 'txSuccess' end
    ) as result_code,
    (e.evidence ->> 'chainLoanId')::numeric as chain_loan_id,
    r.signing
  from reservations r
  join pools p on p.id = r.pool_id
  left join lateral (
    select x.vendor, x.total_amount, x.guarantee_amount, x.loan_type
      from loans x
      where x.pool_id = r.pool_id and x.id = r.loan_id
      limit 1
  ) l on true
  left join lateral (
    select x.evidence, x.ledger, x.close_time, x.envelope_hash
      from reservation_events x
      where x.pool_id = r.pool_id and x.reservation_id = r.id
        and x.state_after <> 'held' and r.state <> 'held'
      order by x.number desc
      limit 1
  ) e on true;

comment on view reporting.reservations_v1 is
  'One row per hold: what was promised to whom, how it ended and by which proof. Give a range of '
  'held_at: it is what the index is on. Not here: requests that were refused (refusals_v1), the '
  'transactions themselves.';
comment on column reporting.reservations_v1.pool_id is 'Id of the pool';
comment on column reporting.reservations_v1.pool_name is 'Name of the pool as it is now';
comment on column reporting.reservations_v1.reservation_id is
  'Id of the hold; joins journal_v1 and breaks_v1.rows';
comment on column reporting.reservations_v1.loan_id is
  'Id of the loan in this service; not the loan id of the chain';
comment on column reporting.reservations_v1.tenant_id is
  'Whose hold it is; everybody is "default" until there are tenants';
comment on column reporting.reservations_v1.borrower is 'Stellar account that signs';
comment on column reporting.reservations_v1.vendor is
  'Stellar account or contract that is paid. Null: the contracts pay the borrower';
comment on column reporting.reservations_v1.amount is
  'Amount set aside: total less guarantee, what the pool pays; token units';
comment on column reporting.reservations_v1.amount_base is
  'Amount set aside: total less guarantee, what the pool pays; base units';
comment on column reporting.reservations_v1.total_amount is 'The loan''s price; token units';
comment on column reporting.reservations_v1.total_amount_base is 'The loan''s price; base units';
comment on column reporting.reservations_v1.guarantee_amount is
  'What the borrower pays at once; not the pool''s money; token units';
comment on column reporting.reservations_v1.guarantee_amount_base is
  'What the borrower pays at once; not the pool''s money; base units';
comment on column reporting.reservations_v1.loan_type is 'standard or learner_installment';
comment on column reporting.reservations_v1.state is
  'held, settled, released or expired; the last three are final';
comment on column reporting.reservations_v1.lapsing is
  'true: its deadline is over by the chain''s clock, and the proof is not in yet; it still counts';
comment on column reporting.reservations_v1.release_reason is
  'Why it was released: tx_failed (the contract refused the loan), not_rebuilt (a transaction '
  'failed for a reason that is not the borrower''s, and no new one landed in time) or '
  'sequence_consumed; null in every other state';
comment on column reporting.reservations_v1.held_at is 'When the promise was made, database clock';
comment on column reporting.reservations_v1.submitted_at is
  'When the signed transaction was first handed to this service, database clock; null: never, '
  'which does not mean it was not sent past it';
comment on column reporting.reservations_v1.ended_at is
  'When its end was recorded, database clock: some seconds after the chain decided; null while it '
  'is held';
comment on column reporting.reservations_v1.expires_at is
  'Deadline of its transactions, chain clock; passing it frees nothing by itself';
comment on column reporting.reservations_v1.seconds_to_submit is
  'From the promise to the first submission; seconds; null without one';
comment on column reporting.reservations_v1.seconds_to_settle is
  'From the promise to the recorded settlement; seconds; null unless settled';
comment on column reporting.reservations_v1.seconds_to_end is
  'From the promise to any recorded end; seconds; null while held';
comment on column reporting.reservations_v1.judged_at_ledger is
  'Ledger number of the pool reading it was judged on';
comment on column reporting.reservations_v1.settled_ledger is
  'Ledger number it was funded in; null unless settled';
comment on column reporting.reservations_v1.rebuilds is
  'How often its transaction was made anew; a count, 0 to 3, and up to 5 more in place of failures '
  'that were not the borrower''s';
comment on column reporting.reservations_v1.cancel_requested_at is
  'When the borrower wished to give up, database clock; frees nothing by itself; null: never';
comment on column reporting.reservations_v1.certificate is
  'The proof that ended it: D1 time, D2 sequence, D3 failed, D4 landed, D5 fence of an authorization, contract_state '
  '(the node had forgotten; the contract''s own list of loans shows or lacks it), operator (no proof: a '
  'person''s word, which journal_v1.evidence has); null while held';
comment on column reporting.reservations_v1.end_ledger is
  'Ledger number the proof names; null while held';
comment on column reporting.reservations_v1.end_close_time is
  'Close time of that ledger, chain clock; null while held or not told';
comment on column reporting.reservations_v1.end_transaction is
  'Hash of the transaction that landed or failed; of a fee bump that of the transaction inside, '
  'which journal_v1.evidence says; null when none was found';
comment on column reporting.reservations_v1.result_code is
  'Result of that transaction; of a settlement txSuccess, also where the proof is contract_state '
  'or operator and it was not seen; null without one';
comment on column reporting.reservations_v1.chain_loan_id is
  'Loan id of the contract; null unless settled';
comment on column reporting.reservations_v1.signing is
  'What its borrower signs: transaction, or authorization, which a transaction of this service or '
  'of a stranger lands';
