import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people call the token of a pool, so that reports need no look-up of a contract's address. */
export class AssetCodes1800000620030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table pools add column asset_code text collate "C"
        check (asset_code ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$');
      comment on column pools.asset_code is
        'Symbol of the token, as its contract states it; XLM for the native one. Null: not read '
        'yet, or not fit for print. For people: anybody can name a token so';`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop view if exists reporting.pools_v1;
      delete from repeatable_objects where name = 'views/reporting.pools_v1.sql';
      update repeatable_objects set hash = '' where name like 'roles/%';
      alter table pools drop column asset_code;`);
  }
}
