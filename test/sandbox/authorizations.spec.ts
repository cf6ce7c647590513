import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  authorizeEntry,
  Contract,
  Keypair,
  rpc,
  scValToNative,
  SorobanDataBuilder,
  type Transaction,
  xdr,
} from '@stellar/stellar-sdk';
import { MIN_TEMPORARY_LIFETIME } from '../../sandbox/network/ledger-settings.js';
import { address, i128 } from '../../sandbox/contracts/scval.js';
import {
  altered,
  Authorizations,
  credentialsOf,
  signatures,
  type Entry,
} from '../support/authorizations.js';
import { charge, LendingNetwork, outcome, TOKEN } from '../support/lending-network.js';

const LANDED = 'txSuccess/invokeHostFunctionSuccess';
const TRAPPED = 'txFailed/invokeHostFunctionTrapped';

let lending: LendingNetwork;
let authorizations: Authorizations;
let [borrower, other, channel]: Keypair[] = [];
beforeEach(async () => {
  lending = await LendingNetwork.start({}, { borrowers: 4 });
  [borrower, other, channel] = [0, 1, 2].map((index) => lending.borrower(index));
  authorizations = new Authorizations(lending, required(channel));
});
afterEach(async () => {
  await lending.stop();
});
function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it is missing');
  return value;
}
const loan = (of: Keypair | undefined = borrower): xdr.Operation =>
  lending.call(required(of).publicKey());
const functionsOf = (invocation: xdr.SorobanAuthorizedInvocation): unknown[] => [
  invocation.function.type === 'sorobanAuthorizedFunctionTypeContractFn'
    ? invocation.function.value.functionName.toString()
    : invocation.function.type,
  ...invocation.subInvocations.map(functionsOf),
];
/** The error of a simulation with these entries, and its words, origin first; null: it succeeds. */
async function refusal(entries: Entry[], call = loan()): Promise<readonly unknown[] | null> {
  const reply = await authorizations.simulate(authorizations.operation(call, entries));
  if (!rpc.Api.isSimulationError(reply)) return null;
  return [/Error\([^)]*\)/.exec(reply.error)?.[0], ...wordsOf(reply.events)];
}
/** What errors say in diagnostic events, without the addresses, up to the trap. */
function wordsOf(events: readonly xdr.DiagnosticEvent[]): string[] {
  return events.flatMap(({ event: { body } }) => {
    const [name] = body.value.topics;
    if (name?.type !== 'scvSymbol' || name.value.toString() !== 'error') return [];
    const said: unknown = scValToNative(body.value.data);
    const words = String(Array.isArray(said) ? said[0] : said);
    return words.startsWith('escalating error to VM trap') ? [] : [words];
  });
}
const ledgersLater = (ledgers: number): Promise<unknown> => lending.network.closeLedgers(ledgers);

