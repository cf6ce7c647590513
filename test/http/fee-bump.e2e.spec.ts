import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Keypair, TransactionBuilder } from '@stellar/stellar-sdk';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import {
  type Answer,
  ask,
  type Borrower,
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

/**
 * POST /loans/:id/submission when another account pays: the fee bump is submitted, and the inner
 * envelope is followed.
 */
let service: Service;
let pool: GivenPool;
let sponsor: Borrower;
beforeAll(async () => {
  service = await givenService();
  pool = await givenPool(service);
  sponsor = people(1)[0] ?? { address: '', secret: '' };
});
afterAll(() => service.stop());

interface Held {
  readonly borrower: Borrower;
  readonly loanId: string;
  readonly reservationId: string;
  readonly xdr: string;
  readonly hash: string;
}
const people = (count: number): readonly Borrower[] =>
  givenBorrowers(service, pool.contract, { count });
const settlement = (): SettlementService =>
  new SettlementService({ ledger: service.ledger, pools: service.registry, chain: service.chain });
const submit = (one: Held, signedXdr: string): Promise<Answer> =>
  ask(service, { url: `/loans/${one.loanId}/submission`, body: { signedXdr } });
const journal = async (one: Held): Promise<Record<string, unknown>[]> =>
  (await ask(service, { url: `/reservations/${one.reservationId}` })).body['journal'] as Record<
    string,
    unknown
  >[];

async function held(): Promise<Held> {
  const [borrower] = people(1);
  if (!borrower) throw new Error('a borrower was asked for');
  await observe(service, pool.pool);
  const { body } = await postLoan(service, loanBody(pool, borrower));
  const { loan, reservation, transaction } = body as {
    loan: { id: string };
    reservation: { id: string };
    transaction: { xdr: string; hash: string };
  };
  return { borrower, loanId: loan.id, reservationId: reservation.id, ...transaction };
}

/** A fee bump around an envelope, signed by the sponsor unless `unpaid`. */
function bumped(envelope: string, unpaid = false): { xdr: string; hash: string } {
  const inner = TransactionBuilder.fromXdr(envelope, service.network.passphrase);
  if ('innerTransaction' in inner) throw new Error('a plain envelope was asked for');
  const key = Keypair.fromSecret(sponsor.secret);
  const bump = TransactionBuilder.buildFeeBumpTransaction(
    key,
    '1000000',
    inner,
    service.network.passphrase,
  );
  if (!unpaid) bump.sign(key);
  return { xdr: bump.toXdr(), hash: Buffer.from(bump.hash()).toString('hex') };
}
const sign = (one: Held): string => signed(one.xdr, service.network.passphrase, one.borrower);

test('is accepted, reported by both hashes, lands, and settles by the inner hash', async () => {
  const one = await held();
  const bump = bumped(sign(one));
  expect(await submit(one, bump.xdr)).toMatchObject({
    status: 202,
    body: {
      status: 'PENDING',
      hash: one.hash,
      feeBumpHash: bump.hash,
      reservation: { state: 'held' },
    },
  });
  await service.network.closeLedgers(1);
  expect(await service.chain.findTransaction(one.hash)).toMatchObject({
    status: 'success',
    feeBump: true,
  });
  expect(await settlement().observePool(pool.pool)).toMatchObject({ settled: 1 });
  expect((await journal(one)).map(({ kind }) => kind)).toEqual(['held', 'submitted', 'settled']);
  expect((await journal(one)).at(-1)).toMatchObject({
    kind: 'settled',
    stateAfter: 'settled',
    envelopeHash: one.hash,
    evidence: { certificate: 'D4', feeBump: true },
  });
});

test('that the node lost is submitted again unchanged', async () => {
  const one = await held();
  const bump = bumped(sign(one));
  service.network.control.setFault('drop_after_pending', { times: 1 });
  expect(await submit(one, bump.xdr)).toMatchObject({
    status: 202,
    body: { status: 'PENDING', feeBumpHash: bump.hash },
  });
  await service.network.closeLedgers(4);
  expect(await service.chain.findTransaction(one.hash)).toMatchObject({ status: 'not_found' });
  await settlement().observePool(pool.pool);
  await service.network.closeLedgers(1);
  expect(await service.chain.findTransaction(bump.hash)).toMatchObject({
    status: 'success',
    feeBump: true,
  });
  expect(await settlement().observePool(pool.pool)).toMatchObject({ settled: 1 });
});

test('that waits in the queue is not forgotten when the plain envelope comes after it', async () => {
  const one = await held();
  const bump = bumped(sign(one));
  expect(await submit(one, bump.xdr)).toMatchObject({ body: { status: 'PENDING' } });
  expect(await submit(one, sign(one))).toMatchObject({
    status: 202,
    body: { status: 'TRY_AGAIN_LATER', hash: one.hash, feeBumpHash: null },
  });
  expect((await service.ledger.envelopes.signedEnvelopes([one.hash])).get(one.hash)).toBe(bump.xdr);
  await service.network.closeLedgers(1);
  expect(await settlement().observePool(pool.pool)).toMatchObject({ settled: 1 });
});

test('replaces the plain envelope that is kept for submission', async () => {
  const one = await held();
  expect(await submit(one, sign(one))).toMatchObject({
    body: { status: 'PENDING', feeBumpHash: null },
  });
  expect((await service.ledger.envelopes.signedEnvelopes([one.hash])).get(one.hash)).toBe(
    sign(one),
  );
  const bump = bumped(sign(one));
  expect(await submit(one, bump.xdr)).toMatchObject({
    body: { status: 'PENDING', feeBumpHash: bump.hash },
  });
  expect((await service.ledger.envelopes.signedEnvelopes([one.hash])).get(one.hash)).toBe(bump.xdr);
  await service.network.closeLedgers(1);
  expect(await settlement().observePool(pool.pool)).toMatchObject({ settled: 1 });
});

describe('is refused by name, and nothing is forwarded', () => {
  const nothingCame = async (one: Held): Promise<void> => {
    expect(await ask(service, { url: `/loans/${one.loanId}` })).toMatchObject({
      body: { reservation: { state: 'held', submittedAt: null } },
    });
    const { ledger } = service.network.control.head();
    await service.network.closeLedgers(1);
    expect(await service.chain.findTransaction(one.hash)).toMatchObject({
      status: 'not_found',
      latestLedger: ledger + 1,
    });
  };

  test("around another loan's envelope", async () => {
    const [one, other] = [await held(), await held()];
    const answer = await submit(one, bumped(sign(other)).xdr);
    expect(answer).toMatchObject({
      status: 400,
      body: {
        code: 'VALIDATION_FAILED',
        errors: [
          {
            field: 'signedXdr',
            message: expect.stringContaining('a fee bump around another transaction'),
          },
        ],
      },
    });
    await nothingCame(one);
    await nothingCame(other);
  });

  test("around the envelope without the borrower's signature", async () => {
    const one = await held();
    expect(await submit(one, bumped(one.xdr).xdr)).toMatchObject({
      status: 400,
      body: {
        code: 'VALIDATION_FAILED',
        errors: [
          {
            field: 'signedXdr',
            message: expect.stringContaining('No signature is by a current signer'),
          },
        ],
      },
    });
    await nothingCame(one);
  });

  test('when its payer did not sign: by the network, and the hold stays', async () => {
    const one = await held();
    expect(await submit(one, bumped(sign(one), true).xdr)).toMatchObject({
      status: 409,
      body: {
        code: 'SUBMISSION_REJECTED',
        resultCode: 'txBadAuth',
        reservation: { state: 'held' },
      },
    });
    await nothingCame(one);
  });
});
