import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  Account,
  Asset,
  Keypair,
  Memo,
  MuxedAccount,
  nativeToScVal,
  Networks,
  Operation,
  SorobanDataBuilder,
  type Transaction,
  TransactionBuilder,
  xdr,
} from '@stellar/stellar-sdk';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import { bearer, givenKey, givenToken } from '../support/access.js';
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
 * POST /loans/:id/submission of a transaction that is not the loan's: the problem names each field
 * that differs, with the issued and the received value.
 */
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
  readonly maxTime: number;
  readonly sequence: string;
  readonly fee: string;
}
async function held(
  key = service.key,
  borrower: Borrower | undefined = givenBorrowers(service, pool.contract)[0],
): Promise<Held> {
  if (!borrower) throw new Error('a borrower was asked for');
  await observe(service, pool.pool);
  const { body } = await ask(service, {
    url: '/loans',
    body: loanBody(pool, borrower),
    headers: bearer(key),
  });
  const { loan, reservation, transaction } = body as {
    loan: { id: string };
    reservation: { id: string };
    transaction: Omit<Held, 'borrower' | 'loanId' | 'reservationId'>;
  };
  return { borrower, loanId: loan.id, reservationId: reservation.id, ...transaction };
}
const submit = (one: Held, signedXdr: string, key = service.key): Promise<Answer> =>
  ask(service, {
    url: `/loans/${one.loanId}/submission`,
    body: { signedXdr },
    headers: bearer(key),
  });

function plain(text: string, passphrase = service.network.passphrase): Transaction {
  const parsed = TransactionBuilder.fromXdr(text, passphrase);
  if ('innerTransaction' in parsed) throw new Error('a plain transaction was asked for');
  return parsed;
}
const dataOf = (transaction: Transaction): xdr.SorobanTransactionData => {
  const { ext } = (transaction.toEnvelope().value as xdr.TransactionV1Envelope).tx;
  if (ext.type !== 'sorobanData') throw new Error('it has resources');
  return ext.value;
};
const onlyOperation = (transaction: Transaction): xdr.Operation => {
  const [operation] = (transaction.toEnvelope().value as xdr.TransactionV1Envelope).tx.operations;
  if (!operation) throw new Error('it has one operation');
  return operation;
};

interface Change {
  readonly fee?: string;
  readonly memo?: Memo;
  readonly timebounds?: { minTime: number; maxTime: number };
  readonly source?: 'muxed' | Keypair;
  readonly sequence?: bigint;
  readonly data?: (builder: SorobanDataBuilder) => SorobanDataBuilder;
  readonly operation?: (issued: xdr.Operation) => xdr.Operation;
  readonly ledgers?: [number, number];
  readonly signer?: Keypair | null;
  readonly passphrase?: string;
}
/** The issued transaction, built again by the SDK with something changed, and signed. */
function changed(one: Held, change: Change): string {
  const issued = plain(one.xdr);
  const account = new Account(
    change.source instanceof Keypair ? change.source.publicKey() : one.borrower.address,
    String((change.sequence ?? BigInt(one.sequence)) - 1n),
  );
  const data = dataOf(issued);
  const builder = new TransactionBuilder(
    change.source === 'muxed' ? new MuxedAccount(account, '7') : account,
    {
      fee: '100',
      networkPassphrase: change.passphrase ?? service.network.passphrase,
      timebounds: change.timebounds ?? { minTime: 0, maxTime: one.maxTime },
      sorobanData: change.data ? change.data(new SorobanDataBuilder(data)).build() : data,
      ...(change.memo && { memo: change.memo }),
      ...(change.ledgers && {
        ledgerbounds: { minLedger: change.ledgers[0], maxLedger: change.ledgers[1] },
      }),
    },
  ).addOperation((change.operation ?? ((operation) => operation))(onlyOperation(issued)));
  const envelope = builder.build().toEnvelope();
  // the builder adds the resource fee by itself
  (envelope.value as { tx: { fee: number } }).tx.fee = Number(change.fee ?? one.fee);
  const rebuilt = plain(envelope.toXdr('base64'), change.passphrase);
  if (change.signer !== null)
    rebuilt.sign(change.signer ?? Keypair.fromSecret(one.borrower.secret));
  return rebuilt.toXdr();
}
/** The call with one argument replaced. */
const withArgument =
  (at: number, value: xdr.ScVal) =>
  (operation: xdr.Operation): xdr.Operation => {
    const copy = xdr.Operation.fromXdr(operation.toXdr());
    if (
      copy.body.type !== 'invokeHostFunction' ||
      copy.body.value.hostFunction.type !== 'hostFunctionTypeInvokeContract'
    )
      throw new Error('it calls a contract');
    const { args } = copy.body.value.hostFunction.value as { args: xdr.ScVal[] };
    args[at] = value;
    return copy;
  };

