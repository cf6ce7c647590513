import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import {
  type Answer,
  ask,
  type Borrower,
  givenBorrowers,
  givenPool,
  givenService,
  type GivenPool,
  loanBody,
  observe,
  postLoan,
  type Service,
  signed,
} from '../support/given.js';

/**
 * More borrowers than can land in any order, over HTTP, on a pool with the rule (`--strict on`, the
 * default) and a COUNTER_WINDOW of 2.
 */
let service: Service;
let settlement: SettlementService;
beforeAll(async () => {
  service = await givenService({ COUNTER_WINDOW: '2' });
  settlement = new SettlementService({
    ledger: service.ledger,
    pools: service.registry,
    chain: service.chain,
  });
});
afterAll(async () => {
  await service.stop();
});

interface Offer {
  readonly loan: { readonly id: string };
  readonly reservation: { readonly id: string; readonly expiresAt: string };
  readonly transaction: {
    readonly xdr: string;
    readonly fee: string;
    readonly loanIdWindow: { first: string; last: string };
    readonly window: { loans: number; bytes: number; fee: string };
  };
}
interface Page {
  readonly transaction: Offer['transaction'];
  readonly counterWindow: {
    nextLoanId: string;
    loans: number;
    loansLeft: number;
    bytes: number;
    windowFee: string;
    fee: string;
    outdated: boolean;
  };
}
const ENTRY = 968 + 2 * 124;
const offerOf = (answer: Answer): Offer => {
  expect(answer.status).toBe(201);
  return answer.body as unknown as Offer;
};
const pool = (strict = true): Promise<GivenPool> => givenPool(service, { rules: { strict } });
const borrow = (of: GivenPool, borrower: Borrower): Promise<Answer> =>
  postLoan(service, loanBody(of, borrower));
const quote = (of: GivenPool, borrower: Borrower): Promise<Answer> =>
  ask(service, { url: '/loans/quote', body: loanBody(of, borrower) });
const pageOf = async ({ loan }: Offer): Promise<Page> =>
  (await ask(service, { url: `/loans/${loan.id}` })).body as unknown as Page;
async function submit({ loan, transaction }: Offer, borrower: Borrower): Promise<void> {
  expect(
    (
      await ask(service, {
        url: `/loans/${loan.id}/submission`,
        body: { signedXdr: signed(transaction.xdr, service.network.passphrase, borrower) },
      })
    ).status,
  ).toBe(202);
}
const decisions = async (of: GivenPool): Promise<number> => {
  const { rows } = await service.ledger.reader
    .liveHolds(of.pool.id, 100)
    .then((list) => ({ rows: list }));
  return rows.length;
};

test('each transaction shows its window and what it costs; the window grows with the live holds', async () => {
  const of = await pool();
  const borrowers = givenBorrowers(service, of.contract, { count: 3 });
  const [first, second] = [
    offerOf(await borrow(of, borrowers[0] as Borrower)),
    offerOf(await borrow(of, borrowers[1] as Borrower)),
  ];
  expect(
    [first, second].map(({ transaction }) => [transaction.loanIdWindow, transaction.window.loans]),
  ).toEqual([
    [{ first: '1', last: '3' }, 2],
    [{ first: '1', last: '4' }, 3],
  ]);
  expect(first.transaction.window.bytes).toBeGreaterThanOrEqual(2 * ENTRY);
  const [fee, more] = [BigInt(first.transaction.window.fee), BigInt(second.transaction.window.fee)];
  expect(fee).toBeGreaterThan(0n);
  expect(more).toBeGreaterThan(fee);
  expect(BigInt(first.transaction.fee)).toBeGreaterThan(fee);
  const { window } = first.transaction;
  expect((await pageOf(first)).counterWindow).toMatchObject({
    nextLoanId: '1',
    loans: 2,
    loansLeft: 2,
    bytes: window.bytes,
    windowFee: window.fee,
    fee: first.transaction.fee,
    outdated: false,
  });
  expect((await quote(of, borrowers[2] as Borrower)).body).toMatchObject({
    refusal: null,
    counterWindow: {
      liveHolds: 2,
      holdsLeft: 1,
      loans: 4,
      windowFee: expect.any(String),
      fee: expect.any(String),
    },
  });
  const { body } = await ask(service, { url: `/reservations/${first.reservation.id}` });
  expect(body).toMatchObject({ envelopes: [{ windowBytes: window.bytes, windowFee: window.fee }] });
});

