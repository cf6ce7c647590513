import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { registerPool } from '../../src/modules/operations/register-pool.js';
import { LedgerConnections } from '../../src/modules/liquidity/guards/ledger-connections.js';
import { quoteAnswerSchema } from '../../src/modules/loans/loan-quote.schemas.js';
import {
  ask,
  type Answer,
  type Borrower,
  givenBorrowers,
  givenPool,
  type GivenPool,
  givenService,
  loanBody,
  postLoan,
  type Service,
} from '../support/given.js';

let service: Service;
let pool: GivenPool;
beforeAll(async () => {
  service = await givenService();
  pool = await givenPool(service, { deposit: 300_0000000n });
});
afterAll(() => service.stop());

const quote = (body: unknown): Promise<Answer> => ask(service, { url: '/loans/quote', body });
const borrower = (wish: { score?: number; tokens?: bigint } = {}): Borrower => {
  const [made] = givenBorrowers(service, pool.contract, wish);
  if (!made) throw new Error('a borrower was asked for');
  return made;
};
/** All rows that a request could have written. */
async function rows(): Promise<unknown> {
  const {
    rows: [counts],
  } = await service.app.get(LedgerConnections, { strict: false }).read.query(
    `select (select count(*) from reservations) as r, (select count(*) from refusals) as f,
    (select count(*) from idempotency_keys) as k, (select version from pools where id = $1) as v`,
    [pool.pool.id],
  );
  return counts;
}

test('the chain then does what was quoted, to the unit, and the quote itself wrote nothing', async () => {
  const before = await rows();
  const one = borrower();
  const { guaranteeAmount: _, ...body } = loanBody(pool, one);
  const answer = await quote(body);
  expect(answer.status).toBe(200);
  expect(quoteAnswerSchema.strict().parse(answer.body)).toEqual(answer.body);
  expect(answer.body).toMatchObject({
    holdMade: false,
    refusal: null,
    contractRefusal: null,
    terms: {
      totalAmount: '125',
      leastGuaranteeAmount: '25',
      guaranteeAmount: '25',
      fundedAmount: '100',
      interestRateBps: 600,
      interestAmount: '7.5',
      serviceFeeAmount: '1.25',
      owedAmount: '133.75',
    },
    standing: { score: 80, activeDebt: '0', creditLimit: '5000' },
    availability: { available: '300', fits: true, poolState: 'active', nextDeadline: null },
  });
  expect(await rows()).toEqual(before);
  const made = await postLoan(service, body);
  expect(made).toMatchObject({
    status: 201,
    body: { loan: { guaranteeAmount: '25', fundedAmount: '100' }, reservation: { amount: '100' } },
  });
  const after = await quote(loanBody(pool, borrower()));
  expect(after.body).toMatchObject({
    availability: { available: '200', nextDeadline: expect.stringMatching(/Z$/) },
  });
});

test.each([
  ['g2', 'scaled-g2'],
  ['g3', 'scaled-g3'],
] as const)(
  'limits in whole tokens are named by an operator on contracts of %s, and the quote counts in them',
  async (generation, named) => {
    const { control } = service.network;
    const made = control.deployPool({
      profile: 'scaled',
      generation,
      decimals: 7,
      deposit: 300_0000000n,
    });
    const rooms = { pools: service.registry, chain: service.chain };
    const request = { contract: made.pool, name: named, rules: { maxSnapshotAgeSeconds: 600 } };
    for (const other of ['scaled', generation === 'g2' ? 'scaled-g3' : 'scaled-g2'] as const)
      await expect(registerPool(rooms, { ...request, generation: other })).rejects.toMatchObject({
        code: 'VALIDATION_FAILED',
      });
    const registered = await registerPool(rooms, { ...request, generation: named });
    expect(registered.generation).toBe(named);
    const [vendor = ''] = control.makeVendors({ pool: made.pool, count: 1 }).vendors;
    const [one] = givenBorrowers(service, made.pool);
    if (!one) throw new Error('a borrower was asked for');
    const body = loanBody({ pool: registered, contract: made.pool, vendor }, one);
    expect((await quote(body)).body).toMatchObject({
      standing: { creditLimit: '5000' },
      refusal: null,
    });
    expect((await postLoan(service, body)).status).toBe(201);
  },
);