async function refused(
  one: Held,
  signedXdr: string,
  key = service.key,
): Promise<{ fields: unknown[]; differences: Record<string, unknown>[]; message: string }> {
  const answer = await submit(one, signedXdr, key);
  expect(answer).toMatchObject({
    status: 400,
    body: { code: 'VALIDATION_FAILED', holdMade: false, errors: [{ field: 'signedXdr' }] },
  });
  expect(await ask(service, { url: `/loans/${one.loanId}`, headers: bearer(key) })).toMatchObject({
    body: { reservation: { state: 'held', submittedAt: null } },
  });
  const differences = (answer.body['differences'] ?? []) as Record<string, unknown>[];
  return {
    differences,
    fields: differences.map(({ field }) => field),
    message: String((answer.body['errors'] as { message: string }[])[0]?.message),
  };
}

test(
  'a transaction rebuilt by the SDK without a change is the same, so these tests change ' +
    'only what they name',
  async () => {
    const one = await held();
    expect(await submit(one, changed(one, {}))).toMatchObject({
      status: 202,
      body: { status: 'PENDING', hash: one.hash },
    });
  },
);

describe('a transaction that a wallet or a tool has changed', () => {
  test.each<[string, (one: Held) => Change, (one: Held) => object]>([
    [
      'the fee',
      () => ({ fee: '100' }),
      (one) => ({
        field: 'fee',
        expected: one.fee,
        received: '100',
        message: 'is another fee, stroops',
      }),
    ],
    [
      'a later deadline',
      (one) => ({ timebounds: { minTime: 0, maxTime: one.maxTime + 60 } }),
      (one) => ({
        field: 'maxTime',
        expected: String(one.maxTime),
        received: String(one.maxTime + 60),
      }),
    ],
    [
      'no deadline',
      () => ({ timebounds: { minTime: 0, maxTime: 0 } }),
      (one) => ({ field: 'maxTime', expected: String(one.maxTime), received: '0' }),
    ],
    [
      'an earliest time',
      (one) => ({ timebounds: { minTime: 5, maxTime: one.maxTime } }),
      () => ({ field: 'minTime', expected: '0', received: '5' }),
    ],
    [
      'a memo',
      () => ({ memo: Memo.text('order 12') }),
      () => ({ field: 'memo', expected: null, received: 'text order 12' }),
    ],
    [
      'another sequence',
      (one) => ({ sequence: BigInt(one.sequence) + 1n }),
      (one) => ({
        field: 'sequence',
        expected: one.sequence,
        received: String(BigInt(one.sequence) + 1n),
      }),
    ],
    [
      'a muxed source',
      () => ({ source: 'muxed' }),
      (one) => ({
        field: 'source',
        expected: one.borrower.address,
        received: expect.stringMatching(/^M/),
        message: expect.stringContaining('muxed'),
      }),
    ],
    [
      'bounds of ledgers',
      () => ({ ledgers: [1, 900] }),
      () => ({ field: 'preconditions', expected: null, received: 'ledgers 1 to 900' }),
    ],
    [
      'other resources, as a second simulation makes them',
      () => ({ data: (builder) => builder.setResources(1, 2, 3) }),
      () => ({
        field: 'resources',
        received: expect.stringMatching(/^1 instructions, 2 bytes read, 3 bytes written/),
      }),
    ],
  ])('%s', async (_, change, difference) => {
    const one = await held();
    const { differences, message } = await refused(one, changed(one, change(one)));
    expect(differences).toEqual([expect.objectContaining(difference(one))]);
    expect(message).toMatch(
      new RegExp(
        `hash differs[^]* What differs: ${String(differences[0]?.['field'])} \\(expected `,
      ),
    );
  });

  test('several at once are all named, three of them in the sentence', async () => {
    const one = await held();
    const { fields, message } = await refused(
      one,
      changed(one, {
        fee: '100',
        memo: Memo.text('x'),
        timebounds: { minTime: 1, maxTime: one.maxTime + 1 },
      }),
    );
    expect(fields).toEqual(['fee', 'maxTime', 'minTime', 'memo']);
    expect(message).toContain(', and 1 more.');
  });

  test('inside a fee bump', async () => {
    const one = await held();
    const sponsor = Keypair.random();
    const bump = TransactionBuilder.buildFeeBumpTransaction(
      sponsor,
      '1000000',
      plain(changed(one, { memo: Memo.text('x') })),
      service.network.passphrase,
    );
    bump.sign(sponsor);
    const { fields, message } = await refused(one, bump.toXdr());
    expect([fields, message]).toEqual([
      ['memo'],
      expect.stringContaining('a fee bump around another transaction'),
    ]);
  });
});

