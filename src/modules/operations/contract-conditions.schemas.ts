import { z } from 'zod';
import { units } from '../../http/wire.schemas.js';

/** The contracts that can be paused, as a pool shows them. */
export const contractPausesSchema = z
  .array(
    z.object({
      contract: z
        .string()
        .meta({ description: 'What it is to the pool', examples: ['lending_contract'] }),
      paused: z.boolean().nullable().meta({ description: 'null: it cannot be read' }),
    }),
  )
  .nullable()
  .meta({ description: 'The contracts that can be paused; null: not known of any' });

/** What the contracts themselves allow, as a pool shows it. */
export const contractLimitsSchema = z
  .object({
    outflowCap: z
      .string()
      .nullable()
      .meta({
        description:
          'Percent of what is available that the contract funds in one ledger at most; ' +
          'null: no such limit, or `unreadable`',
        examples: ['50'],
      }),
    vendorCap: units(
      'What the contract funds to one vendor at most, ever; null: no such limit, or `unreadable`',
    ).nullable(),
    utilisationCap: z
      .string()
      .nullable()
      .meta({
        description:
          'Percent of the total that the contract lends at most, which bounds what is available; ' +
          'null: no such limit',
        examples: ['80'],
      }),
    unreadable: z
      .array(z.string())
      .meta({ description: 'Limits that are not known, and why; then no hold is made' }),
  })
  .meta({
    description:
      "The contract's own limits at `atLedger`, set by its administrator. Holds stay within them",
  });
