import { z } from 'zod';

/** How times and amounts are written (docs/protocol.md#wire), for the API's document. */
export const time = (description: string) =>
  z.string().meta({ description: `${description}, RFC 3339 in UTC`, format: 'date-time' });
export const units = (description: string) =>
  z.string().meta({ description: `${description}, token units`, examples: ['100'] });
