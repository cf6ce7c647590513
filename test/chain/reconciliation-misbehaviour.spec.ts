import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  AMOUNT,
  openStage,
  reconciliationOn,
  reservationNow,
  settlementOn,
  type Stage,
  stageHold,
  stagePool,
} from '../support/settlement-stage.js';
import type {
  Figures,
  StoredReconciliation,
} from '../../src/modules/liquidity/snapshots/observation.js';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';

const UNIT = 10_000_000n;
/** The published example: 800 leave the pool (docs/stellar.md#pool-arithmetic). */
const LOAN = { total: 1000n * UNIT, guarantee: 200n * UNIT };
const FUNDED = LOAN.total - LOAN.guarantee;
const LONG_OVERDUE = -10_000_000;

let stage: Stage;
let pool: PoolRecord;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());
beforeEach(async () => {
  pool = await stagePool(stage);
  await observed();
  await reconciliationOn(stage).reconciliation.reconcilePool(pool);
});

const observed = () => settlementOn(stage).settlement.observePool(pool);
const actions = () => stage.network.control.actions;
const foreignLoan = (dueIn?: number) =>
  stage.network.control.foreignLoan({
    pool: pool.poolContract,
    ...LOAN,
    ...(dueIn !== undefined && { dueIn }),
  });
async function explained(): Promise<StoredReconciliation> {
  await observed();
  const { reconciliation, ledger } = reconciliationOn(stage);
  await reconciliation.reconcilePool(pool);
  const [row] = await ledger.list(pool.id, 1);
  if (!row) throw new Error('nothing is reconciled');
  return row;
}
const afterwards = ({ bridges }: StoredReconciliation): Figures => ({
  total: bridges.total.after,
  locked: bridges.locked.after,
  tokenBalance: bridges.tokenBalance.after,
});

describe('what others do to the pool gets a name, and each bridge closes', () => {
  test('a loan repaid in full: more principal comes back than was locked, and locked falls below zero', async () => {
    foreignLoan();
    const { amount } = actions().repay({ pool: pool.poolContract, loan: 1n });
    const row = await explained();
    expect(row.outcome).toBe('explained');
    expect(row.bridges.locked.terms).toEqual({
      unreservedFundings: FUNDED,
      repayments: -LOAN.total,
    });
    expect(afterwards(row).locked).toBe(-LOAN.guarantee);
    const interest = BigInt(amount) - LOAN.total;
    expect(row.bridges.total.terms).toEqual({ interest: (interest * 85n) / 100n });
    expect(row.bridges.tokenBalance.terms).toMatchObject({
      repayments: BigInt(amount),
      unreservedFundings: -FUNDED,
    });
    expect(row.breaks.map((each) => each.class)).toEqual(['unreserved_funding']);
  });

  test('an instalment that moves no tokens changes nothing', async () => {
    foreignLoan();
    await explained();
    actions().repay({ pool: pool.poolContract, loan: 1n, installment: 0, amount: LOAN.total });
    expect(await explained()).toMatchObject({
      outcome: 'explained',
      breaks: [],
      bridges: { total: { terms: {} }, locked: { terms: {} }, tokenBalance: { terms: {} } },
    });
  });

  test('a default: the guarantee makes available liquidity without tokens behind it', async () => {
    foreignLoan(LONG_OVERDUE);
    actions().overdue({ pool: pool.poolContract, loan: 1n, deed: 'mark_defaulted' });
    const row = await explained();
    expect(row).toMatchObject({
      outcome: 'explained',
      bridges: {
        total: { terms: { guarantees: LOAN.guarantee } },
        locked: { terms: { unreservedFundings: FUNDED, guarantees: -LOAN.guarantee } },
      },
    });
    const { total, locked, tokenBalance } = afterwards(row);
    expect(total - locked - tokenBalance).toBe(LOAN.guarantee);
  });

  test('withdrawals and deposits', async () => {
    actions().withdraw({ pool: pool.poolContract, shares: 7n * UNIT });
    actions().deposit({ pool: pool.poolContract, amount: 3n });
    expect(await explained()).toMatchObject({
      outcome: 'explained',
      breaks: [],
      bridges: {
        total: { terms: { withdrawals: -7n * UNIT, deposits: 3n } },
        tokenBalance: { terms: { withdrawals: -7n * UNIT, deposits: 3n } },
      },
    });
  });

  test.each(['distribute_interest', 'accumulate_interest'] as const)(
    '%s by a stranger: total rises, tokens fall, and it is no break',
    async (via) => {
      actions().interest({ pool: pool.poolContract, amount: 1000n * UNIT, via });
      expect(await explained()).toMatchObject({
        outcome: 'explained',
        breaks: [],
        bridges: {
          total: { terms: { interest: 850n * UNIT } },
          tokenBalance: { terms: { interest: -150n * UNIT } },
        },
      });
    },
  );

  test('tokens given and clawed back are external transfers', async () => {
    const gift = actions().transfer({ pool: pool.poolContract, amount: 11n, direction: 'in' });
    const taken = actions().transfer({ pool: pool.poolContract, amount: 4n, direction: 'out' });
    const row = await explained();
    expect(row).toMatchObject({
      outcome: 'explained',
      bridges: {
        total: { terms: {} },
        tokenBalance: { terms: { externalTransfers: 7n }, difference: 0n },
      },
    });
    expect(row.breaks).toMatchObject([
      {
        class: 'external_transfer',
        amount: 7n,
        rows: [
          { txHash: gift.hash, amount: 11n, note: 'transfer' },
          { txHash: taken.hash, amount: -4n, note: 'clawback' },
        ],
      },
    ]);
  });
});

