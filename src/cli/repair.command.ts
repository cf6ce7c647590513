import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { z } from 'zod';
import { graveReason } from '../http/reason.schemas.js';
import { formatAmount } from '../common/money.js';
import { checkLedger } from './check.command.js';
import { command, does, UsageError } from './command-line.js';
import { namedPool } from './named-pool.js';
import type { Rooms } from './rooms.js';
import type { Terminal } from './terminal.js';
import { withRooms } from './with-rooms.js';

const checkSchema = z.strictObject({ check: z.literal(true) });
const repairSchema = z.strictObject({
  pool: z.string().min(1),
  reason: graveReason,
});
type Repair = z.infer<typeof repairSchema>;

/** Exit code 0: done, or nothing is wrong; 1: something is wrong, or could not be done. */
export function repairCommand(
  terminal: Pick<Terminal, 'open' | 'say' | 'progress' | 'now' | 'onInterrupt'>,
): Command {
  return does(
    command('repair', {
      summary: 'set the counters of a pool to the sums of its reservations',
      more:
        'Find the cause first: a difference means that something wrote past the ledger, or that ' +
        'the ledger has a fault.',
      example: 'holdfast repair --pool POOL_ID --reason "held was written by hand, ticket 4711"',
    })
      .usage('--pool POOL_ID --reason "..."\n       holdfast repair --check')
      .option('--check', 'only print the differences, as `holdfast check` does')
      .option(
        '--pool <id|name>',
        'set held and in_flight of this pool, under the lock of the ledger; before, after, ' +
          'reason and user are written to ledger_repairs',
      )
      .option(
        '--reason <text>',
        'why they differ and who found out, 10 to 1000 characters; it is kept forever',
      ),
    (options) => {
      if (checkSchema.safeParse(options).success)
        return withRooms(terminal, (rooms) => checkLedger(rooms, terminal));
      const parsed = repairSchema.safeParse(options);
      if (!parsed.success)
        throw new UsageError(
          'Either --check, or --pool with a pool and --reason with 10 to 1000 characters.',
        );
      return withRooms(terminal, (rooms) => repair(rooms, parsed.data, terminal));
    },
  );
}

async function repair(
  rooms: Rooms,
  request: Repair,
  { say }: Pick<Terminal, 'say'>,
): Promise<void> {
  const pool = await namedPool(rooms, request.pool);
  const done = await rooms.ledger.guards.repair(pool.id, {
    reason: request.reason,
    by: userInfo().username,
  });
  if (!done) {
    say(`Nothing to repair: the counters of ${pool.name} are the sums of its reservations.`);
    return;
  }
  const units = (amount: bigint): string => formatAmount(amount, pool.decimals);
  say(
    `Repair ${done.number} of ${pool.name}: held ${units(done.heldBefore)} -> ` +
      `${units(done.heldAfter)}, in flight ${units(done.inFlightBefore)} -> ` +
      `${units(done.inFlightAfter)}. It is in ledger_repairs.`,
  );
}
