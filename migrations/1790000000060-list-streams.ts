import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lists of everybody are merged from streams, one for each pool and tenant; all wallets of a pool
 * are one stream, because each wallet is a tenant of its own (`wallet:G…`) and there is no end of
 * them.
 * `reservations_listed` becomes the order of those streams: a hold pays for as many indexes as
 * before. Of a tenant it gives as many streams as there are pools. Why not one more index: decision
 * 0025.
 * The stream comes first: with the pool first, its end (…, id) was taken for the primary key
 * (pool_id, id) by the planner of `hold_batch`, and a hold read the whole pool (3,600 holds/s
 * instead of 8,500).
 * Built before the old one goes; holds wait meanwhile.
 */
const UP = `
create index reservations_of_streams on reservations ((split_part(tenant_id, ':', 1)), pool_id, held_at, id);
drop index reservations_listed;
alter index reservations_of_streams rename to reservations_listed;
`;
const DOWN = `
create index reservations_of_tenants on reservations (tenant_id, held_at, id);
drop index reservations_listed;
alter index reservations_of_tenants rename to reservations_listed;
`;

export class ListStreams1790000000060 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
