import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  GENERATION_TRAITS,
  STEPFI_GENERATIONS,
  type Generation,
  type StepFiGeneration,
} from '../../sandbox/contracts/generations.js';
import { ControlRefusal } from '../../sandbox/network/control-refusal.js';
import { registerPool } from '../../src/modules/operations/register-pool.js';
import {
  type Answer,
  ask,
  type Borrower,
  givenBorrowers,
  givenService,
  type GivenPool,
  loanBody,
  observe,
  postLoan,
  type Service,
  signed,
} from '../support/given.js';
import { bearer, givenKey } from '../support/access.js';
import { roundsOf, type ServiceRounds } from '../support/service-rounds.js';

/**
 * Every published generation, from a registration that was told nothing of it to settlement,
 * repayment, default and upgrade. After each step every bridge closes to the unit.
 */
let service: Service;
let settlement: ServiceRounds['settlement'];
let reconciliation: ServiceRounds['reconciliation'];
let explained: ServiceRounds['explained'];
const alarms: string[] = [];
let operator: { authorization: string };
beforeAll(async () => {
  service = await givenService();
  operator = bearer(await givenKey(service.app, { scopes: ['operate'], name: 'ada' }));
  ({ settlement, reconciliation, explained } = roundsOf(service, {
    raise: (name) => alarms.push(name),
  }));
});
afterAll(() => service.stop());

const TERMS = { totalAmount: '1000', guaranteeAmount: '200', loanType: 'standard' };
const DAY_SECONDS = 86_400;

async function poolOf(generation: Generation): Promise<GivenPool> {
  const { control } = service.network;
  const profile = generation === 'trustup' ? generation : 'stepfi';
  const made = control.deployPool({ profile, generation, decimals: 0, deposit: 10_000n });
  const [vendor] = control.makeVendors({ pool: made.pool, count: 1 }).vendors;
  if (vendor === undefined) throw new Error('a vendor was asked for');
  const pool = await registerPool(
    { pools: service.registry, chain: service.chain },
    { contract: made.pool, name: generation, rules: { maxSnapshotAgeSeconds: 600 } },
  );
  return { pool, contract: made.pool, vendor };
}
const borrowerOf = (pool: GivenPool): Borrower => {
  const [borrower] = givenBorrowers(service, pool.contract, { tokens: 5_000n, score: 80 });
  if (!borrower) throw new Error('a borrower was asked for');
  return borrower;
};

function asked(pool: GivenPool, borrower: Borrower): Promise<Answer> {
  const due = service.network.control.head().closeTime + 30 * DAY_SECONDS;
  const dueAt = new Date(due * 1000).toISOString().replace('.000Z', 'Z');
  const schedule = [{ amount: '1000', dueAt }];
  return postLoan(service, loanBody(pool, borrower, { ...TERMS, schedule }));
}
interface Landed {
  readonly id: string;
  readonly onChain: bigint;
  readonly borrower: Borrower;
}
/** @param between done after the borrower signed and before the transaction lands */
async function landed(
  pool: GivenPool,
  between: (borrower: Borrower) => void = () => undefined,
): Promise<Landed> {
  const borrower = borrowerOf(pool);
  const answer = await asked(pool, borrower);
  expect(answer).toMatchObject({ status: 201, body: { reservation: { amount: '800' } } });
  const { loan, transaction } = answer.body as {
    loan: { id: string };
    transaction: { xdr: string };
  };
  between(borrower);
  const signedXdr = signed(transaction.xdr, service.network.passphrase, borrower);
  expect(
    await ask(service, { url: `/loans/${loan.id}/submission`, body: { signedXdr } }),
  ).toMatchObject({ status: 202 });
  await service.network.closeLedgers(1);
  expect(await settlement.observePool(pool.pool)).toMatchObject({ settled: 1 });
  await explain(pool);
  const page = (await ask(service, { url: `/loans/${loan.id}` })).body;
  expect(page).toMatchObject({ reservation: { state: 'settled' } });
  const { landed: terms } = page as { landed: { loanId: string } };
  return { id: loan.id, onChain: BigInt(terms.loanId), borrower };
}

