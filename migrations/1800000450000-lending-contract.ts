import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where the name of the contract that refused or lapses is stored. */
const NAMED = ['idempotency_keys', 'refusals', 'pool_pauses'];
const rename = (from: string, to: string): string => `
  ${NAMED.map(
    (table) => `
  update ${table} set facts = jsonb_set(facts, '{contract}', '"${to}"')
    where facts ->> 'contract' = '${from}';`,
  ).join('')}
  update contract_lifetimes set name = '${to}' where name = '${from}';`;
const comments = (contract: string): string => `
  comment on column pools.strict is
    'No new hold when the live holds of the ${contract} could not land in any order, by loan ids and '
    'by bytes';
  comment on column pools.last_loan_id is
    'Id of the ${contract}''s last loan at snapshot_ledger, of the same reply. Null: not known';
  comment on column snapshots.last_loan_id is
    'Id of the ${contract}''s last loan at this ledger, of the same reply. Null: not known';
  comment on column reservations.entry_bytes is
    'XDR bytes of the entry that its loan takes in the ${contract}. Null: from before this was kept, '
    'not known';`;

/**
 * The contract that the borrower calls has a name that no family of contracts uses
 * (docs/families.md). The name is also in answers that are repeated, so stored ones change too.
 */
export class LendingContract1800000450000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table pools rename column creditline_contract to lending_contract;
      alter index pools_by_creditline rename to pools_by_lending_contract;
      comment on column pools.lending_contract is
        'The contract that the borrower calls; the pool''s own where a family has one for both';
      ${comments('lending contract')}
      ${rename('creditline', 'lending_contract')}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${rename('lending_contract', 'creditline')}
      ${comments('creditline')}
      comment on column pools.lending_contract is null;
      alter index pools_by_lending_contract rename to pools_by_creditline;
      alter table pools rename column lending_contract to creditline_contract;`);
  }
}
