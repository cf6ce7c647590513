import type { MigrationInterface, QueryRunner } from 'typeorm';

const REASONS = `'unexplained', 'contract_upgraded', 'unreadable_event', 'contracts_broken'`;

/** An entry of a contract that cannot be read is not known: no hold relies on it. */
export class UnreadableEntries1800000500100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table pools add column unreadable_limits text[];
      comment on column pools.outflow_cap_bps is
        'Outflow cap of the contract at snapshot_ledger, hundredths of a percent; null: none, or unreadable_limits';
      comment on column pools.vendor_cap is
        'Base units that the contract funds to one vendor at most, at snapshot_ledger; null: no cap, '
        'or unreadable_limits';
      comment on column pools.unreadable_limits is
        'Why the contract''s own limits are not known at snapshot_ledger, so that no hold is made; '
        'null: they are known';
      alter table pool_pauses drop constraint pool_pauses_reason_check;
      alter table pool_pauses add constraint pool_pauses_reason_check
        check (reason in (${REASONS}, 'unreadable_entry'));`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table pool_pauses drop constraint pool_pauses_reason_check;
      delete from pool_pauses where reason = 'unreadable_entry';
      alter table pool_pauses add constraint pool_pauses_reason_check check (reason in (${REASONS}));
      comment on column pools.vendor_cap is
        'Base units that the contract funds to one vendor at most, at snapshot_ledger; null: no cap, or not known';
      comment on column pools.outflow_cap_bps is
        'Outflow cap of the contract at snapshot_ledger, hundredths of a percent; null: none, or not known';
      alter table pools drop column unreadable_limits;`);
  }
}
