import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A snapshot says which of the contracts is paused. The contracts whose credit limits are in whole
 * tokens have a name in each generation.
 */
export class ContractPauses1800000500000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table pools add column contract_pauses jsonb;
      comment on column pools.contract_paused is
        'Whether one of the contracts was paused at snapshot_ledger, of the same reply. Null: not known';
      comment on column pools.contract_pauses is
        'Of each contract that can be paused, whether it was at snapshot_ledger, by its name; null: not known';`);
  }

  /** The release before knows contracts with limits in whole tokens in the first generation only. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      update pools set generation = substr(generation, 8) where generation in ('scaled-g2', 'scaled-g3');
      comment on column pools.contract_paused is
        'Whether the pool''s contract was paused at snapshot_ledger, of the same reply. Null: not known';
      alter table pools drop column contract_pauses;`);
  }
}
