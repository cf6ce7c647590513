import { z } from 'zod';
import { formatAmount } from '../common/money.js';
import { type CounterFault, SelfCheck } from '../modules/settlement/self-check.js';
import type { Terminal } from './pools.command.js';
import type { Rooms } from './rooms.js';
import { optionsOf, runUnderstood } from './understood.js';

const CHECK_USAGE = `Usage:
  npm run ledger:check [-- --pool POOL_ID]

  Says which pools' counters are not the sums of their reservations, or whose live holds are not the borrowers
  marked as having one, to the unit.
  Changes nothing. Exit code 0 when all is well, 1 when something is wrong or could not be looked at.`;

const UNDERSTOOD = z.strictObject({ pool: z.uuid('must be the id of a pool').optional() });

/**
 * @returns the exit code: 0 nothing wrong, 1 something is wrong or could not be looked at, 2 not
 * understood
 */
export function runCheck(args: readonly string[], terminal: Terminal): Promise<number> {
  return runUnderstood({
    usage: CHECK_USAGE,
    understand: () => optionsOf(UNDERSTOOD, args, ['pool']).pool,
    open: terminal.open,
    close: (rooms) => rooms.close(),
    complain: terminal.complain,
    work: (rooms, poolId) => checkLedger(rooms, terminal, poolId),
  });
}

/** @returns the exit code */
export async function checkLedger(
  rooms: Rooms,
  terminal: Pick<Terminal, 'say'>,
  poolId?: string,
): Promise<number> {
  const pools = new Map((await rooms.pools.list()).map((pool) => [pool.id, pool]));
  if (poolId !== undefined && !pools.has(poolId))
    throw new Error(`There is no pool ${poolId}. \`npm run pools -- list\` shows those there are.`);
  const faults = await new SelfCheck(rooms, { raise: () => undefined }).run(poolId ?? null);
  if (faults.length === 0)
    terminal.say(
      `Every counter of ${poolId === undefined ? `${pools.size} pools` : poolId} is the sum of its rows.`,
    );
  for (const fault of faults) terminal.say(sentenceOf(fault, pools.get(fault.pool)?.decimals ?? 0));
  return faults.length === 0 ? 0 : 1;
}

function sentenceOf(
  { pool, counter, stored, summed, difference }: CounterFault,
  decimals: number,
): string {
  if (counter === 'live_borrowers')
    return (
      `${pool}: ${stored} borrowers are marked as having a live hold, ${summed} live holds ` +
      `are there; difference ${difference}`
    );
  return (
    `${pool}: ${counter} is ${stored}, its reservations sum to ${summed}; difference ` +
    `${difference} base units (${formatAmount(difference, decimals)} in token units)`
  );
}
