import { brokenDays, closedMonth, type ClosedMonth } from '../support/closed-months.js';
import type { Diary } from './diary.js';
import type { Causes } from './checks.js';
import type { Oracle } from './oracle.js';
import type { World } from './world.js';

const FIGURES = { locked: 'locked', token_balance: 'tokenBalance', total: 'total' } as const;

/**
 * Closes the month of a walk from the reporting view, in the days that it had, and once more with an
 * hour between two ledgers, so that it has many days and some of them no snapshot.
 * @param upTo ledger of the last reconciliation, whose figures the network still has
 */
export async function closeMonth(
  { world, oracle, diary }: { world: World; oracle: Oracle; diary: Diary },
  upTo: number,
  causes: Causes,
): Promise<void> {
  const check = async (): Promise<ClosedMonth[]> => {
    await world.workers[0]?.days.noteAll();
    const broken = await brokenDays(world.checks, world.pool.id);
    const month = await closedMonth(world.checks, world.pool.id);
    const truth = oracle.figures(upTo);
    for (const [figure, name] of Object.entries(FIGURES)) {
      const closed = month.find((each) => each.figure === figure);
      const found =
        closed &&
        closed.opening + closed.moved === closed.closing &&
        closed.closing === truth[name] &&
        closed.unexplained === 0n &&
        (closed.notKnown === 0n || causes.forgot());
      if (!found || broken.length > 0)
        throw new Error(
          `month: ${figure} of the pool is ${truth[name]}; ${print({ closed, broken })}`,
        );
    }
    return month;
  };
  const month = await check();
  await compareFundings(world, month, causes);
  await world.checks.query('delete from daily_balances where pool_id = $1', [world.pool.id]);
  await world.checks.query(
    `update reconciliations set snapshot_at = '2026-01-01 00:00:00+00'::timestamptz
      + make_interval(hours => to_ledger::int) where pool_id = $1`,
    [world.pool.id],
  );
  const spread = await check();
  const sums = (each: ClosedMonth): ClosedMonth => ({ ...each, days: 0 });
  if (print(spread.map(sums)) !== print(month.map(sums)) || (spread[0]?.days ?? 0) < 2)
    throw new Error(`month: ${print(month)} by days of the walk, ${print(spread)} by many`);
  diary.count('month closed');
}

/** What the journal settled is what the chain funded for us, but for what a failover forgot. */
async function compareFundings(
  world: World,
  month: readonly ClosedMonth[],
  { failovers, forgot }: Causes,
): Promise<void> {
  if (failovers.happened || forgot()) return;
  const { rows } = await world.checks.query<{ settled: string }>(
    `select coalesce(sum(amount_base), 0)::text as settled from reporting.journal_v1
      where pool_id = $1 and kind = 'settled'`,
    [world.pool.id],
  );
  const locked = month.find(({ figure }) => figure === 'locked');
  const ours = (locked?.fundings ?? 0n) - (locked?.withoutHold ?? 0n);
  if (ours !== BigInt(rows[0]?.settled ?? ''))
    throw new Error(`month: ${ours} funded for holds, the journal settled ${rows[0]?.settled}`);
}

const print = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? each.toString() : each));
