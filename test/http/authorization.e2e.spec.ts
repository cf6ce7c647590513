import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { contract, Keypair, Networks } from '@stellar/stellar-sdk';
import {
  type Answer,
  ask,
  type Borrower,
  givenBorrowers,
  givenPool,
  loanBody,
  postLoan,
  type GivenPool,
  type Service,
} from '../support/given.js';
import {
  bareSignature,
  givenLandingService,
  type Issued,
  issuedLoan,
  landAll,
  signedEntry,
  signedInAssembled,
  submitSigned,
} from '../support/authorized-loans.js';

/** Loans that the borrower signs once, and that the service lands. */
let service: Service;
let pool: GivenPool;
beforeAll(async () => {
  service = await givenLandingService();
  pool = await givenPool(service, { rules: { strict: true } });
});
afterAll(() => service.stop());

function borrowerOf(of = pool): Borrower {
  const [borrower] = givenBorrowers(service, of.contract);
  if (!borrower) throw new Error('a borrower was asked for');
  return borrower;
}
const page = async ({ loanId }: Pick<Issued, 'loanId'>): Promise<Answer['body']> =>
  (await ask(service, { url: `/loans/${loanId}` })).body;

test('one signature, and the loan lands and settles', async () => {
  const borrower = borrowerOf();
  const answer = await postLoan(service, loanBody(pool, borrower, { signing: 'authorization' }));
  expect(answer).toMatchObject({
    status: 201,
    body: {
      reservation: { state: 'held', amount: '100' },
      signing: 'authorization',
      transaction: null,
      authorization: {
        networkPassphrase: service.network.passphrase,
        authorizes: {
          contract: pool.pool.lendingContract,
          function: 'create_loan',
          args: [
            { name: 'borrower', value: borrower.address },
            { name: 'vendor', value: pool.vendor },
            { name: 'totalAmount', value: '125' },
            { name: 'guaranteeAmount', value: '25' },
            { name: 'schedule', value: [{ amount: '62.5' }, { amount: '62.5' }] },
            { name: 'loanType', value: 'Standard' },
          ],
          subInvocations: [
            {
              contract: pool.pool.tokenContract,
              function: 'transfer',
              args: [
                { name: 'from', value: borrower.address },
                { name: 'to', value: pool.pool.lendingContract },
                { name: 'amount', value: '25' },
              ],
            },
          ],
        },
      },
    },
  });
  const { loan, reservation, authorization } = answer.body as unknown as {
    loan: { id: string };
    reservation: { id: string };
    authorization: Issued;
  };
  const issued = { ...authorization, loanId: loan.id, reservationId: reservation.id };
  expect(await page(issued)).toMatchObject({
    signing: 'authorization',
    transaction: null,
    authorization: { state: 'open', signedAt: null, toSign: authorization },
    landings: [],
    rebuildsLeft: 0,
  });
  const signedAuthorization = await signedEntry(service, issued, borrower.secret);
  const submitted = await submitSigned(service, issued, { signedAuthorization });
  expect(submitted).toMatchObject({
    status: 202,
    body: {
      status: 'SIGNED',
      hash: issued.hash,
      feeBumpHash: null,
      reservation: { id: reservation.id, state: 'held' },
      authorization: { state: 'open', expirationLedger: issued.expirationLedger },
    },
  });
  expect(await submitSigned(service, issued, { signedAuthorization })).toMatchObject({
    status: 202,
    body: submitted.body,
  });
  expect(await page(issued)).toMatchObject({ authorization: { toSign: null }, landings: [] });
  await landAll(service, pool);
  expect(await page(issued)).toMatchObject({
    reservation: { state: 'settled' },
    authorization: { state: 'spent', toSign: null },
    landings: [{ state: 'landed', failure: null }],
  });
  const { landings } = (await page(issued)) as { landings: { hash: string; feeCharged: string }[] };
  expect(Number(landings[0]?.feeCharged)).toBeGreaterThan(0);
  const history = await ask(service, { url: `/reservations/${reservation.id}` });
  expect(history.body).toMatchObject({
    reservation: { signing: 'authorization' },
    envelopes: [],
    authorization: {
      hash: issued.hash,
      address: borrower.address,
      state: 'spent',
      landingTxHash: landings[0]?.hash,
    },
    landings: [{ number: 1, hash: landings[0]?.hash, state: 'landed' }],
  });
  expect((history.body['journal'] as { kind: string }[]).map(({ kind }) => kind)).toEqual([
    'held',
    'submitted',
    'landing_issued',
    'settled',
  ]);
  expect(await ask(service, { url: `/loans?borrower=${borrower.address}` })).toMatchObject({
    body: { loans: [{ signing: 'authorization', reservation: { state: 'settled' } }] },
  });
  expect(await submitSigned(service, issued, { signedAuthorization })).toMatchObject({
    status: 202,
    body: {
      status: 'SIGNED',
      reservation: { state: 'settled' },
      authorization: { state: 'spent' },
    },
  });
  const after = await ask(service, { url: `/loans/${issued.loanId}` });
  expect(after.body['landings']).toHaveLength(1);
});

