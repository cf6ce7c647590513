import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The views and the function of breaks and their causes are files and come with the start. The
 * release before does not know them, and they would keep columns that earlier migrations take away.
 */
export class BreakCauses1800000620050 implements MigrationInterface {
  up(): Promise<void> {
    return Promise.resolve();
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop view if exists reporting.break_causes_v1;
      drop view if exists reporting.break_episodes_v1;
      drop function if exists reporting.break_cause;
      delete from repeatable_objects where name in (
        'views/reporting.break_causes_v1.sql', 'views/reporting.break_episodes_v1.sql',
        'functions/reporting.break_cause.sql');`);
  }
}
