import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';
import type { StoredReconciliation } from '../../src/modules/liquidity/snapshots/observation.js';
import { registerPool } from '../../src/modules/operations/register-pool.js';
import {
  type Answer,
  ask,
  type Borrower,
  dueIn,
  givenBorrowers,
  givenService,
  observe,
  postLoan,
  type Service,
  signed,
} from '../support/given.js';
import { bearer, givenKey } from '../support/access.js';
import { roundsOf, type ServiceRounds } from '../support/service-rounds.js';

/**
 * Loans on a pool of another family (docs/families.md#the-reserve-family): no vendor, guarantee,
 * schedule, loan id or loan counter.
 */
const UNIT = 10_000_000n;
const DEPOSIT = 1_000n * UNIT;
let service: Service;
let settlement: ServiceRounds['settlement'];
let reconciliation: ServiceRounds['reconciliation'];
let explained: ServiceRounds['explained'];
const alarms: string[] = [];
beforeAll(async () => {
  service = await givenService();
  ({ settlement, reconciliation, explained } = roundsOf(service, {
    raise: (name) => alarms.push(name),
  }));
});
afterAll(() => service.stop());

/** Registered by what its code can do, with the default rules; only its snapshots may be older. */
async function reservePool(deposit = DEPOSIT): Promise<PoolRecord> {
  const { pool } = service.network.control.deployPool({
    generation: 'reserve',
    decimals: 7,
    deposit,
  });
  return registerPool(
    { pools: service.registry, chain: service.chain },
    { contract: pool, name: 'a reserve', rules: { maxSnapshotAgeSeconds: 600 } },
  );
}
/** With a trustline and no tokens. */
function borrowerOf(pool: PoolRecord): Borrower {
  const [borrower] = givenBorrowers(service, pool.poolContract, { tokens: 0n });
  if (!borrower) throw new Error('a borrower was asked for');
  return borrower;
}
const body = (pool: PoolRecord, borrower: Borrower, members: object = {}) => ({
  poolId: pool.id,
  borrower: borrower.address,
  totalAmount: '100',
  ...members,
});

interface Offer {
  readonly loan: { readonly id: string };
  readonly reservation: { readonly id: string };
  readonly transaction: { readonly xdr: string; readonly hash: string; readonly maxTime: number };
}
async function held(pool: PoolRecord, borrower = borrowerOf(pool)): Promise<Offer> {
  const answer = await postLoan(service, body(pool, borrower));
  expect(answer).toMatchObject({
    status: 201,
    body: {
      loan: {
        vendor: null,
        totalAmount: '100',
        guaranteeAmount: '0',
        fundedAmount: '100',
        schedule: [],
      },
      reservation: { state: 'held', amount: '100' },
      transaction: { loanIdWindow: null, window: { loans: 0, bytes: 0, fee: '0' } },
    },
  });
  return answer.body as unknown as Offer;
}
const submitted = ({ loan, transaction }: Offer, borrower: Borrower): Promise<Answer> =>
  ask(service, {
    url: `/loans/${loan.id}/submission`,
    body: { signedXdr: signed(transaction.xdr, service.network.passphrase, borrower) },
  });
async function landed(pool: PoolRecord, borrower = borrowerOf(pool)): Promise<Offer> {
  const offer = await held(pool, borrower);
  expect(await submitted(offer, borrower)).toMatchObject({
    status: 202,
    body: { status: 'PENDING', hash: offer.transaction.hash },
  });
  await service.network.closeLedgers(1);
  return offer;
}
async function bridged(pool: PoolRecord): Promise<StoredReconciliation> {
  await observe(service, pool);
  await reconciliation.reconcilePool(pool);
  const [row] = await explained.list(pool.id, 1);
  if (!row) throw new Error('nothing was reconciled');
  return row;
}
const ALL_CLOSED = {
  total: { difference: 0n },
  locked: { difference: 0n },
  tokenBalance: { difference: 0n },
};