describe('what came back from a wallet', () => {
  const forms: readonly (readonly [
    string,
    (issued: Issued, borrower: Borrower) => object | Promise<object>,
  ])[] = [
    [
      'a signature in base64',
      (issued, { secret }) => ({ signedAuthorization: bareSignature(issued, secret) }),
    ],
    [
      'a signature in hex with its signer',
      (issued, { secret, address }) => ({
        signedAuthorization: Buffer.from(bareSignature(issued, secret), 'base64').toString('hex'),
        signer: address,
      }),
    ],
    [
      'the answer of a wallet with the signed entry',
      async (issued, { secret, address }) => ({
        signedAuthorization: {
          signedAuthEntry: await signedEntry(service, issued, secret),
          signerAddress: address,
        },
      }),
    ],
    [
      'the answer of a wallet with the bytes of a signature',
      (issued, { secret, address }) => ({
        signedAuthorization: {
          signedAuthEntry: Buffer.from(bareSignature(issued, secret), 'base64').toJSON(),
          signerAddress: address,
        },
      }),
    ],
  ];
  const rawBytes = (issued: Issued, secret: string): Uint8Array =>
    new Uint8Array(Buffer.from(bareSignature(issued, secret), 'base64'));
  test.each<(typeof forms)[number]>([
    ...forms,
    [
      'the answer of a wallet with an array of bytes, without a signer',
      (issued, { secret }) => ({
        signedAuthorization: { signedAuthEntry: [...rawBytes(issued, secret)] },
      }),
    ],
    [
      'the answer of a wallet with a Uint8Array as JSON writes it',
      (issued, { secret, address }) => ({
        signedAuthorization: {
          signedAuthEntry: rawBytes(issued, secret),
          signerAddress: address,
        },
      }),
    ],
    [
      "the answer of the SDK's signer for Node",
      async ({ preimageXdr }, { secret }) => ({
        signedAuthorization: await contract
          .basicNodeSigner(Keypair.fromSecret(secret), service.network.passphrase)
          .signAuthEntry(preimageXdr),
      }),
    ],
    [
      "the entry as signAuthEntries of the SDK's assembled transaction signs it",
      async (issued, { secret }) => ({
        signedAuthorization: await signedInAssembled(service, issued, secret),
      }),
    ],
    [
      'the answer of a wallet that encodes its signature twice',
      (issued, { secret, address }) => ({
        signedAuthorization: {
          signedAuthEntry: Buffer.from(bareSignature(issued, secret)).toString('base64'),
          signerAddress: address,
        },
      }),
    ],
  ])('%s is taken', async (_, form) => {
    const borrower = borrowerOf();
    const issued = await issuedLoan(service, pool, borrower);
    expect(await submitSigned(service, issued, await form(issued, borrower))).toMatchObject({
      status: 202,
      body: { status: 'SIGNED', authorization: { state: 'open' } },
    });
  });

  const faults: readonly (readonly [
    string,
    (issued: Issued, borrower: Borrower) => object | Promise<object>,
    object,
  ])[] = [
    ['neither an entry nor a signature', () => ({ signedAuthorization: 'AAAA' }), {}],
    [
      'the entry unsigned',
      (issued) => ({ signedAuthorization: issued.entryXdr }),
      { differences: [{ field: 'signature', message: expect.stringContaining('missing') }] },
    ],
    [
      'signed by another key',
      (issued) => ({ signedAuthorization: bareSignature(issued, Keypair.random().secret()) }),
      { differences: [{ field: 'signature', received: null }] },
    ],
    [
      "another loan's entry",
      async (_issued, borrower) => {
        const other = borrowerOf();
        const theirs = await issuedLoan(service, pool, other);
        expect(borrower.address).not.toBe(other.address);
        return { signedAuthorization: await signedEntry(service, theirs, other.secret) };
      },
      {
        differences: expect.arrayContaining([
          expect.objectContaining({ field: 'address' }),
          expect.objectContaining({ field: 'nonce' }),
        ]),
      },
    ],
    [
      'another expiration',
      async (issued, { secret }) => ({
        signedAuthorization: await signedEntry(
          service,
          { ...issued, expirationLedger: issued.expirationLedger + 1 },
          secret,
        ),
      }),
      {
        differences: [
          {
            field: 'expirationLedger',
            message: 'is another last ledger; the wallet must sign the one that was issued',
          },
        ],
      },
    ],
    [
      'signed for another network',
      async (issued, { secret }) => ({
        signedAuthorization: await signedEntry(
          { ...service, network: { ...service.network, passphrase: Networks.TESTNET } },
          issued,
          secret,
        ),
      }),
      { differences: [{ field: 'network', received: Networks.TESTNET }] },
    ],
  ];
  test.each(faults)('%s is refused by name', async (_, form, members) => {
    const borrower = borrowerOf();
    const issued = await issuedLoan(service, pool, borrower);
    expect(await submitSigned(service, issued, await form(issued, borrower))).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', errors: [{ field: 'signedAuthorization' }], ...members },
    });
    expect(await page(issued)).toMatchObject({
      reservation: { state: 'held', submittedAt: null },
      authorization: { signedAt: null },
    });
  });

  test('two of three signers are needed, and one is too few', async () => {
    const borrower = borrowerOf();
    const signers = [Keypair.random(), Keypair.random(), Keypair.random()];
    service.network.control.signers.setSigners({
      account: borrower.address,
      thresholds: [0, 1, 2, 2],
      signers: signers.map((key) => ({ key: key.publicKey(), weight: 1 })),
    });
    const issued = await issuedLoan(service, pool, borrower);
    const part = (index: number): { signedAuthorization: string; signer: string } => {
      const key = signers[index];
      if (!key) throw new Error('three were made');
      return { signedAuthorization: bareSignature(issued, key.secret()), signer: key.publicKey() };
    };
    expect(await submitSigned(service, issued, part(0))).toMatchObject({
      status: 400,
      body: {
        weight: 1,
        needed: 2,
        detail: expect.stringContaining("weight 1 of 2, the account's medium threshold"),
      },
    });
    expect(
      await submitSigned(service, issued, { signedAuthorization: [part(2), part(0)] }),
    ).toMatchObject({ status: 202, body: { status: 'SIGNED' } });
    await landAll(service, pool, 6); // the entries that the tests before it signed land too
    expect(await page(issued)).toMatchObject({ reservation: { state: 'settled' } });
  });
});

