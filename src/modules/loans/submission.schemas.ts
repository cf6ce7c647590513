import { z } from 'zod';
import { canonicalBase64 } from '../../common/base64.js';
import { signedText, signedTransactionText, time } from '../../http/wire.schemas.js';
import type { SignedAuthorization } from '../chain/authorizations.js';
import { authorizationNow } from './authorization.schemas.js';
import { state } from './loan.schemas.js';

/** Wire shapes of `POST /loans/:id/submission`. */
const signedAuthorizationText = signedText('signedAuthEntry');
const signer = z
  .string('must be a string')
  .max(100, 'is too long')
  .meta({ description: 'G address of the key that made the signature' });
/** What some versions of wallets return instead of text, as JSON writes it. */
const byte = z.int().min(0).max(255);
const bytes = z.union([
  z.object({ type: z.literal('Buffer'), data: z.array(byte).max(64) }),
  z.array(byte).max(64),
  z.record(z.string().regex(/^([0-9]|[1-5][0-9]|6[0-3])$/, 'must be an index'), byte).meta({
    description: 'A Uint8Array as JSON writes it: bytes by their index',
  }),
]);
const bytesOf = (given: z.infer<typeof bytes>): Buffer => {
  if (Array.isArray(given)) return Buffer.from(given);
  const { data } = given;
  return Buffer.from(typeof data === 'object' ? data : Object.values(given).map(Number));
};
const fromWallet = z
  .object({
    signedAuthEntry: z.union([signedAuthorizationText, bytes]).meta({
      description: 'As the wallet returned it: the signed entry or the signature',
    }),
    signerAddress: signer.optional(),
  })
  .meta({ description: 'What `signAuthEntry` of a wallet returned (SEP-43)' });
const named = z.strictObject({
  signedAuthorization: signedAuthorizationText,
  signer: signer.optional(),
});
const part = z.union([signedAuthorizationText, fromWallet, named]);
const PART_WORDS =
  'must be the signed entry or a signature as text, what a wallet returned, or a list of these';
/** The network takes no more signatures for one account. */
const PARTS_MAX = 20;

export const submissionSchema = z
  .strictObject({
    signedXdr: signedTransactionText.optional().meta({
      description:
        'The issued transaction, signed, base64; or a fee bump around it. For a loan whose ' +
        '`signing` is transaction',
    }),
    signedAuthorization: z
      .union([part, z.array(part).min(1, 'must not be empty').max(PARTS_MAX, 'is too long')], {
        error: PART_WORDS,
      })
      .optional()
      .meta({
        description:
          'For a loan whose `signing` is authorization: the base64 XDR of the signed entry, or the 64 ' +
          'bytes of the signature over its hash in base64 or hex; or what a wallet returned; or a ' +
          'list of these, one for each signer',
      }),
    signer: signer.optional().meta({
      description:
        'G address of the key that made the signature in `signedAuthorization`; may be left out for ' +
        'one signature. Several name their signers each',
    }),
  })
  .superRefine(({ signedXdr, signedAuthorization, signer: by }, context) => {
    const fault = (path: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [path], message });
    };
    if (signedXdr === undefined && signedAuthorization === undefined)
      fault('signedXdr', 'is required, or signedAuthorization where the loan is signed so');
    if (signedXdr !== undefined && signedAuthorization !== undefined)
      fault('signedAuthorization', 'must be left out beside signedXdr');
    if (
      by !== undefined &&
      (signedAuthorization === undefined || Array.isArray(signedAuthorization))
    )
      fault('signer', 'belongs to one signature in signedAuthorization');
  })
  .meta({ id: 'Submission' });
type Submission = z.infer<typeof submissionSchema>;

/** What came back for an authorization, one part for each signer; null: a transaction came. */
export function signedPartsOf({
  signedAuthorization: given,
  signer: by,
}: Submission): readonly SignedAuthorization[] | null {
  if (given === undefined) return null;
  return (Array.isArray(given) ? given : [given]).map((each) => {
    if (typeof each === 'string') return withSigner(each, by);
    if ('signedAuthorization' in each)
      return withSigner(each.signedAuthorization, each.signer ?? by);
    const { signedAuthEntry: returned, signerAddress } = each;
    const signed =
      typeof returned === 'string' ? decodedOnce(returned) : bytesOf(returned).toString('base64');
    return withSigner(signed, signerAddress ?? by);
  });
}
const SIGNATURE_BYTES = 64;
/** Some versions of wallets encode the base64 of a signature again. */
function decodedOnce(signed: string): string {
  const inner = canonicalBase64(Buffer.from(signed, 'base64').toString('latin1'));
  return inner !== null && Buffer.byteLength(inner, 'base64') === SIGNATURE_BYTES ? inner : signed;
}

const withSigner = (signed: string, by: string | undefined): SignedAuthorization => ({
  signed,
  ...(by !== undefined && { signer: by }),
});

export const submissionAnswerSchema = z
  .object({
    status: z.enum(['PENDING', 'DUPLICATE', 'TRY_AGAIN_LATER', 'SIGNED']).meta({
      description:
        "The node's answer. It proves nothing: the reservation settles when the chain shows the " +
        'transaction. SIGNED: the authorization is signed and stored, and this service lands it',
    }),
    hash: z.string().meta({
      description:
        "Hash of the loan's transaction, hex, by which it is followed; with SIGNED that of the " +
        'authorization, and the transactions are the `landings` of the loan',
    }),
    feeBumpHash: z.string().nullable().meta({
      description: 'Hash of the fee bump around it, hex; null: it was submitted itself',
    }),
    latestLedger: z.int(),
    reservation: z.object({ id: z.string(), state }),
    authorization: authorizationNow
      .pick({ state: true, expirationLedger: true, ledgersLeft: true })
      .extend({ signedAt: time('When this service received the signature') })
      .optional()
      .meta({ description: 'With SIGNED' }),
  })
  .meta({ id: 'SubmissionAnswer' });
export type SubmissionAnswer = z.infer<typeof submissionAnswerSchema>;
