import type { PoolRecord } from '../modules/liquidity/pools/pool-registry.js';
import type { Rooms } from './rooms.js';

/** What the help says where a command takes a pool. */
export const POOL_HELP = 'its id or its name, as `holdfast pools list` shows them';

/** In a message; `holdfast pools list` has all. */
const LISTED_MOST = 20;

/**
 * The pool of this id or of this name. Of several with one name the one that is not closed is meant.
 * @throws Error with those there are
 */
export async function namedPool(
  { pools }: Pick<Rooms, 'pools'>,
  wanted: string,
): Promise<PoolRecord> {
  const all = await pools.list();
  const byId = all.find(({ id }) => id === wanted.toLowerCase());
  if (byId) return byId;
  const named = all.filter(({ name }) => name === wanted);
  const open = named.filter(({ state }) => state !== 'closed');
  const [found, ...more] = open.length > 0 ? open : named;
  if (found && more.length === 0) return found;
  const listed = named.length > 0 ? named : all;
  const known = [
    ...listed.slice(0, LISTED_MOST).map(({ id, name, state }) => `${id}  ${name} (${state})`),
    ...(listed.length > LISTED_MOST ? [`and ${listed.length - LISTED_MOST} more`] : []),
  ]
    .map((line) => `\n  ${line}`)
    .join('');
  throw new Error(
    found
      ? `Several pools are named "${wanted}": take an id.${known}`
      : `There is no pool ${wanted}.${all.length > 0 ? ` There are:${known}` : ' There is none at all.'}`,
  );
}