describe('a simulation without entries', () => {
  it("asks for another account's signature with a nonce, the transfer inside the call", async () => {
    const [entry, ...others] = await authorizations.recorded(loan());
    expect(others).toEqual([]);
    const { nonce, signatureExpirationLedger, signature } = credentialsOf(required(entry));
    expect([signatureExpirationLedger, signature.type]).toEqual([0, 'scvVoid']);
    expect(nonce).toBeGreaterThanOrEqual(0n);
    expect(functionsOf(required(entry).rootInvocation)).toEqual(['create_loan', ['transfer']]);
    const [again] = await authorizations.recorded(loan());
    expect(credentialsOf(required(again)).nonce).not.toBe(nonce);
  });

  it("takes the source's own signature when it is the borrower", async () => {
    const [entry] = await authorizations.recorded(loan(), borrower);
    expect(entry?.credentials.type).toBe('sorobanCredentialsSourceAccount');
  });

  it.each([
    ['g2', ['create_loan', ['transfer']]],
    ['g3', ['create_loan', ['transfer']]],
    ['reserve', ['borrow']],
  ] as const)('asks of a borrower of %s for %j', async (generation, asked) => {
    const { control } = lending.network;
    lending.pool = control.deployPool({ generation, decimals: 7, deposit: 10_000n * TOKEN });
    const { pool } = lending.pool;
    const request = { pool, count: 1, tokens: 1_000n * TOKEN, score: 90 };
    const [who] = control.makeBorrowers(request).borrowers;
    const { address: from } = required(who);
    if (generation !== 'reserve')
      lending.vendor = required(control.makeVendors({ pool, count: 1 }).vendors[0]);
    const call =
      generation === 'reserve'
        ? new Contract(pool).call('borrow', address.encode(from), i128.encode(TOKEN))
        : lending.call(from, { total: 100n * TOKEN });
    const [entry, ...others] = await authorizations.recorded(call);
    expect(others).toEqual([]);
    expect(functionsOf(required(entry).rootInvocation)).toEqual(asked);
    const until = authorizations.head + 20;
    const signed = authorizations.signedBy(required(entry), until, [
      Keypair.fromSecret(required(who).secret),
    ]);
    const [landed] = await lending.land([await authorizations.transaction(call, [signed])]);
    expect(outcome(required(landed))).toBe(LANDED);
  });

  it('takes the instructions and written bytes of the real host', async () => {
    const resources = async (auth: Entry[], source = channel): Promise<xdr.SorobanResources> => {
      const operation = authorizations.operation(loan(), auth);
      const reply = await authorizations.simulate(operation, required(source));
      if (rpc.Api.isSimulationError(reply)) throw new Error(reply.error);
      return reply.transactionData.build().resources;
    };
    const own = await resources([], borrower);
    const signed = await resources([await authorizations.signed(required(borrower))]);
    expect(signed.writeBytes - own.writeBytes).toBe(76);
    const more = (signed.instructions - own.instructions) / 1.04;
    // the account is an entry of its own here, and not the holder of the tokens
    expect(Math.abs(more - 40_000 - 539_251)).toBeLessThan(5_000);
    expect(Math.abs(signed.instructions / 1.04 - 12_035_669) / 12_035_669).toBeLessThan(0.03);
  });

  it('declares the nonce and the account, and its rent for the longest lifetime', async () => {
    const data = async (auth: Entry[]): Promise<xdr.SorobanTransactionData> => {
      const reply = await authorizations.simulate(authorizations.operation(loan(), auth));
      if (rpc.Api.isSimulationError(reply)) throw new Error(reply.error);
      return reply.transactionData.build();
    };
    const [recording, enforcing] = [
      await data([]),
      await data([await authorizations.signed(required(borrower))]),
    ];
    for (const { resources } of [recording, enforcing]) {
      const { readOnly, readWrite } = resources.footprint;
      expect(readWrite.filter(isNonce)).toHaveLength(1);
      expect(readOnly.some((key) => key.type === 'account')).toBe(true);
    }
    expect(recording.resources.writeBytes).toBe(enforcing.resources.writeBytes);
    expect(recording.resourceFee - enforcing.resourceFee).toBeGreaterThan(90_000n);
  });
});
const isNonce = (key: xdr.LedgerKey): boolean =>
  key.type === 'contractData' && key.value.key.type === 'scvLedgerKeyNonce';