describe('a contract account', () => {
  const walletOf = (): Borrower => {
    const [wallet] = service.network.control.signers.makeWallets({
      pool: pool.contract,
      count: 1,
      tokens: 10_000_0000000n,
      score: 80,
    }).wallets;
    if (!wallet) throw new Error('a wallet was asked for');
    return wallet;
  };

  test('borrows by authorization, and its own code judges the signature', async () => {
    const wallet = walletOf();
    const issued = await issuedLoan(service, pool, wallet);
    expect(issued).toMatchObject({ borrower: expect.stringMatching(/^C/) });
    expect(
      await submitSigned(service, issued, {
        signedAuthorization: bareSignature(issued, Keypair.random().secret()),
      }),
    ).toMatchObject({
      status: 400,
      body: {
        differences: [{ field: 'signature', message: 'is refused by the contract account' }],
      },
    });
    expect(
      await submitSigned(service, issued, {
        signedAuthorization: bareSignature(issued, wallet.secret),
      }),
    ).toMatchObject({ status: 202, body: { status: 'SIGNED' } });
    await landAll(service, pool);
    expect(await page(issued)).toMatchObject({
      loan: { borrower: wallet.address },
      reservation: { state: 'settled' },
    });
    expect(await ask(service, { url: `/loans?borrower=${wallet.address}` })).toMatchObject({
      body: { loans: [{ reservation: { id: issued.reservationId } }] },
    });
    expect(await ask(service, { url: `/reservations?borrower=${wallet.address}` })).toMatchObject({
      body: { reservations: [{ id: issued.reservationId }] },
    });
  });

  test('as a transaction it cannot borrow, and the answer names the way out', async () => {
    const wallet = walletOf();
    for (const url of ['/loans', '/loans/quote'])
      expect(await ask(service, { url, body: loanBody(pool, wallet) })).toMatchObject({
        status: 400,
        body: {
          errors: [
            { field: 'borrower', message: expect.stringContaining('"signing": "authorization"') },
          ],
        },
      });
    expect(
      await ask(service, {
        url: '/loans/quote',
        body: loanBody(pool, wallet, { signing: 'authorization' }),
      }),
    ).toMatchObject({
      status: 200,
      body: {
        signing: {
          chosen: 'authorization',
          transaction: { borrowerFee: null },
          authorization: { borrowerFee: '0', ledgers: 75 },
        },
        refusal: null,
      },
    });
  });
});

