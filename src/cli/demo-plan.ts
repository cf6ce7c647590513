import { z } from 'zod';
import { formatAmount, parseAmount } from '../common/money.js';
import { INSTALMENTS_MAX } from '../modules/chain/profiles.js';
import { optionsOf, UsageError } from './understood.js';

export const DEMO_USAGE = `Usage:
  npm run demo
  npm run demo -- [--borrowers N] [--fit N] [--instalments N] [--strangers N]

  --borrowers    who ask at the same moment, 1 to 100 (default 50)
  --fit          how many of them the pool can fund (default 20)
  --instalments  of each loan, 1 to ${INSTALMENTS_MAX} (default 2)
  --strangers    loans of others on the same creditline between the promises and the submissions, 0 to 20 (default 0)`;

/** Who asks for what. */
export interface DemoPlan {
  readonly borrowers: number;
  readonly fit: number;
  readonly instalments: number;
  readonly strangers: number;
}
export const DEFAULT_PLAN: DemoPlan = { borrowers: 50, fit: 20, instalments: 2, strangers: 0 };

export const DECIMALS = 7;
/**
 * Token units. Of each loan the pool funds 80; one base unit is left over, so that "exactly twenty"
 * is not "everything".
 */
export const LOAN = { totalAmount: '100', guaranteeAmount: '20', funded: 80n } as const;

const whole = (least: number, most: number): z.ZodType<number | undefined> =>
  z.coerce
    .number()
    .int(`must be a whole number from ${least} to ${most}`)
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`)
    .optional();
const options = z.object({
  borrowers: whole(1, 100),
  fit: whole(1, 100),
  instalments: whole(1, INSTALMENTS_MAX),
  strangers: whole(0, 20),
});

/** @throws UsageError */
export function demoPlan(args: readonly string[]): DemoPlan {
  const wished = optionsOf(options, args, Object.keys(DEFAULT_PLAN));
  const borrowers = wished.borrowers ?? DEFAULT_PLAN.borrowers;
  const plan = {
    borrowers,
    fit: wished.fit ?? Math.min(DEFAULT_PLAN.fit, borrowers),
    instalments: wished.instalments ?? DEFAULT_PLAN.instalments,
    strangers: wished.strangers ?? DEFAULT_PLAN.strangers,
  };
  if (plan.fit > plan.borrowers) throw new UsageError('--fit: must not be above --borrowers');
  return plan;
}

/** What so many loans take from the pool, base units. */
export const fundedUnits = (loans: number): bigint =>
  LOAN.funded * 10n ** BigInt(DECIMALS) * BigInt(loans);

/** Equal amounts, token units; the last takes what does not divide. */
export function instalmentsOf(count: number): readonly string[] {
  const total = parseAmount(LOAN.totalAmount, DECIMALS);
  if (typeof total === 'string') throw new Error(total);
  const each = total / BigInt(count);
  const last = total - each * BigInt(count - 1);
  return Array.from({ length: count }, (_, index) =>
    formatAmount(index === count - 1 ? last : each, DECIMALS),
  );
}
