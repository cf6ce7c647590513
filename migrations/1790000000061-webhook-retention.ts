import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Deliveries that ended are deleted by the upkeep job, oldest end first. `due_at` is written with
 * each end, so it serves as the time of it; pending ones are not in this index.
 */
const UP = `
create index webhook_deliveries_ended on webhook_deliveries (due_at) where state <> 'pending';
comment on column webhook_deliveries.due_at is 'Next attempt not before; while one runs, when it counts as lost; of one that ended, up to 75 minutes after its end';
`;
const DOWN = `
comment on column webhook_deliveries.due_at is 'Next attempt not before; while one runs, when it counts as lost';
drop index webhook_deliveries_ended;
`;

export class WebhookRetention1790000000061 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
