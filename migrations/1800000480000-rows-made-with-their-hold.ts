import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A loan and a transaction are written under the gate, in the statement that writes their
 * reservation or after it was read, and no reservation is ever deleted. Two look-ups for each hold
 * under the gate checked what cannot differ: an eighth of the server's time for a batch.
 */
export class RowsMadeWithTheirHold1800000480000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table loans drop constraint loans_pool_id_reservation_id_fkey;
      alter table envelopes drop constraint envelopes_pool_id_reservation_id_fkey;`);
  }

  /** Stops where a row has no reservation. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table loans add foreign key (pool_id, reservation_id)
        references reservations (pool_id, id);
      alter table envelopes add foreign key (pool_id, reservation_id)
        references reservations (pool_id, id);`);
  }
}
