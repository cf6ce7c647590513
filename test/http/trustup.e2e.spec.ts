import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { StoredReconciliation } from '../../src/modules/liquidity/snapshots/observation.js';
import { ControlRefusal } from '../../sandbox/network/control-refusal.js';
import { Dice } from '../support/dice.js';
import {
  type Answer,
  ask,
  type Borrower,
  dueIn,
  givenBorrowers,
  givenPool,
  givenService,
  loanBody,
  observe,
  postLoan,
  signed,
  type GivenPool,
  type Service,
} from '../support/given.js';
import { roundsOf, type ServiceRounds } from '../support/service-rounds.js';

/**
 * Loans from request to repayment on a pool of the other fork's contracts (profile trustup). Its
 * credit limits are raw units, so the token has no decimals here.
 */
let service: Service;
let settlement: ServiceRounds['settlement'];
let reconciliation: ServiceRounds['reconciliation'];
let explained: ServiceRounds['explained'];
beforeAll(async () => {
  service = await givenService();
  ({ settlement, reconciliation, explained } = roundsOf(service, { raise: () => undefined }));
});
afterAll(() => service.stop());

const trustupPool = (): Promise<GivenPool> =>
  givenPool(service, { profile: 'trustup', decimals: 0, deposit: 10_000n });
const TERMS = {
  totalAmount: '1000',
  guaranteeAmount: '200',
  schedule: [
    { amount: '400', dueAt: dueIn(30) },
    { amount: '600', dueAt: dueIn(60) },
  ],
};
const borrowerOf = (pool: GivenPool): Borrower => {
  const [borrower] = givenBorrowers(service, pool.contract, { tokens: 5_000n, score: 95 });
  if (!borrower) throw new Error('a borrower was asked for');
  return borrower;
};
const asked = (pool: GivenPool, members: Readonly<Record<string, unknown>> = {}): Promise<Answer> =>
  postLoan(service, loanBody(pool, borrowerOf(pool), { ...TERMS, ...members }));

/** POST /loans, signed, submitted, landed, settled. @returns its id on the chain */
async function funded(pool: GivenPool): Promise<bigint> {
  const borrower = borrowerOf(pool);
  const answer = await postLoan(service, loanBody(pool, borrower, TERMS));
  const { loan, reservation, transaction } = answer.body as {
    loan: { id: string };
    reservation: { id: string; amount: string };
    transaction: { xdr: string; hash: string };
  };
  expect(answer).toMatchObject({
    status: 201,
    body: {
      loan: { vendor: pool.vendor, loanType: 'standard', fundedAmount: '800' },
      reservation: { amount: '800' },
    },
  });
  const signedXdr = signed(transaction.xdr, service.network.passphrase, borrower);
  expect(
    await ask(service, { url: `/loans/${loan.id}/submission`, body: { signedXdr } }),
  ).toMatchObject({ status: 202, body: { status: 'PENDING', hash: transaction.hash } });
  await service.network.closeLedgers(1);
  expect(await settlement.observePool(pool.pool)).toMatchObject({ settled: 1 });
  const { journal } = (await ask(service, { url: `/reservations/${reservation.id}` })).body as {
    journal: { kind: string; evidence: { chainLoanId?: string } | null }[];
  };
  expect(journal.map(({ kind }) => kind)).toEqual(['held', 'submitted', 'settled']);
  return BigInt(journal.at(-1)?.evidence?.chainLoanId ?? 0);
}
async function bridged(pool: GivenPool): Promise<StoredReconciliation> {
  await observe(service, pool.pool);
  await reconciliation.reconcilePool(pool.pool);
  const [row] = await explained.list(pool.pool.id, 1);
  if (!row) throw new Error('nothing was reconciled');
  return row;
}
const closed = {
  total: { difference: 0n },
  locked: { difference: 0n },
  tokenBalance: { difference: 0n },
};

test('the creditline shows whose contracts these are', async () => {
  const [theirs, ours] = [await trustupPool(), await givenPool(service)];
  const codeOf = async ({ poolContract }: { readonly poolContract: string }) =>
    (await service.chain.describePool(poolContract)).code;
  expect(await codeOf(theirs.pool)).toEqual({ generation: 'trustup' });
  expect(await codeOf(ours.pool)).toEqual({ generation: 'g1' });
});

