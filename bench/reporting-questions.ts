import type pg from 'pg';

/** A typical query for each view, over a recent window of a large database. */
export interface Question {
  readonly view: string;
  readonly what: string;
  readonly text: string;
}

const POOL = '$1::uuid';
export const QUESTIONS: readonly Question[] = [
  {
    view: 'pool_position_v1',
    what: 'every pool now',
    text: 'select * from reporting.pool_position_v1',
  },
  {
    view: 'reservations_v1',
    what: 'one pool, last hour',
    text: `select * from reporting.reservations_v1 where pool_id = ${POOL} and held_at >= now() - interval '1 hour'`,
  },
  {
    view: 'reservations_v1',
    what: 'all pools, sums of a day',
    text:
      'select state, count(*), sum(amount_base) from reporting.reservations_v1 where held_at ' +
      ">= now() - interval '1 day' group by state",
  },
  {
    view: 'reservations_v1',
    what: 'what is live',
    text: "select * from reporting.reservations_v1 where state = 'held'",
  },
  {
    view: 'journal_v1',
    what: 'one pool, last hour',
    text: `select * from reporting.journal_v1 where pool_id = ${POOL} and at >= now() - interval '1 hour'`,
  },
  {
    view: 'journal_v1',
    what: 'one hold',
    text:
      `select * from reporting.journal_v1 where pool_id = ${POOL} and reservation_id = ` +
      `(select reservation_id from reporting.reservations_v1 where pool_id = ${POOL} and ` +
      `state = 'held' limit 1) order by number`,
  },
  {
    view: 'journal_v1',
    what: 'all pools, funded, a day',
    text:
      'select pool_id, count(*), sum(amount) from reporting.journal_v1 where kind = ' +
      "'settled' and at >= now() - interval '1 day' group by pool_id",
  },
  {
    view: 'journal_v1',
    what: 'all pools, funded by day, a month',
    text:
      "select pool_name, date_trunc('day', at, 'UTC') as day, count(*), sum(amount) from " +
      "reporting.journal_v1 where kind = 'settled' and at >= now() - interval '30 days' " +
      'group by pool_id, pool_name, day',
  },
  {
    view: 'refusals_v1',
    what: 'all pools, last hour',
    text: "select * from reporting.refusals_v1 where at >= now() - interval '1 hour'",
  },
  {
    view: 'refusals_v1',
    what: 'all pools, by reason, a month',
    text:
      'select pool_name, code, count(*), count(distinct borrower), sum(amount) from ' +
      "reporting.refusals_v1 where at >= now() - interval '30 days' group by pool_id, " +
      'pool_name, code',
  },
  {
    view: 'funnel_hourly_v1',
    what: 'all pools, 24 hours',
    text: "select * from reporting.funnel_hourly_v1 where hour >= now() - interval '24 hours'",
  },
  {
    view: 'funnel_hourly_v1',
    what: 'one pool, 24 hours',
    text: `select * from reporting.funnel_hourly_v1 where pool_id = ${POOL} and hour >= now() - interval '24 hours'`,
  },
  {
    view: 'funnel_daily_v1',
    what: 'all pools, today',
    text: "select * from reporting.funnel_daily_v1 where day >= date_trunc('day', now())",
  },
  {
    view: 'funnel_daily_v1',
    what: 'all pools, a week',
    text: "select * from reporting.funnel_daily_v1 where day >= now() - interval '7 days'",
  },
  {
    view: 'landing_costs_v1',
    what: 'all pools, a week',
    text: "select * from reporting.landing_costs_v1 where day >= now() - interval '7 days'",
  },
  { view: 'live_ageing_v1', what: 'now', text: 'select * from reporting.live_ageing_v1' },
  {
    view: 'live_by_borrower_v1',
    what: 'ten greatest',
    text: 'select * from reporting.live_by_borrower_v1 order by amount_base desc limit 10',
  },
  {
    view: 'utilisation_v1',
    what: 'one pool, a day',
    text: `select * from reporting.utilisation_v1 where pool_id = ${POOL} and at >= now() - interval '1 day'`,
  },
  {
    view: 'reconciliations_v1',
    what: 'one pool, a day',
    text: `select * from reporting.reconciliations_v1 where pool_id = ${POOL} and at >= now() - interval '1 day'`,
  },
  {
    view: 'breaks_v1',
    what: 'all pools, a week',
    text: "select * from reporting.breaks_v1 where at >= now() - interval '7 days'",
  },
  {
    view: 'break_episodes_v1',
    what: 'all pools, a week',
    text: "select * from reporting.break_episodes_v1 where since >= now() - interval '7 days'",
  },
  {
    view: 'break_causes_v1',
    what: 'one pool, a week',
    text: `select * from reporting.break_causes_v1 where pool_id = ${POOL} and since >= now() - interval '7 days'`,
  },
  {
    view: 'fundings_without_hold_v1',
    what: 'one pool, all',
    text: `select * from reporting.fundings_without_hold_v1 where pool_id = ${POOL}`,
  },
  {
    view: 'daily_balances_v1',
    what: 'all pools, a month',
    text: "select * from reporting.daily_balances_v1 where day >= now() - interval '31 days'",
  },
  { view: 'pools_v1', what: 'all', text: 'select * from reporting.pools_v1' },
  { view: 'pool_rules_v1', what: 'all', text: 'select * from reporting.pool_rules_v1' },
  {
    view: 'position_at',
    what: 'one pool, a day and a half ago',
    text: `select * from reporting.position_at(${POOL}, now() - interval '1 day 13 hours')`,
  },
];

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}
export interface Measured {
  readonly question: Question;
  readonly milliseconds: number;
  readonly rows: number;
  /** Tables read from end to end. */ readonly scanned: readonly string[];
  readonly indexes: readonly string[];
}

const nodes = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodes)];
const unique = (names: readonly (string | undefined)[]): string[] =>
  [...new Set(names.filter((name) => name !== undefined))].sort();

/** Runs the query once and returns time and plan, without the plan inside position_at. */
export async function measure(
  client: pg.ClientBase,
  question: Question,
  poolId: string,
): Promise<Measured> {
  const { text, view } = question;
  const { rows } = await client.query<{
    'QUERY PLAN': readonly [
      {
        readonly Plan: PlanNode & { readonly 'Actual Rows': number };
        readonly 'Execution Time': number;
      },
    ];
  }>(`explain (analyze, timing off, format json) ${text.replaceAll(POOL, `'${poolId}'::uuid`)}`);
  const [plan] = rows[0]?.['QUERY PLAN'] ?? [];
  if (!plan) throw new Error(`no plan for ${view}`);
  const all = nodes(plan.Plan);
  return {
    question,
    milliseconds: plan['Execution Time'],
    rows: plan.Plan['Actual Rows'],
    scanned: unique(
      all.filter((node) => /Seq Scan/.test(node['Node Type'])).map((node) => node['Relation Name']),
    ),
    indexes: unique(all.map((node) => node['Index Name'])),
  };
}
