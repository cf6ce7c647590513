import type { MigrationInterface, QueryRunner } from 'typeorm';
import { HOLD_BATCH } from './1790000000002-hold-batch.js';

/**
 * R11, `strict` per pool: no new hold when the live holds of its creditline would exceed the loan
 * ids of its envelope. Decided in `hold_batch` under the lock,
 * after staleness and before liquidity. Its text is changed in four places instead of being written
 * again, so that what is new can be read at a glance.
 */
const CHANGES: readonly (readonly [string, string])[] = [
  [
    "u.ask = 'hold' and p.state = 'active' and k.tenant_id",
    "u.ask = 'hold' and p.state = 'active' and not p.strict and k.tenant_id",
  ],
  [
    'select u.*, p.id as known, p.state,',
    'select u.*, p.id as known, p.strict as window_bound, p.creditline_contract, p.state,',
  ],
  [
    'm record; i integer; j integer;',
    'm record; i integer; j integer; v_live bigint; v_window bigint;',
  ],
  [
    '        j := array_position(v_pools, m.pool);\n',
    `        if m.window_bound and m.ask = 'hold' then
          select (select count(*) from reservations r join pools q on q.id = r.pool_id where r.state = 'held' and q.network = m.network and q.creditline_contract = m.creditline_contract)
              + (select count(*) from unnest(v_outcome, p_pool) as o(outcome, pool) join pools q on q.id = o.pool where o.outcome = 'held' and q.network = m.network and q.creditline_contract = m.creditline_contract)
            into v_live;
          v_window := p_last[i] - p_first[i] + 1;
          if v_live >= v_window then
            v_outcome[i] := 'window_full'; v_facts[i] := jsonb_build_object('live', v_live, 'window', v_window); continue;
          end if;
        end if;
        j := array_position(v_pools, m.pool);
`,
  ],
];

function changed(text: string): string {
  return CHANGES.reduce((so, [old, now]) => {
    if (so.split(old).length !== 2) throw new Error(`hold_batch has no single place with: ${old}`);
    return so.replace(old, () => now);
  }, text);
}

export class StrictWindow1790000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table pools add column strict boolean not null default false;
      comment on column pools.strict is 'R11: no new hold when live holds of the creditline would exceed the loan ids of its envelope';
      drop function hold_batch; ${changed(HOLD_BATCH)}`);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop function hold_batch; ${HOLD_BATCH} alter table pools drop column strict;`,
    );
  }
}