test('a loan lands, settles, and is repaid in full: every bridge closes', async () => {
  const pool = await trustupPool();
  await reconciliation.reconcilePool(pool.pool);
  const loan = await funded(pool);
  expect(await bridged(pool)).toMatchObject({
    outcome: 'explained',
    breaks: [],
    bridges: { ...closed, locked: { terms: { settledByUs: 800n }, difference: 0n } },
  });
  const { amount } = service.network.control.actions.repay({ pool: pool.contract, loan });
  expect(service.network.control.loans(pool.contract)).toMatchObject([
    { status: 'Paid', remaining: '0', vendor: pool.vendor },
  ]);
  const interest = BigInt(amount) - 1000n;
  expect(interest).toBeGreaterThan(0n);
  const row = await bridged(pool);
  expect(row).toMatchObject({
    outcome: 'explained',
    breaks: [],
    bridges: { ...closed, locked: { terms: { repayments: -1000n }, after: -200n } },
  });
  expect(row.bridges.tokenBalance.terms.repayments).toBe(BigInt(amount));
  expect(row.bridges.total.terms).toEqual({ interest: (interest * 85n) / 100n });
});

test("the list of a borrower's loans is read with its merchant", async () => {
  const pool = await trustupPool();
  const borrower = borrowerOf(pool);
  await postLoan(service, loanBody(pool, borrower, TERMS)).then(async ({ body }) => {
    const { transaction } = body as { transaction: { xdr: string } };
    await service.chain.submit(signed(transaction.xdr, service.network.passphrase, borrower));
  });
  const { closeTime } = await service.network.closeLedgers(1);
  expect((await service.chain.borrowerLoans(pool.pool, borrower.address))?.loans).toEqual([
    {
      loanId: 1n,
      vendor: pool.vendor,
      totalAmount: 1000n,
      guaranteeAmount: 200n,
      createdAt: BigInt(closeTime),
    },
  ]);
});

test(
  'a default: only the recovered part of the guarantee comes in, and every bridge ' + 'closes',
  async () => {
    const pool = await trustupPool();
    await reconciliation.reconcilePool(pool.pool);
    service.network.control.foreignLoan({
      pool: pool.contract,
      total: 1000n,
      guarantee: 200n,
      dueIn: -10_000_000,
    });
    expect(await bridged(pool)).toMatchObject({
      outcome: 'explained',
      bridges: { locked: { terms: { unreservedFundings: 800n } } },
    });
    expect(
      service.network.control.actions.overdue({
        pool: pool.contract,
        loan: 1n,
        deed: 'mark_defaulted',
      }),
    ).toMatchObject({ succeeded: true });
    expect(await bridged(pool)).toMatchObject({
      outcome: 'explained',
      breaks: [],
      bridges: {
        total: { terms: { guarantees: 200n }, after: 10_200n },
        locked: { terms: { guarantees: -200n }, after: 600n },
        tokenBalance: { terms: { guarantees: 200n }, after: 9_400n, difference: 0n },
      },
    });
  },
);

