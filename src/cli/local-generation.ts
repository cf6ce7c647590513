import type { Generation } from '../modules/chain/families/contract-family.js';

/** A pool on the local network, as its control port answers. */
interface LocalPool {
  readonly profile: 'stepfi' | 'scaled' | 'trustup' | 'reserve';
  /** Absent: the one that the profile names. */
  readonly generation?: 'g1' | 'g2' | 'g3' | 'trustup' | 'reserve' | undefined;
}

/** Credit limits in whole tokens have names of their own. */
const SCALED = { g1: 'scaled', g2: 'scaled-g2', g3: 'scaled-g3' } as const;

/** What the service calls the contracts of a local pool. */
export function localGeneration({ profile, generation = 'g1' }: LocalPool): Generation {
  if (generation === 'trustup' || generation === 'reserve') return generation;
  if (profile === 'scaled') return SCALED[generation];
  return profile === 'stepfi' ? generation : profile;
}