test(
  'a hold more than can land is refused, with the deadline that frees room; a landing ' +
    'frees no room, a lapse does',
  async () => {
    const of = await pool();
    const borrowers = givenBorrowers(service, of.contract, { count: 6 });
    const [slow, quick, third, late, other, again] = borrowers as [
      Borrower,
      Borrower,
      Borrower,
      Borrower,
      Borrower,
      Borrower,
    ];
    const [first, second] = [
      offerOf(await borrow(of, slow)),
      offerOf(await borrow(of, quick)),
      offerOf(await borrow(of, third)),
    ];

    const refused = await borrow(of, late);
    expect(refused).toMatchObject({
      status: 503,
      body: {
        code: 'COUNTER_WINDOW_FULL',
        retryable: true,
        holdMade: false,
        liveHolds: 3,
        window: 3,
        limit: 'loans',
        nextDeadline: first.reservation.expiresAt,
      },
    });
    // there is room when they have landed, which borrowers who sign at once show in two ledgers
    expect(refused.headers['retry-after']).toBe('10');
    expect(refused.body).toMatchObject({
      retryAfter: 10,
      detail: expect.stringContaining(
        'room once they have landed, often in a ledger or two. The first of them can lapse after ' +
          `${first.reservation.expiresAt}.`,
      ),
    });
    expect((await quote(of, late)).body).toMatchObject({
      holdMade: false,
      refusal: { code: 'COUNTER_WINDOW_FULL' },
      contractRefusal: null,
      counterWindow: { liveHolds: 3, holdsLeft: 0 },
    });
    expect(await decisions(of)).toBe(3);

    // a landing uses up one of the ids that the others need
    await submit(second, quick);
    await service.network.closeLedgers(2);
    await settlement.observePool(of.pool);
    expect((await pageOf(first)).counterWindow).toMatchObject({
      nextLoanId: '2',
      loansLeft: 1,
      outdated: false,
    });
    expect(await borrow(of, late)).toMatchObject({
      status: 503,
      body: { code: 'COUNTER_WINDOW_FULL', liveHolds: 2, window: 2 },
    });

    // the two that wait lapse: everything is free
    service.network.control.travel(1000);
    for (let round = 0; round < 6; round++) {
      await service.network.closeLedgers(1);
      await settlement.expireLapsed(of.pool);
    }
    await settlement.observePool(of.pool);
    expect(await decisions(of)).toBe(0);
    for (const one of [late, other, again]) offerOf(await borrow(of, one));
  },
  60_000,
);

test('a lone request whose window is full costs a simulation once, the next ones none', async () => {
  const of = await pool();
  const borrowers = givenBorrowers(service, of.contract, { count: 5 });
  const build = service.chain.buildFunding.bind(service.chain);
  let builds = 0;
  service.chain.buildFunding = (request) => {
    builds++;
    return build(request);
  };
  try {
    for (const one of borrowers.slice(0, 3)) offerOf(await borrow(of, one));
    expect(builds).toBe(3);
    for (const one of [...borrowers.slice(3), borrowers[3] as Borrower])
      expect(await borrow(of, one)).toMatchObject({ body: { code: 'COUNTER_WINDOW_FULL' } });
    expect(builds).toBe(4);
  } finally {
    service.chain.buildFunding = build;
  }
});

test('the live holds land whatever their order, the first one last', async () => {
  const of = await pool();
  const borrowers = givenBorrowers(service, of.contract, { count: 3 });
  const offers = [];
  for (const one of borrowers) offers.push(offerOf(await borrow(of, one)));
  for (const at of [2, 1, 0]) {
    await submit(offers[at] as Offer, borrowers[at] as Borrower);
    await service.network.closeLedgers(1);
  }
  await service.network.closeLedgers(1);
  await settlement.observePool(of.pool);
  const states = await Promise.all(
    offers.map(
      async ({ reservation }) =>
        (
          (await ask(service, { url: `/reservations/${reservation.id}` })).body['reservation'] as {
            state: string;
          }
        ).state,
    ),
  );
  expect(states).toEqual(['settled', 'settled', 'settled']);
});

test('requests that arrive together get room for one another; without the rule they do not', async () => {
  const race = async (in_: GivenPool): Promise<Answer[]> =>
    Promise.all(
      givenBorrowers(service, in_.contract, { count: 12 }).map((one) => borrow(in_, one)),
    );
  const race201 = async (): Promise<Offer[]> =>
    (await race(await pool())).filter(({ status }) => status === 201).map(offerOf);
  let held = await race201();
  // the first of them is sometimes planned before the others have arrived: then COUNTER_WINDOW is
  // all it leaves room for
  for (let again = 0; again < 9 && held.length <= 3; again++) held = await race201();
  expect(held.length).toBeGreaterThan(3);
  for (const { transaction } of held)
    expect(transaction.window.loans).toBeGreaterThanOrEqual(held.length - 1);
  const unbound = (await race(await pool(false))).map(offerOf);
  expect(unbound.map(({ transaction }) => transaction.window.loans)).toEqual(
    Array.from({ length: 12 }, () => 2),
  );
});

test('a transaction that was overtaken by strangers is rebuilt with room for the other live holds', async () => {
  const of = await pool();
  const borrowers = givenBorrowers(service, of.contract, { count: 3 });
  const [first] = [
    offerOf(await borrow(of, borrowers[0] as Borrower)),
    offerOf(await borrow(of, borrowers[1] as Borrower)),
    offerOf(await borrow(of, borrowers[2] as Borrower)),
  ];
  for (let loan = 0; loan < 3; loan++)
    service.network.control.foreignLoan({
      pool: of.contract,
      total: 10_0000000n,
      guarantee: 2_0000000n,
    });
  await service.network.closeLedgers(1);
  await observe(service, of.pool);
  expect((await pageOf(first)).counterWindow).toMatchObject({ outdated: true, loansLeft: 0 });
  const rebuilt = offerOf(
    await ask(service, { method: 'POST', url: `/loans/${first.loan.id}/transaction` }),
  );
  expect(rebuilt.transaction.loanIdWindow.first).toBe('4');
  // the two others, and COUNTER_WINDOW
  expect(rebuilt.transaction.window.loans).toBeGreaterThanOrEqual(2 + 2);
});
