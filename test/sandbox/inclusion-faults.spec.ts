import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LendingNetwork, outcome } from '../support/lending-network.js';

let lending: LendingNetwork;
beforeEach(async () => {
  lending = await LendingNetwork.start({}, { borrowers: 3 });
});
afterEach(async () => {
  await lending.stop();
});

const fault = (name: string, parameters: object = {}): void => {
  lending.network.control.setFault(name, parameters);
};

describe('a submission', () => {
  it.each(['txTooLate', 'txBadAuth', 'txInsufficientFee', 'txBadSeq', 'txSorobanInvalid'])(
    'is answered ERROR %s, and can be sent again because it was never queued',
    async (code) => {
      const loan = await lending.loan(lending.borrower(0));
      fault('submission_error', { code, times: 1 });
      const answer = await lending.send(loan);
      expect([answer.status, answer.errorResult?.result.type]).toEqual(['ERROR', code]);
      await lending.network.closeLedgers();
      expect((await lending.landed(loan)).status).toBe('NOT_FOUND');
      expect((await lending.send(loan)).status).toBe('PENDING');
      await lending.network.closeLedgers();
      expect((await lending.landed(loan)).status).toBe('SUCCESS');
    },
  );

  it('is answered ERROR while another node has queued it: it lands', async () => {
    const loan = await lending.loan(lending.borrower(0));
    fault('submission_error', { queued: true });
    expect((await lending.send(loan)).status).toBe('ERROR');
    await lending.network.closeLedgers();
    expect(outcome(await lending.landed(loan))).toBe('txSuccess/invokeHostFunctionSuccess');
  });

  it('is answered TRY_AGAIN_LATER the given number of times', async () => {
    const loan = await lending.loan(lending.borrower(0));
    fault('submission_try_again', { times: 2 });
    expect([
      (await lending.send(loan)).status,
      (await lending.send(loan)).status,
      (await lending.send(loan)).status,
    ]).toEqual(['TRY_AGAIN_LATER', 'TRY_AGAIN_LATER', 'PENDING']);
  });

  it('is PENDING and then lost, until it is sent again', async () => {
    const loan = await lending.loan(lending.borrower(0));
    fault('drop_after_pending', { times: 1 });
    expect((await lending.send(loan)).status).toBe('PENDING');
    await lending.network.closeLedgers(3);
    expect((await lending.landed(loan)).status).toBe('NOT_FOUND');
    expect((await lending.send(loan)).status).toBe('PENDING');
    await lending.network.closeLedgers();
    expect((await lending.landed(loan)).status).toBe('SUCCESS');
  });
});

describe('inclusion', () => {
  it('waits for the ledger that closes exactly at maxTime, however long that takes', async () => {
    const maxTime = lending.closeTime + 60;
    fault('include_at_max_time');
    const loan = await lending.loan(lending.borrower(0), { maxTime });
    await lending.send(loan);
    await lending.network.closeLedgers(10); // longer than the queue keeps a transaction
    expect((await lending.landed(loan)).status).toBe('NOT_FOUND');
    lending.clock = maxTime + 500;
    expect((await lending.network.closeLedgers()).closeTime).toBe(maxTime);
    expect(await lending.landed(loan)).toMatchObject({
      status: 'SUCCESS',
      createdAt: String(maxTime),
    });
    expect((await lending.network.closeLedgers()).closeTime).toBe(maxTime + 500);
  });

  it('gives each transaction its own last ledger, and does not affect others', async () => {
    const start = lending.closeTime;
    fault('include_at_max_time');
    const kept = [
      await lending.loan(lending.borrower(0), { maxTime: start + 30 }),
      await lending.loan(lending.borrower(1), { maxTime: start + 40 }),
    ];
    for (const loan of kept) await lending.send(loan);
    lending.network.control.clearFaults();
    const withdrawal = lending.network.control.actions.withdraw({
      pool: lending.pool.pool,
      shares: 5n,
    });
    expect(withdrawal.succeeded).toBe(true);
    lending.clock = start + 1000;
    expect([
      (await lending.network.closeLedgers()).closeTime,
      (await lending.network.closeLedgers()).closeTime,
    ]).toEqual([start + 30, start + 40]);
    expect(
      await Promise.all(kept.map(async (loan) => outcome(await lending.landed(loan)))),
      // both wanted loan 1
    ).toEqual(['txSuccess/invokeHostFunctionSuccess', 'txFailed/invokeHostFunctionTrapped']);
  });

  it("delays what came by RPC, but not the control port's actions", async () => {
    fault('late_inclusion', { ledgers: 2 });
    const loan = await lending.loan(lending.borrower(0));
    await lending.send(loan);
    expect(
      lending.network.control.actions.interest({
        pool: lending.pool.pool,
        amount: 1000n,
        via: 'distribute_interest',
      }).succeeded,
    ).toBe(true);
    // the stranger's account and action took the two ledgers of the delay
    expect((await lending.landed(loan)).status).toBe('NOT_FOUND');
    const { ledger } = await lending.network.closeLedgers();
    expect(await lending.landed(loan)).toMatchObject({ status: 'SUCCESS', ledger });
  });
});
