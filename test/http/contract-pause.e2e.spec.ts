import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import { bearer, givenKey } from '../support/access.js';
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
import { withClient } from '../support/reporting-role.js';
import { scrapeOf } from '../support/scrape.js';

/**
 * The pool's contract is paused on the chain by its own administrator (profile trustup). Each
 * snapshot reads the pause, the API shows it, and nothing is forwarded.
 */
const TERMS = {
  totalAmount: '1000',
  guaranteeAmount: '200',
  schedule: [{ amount: '1000', dueAt: dueIn(30) }],
};
const ITS_OWN = { contract: 'pool', number: 12, name: 'ContractPaused' };
let service: Service;
let operator: { authorization: string };
let settlement: SettlementService;
beforeAll(async () => {
  service = await givenService({ COUNTER_WINDOW: '2' });
  operator = bearer(await givenKey(service.app, { scopes: ['operate'] }));
  settlement = new SettlementService({
    ledger: service.ledger,
    pools: service.registry,
    chain: service.chain,
  });
});
afterAll(() => service.stop());

interface Held {
  readonly of: GivenPool;
  readonly borrower: Borrower;
  readonly loanId: string;
  readonly hash: string;
  readonly signedXdr: string;
}
const trustupPool = (): Promise<GivenPool> =>
  givenPool(service, { profile: 'trustup', decimals: 0, deposit: 10_000n });
function borrowerOf(of: GivenPool): Borrower {
  const [borrower] = givenBorrowers(service, of.contract, { tokens: 5_000n, score: 95 });
  if (!borrower) throw new Error('a borrower was asked for');
  return borrower;
}
async function held(): Promise<Held> {
  const of = await trustupPool();
  const borrower = borrowerOf(of);
  const { loan, transaction } = (await postLoan(service, loanBody(of, borrower, TERMS)))
    .body as unknown as { loan: { id: string }; transaction: { xdr: string; hash: string } };
  return {
    of,
    borrower,
    loanId: loan.id,
    hash: transaction.hash,
    signedXdr: signed(transaction.xdr, service.network.passphrase, borrower),
  };
}
const pause = (of: GivenPool, paused = true): unknown =>
  service.network.control.actions.pause({ pool: of.contract, paused });
const submit = (one: Held): Promise<Answer> =>
  ask(service, { url: `/loans/${one.loanId}/submission`, body: { signedXdr: one.signedXdr } });
const page = async (of: GivenPool): Promise<Answer> =>
  ask(service, { url: `/pools/${of.pool.id}` });
const reported = async (of: GivenPool): Promise<unknown> =>
  withClient(
    service.database.url,
    async (client) =>
      (
        await client.query<{ contract_paused: boolean | null }>(
          'select contract_paused from reporting.pool_position_v1 where pool_id = $1',
          [of.pool.id],
        )
      ).rows[0]?.contract_paused,
  );
/** The service caches figures for a second, so the test waits until they are read again. */
async function watched(
  of: GivenPool,
  contract: 'pool' | 'lending_contract' = 'pool',
): Promise<number | undefined> {
  await new Promise((resolve) => {
    setTimeout(resolve, 1010);
  });
  return scrapeOf((await ask(service, { url: '/metrics', headers: operator })).text).value(
    'holdfast_pool_contract_paused',
    { pool: of.pool.id, contract },
  );
}

test(
  'is shown after one snapshot wherever the pool is shown, beside the unchanged state, ' +
    'and clears by itself',
  async () => {
    const of = await trustupPool();
    const before = await page(of);
    expect(before.body).toMatchObject({ state: 'active', contractPaused: false });
    pause(of);
    // the pool was not observed
    expect((await page(of)).headers['etag']).toBe(before.headers['etag']);
    await settlement.observePool(of.pool);
    const { ledger } = service.network.control.head();
    const shown = {
      id: of.pool.id,
      state: 'active',
      contractPaused: true,
      contractPauses: [{ contract: 'pool', paused: true }],
      available: '10000',
      atLedger: ledger,
    };
    expect(
      await ask(service, {
        url: `/pools/${of.pool.id}`,
        headers: { 'if-none-match': String(before.headers['etag']) },
      }),
    ).toMatchObject({ status: 200, body: shown });
    expect((await ask(service, { url: '/pools' })).body['pools']).toContainEqual(
      expect.objectContaining(shown),
    );
    expect(
      (await ask(service, { url: '/console/data/overview', headers: operator })).body['pools'],
    ).toContainEqual(expect.objectContaining(shown));
    expect([await reported(of), await watched(of)]).toEqual([true, 1]);
    pause(of, false);
    await settlement.observePool(of.pool);
    expect((await page(of)).body).toMatchObject({ contractPaused: false });
    expect([await reported(of), await watched(of)]).toEqual([false, 0]);
  },
);

