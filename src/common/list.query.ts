import { z } from 'zod';

const LIMIT_MAX = 200;

const limit = z.string().regex(/^[0-9]{1,9}$/, 'must be a whole number').default('50').transform(Number).pipe(z.int().min(1, 'must be at least 1').max(LIMIT_MAX, `must be at most ${LIMIT_MAX}`)).meta({ description: `1 to ${LIMIT_MAX}; 50 if left out` });

/** How lists are narrowed. Ids are UUIDv7, so newest first needs no date. */
export const listQuery = z.strictObject({
  poolId: z.uuid('must be a UUID').optional().meta({ description: 'Only of this pool' }),
  state: z.enum(['held', 'settled', 'released', 'expired'], 'must be held, settled, released or expired').optional().meta({ description: 'Only with the reservation in this state' }),
  borrower: z.string().regex(/^G[A-Z2-7]{55}$/, 'must be an account address (G…)').optional().meta({ description: 'Only of this borrower' }),
  limit,
});

/** Of lists that nothing narrows. */
export const limitQuery = z.strictObject({ limit });
