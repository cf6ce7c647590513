import { setTimeout as wait } from 'node:timers/promises';
import { formatAmount } from '../common/money.js';
import type { PoolRecord } from '../modules/liquidity/pools/pool-registry.js';
import type { DevelopmentAccount } from '../../sandbox/control-client.js';
import { DECIMALS, type DemoPlan, fundedUnits, LOAN, totalOf } from './demo-plan.js';
import type { Terms } from './demo-race.js';
import type { Service } from './demo.service.js';

const STRANGER_PAUSE_MS = 500;

export interface Cast {
  readonly plan: DemoPlan;
  readonly pool: PoolRecord;
  readonly borrowers: readonly DevelopmentAccount[];
  readonly terms: Terms;
}

/** @returns how many borrowed while the promised loans landed */
export async function strangersUntil(
  landing: Promise<unknown>,
  service: Service,
  { plan, pool }: Pick<Cast, 'plan' | 'pool'>,
): Promise<number> {
  let over = false;
  const end = landing.then(
    () => (over = true),
    () => (over = true),
  );
  let strangers = 0;
  while (!over) {
    strangers += await lendToStrangers(service, { plan, pool }, plan.strangers);
    await Promise.race([end, wait(STRANGER_PAUSE_MS)]);
  }
  return strangers;
}

/**
 * Their liquidity comes with them, so that only the loan counter and the ledger's room are
 * contended for.
 * @returns how many landed
 */
export async function lendToStrangers(
  { control }: Service,
  { plan, pool }: Pick<Cast, 'plan' | 'pool'>,
  count: number,
): Promise<number> {
  if (count === 0) return 0;
  await control.deposit({
    pool: pool.poolContract,
    amount: formatAmount(fundedUnits(count), DECIMALS),
  });
  return control.foreignLoans({
    pool: pool.poolContract,
    count,
    total: totalOf(plan),
    guarantee: LOAN.guaranteeAmount,
  });
}
