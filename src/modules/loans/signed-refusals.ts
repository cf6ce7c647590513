import { HoldfastError } from '../../common/errors.js';
import { formatAmount } from '../../common/money.js';
import { timeOf } from '../../common/times.js';
import { validationFailed } from '../../http/validation.js';
import type { AuthorizationCheck } from '../chain/authorizations.js';
import type { SignedCheck, SignedDifference } from '../chain/signed-check.js';
import type { Signing } from '../liquidity/reservation.js';

export type RefusedSigned = Extract<SignedCheck, { ok: false }>;
type RefusedAuthorization = Extract<AuthorizationCheck, { ok: false }>;
/** `other`: the caller's own loan that the transaction was issued for. */
export interface RefusedFor {
  readonly loanId: string;
  readonly decimals: number;
  readonly other: string | null;
}

/** The other kind was sent than this loan is signed with. */
export const wrongKind = (
  sent: 'signedXdr' | 'signedAuthorization',
  signing: Signing,
): HoldfastError =>
  validationFailed([
    {
      field: sent,
      message:
        signing === 'authorization'
          ? 'is a transaction, but this loan is signed by authorization: send signedAuthorization'
          : 'is an authorization, but this loan is signed as a transaction: send signedXdr',
    },
  ]);

/** The error for an authorization that is not the loan's, or not signed for it. */
export function notTheAuthorization(
  { sentence, differences, weight, needed }: RefusedAuthorization,
  decimals: number,
): HoldfastError {
  const shown = differences.map((each) => inUnits(each, decimals));
  return validationFailed(
    [{ field: 'signedAuthorization', message: `${sentence}${whatDiffers(shown)}` }],
    {
      ...(shown.length > 0 && { differences: shown }),
      ...(weight !== undefined && { weight, needed }),
    },
  );
}

/** How many differences the sentence names. The problem's `differences` has all of them. */
const NAMED_MAX = 3;

/** The error for a transaction that is not the loan's, or not signed for it, with what differs. */
export function notTheTransaction(
  { sentence, differences, weight, needed }: RefusedSigned,
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
  return validationFailed([{ field: 'signedXdr', message: `${sentence}${whatDiffers(named)}` }], {
    ...(named.length > 0 && { differences: named }),
    ...(weight !== undefined && { weight, needed }),
  });
}

function whatDiffers(named: readonly SignedDifference[]): string {
  const more = named.length > NAMED_MAX ? `, and ${named.length - NAMED_MAX} more` : '';
  return named.length === 0
    ? ''
    : ` What differs: ${named
        .slice(0, NAMED_MAX)
        .map(
          ({ field, expected, received }) =>
            `${field} (expected ${expected ?? 'none'}, received ${received ?? 'none'})`,
        )
        .join(', ')}${more}.`;
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
