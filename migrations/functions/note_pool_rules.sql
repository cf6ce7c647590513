-- "strict" is quoted, because PL/pgSQL would take new.strict for a keyword.
create or replace function note_pool_rules() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (
    new.name, new.state, new.buffer, new.hold_seconds, new.min_signing_seconds,
    new.max_snapshot_age_seconds, new.max_extension_seconds, new."strict",
    new.max_wallet_share_bps, new.lapses_max, new.fee_percentile, new.max_inclusion_fee,
    new.signing, new.holds_per_wallet
  ) is not distinct from (
    old.name, old.state, old.buffer, old.hold_seconds, old.min_signing_seconds,
    old.max_snapshot_age_seconds, old.max_extension_seconds, old."strict",
    old.max_wallet_share_bps, old.lapses_max, old.fee_percentile, old.max_inclusion_fee,
    old.signing, old.holds_per_wallet
  ) then
    return null;
  end if;
  insert into pool_rules_history (
    pool_id, number, from_start,
    name, state, buffer, hold_seconds, min_signing_seconds,
    max_snapshot_age_seconds, max_extension_seconds, strict,
    max_wallet_share_bps, lapses_max, fee_percentile, max_inclusion_fee,
    signing, holds_per_wallet
  )
  values (
    new.id,
    coalesce(
      (select max(h.number) from pool_rules_history h where h.pool_id = new.id), 0
    ) + 1,
    true,
    new.name, new.state, new.buffer, new.hold_seconds, new.min_signing_seconds,
    new.max_snapshot_age_seconds, new.max_extension_seconds, new."strict",
    new.max_wallet_share_bps, new.lapses_max, new.fee_percentile, new.max_inclusion_fee,
    new.signing, new.holds_per_wallet
  );
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
