import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What people did, with who and why. A change and its row are one transaction; a look (observe,
 * reconcile, self-check) is noted after it.
 */
const UP = `
create table operator_actions (
  id uuid primary key default uuidv7(),
  at timestamptz not null default clock_timestamp(),
  actor_kind text not null check (actor_kind in ('key', 'command', 'start')),
  actor_id text not null,
  actor_name text not null,
  action text not null check (action ~ '^[a-z-]+[.][a-z-]+$'),
  subject text not null,
  reason text check (length(btrim(reason)) between 3 and 1000),
  facts jsonb not null default '{}'
);
create index operator_actions_by_subject on operator_actions (subject, id);
comment on table operator_actions is 'Who changed pools and keys, and why. Append-only by trigger.';
comment on column operator_actions.actor_kind is 'key: through the API, actor_id is the key; command: on the command line, by the user of the system; start: by the service itself';
comment on column operator_actions.subject is 'Id of the pool or key, or all';
create trigger operator_actions_guard before update or delete or truncate on operator_actions for each statement execute function changes_are_append_only();
`;

const DOWN = 'drop table operator_actions;';

export class OperatorActions1790000000041 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
