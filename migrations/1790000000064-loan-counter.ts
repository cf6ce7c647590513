import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * R11: the creditline's loan counter as it was read with the snapshot, under the same guard (R5). `observe_pool` takes one argument more; its text is changed in
 * two places instead of being written again. The argument may be left out, so that a process of the release before, still running, goes on observing.
 */
const CHANGES: readonly (readonly [string, string])[] = [
  ['p_head_close_time bigint)', 'p_head_close_time bigint, p_last_loan numeric DEFAULT NULL::numeric)'],
  ['snapshot_advanced_at = clock_timestamp()\n', 'snapshot_advanced_at = clock_timestamp(), last_loan_id = p_last_loan\n'],
];
const BACK = CHANGES.map(([old, now]) => [now, old] as const);

/** Another list of arguments is another function, hence the drop. Fails when a place to be changed is not there, rather than leave the function as it was. */
const changed = (changes: readonly (readonly [string, string])[]): string => `do $change$
declare v_text text := pg_get_functiondef('observe_pool'::regproc);
begin
${changes.map(([old, now]) => `  if strpos(v_text, '${old}') = 0 then raise exception 'observe_pool has no place with: %', '${old}'; end if;
  v_text := replace(v_text, '${old}', '${now}');`).join('\n')}
  drop function observe_pool;
  execute v_text;
end $change$;`;

export class LoanCounter1790000000064 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table pools add column last_loan_id numeric(20,0);
      comment on column pools.last_loan_id is 'R11: id of the creditline''s last loan at snapshot_ledger, of the same reply. Null: not known';
      ${changed(CHANGES)}`);
  }
  async down(runner: QueryRunner): Promise<void> { await runner.query(`${changed(BACK)} alter table pools drop column last_loan_id;`); }
}
