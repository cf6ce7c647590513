import { HoldfastError } from '../../common/errors.js';
import { formatAmount } from '../../common/money.js';
import { timeOf } from '../../common/times.js';
import { validationFailed } from '../../http/validation.js';
import type { SignedCheck, SignedDifference } from '../chain/signed-check.js';

export type RefusedSigned = Extract<SignedCheck, { ok: false }>;
/** `other`: the caller's own loan that the transaction was issued for. */
export interface RefusedFor {
  readonly loanId: string;
  readonly decimals: number;
  readonly other: string | null;
}

/** How many differences the sentence names. The problem's `differences` has all of them. */
const NAMED_MAX = 3;

/** The error for a transaction that is not the loan's, or not signed for it, with what differs. */
export function notTheTransaction(
  { sentence, differences }: RefusedSigned,
  { loanId, decimals, other }: RefusedFor,
): HoldfastError {
  // the id of another loan explains everything: its terms and deadline differ too
  const named: readonly SignedDifference[] =
    other === null
      ? differences.map((each) => inUnits(each, decimals))
      : [
          {
            field: 'loan',
            expected: loanId,
            received: other,
            message: 'is another loan, whose transaction this is',
          },
        ];
  const more = named.length > NAMED_MAX ? `, and ${named.length - NAMED_MAX} more` : '';
  const what =
    named.length === 0
      ? ''
      : ` What differs: ${named
          .slice(0, NAMED_MAX)
          .map(
            ({ field, expected, received }) =>
              `${field} (expected ${expected ?? 'none'}, received ${received ?? 'none'})`,
          )
          .join(', ')}${more}.`;
  return validationFailed(
    [{ field: 'signedXdr', message: `${sentence}${what}` }],
    named.length === 0 ? {} : { differences: named },
  );
}

const AMOUNTS: readonly SignedDifference['field'][] = ['totalAmount', 'guaranteeAmount'];
const BASE_UNITS = /^[0-9]+$/;

/** Prints amounts and times as the API does. */
function inUnits(
  { expected, received, ...rest }: SignedDifference,
  decimals: number,
): SignedDifference {
  const shown = (text: string | null): string | null => {
    if (text === null) return null;
    if (AMOUNTS.includes(rest.field) && BASE_UNITS.test(text))
      return formatAmount(BigInt(text), decimals);
    return rest.field === 'schedule'
      ? text.replaceAll(
          /([0-9]+)@([0-9]{1,12})\b/g,
          (_, amount: string, dueAt: string) =>
            `${formatAmount(BigInt(amount), decimals)} due ${timeOf(BigInt(dueAt))}`,
        )
      : text;
  };
  return { ...rest, expected: shown(expected), received: shown(received) };
}
