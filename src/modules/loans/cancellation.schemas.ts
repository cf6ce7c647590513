import { z } from 'zod';
import { time } from '../../http/wire.schemas.js';
import { transaction } from './loan.schemas.js';

export const cancellationAnswerSchema = z
  .object({
    reservation: z.object({
      id: z.string(),
      state: z.literal('held'),
      cancelRequestedAt: time('When'),
      expiresAt: time('T: the latest at which it can still land'),
    }),
    burn: transaction
      .pick({
        xdr: true,
        hash: true,
        networkPassphrase: true,
        maxTime: true,
        fee: true,
        sequence: true,
      })
      .nullable()
      .meta({
        description:
          'Unsigned transaction of the borrower with the same sequence number, which does ' +
          "nothing else. Once it has landed, the loan's transaction cannot land, and the hold " +
          'ends a few ledgers later. null: nothing can land any more, or the borrower signs an ' +
          'authorization, which no transaction revokes',
      }),
    authorization: z
      .object({
        expirationLedger: z.int(),
        ledgersLeft: z.int().nullable(),
        signedAt: time('When this service received the signature').nullable(),
        sentence: z.string(),
      })
      .optional()
      .meta({
        description:
          'Where the borrower signs an authorization: this service lands it no more, and the funds ' +
          'stay held until its last ledger has passed',
      }),
  })
  .meta({ id: 'CancellationAnswer' });

export type CancellationAnswer = z.infer<typeof cancellationAnswerSchema>;
