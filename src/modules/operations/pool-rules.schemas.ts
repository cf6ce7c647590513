import { z } from 'zod';
import { FEE_PERCENTILES } from '../chain/inclusion-fee.js';
import {
  type GivenRules,
  type PoolRule,
  type RuleName,
  RULES,
  type StoredRules,
} from '../liquidity/pools/pool-rules.js';
import { SIGNINGS } from '../liquidity/reservation.js';

/** The rules of a pool on the wire, as an operator sets them and as an answer shows them. */
export const whole = (least: number, most: number) =>
  z
    .int('must be a whole number')
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`);

function requestSchema(rule: PoolRule): z.ZodType {
  switch (rule.kind) {
    case 'number':
    case 'share':
      return whole(rule.least, rule.most);
    case 'amount':
      return z.string('must be a string of token units');
    case 'switch':
      return z.boolean('must be true or false');
    case 'percentile':
      return z.enum(FEE_PERCENTILES, `must be one of ${FEE_PERCENTILES.join(', ')}`);
    case 'signing':
      return z.enum(SIGNINGS, `must be one of ${SIGNINGS.join(', ')}`);
  }
}
function answerSchema({ kind }: Shown): z.ZodType {
  switch (kind) {
    case 'number':
    case 'share':
      return z.int();
    case 'switch':
      return z.boolean();
    case 'percentile':
      return z.enum(FEE_PERCENTILES);
    case 'signing':
      return z.enum(SIGNINGS);
  }
}
const described = (schema: z.ZodType, description: string | undefined): z.ZodType =>
  description === undefined ? schema : schema.meta({ description });

type Shape<Rules> = { readonly [Name in keyof Rules]: z.ZodType<Rules[Name]> };
/** Each may be left out: a registration takes its default, a change leaves it as it is. */
export const RULES_REQUEST = z
  .object(
    Object.fromEntries(
      RULES.map(([name, rule]) => [name, described(requestSchema(rule), rule.request)]),
    ) as Shape<GivenRules>,
  )
  .partial().shape;

/** Amounts are shown with the other amounts, in token units. */
type Shown = Exclude<PoolRule, { kind: 'amount' }>;
type RulesAnswer = {
  readonly [Name in RuleName as StoredRules[Name] extends bigint ? never : Name]: StoredRules[Name];
};
const SHOWN = RULES.flatMap(([name, rule]) => (rule.kind === 'amount' ? [] : [{ name, rule }]));
export const RULES_ANSWER = Object.fromEntries(
  SHOWN.map(({ name, rule }) => [name, described(answerSchema(rule), rule.answer ?? rule.request)]),
) as Shape<RulesAnswer>;
export const rulesAnswer = (pool: StoredRules): RulesAnswer =>
  Object.fromEntries(SHOWN.map(({ name }) => [name, pool[name]])) as unknown as RulesAnswer;