describe('other terms', () => {
  test.each<[string, number, () => xdr.ScVal, (one: Held) => object]>([
    [
      'total',
      2,
      () => nativeToScVal(1_000_000_000n, { type: 'i128' }),
      () => ({ field: 'totalAmount', expected: '125', received: '100' }),
    ],
    [
      'guarantee',
      3,
      () => nativeToScVal(300_000_000n, { type: 'i128' }),
      () => ({ field: 'guaranteeAmount', expected: '25', received: '30' }),
    ],
    [
      'schedule',
      4,
      () =>
        xdr.ScVal.scvVec([
          nativeToScVal(
            { amount: 1_250_000_000n, due_date: 1_900_000_000n },
            { type: { amount: ['symbol', 'i128'], due_date: ['symbol', 'u64'] } },
          ),
        ]),
      () => ({
        field: 'schedule',
        expected: expect.stringMatching(/^62\.5 due 20.*Z, 62\.5 due 20.*Z$/),
        received: '125 due 2030-03-17T17:46:40Z',
      }),
    ],
    [
      'loan type',
      5,
      () => xdr.ScVal.scvVec([xdr.ScVal.scvSymbol('LearnerInstallment')]),
      () => ({ field: 'loanType', expected: 'Standard', received: 'LearnerInstallment' }),
    ],
  ])('%s', async (_, at, value, difference) => {
    const one = await held();
    expect(
      (await refused(one, changed(one, { operation: withArgument(at, value()) }))).differences,
    ).toEqual([expect.objectContaining(difference(one))]);
  });

  test('a payment instead of the call', async () => {
    const one = await held();
    const payment = Operation.payment({
      destination: one.borrower.address,
      asset: Asset.native(),
      amount: '1',
    });
    const other = new TransactionBuilder(
      new Account(one.borrower.address, String(BigInt(one.sequence) - 1n)),
      {
        fee: '100',
        networkPassphrase: service.network.passphrase,
        timebounds: { minTime: 0, maxTime: one.maxTime },
      },
    )
      .addOperation(payment)
      .build();
    other.sign(Keypair.fromSecret(one.borrower.secret));
    const { differences } = await refused(one, other.toXdr());
    expect(differences).toContainEqual(
      expect.objectContaining({
        field: 'operation',
        expected: expect.stringContaining('create_loan of C'),
        received: 'payment',
      }),
    );
  });
});

describe('signatures', () => {
  test('none', async () => {
    const one = await held();
    const { differences, message } = await refused(one, one.xdr);
    expect(differences).toEqual([
      {
        field: 'signature',
        expected: one.borrower.address,
        received: null,
        message: 'is missing: the transaction is not signed',
      },
    ]);
    expect(message).toContain('No signature is by a current signer');
  });

  test('by another key', async () => {
    const one = await held();
    const stranger = Keypair.random();
    const hint = Buffer.from(stranger.rawPublicKey()).subarray(-4).toString('hex');
    expect(
      (
        await refused(
          one,
          signed(one.xdr, service.network.passphrase, { address: '', secret: stranger.secret() }),
        )
      ).differences,
    ).toEqual([
      {
        field: 'signature',
        expected: one.borrower.address,
        received: `a key that ends in the bytes ${hint}`,
        message: 'is by another key',
      },
    ]);
  });

  test.each([
    ['public', Networks.PUBLIC],
    ['test', Networks.TESTNET],
  ])('for the %s network, by a wallet on the official SDK', async (_, passphrase) => {
    const one = await held();
    // as a wallet does that is switched to that network
    const wallet = TransactionBuilder.fromXdr(one.xdr, passphrase);
    wallet.sign(Keypair.fromSecret(one.borrower.secret));
    expect((await refused(one, wallet.toXdr())).differences).toEqual([
      {
        field: 'network',
        expected: service.network.passphrase,
        received: passphrase,
        message: expect.stringContaining('another network'),
      },
    ]);
  });

  test('for an unknown network: the right key over other bytes', async () => {
    const one = await held();
    expect(
      (await refused(one, signed(one.xdr, 'A Network of Their Own', one.borrower))).differences,
    ).toEqual([
      expect.objectContaining({
        field: 'network',
        received: null,
        message: expect.stringContaining('changed after it was signed'),
      }),
    ]);
  });

  test('changed and not signed, changed and for another network: both are named', async () => {
    const one = await held();
    expect((await refused(one, changed(one, { fee: '100', signer: null }))).fields).toEqual([
      'signature',
      'fee',
    ]);
    expect(
      (await refused(one, changed(one, { fee: '100', passphrase: Networks.TESTNET }))).fields,
    ).toEqual(['network', 'fee']);
  });
});

