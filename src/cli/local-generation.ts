import type { Generation } from '../modules/chain/families/contract-family.js';

/** A pool on the local network, as its control port answers. */
interface LocalPool {
  readonly profile: 'stepfi' | 'scaled' | 'trustup' | 'reserve';
  /** Absent: the one that the profile names. */
  readonly generation?: 'g1' | 'g2' | 'g3' | 'trustup' | 'reserve' | undefined;
}

/**
 * What the service calls the contracts of a local pool. Credit limits in whole tokens have a name of
 * their own in the first generation only.
 */
export function localGeneration({ profile, generation = 'g1' }: LocalPool): Generation {
  if (generation !== 'g1') return generation;
  return profile === 'stepfi' ? 'g1' : profile;
}
