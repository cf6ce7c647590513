import { z } from 'zod';
import { formatAmount, parseAmount } from '../common/money.js';
import { INSTALMENTS_MAX } from '../modules/chain/chain.js';
import { type Signing, SIGNINGS } from '../modules/liquidity/reservation.js';
import { checked, type Options, UsageError } from './command-line.js';

export const GENERATIONS = ['g1', 'g2', 'g3', 'reserve'] as const;

/** Who asks for what. */
export interface DemoPlan {
  readonly borrowers: number;
  readonly fit: number;
  readonly instalments: number;
  /** All of them, or with authorizations those of each ledger. */
  readonly strangers: number;
  readonly signing: Signing;
  /** Contracts of the demo's pool; absent: the network's. */
  readonly generation?: (typeof GENERATIONS)[number] | undefined;
}
export const DEFAULT_PLAN: DemoPlan = {
  borrowers: 50,
  fit: 20,
  instalments: 2,
  strangers: 0,
  signing: 'transaction',
};

export const DECIMALS = 7;
/**
 * Token units. Of each loan the pool funds 80; one base unit is left over, so that "exactly twenty"
 * is not "everything".
 */
export const LOAN = { totalAmount: '100', guaranteeAmount: '20', funded: 80n } as const;

/** A reserve takes no guarantee, so its borrowers ask for what the others are funded. */
export const totalOf = ({ generation }: Pick<DemoPlan, 'generation'>): string =>
  generation === 'reserve' ? String(LOAN.funded) : LOAN.totalAmount;

const whole = (least: number, most: number): z.ZodType<number | undefined> =>
  z.coerce
    .number()
    .int(`must be a whole number from ${least} to ${most}`)
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`)
    .optional();
const optionsSchema = z.strictObject({
  borrowers: whole(1, 100),
  fit: whole(1, 100),
  instalments: whole(1, INSTALMENTS_MAX),
  strangers: whole(0, 20),
  signing: z.enum(SIGNINGS, `must be one of ${SIGNINGS.join(', ')}`).optional(),
  generation: z.enum(GENERATIONS, `must be one of ${GENERATIONS.join(', ')}`).optional(),
});

/** @throws UsageError */
export function demoPlan(options: Options): DemoPlan {
  const given = checked(optionsSchema, options);
  const borrowers = given.borrowers ?? DEFAULT_PLAN.borrowers;
  const signing = given.signing ?? DEFAULT_PLAN.signing;
  const plan = {
    borrowers,
    fit: given.fit ?? Math.min(DEFAULT_PLAN.fit, borrowers),
    instalments: given.instalments ?? DEFAULT_PLAN.instalments,
    strangers: given.strangers ?? (signing === 'authorization' ? 1 : DEFAULT_PLAN.strangers),
    signing,
    ...(given.generation && { generation: given.generation }),
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
