import { z } from 'zod';
import { time, units } from '../../http/wire.schemas.js';
import { SIGNINGS } from '../liquidity/reservation.js';

/** Wire shapes of signing by authorization (docs/signing.md). */
export const signing = z.enum(SIGNINGS).meta({
  description:
    'transaction: the borrower signs a transaction of its own account. authorization: the borrower ' +
    'signs an authorization, and this service lands it with a transaction of its own',
});

const argument = z.object({
  name: z
    .string()
    .nullable()
    .meta({ description: "This API's name for it; null: none", examples: ['totalAmount'] }),
  value: z
    .union([z.string(), z.array(z.object({ amount: units('What is due'), dueAt: time('When') }))])
    .meta({ description: 'As text. Amounts in token units; a schedule as its instalments' }),
});
const call = z.object({
  contract: z.string().meta({ description: 'C address' }),
  function: z.string().meta({ examples: ['create_loan'] }),
  args: z.array(argument),
});

export const authorizationToSign = z
  .object({
    entryXdr: z.string().meta({
      description:
        'Unsigned SorobanAuthorizationEntry, base64 XDR, for `authorizeEntry` of the SDK. Its nonce ' +
        'and its expiration are set; sign it unchanged',
    }),
    preimageXdr: z.string().meta({
      description:
        'The HashIdPreimage of the same entry, base64 XDR, for wallets whose `signAuthEntry` takes it ' +
        '(SEP-43)',
    }),
    hash: z
      .string()
      .meta({ description: 'Hex sha256 of the preimage: what the signature is over' }),
    nonce: z
      .string()
      .meta({ description: 'Signed 64 bits. It can be spent once', examples: ['7'] }),
    expirationLedger: z
      .int()
      .meta({ description: 'The last ledger in which the network accepts it, inclusive' }),
    expiresAboutAt: time(
      'An estimate of that moment, at the fastest plausible pace of the network. The ledger ' +
        'counts, not this time',
    ),
    networkPassphrase: z.string(),
    authorizes: call
      .extend({
        subInvocations: z.array(call).meta({
          description:
            'Calls inside it that are allowed too, such as the transfer of the guarantee',
        }),
      })
      .meta({ description: 'All that the signature allows. Show it to the borrower' }),
    howToSign: z.string(),
  })
  .meta({ id: 'AuthorizationToSign' });

export const authorizationNow = z
  .object({
    state: z.enum(['open', 'spent', 'dead']).meta({
      description:
        'open: it may land. spent: its nonce is used, so the loan landed, by whomever. dead: it can ' +
        'never land',
    }),
    hash: z.string().meta({ description: 'Hex sha256 of the preimage' }),
    nonce: z.string(),
    expirationLedger: z.int().meta({ description: 'The last ledger in which it can land' }),
    expiresAboutAt: time('An estimate of that moment'),
    ledgersLeft: z
      .int()
      .nullable()
      .meta({
        description:
          'Ledgers in which it can still land, counted from the newest ledger that this service knows; ' +
          'null: none is known',
      }),
    signedAt: time('When this service received the signature').nullable(),
    toSign: authorizationToSign.nullable().meta({
      description:
        'What to sign; null once it is signed, cancelled or spent, or its last ledger has passed',
    }),
  })
  .meta({ id: 'LoanAuthorization' });

export const landing = z
  .object({
    hash: z.string().meta({ description: 'Hex' }),
    channel: z.string().meta({ description: 'The account of this service that pays' }),
    state: z.enum(['open', 'landed', 'failed', 'dead']).meta({
      description:
        'open: it may land. landed: the loan is made. failed: it was applied without effect; another ' +
        'one follows. dead: it can never land',
    }),
    ledger: z.int().nullable().meta({ description: 'In which it was applied; null: it was not' }),
    issuedAt: time('When it was built and stored'),
    maxTime: time('Until when it can land'),
    fee: z.string().meta({ description: 'Greatest fee, stroops' }),
    feeCharged: z
      .string()
      .nullable()
      .meta({ description: 'What the channel paid, stroops; null: not known yet' }),
    failure: z
      .object({
        resultCode: z.string().nullable(),
        failedBy: z.enum(['contract', 'ours', 'unknown']),
        reason: z.string().meta({ examples: ['outside_footprint'] }),
        contract: z.string().nullable(),
        number: z.int().nullable(),
        name: z.string().nullable(),
        sentence: z.string(),
      })
      .nullable()
      .meta({ description: 'Null unless it failed' }),
  })
  .meta({ id: 'Landing' });

export type AuthorizationToSign = z.infer<typeof authorizationToSign>;
export type AuthorizationNow = z.infer<typeof authorizationNow>;
export type LandingAnswer = z.infer<typeof landing>;
