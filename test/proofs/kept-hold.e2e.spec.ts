import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { timeOf } from '../../src/common/times.js';
import { SettlementService } from '../../src/modules/settlement/settlement.service.js';
import {
  ask,
  givenBorrowers,
  givenPool,
  givenService,
  loanBody,
  observe,
  postLoan,
  signed,
  type Answer,
  type Borrower,
  type GivenPool,
  type Service,
} from '../support/given.js';

/**
 * A signed transaction that is applied and fails: the cause decides whether its hold is kept
 * (decision 0031).
 */
let service: Service;
let pool: GivenPool;
beforeAll(async () => {
  service = await givenService();
  pool = await givenPool(service, { deposit: 10_000_0000000n });
});
afterAll(() => service.stop());

interface Transaction {
  readonly xdr: string;
  readonly hash: string;
  readonly sequence: string;
  readonly maxTime: number;
}
interface Held {
  readonly borrower: Borrower;
  readonly loanId: string;
  readonly reservationId: string;
  readonly transaction: Transaction;
}
async function held(of = borrower()): Promise<Held> {
  const { body } = await postLoan(service, loanBody(pool, of));
  const { loan, reservation, transaction } = body as unknown as {
    loan: { id: string };
    reservation: { id: string };
    transaction: Transaction;
  };
  return { borrower: of, loanId: loan.id, reservationId: reservation.id, transaction };
}
function borrower(): Borrower {
  const [one] = givenBorrowers(service, pool.contract);
  if (!one) throw new Error('a borrower was asked for');
  return one;
}
const settlement = (): SettlementService =>
  new SettlementService({ ledger: service.ledger, pools: service.registry, chain: service.chain });
const submit = (one: Held, { xdr }: Transaction): Promise<Answer> =>
  ask(service, {
    url: `/loans/${one.loanId}/submission`,
    body: { signedXdr: signed(xdr, service.network.passphrase, one.borrower) },
  });
const rebuild = async (one: Held): Promise<Transaction> =>
  (await ask(service, { method: 'POST', url: `/loans/${one.loanId}/transaction` })).body[
    'transaction'
  ] as Transaction;
const loan = (one: Held): Promise<Answer> => ask(service, { url: `/loans/${one.loanId}` });
const history = (one: Held): Promise<Answer> =>
  ask(service, { url: `/reservations/${one.reservationId}` });
/** A ledger closes and settlement runs, twice: two replies must agree. */
async function judged(rounds = 2): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await service.network.closeLedgers(1);
    await settlement().observePool(pool.pool);
  }
}
async function fails(one: Held, transaction: Transaction, parameters: object): Promise<void> {
  service.network.control.setFault('invocation_fails', {
    ...parameters,
    source: one.borrower.address,
  });
  expect(await submit(one, transaction)).toMatchObject({ status: 202 });
  await service.network.closeLedgers(1);
  service.network.control.clearFaults();
}