describe("what would be refused is named, first by our rules, then by the contracts'", () => {
  test.each([
    [
      'a score below the threshold',
      () => loanBody(pool, borrower({ score: 10 })),
      {
        code: 'LOAN_REFUSED_BY_CONTRACT',
        contract: 'lending_contract',
        number: 4,
        name: 'InsufficientReputation',
      },
    ],
    [
      'a guarantee that is too small',
      () => loanBody(pool, borrower(), { guaranteeAmount: '24.9999999' }),
      { code: 'LOAN_REFUSED_BY_CONTRACT', number: 2, name: 'InsufficientGuarantee' },
    ],
    [
      'a vendor that is not registered',
      () => loanBody(pool, borrower(), { vendor: borrower().address }),
      { code: 'LOAN_REFUSED_BY_CONTRACT', number: 3, name: 'VendorNotActive' },
    ],
    [
      'more than the borrower may owe',
      () =>
        loanBody(pool, borrower({ score: 59 }), {
          totalAmount: '950',
          guaranteeAmount: '900',
          schedule: [{ amount: '950', dueAt: '2099-01-01T00:00:00Z' }],
        }),
      { number: 18, name: 'ExposureLimitExceeded' },
    ],
    [
      'a guarantee that the borrower does not have: only a simulation shows it',
      () => loanBody(pool, borrower({ tokens: 24_0000000n })),
      { code: 'LOAN_REFUSED_BY_CONTRACT', contract: 'token', number: 10, name: 'BalanceError' },
    ],
  ])('%s', async (_, body, expected) => {
    const wanted = body();
    const { status, body: quoted } = await quote(wanted);
    expect([status, quoted['holdMade']]).toEqual([200, false]);
    expect(quoted['refusal']).toMatchObject(expected);
    expect(quoted['contractRefusal']).toEqual(quoted['refusal']);
    const real = await postLoan(service, wanted);
    expect(real.body).toMatchObject({
      code: (quoted['refusal'] as { code: string }).code,
      number: expected.number,
      name: expected.name,
    });
  });

  test('more than is available, which the ledger refuses before the contract is asked', async () => {
    const wanted = loanBody(pool, borrower(), {
      totalAmount: '400',
      guaranteeAmount: '100',
      schedule: [{ amount: '400', dueAt: '2099-01-01T00:00:00Z' }],
    });
    const { body } = await quote(wanted);
    expect(body).toMatchObject({
      availability: { available: '200', fits: false },
      refusal: { code: 'INSUFFICIENT_LIQUIDITY', contract: null },
      contractRefusal: null,
    });
    const real = await postLoan(service, wanted);
    expect(real.body).toMatchObject({
      code: 'INSUFFICIENT_LIQUIDITY',
      detail: (body['refusal'] as { detail: string }).detail,
    });
  });

  test('a borrower with a live hold', async () => {
    const one = borrower();
    await postLoan(
      service,
      loanBody(pool, one, {
        totalAmount: '10',
        guaranteeAmount: '2',
        schedule: [{ amount: '10', dueAt: '2099-01-01T00:00:00Z' }],
      }),
    );
    expect((await quote(loanBody(pool, one))).body).toMatchObject({
      refusal: { code: 'BORROWER_BUSY' },
      contractRefusal: null,
    });
  });
});

test.each([
  ['a wrong body', () => ({}), 400, 'VALIDATION_FAILED'],
  [
    'a guarantee of everything',
    () => loanBody(pool, borrower(), { guaranteeAmount: '125' }),
    422,
    'NOTHING_TO_FUND',
  ],
  [
    'an unknown pool',
    () => loanBody(pool, borrower(), { poolId: '01a20439-8365-721f-97de-c7ac9caaa4ad' }),
    404,
    'POOL_NOT_FOUND',
  ],
  [
    'a first instalment before the loan can land',
    () =>
      loanBody(pool, borrower(), { schedule: [{ amount: '125', dueAt: '2001-01-01T00:00:00Z' }] }),
    400,
    'VALIDATION_FAILED',
  ],
])('%s is a problem', async (_, body, status, code) => {
  expect(await quote(body())).toMatchObject({ status, body: { code, holdMade: false } });
});

test('without a node there is no quote', async () => {
  service.network.control.setFault('node_down', {});
  try {
    expect(await quote(loanBody(pool, borrower()))).toMatchObject({
      status: 503,
      body: { code: 'CHAIN_UNREACHABLE' },
      headers: { 'retry-after': expect.any(String) },
    });
  } finally {
    service.network.control.clearFaults();
  }
});
