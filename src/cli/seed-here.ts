import type { Config } from '../common/config.js';
import type { Seed } from '../../sandbox/seed.js';

/** What `npm start` seeded in this folder. Production has no sandbox, and nothing is seeded there. */
export async function seedHere({
  DATA_DIR,
  NODE_ENV,
}: Pick<Config, 'DATA_DIR' | 'NODE_ENV'>): Promise<Seed | undefined> {
  if (NODE_ENV === 'production') return undefined;
  const { readSeed } = await import('../../sandbox/seed.js');
  return readSeed(DATA_DIR);
}