describe('a signed entry', () => {
  it('lands in a transaction of another account, which alone pays and gives the sequence', async () => {
    const [who, by] = [required(borrower), required(channel)];
    const entry = await authorizations.signed(who);
    const before = {
      paid: await lending.nativeBalance(by),
      own: [await lending.nativeBalance(who), await lending.sequence(who)],
      sequence: await lending.sequence(by),
    };
    const [landed] = await lending.land([await authorizations.transaction(loan(), [entry])]);
    expect(outcome(required(landed))).toBe(LANDED);
    expect([await lending.nativeBalance(who), await lending.sequence(who)]).toEqual(before.own);
    expect(await lending.sequence(by)).toBe(before.sequence + 1n);
    expect(before.paid - (await lending.nativeBalance(by))).toBe(charge(required(landed)).total);
    expect(lending.network.control.loans(lending.pool.pool)).toHaveLength(1);
  });

  it('leaves its nonce behind for as long as the network keeps temporary entries', async () => {
    const entry = await authorizations.signed(required(borrower));
    expect(await authorizations.nonce(entry)).toBeUndefined();
    const [landed] = await lending.land([await authorizations.transaction(loan(), [entry])]);
    const { ledger } = required(landed) as rpc.Api.GetSuccessfulTransactionResponse;
    const until = ledger + MIN_TEMPORARY_LIFETIME - 1;
    expect(await authorizations.nonce(entry)).toMatchObject({
      lastModifiedLedgerSeq: ledger,
      liveUntilLedgerSeq: until,
    });
    const changes = metaChanges(required(landed));
    expect(changes).toContain('ledgerEntryCreated scvLedgerKeyNonce');
    await ledgersLater(until - authorizations.head);
    expect(await authorizations.nonce(entry)).toBeDefined();
    await ledgersLater(1);
    expect(await authorizations.nonce(entry)).toBeUndefined();
  });

  it('keeps its nonce until its expiration when that is later', async () => {
    const until = authorizations.head + 2_000;
    const entry = await authorizations.signed(required(borrower), until);
    await lending.land([await authorizations.transaction(loan(), [entry])]);
    expect((await authorizations.nonce(entry))?.liveUntilLedgerSeq).toBe(until);
  });

  it('lands whatever landed before it, in one ledger with others', async () => {
    const entries = [
      await authorizations.signed(required(borrower)),
      await authorizations.signed(required(other)),
    ];
    lending.network.control.foreignLoan({
      pool: lending.pool.pool,
      total: 10n * TOKEN,
      guarantee: 2n * TOKEN,
    });
    for (const [at, of] of [borrower, other].entries()) {
      const [landed] = await lending.land([
        await authorizations.transaction(loan(of), [required(entries[at])]),
      ]);
      expect(outcome(required(landed))).toBe(LANDED);
    }
  });

  it('lands eight times in one ledger, each in the window of the batch and not beyond', async () => {
    const { control } = lending.network;
    const batch = 8;
    const request = {
      pool: lending.pool.pool,
      count: 2 * batch,
      tokens: 1_000n * TOKEN,
      score: 90,
    };
    const keys = control
      .makeBorrowers(request)
      .borrowers.map(({ secret }) => Keypair.fromSecret(secret));
    const build = async (at: number, room: number): Promise<Transaction> => {
      const by = new Authorizations(lending, required(keys[batch + at]));
      const who = required(keys[at]);
      const entry = await by.signed(who);
      return by.transaction(lending.call(who.publicKey()), [entry], (data) => widened(data, room));
    };
    const transactions = await Promise.all(
      keys.slice(0, batch).map((_key, at) => build(at, at === batch - 1 ? batch - 2 : batch - 1)),
    );
    const landed = await lending.land(transactions);
    expect(landed.map(outcome)).toEqual([
      ...Array.from({ length: batch - 1 }, () => LANDED),
      TRAPPED,
    ]);
    expect(new Set(landed.map((each) => ('ledger' in each ? each.ledger : 0))).size).toBe(1);
  });

  it('may be landed by a stranger who sees it, and then by nobody', async () => {
    const entry = await authorizations.signed(required(borrower));
    const { signers } = lending.network.control;
    const stolen = signers.land({ entry: entry.toXdr('base64') });
    expect(stolen).toMatchObject({ succeeded: true });
    expect(stolen.source).not.toBe(required(channel).publicKey());
    expect(await authorizations.nonce(entry)).toBeDefined();
    expect(await refusal([entry])).toEqual([
      'Error(Auth, ExistingValue)',
      'nonce already exists for address',
    ]);
  });

  it('is shown as spent or unspent by a node that lies', async () => {
    const { control } = lending.network;
    const entry = await authorizations.signed(required(borrower));
    control.setFault('nonce_lies', { spent: true });
    expect(await authorizations.nonce(entry)).toMatchObject({
      lastModifiedLedgerSeq: authorizations.head,
    });
    expect(await refusal([entry])).toEqual([
      'Error(Auth, ExistingValue)',
      'nonce already exists for address',
    ]);
    control.clearFaults();
    await lending.land([await authorizations.transaction(loan(), [entry])]);
    expect(await authorizations.nonce(entry)).toBeDefined();
    control.setFault('nonce_lies', { spent: false });
    expect(await authorizations.nonce(entry)).toBeUndefined();
    const again = await authorizations.transaction(loan(), [entry]);
    control.clearFaults();
    const [failed] = await lending.land([again]);
    expect(outcome(required(failed))).toBe(TRAPPED);
  });

  it('spends nothing in a transaction that fails', async () => {
    const entry = await authorizations.signed(required(borrower));
    const transaction = await authorizations.transaction(loan(), [entry]);
    lending.network.control.shiftFootprints({ pool: lending.pool.pool, count: 1 });
    const [failed] = await lending.land([transaction]);
    expect(outcome(required(failed))).toBe(TRAPPED);
    expect(await authorizations.nonce(entry)).toBeUndefined();
    const [landed] = await lending.land([await authorizations.transaction(loan(), [entry])]);
    expect(outcome(required(landed))).toBe(LANDED);
  });
});

