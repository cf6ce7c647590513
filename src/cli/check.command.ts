import type { Command } from 'commander';
import { z } from 'zod';
import { formatAmount } from '../common/money.js';
import { type CounterFault, SelfCheck } from '../modules/settlement/self-check.js';
import { cancelAtInterrupt } from './cancel-statement.js';
import { checked, command, does } from './command-line.js';
import { namedPool } from './named-pool.js';
import type { Rooms } from './rooms.js';
import type { Terminal } from './terminal.js';
import { timeLeft } from './time-left.js';
import { withRooms } from './with-rooms.js';

type Checking = 'say' | 'progress' | 'now' | 'onInterrupt';
const optionsSchema = z.strictObject({ pool: z.string().min(1).optional() });

/** Exit code 0: nothing is wrong; 1: something is wrong, or could not be looked at. */
export function checkCommand(terminal: Pick<Terminal, 'open' | Checking>): Command {
  return does(
    command('check', {
      summary: 'compare the counters of the pools with their reservations',
      more:
        'Prints each pool whose counters are not the sums of its reservations, or whose live ' +
        'holds are not the borrowers marked as having one, to the unit. It changes nothing. ' +
        'The exit code is 0 when all is well, and 1 when something is wrong or could not be read.',
      example: 'holdfast check',
    }).option('--pool <id|name>', 'this pool only'),
    (options) => {
      const { pool } = checked(optionsSchema, options);
      return withRooms(terminal, async (rooms) =>
        checkLedger(
          rooms,
          terminal,
          pool === undefined ? undefined : (await namedPool(rooms, pool)).id,
        ),
      );
    },
  );
}

/** @returns the exit code */
export async function checkLedger(
  rooms: Rooms,
  terminal: Pick<Terminal, Checking>,
  poolId?: string,
): Promise<number> {
  const pools = new Map((await rooms.pools.list()).map((pool) => [pool.id, pool]));
  const faults = await faultsIn(rooms, terminal, poolId);
  if (faults.length === 0)
    terminal.say(
      `Every counter of ${poolId === undefined ? `${pools.size} pools` : poolId} is the sum of its rows.`,
    );
  for (const fault of faults) terminal.say(sentenceOf(fault, pools.get(fault.pool)?.decimals ?? 0));
  return faults.length === 0 ? 0 : 1;
}

async function faultsIn(
  rooms: Rooms,
  { now, progress, onInterrupt }: Pick<Terminal, Checking>,
  poolId: string | undefined,
): Promise<readonly CounterFault[]> {
  const begun = now().getTime();
  const restore = cancelAtInterrupt(rooms.connections, onInterrupt);
  try {
    return await new SelfCheck(rooms, { raise: () => undefined }).run(
      poolId ?? null,
      (done, all) => {
        const left = timeLeft(done, all, now().getTime() - begun);
        progress(`${done} of ${all} pools checked${left && `, ${left}`}`);
      },
    );
  } finally {
    restore();
  }
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