test('interest by its admin is explained; a stranger is refused by the contract', async () => {
  const pool = await trustupPool();
  await reconciliation.reconcilePool(pool.pool);
  const { actions } = service.network.control;
  expect(() =>
    actions.interest({ pool: pool.contract, amount: 100n, via: 'distribute_interest' }),
  ).toThrow(/Error\(Contract, #9\)/);
  expect(
    actions.interest({
      pool: pool.contract,
      amount: 100n,
      via: 'distribute_interest',
      by: 'admin',
    }),
  ).toMatchObject({ succeeded: true });
  expect(await bridged(pool)).toMatchObject({
    outcome: 'explained',
    breaks: [],
    bridges: {
      total: { terms: { interest: 85n } },
      tokenBalance: { terms: { interest: -15n }, difference: 0n },
    },
  });
});

test.each([1, 2])(
  'seeded random actions of others: every bridge closes to the unit at every snapshot, ' +
    'seed %i',
  async (seed) => {
    const pool = await trustupPool();
    await reconciliation.reconcilePool(pool.pool);
    const { control } = service.network;
    const { actions } = control;
    const dice = new Dice(seed);
    const roll = (below: number): number => dice.below(below);
    let loans = 0;
    const some = (): bigint => BigInt(1 + roll(Math.max(1, loans)));
    const choices: readonly (() => unknown)[] = [
      () => {
        loans += 1;
        return control.foreignLoan({
          pool: pool.contract,
          total: BigInt(100 + roll(900)),
          guarantee: 200n,
          dueIn: roll(2) === 0 ? -10_000_000 : 1_000_000,
        });
      },
      () => actions.deposit({ pool: pool.contract, amount: BigInt(1 + roll(5_000)) }),
      () => actions.withdraw({ pool: pool.contract, shares: BigInt(1 + roll(3_000)) }),
      () => actions.repay({ pool: pool.contract, loan: some(), amount: BigInt(1 + roll(300)) }),
      () => actions.repay({ pool: pool.contract, loan: some() }),
      () => actions.overdue({ pool: pool.contract, loan: some(), deed: 'mark_defaulted' }),
      () =>
        actions.interest({
          pool: pool.contract,
          amount: BigInt(1 + roll(200)),
          via: 'distribute_interest',
          by: 'admin',
        }),
      () =>
        actions.transfer({
          pool: pool.contract,
          amount: BigInt(1 + roll(50)),
          direction: roll(2) === 0 ? 'in' : 'out',
        }),
      () => actions.pause({ pool: pool.contract, paused: roll(4) === 0 }),
    ];
    for (let step = 0; step < 40; step++) {
      try {
        choices[roll(choices.length)]?.();
      } catch (refusal) {
        if (!(refusal instanceof ControlRefusal)) throw refusal;
      } // an action that the chain refuses does not count
      if (roll(3) === 0) await observe(service, pool.pool);
    }
    await service.network.closeLedgers(1);
    await bridged(pool);
    const rows = await explained.list(pool.pool.id, 200);
    expect(rows.length).toBeGreaterThan(5);
    expect(rows.filter(({ outcome }) => outcome !== 'explained')).toEqual([]);
    const named = new Set(
      rows.flatMap(({ bridges }) =>
        Object.values(bridges).flatMap(({ terms }) => Object.keys(terms)),
      ),
    );
    expect(named.size).toBeGreaterThanOrEqual(5); // the walk did something
  },
);

describe('a pool whose contract is paused', () => {
  test(
    'takes no new loan and says whose pause it is; nothing is recorded, and it continues ' +
      'when the pause ends',
    async () => {
      const pool = await trustupPool();
      const { actions } = service.network.control;
      expect(actions.pause({ pool: pool.contract, paused: true })).toMatchObject({
        succeeded: true,
      });
      await observe(service, pool.pool);
      const body = loanBody(pool, borrowerOf(pool), TERMS);
      expect(await postLoan(service, body, 'paused')).toMatchObject({
        status: 409,
        body: {
          code: 'POOL_PAUSED',
          holdMade: false,
          contract: 'pool',
          number: 12,
          name: 'ContractPaused',
          poolState: 'active',
          detail: expect.stringContaining('paused on the chain by its administrator'),
        },
      });
      expect((await service.ledger.reader.position(pool.pool.id))?.heldCount).toBe(0);
      actions.pause({ pool: pool.contract, paused: false });
      await observe(service, pool.pool);
      expect(await postLoan(service, body, 'paused')).toMatchObject({
        status: 201,
        body: { reservation: { state: 'held' } },
      });
    },
  );

  test('makes transactions signed before it fail, and the amount comes back by proof', async () => {
    const pool = await trustupPool();
    const borrower = borrowerOf(pool);
    const { body } = await postLoan(service, loanBody(pool, borrower, TERMS));
    const { loan, reservation, transaction } = body as {
      loan: { id: string };
      reservation: { id: string };
      transaction: { xdr: string };
    };
    service.network.control.actions.pause({ pool: pool.contract, paused: true });
    expect(
      await ask(service, { method: 'POST', url: `/loans/${loan.id}/transaction` }),
    ).toMatchObject({ status: 409, body: { code: 'POOL_PAUSED', name: 'ContractPaused' } });
    expect(
      (await service.chain.submit(signed(transaction.xdr, service.network.passphrase, borrower)))
        .status,
    ).toBe('PENDING'); // by a wallet, past the service, which would not forward it
    await service.network.closeLedgers(1);
    await settlement.observePool(pool.pool);
    await service.network.closeLedgers(1);
    // the second reply that a failure needs
    expect(await settlement.observePool(pool.pool)).toMatchObject({ settled: 0, released: 1 });
    expect(await ask(service, { url: `/reservations/${reservation.id}` })).toMatchObject({
      body: { reservation: { state: 'released', releaseReason: 'tx_failed' } },
    });
    expect(await service.ledger.reader.position(pool.pool.id)).toMatchObject({
      held: 0n,
      available: 10_000n,
    });
  });
});

test('a loan type is refused by field: these contracts know none', async () => {
  const pool = await trustupPool();
  expect(await asked(pool, { loanType: 'learner_installment' })).toMatchObject({
    status: 400,
    body: {
      code: 'VALIDATION_FAILED',
      errors: [{ field: 'loanType', message: expect.stringContaining('know no other') }],
    },
  });
});

test("an unregistered vendor is refused in the fork's own words", async () => {
  const pool = await trustupPool();
  expect(await asked(pool, { vendor: borrowerOf(pool).address })).toMatchObject({
    status: 422,
    body: {
      code: 'LOAN_REFUSED_BY_CONTRACT',
      name: 'MerchantNotActive',
      number: 3,
      contract: 'lending_contract',
    },
  });
});
