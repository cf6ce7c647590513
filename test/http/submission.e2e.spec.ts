import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Keypair, TransactionBuilder } from '@stellar/stellar-sdk';
import {
  type Answer,
  ask,
  type Borrower,
  givenBorrowers,
  givenPool,
  givenService,
  loanBody,
  postLoan,
  signed,
  type GivenPool,
  type Service,
} from '../support/given.js';
import { REFUSED } from '../support/given-ledger.js';

let service: Service;
let pool: GivenPool;
beforeAll(async () => {
  service = await givenService({ COUNTER_WINDOW: '2' });
  pool = await givenPool(service);
});
afterAll(() => service.stop());

interface Held {
  readonly borrower: Borrower;
  readonly loanId: string;
  readonly reservationId: string;
  readonly xdr: string;
  readonly hash: string;
  readonly sequence: string;
  readonly maxTime: number;
}

async function held(of: GivenPool = pool): Promise<Held> {
  const [borrower] = givenBorrowers(service, of.contract);
  if (!borrower) throw new Error('a borrower was asked for');
  const { body } = await postLoan(service, loanBody(of, borrower));
  const { loan, reservation, transaction } = body as {
    loan: { id: string };
    reservation: { id: string };
    transaction: { xdr: string; hash: string; sequence: string; maxTime: number };
  };
  return { borrower, loanId: loan.id, reservationId: reservation.id, ...transaction };
}
const submit = (loanId: string, signedXdr: unknown): Promise<Answer> =>
  ask(service, { url: `/loans/${loanId}/submission`, body: { signedXdr } });
const sign = (of: Held): string => signed(of.xdr, service.network.passphrase, of.borrower);

test('a signed envelope is submitted, lands, and the journal has it', async () => {
  const one = await held();
  const answer = await submit(one.loanId, sign(one));
  expect(answer).toMatchObject({
    status: 202,
    body: {
      status: 'PENDING',
      hash: one.hash,
      reservation: { id: one.reservationId, state: 'held' },
    },
  });
  expect(await submit(one.loanId, sign(one))).toMatchObject({
    status: 202,
    body: { status: 'DUPLICATE' },
  });
  await service.network.closeLedgers(1);
  expect(await service.chain.findTransaction(one.hash)).toMatchObject({ status: 'success' });
  const page = await ask(service, { url: `/reservations/${one.reservationId}` });
  expect(page.body).toMatchObject({
    reservation: { state: 'held' },
    envelopes: [{ hash: one.hash, submissionStatus: 'DUPLICATE', state: 'open' }],
  });
  expect((page.body['journal'] as { kind: string }[]).map((row) => row.kind)).toEqual([
    'held',
    'submitted',
  ]);
});

test.each([
  ['a newline at the end', (xdr: string) => `${xdr}\n`],
  ['wrapped lines', (xdr: string) => xdr.replaceAll(/(.{76})/g, '$1\r\n')],
  ['no padding', (xdr: string) => xdr.replace(/=+$/, '')],
  ['the URL-safe alphabet', (xdr: string) => xdr.replaceAll('+', '-').replaceAll('/', '_')],
])('an XDR with %s is noted and forwarded as canonical base64', async (_, written) => {
  const one = await held();
  const xdr = sign(one);
  expect(await submit(one.loanId, written(xdr))).toMatchObject({
    status: 202,
    body: { status: 'PENDING', hash: one.hash },
  });
  // what is submitted again later
  expect(await service.ledger.envelopes.signedEnvelopes([one.hash])).toEqual(
    new Map([[one.hash, xdr]]),
  );
  expect(await ask(service, { url: `/loans/${one.loanId}` })).toMatchObject({
    body: { reservation: { submittedAt: expect.any(String) } },
  });
});

describe('an account with several signers', () => {
  test('signatures of too little weight are refused with what they weigh', async () => {
    const one = await held();
    service.network.control.signers.setSigners({
      account: one.borrower.address,
      thresholds: [1, 2, 2, 2],
      signers: [1, 2].map(() => ({ key: Keypair.random().publicKey(), weight: 1 })),
    });
    expect(await submit(one.loanId, sign(one))).toMatchObject({
      status: 400,
      body: {
        code: 'VALIDATION_FAILED',
        weight: 1,
        needed: 2,
        errors: [{ field: 'signedXdr', message: expect.stringContaining('weight 1 of 2') }],
      },
    });
  });

  test('one signature that reaches the threshold is enough', async () => {
    const one = await held();
    service.network.control.signers.setSigners({
      account: one.borrower.address,
      thresholds: [2, 2, 2, 2],
      signers: [{ key: Keypair.random().publicKey(), weight: 1 }],
    });
    expect(await submit(one.loanId, sign(one))).toMatchObject({ status: 202 });
  });
});

test.each([
  [{ signedTxXdr: 'AAAA', signerAddress: 'G' }, 'pass `signedTxXdr` of what the wallet returned'],
  [null, 'the wallet signed nothing'],
  ['', 'the wallet signed nothing'],
  ['AAA!', 'not the base64 XDR'],
])('a signedXdr of %j says what to pass', async (given, words) => {
  const one = await held();
  expect(await submit(one.loanId, given)).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'signedXdr', message: expect.stringContaining(words) }] },
  });
});