/**
 * Names the loans after the first that others may take. Bytes and instructions of each are those
 * with which eight loans landed in one ledger of the real host.
 */
function widened(data: xdr.SorobanTransactionData, loans: number): xdr.SorobanTransactionData {
  const { instructions, diskReadBytes, writeBytes } = data.resources;
  const keys = Array.from({ length: loans }, (_key, at) => lending.loanKey(BigInt(at + 2)));
  return new SorobanDataBuilder(data)
    .appendFootprint([], keys)
    .setResources(instructions + loans * 240_000, diskReadBytes, writeBytes + loans * 1092)
    .setResourceFee(data.resourceFee + BigInt(loans) * 15_000n + 200_000n)
    .build();
}

function metaChanges({
  resultMetaXdr,
}: rpc.Api.GetTransactionResponse & { resultMetaXdr?: xdr.TransactionMeta }): string[] {
  if (resultMetaXdr?.type !== 'v4') throw new Error('no meta');
  return resultMetaXdr.value.operations.flatMap(({ changes }) =>
    changes.flatMap((change) =>
      change.type === 'ledgerEntryCreated' && change.value.data.type === 'contractData'
        ? [`${change.type} ${change.value.data.value.key.type}`]
        : [],
    ),
  );
}

const AUTHENTICATION = 'failed account authentication with error';
interface Vector {
  readonly name: string;
  readonly make: (entry: Entry, until: number) => Entry | Entry[] | Promise<Entry | Entry[]>;
  readonly says: readonly string[] | null;
  /** Ledgers from now; 50 when left out. */
  readonly span?: number;
}
const sign = (entry: Entry, until: number, by = borrower): Promise<Entry> =>
  authorizeEntry(entry, required(by), until, lending.network.passphrase);
const invocation = (
  entry: Entry,
  transfers: number,
): { invocation: xdr.SorobanAuthorizedInvocation } => ({
  invocation: new xdr.SorobanAuthorizedInvocation({
    function: entry.rootInvocation.function,
    subInvocations: Array.from({ length: transfers }, () =>
      required(entry.rootInvocation.subInvocations[0]),
    ),
  }),
});

