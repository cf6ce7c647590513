-- needs reporting.break_episodes_v1
create or replace view reporting.break_causes_v1 as
  select
    e.pool_id,
    e.pool_name,
    e.class,
    e.since,
    e.until,
    e.first_ledger,
    e.largest_amount,
    e.largest_amount_base,
    c.place,
    c.figure,
    c.term,
    c.amount,
    c.amount_base,
    c.transactions,
    c.not_listed,
    c.note
  from reporting.break_episodes_v1 e
  cross join lateral reporting.break_cause(e.pool_id, e.class, e.first_ledger, e.last_ledger) c;

comment on view reporting.break_causes_v1 is
  'One row per cause of an episode of breaks, the greatest loss first; holds of this service and '
  'the room before come last. All rows of a shortfall add up to the shortfall below zero, for '
  'SNAPSHOT_DAYS; after that the terms of its first pair of readings are known. What is not known '
  'is a row unexplained. '
  'Give a pool_id and a range of since.';
comment on column reporting.break_causes_v1.pool_id is 'Id of the pool';
comment on column reporting.break_causes_v1.pool_name is 'Name of the pool as it is now';
comment on column reporting.break_causes_v1.class is 'Class of the breaks, as in break_episodes_v1';
comment on column reporting.break_causes_v1.since is
  'When the episode was found first, database clock';
comment on column reporting.break_causes_v1.until is
  'When it was found last, database clock; null: it lasts';
comment on column reporting.break_causes_v1.first_ledger is
  'Ledger number of the first reading that shows it';
comment on column reporting.break_causes_v1.largest_amount is
  'The most in one reading; null: not known; token units';
comment on column reporting.break_causes_v1.largest_amount_base is
  'The most in one reading; null: not known; base units';
comment on column reporting.break_causes_v1.place is 'Place among the causes of the episode, from 1';
comment on column reporting.break_causes_v1.figure is
  'Bridges that the term belongs to: total, locked, tokenBalance; null: it is no event of the chain';
comment on column reporting.break_causes_v1.term is
  'A term of the bridges (withdrawals, unreservedFundings, externalTransfers and so on), ownHolds, '
  'buffer, utilisationLimit, roomBefore (what was free before), unexplained, lostEvents or '
  'contradiction';
comment on column reporting.break_causes_v1.amount is
  'What it changed available by; below zero it took money; null: not known; token units';
comment on column reporting.break_causes_v1.amount_base is
  'What it changed available by; below zero it took money; null: not known; base units';
comment on column reporting.break_causes_v1.transactions is
  'The transactions behind it: transaction (hash), ledger, amount (token units as text), '
  'reservation, note';
comment on column reporting.break_causes_v1.not_listed is
  'What transactions account for that are not listed, because there were more than 100 or they were '
  'read before transactions were kept; null: none; token units';
comment on column reporting.break_causes_v1.note is 'What the row stands for, where the term does not say it';