describe("what is not this loan's signed envelope is refused by name", () => {
  test.each([
    ['no XDR', () => 'AAAA', 'not the base64 XDR'],
    ['the envelope unsigned', (one: Held) => one.xdr, 'No signature is by a current signer'],
    [
      'signed by another key',
      (one: Held) =>
        signed(one.xdr, service.network.passphrase, {
          address: '',
          secret: Keypair.random().secret(),
        }),
      'No signature is by a current signer',
    ],
    [
      'with another fee',
      (one: Held) => {
        const issued = TransactionBuilder.fromXdr(one.xdr, service.network.passphrase);
        if ('innerTransaction' in issued) throw new Error('a plain envelope was asked for');
        const changed = TransactionBuilder.cloneFrom(issued, { fee: '100' }).build();
        changed.sign(Keypair.fromSecret(one.borrower.secret));
        return changed.toXdr();
      },
      'hash differs',
    ],
    [
      'signed for another network',
      (one: Held) => signed(one.xdr, 'Another Network', one.borrower),
      'No signature is by a current signer',
    ],
  ])('%s', async (_, tamper, words) => {
    const one = await held();
    const answer = await submit(one.loanId, tamper(one));
    expect(answer).toMatchObject({
      status: 400,
      body: {
        code: 'VALIDATION_FAILED',
        errors: [{ field: 'signedXdr', message: expect.stringContaining(words) }],
      },
    });
    expect(await ask(service, { url: `/loans/${one.loanId}` })).toMatchObject({
      body: { reservation: { state: 'held', submittedAt: null } },
    });
  });

  test.each([
    [{}, ['signedXdr']],
    [{ signedXdr: 7 }, ['signedXdr']],
    [{ signedXdr: '' }, ['signedXdr']],
    [{ signedXdr: 'A', more: 1, and: 2 }, ['more', 'and']],
    ['[]', ['body']],
  ])('a body of %j', async (body, fields) => {
    const answer = await ask(service, {
      url: '/loans/01a20439-8365-721f-97de-c7ac9caaa4ad/submission',
      body,
    });
    expect(answer.status).toBe(400);
    expect((answer.body['errors'] as { field: string }[]).map((fault) => fault.field)).toEqual(
      fields,
    );
  });
});

test('a loan that does not exist', async () => {
  for (const id of ['01a20439-8365-721f-97de-c7ac9caaa4ad', 'nonsense'])
    expect(await submit(id, 'AAAA')).toMatchObject({
      status: 404,
      body: { code: 'LOAN_NOT_FOUND' },
    });
});

test('an envelope outside its loan ids is not forwarded', async () => {
  const own = await givenPool(service);
  const one = await held(own);
  for (let strangers = 0; strangers < 3; strangers++)
    service.network.control.foreignLoan({ pool: own.contract, total: 1_000n, guarantee: 200n });
  const answer = await submit(one.loanId, sign(one));
  expect(answer).toMatchObject({
    status: 409,
    body: {
      code: 'ENVELOPE_OUTDATED',
      reason: 'loan_counter',
      nextLoanId: '4',
      loanIdWindow: { first: '1', last: '3' },
    },
  });
  await service.network.closeLedgers(1);
  expect((await service.chain.account(one.borrower.address)).sequence).toBe(
    BigInt(one.sequence) - 1n,
  );
});

test('a hold that has ended takes no submission, and its XDR is no longer shown', async () => {
  const one = await held();
  await service.ledger.ends.releaseFailed([
    {
      poolId: pool.pool.id,
      reservationId: one.reservationId,
      envelopeVersion: 1,
      envelopeHash: one.hash,
      failedLedger: 9,
      closeTime: 1_800_000_000n,
      resultCode: 'txFailed',
      ...REFUSED,
    },
  ]);
  expect(await submit(one.loanId, sign(one))).toMatchObject({
    status: 409,
    body: { code: 'ENVELOPE_OUTDATED', reason: 'hold_ended', reservation: { state: 'released' } },
  });
  expect(await ask(service, { url: `/loans/${one.loanId}` })).toMatchObject({
    status: 200,
    body: { reservation: { state: 'released', releaseReason: 'tx_failed' }, transaction: null },
  });
});

test("a node's ERROR is reported with its code and leaves the hold as it is", async () => {
  const own = await givenPool(service);
  const one = await held(own);
  service.network.control.travel(600);
  const answer = await submit(one.loanId, sign(one));
  expect(answer).toMatchObject({
    status: 409,
    body: { code: 'SUBMISSION_REJECTED', resultCode: 'txTooLate', reservation: { state: 'held' } },
  });
  expect((await service.ledger.reader.position(own.pool.id))?.heldCount).toBe(1);
});

test('a submission that cannot be noted in the database is still reported as accepted', async () => {
  const own = await givenPool(service);
  const one = await held(own);
  const mark = service.ledger.envelopes.markSubmitted.bind(service.ledger.envelopes);
  service.ledger.envelopes.markSubmitted = () => Promise.reject(new Error('the ledger is busy'));
  try {
    expect(await submit(one.loanId, sign(one))).toMatchObject({
      status: 202,
      body: { status: 'PENDING' },
    });
  } finally {
    service.ledger.envelopes.markSubmitted = mark;
  }
});