test('it is found by its code: one contract lends, and the service names its family', async () => {
  const pool = await reservePool();
  expect(pool).toMatchObject({ generation: 'reserve', decimals: 7, strict: true });
  expect(pool.lendingContract).toBe(pool.poolContract);
  expect(await ask(service, { url: `/pools/${pool.id}` })).toMatchObject({
    status: 200,
    body: { generation: 'reserve', family: 'reserve' },
  });
});

test('from request to repayment: the hold settles without a loan id, and every bridge closes', async () => {
  const pool = await reservePool();
  await reconciliation.reconcilePool(pool);
  const borrower = borrowerOf(pool);
  const offer = await held(pool, borrower);
  expect(await ask(service, { url: `/loans/${offer.loan.id}` })).toMatchObject({
    body: {
      transaction: { loanIdWindow: null },
      counterWindow: { nextLoanId: null, outdated: false, loans: 0, loansLeft: null, advice: null },
      contractPaused: false,
    },
  });
  await submitted(offer, borrower);
  await service.network.closeLedgers(1);
  expect(await settlement.observePool(pool)).toMatchObject({ settled: 1 });
  const answer = await ask(service, { url: `/reservations/${offer.reservation.id}` });
  expect(answer).toMatchObject({
    body: {
      reservation: { state: 'settled' },
      envelopes: [{ state: 'landed', loanIdWindow: null, chainLoanId: null }],
    },
  });
  const { journal } = answer.body as {
    journal: { kind: string; evidence: { chainLoanId?: string } | null }[];
  };
  expect(journal.map(({ kind }) => kind)).toEqual(['held', 'submitted', 'settled']);
  expect(journal.at(-1)?.evidence).toMatchObject({ certificate: 'D4', chainLoanId: null });
  expect(await bridged(pool)).toMatchObject({
    outcome: 'explained',
    breaks: [],
    bridges: {
      total: { terms: {}, difference: 0n },
      locked: { terms: { settledByUs: 100n * UNIT }, difference: 0n },
      tokenBalance: { terms: { settledByUs: -100n * UNIT }, difference: 0n },
    },
  });
  expect(
    service.network.control.reserve.repay({
      pool: pool.poolContract,
      borrower: borrower.address,
      amount: 60n * UNIT,
    }),
  ).toMatchObject({ succeeded: true });
  expect(await bridged(pool)).toMatchObject({
    outcome: 'explained',
    breaks: [],
    bridges: {
      ...ALL_CLOSED,
      locked: { terms: { repayments: -60n * UNIT }, after: 40n * UNIT },
      tokenBalance: { terms: { repayments: 60n * UNIT }, difference: 0n },
    },
  });
});

test('a hold that nobody signs expires by proof, and its amount can be held again', async () => {
  const pool = await reservePool(100n * UNIT);
  const offer = await held(pool);
  expect(await postLoan(service, body(pool, borrowerOf(pool)))).toMatchObject({
    status: 409,
    body: { code: 'INSUFFICIENT_LIQUIDITY', holdMade: false },
  });
  const { control } = service.network;
  // ledgers closed by hand run ahead of the clock that this moves
  while (control.head().closeTime < offer.transaction.maxTime) control.travel(400);
  for (let round = 0; round < 4; round++) {
    await settlement.observePool(pool);
    await settlement.expireLapsed(pool);
    await service.network.closeLedgers(1);
  }
  expect(await ask(service, { url: `/reservations/${offer.reservation.id}` })).toMatchObject({
    body: { reservation: { state: 'expired' } },
  });
  await held(pool);
});