describe('POST /loans', () => {
  test('is refused before the chain is read, says whose pause it is, and records nothing under the key', async () => {
    const of = await trustupPool();
    const body = loanBody(of, borrowerOf(of), TERMS);
    pause(of);
    await observe(service, of.pool);
    const paused = {
      status: 409,
      body: {
        code: 'POOL_PAUSED',
        holdMade: false,
        ...ITS_OWN,
        poolState: 'active',
        atLedger: service.network.control.head().ledger,
        detail: expect.stringContaining('paused on the chain by its administrator'),
      },
    };
    service.network.control.setFault('node_down', {});
    try {
      expect(await postLoan(service, body, 'pause')).toMatchObject(paused);
      expect(
        await postLoan(
          service,
          {
            ...body,
            totalAmount: '900000',
            guaranteeAmount: '200000',
            schedule: [{ amount: '900000', dueAt: dueIn(30) }],
          },
          'too-much',
        ),
      ).toMatchObject(paused); // the answer is the pause, not a lack of liquidity that would stick
    } finally {
      service.network.control.clearFaults();
    }
    expect((await postLoan(service, body, 'pause')).text).toContain('cannot end the pause');
    expect((await service.ledger.reader.position(of.pool.id))?.heldCount).toBe(0);
    pause(of, false);
    await observe(service, of.pool);
    expect(await postLoan(service, body, 'pause')).toMatchObject({
      status: 201,
      body: { reservation: { state: 'held' } },
    });
  });

  test('is refused by the simulation too while no snapshot shows the pause yet', async () => {
    const of = await trustupPool();
    const body = loanBody(of, borrowerOf(of), TERMS);
    pause(of);
    expect(await postLoan(service, body, 'unseen')).toMatchObject({
      status: 409,
      body: {
        code: 'POOL_PAUSED',
        holdMade: false,
        ...ITS_OWN,
        poolState: 'active',
        detail: expect.stringContaining('cannot end the pause'),
      },
    });
    pause(of, false);
    expect(await postLoan(service, body, 'unseen')).toMatchObject({ status: 201 });
  });

  test("a quote reports it first, with the contract's facts", async () => {
    const of = await trustupPool();
    const body = loanBody(of, borrowerOf(of), TERMS);
    pause(of);
    await observe(service, of.pool);
    const paused = {
      code: 'POOL_PAUSED',
      ...ITS_OWN,
      detail: expect.stringContaining('paused on the chain by its administrator'),
    };
    expect(await ask(service, { url: '/loans/quote', body })).toMatchObject({
      status: 200,
      body: { holdMade: false, refusal: paused, contractRefusal: paused },
    });
    pause(of, false);
    await observe(service, of.pool);
    expect(await ask(service, { url: '/loans/quote', body })).toMatchObject({
      status: 200,
      body: { refusal: null },
    });
  });
});

describe('holds made before the pause', () => {
  test(
    'are not forwarded during the pause, which is read again from the node; the hold stays, ' +
      'and the same submission lands later',
    async () => {
      const one = await held();
      pause(one.of); // and it was not observed
      expect(await submit(one)).toMatchObject({
        status: 409,
        headers: { 'retry-after': '5' },
        body: {
          code: 'CONTRACT_PAUSED',
          retryable: true,
          holdMade: false,
          ...ITS_OWN,
          atLedger: service.network.control.head().ledger,
          reservation: { state: 'held' },
          detail: expect.stringMatching(
            /paused on the chain by its administrator.*was not forwarded/,
          ),
        },
      });
      const { sequence } = await service.chain.account(one.borrower.address);
      await service.network.closeLedgers(2);
      expect(await service.chain.findTransaction(one.hash)).toMatchObject({ status: 'not_found' });
      expect((await service.chain.account(one.borrower.address)).sequence).toBe(sequence);
      expect(await settlement.observePool(one.of.pool)).toMatchObject({ settled: 0, released: 0 });
      expect(await ask(service, { url: `/loans/${one.loanId}` })).toMatchObject({
        body: {
          reservation: { state: 'held', submittedAt: null },
          transaction: { hash: one.hash },
          contractPaused: true,
        },
      });
      // the snapshot still says paused: the state read again from the node decides
      pause(one.of, false);
      expect(await submit(one)).toMatchObject({ status: 202, body: { status: 'PENDING' } });
      await service.network.closeLedgers(1);
      expect(await settlement.observePool(one.of.pool)).toMatchObject({ settled: 1 });
      expect(await ask(service, { url: `/loans/${one.loanId}` })).toMatchObject({
        body: { transaction: null, contractPaused: null },
      });
    },
  );

  test('are not submitted again by the worker while the pause lasts', async () => {
    const one = await held();
    service.network.control.setFault('drop_after_pending', { times: 1 });
    expect(await submit(one)).toMatchObject({ status: 202, body: { status: 'PENDING' } });
    pause(one.of);
    const sent: string[] = [];
    const real = service.chain.submit.bind(service.chain);
    service.chain.submit = (xdr) => {
      sent.push(xdr);
      return real(xdr);
    };
    try {
      for (let ledger = 0; ledger < 8; ledger++) {
        await service.network.closeLedgers(1);
        await settlement.findSettlements(one.of.pool);
      }
      expect(sent).toEqual([]);
      pause(one.of, false);
      await settlement.findSettlements(one.of.pool);
      expect(sent).toEqual([one.signedXdr]);
    } finally {
      service.chain.submit = real;
    }
    await service.network.closeLedgers(1);
    expect(await settlement.observePool(one.of.pool)).toMatchObject({ settled: 1 });
  });

  test(
    'a transaction outside its window gets that answer first, because waiting for the end ' +
      'of the pause would not help',
    async () => {
      const one = await held();
      service.network.control.shiftFootprints({ pool: one.of.contract, count: 3 });
      pause(one.of);
      expect(await submit(one)).toMatchObject({
        status: 409,
        body: { code: 'ENVELOPE_OUTDATED', reason: 'loan_counter' },
      });
    },
  );
});