test('the pool says what is signed when the request does not, and a key repeats its answer', async () => {
  const ruled = await givenPool(service, { rules: { signing: 'authorization' } });
  const body = loanBody(ruled, borrowerOf(ruled));
  const first = await postLoan(service, body, 'by-rule');
  expect(first).toMatchObject({ status: 201, body: { signing: 'authorization' } });
  const again = await postLoan(service, body, 'by-rule');
  expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true' });
  expect(again.text).toBe(first.text);
  expect(await postLoan(service, { ...body, signing: 'authorization' }, 'by-rule')).toMatchObject({
    status: 422,
    body: { code: 'IDEMPOTENCY_KEY_REUSED' },
  });
  const plain = await postLoan(
    service,
    loanBody(ruled, borrowerOf(ruled), { signing: 'transaction' }),
  );
  expect(Object.keys(plain.body)).toEqual(['loan', 'reservation', 'transaction']);
  expect(plain.body['transaction']).toMatchObject({ xdr: expect.any(String) });
});

test('each kind is refused where the loan is signed as the other', async () => {
  const issued = await issuedLoan(service, pool, borrowerOf());
  expect(await submitSigned(service, issued, { signedXdr: 'AAAA' })).toMatchObject({
    status: 400,
    body: {
      errors: [{ field: 'signedXdr', message: expect.stringContaining('by authorization') }],
    },
  });
  const answer = await postLoan(service, loanBody(pool, borrowerOf()));
  const { loan } = answer.body as unknown as { loan: { id: string } };
  expect(
    await submitSigned(service, { loanId: loan.id }, { signedAuthorization: 'AAAA' }),
  ).toMatchObject({
    status: 400,
    body: {
      errors: [
        { field: 'signedAuthorization', message: expect.stringContaining('as a transaction') },
      ],
    },
  });
  for (const [body, field] of [
    [{}, 'signedXdr'],
    [{ signedXdr: 'AAAA', signedAuthorization: 'AAAA' }, 'signedAuthorization'],
    [{ signedXdr: 'AAAA', signer: issued.borrower }, 'signer'],
    [{ signedAuthorization: [] }, 'signedAuthorization'],
    [{ signedAuthorization: 7 }, 'signedAuthorization'],
  ] as const)
    expect(await submitSigned(service, issued, body)).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', errors: [{ field }] },
    });
});

