import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { invariants } from '../support/given-ledger.js';
import { scrapeOf } from '../support/scrape.js';
import {
  assertEndsLogged,
  chainOver,
  openStage,
  reservationNow,
  settlementOn,
  type Stage,
  stageHold,
  stagePool,
} from '../support/settlement-stage.js';
import { exposition } from '../../src/telemetry/metrics.js';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';

let stage: Stage;
let pool: PoolRecord;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());
beforeEach(async () => {
  pool = await stagePool(stage);
  await settlementOn(stage).settlement.observePool(pool);
});
afterEach(async () => {
  await assertEndsLogged(stage, 'all');
  const sums = await invariants(stage.under, pool.id); // counters are sums, whatever the test did
  if (sums.held !== sums.held_sum || sums.in_flight !== sums.in_flight_sum)
    throw new Error(JSON.stringify(sums));
  await stage.under.registry.change(pool.id, { state: 'closed' });
});

describe('failure', () => {
  /** A failure is proven by two replies of two ledgers. */
  const rounds = async (on: Stage, of: PoolRecord, count = 2): Promise<{ released: number }> => {
    let released = 0;
    for (let round = 0; round < count; round++) {
      released += (await settlementOn(on).settlement.findSettlements(of)).released;
      await on.network.closeLedgers(1);
    }
    return { released };
  };

  test(
    'the counter conflict kills the envelope; the hold stays until the deadline, then it ' +
      'is released as not_rebuilt and the borrower is free',
    async () => {
      const narrow = await openStage({ counterWindow: 0 });
      try {
        const contested = await stagePool(narrow);
        const { settlement, alarms } = settlementOn(narrow);
        await settlement.observePool(contested);
        const hold = await stageHold(narrow, contested);
        narrow.network.control.foreignLoan({
          pool: contested.poolContract,
          total: 1_000_000_000n,
          guarantee: 200_000_000n,
        });
        await hold.submit();
        await narrow.network.closeLedgers(1);
        expect(await settlement.findSettlements(contested)).toEqual({
          settled: 0,
          released: 0,
          expired: 0,
        });
        expect(await reservationNow(narrow, hold.reservationId)).toMatchObject({
          state: 'held',
          events: ['held'],
        }); // one reply alone
        await narrow.network.closeLedgers(1);
        for (let round = 0; round < 2; round++) {
          expect(await settlement.findSettlements(contested)).toEqual({
            settled: 0,
            released: 0,
            expired: 0,
          });
          expect(await reservationNow(narrow, hold.reservationId)).toMatchObject({
            state: 'held',
            events: ['held', 'envelope_failed'],
            evidence: { certificate: 'D3', failedBy: 'ours', failReason: 'outside_footprint' },
          });
        }
        expect(alarms).toMatchObject([
          {
            name: 'failed_by_us',
            facts: { reservation: hold.reservationId, reason: 'outside_footprint' },
          },
        ]);
        narrow.network.control.travel(400);
        expect(await settlement.expireLapsed(contested)).toMatchObject({
          settled: 0,
          released: 1,
          expired: 0,
        });
        expect(await reservationNow(narrow, hold.reservationId)).toMatchObject({
          state: 'released',
          reason: 'not_rebuilt',
          evidence: { certificate: 'D3', failedBy: 'ours' },
        });
        expect(
          await narrow.under.ledger.reader.findLiveLoan(contested.network, hold.borrower),
        ).toBeNull();
        expect(alarms).toHaveLength(1); // it was reported when it failed
      } finally {
        await narrow.end();
      }
    },
  );

  test(
    'after the borrower cancelled, no rebuild is possible: the conflict releases the hold ' +
      'at once',
    async () => {
      const narrow = await openStage({ counterWindow: 0 });
      try {
        const contested = await stagePool(narrow);
        const { settlement } = settlementOn(narrow);
        await settlement.observePool(contested);
        const hold = await stageHold(narrow, contested);
        narrow.network.control.foreignLoan({
          pool: contested.poolContract,
          total: 1_000_000_000n,
          guarantee: 200_000_000n,
        });
        await hold.submit();
        await narrow.under.ledger.requestCancellation(contested.id, hold.reservationId);
        await narrow.network.closeLedgers(1);
        expect(await rounds(narrow, contested)).toEqual({ released: 1 });
        expect(await reservationNow(narrow, hold.reservationId)).toMatchObject({
          state: 'released',
          reason: 'not_rebuilt',
          events: ['held', 'cancel_requested', 'released'],
        });
      } finally {
        await narrow.end();
      }
    },
  );

  test.each<[string, object, string, string]>([
    [
      'resource_limit',
      { result: 'invokeHostFunctionResourceLimitExceeded' },
      'ours',
      'failed_by_us',
    ],
    ['archived', { result: 'invokeHostFunctionEntryArchived' }, 'ours', 'failed_by_us'],
    [
      'refundable_fee',
      { result: 'invokeHostFunctionInsufficientRefundableFee' },
      'ours',
      'failed_by_us',
    ],
    ['missing_entry', { error: 'missing_entry' }, 'ours', 'failed_by_us'],
    ['budget', { error: 'budget' }, 'ours', 'failed_by_us'],
    ['unknown', {}, 'unknown', 'failed_unexplained'],
    ['contract_error', { error: 'contract', number: 4 }, 'contract', 'funding_failed'],
  ])(
    '%s: the hold is kept unless the contract decided; journal, counter and alarm name what decided',
    async (reason, parameters, by, alarm) => {
      const counted = async (): Promise<number> =>
        scrapeOf((await exposition([])).text).value('holdfast_transactions_failed_total', {
          cause: by,
          reason,
        }) ?? 0;
      const before = await counted();
      const hold = await stageHold(stage, pool);
      stage.network.control.setFault('invocation_fails', { ...parameters, source: hold.borrower });
      await hold.submit();
      await stage.network.closeLedgers(1);
      stage.network.control.clearFaults();
      const { settlement, alarms } = settlementOn(stage);
      for (let round = 0; round < 2; round++) {
        await settlement.findSettlements(pool);
        await stage.network.closeLedgers(1);
      }
      const decided = by === 'contract';
      expect(await reservationNow(stage, hold.reservationId)).toMatchObject({
        state: decided ? 'released' : 'held',
        reason: decided ? 'tx_failed' : null,
        events: ['held', decided ? 'released' : 'envelope_failed'],
        evidence: { certificate: 'D3', failedBy: by, failReason: reason },
      });
      expect(alarms).toMatchObject([
        { name: alarm, facts: { reservation: hold.reservationId, reason } },
      ]);
      expect(await counted()).toBe(before + 1);
      if (!decided) stage.network.control.travel(400);
      await settlement.expireLapsed(pool);
      expect(await reservationNow(stage, hold.reservationId)).toMatchObject({
        state: 'released',
        reason: decided ? 'tx_failed' : 'not_rebuilt',
      });
    },
  );

  test(
    'one false FAILED releases nothing and allows no next sequence; a later reply ' +
      'contradicts it, it is dropped, and the loan settles',
    async () => {
      const hold = await stageHold(stage, pool);
      const sighting = async () =>
        (await stage.under.ledger.reader.liveHold(pool.id, hold.reservationId))?.envelopes[0]
          ?.sighting;
      await stage.network.closeLedgers(1);
      const liar = (ledgersBack: number) =>
        chainOver(stage, {
          findTransaction: async (hash) => {
            const { latestLedger, latestCloseTime, oldestLedger } =
              await stage.chain.findTransaction(hash);
            return {
              latestLedger,
              latestCloseTime,
              oldestLedger,
              status: 'failed',
              ledger: latestLedger - ledgersBack,
              closeTime: latestCloseTime,
              feeBump: false,
              feeCharged: 90_000n,
              applied: true,
              resultCode: 'txFailed/invokeHostFunctionTrapped',
              cause: {
                by: 'contract',
                reason: 'contract_error',
                contract: pool.poolContract,
                number: 6,
              },
            };
          },
        });
      const deceived = settlementOn(stage, { chain: liar(0) });
      await deceived.settlement.findSettlements(pool);
      expect(await reservationNow(stage, hold.reservationId)).toMatchObject({
        state: 'held',
        events: ['held'],
      });
      expect(await sighting()).toMatchObject({
        ledger: stage.network.control.head().ledger,
        cause: { number: 6 },
      });
      await stage.network.closeLedgers(1);
      // again, and for another ledger: it contradicts itself
      await deceived.settlement.findSettlements(pool);
      expect(deceived.alarms).toMatchObject([
        { name: 'outcome_disputed', facts: { reservation: hold.reservationId } },
      ]);
      expect(await reservationNow(stage, hold.reservationId)).toMatchObject({
        state: 'held',
        events: ['held'],
      });
      await stage.network.closeLedgers(2);
      await settlementOn(stage).settlement.findSettlements(pool);
      expect(await sighting()).toBeNull();
      await hold.submit();
      await stage.network.closeLedgers(1);
      expect(await settlementOn(stage).settlement.observePool(pool)).toMatchObject({ settled: 1 });
    },
  );
});
