import { z } from 'zod';
import { parseAmount } from '../../common/money.js';
import { secondsOf } from '../../common/times.js';
import { instant } from '../../http/wire.schemas.js';
import { type AddressKind, addressKind } from '../chain/address.js';
import { INSTALMENTS_MAX } from '../chain/chain.js';
import type { LendingRules } from '../chain/families/contract-family.js';
import { type Signing, SIGNINGS } from '../liquidity/reservation.js';

/** What the pool's contracts take, and what is signed when the request does not say. */
export interface RequestRules extends Pick<LendingRules, 'vendor' | 'guarantee' | 'schedule'> {
  readonly signing?: Signing;
}

/**
 * The longest fraction that a registered token can have (`pools.decimals`), used while the pool is
 * not known.
 */
export const DECIMALS_MAX = 18;

const BORROWER_WRONG = {
  muxed:
    'is a muxed address (M…). Use the G address behind it: a hold belongs to the account itself',
  none: 'must be a Stellar account (G…) or contract account (C…) address with a valid checksum',
} as const;
const VENDOR_WRONG = {
  muxed: 'is a muxed address (M…). Use the G address behind it',
  none: 'must be a Stellar account (G…) or contract (C…) address with a valid checksum',
} as const;

/**
 * Unix seconds, cut: the contract knows no fractions. Its times are unsigned, so a date before 1970
 * cannot be encoded.
 */
export const isSince1970 = (seconds: bigint): boolean => seconds >= 0n;
const dueAt = instant.transform(secondsOf).refine(isSince1970, 'must not be before 1970');

/**
 * The body of `POST /loans` for a token with these decimals. It is named where it is documented,
 * because a schema's name is unique in the process.
 */
function loanSchema(decimals: number) {
  const amount = (meaning: string) =>
    z
      .string('must be a string of token units, such as "125.5"')
      .superRefine((text, context) => {
        const message = amountFault(text, decimals);
        if (message !== null) context.addIssue({ code: 'custom', message });
      })
      .meta({
        description: `${meaning}, token units; at most as many fractional digits as the pool's token has`,
        pattern: String.raw`^(0|[1-9][0-9]*)(\.[0-9]+)?$`,
      });
  return z.strictObject({
    poolId: z
      .uuid('must be the UUID of a pool, see GET /pools')
      .meta({ description: 'The pool that funds the loan' }),
    borrower: addressThat(
      (kind) => (kind === 'account' || kind === 'contract' ? null : BORROWER_WRONG[kind]),
      'Stellar account (G…) that signs, or with `signing` authorization also a contract account ' +
        '(C…). A wallet may leave it out, an API key may not. Muxed (M…) addresses are refused',
    ),
    vendor: addressThat(
      (kind) => (kind === 'account' || kind === 'contract' ? null : VENDOR_WRONG[kind]),
      'Account (G…) or contract (C…) that is paid; left out where the contracts take none',
    ),
    totalAmount: amount('Price of the financed purchase'),
    guaranteeAmount: amount(
      'What the borrower pays first; left out: the least that the contracts accept. Refused ' +
        'where they take none',
    ).optional(),
    schedule: z
      .array(
        z.strictObject({
          amount: amount('What is due'),
          dueAt: dueAt.meta({
            description:
              'When, any RFC 3339 time; cut to whole seconds, and shown so in the answer',
            format: 'date-time',
          }),
        }),
        'must be a list of instalments',
      )
      .min(1, 'must have at least one instalment')
      .max(INSTALMENTS_MAX, `must have at most ${INSTALMENTS_MAX} instalments`)
      .meta({
        description:
          'Instalments in order: due dates strictly increasing, the first after the ' +
          "transaction's maxTime; amounts sum to totalAmount. Interest and fee are the " +
          "contract's own. Left out where the contracts take none",
      }),
    loanType: z
      .enum(['standard', 'learner_installment'], 'must be "standard" or "learner_installment"')
      .default('standard')
      .meta({ description: 'Pools of the generations trustup and reserve know only "standard"' }),
    signing: z
      .enum(SIGNINGS, 'must be "transaction" or "authorization"')
      .optional()
      .meta({
        description:
          'What the borrower signs: a transaction of its own account, or an authorization that this ' +
          "service lands (docs/signing.md). Left out: the pool's rule `signing`",
      }),
  });
}

function addressThat(fault: (kind: AddressKind) => string | null, description: string) {
  return z
    .string('must be a string')
    .superRefine((text, context) => {
      const message = fault(addressKind(text));
      if (message !== null) context.addIssue({ code: 'custom', message });
    })
    .meta({ description });
}

function amountFault(text: string, decimals: number): string | null {
  const units = parseAmount(text, decimals);
  return typeof units === 'string' ? units : units === 0n ? 'must be above zero' : null;
}

/** Building and compiling a schema costs more than the rest of a refused request. */
const built = new Map<string, ReturnType<typeof requestSchema>>();
export function builtSchema(decimals: number, { vendor, schedule }: RequestRules) {
  const name = `${decimals} ${vendor} ${schedule}`;
  const schema = built.get(name) ?? requestSchema(decimals, !vendor, !schedule);
  built.set(name, schema);
  return schema;
}
// what the contracts take none of is no longer in the body
const requestSchema = (decimals: number, noVendor: boolean, noSchedule: boolean) =>
  loanSchema(decimals).partial({
    ...(noVendor && { vendor: true }),
    ...(noSchedule && { schedule: true }),
  });

/**
 * For the API's pages. Whether `borrower` is required depends on the caller, the rest on the pool's
 * contracts.
 */
export const createLoanSchema = loanSchema(DECIMALS_MAX)
  .partial({ borrower: true, vendor: true, schedule: true })
  .meta({ id: 'CreateLoan' });
