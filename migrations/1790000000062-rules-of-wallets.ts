import type { MigrationInterface, QueryRunner } from 'typeorm';
import { RULES } from './1790000000053-reporting-pools.js';
import { column, createView, type CommentedView } from './reporting/commented.view.js';

const KEPT = [
  'name',
  'state',
  'buffer',
  'hold_seconds',
  'min_signing_seconds',
  'max_snapshot_age_seconds',
  'max_extension_seconds',
  'strict',
];
const LIMITS = ['max_wallet_share_bps', 'lapses_max'];

/** "strict" in quotes: PL/pgSQL takes new.strict for its own word. */
const of = (row: string, rules: readonly string[]): string =>
  rules.map((rule) => `${row}."${rule}"`).join(', ');
const noting = (rules: readonly string[]): string => `
create or replace function note_pool_rules() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (${of('new', rules)}) is not distinct from (${of('old', rules)}) then return null; end if;
  insert into pool_rules_history (pool_id, number, from_start, ${rules.join(', ')})
    values (new.id, coalesce((select max(h.number) from pool_rules_history h where h.pool_id = new.id), 0) + 1, true, ${of('new', rules)});
  return null;
end $$;
drop trigger pool_rules_history_note on pools;
-- of these columns only: the counters change with every batch
create trigger pool_rules_history_note after insert or update of ${rules.join(', ')} on pools for each row execute function note_pool_rules();
`;

const VIEW: CommentedView = {
  ...RULES,
  meaning:
    `${RULES.meaning} max_wallet_share and lapses_max are null in rows from before they were ` +
    'kept; each pool has a row from the moment on from which they are, also when nothing was ' +
    'changed then.',
  columns: [
    ...RULES.columns,
    column(
      'max_wallet_share',
      'round(h.max_wallet_share_bps / 10000.0, 4)',
      'Most of the observed total that one hold may be, 0 to 1; 1: no bound; null: not known',
    ),
    column(
      'lapses_max',
      'h.lapses_max',
      'Holds in a row that a wallet may let lapse unsigned before it has to wait; a count; ' +
        '0: it never has to; null: not known',
    ),
  ],
};

/**
 * The limits of wallets (migration 58) came after the history of rules and were not in it. What
 * they were before is not known, so older rows say null and a new one begins what is.
 */
const UP = `
alter table pool_rules_history add column max_wallet_share_bps integer, add column lapses_max integer;
comment on column pool_rules_history.max_wallet_share_bps is 'Hundredths of a percent. Null: from before this was kept, not known';
comment on column pool_rules_history.lapses_max is 'Null: from before this was kept, not known';
${noting([...KEPT, ...LIMITS])}
insert into pool_rules_history (pool_id, number, from_start, ${[...KEPT, ...LIMITS].join(', ')})
  select p.id, coalesce((select max(h.number) from pool_rules_history h where h.pool_id = p.id), 0) + 1, true, ${of('p', [...KEPT, ...LIMITS])} from pools p;
${createView(VIEW).replace('create view', 'create or replace view')}
`;
/**
 * Columns cannot be taken from a view: it is made anew, and its reader is let in again where there
 * is one. Rows that were written for the two columns alone stay, the table is append-only.
 */
const DOWN = `
drop view reporting.pool_rules_v1;
${noting(KEPT)}
alter table pool_rules_history drop column max_wallet_share_bps, drop column lapses_max;
${createView(RULES)}
do $$ begin if exists (select from pg_roles where rolname = 'holdfast_reporting') then grant select on reporting.pool_rules_v1 to holdfast_reporting; end if; end $$;
`;

export class RulesOfWallets1790000000062 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
