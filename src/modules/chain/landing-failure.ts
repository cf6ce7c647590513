import { hostFailure } from './refusal.js';

/**
 * What the host says in simulation about an entry that cannot land any more
 * (docs/stellar.md#spent-nonces). A node may lie: it is a hint, and no proof.
 */
export const isSpent = (log: string): boolean => hostFailure(log).kind === 'Auth/ExistingValue';
export const isExpired = (log: string): boolean =>
  hostFailure(log).kind === 'Auth/InvalidInput' && log.includes('signature has expired');