describe("a failure that is not the borrower's", () => {
  test.each<[string, string, object, string]>([
    [
      'resource_limit',
      'ours',
      { result: 'invokeHostFunctionResourceLimitExceeded' },
      'needed more than the resources',
    ],
    ['archived', 'ours', { result: 'invokeHostFunctionEntryArchived' }, 'was archived'],
    [
      'refundable_fee',
      'ours',
      { result: 'invokeHostFunctionInsufficientRefundableFee' },
      'part of the fee',
    ],
    ['outside_footprint', 'ours', { error: 'outside_footprint' }, 'outside of its footprint'],
    ['missing_entry', 'ours', { error: 'missing_entry' }, 'was missing'],
    ['budget', 'ours', { error: 'budget' }, 'more instructions'],
    ['unknown', 'unknown', {}, 'does not say why'],
  ])(
    '%s: the hold is kept, the loan says why, and a new transaction with the next sequence lands',
    async (reason, failedBy, parameters, words) => {
      const before = await service.ledger.reader.position(pool.pool.id);
      const one = await held();
      const kept = await service.ledger.reader.position(pool.pool.id);
      expect(kept?.held).toBe((before?.held ?? 0n) + 100_0000000n);
      await fails(one, one.transaction, parameters);
      await settlement().observePool(pool.pool);
      expect(await loan(one)).toMatchObject({
        body: { failedTransactions: [], transaction: { hash: one.transaction.hash } },
      }); // one reply alone proves no failure
      await judged(1);

      const shown = {
        hash: one.transaction.hash,
        failedBy,
        reason,
        contract: null,
        number: null,
        sentence: expect.stringContaining(words),
      };
      const until = timeOf(BigInt(one.transaction.maxTime));
      expect(await loan(one)).toMatchObject({
        body: {
          reservation: { state: 'held', expiresAt: until },
          transaction: null,
          rebuildsLeft: 4,
          rebuildUntil: until,
          failedTransactions: [shown],
        },
      });
      // no other borrower can hold it
      expect((await service.ledger.reader.position(pool.pool.id))?.held).toBe(kept?.held);
      const again = await submit(one, one.transaction);
      expect(again).toMatchObject({
        status: 409,
        body: {
          code: 'ENVELOPE_OUTDATED',
          reason: 'envelope_dead',
          failure: shown,
          rebuildOffered: true,
        },
      });
      expect(again.body['detail']).toContain(`issues a new one for the same hold, until ${until}`);
      expect(await history(one)).toMatchObject({
        body: {
          envelopes: [{ state: 'failed', failedBy, failedReason: reason }],
          journal: [
            { kind: 'held' },
            { kind: 'submitted' },
            {
              kind: 'envelope_failed',
              stateAfter: 'held',
              reason,
              evidence: { certificate: 'D3', failedBy, failReason: reason },
            },
          ],
        },
      });

      const second = await rebuild(one);
      expect(BigInt(second.sequence)).toBe(BigInt(one.transaction.sequence) + 1n);
      expect(await loan(one)).toMatchObject({
        body: {
          transaction: { hash: second.hash },
          rebuildsLeft: 3,
          rebuildUntil: null,
          failedTransactions: [shown],
        },
      }); // as many as before it failed
      expect(await submit(one, one.transaction)).toMatchObject({
        body: {
          reason: 'envelope_dead',
          rebuildOffered: false,
          detail: expect.stringContaining('the one that took its place'),
        },
      });
      expect(await submit(one, second)).toMatchObject({ status: 202 });
      await judged(1);
      expect(await loan(one)).toMatchObject({
        body: { reservation: { state: 'settled' }, failedTransactions: [shown] },
      });
    },
  );

  test(
    'without diagnostics the hold is kept; with them the contract decided only when both ' +
      'replies say so',
    async () => {
      const one = await held();
      service.network.control.setFault('invocation_fails', {
        error: 'contract',
        number: 4,
        source: one.borrower.address,
      });
      await submit(one, one.transaction);
      await service.network.closeLedgers(1);
      service.network.control.clearFaults();
      service.network.control.setFault('no_diagnostics', {});
      await settlement().observePool(pool.pool);
      service.network.control.clearFaults();
      await judged(1);
      expect(await loan(one)).toMatchObject({
        body: {
          reservation: { state: 'held' },
          failedTransactions: [{ failedBy: 'unknown', reason: 'unknown' }],
        },
      });
    },
  );

  test(
    'five such failures use up no rebuild; without a rebuild in time the hold is released ' +
      'as not_rebuilt, and the borrower need not wait',
    async () => {
      const one = await held();
      let transaction = one.transaction;
      for (let time = 1; time <= 5; time++) {
        await fails(one, transaction, { result: 'invokeHostFunctionResourceLimitExceeded' });
        await judged();
        expect(await loan(one)).toMatchObject({ body: { rebuildsLeft: 4 } });
        transaction = await rebuild(one);
      }
      await fails(one, transaction, { result: 'invokeHostFunctionResourceLimitExceeded' });
      await judged();
      expect(await loan(one)).toMatchObject({
        body: { rebuildsLeft: 3, reservation: { state: 'held' } },
      });
      service.network.control.travel(600);
      await observe(service, pool.pool);
      await settlement().expireLapsed(pool.pool);
      expect(await loan(one)).toMatchObject({
        body: {
          reservation: { state: 'released', releaseReason: 'not_rebuilt' },
          rebuildsLeft: 0,
          rebuildUntil: null,
        },
      });
      expect(await submit(one, transaction)).toMatchObject({
        status: 409,
        body: {
          reason: 'hold_ended',
          failure: { reason: 'resource_limit' },
          rebuildOffered: false,
        },
      });
      expect(await held(one.borrower)).toMatchObject({
        borrower: one.borrower,
        loanId: expect.any(String),
      });
    },
  );

  test('rebuilt after it and then left unsigned, it expires, and that is no lapse of the borrower', async () => {
    const lapser = borrower();
    for (let time = 0; time < 4; time++) {
      // the pool lets 3 lapse
      const one = await held(lapser);
      expect(one.loanId).toBeDefined();
      service.network.control.setFault('invocation_fails', {
        result: 'invokeHostFunctionEntryArchived',
        source: lapser.address,
      });
      // past our own API
      await service.chain.submit(signed(one.transaction.xdr, service.network.passphrase, lapser));
      await service.network.closeLedgers(1);
      service.network.control.clearFaults();
      await judged();
      expect((await rebuild(one)).hash).toBeDefined();
      service.network.control.travel(700);
      for (let round = 0; round < 4; round++) {
        await service.network.closeLedgers(1);
        await settlement().expireLapsed(pool.pool);
      }
      expect(await loan(one)).toMatchObject({ body: { reservation: { state: 'expired' } } });
      await observe(service, pool.pool);
    }
    expect(await postLoan(service, loanBody(pool, lapser))).toMatchObject({ status: 201 });
  });
});

test(
  'a failure that the contract decided releases the hold at once, with name and number ' +
    'of the error',
  async () => {
    pool = await givenPool(service, { deposit: 150_0000000n });
    const one = await held();
    service.network.control.actions.withdraw({ pool: pool.contract, shares: 100_0000000n });
    expect(await submit(one, one.transaction)).toMatchObject({ status: 202 });
    await judged();
    const shown = {
      failedBy: 'contract',
      reason: 'contract_error',
      contract: 'lending_contract',
      number: 5,
      name: 'InsufficientLiquidity',
      sentence: expect.stringContaining('liquidity'),
    };
    expect(await loan(one)).toMatchObject({
      body: {
        reservation: { state: 'released', releaseReason: 'tx_failed' },
        transaction: null,
        rebuildUntil: null,
        failedTransactions: [shown],
      },
    });
    expect(await submit(one, one.transaction)).toMatchObject({
      status: 409,
      body: {
        code: 'ENVELOPE_OUTDATED',
        reason: 'hold_ended',
        failure: shown,
        rebuildOffered: false,
      },
    });
  },
);
