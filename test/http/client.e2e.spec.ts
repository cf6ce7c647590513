import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type HoldfastClient,
  holdfastClient,
  keyForRetry,
} from '../../src/client/holdfast-client.js';
import { bearer } from '../support/access.js';
import {
  dueIn,
  givenBorrowers,
  givenPool,
  givenService,
  signed,
  type GivenPool,
  type Service,
} from '../support/given.js';

/**
 * A loan from the request to the chain, over a socket, with the client that other teams use. A
 * change of the API that breaks them does not compile here.
 */
let service: Service;
let pool: GivenPool;
let client: HoldfastClient;
beforeAll(async () => {
  service = await givenService();
  pool = await givenPool(service, { deposit: 1_400_000_000n });
  await service.app.listen(0, '127.0.0.1');
  client = holdfastClient({
    baseUrl: (await service.app.getUrl()).replace('[::1]', '127.0.0.1'),
    headers: bearer(service.key),
  });
});
afterAll(() => service.stop());

test('held, replayed, refused to another, submitted, landed, read', async () => {
  const [one, two] = givenBorrowers(service, pool.contract, { count: 2 });
  if (!one || !two) throw new Error('two borrowers were asked for');
  const terms = {
    poolId: pool.pool.id,
    vendor: pool.vendor,
    totalAmount: '125',
    guaranteeAmount: '25',
    schedule: [{ amount: '125', dueAt: dueIn(30) }],
  };
  const ask = (borrower: string, key: string) =>
    client.POST('/loans', {
      body: { ...terms, borrower },
      params: { header: { 'Idempotency-Key': key } },
    });

  const { data: offer, response } = await ask(one.address, 'client-1');
  if (!offer) throw new Error('the loan was refused');
  expect([response.status, offer.reservation.state, offer.reservation.amount]).toEqual([
    201,
    'held',
    '100',
  ]);
  expect((await ask(one.address, 'client-1')).data).toEqual(offer);

  const { error, response: refusal } = await ask(two.address, 'client-2');
  if (error?.code !== 'INSUFFICIENT_LIQUIDITY')
    throw new Error(`not for lack of liquidity: ${error?.code}`);
  expect([error.available, error.nextDeadline, error.holdMade]).toEqual([
    '40',
    offer.reservation.expiresAt,
    false,
  ]); // typed by the code
  const wait = Number(refusal.headers.get('retry-after'));
  expect(wait).toBeGreaterThan(20); // the hold time, and 20 s for the proof
  expect(wait).toBeLessThanOrEqual(pool.pool.holdSeconds + 60);

  const busy = (await ask(one.address, 'client-3')).error;
  if (busy?.code !== 'BORROWER_BUSY') throw new Error(`not for a live hold: ${busy?.code}`);
  expect([busy.loanId, busy.expiresAt]).toEqual([offer.loan.id, offer.reservation.expiresAt]);

  const { transaction } = offer;
  if (!transaction) throw new Error('there is no transaction to sign');
  const id = offer.loan.id;
  const { data: submitted } = await client.POST('/loans/{id}/submission', {
    params: { path: { id } },
    body: { signedXdr: signed(transaction.xdr, transaction.networkPassphrase, one) },
  });
  expect(submitted).toMatchObject({ status: 'PENDING', hash: transaction.hash });
  await service.network.closeLedgers(1);
  expect(
    (await client.GET('/loans/{id}', { params: { path: { id } } })).data?.transaction?.hash,
  ).toBe(transaction.hash);
  const { data: list } = await client.GET('/loans', {
    params: { query: { poolId: pool.pool.id } },
  });
  expect(list?.loans.map(({ loan }) => loan.id)).toEqual([id]);
  expect(
    (await client.GET('/pools/{id}', { params: { path: { id: pool.pool.id } } })).data?.held,
  ).toBe('100');
});

test('a recorded refusal keeps its body, and its header counts down', async () => {
  const [late] = givenBorrowers(service, pool.contract);
  if (!late) throw new Error('a borrower was asked for');
  const body = {
    poolId: pool.pool.id,
    borrower: late.address,
    vendor: pool.vendor,
    totalAmount: '125',
    guaranteeAmount: '25',
    schedule: [{ amount: '125', dueAt: dueIn(30) }],
  };
  const ask = async () => {
    const { error, response } = await client.POST('/loans', {
      body,
      params: { header: { 'Idempotency-Key': 'client-sticky' } },
    });
    return { error, wait: Number(response.headers.get('retry-after')) };
  };
  const first = await ask();
  // the chain's time moves on by a minute, and a snapshot stores it
  const head = await service.chain.head();
  await service.ledger.snapshots.observe({
    poolId: pool.pool.id,
    ledger: head.ledger,
    total: 1n,
    locked: 0n,
    tokenBalance: 1n,
    lastLoanId: null,
    contractPaused: null,
    limits: { outflowCapBps: null, vendorCap: null, utilisationCapBps: null },
    closeTime: head.closeTime,
    headLedger: head.ledger + 1,
    headCloseTime: BigInt(Math.floor(Date.now() / 1000)) + 60n,
  });
  const again = await ask();
  expect(again.error).toEqual(first.error);
  // a polite client asks with a new key, because this one repeats the refusal
  if (!first.error) throw new Error('it was not refused');
  expect(first.error).toMatchObject({ retryable: true, newKeyNeeded: true });
  expect(keyForRetry(first.error, 'client-sticky')).not.toBe('client-sticky');
  expect(keyForRetry({}, 'client-plain')).toBe('client-plain');
  expect(first.wait - again.wait).toBeGreaterThanOrEqual(40);
});
