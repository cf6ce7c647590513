create or replace view reporting.journal_v1 as
  select
    p.id as pool_id,
    p.name as pool_name,
    e.reservation_id,
    e.number,
    e.kind,
    e.at,
    e.state_before,
    e.state_after,
    reporting.token_units(e.amount, p.decimals) as amount,
    e.amount as amount_base,
    e.pool_version,
    reporting.token_units(e.held_before, p.decimals) as held_before,
    e.held_before as held_before_base,
    reporting.token_units(e.held_after, p.decimals) as held_after,
    e.held_after as held_after_base,
    reporting.token_units(e.in_flight_before, p.decimals) as in_flight_before,
    e.in_flight_before as in_flight_before_base,
    reporting.token_units(e.in_flight_after, p.decimals) as in_flight_after,
    e.in_flight_after as in_flight_after_base,
    e.envelope_hash as transaction,
    e.ledger,
    e.close_time,
    e.reason,
    e.evidence ->> 'certificate' as certificate,
    e.evidence
  from reservation_events e
  join pools p on p.id = e.pool_id;

comment on view reporting.journal_v1 is
  'One row per change of a hold, never changed or deleted, with the pool''s counters before and '
  'after. Give a range of at, or a pool_id and a reservation_id. Not here: refusals, readings of '
  'the chain (utilisation_v1), changes of rules (pool_rules_v1).';
comment on column reporting.journal_v1.pool_id is 'Id of the pool';
comment on column reporting.journal_v1.pool_name is 'Name of the pool as it is now';
comment on column reporting.journal_v1.reservation_id is 'The hold that changed';
comment on column reporting.journal_v1.number is 'Place of this row in the hold''s life, from 1';
comment on column reporting.journal_v1.kind is
  'held, submitted, rebuilt, envelope_failed, landing_issued, landing_failed, cancel_requested, '
  'settled, released or expired';
comment on column reporting.journal_v1.at is 'When it was recorded, database clock';
comment on column reporting.journal_v1.state_before is 'State before; null for the first row';
comment on column reporting.journal_v1.state_after is 'State after';
comment on column reporting.journal_v1.amount is 'Amount of the hold; token units';
comment on column reporting.journal_v1.amount_base is 'Amount of the hold; base units';
comment on column reporting.journal_v1.pool_version is
  'Version of the pool after it; a count of the pool''s ledger transactions; rows of one batch '
  'share it';
comment on column reporting.journal_v1.held_before is
  'Sum of the pool''s live holds before; token units';
comment on column reporting.journal_v1.held_before_base is
  'Sum of the pool''s live holds before; base units';
comment on column reporting.journal_v1.held_after is
  'Sum of the pool''s live holds after; token units';
comment on column reporting.journal_v1.held_after_base is
  'Sum of the pool''s live holds after; base units';
comment on column reporting.journal_v1.in_flight_before is
  'Settled, not yet in the pool reading, before; token units';
comment on column reporting.journal_v1.in_flight_before_base is
  'Settled, not yet in the pool reading, before; base units';
comment on column reporting.journal_v1.in_flight_after is
  'Settled, not yet in the pool reading, after; token units';
comment on column reporting.journal_v1.in_flight_after_base is
  'Settled, not yet in the pool reading, after; base units';
comment on column reporting.journal_v1.transaction is
  'Hash of the transaction it is about, as this service issued it; when a fee bump around it '
  'landed, explorers show that one first; null when none is';
comment on column reporting.journal_v1.ledger is
  'Ledger number it rests on; for held: of the pool reading it was judged on';
comment on column reporting.journal_v1.close_time is
  'Close time of that ledger, chain clock; null when not told';
comment on column reporting.journal_v1.reason is
  'Why, when there is more than one possible cause: of envelope_failed and landing_failed why the transaction failed '
  '(evidence says who decided, failedBy); else null';
comment on column reporting.journal_v1.certificate is
  'The proof: D1 time, D2 sequence, D3 failed, D4 landed, D5 fence of an authorization, contract_state (the node '
  'had forgotten; the contract''s own list of loans shows or lacks it), operator (no proof: a person''s word, in '
  'evidence); null when it is no end';
comment on column reporting.journal_v1.evidence is
  'What the chain said, as kept, or who said so, why and at which alarm (certificate operator); '
  'ledgers are numbers, amounts and sequences are text; null when it is no end';
