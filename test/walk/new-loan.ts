import { formatAmount } from '../../src/common/money.js';
import type { Dice } from '../support/dice.js';
import type { Borrower } from '../support/given.js';
import type { Oracle } from './oracle.js';
import { HOLD_SECONDS, UNIT } from './units.js';
import type { Scene } from './world.js';

/** A request for a loan of random terms. `amount`: what it takes from the pool, base units. */
export function newLoan(
  oracle: Oracle,
  world: Scene,
  {
    dice,
    borrower,
    signsEntry,
  }: { readonly dice: Dice; readonly borrower: Borrower; readonly signsEntry: boolean },
): { readonly amount: bigint; readonly body: Readonly<Record<string, unknown>> } {
  const total = BigInt(40 + dice.below(260)) * UNIT + BigInt(dice.below(10_000_000));
  const guarantee = (total * BigInt(20 + dice.below(40))) / 100n + 1n;
  const dueAt = new Date((oracle.head.closeTime + HOLD_SECONDS + 100 + dice.below(1000)) * 1000)
    .toISOString()
    .replace('.000Z', 'Z');
  const body = {
    poolId: world.pool.id,
    borrower: borrower.address,
    ...(world.vendors.length === 0
      ? { totalAmount: formatAmount(total - guarantee, 7) }
      : {
          vendor: dice.one(world.vendors),
          totalAmount: formatAmount(total, 7),
          guaranteeAmount: formatAmount(guarantee, 7),
          schedule: [{ amount: formatAmount(total, 7), dueAt }],
        }),
    ...(signsEntry && { signing: 'authorization' }),
  };
  return { amount: total - guarantee, body };
}
