import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a pool bids for inclusion, what its envelopes bid, and whose fault a lapse was not. */
const UP = `
alter table pools
  add column fee_percentile text not null default 'p90',
  add column max_inclusion_fee integer not null default 100000,
  add column going_rate bigint,
  add column going_rate_ledger bigint,
  add constraint pools_going_rate_check check ((going_rate is null) = (going_rate_ledger is null));
comment on column pools.fee_percentile is
  'Percentile of the node''s inclusion fees that an envelope bids, such as p90';
comment on column pools.max_inclusion_fee is
  'The most that an envelope bids for inclusion, stroops; the floor of the service comes first';
comment on column pools.going_rate is
  'Inclusion fee at fee_percentile when the pool was last observed, stroops. Null: not known';
comment on column pools.going_rate_ledger is 'Ledger of the reply that said it';

alter table pool_rules_history
  add column fee_percentile text,
  add column max_inclusion_fee integer;
comment on column pool_rules_history.fee_percentile is
  'Null: from before this was kept, not known';
comment on column pool_rules_history.max_inclusion_fee is
  'Stroops. Null: from before this was kept, not known';
insert into pool_rules_history (
    pool_id, number, from_start, name, state, buffer, hold_seconds, min_signing_seconds,
    max_snapshot_age_seconds, max_extension_seconds, strict, max_wallet_share_bps, lapses_max,
    fee_percentile, max_inclusion_fee
  )
  select p.id, coalesce(max(h.number), 0) + 1, max(h.number) is not null, p.name, p.state, p.buffer,
      p.hold_seconds, p.min_signing_seconds, p.max_snapshot_age_seconds, p.max_extension_seconds,
      p.strict, p.max_wallet_share_bps, p.lapses_max, p.fee_percentile, p.max_inclusion_fee
    from pools p
    left join pool_rules_history h on h.pool_id = p.id
    group by p.id;

alter table envelopes
  add column inclusion_fee bigint check (inclusion_fee > 0),
  add column going_rate bigint,
  add column outbid_ledger bigint;
comment on column envelopes.inclusion_fee is
  'Its bid for inclusion, a part of fee, stroops. Null: from before this was kept';
comment on column envelopes.going_rate is
  'What its pool''s percentile paid when it was built, stroops. Null: not known';
comment on column envelopes.outbid_ledger is
  'Ledger of the rate that was first seen above its bid; null while its bid is enough. Stays as it '
  'was at max_time';

alter table reservations add column signed_at timestamptz;
comment on column reservations.signed_at is
  'When a transaction that its borrower had signed was first seen here and not taken by a node';
`;

/** The release before puts its own triggers and its own view back when it starts. */
const DOWN = `
drop trigger if exists pool_rules_history_note on pools;
drop trigger if exists pool_rules on pools;
drop view if exists reporting.pool_rules_v1;
delete from repeatable_objects where name = 'views/reporting.pool_rules_v1.sql';
update repeatable_objects set hash = ''
  where name in ('functions/note_pool_rules.sql', 'functions/pool_rules_are_sound.sql');
alter table reservations drop column signed_at;
alter table envelopes drop column inclusion_fee, drop column going_rate, drop column outbid_ledger;
alter table pool_rules_history drop column fee_percentile, drop column max_inclusion_fee;
alter table pools
  drop column fee_percentile,
  drop column max_inclusion_fee,
  drop column going_rate,
  drop column going_rate_ledger;
`;

export class InclusionFees1800000100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
