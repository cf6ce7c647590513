import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An empty database has no trigger yet: functions are applied after the migrations. */
const rulesTrigger = (what: 'disable' | 'enable'): string => `
  do $$ begin
    if exists (select from pg_trigger where tgrelid = 'pools'::regclass and tgname = 'pool_rules') then
      alter table pools ${what} trigger pool_rules;
    end if;
  end $$;`;
const REASONS = `'unexplained', 'contract_upgraded'`;

/**
 * A pool names the generation of its contracts, which decides how its events and entries are read.
 * A funding whose event cannot be read has no amount: it is never stored as zero.
 */
export class Generations1800000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table pools rename column profile to generation;
      comment on column pools.generation is
        'Generation of published contracts that the pool runs, by which it is read';
      alter table fundings alter column amount drop not null;
      alter table fundings add column vendor text;
      create index fundings_unreadable on fundings (pool_id, event_id) where amount is null;
      comment on column fundings.amount is
        'Base units. Null: the event could not be read; it is completed once it can be';
      comment on column fundings.vendor is
        'Who was paid, where the event says so';
      alter table pool_pauses drop constraint pool_pauses_reason_check;
      alter table pool_pauses add constraint pool_pauses_reason_check
        check (reason in (${REASONS}, 'unreadable_event'));
      ${rulesTrigger('disable')}
      update pools set generation = 'g1' where generation = 'stepfi';
      ${rulesTrigger('enable')}`);
  }

  /** What the version before cannot say is lost: pools of newer generations become its own kind. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${rulesTrigger('disable')}
      update pools set generation = 'stepfi' where generation not in ('scaled', 'trustup');
      ${rulesTrigger('enable')}
      alter table pool_pauses drop constraint pool_pauses_reason_check;
      delete from pool_pauses where reason not in (${REASONS});
      alter table pool_pauses add constraint pool_pauses_reason_check check (reason in (${REASONS}));
      drop index fundings_unreadable;
      alter table fundings drop column vendor;
      delete from fundings where amount is null;
      alter table fundings alter column amount set not null;
      comment on column fundings.amount is null;
      comment on column pools.generation is null;
      alter table pools rename column generation to profile;`);
  }
}
