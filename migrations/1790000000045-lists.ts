import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lists newest first, of a tenant and of one borrower, whose wallet sees its loans of every tenant.
 * Both lists go by the reservation, so `loans` needs no index of its own. None per state or pool: a
 * state is seldom so
 * rare that the newest rows do not have it, live holds have `reservations_live`, and each further
 * index is paid for by every hold.
 */
const UP = `
create index reservations_listed on reservations (tenant_id, held_at, id);
create index reservations_of_borrower on reservations (borrower, held_at, id);
`;
const DOWN = 'drop index reservations_of_borrower; drop index reservations_listed;';

export class Lists1790000000045 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
