import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Keypair, TransactionBuilder } from '@stellar/stellar-sdk';
import type { FeeSurge } from '../../sandbox/network/fee-surge.js';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import { bearer, givenKey } from '../support/access.js';
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
import { scrapeOf } from '../support/scrape.js';

/**
 * A surge of fees on the network, over HTTP: what a transaction bids, what is shown when others bid
 * more, the fee bump that helps, and what a lapse then says of its borrower.
 */
const CAP = 20_000;
/** The ledgers that getFeeStats covers. */
const FEE_LEDGERS = 50;
let service: Service;
let settlement: SettlementService;
let sponsor: Borrower;
let operator: Readonly<Record<string, string>>;
beforeAll(async () => {
  service = await givenService();
  settlement = new SettlementService({
    ledger: service.ledger,
    pools: service.registry,
    chain: service.chain,
  });
  sponsor = one(await pool());
  operator = bearer(await givenKey(service.app, { scopes: ['operate'] }));
});
afterEach(() => {
  service.network.control.conditions.setSurge(undefined);
});
afterAll(() => service.stop());

interface Offer {
  readonly loan: { readonly id: string };
  readonly reservation: { readonly id: string };
  readonly transaction: {
    readonly xdr: string;
    readonly hash: string;
    readonly maxTime: number;
    readonly fee: string;
    readonly inclusionFee: Readonly<Record<string, unknown>>;
  };
}
interface Bid {
  readonly outbid: boolean;
  readonly feeBump: { readonly baseFee: string; readonly fee: string } | null;
  readonly advice: string | null;
}
const pool = (): Promise<GivenPool> =>
  givenPool(service, { rules: { maxInclusionFee: CAP, lapsesMax: 1, holdSeconds: 900 } });
function one(of: GivenPool): Borrower {
  const [borrower] = givenBorrowers(service, of.contract);
  if (!borrower) throw new Error('a borrower was asked for');
  return borrower;
}
const quoted = async (of: GivenPool, by: Borrower): Promise<Readonly<Record<string, unknown>>> =>
  (await ask(service, { url: '/loans/quote', body: loanBody(of, by) })).body[
    'inclusionFee'
  ] as Readonly<Record<string, unknown>>;
/** Others bid so much from now on, and the service has seen it. */
const surge = (of: GivenPool, by: Borrower, rate: number, queueFull = false): Promise<void> =>
  others(of, by, { soroban: String(rate), classic: '100', queueFull });
const calm = (of: GivenPool, by: Borrower): Promise<void> => others(of, by, undefined);
async function others(of: GivenPool, by: Borrower, bid: FeeSurge | undefined): Promise<void> {
  service.network.control.conditions.setSurge(bid);
  await service.network.closeLedgers(FEE_LEDGERS);
  // a rate is kept for some seconds, so that a node is not asked for each loan
  while ((await quoted(of, by))['goingRate'] !== (bid?.soroban ?? '0')) await wait(50);
  await observe(service, of.pool);
}
async function held(of: GivenPool, by: Borrower): Promise<Offer> {
  await observe(service, of.pool);
  const answer = await postLoan(service, loanBody(of, by));
  expect(answer.status).toBe(201);
  return answer.body as unknown as Offer;
}
const bidOf = async ({ loan }: Offer): Promise<Bid> =>
  (await ask(service, { url: `/loans/${loan.id}` })).body['inclusionFee'] as Bid;
const signedBy = ({ transaction }: Offer, by: Borrower): string =>
  signed(transaction.xdr, service.network.passphrase, by);
const submit = ({ loan }: Offer, signedXdr: string): Promise<Answer> =>
  ask(service, { url: `/loans/${loan.id}/submission`, body: { signedXdr } });
function bumped(signedXdr: string, baseFee: string): string {
  const { passphrase } = service.network;
  const inner = TransactionBuilder.fromXdr(signedXdr, passphrase);
  if ('innerTransaction' in inner) throw new Error('a plain transaction was asked for');
  const key = Keypair.fromSecret(sponsor.secret);
  const bump = TransactionBuilder.buildFeeBumpTransaction(key, baseFee, inner, passphrase);
  bump.sign(key);
  return bump.toXdr();
}
const stateOf = async ({ reservation }: Offer): Promise<unknown> =>
  (await ask(service, { url: `/reservations/${reservation.id}` })).body['reservation'];
async function expired(of: GivenPool, offer: Offer): Promise<void> {
  const { control } = service.network;
  // ledgers closed by hand may have run ahead of the clock that travel moves
  while (control.head().closeTime <= offer.transaction.maxTime) control.travel(1000);
  for (let round = 0; round < 6; round++) {
    await settlement.expireLapsed(of.pool);
    await service.network.closeLedgers(1);
  }
  expect(await stateOf(offer)).toMatchObject({ state: 'expired' });
  await observe(service, of.pool);
}

