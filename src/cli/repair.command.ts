import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { asError } from '../common/errors.js';
import { formatAmount } from '../common/money.js';
import { checkLedger } from './check.command.js';
import type { Terminal } from './pools.command.js';
import type { Rooms } from './rooms.js';
import { runUnderstood, UsageError } from './understood.js';

const REPAIR_USAGE = `Usage:
  npm run ledger:repair -- --check
  npm run ledger:repair -- --pool POOL_ID --reason "..."

  --check    as \`npm run ledger:check\`: tells every difference and changes nothing; exit code 1 when there is one
  --pool     sets held and in_flight of this pool to those sums, under the ledger's lock, and writes before, after, reason and user to ledger_repairs
  --reason   why they differ and who found out, 10 to 1000 characters; it is kept for ever
  Find the cause first: a difference means that something wrote past the ledger, or a fault of it.`;

const wishShape = z.union([
  z.strictObject({ check: z.literal(true) }),
  z.strictObject({
    pool: z.uuid('must be the id of a pool'),
    reason: z.string().trim().min(10, 'must say why in 10 characters at least').max(1000),
  }),
]);
type Wish = z.infer<typeof wishShape>;

/**
 * @returns the exit code: 0 done or nothing wrong, 1 something is wrong or could not be done, 2 not
 * understood
 */
export function runRepair(args: readonly string[], terminal: Terminal): Promise<number> {
  return runUnderstood({
    usage: REPAIR_USAGE,
    understand: () => understood(args),
    open: terminal.open,
    close: (rooms) => rooms.close(),
    complain: terminal.complain,
    work: (rooms, wish) =>
      'check' in wish ? checkLedger(rooms, terminal) : repair(rooms, wish, terminal),
  });
}

function understood(args: readonly string[]): Wish {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { check: { type: 'boolean' }, pool: { type: 'string' }, reason: { type: 'string' } },
      strict: true,
    });
    const wish = wishShape.safeParse({ ...values });
    if (wish.success) return wish.data;
  } catch (thrown) {
    throw new UsageError(asError(thrown).message);
  }
  throw new UsageError(
    'Either --check, or --pool with the id of a pool and --reason with 10 to 1000 characters.',
  );
}

async function repair(
  rooms: Rooms,
  wish: Exclude<Wish, { check: true }>,
  terminal: Terminal,
): Promise<number> {
  const pool = await rooms.pools.find(wish.pool);
  if (!pool)
    throw new Error(
      `There is no pool ${wish.pool}. \`npm run pools -- list\` shows those there are.`,
    );
  const done = await rooms.ledger.guards.repair(pool.id, {
    reason: wish.reason,
    by: userInfo().username,
  });
  if (!done) {
    terminal.say(
      `Nothing to repair: the counters of ${pool.name} are the sums of its reservations.`,
    );
    return 0;
  }
  const units = (amount: bigint): string => formatAmount(amount, pool.decimals);
  terminal.say(
    `Repair ${done.number} of ${pool.name}: held ${units(done.heldBefore)} -> ` +
      `${units(done.heldAfter)}, in flight ${units(done.inFlightBefore)} -> ` +
      `${units(done.inFlightAfter)}. It is in ledger_repairs.`,
  );
  return 0;
}
