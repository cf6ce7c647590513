import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FundingResult } from '../../src/modules/chain/chain.js';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import {
  type Answer,
  ask,
  type Borrower,
  dueIn,
  givenBorrowers,
  type GivenPool,
  givenPool,
  givenService,
  loanBody,
  observe,
  postLoan,
  type Service,
  signed,
} from '../support/given.js';

/**
 * A pool of generation G3, whose contract bounds what leaves it in one ledger and what one vendor
 * gets (docs/protocol.md#contract-limits). Its tokens have no decimals, and it has 10,000 of them.
 */
let service: Service;
beforeAll(async () => {
  service = await givenService();
});
afterAll(() => service.stop());

interface Caps {
  readonly outflowBps?: number;
  readonly exposureCap?: bigint;
}
const setCaps = async (of: GivenPool, caps: Caps): Promise<void> => {
  service.network.control.actions.admin.setCaps({ pool: of.contract, ...caps });
  await observe(service, of.pool);
};
async function cappedPool(caps: Caps): Promise<GivenPool> {
  const of = await givenPool(service, { generation: 'g3', decimals: 0, deposit: 10_000n });
  await setCaps(of, caps);
  return of;
}
function borrowerOf(of: GivenPool): Borrower {
  const [borrower] = givenBorrowers(service, of.contract, { tokens: 5_000n, score: 95 });
  if (!borrower) throw new Error('a borrower was asked for');
  return borrower;
}
/** A loan that needs so much of the pool. */
const terms = (funded: number): Record<string, unknown> => ({
  totalAmount: String(funded * 2),
  guaranteeAmount: String(funded),
  schedule: [{ amount: String(funded * 2), dueAt: dueIn(30) }],
});
const postOf = (of: GivenPool, funded: number, borrower = borrowerOf(of)): Promise<Answer> =>
  postLoan(service, loanBody(of, borrower, terms(funded)));
const page = (of: GivenPool): Promise<Answer> => ask(service, { url: `/pools/${of.pool.id}` });

/** Signs and submits a loan that was held. */
async function submit(answer: Answer, borrower: Borrower): Promise<void> {
  const { loan, transaction } = answer.body as {
    loan: { id: string };
    transaction: { xdr: string };
  };
  const signedXdr = signed(transaction.xdr, service.network.passphrase, borrower);
  expect(
    await ask(service, { url: `/loans/${loan.id}/submission`, body: { signedXdr } }),
  ).toMatchObject({ status: 202 });
}
const settle = (of: GivenPool): Promise<unknown> =>
  new SettlementService({
    ledger: service.ledger,
    pools: service.registry,
    chain: service.chain,
  }).observePool(of.pool);

test('the pool shows the limits that its contract has now', async () => {
  const of = await cappedPool({ outflowBps: 1_250, exposureCap: 700n });
  expect((await page(of)).body).toMatchObject({
    contractLimits: { outflowCap: '12.5', vendorCap: '700', utilisationCap: null },
  });
  await setCaps(of, { outflowBps: 0, exposureCap: 0n });
  expect((await page(of)).body).toMatchObject({
    contractLimits: { outflowCap: null, vendorCap: null, utilisationCap: null },
  });
});

describe('the outflow cap of a ledger', () => {
  test('as many are held as land in one ledger, and they all do', async () => {
    const of = await cappedPool({ outflowBps: 400 }); // 400 alone, 384 together
    const borrowers = Array.from({ length: 6 }, () => borrowerOf(of));
    const answers = await Promise.all(borrowers.map((borrower) => postOf(of, 100, borrower)));
    const held = answers.flatMap((answer, index) =>
      answer.status === 201 ? [{ answer, borrower: borrowers[index] }] : [],
    );
    expect(held).toHaveLength(3);
    for (const answer of answers.filter(({ status }) => status !== 201))
      expect(answer).toMatchObject({
        status: 409,
        headers: { 'retry-after': expect.any(String) },
        body: {
          code: 'OUTFLOW_CAP_REACHED',
          retryable: true,
          outflowCap: '4',
          safeSum: '384',
          held: '300',
          asked: '100',
          nextDeadline: expect.any(String),
        },
      });
    for (const { answer, borrower } of held) if (borrower) await submit(answer, borrower);
    await service.network.closeLedgers(1);
    expect(await settle(of)).toMatchObject({ settled: 3 });
  });

  test('a loan above the cap is told that it cannot land, and the key repeats it', async () => {
    const of = await cappedPool({ outflowBps: 400 });
    const body = loanBody(of, borrowerOf(of), terms(401));
    const first = await postLoan(service, body, 'above-the-cap');
    expect(first).toMatchObject({
      status: 422,
      body: {
        code: 'OUTFLOW_CAP_EXCEEDED',
        retryable: false,
        outflowCap: '4',
        cap: '400',
        asked: '401',
      },
    });
    expect((await postLoan(service, body, 'above-the-cap')).text).toBe(first.text);
    expect((await ask(service, { url: '/loans/quote', body })).body).toMatchObject({
      refusal: { code: 'OUTFLOW_CAP_EXCEEDED' },
    });
  });

  const REFUSED: FundingResult = {
    kind: 'refused',
    refusal: {
      contract: 'pool',
      contractId: null,
      number: 16,
      name: 'OutflowCapExceeded',
      sentence: 'The cap of the ledger is used.',
      kind: 'outflow',
    },
  };
  /** The simulation refuses so often; a ledger closes when the service waits for one. */
  async function whileRefused<T>(times: number, work: () => Promise<T>): Promise<T> {
    const { chain, network } = service;
    const [build, head] = [chain.buildFunding.bind(chain), chain.head.bind(chain)];
    let left = times;
    chain.buildFunding = (request) => (left-- > 0 ? Promise.resolve(REFUSED) : build(request));
    chain.head = async () => {
      const seen = await head();
      await network.closeLedgers(1);
      return seen;
    };
    try {
      return await work();
    } finally {
      Object.assign(chain, { buildFunding: build, head });
    }
  }

  test("right after a stranger's funding the loan waits for the next ledger", async () => {
    const of = await cappedPool({ outflowBps: 400 });
    const borrower = borrowerOf(of);
    const { chain, network } = service;
    const [build, head] = [chain.buildFunding.bind(chain), chain.head.bind(chain)];
    const kinds: string[] = [];
    chain.buildFunding = async (request) => {
      const result = await build(request);
      kinds.push(result.kind === 'refused' ? result.refusal.kind : result.kind);
      chain.head = closingHead;
      return result;
    };
    const closingHead = async (): ReturnType<typeof head> => {
      const seen = await head();
      await network.closeLedgers(1);
      return seen;
    };
    network.control.foreignLoan({ pool: of.contract, total: 700n, guarantee: 350n });
    try {
      expect(await postOf(of, 100, borrower)).toMatchObject({ status: 201 });
    } finally {
      Object.assign(chain, { buildFunding: build, head });
    }
    expect(kinds).toEqual(['outflow', 'built']);
  });

  test('a refusal of the simulation is told only when the next ledger refuses too', async () => {
    const of = await cappedPool({ outflowBps: 400 });
    expect(await whileRefused(1, () => postOf(of, 100))).toMatchObject({ status: 201 });
    expect(await whileRefused(2, () => postOf(of, 100))).toMatchObject({
      status: 409,
      body: { code: 'OUTFLOW_CAP_REACHED', contract: 'pool', number: 16 },
    });
  });
});

