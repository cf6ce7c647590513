import type { MigrationInterface, QueryRunner } from 'typeorm';

const known = (scopes: string): string => `
  alter table api_keys drop constraint api_keys_scopes_check;
  alter table api_keys add constraint api_keys_scopes_check
    check (cardinality(scopes) >= 1 and scopes <@ array[${scopes}]);`;

/** Who changes jobs needs a scope of its own. Operators had this right, so their keys keep it. */
export class JobsScope1800000650000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${known("'loans:write', 'loans:read', 'pools:read', 'operate', 'jobs:write'")}
      update api_keys set scopes = array_append(scopes, 'jobs:write') where 'operate' = any (scopes);`);
  }

  /** A key with nothing but the new scope opens nothing any more. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      update api_keys set revoked_at = coalesce(revoked_at, clock_timestamp()), scopes = '{pools:read}'
        where scopes = '{jobs:write}';
      update api_keys set scopes = array_remove(scopes, 'jobs:write');
      ${known("'loans:write', 'loans:read', 'pools:read', 'operate'")}`);
  }
}
