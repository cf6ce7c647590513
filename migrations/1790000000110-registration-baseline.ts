import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Reconciliation begins at a pool's first snapshot (decision 0033). It began at the newest one of
 * the first round, so everything between the two was neither
 * explained nor reported. A pool that no round has reached gets its cursor at its first snapshot.
 * For a pool that is past that, the span between its first
 * snapshot and its baseline is written down as what it is: a gap, unknown. Where that snapshot was
 * deleted by age, nothing is left to write it from.
 */
const UP = `
insert into event_cursors (pool_id, start_ledger, baseline_ledger, through_ledger)
  select s.pool_id, min(s.ledger), min(s.ledger), min(s.ledger) from snapshots s group by s.pool_id on conflict do nothing;

with unread as (
  select c.pool_id, f.ledger as from_ledger, c.baseline_ledger as to_ledger,
    (select jsonb_object_agg(g.figure, jsonb_build_object('before', g.before::text, 'after', g.after::text, 'terms', '{}'::jsonb, 'expected', null, 'difference', null))
      from (values ('total', f.total, b.total), ('locked', f.locked, b.locked), ('tokenBalance', f.token_balance, b.token_balance)) as g (figure, before, after)) as bridges
  from event_cursors c
    join lateral (select s.* from snapshots s where s.pool_id = c.pool_id order by s.ledger limit 1) f on f.ledger < c.baseline_ledger
    join snapshots b on b.pool_id = c.pool_id and b.ledger = c.baseline_ledger
  where not exists (select from pruned_readings g where g.pool_id = c.pool_id)
), gaps as (
  insert into event_gaps (pool_id, first_ledger, last_ledger) select u.pool_id, u.from_ledger + 1, u.to_ledger from unread u on conflict do nothing
)
insert into reconciliations (pool_id, from_ledger, to_ledger, outcome, bridges, breaks)
  select u.pool_id, u.from_ledger, u.to_ledger, 'unknown', u.bridges,
    jsonb_build_array(jsonb_build_object('class', 'gap', 'figure', null, 'amount', null, 'rows', jsonb_build_array(jsonb_build_object('ledger', u.from_ledger + 1, 'lastLedger', u.to_ledger))))
  from unread u on conflict do nothing;

comment on column event_cursors.baseline_ledger is 'Ledger of the pool''s first snapshot, from which the bridges begin; of a pool from before this rule, of the snapshot that its first reconciliation found';
`;
/**
 * Every other reconciliation and gap ends behind the baseline, so those that end at it are the ones
 * written above. Cursors stay: the release before reads them alike.
 */
const DOWN = `
delete from reconciliations r using event_cursors c where c.pool_id = r.pool_id and r.to_ledger = c.baseline_ledger;
delete from event_gaps g using event_cursors c where c.pool_id = g.pool_id and g.last_ledger = c.baseline_ledger;
comment on column event_cursors.baseline_ledger is 'Ledger of the snapshot from which the bridges begin';
`;

export class RegistrationBaseline1790000000110 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
