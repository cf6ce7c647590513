import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  AMOUNT,
  assertEndsLogged,
  chainOver,
  openStage,
  reservationNow,
  settlementOn,
  type Stage,
  type StageHold,
  stageHold,
  stagePool,
} from '../support/settlement-stage.js';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';

let stage: Stage;
let pool: PoolRecord;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());
afterEach(() => assertEndsLogged(stage, 'all'));
beforeEach(async () => {
  pool = await stagePool(stage);
  await settlementOn(stage).settlement.observePool(pool);
});
const position = () => stage.under.ledger.reader.position(pool.id);

describe('release by a consumed sequence', () => {
  /** A transaction of the borrower that takes the envelope's place. */
  async function burn(hold: StageHold): Promise<void> {
    const { xdr } = await stage.chain.buildSequenceBurn({
      account: hold.borrower,
      sequence: hold.funding.sequence,
      maxTime: hold.funding.maxTime,
      bids: pool,
    });
    expect((await stage.chain.submit(hold.sign(xdr))).status).toBe('PENDING');
    await stage.network.closeLedgers(1);
  }

  test(
    'the sequence is consumed by something else: seen once, not found twice, then released ' +
      'long before the deadline',
    async () => {
      const before = await position();
      const hold = await stageHold(stage, pool);
      // a new process each time
      const round = () => settlementOn(stage).settlement.observePool(pool);
      const steps = async () =>
        (await stage.under.ledger.reader.liveHolds(pool.id, 10))[0]?.envelopes[0];
      await burn(hold);
      const seen = await round();
      expect(seen).toMatchObject({ released: 0 });
      const step = await steps();
      expect(step).toMatchObject({
        consumedSequence: hold.funding.sequence,
        consumedVoteLedger: null,
        passedLedger: null,
      });
      const at = step?.consumedLedger ?? 0;
      await stage.network.closeLedgers(1);
      await round();
      // X+1 is no vote yet
      expect(await steps()).toMatchObject({ consumedLedger: at, consumedVoteLedger: null });
      await stage.network.closeLedgers(1);
      await round();
      await round(); // the same ledger cannot vote twice
      expect(await steps()).toMatchObject({ consumedLedger: at, consumedVoteLedger: at + 2 });
      await stage.network.closeLedgers(1);
      expect(await round()).toMatchObject({ released: 1, expired: 0 });
      expect(await reservationNow(stage, hold.reservationId)).toMatchObject({
        state: 'released',
        reason: 'sequence_consumed',
        evidence: {
          certificate: 'D2',
          consumedLedger: at,
          consumedSequence: hold.funding.sequence.toString(),
          notFoundAt: [at + 2, at + 3],
        },
      });
      expect(await position()).toMatchObject({ held: 0n, available: before?.available });
      expect(await stage.under.ledger.reader.findLiveLoan(pool.network, hold.borrower)).toBeNull();
    },
  );

  test('an envelope that consumed its own sequence is settled, not released', async () => {
    const hold = await stageHold(stage, pool);
    await hold.submit();
    await stage.network.closeLedgers(1);
    // a node that lies once with NOT_FOUND while the account has moved: only step 1 is stored
    let lies = 1;
    const chain = chainOver(stage, {
      findTransaction: async (hash) => {
        const report = await stage.chain.findTransaction(hash);
        if (lies-- <= 0) return report;
        return {
          latestLedger: report.latestLedger,
          latestCloseTime: report.latestCloseTime,
          oldestLedger: report.oldestLedger,
          status: 'not_found',
        };
      },
    });
    expect(await settlementOn(stage, { chain }).settlement.findSettlements(pool)).toEqual({
      settled: 0,
      released: 0,
      expired: 0,
    });
    expect((await stage.under.ledger.reader.liveHolds(pool.id, 1))[0]?.envelopes[0]).toMatchObject({
      consumedSequence: hold.funding.sequence,
    });
    expect(await settlementOn(stage, { chain }).settlement.findSettlements(pool)).toMatchObject({
      settled: 1,
    });
  });
});

describe('retention lost', () => {
  test.each([
    ['landed', 'settled'],
    ['never submitted', 'expired'],
  ] as const)(
    "an envelope that %s is %s by the contract's own list of loans",
    async (fate, end) => {
      const forgetful = await openStage({ network: { retentionLedgers: 8 } });
      try {
        const old = await stagePool(forgetful);
        const { settlement, alarms } = settlementOn(forgetful);
        await settlement.observePool(old);
        const hold = await stageHold(forgetful, old);
        if (fate === 'landed') {
          await hold.submit();
          await forgetful.network.closeLedgers(1);
        }
        forgetful.network.control.travel(400);
        await forgetful.network.closeLedgers(20);
        const { ledger } = await forgetful.chain.head();
        // one list that says the opposite ends nothing
        const [live] = await forgetful.under.ledger.reader.liveHolds(old.id, 1);
        if (!live) throw new Error('a live hold was asked for');
        const loanId = live.envelopes[0]?.loanIdFirst ?? 0n;
        const invented = { ...live, loanId, vendor: live.vendor ?? '', createdAt: 0n };
        let lies = 1;
        const chain = chainOver(forgetful, {
          borrowerLoans: async (...of) => {
            const list = await forgetful.chain.borrowerLoans(...of);
            if (!list || lies-- <= 0) return list;
            return { ...list, loans: fate === 'landed' ? [] : [invented] };
          },
        });
        const disputed = settlementOn(forgetful, { chain });
        await disputed.settlement.expireAll();
        expect(disputed.alarms).toContainEqual({
          name: 'outcome_disputed',
          facts: { pool: old.id, reservation: hold.reservationId, certificate: 'contract_state' },
        });
        expect((await reservationNow(forgetful, hold.reservationId)).state).toBe('held');
        await settlement.expireAll();
        expect(alarms[0]).toMatchObject({ name: 'lookup_proves_nothing' });
        expect(await reservationNow(forgetful, hold.reservationId)).toMatchObject({
          state: end,
          evidence: { certificate: 'contract_state' },
          settled_ledger: fate === 'landed' ? String(ledger) : null,
        });
        await settlement.observePool(old);
        expect(await forgetful.under.ledger.reader.position(old.id)).toMatchObject({
          held: 0n,
          locked: fate === 'landed' ? AMOUNT : 0n,
        });
      } finally {
        await forgetful.end();
      }
    },
  );
});