test("strangers' borrowing, deposits, withdrawals and gifts are told apart", async () => {
  const pool = await reservePool();
  await reconciliation.reconcilePool(pool);
  const { control } = service.network;
  const of = { pool: pool.poolContract };
  const { borrower, hash } = control.foreignLoan({ ...of, total: 70n * UNIT, guarantee: 0n });
  control.actions.deposit({ ...of, amount: 30n * UNIT });
  control.actions.withdraw({ ...of, shares: 20n * UNIT });
  control.actions.transfer({ ...of, amount: 5n * UNIT, direction: 'in' });
  expect(await bridged(pool)).toMatchObject({
    outcome: 'explained',
    breaks: [
      {
        class: 'unreserved_funding',
        figure: 'locked',
        amount: 70n * UNIT,
        rows: [{ txHash: hash, amount: 70n * UNIT, note: borrower }],
      },
      { class: 'external_transfer', amount: 5n * UNIT },
    ],
    bridges: {
      total: { terms: { deposits: 30n * UNIT, withdrawals: -20n * UNIT }, difference: 0n },
      locked: { terms: { unreservedFundings: 70n * UNIT }, difference: 0n },
      tokenBalance: { terms: { externalTransfers: 5n * UNIT }, difference: 0n },
    },
  });
});

test('50 borrowers ask at once, the pool can fund 20: exactly 20 are held and land', async () => {
  const pool = await reservePool(2_000n * UNIT + 1n);
  await reconciliation.reconcilePool(pool);
  const borrowers = givenBorrowers(service, pool.poolContract, { count: 50, tokens: 0n });
  const answers = await Promise.all(
    borrowers.map(async (borrower) => ({
      borrower,
      answer: await postLoan(service, body(pool, borrower)),
    })),
  );
  const made = answers.filter(({ answer }) => answer.status === 201);
  expect(made).toHaveLength(20);
  expect(
    answers.filter(({ answer }) => answer.body['code'] === 'INSUFFICIENT_LIQUIDITY'),
  ).toHaveLength(30);
  for (const { borrower, answer } of made)
    expect((await submitted(answer.body as unknown as Offer, borrower)).status).toBe(202);
  let settled = 0;
  for (let ledger = 0; ledger < 10 && settled < 20; ledger++) {
    await service.network.closeLedgers(1);
    settled += (await settlement.observePool(pool)).settled;
  }
  expect(settled).toBe(20);
  expect(await bridged(pool)).toMatchObject({
    outcome: 'explained',
    breaks: [],
    bridges: { ...ALL_CLOSED, tokenBalance: { after: 1n, difference: 0n } },
  });
});

