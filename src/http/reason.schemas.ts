import { z } from 'zod';
import { GRAVE_REASON_MIN, REASON_MAX, REASON_MIN } from '../common/reasons.js';

const reasonOf = (least: number, description: string) =>
  z
    .string({ error: ({ input }) => (input === undefined ? 'is required' : 'must be a string') })
    .trim()
    .min(least, `must say why in ${least} characters at least`)
    .max(REASON_MAX, 'is too long')
    .meta({ description });

/** Why something is done, for the API and the command line. */
export const reason = reasonOf(REASON_MIN, 'Why; recorded forever with who');
/** Why something is done that cannot be undone. */
export const graveReason = reasonOf(
  GRAVE_REASON_MIN,
  'Why, in more than a word; recorded forever with who',
);