/** Each was tried on the real host, which said the same (protocol 25). */
const VECTORS: readonly Vector[] = [
  { name: 'signed well', make: sign, says: null },
  {
    name: 'not signed',
    make: (entry, until) => altered(entry, { until }),
    says: ['Error(Auth, InvalidAction)', AUTHENTICATION],
  },
  {
    name: 'a signature that is bare bytes',
    make: (entry, until) =>
      altered(entry, {
        until,
        signature: xdr.ScVal.scvBytes(
          required(borrower).sign(authorizations.payload(entry, until)),
        ),
      }),
    says: ['Error(Auth, InvalidAction)', AUTHENTICATION],
  },
  {
    name: 'another hash signed',
    make: (entry, until) =>
      altered(entry, {
        until,
        signature: signatures([[required(borrower), required(borrower).sign(Buffer.alloc(32, 1))]]),
      }),
    says: ['Error(Auth, InvalidAction)', 'failed ED25519 verification', AUTHENTICATION],
  },
  {
    name: 'signed for another network',
    make: (entry, until) =>
      altered(entry, {
        until,
        signature: signatures([
          [
            required(borrower),
            required(borrower).sign(authorizations.payload(entry, until, 'Another')),
          ],
        ]),
      }),
    says: ['Error(Auth, InvalidAction)', 'failed ED25519 verification', AUTHENTICATION],
  },
  {
    name: 'signed by a stranger',
    make: (entry, until) => authorizations.signedBy(entry, until, [required(other)]),
    says: ['Error(Auth, InvalidAction)', 'signer does not belong to account', AUTHENTICATION],
  },
  {
    name: 'the same signature twice',
    make: (entry, until) =>
      authorizations.signedBy(entry, until, [required(borrower), required(borrower)]),
    says: ['Error(Auth, InvalidAction)', 'public keys are not ordered', AUTHENTICATION],
  },
  {
    name: 'an empty list of signatures',
    make: (entry, until) => authorizations.signedBy(entry, until, []),
    says: ['Error(Auth, InvalidAction)', 'no account signatures found', AUTHENTICATION],
  },
  {
    name: 'expired',
    make: sign,
    span: -1,
    says: ['Error(Auth, InvalidInput)', 'signature has expired'],
  },
  { name: 'in its last ledger', make: sign, span: 0, says: null },
  { name: 'with the latest expiration', make: sign, span: 3_110_399, says: null },
  {
    name: 'with a later one',
    make: sign,
    span: 3_110_400,
    says: ['Error(Auth, InvalidInput)', 'signature expiration is too late'],
  },
  {
    name: 'without the transfer',
    make: (entry, until) => sign(altered(entry, invocation(entry, 0)), until),
    says: [
      'Error(Auth, InvalidAction)',
      'Unauthorized function call for address',
      'contract call failed',
    ],
  },
  {
    name: 'with a transfer that is not made',
    make: (entry, until) => sign(altered(entry, invocation(entry, 2)), until),
    says: null,
  },
  {
    name: "another borrower's",
    make: async (_entry, until) => {
      const [foreign] = await authorizations.recorded(loan(other));
      return sign(required(foreign), until, other);
    },
    says: ['Error(Auth, InvalidAction)', 'Unauthorized function call for address'],
  },
  {
    name: 'as if the source were the borrower',
    make: ({ rootInvocation }) =>
      new xdr.SorobanAuthorizationEntry({
        credentials: xdr.SorobanCredentials.sorobanCredentialsSourceAccount(),
        rootInvocation,
      }),
    says: ['Error(Auth, InvalidAction)', 'Unauthorized function call for address'],
  },
  {
    name: 'with an entry beside it that nothing uses',
    make: async (entry, until) => {
      const [foreign] = await authorizations.recorded(loan(other));
      return [await sign(entry, until), await sign(required(foreign), until, other)];
    },
    says: null,
  },
];

describe('what a node says to an entry', () => {
  it.each(VECTORS)('$name', async ({ make, says, span = 50 }) => {
    const [entry] = await authorizations.recorded(loan());
    const made = await make(required(entry), authorizations.head + span);
    expect(await refusal([made].flat())).toEqual(says);
  });

  it('with other terms', async () => {
    const entry = await authorizations.signed(required(borrower));
    const call = lending.call(required(borrower).publicKey(), { total: 900n * TOKEN });
    expect(await refusal([entry], call)).toEqual([
      'Error(Auth, InvalidAction)',
      'Unauthorized function call for address',
    ]);
  });
});

describe('at landing', () => {
  const words = (found: rpc.Api.GetTransactionResponse): string[] =>
    'diagnosticEventsXdr' in found ? wordsOf(found.diagnosticEventsXdr ?? []) : [];

  it('refuses an entry that expired after it was simulated', async () => {
    const entry = await authorizations.signed(required(borrower), authorizations.head + 1);
    const transaction = await authorizations.transaction(loan(), [entry]);
    await ledgersLater(1);
    const [late] = await lending.land([transaction]);
    expect([outcome(required(late)), ...words(required(late))]).toEqual([
      TRAPPED,
      'signature has expired',
    ]);
  });

  it('takes it in its last ledger', async () => {
    const entry = await authorizations.signed(required(borrower), authorizations.head + 1);
    const [landed] = await lending.land([await authorizations.transaction(loan(), [entry])]);
    expect(outcome(required(landed))).toBe(LANDED);
  });

  it('refuses a nonce that is not declared', async () => {
    const entry = await authorizations.signed(required(borrower));
    const transaction = await authorizations.transaction(loan(), [entry], (data) => {
      const { footprint, instructions, diskReadBytes, writeBytes } = data.resources;
      return new xdr.SorobanTransactionData({
        ext: data.ext,
        resourceFee: data.resourceFee,
        resources: new xdr.SorobanResources({
          instructions,
          diskReadBytes,
          writeBytes,
          footprint: new xdr.LedgerFootprint({
            readOnly: footprint.readOnly,
            readWrite: footprint.readWrite.filter((key) => !isNonce(key)),
          }),
        }),
      });
    });
    const [failed] = await lending.land([transaction]);
    expect([outcome(required(failed)), ...words(required(failed))]).toEqual([
      TRAPPED,
      'trying to access nonce outside of the footprint',
      'trying to access nonce outside of footprint for address',
    ]);
  });
});

