import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A contract may limit how much of what was supplied is lent at once, which bounds what may be held
 * (docs/protocol.md#contract-limits). The readers of the past need it with each snapshot.
 */
export class UtilisationLimit1800000470000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table pools add column utilisation_cap_bps bigint;
      alter table snapshots add column utilisation_cap_bps bigint;
      comment on column pools.utilisation_cap_bps is
        'Share of the total that the contract lends at most at snapshot_ledger, hundredths of a percent; '
        'null: no limit';
      comment on column snapshots.utilisation_cap_bps is
        'Share of the total that the contract lends at most at this ledger, hundredths of a percent; null: no limit';`);
  }

  /** The release before puts its own views back when it starts. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop view if exists reporting.pool_position_v1, reporting.utilisation_v1;
      delete from repeatable_objects
        where name in ('views/reporting.pool_position_v1.sql', 'views/reporting.utilisation_v1.sql');
      alter table snapshots drop column utilisation_cap_bps;
      alter table pools drop column utilisation_cap_bps;`);
  }
}
