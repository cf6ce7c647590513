import type { MigrationInterface, QueryRunner } from 'typeorm';
import { type Change, changeFunctions } from './changed.functions.js';

/**
 * R11: the creditline's loan counter as it was read with the snapshot, under the same guard (R5).
 * `observe_pool` takes one argument more, which may be left out, so
 * that a process of the release before, still running, goes on observing.
 */
const CHANGES: Readonly<Record<string, readonly Change[]>> = {
  observe_pool: [
    [
      'p_head_close_time bigint)',
      'p_head_close_time bigint, p_last_loan numeric DEFAULT NULL::numeric)',
    ],
    [
      'snapshot_advanced_at = clock_timestamp()\n',
      'snapshot_advanced_at = clock_timestamp(), last_loan_id = p_last_loan\n',
    ],
  ],
};
const BEFORE = 'uuid, bigint, numeric, numeric, numeric, bigint, bigint, bigint';

// with other arguments it is another function, so the one before has to go
export class LoanCounter1790000000064 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table pools add column last_loan_id numeric(20,0);
      comment on column pools.last_loan_id is 'R11: id of the creditline''s last loan at snapshot_ledger, of the same reply. Null: not known';`);
    await changeFunctions(runner, CHANGES, 0);
    await runner.query(`drop function observe_pool(${BEFORE})`);
  }
  async down(runner: QueryRunner): Promise<void> {
    await changeFunctions(runner, CHANGES, 1);
    await runner.query(
      `drop function observe_pool(${BEFORE}, numeric); alter table pools drop column last_loan_id;`,
    );
  }
}