describe('another transaction of ours', () => {
  test('another loan is named, and nothing else', async () => {
    const [one, other] = [await held(), await held()];
    const { differences, message } = await refused(
      one,
      signed(other.xdr, service.network.passphrase, other.borrower),
    );
    expect(differences).toEqual([
      {
        field: 'loan',
        expected: one.loanId,
        received: other.loanId,
        message: 'is another loan, whose transaction this is',
      },
    ]);
    expect(message).toContain(other.loanId);
  });

  test(
    'a loan of another tenant is not named: its fields differ, like those of any ' + 'transaction',
    async () => {
      const theirs = await held(await givenKey(service.app, { tenantId: 'others' }));
      const one = await held();
      const { fields, message } = await refused(
        one,
        signed(theirs.xdr, service.network.passphrase, theirs.borrower),
      );
      expect(fields).toEqual(expect.arrayContaining(['source', 'borrower']));
      expect(fields).not.toContain('loan');
      expect(message).not.toContain(theirs.loanId);
    },
  );

  test('a wallet sees only its own other loans named', async () => {
    const [one, other] = [await held(), await held()];
    const token = await givenToken(service.app, one.borrower.address);
    expect(
      (await refused(one, signed(other.xdr, service.network.passphrase, other.borrower), token))
        .fields,
    ).not.toContain('loan');
  });

  test(
    'an older transaction of the same loan that was replaced: it is proven dead, and the ' +
      'newer one is named',
    async () => {
      const one = await held();
      const old = signed(one.xdr, service.network.passphrase, one.borrower);
      for (let strangers = 0; strangers < 3; strangers++)
        service.network.control.foreignLoan({
          pool: pool.contract,
          total: 1_000n,
          guarantee: 200n,
        });
      await service.chain.submit(old); // past our own API, and it traps
      const settlement = new SettlementService({
        ledger: service.ledger,
        pools: service.registry,
        chain: service.chain,
      });
      for (let replies = 0; replies < 2; replies++) {
        // of two ledgers, which agree that it failed
        await service.network.closeLedgers(1);
        await settlement.observePool(pool.pool);
      }
      expect(await submit(one, old)).toMatchObject({
        status: 409,
        body: {
          code: 'ENVELOPE_OUTDATED',
          reason: 'envelope_dead',
          submittedHash: one.hash,
          currentHash: null,
        },
      });
      const rebuilt = await ask(service, {
        method: 'POST',
        url: `/loans/${one.loanId}/transaction`,
      });
      expect(rebuilt.status).toBe(201);
      const { hash } = rebuilt.body['transaction'] as { hash: string };
      expect(await submit(one, old)).toMatchObject({
        status: 409,
        body: {
          reason: 'envelope_dead',
          submittedHash: one.hash,
          currentHash: hash,
          detail: expect.stringContaining(hash),
        },
      });
    },
  );

  test('an older one with another fee is compared with the one that it is most similar to', async () => {
    const one = await held();
    service.network.control.travel(30);
    await observe(service, pool.pool);
    const rebuilt = await ask(service, { method: 'POST', url: `/loans/${one.loanId}/transaction` });
    expect(rebuilt.status).toBe(201);
    expect((await refused(one, changed(one, { fee: '100' }))).differences).toEqual([
      expect.objectContaining({ field: 'fee', expected: one.fee, received: '100' }),
    ]);
  });
});

test('a body that is not a transaction gets no list of differences', async () => {
  const one = await held();
  expect(await refused(one, 'AAAA')).toMatchObject({
    differences: [],
    message: expect.stringContaining('not the base64 XDR'),
  });
  expect((await postLoan(service, {})).body['differences']).toBeUndefined();
});
