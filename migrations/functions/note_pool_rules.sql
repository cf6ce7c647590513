-- Keeps what pool_rules_history has columns for, by their names.
create or replace function note_pool_rules() returns trigger language plpgsql
security definer set search_path = public, pg_temp as $$
declare
  rules pool_rules_history := jsonb_populate_record(null::pool_rules_history, to_jsonb(new));
begin
  if tg_op = 'UPDATE'
    and rules is not distinct from
      jsonb_populate_record(null::pool_rules_history, to_jsonb(old))
  then
    return null;
  end if;
  rules.pool_id := new.id;
  rules.number := coalesce(
    (select max(h.number) from pool_rules_history h where h.pool_id = new.id), 0
  ) + 1;
  rules.at := clock_timestamp();
  rules.from_start := true;
  insert into pool_rules_history values (rules.*);
  return null;
end $$;

-- only for these columns, because the counters change with every batch
create or replace trigger pool_rules_history_note
  after insert or update of
    name, state, buffer, hold_seconds, min_signing_seconds,
    max_snapshot_age_seconds, max_extension_seconds, strict,
    max_wallet_share_bps, lapses_max, fee_percentile, max_inclusion_fee,
    signing, holds_per_wallet
  on pools
  for each row execute function note_pool_rules();
