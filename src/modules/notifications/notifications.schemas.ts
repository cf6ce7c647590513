import { z } from 'zod';
import { poolSchema, reservationSchema } from '../operations/operations.schemas.js';
import { time } from '../../http/wire.schemas.js';

const state = z.enum(['held', 'settled', 'released', 'expired']);

const journalEvent = z
  .object({
    reservationId: z.string().meta({ format: 'uuid' }),
    poolId: z.string().meta({ format: 'uuid' }),
    number: z
      .int()
      .meta({ description: "Place in the reservation's journal, from 1 without gaps" }),
    kind: z.string().meta({
      description:
        'held, submitted, rebuilt, envelope_failed, landing_issued, landing_failed, ' +
        'cancel_requested, settled, released or expired',
    }),
    at: time('When it was committed'),
    stateBefore: state.nullable(),
    stateAfter: state,
    amount: z.string().meta({ description: 'Held, token units' }),
    envelopeHash: z.string().nullable(),
    ledger: z.int().nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'JournalEvent' });
export type JournalAnswer = z.infer<typeof journalEvent>;

/**
 * Data of one event of a loan's stream: the reservation in `state`, the journal's row in every
 * other event.
 */
export const loanEventSchema = z
  .object({
    loanId: z.string().meta({ format: 'uuid' }),
    reservation: reservationSchema.nullable(),
    journal: journalEvent.nullable(),
  })
  .meta({ id: 'LoanEvent' });
export const poolEventSchema = poolSchema;