describe('the cap of a vendor', () => {
  test('holds stay within what the contract has left for the vendor', async () => {
    const of = await cappedPool({ exposureCap: 250n });
    const borrower = borrowerOf(of);
    const first = await postOf(of, 100, borrower);
    expect(first.status).toBe(201);
    expect((await postOf(of, 100)).status).toBe(201);
    expect(await postOf(of, 100)).toMatchObject({
      status: 409,
      body: {
        code: 'VENDOR_CAP_REACHED',
        cap: '250',
        funded: '0',
        held: '200',
        asked: '100',
      },
    });
    expect(
      (await ask(service, { url: '/loans/quote', body: loanBody(of, borrowerOf(of), terms(51)) }))
        .body,
    ).toMatchObject({ refusal: { code: 'VENDOR_CAP_REACHED' } });

    await submit(first, borrower);
    await service.network.closeLedgers(1);
    await settle(of);
    expect(await postOf(of, 51)).toMatchObject({
      status: 409,
      body: { code: 'VENDOR_CAP_REACHED', funded: '100', held: '100', asked: '51' },
    });
    expect(await postOf(of, 151)).toMatchObject({
      status: 422,
      body: { code: 'VENDOR_CAP_EXCEEDED', contract: 'pool', number: 17 },
    });
    expect((await postOf(of, 50)).status).toBe(201);
  });
});

describe('contracts that do not work together', () => {
  const broken = (kind: 'links' | 'protocol', number: number, name: string): FundingResult => ({
    kind: 'refused',
    refusal: {
      contract: 'pool',
      contractId: null,
      number,
      name,
      sentence: 'So says the contract.',
      kind,
    },
  });
  async function whileBuilt<T>(result: FundingResult, work: () => Promise<T>): Promise<T> {
    const build = service.chain.buildFunding.bind(service.chain);
    service.chain.buildFunding = () => Promise.resolve(result);
    try {
      return await work();
    } finally {
      service.chain.buildFunding = build;
    }
  }

  test('a broken link stops the pool, and is not called unreachable', async () => {
    const of = await cappedPool({});
    expect(
      await whileBuilt(broken('links', 9, 'NotCreditLine'), () => postOf(of, 100)),
    ).toMatchObject({
      status: 502,
      body: { code: 'CONTRACTS_BROKEN', contract: 'pool', number: 9, name: 'NotCreditLine' },
    });
    expect((await page(of)).body).toMatchObject({ state: 'paused' });
    expect(
      (await ask(service, { url: `/pools/${of.pool.id}/reconciliations` })).body,
    ).toMatchObject({
      pauses: [{ reason: 'contracts_broken', facts: { number: 9, name: 'NotCreditLine' } }],
    });
    expect(await postOf(of, 100)).toMatchObject({ status: 409, body: { code: 'POOL_PAUSED' } });
  });

  test('an error that no source names says its number, and stops nothing', async () => {
    const of = await cappedPool({});
    expect(
      await whileBuilt(broken('protocol', 99, 'Error99'), () => postOf(of, 100)),
    ).toMatchObject({ status: 503, body: { code: 'CONTRACT_FAILED', name: 'Error99' } });
    expect((await postOf(of, 100)).status).toBe(201);
  });
});
