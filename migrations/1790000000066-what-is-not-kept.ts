import type { MigrationInterface, QueryRunner } from 'typeorm';
import { REFUSALS } from './1790000000051-reporting-holds.js';
import { FUNNELS } from './1790000000052-reporting-funnel.js';
import { BREAKS, FUNDINGS, RECONCILIATIONS, UTILISATION } from './1790000000053-reporting-pools.js';
import { type Change, changeFunctions } from './changed.functions.js';
import { commentOn, type CommentedView, createView } from './reporting/commented.view.js';

/**
 * Readings are pruned after SNAPSHOT_DAYS, and `position_at` took a past without them for a pool
 * that had not been read yet. A pool's first pruned reading is now noted,
 * by a trigger, so that whoever deletes is noticed, also a process of the release before. Pools
 * that lost readings earlier: where nothing within a minute of the
 * registration is left, it is taken that there was something, which errs to "not known".
 *
 * A stranger's funding was deleted with its event after CHAIN_EVENT_DAYS, because the view took the
 * time from there. It has its own now, and stays: they are few,
 * and whoever closes a year asks for them. Those of reservations from before get none: nobody reads
 * it, and there may be ten million.
 */
const UP = `
create table pruned_readings (
  pool_id uuid primary key, -- no foreign key: its check would lock the pool's row, for which a promise would wait
  first_at timestamptz not null
);
comment on table pruned_readings is 'Pools of which readings were deleted by age. Without a row every reading there ever was is there';
comment on column pruned_readings.first_at is 'When the first of them was stored: before it the pool really had none. Of those deleted before this was kept: when the pool was registered';
create function note_pruned_readings() returns trigger language plpgsql as $$
begin
  insert into pruned_readings (pool_id, first_at) select g.pool_id, min(g.observed_at) from gone g group by g.pool_id order by g.pool_id on conflict do nothing;
  return null;
end $$;
create trigger snapshots_note_pruned after delete on snapshots referencing old table as gone for each statement execute function note_pruned_readings();
insert into pruned_readings (pool_id, first_at) select p.id, p.created_at from pools p
  where p.snapshot_ledger is not null and not exists (select from snapshots s where s.pool_id = p.id and s.observed_at <= p.created_at + interval '1 minute');

alter table fundings add column seen_at timestamptz;
update fundings f set seen_at = e.seen_at from chain_events e where f.reservation_id is null and e.pool_id = f.pool_id and e.id = f.event_id;
alter table fundings alter column seen_at set default clock_timestamp();
comment on column fundings.seen_at is 'When its event was read, database clock. Null: of a reservation, from before this was kept';
comment on column fundings.event_id is 'The event LQFUND, as the node numbers it; a funding is kept longer than the event''s own row';
`;
/**
 * Strangers' fundings that outlived their events have no time in the older view, and are not in it.
 */
const DOWN = `
comment on column fundings.event_id is 'The event LQFUND, as the node numbers it; the funding of a reservation is kept longer than the event''s own row';
alter table fundings drop column seen_at;
drop trigger snapshots_note_pruned on snapshots; drop function note_pruned_readings(); drop table pruned_readings;
`;

const POSITION_AT: Readonly<Record<string, readonly Change[]>> = {
  'reporting.position_at': [
    [
      'v_from text; v_held numeric; v_flight numeric;',
      'v_from text; v_held numeric; v_flight numeric; v_kept timestamptz;',
    ],
    [
      '  foreach v_window in array',
      `  if s.ledger is null and exists (select from pruned_readings g where g.pool_id = p_pool and g.first_at <= p_at) then
    select min(x.observed_at) into v_kept from snapshots x where x.pool_id = p_pool;
  end if;
  foreach v_window in array`,
    ],
    [
      '    when s.ledger is null or snapshot_age_seconds',
      "    when v_kept is not null then 'not known: the readings of then are not kept any " +
        "more'\n    when s.ledger is null or snapshot_age_seconds",
    ],
    [
      "    case when s.ledger is null then 'no reading had been stored' end,",
      `    case when v_kept is not null then 'what had been read of the pool: readings are ` +
        `kept since ' || v_kept::text || ' only' when s.ledger is null then 'no reading had ` +
        `been stored' end,`,
    ],
  ],
};

const KEPT: CommentedView = {
  ...FUNDINGS,
  columns: FUNDINGS.columns.map((each) =>
    each.name === 'seen_at' ? { ...each, expression: 'f.seen_at' } : each,
  ),
  from: 'from fundings f join pools p on p.id = f.pool_id where f.reservation_id is null',
};
const asNew = (view: CommentedView): string =>
  createView(view).replace('create view', 'create or replace view');

const NEVER_ROWS =
  'BORROWER_BUSY, BORROWER_BACK_OFF, WALLET_SHARE_EXCEEDED, COUNTER_WINDOW_FULL, CHAIN_LIQUIDITY_SHORT, ';
const named = ({ meaning, ...rest }: CommentedView): CommentedView => ({
  ...rest,
  meaning: meaning.replace('BORROWER_BUSY, ', NEVER_ROWS),
});
const more = ({ meaning, ...rest }: CommentedView, words: string): CommentedView => ({
  ...rest,
  meaning: `${meaning} ${words}`,
});
const AS_WAS = [REFUSALS, ...FUNNELS, UTILISATION, RECONCILIATIONS, BREAKS];
const AS_IS = [
  named(REFUSALS),
  ...FUNNELS.map(named),
  more(UTILISATION, 'Readings older than SNAPSHOT_DAYS (7 unless set) are deleted.'),
  more(
    RECONCILIATIONS,
    'Those that explain everything and found no alarm are deleted after ' +
      'RECONCILIATION_DAYS (90 unless set); all others stay.',
  ),
  more(
    BREAKS,
    'Breaks that are alarms stay; in_transit goes with its reconciliation after ' +
      'RECONCILIATION_DAYS (90 unless set) when it was all there was.',
  ),
];
const comments = (views: readonly CommentedView[]): string =>
  views.map(({ name, meaning }) => commentOn(name, meaning)).join('\n');

export class WhatIsNotKept1790000000066 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`${UP}\n${asNew(KEPT)}\n${comments(AS_IS)}`);
    await changeFunctions(runner, POSITION_AT, 0);
  }

  async down(runner: QueryRunner): Promise<void> {
    await changeFunctions(runner, POSITION_AT, 1);
    await runner.query(`${asNew(FUNDINGS)}\n${comments(AS_WAS)}\n${DOWN}`);
  }
}