/** A snapshot, and every bridge from the one before at a difference of zero. */
async function explain(pool: GivenPool): Promise<Readonly<Record<string, unknown>>> {
  await observe(service, pool.pool);
  await reconciliation.reconcilePool(pool.pool);
  const [row] = await explained.list(pool.pool.id, 1);
  if (!row) throw new Error('nothing was reconciled');
  expect(row).toMatchObject({
    outcome: 'explained',
    bridges: {
      total: { difference: 0n },
      locked: { difference: 0n },
      tokenBalance: { difference: 0n },
    },
  });
  return row.bridges.locked.terms;
}
/** What each is upgraded to; the third to other code of its own. */
const NEXT: Readonly<Partial<Record<Generation, Generation>>> = { g1: 'g2', g2: 'g3', g3: 'g3' };
/** Pool and creditline; where an upgrade has to be proposed, after its delay. */
function upgrade({ contract: pool }: GivenPool, from: Generation, to: Generation): void {
  const { actions } = service.network.control;
  const code = to === from ? {} : { generation: to };
  for (const contract of ['pool', 'creditline'] as const) {
    const request = { pool, contract, ...code };
    if (GENERATION_TRAITS[from as StepFiGeneration].upgrade === 'after a delay') {
      const { unlockAt } = actions.admin.proposeUpgrade(request);
      const { control } = service.network;
      while (control.head().closeTime < Number(unlockAt)) control.travel(DAY_SECONDS);
    }
    expect(actions.admin.upgrade(request)).toMatchObject({ succeeded: true });
  }
}
const stateOf = async (pool: GivenPool): Promise<string | undefined> =>
  (await service.registry.find(pool.pool.id))?.state;

describe.each(STEPFI_GENERATIONS)('%s', (generation) => {
  let pool: GivenPool;
  beforeAll(async () => {
    pool = await poolOf(generation);
    await observe(service, pool.pool);
    await reconciliation.reconcilePool(pool.pool);
  });

  test('is recognised by its code, without being named', async () => {
    expect(pool.pool.generation).toBe(generation);
    expect((await ask(service, { url: `/pools/${pool.pool.id}` })).body).toMatchObject({
      generation,
      family: 'stepfi',
    });
  });

  test('a loan lands and settles, and its terms are shown as they landed', async () => {
    const loan = await landed(pool, ({ address }) => {
      // a lower score: more interest than the simulation found
      service.network.control.setScore({ pool: pool.contract, borrower: address, score: 60 });
    });
    expect((await ask(service, { url: `/loans/${loan.id}` })).body).toMatchObject({
      landed: {
        totalAmount: '1000',
        guaranteeAmount: '200',
        interestRateBps: 800,
        interestAmount: '80',
        serviceFeeAmount: '10',
        owedAmount: '1090',
      },
    });
  });

  test('a full repayment, a default and the loan of a stranger pause nothing', async () => {
    const [paid, lost] = [await landed(pool), await landed(pool)];
    service.network.control.actions.repay({ pool: pool.contract, loan: paid.onChain });
    expect(await explain(pool)).toHaveProperty('repayments');
    service.network.control.foreignLoan({ pool: pool.contract, total: 100n, guarantee: 20n });
    expect(await explain(pool)).toMatchObject({ unreservedFundings: 80n });
    service.network.control.travel(60 * DAY_SECONDS);
    service.network.control.actions.overdue({
      pool: pool.contract,
      loan: lost.onChain,
      deed: 'mark_defaulted',
    });
    expect(await explain(pool)).toHaveProperty('guarantees');
    expect(await stateOf(pool)).toBe('active');
    expect(alarms.filter((name) => name !== 'unreserved_funding')).toEqual([]);
  });

  const next = NEXT[generation];
  if (next)
    test(`an upgrade to ${next} pauses it, and an operator resumes it with what it is now`, async () => {
      alarms.length = 0;
      upgrade(pool, generation, next);
      await reconciliation.reconcilePool(pool.pool);
      expect(alarms).toContain('contract_upgraded');
      expect(await stateOf(pool)).toBe('paused');
      expect((await asked(pool, borrowerOf(pool))).body).toMatchObject({ code: 'POOL_PAUSED' });
      const before = pool.pool;
      const resumed = await ask(service, {
        method: 'POST',
        url: `/operator/pools/${before.id}/resume`,
        headers: operator,
        body: { reason: 'the upgrade was announced' },
      });
      expect(resumed).toMatchObject({
        status: 200,
        body: {
          state: 'active',
          generation: next,
          upgrade: {
            generation: { before: generation, after: next },
            poolWasmHash: { before: before.poolWasmHash },
          },
        },
      });
      pool = { ...pool, pool: (await service.registry.find(before.id)) ?? before };
      expect(pool.pool.poolWasmHash).not.toBe(before.poolWasmHash);
      alarms.length = 0;
      await explain(pool);
      await landed(pool);
      expect(alarms).toEqual([]);
    });
  else
    test('its contracts cannot be upgraded', () => {
      expect(() => {
        upgrade(pool, generation, 'g2');
      }).toThrow(ControlRefusal);
    });
});
