import type { MigrationInterface, QueryRunner } from 'typeorm';

const REASONS = `'unexplained', 'contract_upgraded', 'unreadable_event'`;

/**
 * A snapshot has the limits that the pool's contract itself sets, because they bound what may be
 * held (docs/protocol.md#contract-limits).
 */
export class ContractLimits1800000150000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table pools add column outflow_cap_bps bigint, add column vendor_cap numeric(39,0);
      comment on column pools.outflow_cap_bps is
        'Outflow cap of the contract at snapshot_ledger, hundredths of a percent; null: none, or not known';
      comment on column pools.vendor_cap is
        'Base units that the contract funds to one vendor at most, at snapshot_ledger; null: no cap, or not known';
      alter table pool_pauses drop constraint pool_pauses_reason_check;
      alter table pool_pauses add constraint pool_pauses_reason_check
        check (reason in (${REASONS}, 'contracts_broken'));`);
  }

  /** The release before puts its own view back when it starts. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop view if exists reporting.pool_position_v1;
      delete from repeatable_objects where name = 'views/reporting.pool_position_v1.sql';
      alter table pool_pauses drop constraint pool_pauses_reason_check;
      delete from pool_pauses where reason not in (${REASONS});
      alter table pool_pauses add constraint pool_pauses_reason_check check (reason in (${REASONS}));
      alter table pools drop column outflow_cap_bps, drop column vendor_cap;`);
  }
}