describe('an upgrade', () => {
  test.each(['pool', 'creditline'] as const)(
    'of the %s is seen by its event and by its code, and pauses until an operator resumes',
    async (contract) => {
      const { wasmHash } = actions().upgrade({ pool: pool.poolContract, contract });
      const { reconciliation, ledger, alarms } = reconciliationOn(stage);
      await reconciliation.reconcilePool(pool);
      const upgraded = contract === 'pool' ? pool.poolContract : pool.lendingContract;
      expect(alarms).toMatchObject([
        {
          name: 'contract_upgraded',
          facts: { contract: upgraded, after: wasmHash, generation: 'g1' },
        },
        { name: 'contract_upgraded', facts: { contract: upgraded, event: expect.any(String) } },
      ]);
      expect((await ledger.pauses(pool.id, 5)).map(({ reason }) => reason)).toEqual([
        'contract_upgraded',
        'contract_upgraded',
      ]);
      expect((await stage.under.registry.find(pool.id))?.state).toBe('paused');
      await stage.under.registry.change(pool.id, { state: 'active' });
      expect(await explained()).toMatchObject({ outcome: 'explained', breaks: [] });
      expect((await stage.under.registry.find(pool.id))?.state).toBe('active');
    },
  );
});

describe('liquidity that others take', () => {
  test(
    'is a shortfall: no new hold is made, the old ones are kept, and it clears when the ' +
      'chain recovers',
    async () => {
      const hold = await stageHold(stage, pool);
      actions().withdraw({ pool: pool.poolContract, shares: 9_950n * UNIT });
      const short = AMOUNT - 50n * UNIT;
      expect(await explained()).toMatchObject({
        outcome: 'explained',
        breaks: [{ class: 'shortfall', amount: short }],
        bridges: { total: { terms: { withdrawals: -9_950n * UNIT } } },
      });
      expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({
        available: 0n,
        shortfall: short,
        held: AMOUNT,
      });
      expect(await reservationNow(stage, hold.reservationId)).toMatchObject({ state: 'held' });
      actions().deposit({ pool: pool.poolContract, amount: 1000n * UNIT });
      expect(await explained()).toMatchObject({ outcome: 'explained', breaks: [] });
      expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({
        available: 1050n * UNIT - AMOUNT,
        shortfall: 0n,
      });
      expect(await hold.submit()).toBe('PENDING');
      await stage.network.closeLedgers(1);
      expect(await explained()).toMatchObject({
        outcome: 'explained',
        bridges: { locked: { terms: { settledByUs: AMOUNT } } },
      });
    },
  );
});

describe('a seeded mixture of all of it', () => {
  /** Small and repeatable: mulberry32. */
  const random = (seed: number) => {
    let state = seed;
    return (below: number): number => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
    };
  };
  /** An action that the chain refuses does not count. */
  const tried = (action: () => unknown): void => {
    try {
      action();
    } catch (refusal) {
      if (!(refusal instanceof Error)) throw refusal;
    }
  };

  test.each([1, 2, 3])('closes to the unit at every snapshot, seed %i', async (seed) => {
    const pick = random(seed);
    const of = pool.poolContract;
    let loans = 0;
    const choices: readonly (() => void)[] = [
      () => {
        foreignLoan(pick(2) === 0 ? LONG_OVERDUE : undefined);
        loans++;
      },
      () => {
        actions().deposit({
          pool: of,
          amount: BigInt(1 + pick(1_000_000_007)),
          close: pick(2) === 0,
        });
      },
      () => {
        actions().withdraw({
          pool: of,
          shares: BigInt(1 + pick(1_000_000_007)),
          close: pick(2) === 0,
        });
      },
      () => {
        actions().repay({
          pool: of,
          loan: BigInt(1 + pick(Math.max(1, loans))),
          amount: BigInt(1 + pick(2_000_000_011)),
        });
      },
      () => {
        actions().repay({ pool: of, loan: BigInt(1 + pick(Math.max(1, loans))) });
      },
      () => {
        actions().overdue({
          pool: of,
          loan: BigInt(1 + pick(Math.max(1, loans))),
          deed: 'mark_defaulted',
        });
      },
      () => {
        actions().interest({
          pool: of,
          amount: BigInt(1 + pick(500_000_003)),
          via: 'distribute_interest',
        });
      },
      () => {
        actions().transfer({
          pool: of,
          amount: BigInt(1 + pick(1_000_003)),
          direction: pick(2) === 0 ? 'in' : 'out',
        });
      },
    ];
    for (let step = 0; step < 40; step++) {
      tried(() => choices[pick(choices.length)]?.());
      if (pick(3) === 0) await observed();
      if (pick(5) === 0) await reconciliationOn(stage).reconciliation.reconcilePool(pool);
    }
    await stage.network.closeLedgers(1);
    await explained();
    const rows = (await reconciliationOn(stage).ledger.list(pool.id, 200)).toReversed();
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.filter(({ outcome }) => outcome !== 'explained')).toEqual([]);
    expect(rows.slice(1).map(({ fromLedger }) => fromLedger)).toEqual(
      rows.slice(0, -1).map(({ toLedger }) => toLedger),
    );
    const named = new Set(
      rows.flatMap(({ bridges }) =>
        Object.values(bridges).flatMap(({ terms }) => Object.keys(terms)),
      ),
    );
    // strangers can cause seven terms: the walk caused enough of them
    expect(named.size).toBeGreaterThanOrEqual(5);
  });
});
