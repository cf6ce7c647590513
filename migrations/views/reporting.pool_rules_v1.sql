create or replace view reporting.pool_rules_v1 as
  select
    p.id as pool_id,
    p.name as pool_name,
    h.number,
    h.at as valid_from,
    h.until as valid_until,
    h.from_start as known_before,
    h.state,
    reporting.token_units(h.buffer, p.decimals) as buffer,
    h.buffer as buffer_base,
    h.hold_seconds,
    h.min_signing_seconds,
    h.max_snapshot_age_seconds,
    h.max_extension_seconds,
    h.strict,
    round(h.max_wallet_share_bps / 10000.0, 4) as max_wallet_share,
    h.lapses_max,
    h.fee_percentile,
    h.max_inclusion_fee,
    h.signing,
    h.holds_per_wallet
  from (
    select x.*, lead(x.at) over (partition by x.pool_id order by x.number) as until
      from pool_rules_history x
  ) h
  join pools p on p.id = h.pool_id;

comment on view reporting.pool_rules_v1 is
  'The rules and the state of each pool as they were, one row per change. Not here: changes made '
  'before this was kept; the first row of such a pool says known_before = false. max_wallet_share, '
  'lapses_max, fee_percentile, max_inclusion_fee, signing and holds_per_wallet are null in rows '
  'from before they were kept; '
  'each pool has a row from the moment on from which they are, also when nothing was changed then.';
comment on column reporting.pool_rules_v1.pool_id is 'Id of the pool';
comment on column reporting.pool_rules_v1.pool_name is 'Name of the pool as it is now';
comment on column reporting.pool_rules_v1.number is 'Place among the pool''s rows, from 1';
comment on column reporting.pool_rules_v1.valid_from is 'From when on, database clock';
comment on column reporting.pool_rules_v1.valid_until is 'Until when; null: still';
comment on column reporting.pool_rules_v1.known_before is
  'false: what the rules were before valid_from is not known';
comment on column reporting.pool_rules_v1.state is 'active, paused, quarantined or closed';
comment on column reporting.pool_rules_v1.buffer is 'Kept back from every promise; token units';
comment on column reporting.pool_rules_v1.buffer_base is 'Kept back from every promise; base units';
comment on column reporting.pool_rules_v1.hold_seconds is 'How long a promise lives; seconds';
comment on column reporting.pool_rules_v1.min_signing_seconds is 'Least time to sign; seconds';
comment on column reporting.pool_rules_v1.max_snapshot_age_seconds is
  'Oldest reading on which is promised; seconds';
comment on column reporting.pool_rules_v1.max_extension_seconds is
  'How far a rebuild may move the deadline; seconds';
comment on column reporting.pool_rules_v1.strict is
  'true: no more live holds than the loan ids of an envelope';
comment on column reporting.pool_rules_v1.max_wallet_share is
  'Most of the observed total that one hold may be, 0 to 1; 1: no bound; null: not known';
comment on column reporting.pool_rules_v1.lapses_max is
  'Holds in a row that a wallet may let lapse unsigned before it has to wait; a count; 0: it never '
  'has to; null: not known';
comment on column reporting.pool_rules_v1.fee_percentile is
  'Percentile of the network''s inclusion fees that a transaction bids; null: not known';
comment on column reporting.pool_rules_v1.max_inclusion_fee is
  'Most that a transaction bids for inclusion, stroops; null: not known';
comment on column reporting.pool_rules_v1.signing is
  'What borrowers sign when the request does not say: transaction or authorization; null: not known';
comment on column reporting.pool_rules_v1.holds_per_wallet is
  'Live holds that a wallet may have when it signs the newest by authorization; a count; null: not '
  'known';