describe('the utilisation limit of the contract', () => {
  const setLimit = async (pool: PoolRecord, utilisationBps: number): Promise<void> => {
    service.network.control.actions.admin.setCaps({ pool: pool.poolContract, utilisationBps });
    await observe(service, pool);
  };

  test('50 ask at once where it leaves 12: 12 are held and land, and the contract refuses more', async () => {
    const pool = await reservePool(2_000n * UNIT);
    await setLimit(pool, 6_299);
    expect(await ask(service, { url: `/pools/${pool.id}` })).toMatchObject({
      body: {
        available: '1259.8',
        observedAvailable: '1259.8',
        contractLimits: { outflowCap: null, vendorCap: null, utilisationCap: '62.99' },
      },
    });
    const borrowers = givenBorrowers(service, pool.poolContract, { count: 50, tokens: 0n });
    const answers = await Promise.all(
      borrowers.map(async (borrower) => ({
        borrower,
        answer: await postLoan(service, body(pool, borrower)),
      })),
    );
    const made = answers.filter(({ answer }) => answer.status === 201);
    expect(made).toHaveLength(12);
    expect(
      answers.filter(({ answer }) => answer.body['code'] === 'INSUFFICIENT_LIQUIDITY'),
    ).toHaveLength(38);
    for (const { borrower, answer } of made)
      expect((await submitted(answer.body as unknown as Offer, borrower)).status).toBe(202);
    await service.network.closeLedgers(1);
    expect(await settlement.observePool(pool)).toMatchObject({ settled: 12 });
    const quote = await ask(service, {
      url: '/loans/quote',
      body: body(pool, borrowerOf(pool), { totalAmount: '60' }),
    });
    expect(quote).toMatchObject({
      body: {
        refusal: { code: 'INSUFFICIENT_LIQUIDITY' },
        contractRefusal: { code: 'CHAIN_LIQUIDITY_SHORT', number: 8, name: 'UtilisationExceeded' },
      },
    });
    // a stranger asks the contract itself
    expect(() =>
      service.network.control.foreignLoan({
        pool: pool.poolContract,
        total: 60n * UNIT,
        guarantee: 0n,
      }),
    ).toThrow('#8');
  });

  test('that was lowered under what is held stops new holds, and shows as a shortfall', async () => {
    const pool = await reservePool(200n * UNIT);
    await held(pool);
    await setLimit(pool, 4_000);
    expect(await ask(service, { url: `/pools/${pool.id}` })).toMatchObject({
      body: { available: '0', observedAvailable: '80', held: '100', shortfall: '20' },
    });
    expect(await postLoan(service, body(pool, borrowerOf(pool)))).toMatchObject({
      status: 409,
      body: { code: 'INSUFFICIENT_LIQUIDITY' },
    });
  });

  test('is refused by the contract where the snapshot does not have it yet', async () => {
    const pool = await reservePool(200n * UNIT);
    await observe(service, pool);
    service.network.control.actions.admin.setCaps({
      pool: pool.poolContract,
      utilisationBps: 4_000,
    });
    expect(await postLoan(service, body(pool, borrowerOf(pool)))).toMatchObject({
      body: { code: 'CHAIN_LIQUIDITY_SHORT', contract: 'pool', number: 8, holdMade: false },
    });
  });
});

describe('a request', () => {
  test.each([
    ['vendor', `G${'A'.repeat(55)}`],
    ['guaranteeAmount', '20'],
    ['schedule', [{ amount: '100', dueAt: dueIn(30) }]],
    ['guaranteeAmount', null],
  ])('is refused with a %s, which these contracts do not take', async (field, value) => {
    const pool = await reservePool();
    const asked = body(pool, borrowerOf(pool), { [field]: value });
    const refusal = {
      status: 400,
      body: {
        code: 'VALIDATION_FAILED',
        errors: [{ field, message: "must be left out: this pool's contracts take none" }],
      },
    };
    expect(await postLoan(service, asked)).toMatchObject(refusal);
    expect(await ask(service, { url: '/loans/quote', body: asked })).toMatchObject(refusal);
  });

  test('is quoted: nothing is paid first, and what is borrowed is owed', async () => {
    const pool = await reservePool();
    const borrower = borrowerOf(pool);
    const quote = (totalAmount: string): Promise<Answer> =>
      ask(service, { url: '/loans/quote', body: body(pool, borrower, { totalAmount }) });
    expect(await quote('100')).toMatchObject({
      status: 200,
      body: {
        holdMade: false,
        terms: {
          vendor: null,
          leastGuaranteeAmount: '0',
          guaranteeAmount: '0',
          fundedAmount: '100',
          owedAmount: '100',
          schedule: [],
        },
        standing: { score: null, activeDebt: '0', creditLimit: null },
        counterWindow: { holdsLeft: null, loans: 0, bytes: 0, windowFee: '0' },
        refusal: null,
        contractRefusal: null,
      },
    });
    expect(await quote('2000')).toMatchObject({
      status: 200,
      body: {
        refusal: { code: 'INSUFFICIENT_LIQUIDITY' },
        contractRefusal: { code: 'CHAIN_LIQUIDITY_SHORT', contract: 'pool', number: 4 },
      },
    });
  });

  test('is refused in the words of the reserve while it is frozen', async () => {
    const pool = await reservePool();
    const { actions } = service.network.control;
    actions.pause({ pool: pool.poolContract, paused: true });
    const asked = body(pool, borrowerOf(pool));
    const frozen = {
      status: 409,
      body: { code: 'POOL_PAUSED', contract: 'pool', number: 3, name: 'Frozen' },
    };
    // by the contract in simulation, and then by the snapshot
    expect(await postLoan(service, asked)).toMatchObject(frozen);
    await observe(service, pool);
    expect(await postLoan(service, asked)).toMatchObject(frozen);
    actions.pause({ pool: pool.poolContract, paused: false });
    await observe(service, pool);
    expect((await postLoan(service, asked)).status).toBe(201);
  });
});

