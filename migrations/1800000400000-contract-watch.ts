import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Upgrades that are proposed, and until when the contracts' entries live. */
export class ContractWatch1800000400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table pool_upgrades (
        pool_id uuid not null references pools (id),
        contract text not null,
        wasm_hash text not null,
        unlocks_at timestamptz not null,
        event_id text not null,
        ledger bigint not null,
        generation text,
        primary key (pool_id, contract)
      );
      comment on table pool_upgrades is
        'Upgrades that are proposed and not executed, one for each contract';
      comment on column pool_upgrades.unlocks_at is
        'Chain time from which anyone with the right may execute it';
      comment on column pool_upgrades.generation is
        'Generation of the proposed code; null: not known, or its code cannot be read yet';
      create table contract_lifetimes (
        pool_id uuid not null references pools (id),
        contract text not null,
        name text not null,
        instance_until bigint,
        code_until bigint,
        ledger bigint not null,
        seen_at timestamptz not null default clock_timestamp(),
        primary key (pool_id, contract)
      );
      comment on table contract_lifetimes is
        'Last ledger in which the instance and the code of each contract live, as read at a ledger; '
        '0: archived; null: not known, or no code of its own';`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table contract_lifetimes; drop table pool_upgrades;');
  }
}
