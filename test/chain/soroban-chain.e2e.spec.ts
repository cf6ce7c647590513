import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Keypair, TransactionBuilder } from '@stellar/stellar-sdk';
import { startNetwork, type RunningNetwork } from '../../sandbox/network/network.js';
import type { Funding, FundingRequest, LoanTerms } from '../../src/modules/chain/chain.js';
import { SorobanChain } from '../../src/modules/chain/soroban-chain.js';

/** The chain room against the local network, which closes ledgers only on request. */
type Pool = ReturnType<RunningNetwork['control']['deployPool']>;
type Borrower = ReturnType<RunningNetwork['control']['makeBorrowers']>['borrowers'][number];

const UNIT = 10_000_000n;
const TOTAL = 1_000n * UNIT;
const GUARANTEE = 200n * UNIT;
const REQUIRED = TOTAL - GUARANTEE;

let network: RunningNetwork;
let pool: Pool;
let vendor: string;
beforeEach(async () => {
  network = await startNetwork();
  pool = network.control.deployPool({ profile: 'scaled', decimals: 7, deposit: 3n * REQUIRED });
  vendor = network.control.makeVendors({ pool: pool.pool, count: 1 }).vendors[0] ?? '';
});
afterEach(() => network.close());

const chainWith = (): SorobanChain =>
  new SorobanChain({
    rpcUrl: network.rpcUrl,
    networkPassphrase: network.passphrase,
    timeoutMs: 5_000,
    inclusionFee: 1_000,
  });
const borrowers = (
  count: number,
  changes: { tokens?: bigint; score?: number } = {},
): readonly Borrower[] =>
  network.control.makeBorrowers({ pool: pool.pool, count, tokens: TOTAL, score: 95, ...changes })
    .borrowers;

const parts = () =>
  ({
    generation: 'scaled',
    poolContract: pool.pool,
    lendingContract: pool.creditline,
    tokenContract: pool.token,
  }) as const;
function request(borrower: Borrower, terms: Partial<LoanTerms> = {}, loans = 24): FundingRequest {
  const dueAt = BigInt(network.control.head().closeTime) + 86_400n;
  return {
    terms: {
      borrower: borrower.address,
      vendor,
      totalAmount: TOTAL,
      guaranteeAmount: GUARANTEE,
      loanType: 'standard',
      schedule: [{ amount: TOTAL, dueAt }],
      ...terms,
    },
    pool: parts(),
    holdSeconds: 300,
    window: { least: { loans, bytes: loans * 1_092 }, wanted: { loans, bytes: loans * 1_092 } },
  };
}
async function built(chain: SorobanChain, borrower: Borrower, loans = 24): Promise<Funding> {
  const result = await chain.buildFunding(request(borrower, {}, loans));
  if (result.kind !== 'built') throw new Error(`not built: ${JSON.stringify(result)}`);
  return result.funding;
}
function signed(funding: Funding, borrower: Borrower): string {
  const transaction = TransactionBuilder.fromXdr(funding.xdr, network.passphrase);
  transaction.sign(Keypair.fromSecret(borrower.secret));
  return transaction.toXdr();
}
function one(changes?: { tokens?: bigint; score?: number }): Borrower {
  const [borrower] = borrowers(1, changes);
  if (!borrower) throw new Error('one borrower was asked for');
  return borrower;
}

