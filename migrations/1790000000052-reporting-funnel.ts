import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  amount,
  column,
  type CommentedView,
  createView,
  ofPool,
} from './reporting/commented.view.js';

/**
 * The funnel by hour and by day. Every figure of a row is about the requests asked in that hour,
 * whenever they ended: only so is a conversion a part of something.
 * The condition on the hour goes down through GROUP BY and UNION ALL to the expression that the
 * time indexes carry, so a recent window reads its rows only.
 */
const bin = (step: string, time: string): string =>
  `date_bin('${step}'::interval, ${time}, '2000-01-01 00:00:00+00'::timestamptz)`;
const count = (name: string, condition: string): string =>
  `count(*) filter (where ${condition}) as ${name}`;
const sum = (name: string, condition: string): string =>
  `coalesce(sum(q.amount) filter (where ${condition}), 0) as ${name}`;
const took = (part: string): string =>
  `round(extract(epoch from percentile_disc(${part}) within group (order by q.took) filter ` +
  `(where q.state = 'settled')), 3)`;

function funnel(name: string, unit: 'hour' | 'day'): CommentedView {
  const step = `1 ${unit}`;
  return {
    name,
    meaning:
      `What became of the requests asked in each ${unit} (UTC) and pool. Younger rows still ` +
      `change: holds of the last minutes are live. A${unit === 'hour' ? 'n' : ''} ${unit} ` +
      'without requests has no row. asked is held plus recorded refusals; not recorded, and ' +
      'so not asked here: BORROWER_BUSY, paused pools, stale readings, invalid requests, ' +
      'timeouts.',
    columns: [
      ...ofPool,
      column(unit, `f.${unit}`, `Begin of the ${unit}, UTC; database clock; filter by it`),
      column('asked', 'f.held + f.refused', 'Requests decided: held and refused; a count'),
      ...amount('asked_amount', 'f.held_amount + f.refused_amount', 'Sum asked for'),
      column('held', 'f.held', 'Requests that got a promise; a count'),
      ...amount('held_amount', 'f.held_amount', 'Sum promised'),
      column('refused', 'f.refused', 'Requests refused and recorded; a count'),
      ...amount('refused_amount', 'f.refused_amount', 'Sum refused'),
      column(
        'refused_insufficient',
        'f.refused_insufficient',
        'Of refused: INSUFFICIENT_LIQUIDITY, decided by this ledger; a count',
      ),
      column(
        'refused_by_contract',
        'f.refused_by_contract',
        "Of refused: LOAN_REFUSED_BY_CONTRACT, the chain's rules; a count",
      ),
      column(
        'refused_otherwise',
        'f.refused - f.refused_insufficient - f.refused_by_contract',
        'Of refused: any other code; a count',
      ),
      column('settled', 'f.settled', 'Of held: funded on the chain by now; a count'),
      ...amount('settled_amount', 'f.settled_amount', 'Sum funded'),
      column('expired', 'f.expired', 'Of held: deadline passed and proven dead; a count'),
      ...amount('expired_amount', 'f.expired_amount', 'Sum that expired'),
      column(
        'released',
        'f.released',
        'Of held: ended by a failed transaction or a used sequence; a count',
      ),
      ...amount('released_amount', 'f.released_amount', 'Sum released'),
      column(
        'live',
        'f.held - f.settled - f.expired - f.released',
        'Of held: not ended yet; a count',
      ),
      column(
        'hold_rate',
        'round(f.held::numeric / nullif(f.held + f.refused, 0), 4)',
        'held / asked; 0 to 1',
      ),
      column(
        'conversion',
        'round(f.settled::numeric / nullif(f.settled + f.expired + f.released, 0), 4)',
        'settled / ended (settled, expired, released); 0 to 1; null while nothing has ended',
      ),
      column(
        'median_seconds_to_settle',
        'f.median',
        'Half of the settled took at most so long from promise to recorded settlement; seconds; null when none settled',
      ),
      column(
        'p95_seconds_to_settle',
        'f.p95',
        '95 of 100 settled took at most so long; seconds; null when none settled',
      ),
    ],
    from: `from (
      select q.pool_id, q.${unit}, ${count('held', 'q.code is null')}, ${count('refused', 'q.code is not null')}, ${count('refused_insufficient', "q.code = 'INSUFFICIENT_LIQUIDITY'")},
        ${count('refused_by_contract', "q.code = 'LOAN_REFUSED_BY_CONTRACT'")}, ${count('settled', "q.state = 'settled'")}, ${count('expired', "q.state = 'expired'")}, ${count('released', "q.state = 'released'")},
        ${sum('held_amount', 'q.code is null')}, ${sum('refused_amount', 'q.code is not null')}, ${sum('settled_amount', "q.state = 'settled'")}, ${sum('expired_amount', "q.state = 'expired'")},
        ${sum('released_amount', "q.state = 'released'")}, ${took('0.5')} as median, ${took('0.95')} as p95
      from (select r.pool_id, ${bin(step, 'r.held_at')} as ${unit}, r.amount, r.state, r.ended_at - r.held_at as took, null::text as code from reservations r
        union all select f.pool_id, ${bin(step, 'f.created_at')} as ${unit}, f.amount, null::text as state, null::interval as took, f.code from refusals f) q
      group by q.pool_id, q.${unit}) f join pools p on p.id = f.pool_id`,
  };
}

export const FUNNELS = [funnel('funnel_hourly_v1', 'hour'), funnel('funnel_daily_v1', 'day')];
const UP = FUNNELS.map(createView).join('\n');
const DOWN = `drop view ${FUNNELS.map(({ name }) => `reporting.${name}`).join(', ')};`;

export class ReportingFunnel1790000000052 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