describe('in a surge', () => {
  test('the quote shows the rate, the transaction bids it, and it lands', async () => {
    const of = await pool();
    const by = one(of);
    expect(await quoted(of, by)).toMatchObject({
      bid: '1000',
      feePercentile: 'p90',
      maxInclusionFee: String(CAP),
    });
    await surge(of, by, 5_000);
    expect(await quoted(of, by)).toMatchObject({
      bid: '5000',
      goingRate: '5000',
      atLedger: expect.any(Number) as unknown,
    });
    const offer = await held(of, by);
    expect(offer.transaction.inclusionFee).toEqual({ bid: '5000', goingRate: '5000' });
    expect(await bidOf(offer)).toMatchObject({ outbid: false, feeBump: null, advice: null });
    expect(await submit(offer, signedBy(offer, by))).toMatchObject({ status: 202 });
    await service.network.closeLedgers(1);
    expect(await settlement.observePool(of.pool)).toMatchObject({ settled: 1 });
  });

  test('a bid costs the cap at most; it is outbid, counted, and its fee bump lands', async () => {
    const of = await pool();
    const by = one(of);
    await surge(of, by, 50_000);
    const offer = await held(of, by);
    expect(offer.transaction.inclusionFee).toEqual({ bid: String(CAP), goingRate: '50000' });
    const bid = await bidOf(offer);
    expect(bid).toMatchObject({
      bid: String(CAP),
      goingRate: '50000',
      outbid: true,
      feeBump: { baseFee: '50000', fee: String(2 * 50_000 + Number(offer.transaction.fee) - CAP) },
      advice: expect.stringContaining('POST /loans/:id/submission') as unknown,
    });
    await observe(service, of.pool);
    expect(
      (await ask(service, { url: `/reservations/${offer.reservation.id}` })).body['envelopes'],
    ).toMatchObject([
      { bid: String(CAP), goingRate: '50000', outbidLedger: expect.any(Number) as unknown },
    ]);
    const scrape = scrapeOf((await ask(service, { url: '/metrics', headers: operator })).text);
    expect(scrape.value('holdfast_outbid_envelopes', { pool: of.pool.id })).toBe(1);
    expect(scrape.value('holdfast_pool_going_rate_stroops', { pool: of.pool.id })).toBe(50_000);

    const plain = signedBy(offer, by);
    expect(await submit(offer, plain)).toMatchObject({ status: 202, body: { status: 'PENDING' } });
    await service.network.closeLedgers(1);
    expect(await service.chain.findTransaction(offer.transaction.hash)).toMatchObject({
      status: 'not_found',
    });
    // it waits in the queue now, and gives way to ten times its bid
    const baseFee = (await bidOf(offer)).feeBump?.baseFee ?? '';
    expect(baseFee).toBe(String(10 * CAP));
    expect(await submit(offer, bumped(plain, baseFee))).toMatchObject({
      status: 202,
      body: { status: 'PENDING' },
    });
    await service.network.closeLedgers(1);
    expect(await settlement.observePool(of.pool)).toMatchObject({ settled: 1 });
  });

  test('a rebuild takes the rate of then', async () => {
    const of = await pool();
    const by = one(of);
    await calm(of, by);
    const offer = await held(of, by);
    expect(offer.transaction.inclusionFee).toMatchObject({ bid: '1000' });
    await surge(of, by, 7_000);
    expect(await bidOf(offer)).toMatchObject({ outbid: true });
    expect(
      await ask(service, { url: `/loans/${offer.loan.id}/transaction`, method: 'POST' }),
    ).toMatchObject({
      body: {
        transaction: { inclusionFee: { bid: '7000', goingRate: '7000' } },
        inclusionFee: { bid: '7000', outbid: false },
      },
    });
  });
});

describe('a lapse does not make a borrower wait', () => {
  test('whose transaction was outbid at its deadline', async () => {
    const of = await pool();
    const by = one(of);
    await surge(of, by, 50_000);
    await expired(of, await held(of, by));
    expect(await postLoan(service, loanBody(of, by))).toMatchObject({ status: 201 });
  });

  test('whose signed transaction a full queue refused, also when the surge was over by then', async () => {
    const of = await pool();
    const by = one(of);
    await surge(of, by, 50_000, true);
    const offer = await held(of, by);
    expect(await submit(offer, signedBy(offer, by))).toMatchObject({
      body: { code: 'SUBMISSION_REJECTED', resultCode: 'txInsufficientFee' },
    });
    await calm(of, by);
    expect(await bidOf(offer)).toMatchObject({ outbid: false });
    await expired(of, offer);
    expect(await postLoan(service, loanBody(of, by))).toMatchObject({ status: 201 });
  });

  test('but one that nobody outbid and nobody signed does', async () => {
    const of = await pool();
    const by = one(of);
    await calm(of, by);
    await expired(of, await held(of, by));
    expect(await postLoan(service, loanBody(of, by))).toMatchObject({
      status: 409,
      body: { code: 'BORROWER_BACK_OFF' },
    });
  });
});
