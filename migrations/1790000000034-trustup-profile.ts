import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Pools of the other fork's contracts: the rule of `pools` knows one profile more. Its text is
 * changed in one place instead of being written again.
 */
const [OLD, NOW] = [
  "when new.profile not in (''stepfi'', ''scaled'') then ''profile must be stepfi or scaled''",
  "when new.profile not in (''stepfi'', ''scaled'', ''trustup'') then ''profile must be stepfi, scaled or trustup''",
] as const;

/** Fails when the text to be changed is not there, rather than leave the rule as it was. */
const changed = (old: string, now: string): string => `do $change$
declare v_rule text := pg_get_functiondef('pool_rules_are_sound'::regproc);
begin
  if strpos(v_rule, '${old}') = 0 then raise exception 'pool_rules_are_sound has no place with: %', '${old}'; end if;
  execute replace(v_rule, '${old}', '${now}');
end $change$`;

export class TrustupProfile1790000000034 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(changed(OLD, NOW));
  }
  /**
   * Pools of that profile stay as they are: the rule looks at what is set, and closing one sets its
   * state. They must be removed or closed before.
   */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(changed(NOW, OLD));
  }
}
