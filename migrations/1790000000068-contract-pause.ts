import type { MigrationInterface, QueryRunner } from 'typeorm';
import { POSITION } from './1790000000053-reporting-pools.js';
import { type Change, changeFunctions } from './changed.functions.js';
import { column, type CommentedView, createView } from './reporting/commented.view.js';

/**
 * A pause of the pool's contract itself, as it was read with the snapshot and under the same guard
 * (R5). As with the loan counter (64), `observe_pool` takes one
 * argument more, which may be left out, so that a process of the release before, still running,
 * goes on observing: what it stores says "not known".
 */
const OBSERVE: Readonly<Record<string, readonly Change[]>> = {
  observe_pool: [
    [
      'p_last_loan numeric DEFAULT NULL::numeric)',
      'p_last_loan numeric DEFAULT NULL::numeric, p_contract_paused boolean DEFAULT NULL::boolean)',
    ],
    [
      'last_loan_id = p_last_loan\n',
      'last_loan_id = p_last_loan, contract_paused = p_contract_paused\n',
    ],
  ],
};
const BEFORE = 'uuid, bigint, numeric, numeric, numeric, bigint, bigint, bigint, numeric';
/** A past pause is in no row, so a past answer has to say so. */
const POSITION_AT: Readonly<Record<string, readonly Change[]>> = {
  'reporting.position_at': [
    [
      "'whether the chain''s clock lagged, and who was",
      "'whether the chain''s clock lagged or the pool''s contract was paused on the chain, and who was",
    ],
  ],
};

const PAUSED: CommentedView = {
  ...POSITION,
  columns: [
    ...POSITION.columns,
    column(
      'contract_paused',
      'p.contract_paused',
      "true: the pool's contract itself was paused on the chain at snapshot_ledger, by its " +
        'own administrator, and funds no loan whatever state says; false also where the ' +
        'contract knows no pause; null: not known',
    ),
  ],
};
/**
 * Columns cannot be taken from a view: it is made anew, and its reader is let in again where there
 * is one.
 */
const AS_BEFORE = `drop view reporting.pool_position_v1;
${createView(POSITION)}
do $$ begin if exists (select from pg_roles where rolname = 'holdfast_reporting') then grant select on reporting.pool_position_v1 to holdfast_reporting; end if; end $$;`;

export class ContractPause1790000000068 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table pools add column contract_paused boolean;
      comment on column pools.contract_paused is 'Whether the pool''s contract was paused at snapshot_ledger, of the same reply. Null: not known';`);
    await changeFunctions(runner, OBSERVE, 0);
    await runner.query(`drop function observe_pool(${BEFORE})`);
    await changeFunctions(runner, POSITION_AT, 0);
    await runner.query(createView(PAUSED).replace('create view', 'create or replace view'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(AS_BEFORE);
    await changeFunctions(runner, POSITION_AT, 1);
    await changeFunctions(runner, OBSERVE, 1);
    await runner.query(
      `drop function observe_pool(${BEFORE}, boolean); alter table pools drop column contract_paused;`,
    );
  }
}