test('no new transaction is issued, because none is needed', async () => {
  const issued = await issuedLoan(service, pool, borrowerOf());
  expect(
    await ask(service, { method: 'POST', url: `/loans/${issued.loanId}/transaction` }),
  ).toMatchObject({
    status: 409,
    body: {
      code: 'REBUILD_LIMIT',
      reason: 'not_needed',
      detail: expect.stringContaining('needs no'),
    },
  });
});

describe('cancellation', () => {
  const cancel = ({ loanId }: Issued): Promise<Answer> =>
    ask(service, { method: 'POST', url: `/loans/${loanId}/cancellation` });

  test('a signed authorization is landed no more, and the funds stay held until its last ledger', async () => {
    const borrower = borrowerOf();
    const issued = await issuedLoan(service, pool, borrower);
    const signedAuthorization = await signedEntry(service, issued, borrower.secret);
    await submitSigned(service, issued, { signedAuthorization });
    expect(await cancel(issued)).toMatchObject({
      status: 202,
      body: {
        burn: null,
        authorization: {
          expirationLedger: issued.expirationLedger,
          signedAt: expect.any(String),
          sentence: expect.stringContaining('lands it no more. The signed authorization exists'),
        },
      },
    });
    expect(await submitSigned(service, issued, { signedAuthorization })).toMatchObject({
      status: 409,
      body: { code: 'ENVELOPE_OUTDATED', reason: 'cancel_requested' },
    });
    await landAll(service, pool, 2);
    expect(await page(issued)).toMatchObject({
      reservation: { state: 'held', cancelRequestedAt: expect.any(String) },
      authorization: { state: 'open', toSign: null },
      landings: [],
    });
  });

  test('also one that never came back may be signed and landed by the borrower', async () => {
    const borrower = borrowerOf();
    const issued = await issuedLoan(service, pool, borrower);
    expect(await cancel(issued)).toMatchObject({
      status: 202,
      body: {
        authorization: { signedAt: null, sentence: expect.stringContaining('No signature came') },
      },
    });
    service.network.control.signers.land({
      entry: await signedEntry(service, issued, borrower.secret),
      close: true,
    });
    await landAll(service, pool);
    expect(await page(issued)).toMatchObject({
      reservation: { state: 'settled' },
      landings: [],
    });
  });
});

describe('after its last ledger', () => {
  test('a signature is refused, and the hold expires', async () => {
    const short = await givenPool(service, { rules: { holdSeconds: 60, minSigningSeconds: 5 } });
    const borrower = borrowerOf(short);
    const issued = await issuedLoan(service, short, borrower);
    await service.network.closeLedgers(17);
    await landAll(service, short, 1);
    expect(await page(issued)).toMatchObject({ authorization: { ledgersLeft: 0, toSign: null } });
    expect(
      await submitSigned(service, issued, {
        signedAuthorization: await signedEntry(service, issued, borrower.secret),
      }),
    ).toMatchObject({
      status: 409,
      body: {
        code: 'ENVELOPE_OUTDATED',
        reason: 'fence_passed',
        expirationLedger: issued.expirationLedger,
      },
    });
  });
});
