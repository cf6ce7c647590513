import { z } from 'zod';
import { PAUSE_REASONS } from '../liquidity/snapshots/observation.js';
import { BREAK_CLASSES } from '../reporting/break-episodes.js';
import { time } from '../../http/wire.schemas.js';

/**
 * Wire shapes of reconciliation. Amounts are token units as text; null is "not known", never zero.
 */
const units = (description: string) =>
  z.string().meta({
    description: `${description}, token units; negative amounts carry a sign`,
    examples: ['100'],
  });
const outcome = z.enum(['explained', 'unexplained', 'unknown']).meta({
  description: 'unexplained: a bridge does not close to the unit; unknown: events are lost',
});

const bridge = z
  .object({
    before: units('In the earlier snapshot'),
    after: units('In the later snapshot'),
    terms: z.record(z.string(), z.string()).meta({
      description:
        'What changed the figure, token units by name: settledByUs, repayments, deposits, ' +
        'withdrawals, interest, guarantees, unreservedFundings, externalTransfers. A zero is ' +
        'left out',
    }),
    expected: units('before and all terms').nullable(),
    difference: units('after less expected').nullable(),
  })
  .meta({ id: 'Bridge' });

const breakRow = z.object({
  eventId: z.string().optional(),
  txHash: z.string().optional(),
  reservationId: z.string().optional(),
  ledger: z.int().optional(),
  lastLedger: z.int().optional().meta({ description: 'Of a span of ledgers' }),
  amount: units('Its part').optional(),
  note: z.string().optional(),
});
export const breakClass = z.enum(BREAK_CLASSES, 'must be a class of breaks').meta({
  description:
    'in_transit: counted twice for a moment; shortfall: more held than observed; ' +
    'unreserved_funding: a loan without a hold; external_transfer: tokens moved past the ' +
    'pool contract; gap: events lost to retention; ledger_error: impossible by the rules',
});
const difference = z
  .object({
    class: breakClass,
    figure: z.enum(['total', 'locked', 'tokenBalance']).nullable(),
    amount: units('How much in all').nullable(),
    rows: z.array(breakRow).meta({ description: 'Up to 100' }),
  })
  .meta({ id: 'Break' });

const reconciliation = z
  .object({
    fromLedger: z.int(),
    toLedger: z.int(),
    outcome,
    at: time('When it was decided'),
    bridges: z.object({ total: bridge, locked: bridge, tokenBalance: bridge }),
    breaks: z.array(difference),
  })
  .meta({ id: 'Reconciliation' });

export const reconciliationsSchema = z
  .object({
    poolId: z.string().meta({ format: 'uuid' }),
    standing: outcome.meta({
      description:
        'Outcome for the newest snapshot. Also unknown while the chain or its events cannot be ' +
        'read, and before the first pair of snapshots',
    }),
    why: z.string().nullable().meta({ description: 'Why it is unknown' }),
    snapshotLedger: z.int().nullable(),
    eventsThroughLedger: z
      .int()
      .nullable()
      .meta({ description: 'Every event up to this ledger has been read' }),
    reconciledLedger: z
      .int()
      .nullable()
      .meta({ description: 'Newest explained snapshot, or the one at which explanations begin' }),
    reconciliations: z.array(reconciliation),
    pauses: z.array(
      z.object({
        reason: z.enum(PAUSE_REASONS),
        at: time('When'),
        facts: z.record(z.string(), z.unknown()).meta({ description: 'Amounts in base units' }),
      }),
    ),
  })
  .meta({ id: 'Reconciliations' });

export type ReconciliationsAnswer = z.infer<typeof reconciliationsSchema>;
