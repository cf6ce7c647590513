import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createRole } from './reporting/role.js';

const ROLE = 'holdfast_reporting';
/**
 * The role stays: other databases of the cluster may use it, and without grants it reads nothing
 * here.
 */
const DOWN = `
do $$
begin
  if exists (select from pg_roles where rolname = '${ROLE}') then
    execute 'revoke all on all functions in schema reporting from ${ROLE}';
    execute 'revoke all on all tables in schema reporting from ${ROLE}';
    execute 'revoke all on schema reporting from ${ROLE}';
  end if;
end $$;
`;

export class ReportingRole1790000000054 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(createRole(ROLE));
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
