import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { HOLDS_COUNT_HALF } from '../support/half-counted.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import {
  givenPool,
  nowSeconds,
  openLedger,
  type LedgerUnderTest,
} from '../support/given-ledger.js';
import { HOLD_SECONDS, Jackhammer } from '../support/jackhammer.js';
import { ledgerFaults } from '../support/ledger-checks.js';
import { available, ModelChain } from '../support/model-chain.js';

/**
 * A seed runs for this time, within these numbers of steps. The seed repeats its choices, but not
 * how they meet in the database.
 */
const RUN_MS = 2500;
const STEPS_MIN = 25;
const STEPS_MAX = 400;
const POOLS = 2;
const ROOM = 1000n;
const LIMIT_MS = 60_000;

let database: TestDatabase;
let under: LedgerUnderTest;
beforeAll(async () => {
  database = await createTestDatabase();
  under = openLedger(database.url);
});
afterAll(async () => {
  await under.connections.close();
  await database.drop();
});

/** How often each thing happened, over all seeds. */
const done = new Map<string, number>();
const add = (what: string, count: number): void => {
  done.set(what, (done.get(what) ?? 0) + count);
};

async function noFaults(ledger: LedgerUnderTest, when: string): Promise<void> {
  const faults = await ledgerFaults(ledger.connections.read);
  if (faults.length > 0) throw new Error(`${when}: ${faults.join('\n')}`);
}

/** @throws Error at the first invariant that does not hold */
async function walk(
  ledger: LedgerUnderTest,
  options: { seed: number; withdrawals: boolean },
): Promise<ModelChain> {
  const chain = new ModelChain(nowSeconds());
  for (let count = 0; count < POOLS; count++)
    chain.pools.set((await givenPool(ledger, ROOM, { holdSeconds: HOLD_SECONDS })).id, {
      total: ROOM,
      locked: 0n,
      balance: ROOM,
    });
  const jackhammer = new Jackhammer(ledger, chain, options);
  let steps = 0;
  try {
    for (
      const until = performance.now() + RUN_MS;
      steps < STEPS_MIN || (performance.now() < until && steps < STEPS_MAX);
      steps++
    ) {
      await jackhammer.step();
      await noFaults(ledger, `after step ${steps}`);
    }
    await jackhammer.quiet();
    await noFaults(ledger, 'at quiet');
    return chain;
  } finally {
    jackhammer.crashes.stop();
    for (const [what, count] of Object.entries(jackhammer.counts)) add(what, count);
    add('crashed', jackhammer.crashes.done.length);
    process.stdout.write(
      `jackhammer, seed ${options.seed}${options.withdrawals ? ', with withdrawals' : ''}: ` +
        `${steps} steps to ledger ${chain.ledger}, ${jackhammer.crashes.done.length} ` +
        `transactions crashed; ${JSON.stringify(jackhammer.counts)}\n`,
    );
  }
}

describe(
  'holds, landings, failures, expiries, rebuilds, late snapshots, crashed transactions: ' +
    'every invariant holds after each step',
  () => {
    // the last seed is new in every run; it is printed, so that a failure can be repeated
    test.each([
      [1, false],
      [2, true],
      [Math.floor(Date.now() / 1000), false],
    ])(
      'seed %i, withdrawals %s',
      async (seed, withdrawals) => {
        const chain = await walk(under, { seed, withdrawals });
        for (const [poolId, figures] of chain.pools) {
          const unlocked = available(figures);
          expect(await under.ledger.reader.position(poolId)).toMatchObject({
            held: 0n,
            inFlight: 0n,
            heldCount: 0,
            available: unlocked > 0n ? unlocked : 0n,
          });
        }
      },
      LIMIT_MS,
    );

    test('together the seeds exercised every kind of move', () => {
      const wanted = [
        'held',
        'refused',
        'replayed',
        'borrower_busy',
        'settled',
        'expired',
        'released',
        'rebuilt',
        'cancel: held',
        'snapshot',
        'old snapshot',
        'crashed',
      ];
      expect(wanted.filter((what) => !done.has(what))).toEqual([]);
    });
  },
);

describe('the checks notice a broken ledger', () => {
  test.each([
    {
      name: 'settle_batch',
      fault: 'a settlement that forgets what is in flight',
      right: 'in_flight = p.in_flight + case',
      wrong: 'in_flight = p.in_flight + 0 * case',
      found: /counters are sums: in flight|pools_in_flight_check/,
    },
    {
      name: 'end_batch',
      fault: 'an end that leaves the amount counted',
      right: 'held = p.held - r.amount',
      wrong: 'held = p.held - 0 * r.amount',
      found: /counters are sums: held/,
    },
  ])(
    '$name: $fault',
    async ({ name, right, wrong, found }) => {
      const other = await createTestDatabase();
      const broken = openLedger(other.url);
      try {
        const { rows } = await broken.connections.read.query<{ text: string }>(
          'select pg_get_functiondef(oid) as text from pg_proc where proname = $1',
          [name],
        );
        expect(rows[0]?.text).toContain(right);
        await broken.connections.write.query(rows[0]?.text.replace(right, wrong) ?? '');
        await expect(walk(broken, { seed: 4, withdrawals: false })).rejects.toThrow(found);
      } finally {
        await broken.connections.close();
        await other.drop();
      }
    },
    LIMIT_MS,
  );

  test(
    'a hold that counts half',
    async () => {
      const other = await createTestDatabase();
      const broken = openLedger(other.url);
      try {
        await broken.connections.write.query(HOLDS_COUNT_HALF);
        await expect(walk(broken, { seed: 4, withdrawals: false })).rejects.toThrow(
          /counters are sums: held|no over-commit|pools_held_check/,
        );
      } finally {
        await broken.connections.close();
        await other.drop();
      }
    },
    LIMIT_MS,
  );
});
