import { z } from 'zod';
import { BASE_FEE } from './network-limits.js';
import type { Route } from './control-routes.js';

/** Stroops for one operation. */
const rate = z
  .string()
  .regex(/^[1-9][0-9]{0,17}$/, 'must be stroops')
  .refine((text) => BigInt(text) >= BASE_FEE, `must be at least ${BASE_FEE} stroops`);

const shapes = {
  surges: z.strictObject({
    rate,
    phases: z
      .array(z.enum(['soroban', 'classic']))
      .min(1)
      .default(['soroban']),
    queueFull: z.boolean().default(false),
  }),
};

/** What befalls the whole network. */
export const CONDITION_ROUTES: Readonly<Record<string, Route>> = {
  'POST /surges': (control, body) => {
    const { rate: going, phases, queueFull } = shapes.surges.parse(body);
    const of = (phase: 'soroban' | 'classic'): string =>
      phases.includes(phase) ? going : String(BASE_FEE);
    return control.conditions.setSurge({
      soroban: of('soroban'),
      classic: of('classic'),
      queueFull,
    });
  },
  'DELETE /surges': (control) => control.conditions.setSurge(undefined),
};
