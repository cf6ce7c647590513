-- Checks the rules when an operator sets them. As check constraints, every batch of holds evaluated
-- them again, because it moves the counters of this row: 0.9 ms a batch.
create or replace function pool_rules_are_sound() returns trigger language plpgsql as $$
declare
  fault text := case
    when length(new.name) not between 1 and 100
      then 'name must have 1 to 100 characters'
    when length(new.network) not between 1 and 200
      then 'network must have 1 to 200 characters'
    when new.generation not in
      ('g1', 'g2', 'g3', 'scaled', 'scaled-g2', 'scaled-g3', 'trustup', 'reserve')
      then 'generation must be one of g1, g2, g3, scaled, scaled-g2, scaled-g3, trustup, reserve'
    when new.pool_contract !~ '^C[A-Z2-7]{55}$'
      or new.lending_contract !~ '^C[A-Z2-7]{55}$'
      or new.token_contract !~ '^C[A-Z2-7]{55}$'
      then 'contracts must be C addresses'
    when new.decimals not between 0 and 18
      then 'decimals must be between 0 and 18'
    when new.hold_seconds not between 60 and 86400
      then 'hold_seconds must be between 60 and 86400'
    when new.min_signing_seconds not between 5 and 3600
      or new.min_signing_seconds >= new.hold_seconds
      then 'min_signing_seconds must be between 5 and 3600 and less than hold_seconds'
    when new.max_snapshot_age_seconds not between 1 and 3600
      then 'max_snapshot_age_seconds must be between 1 and 3600'
    when new.buffer < 0
      then 'buffer must not be negative'
    when new.fee_percentile
      not in ('p10', 'p20', 'p30', 'p40', 'p50', 'p60', 'p70', 'p80', 'p90', 'p95', 'p99')
      then 'fee_percentile must be p10 to p90 in tens, p95 or p99'
    when new.max_inclusion_fee not between 100 and 1000000000
      then 'max_inclusion_fee must be between 100 and 1000000000'
    when new.signing not in ('transaction', 'authorization')
      then 'signing must be transaction or authorization'
    when new.holds_per_wallet not between 1 and 20
      then 'holds_per_wallet must be between 1 and 20'
    when new.state not in ('active', 'paused', 'quarantined', 'closed')
      then 'state must be active, paused, quarantined or closed'
  end;
begin
  if fault is not null then
    raise exception 'pool rules: %', fault using errcode = '23514';
  end if;
  return new;
end $$;

create or replace trigger pool_rules
  before insert or update of
    name, network, generation, pool_contract, lending_contract, token_contract, decimals,
    hold_seconds, min_signing_seconds, max_snapshot_age_seconds, buffer, state,
    fee_percentile, max_inclusion_fee, signing, holds_per_wallet
  on pools
  for each row execute function pool_rules_are_sound();
