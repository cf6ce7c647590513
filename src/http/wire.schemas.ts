import { z } from 'zod';
import { canonicalBase64 } from '../common/base64.js';
import { instantOf } from '../common/times.js';

/** How times and amounts are written (docs/protocol.md#wire), for the API's document. */
export const time = (description: string) =>
  z.string().meta({ description: `${description}, RFC 3339 in UTC`, format: 'date-time' });
export const units = (description: string) =>
  z.string().meta({ description: `${description}, token units`, examples: ['100'] });

const TIME_WRONG = 'must be an RFC 3339 time, such as "2027-01-31T00:00:00Z"';
/** A time that comes in: any RFC 3339 instant. */
export const instant = z
  .string(TIME_WRONG)
  .transform((text, context) => {
    const found = instantOf(text);
    if (found === null) context.addIssue({ code: 'custom', message: TIME_WRONG });
    return found ?? z.NEVER;
  })
  .meta({ format: 'date-time' });
/** The same in a query, where the plus of an offset that was not escaped arrives as a blank. */
export const queriedInstant = z
  .string(TIME_WRONG)
  .transform((text) => text.replace(/ (?=\d\d:\d\d$)/, '+'))
  .pipe(instant);

/** The most base64 of a signed transaction that is read. */
const BASE64_MAX = 60_000;
/**
 * What a wallet signed, as text. Newer wallets return an object that holds the text.
 * @param member of that object
 */
export const signedText = (member: 'signedTxXdr' | 'signedAuthEntry') =>
  z
    .string({ error: ({ input }) => notText(input, member) })
    .min(1, 'is empty: the wallet signed nothing')
    .max(BASE64_MAX, 'is too long');
function notText(given: unknown, member: string): string {
  if (given === null) return 'is null: the wallet signed nothing';
  return typeof given === 'object' && given !== null
    ? `must be a string: pass \`${member}\` of what the wallet returned`
    : 'must be a string';
}
/**
 * A signed transaction in any usual form of base64, made canonical: what is stored and forwarded has
 * one form. Text that is no base64 stays as it is, and is refused where the XDR is read.
 */
export const signedTransactionText = signedText('signedTxXdr').transform(
  (text) => canonicalBase64(text) ?? text,
);