test('a landing of one loan leaves the others as they were; a new transaction can be issued', async () => {
  const pool = await reservePool();
  const borrower = borrowerOf(pool);
  const first = await held(pool, borrower);
  await landed(pool);
  await settlement.observePool(pool);
  const rebuilt = await ask(service, {
    method: 'POST',
    url: `/loans/${first.loan.id}/transaction`,
  });
  expect(rebuilt).toMatchObject({ status: 201, body: { transaction: { loanIdWindow: null } } });
  const offer = { ...first, transaction: (rebuilt.body as unknown as Offer).transaction };
  expect((await submitted(offer, borrower)).status).toBe(202);
  await service.network.closeLedgers(1);
  expect(await settlement.observePool(pool)).toMatchObject({ settled: 1 });
});

test('resumed by an operator who names it, it is read again and shown as what it is', async () => {
  const pool = await reservePool();
  const operator = bearer(await givenKey(service.app, { scopes: ['operate'], name: 'ada' }));
  const act = (what: string, body: object): Promise<Answer> =>
    ask(service, {
      method: 'POST',
      url: `/operator/pools/${pool.id}/${what}`,
      headers: operator,
      body,
    });
  expect((await act('pause', { reason: 'an upgrade was announced' })).status).toBe(200);
  expect(await act('resume', { reason: 'there was none', generation: 'g1' })).toMatchObject({
    status: 400,
    body: { code: 'VALIDATION_FAILED' },
  });
  expect(await act('resume', { reason: 'there was none', generation: 'reserve' })).toMatchObject({
    status: 200,
    body: {
      state: 'active',
      upgrade: { generation: { before: 'reserve', after: 'reserve' } },
    },
  });
  await landed(pool);
});

test('the call and its terms are named where a signed transaction differs', async () => {
  const pool = await reservePool();
  const [one, other] = [borrowerOf(pool), borrowerOf(pool)];
  const [offer, others] = [await held(pool, one), await held(pool, other)];
  const { hash, xdr } = offer.transaction;
  const check = await service.chain.checkSigned(
    signed(others.transaction.xdr, service.network.passphrase, other),
    { hash, source: one.address, xdr },
  );
  expect(check).toMatchObject({ ok: false, reason: 'other_transaction' });
  expect('differences' in check ? check.differences : []).toContainEqual({
    field: 'borrower',
    expected: one.address,
    received: other.address,
    message: 'is another term of the loan',
  });
});

test('nothing here raised an alarm, but what strangers borrowed', () => {
  expect([...new Set(alarms)]).toEqual(['unreserved_funding', 'external_transfer']);
});

test('a hold whose ledgers the node forgot stays: no list of loans can prove its end', async () => {
  const pool = await reservePool();
  const offer = await held(pool);
  const { control } = service.network;
  while (control.head().closeTime < offer.transaction.maxTime) control.travel(400);
  await service.network.closeLedgers(5);
  control.setFault('node_forgets', { ledgers: 2 });
  try {
    for (let round = 0; round < 4; round++) {
      await settlement.expireLapsed(pool);
      await settlement.resolveForgotten(pool, await service.chain.head());
      await service.network.closeLedgers(1);
    }
  } finally {
    control.clearFaults();
  }
  expect(await ask(service, { url: `/reservations/${offer.reservation.id}` })).toMatchObject({
    body: { reservation: { state: 'held' } },
  });
  expect(alarms).toContain('lookup_proves_nothing');
});