describe('where the creditline can be paused too', () => {
  const bothOf = (pool: boolean, creditline: boolean): object[] => [
    { contract: 'pool', paused: pool },
    { contract: 'lending_contract', paused: creditline },
  ];
  const turn = (of: GivenPool, contract: 'pool' | 'creditline', paused: boolean): unknown =>
    service.network.control.actions.pause({ pool: of.contract, contract, paused });

  test('the one that is paused is shown and named, by every refusal and the metric', async () => {
    const of = await givenPool(service, { generation: 'g3', decimals: 0, deposit: 10_000n });
    const borrower = borrowerOf(of);
    const { loan, transaction } = (await postLoan(service, loanBody(of, borrower, TERMS)))
      .body as unknown as { loan: { id: string }; transaction: { xdr: string } };
    const signedXdr = signed(transaction.xdr, service.network.passphrase, borrower);
    const refused = async (name: object): Promise<void> => {
      await observe(service, of.pool);
      const body = loanBody(of, borrowerOf(of), TERMS);
      for (const answer of [
        await postLoan(service, body),
        await ask(service, { url: `/loans/${loan.id}/submission`, body: { signedXdr } }),
      ])
        expect(answer).toMatchObject({ status: 409, body: name });
      expect((await ask(service, { url: '/loans/quote', body })).body).toMatchObject({
        refusal: { code: 'POOL_PAUSED', ...name },
      });
    };
    expect((await page(of)).body).toMatchObject({ contractPauses: bothOf(false, false) });
    turn(of, 'creditline', true);
    await refused({ contract: 'lending_contract', number: 33, name: 'ContractPaused' });
    expect((await page(of)).body).toMatchObject({
      state: 'active',
      contractPaused: true,
      contractPauses: bothOf(false, true),
    });
    expect([await watched(of), await watched(of, 'lending_contract')]).toEqual([0, 1]);
    turn(of, 'pool', true);
    turn(of, 'creditline', false);
    await refused({ contract: 'pool', number: 15, name: 'ContractPaused' });
    expect((await page(of)).body).toMatchObject({ contractPauses: bothOf(true, false) });
    turn(of, 'pool', false);
    await observe(service, of.pool);
    expect((await page(of)).body).toMatchObject({ contractPauses: bothOf(false, false) });
    expect(
      await ask(service, { url: `/loans/${loan.id}/submission`, body: { signedXdr } }),
    ).toMatchObject({ status: 202 });
  });
});

describe('what was read', () => {
  test('a contract that knows no pause is not paused', async () => {
    const of = await givenPool(service);
    expect((await page(of)).body).toMatchObject({ contractPaused: false, contractPauses: [] });
    expect(() => pause(of)).toThrow(/pause/);
  });

  test('is unknown before the first snapshot, and when the reply lacks it; then the chain is asked', async () => {
    const unseen = await givenPool(service, {
      profile: 'trustup',
      decimals: 0,
      deposit: 10_000n,
      observed: false,
    });
    expect((await page(unseen)).body).toMatchObject({ contractPaused: null, contractPauses: null });
    const of = await trustupPool();
    await service.network.closeLedgers(1);
    const { head, ...reading } = await service.chain.observePool(of.pool);
    expect(
      await service.ledger.snapshots.observe({
        poolId: of.pool.id,
        ...reading,
        contractPaused: null,
        contractPauses: { pool: null },
        headLedger: head.ledger,
        headCloseTime: head.closeTime,
      }),
    ).toMatchObject({ advanced: true });
    expect((await page(of)).body).toMatchObject({
      contractPaused: null,
      contractPauses: [{ contract: 'pool', paused: null }],
    });
    expect([await reported(of), await watched(of)]).toEqual([null, undefined]);
    expect(await postLoan(service, loanBody(of, borrowerOf(of), TERMS))).toMatchObject({
      status: 201,
    });
  });
});