describe('a loan, from building it to its events', () => {
  test('lands, and what the pool shows before and after agrees', async () => {
    const chain = chainWith();
    const borrower = one();
    expect(await chain.describePool(pool.pool)).toMatchObject({
      tokenContract: pool.token,
      lendingContract: pool.creditline,
      decimals: 7,
      wasmHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const { ledger, closeTime } = network.control.head();
    expect(await chain.observePool(parts())).toMatchObject({
      ledger,
      closeTime: BigInt(closeTime),
      total: 3n * REQUIRED,
      locked: 0n,
      tokenBalance: 3n * REQUIRED,
    });
    const funding = await built(chain, borrower);
    expect(funding).toMatchObject({
      maxTime: BigInt(closeTime) + 300n,
      issuedAfterLedger: ledger,
      loanIdFirst: 1n,
      loanIdLast: 25n,
    });
    const envelope = signed(funding, borrower);
    expect(
      await chain.checkSigned(envelope, { hash: funding.hash, source: borrower.address }),
    ).toEqual({ ok: true, feeBumpHash: null });
    expect(await chain.submit(envelope)).toMatchObject({ status: 'PENDING', resultCode: null });
    expect(await chain.submit(envelope)).toMatchObject({ status: 'DUPLICATE' });
    expect(await chain.findTransaction(funding.hash)).toMatchObject({
      status: 'not_found',
      latestLedger: ledger,
    });
    const landed = await network.closeLedgers();
    const report = await chain.findTransaction(funding.hash);
    if (report.status !== 'success')
      throw new Error(
        'not landed: ' +
          `${JSON.stringify(report, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`,
      );
    expect(report).toMatchObject({
      ledger: landed.ledger,
      closeTime: BigInt(landed.closeTime),
      feeBump: false,
    });
    expect(
      report.events.filter((event) => event.name === 'LOANCRTD' || event.name === 'LQFUND'),
    ).toEqual([
      {
        contract: pool.pool,
        name: 'LQFUND',
        topics: ['LQFUND', pool.creditline],
        data: String(REQUIRED),
      },
      {
        contract: pool.creditline,
        name: 'LOANCRTD',
        topics: ['LOANCRTD', borrower.address, vendor],
        data: ['1', String(TOTAL), String(GUARANTEE), expect.any(Array)],
      },
    ]);
    expect(await chain.observePool(parts())).toMatchObject({
      ledger: landed.ledger,
      total: 3n * REQUIRED,
      locked: REQUIRED,
      tokenBalance: 2n * REQUIRED,
    });
    expect(await chain.landingConditions(parts())).toMatchObject({ lastLoanId: 1n });
    expect(await chain.account(borrower.address)).toMatchObject({ sequence: funding.sequence });
  });

  test('is dead after its deadline: the node refuses it and never finds it', async () => {
    const chain = chainWith();
    const borrower = one();
    const funding = await built(chain, borrower);
    // more than the hold time: ledgers closed in quick succession put the chain ahead of the
    // network's clock
    network.control.travel(360);
    expect(await chain.submit(signed(funding, borrower))).toMatchObject({
      status: 'ERROR',
      resultCode: 'txTooLate',
    });
    await network.closeLedgers(2);
    const report = await chain.findTransaction(funding.hash);
    expect(report.status).toBe('not_found');
    expect(report.latestCloseTime).toBeGreaterThan(funding.maxTime);
  });
});

describe('the counter window', () => {
  async function landAll(counterWindow: number): Promise<string[]> {
    const chain = chainWith();
    const people = borrowers(3);
    const fundings = await Promise.all(
      people.map((borrower) => built(chain, borrower, counterWindow)),
    );
    expect(fundings.map((funding) => [funding.loanIdFirst, funding.loanIdLast])).toEqual(
      people.map(() => [1n, 1n + BigInt(counterWindow)]),
    );
    const envelopes = fundings.flatMap((funding, index) =>
      people.slice(index, index + 1).map((borrower) => signed(funding, borrower)),
    );
    for (const envelope of envelopes)
      expect(await chain.submit(envelope)).toMatchObject({ status: 'PENDING' });
    await network.closeLedgers(2);
    const reports = await Promise.all(
      fundings.map((funding) => chain.findTransaction(funding.hash)),
    );
    return reports.map((report) =>
      report.status === 'failed'
        ? `${report.resultCode} applied ${report.applied} ${report.cause?.reason}`
        : report.status,
    );
  }

  test('three loans built at one counter all land with a window', async () => {
    expect(await landAll(2)).toEqual(['success', 'success', 'success']);
  });

  test('without a window the first lands and the others trap outside their footprint', async () => {
    const trapped = 'txFailed/invokeHostFunctionTrapped applied true outside_footprint';
    expect((await landAll(0)).toSorted()).toEqual(['success', trapped, trapped]);
  });
});

describe('refusals of the modelled contracts', () => {
  const cases: readonly (readonly [
    string,
    { tokens?: bigint; score?: number },
    Partial<LoanTerms>,
    object,
  ])[] = [
    [
      'a guarantee below 20 %',
      {},
      { guaranteeAmount: GUARANTEE - 1n },
      { contract: 'lending_contract', number: 2, kind: 'caller' },
    ],
    [
      'a vendor that is not registered',
      {},
      { vendor: Keypair.random().publicKey() },
      { contract: 'lending_contract', number: 3, kind: 'caller' },
    ],
    [
      'a score below the threshold',
      { score: 10 },
      {},
      { contract: 'lending_contract', number: 4, kind: 'caller' },
    ],
    [
      'more than the pool has',
      {},
      { totalAmount: 4n * TOTAL, guaranteeAmount: 4n * GUARANTEE },
      { contract: 'lending_contract', number: 5, kind: 'liquidity' },
    ],
    [
      'a guarantee above the total',
      {},
      { guaranteeAmount: TOTAL + 1n },
      { contract: 'lending_contract', number: 9, kind: 'caller' },
    ],
    [
      'more debt than the score allows',
      { score: 60 },
      { totalAmount: 2_999n * UNIT, guaranteeAmount: 2_000n * UNIT },
      { contract: 'lending_contract', number: 18, kind: 'caller' },
    ],
    [
      'a borrower without the guarantee',
      { tokens: 1n },
      {},
      { contract: 'token', number: 10, kind: 'caller' },
    ],
  ];
  test.each(cases)('%s', async (...row) => {
    const [, means, terms, refusal] = row;
    const result = await chainWith().buildFunding(request(one(means), terms));
    expect(result).toMatchObject({ kind: 'refused', refusal });
  });

  test('an account that does not exist', async () => {
    const stranger = Keypair.random();
    expect(
      await chainWith().buildFunding(
        request({ address: stranger.publicKey(), secret: stranger.secret() }),
      ),
    ).toEqual({ kind: 'no_account' });
  });

  test('the least guarantee of the parameters is accepted, one base unit less is not', async () => {
    const chain = chainWith();
    const borrower = one();
    const least = await chain.leastGuarantee(parts(), TOTAL + 9n);
    expect(least).toBe(((TOTAL + 9n) * 20n) / 100n);
    expect(
      await chain.buildFunding(
        request(borrower, { totalAmount: TOTAL + 9n, guaranteeAmount: least }),
      ),
    ).toMatchObject({ kind: 'built' });
    expect(
      await chain.buildFunding(
        request(borrower, { totalAmount: TOTAL + 9n, guaranteeAmount: least - 1n }),
      ),
    ).toMatchObject({ kind: 'refused', refusal: { number: 2 } });
  });
});

test("a stranger's loan moves the counter and the figures", async () => {
  const chain = chainWith();
  network.control.foreignLoan({ pool: pool.pool, total: TOTAL, guarantee: GUARANTEE });
  expect(await chain.landingConditions(parts())).toMatchObject({ lastLoanId: 1n });
  expect(await chain.observePool(parts())).toMatchObject({
    locked: REQUIRED,
    tokenBalance: 2n * REQUIRED,
  });
});

test('a node that is down, and one of another network, are CHAIN_UNREACHABLE', async () => {
  const other = new SorobanChain({
    rpcUrl: network.rpcUrl,
    networkPassphrase: 'Public Global Stellar Network ; September 2015',
    timeoutMs: 5_000,
    inclusionFee: 1_000,
  });
  await expect(other.head()).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' });
  network.control.setFault('node_down', {});
  await expect(chainWith().head()).rejects.toMatchObject({
    code: 'CHAIN_UNREACHABLE',
    facts: { httpStatus: 503 },
  });
});