describe('an account with several signers', () => {
  const more = [Keypair.random(), Keypair.random()].toSorted((one, two) =>
    Buffer.compare(one.rawPublicKey(), two.rawPublicKey()),
  );
  const weighed = (medium: number): unknown =>
    lending.network.control.signers.setSigners({
      account: required(borrower).publicKey(),
      thresholds: [0, 0, medium, 0],
      signers: more.map((key) => ({ key: key.publicKey(), weight: 2 })),
    });

  it.each([
    ['both', [0, 1], null],
    ['one', [0], ['signature weight is lower than threshold', AUTHENTICATION]],
    ['both in another order', [1, 0], ['public keys are not ordered', AUTHENTICATION]],
  ])('signs with the weight of its medium threshold: %s', async (_name, by, says) => {
    weighed(4);
    const [entry] = await authorizations.recorded(loan());
    const keys = by.map((at) => required(more[at]));
    const signed = authorizations.signedBy(required(entry), authorizations.head + 9, keys);
    expect(await refusal([signed])).toEqual(says && ['Error(Auth, InvalidAction)', ...says]);
  });

  it('keeps them when its sequence moves, and no longer signs with its own key', async () => {
    weighed(1);
    const entry = await authorizations.signed(required(borrower));
    expect(await refusal([entry])).toEqual([
      'Error(Auth, InvalidAction)',
      'signer does not belong to account',
      AUTHENTICATION,
    ]);
  });
});

describe('a contract account', () => {
  const wallet = (): { address: string; owner: Keypair } => {
    const [made] = lending.network.control.signers.makeWallets({
      pool: lending.pool.pool,
      count: 1,
      tokens: 1_000n * TOKEN,
      score: 90,
    }).wallets;
    return {
      address: required(made).address,
      owner: Keypair.fromSecret(required(made).secret),
    };
  };
  const signedBy = (entry: Entry, by: Keypair): Entry => {
    const until = authorizations.head + 50;
    const signature = by.sign(authorizations.payload(entry, until));
    return altered(entry, { until, signature: xdr.ScVal.scvBytes(signature) });
  };

  it("borrows by its owner's signature", async () => {
    const made = wallet();
    const call = lending.call(made.address);
    const [entry] = await authorizations.recorded(call);
    const signed = signedBy(required(entry), made.owner);
    const [landed] = await lending.land([await authorizations.transaction(call, [signed])]);
    expect(outcome(required(landed))).toBe(LANDED);
    expect(await authorizations.nonce(signed)).toBeDefined();
    expect(lending.network.control.loans(lending.pool.pool)).toMatchObject([
      { borrower: made.address },
    ]);
  });

  it('refuses the signature of another key, and a call of its check from outside', async () => {
    const made = wallet();
    const check = new Contract(made.address).call('__check_auth', xdr.ScVal.scvVoid());
    const outside = await authorizations.simulate(check);
    expect(rpc.Api.isSimulationError(outside) && outside.error.split('\n')[0]).toBe(
      'HostError: Error(Context, InvalidAction)',
    );
    const call = lending.call(made.address);
    const [entry] = await authorizations.recorded(call);
    const signed = signedBy(required(entry), required(other));
    expect(await refusal([signed], call)).toEqual([
      'Error(Auth, InvalidAction)',
      'failed ED25519 verification',
      AUTHENTICATION,
    ]);
  });
});
