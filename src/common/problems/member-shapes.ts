import { z } from 'zod';

/** Members that several codes share. */
export const units = (description: string) =>
  z.string().meta({ description: `${description}, token units`, examples: ['40'] });
export const time = (description: string) =>
  z.string().meta({
    description: `${description}, RFC 3339 in UTC`,
    format: 'date-time',
    examples: ['2026-11-22T17:11:49Z'],
  });
export const ledger = (description: string) =>
  z.int().meta({ description: `${description}, a ledger number`, examples: [3] });
export const reservation = z
  .object({ id: z.string(), state: z.enum(['held', 'settled', 'released', 'expired']) })
  .meta({
    description: 'The hold, unchanged by this answer',
    examples: [{ id: '01a20439-846e-71cc-a8e2-381a9b90a251', state: 'held' }],
  });
export const contractSaid = {
  contract: z
    .string()
    .meta({ description: 'Which contract refused', examples: ['lending_contract'] }),
  number: z
    .int()
    .nullable()
    .meta({ description: "The contract's error number; null: none was given", examples: [4] }),
  name: z.string().meta({
    description: "The name of that error in the contract's source",
    examples: ['InsufficientReputation'],
  }),
  sentence: z.string().meta({
    description: 'What the error means',
    examples: ["The borrower's reputation score is below the threshold for a loan."],
  }),
};
export const optional = <Shape extends Readonly<Record<string, z.ZodType>>>(
  shape: Shape,
): Record<string, z.ZodType> =>
  Object.fromEntries(Object.entries(shape).map(([name, member]) => [name, member.optional()]));

export const sepError = z
  .string()
  .optional()
  .meta({ description: 'With /auth: the sentence again, in the member that SEP-10 wallets read' });
