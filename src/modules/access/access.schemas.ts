import { z } from 'zod';
import { SCOPES } from '../../common/caller.js';
import { reason } from '../../http/reason.schemas.js';
import { signedTransactionText, time } from '../../http/wire.schemas.js';

/** Other parameters are accepted and ignored: SEP-10 lets clients send more than a server knows. */
export const challengeQuery = z.object({
  account: z.string('must be given once').optional().meta({
    description: 'G address to sign in with. Muxed (M…) and contract (C…) addresses are refused',
  }),
  home_domain: z
    .string('must be given once')
    .optional()
    .meta({ description: "Must be this service's domain" }),
  client_domain: z.string('must be given once').optional().meta({
    description: "Ignored: the wallet's domain is never fetched",
  }),
  memo: z.string('must be given once').optional().meta({ description: 'Refused' }),
});
export const challengeSchema = z
  .object({
    transaction: z.string().meta({
      description: 'Challenge to sign, base64 XDR. Its sequence number is 0: it can never land',
    }),
    network_passphrase: z.string(),
  })
  .meta({ id: 'Challenge' });
export const signedChallengeSchema = z
  .object({
    transaction: signedTransactionText.meta({
      description: 'The challenge, signed by the account, base64 XDR',
    }),
  })
  .meta({ id: 'SignedChallenge' });
export const tokenSchema = z
  .object({ token: z.string().meta({ description: 'JWT; send it as `Authorization: Bearer`' }) })
  .meta({ id: 'Token' });

export const TENANT_NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;
/** What a key is made of. The command line reads the same schema. */
export const keyRequestSchema = z.strictObject({
  tenantId: z
    .string('must be a string')
    .regex(
      TENANT_NAME,
      'must be 1 to 63 of a-z, 0-9, dot, dash and underscore, the first a letter or digit',
    )
    .meta({ description: 'The tenant whose loans and idempotency keys the key works on' }),
  name: z
    .string('must be a string')
    .trim()
    .min(1, 'must not be empty')
    .max(100, 'is too long')
    .meta({ description: 'For people: who has the key' }),
  scopes: z
    .array(z.enum(SCOPES, `must be one of ${SCOPES.join(', ')}`), 'must be a list')
    .min(1, 'must have at least one')
    .transform((list) => [...new Set(list)]),
  expiresInDays: z
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(3650, 'must be at most 3650')
    .nullable()
    .default(null)
    .meta({ description: 'null: never' }),
  reason: reason.nullable().default(null).meta({ description: 'Kept in the journal' }),
});

/** The API requires a reason. */
export const createKeySchema = z
  .strictObject({
    ...keyRequestSchema.shape,
    reason,
  })
  .meta({ id: 'CreateKey' });
/** In the query, because some proxies drop the body of a DELETE. */
export const revocationQuery = z.strictObject({
  reason,
});

export const keySchema = z
  .object({
    id: z.string().meta({ format: 'uuid' }),
    prefix: z.string().meta({ description: 'The beginning of the key: hf_<prefix>_' }),
    tenantId: z.string(),
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    createdAt: time('When'),
    createdBy: z.string(),
    lastUsedAt: time('To the minute').nullable(),
    expiresAt: time('When it expires').nullable(),
    revokedAt: time('When').nullable(),
  })
  .meta({ id: 'ApiKey' });
export const keyListSchema = z.object({ keys: z.array(keySchema) }).meta({ id: 'ApiKeyList' });
export const newKeySchema = z
  .object({
    key: z.string().meta({ description: "The key's text. It is shown only here" }),
    record: keySchema,
  })
  .meta({ id: 'NewApiKey' });
export type KeyAnswer = z.infer<typeof keySchema>;

export const ticketSchema = z
  .object({
    ticket: z.string(),
    url: z.string().meta({ description: 'Path of the stream with the ticket as a parameter' }),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'EventTicket' });
