import type { Command } from 'commander';
import { z } from 'zod';
import { FEE_PERCENTILES } from '../modules/chain/inclusion-fee.js';
import {
  type GivenRules,
  type POOL_RULES,
  type PoolRule,
  type RuleName,
  RULES,
} from '../modules/liquidity/pools/pool-rules.js';
import { SIGNINGS } from '../modules/liquidity/reservation.js';
import { flagOf } from './command-line.js';

/** The options of `pools add` and `pools set` that set a rule, made from the table of rules. */
interface RuleOption {
  readonly value: string;
  readonly help: string;
  readonly schema: z.ZodType;
}

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^[0-9]{1,10}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(least).max(most));
/** Percent with two digits at most, as hundredths of a percent. */
const percent = z
  .string()
  .regex(
    /^(0\.(0[1-9]|[1-9][0-9]?)|[1-9][0-9]?(\.[0-9]{1,2})?|100(\.00?)?)$/,
    'must be a percentage from 0.01 to 100',
  )
  .transform((text) => Math.round(Number(text) * 100));

function optionOf(rule: PoolRule): RuleOption {
  switch (rule.kind) {
    case 'number': {
      const unit = rule.unit === undefined ? '' : ` ${rule.unit}`;
      return {
        value: 'n',
        help: `${rule.help}, ${rule.least} to ${rule.most}${unit} (default ${rule.default})`,
        schema: whole(rule.least, rule.most),
      };
    }
    case 'share':
      return {
        value: 'percent',
        help: `${rule.help}, ${rule.least / 100} to ${rule.most / 100} percent (default ${rule.default / 100})`,
        schema: percent,
      };
    case 'amount':
      return {
        value: 'amount',
        help: `${rule.help} (default ${rule.default})`,
        schema: z.string(),
      };
    case 'switch':
      return {
        value: 'on|off',
        help: `${rule.help} (default ${rule.default ? 'on' : 'off'})`,
        schema: z.enum(['on', 'off'], 'must be on or off').transform((word) => word === 'on'),
      };
    case 'percentile': {
      const names = FEE_PERCENTILES.join(', ');
      return {
        value: 'name',
        help: `${rule.help}: ${names} (default ${rule.default})`,
        schema: z.enum(FEE_PERCENTILES, `must be one of ${names}`),
      };
    }
    case 'signing': {
      const names = SIGNINGS.join(', ');
      return {
        value: 'what',
        help: `${rule.help}: ${names} (default ${rule.default})`,
        schema: z.enum(SIGNINGS, `must be one of ${names}`),
      };
    }
  }
}

export function withRules(to: Command): Command {
  for (const [, rule] of RULES) {
    const { value, help } = optionOf(rule);
    to.option(`${flagOf([rule.option])} <${value}>`, help);
  }
  return to;
}

type OptionName<Name extends RuleName> = (typeof POOL_RULES)[Name]['option'];
/** Each may be left out. */
export const ruleShape = Object.fromEntries(
  RULES.map(([, rule]) => [rule.option, optionOf(rule).schema.optional()]),
) as {
  readonly [Name in RuleName as OptionName<Name>]: z.ZodOptional<z.ZodType<GivenRules[Name]>>;
};

type RuleOptions = z.output<z.ZodObject<typeof ruleShape>>;
export const rulesIn = (options: RuleOptions): Partial<GivenRules> =>
  Object.fromEntries(
    RULES.map(([name, { option }]) => [name, options[option as OptionName<RuleName>]]).filter(
      ([, value]) => value !== undefined,
    ),
  ) as Partial<GivenRules>;
