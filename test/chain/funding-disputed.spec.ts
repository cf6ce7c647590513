import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  AMOUNT,
  chainOver,
  openStage,
  reservationNow,
  settlementOn,
  type Stage,
  type StageHold,
  stageHold,
  stagePool,
} from '../support/settlement-stage.js';
import type { Chain } from '../../src/modules/chain/chain.js';
import type { TransactionReport } from '../../src/modules/chain/transaction-outcome.js';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';
import type { LiveEnvelope, LiveHold } from '../../src/modules/liquidity/reservation.js';
import {
  OperatorResolution,
  type OperatorOutcome,
} from '../../src/modules/settlement/operator-resolution.js';
import { verdict } from '../../src/modules/settlement/verdict.js';

/**
 * A hold whose transaction failed although a funding event of it was read: one of the two is false.
 */
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

async function failedHold(): Promise<StageHold> {
  const hold = await stageHold(stage, pool);
  stage.network.control.setFault('invocation_fails', {
    error: 'contract',
    number: 4,
    source: hold.borrower,
  });
  await hold.submit();
  await stage.network.closeLedgers(1);
  stage.network.control.clearFaults();
  return hold;
}
const inventFunding = ({ reservationId, funding }: StageHold): Promise<unknown> =>
  stage.under.connections.write.query(
    'insert into fundings (pool_id, event_id, ledger, tx_hash, amount, envelope_hash, ' +
      'reservation_id) values ($1, $2, 9, $3, $4, $3, $5)',
    [
      pool.id,
      `${'9'.padStart(19, '0')}-0000000001`,
      funding.hash,
      AMOUNT.toString(),
      reservationId,
    ],
  );
const ask = (hold: StageHold, chain: Chain = chainOver(stage, {})): Promise<OperatorOutcome> =>
  new OperatorResolution(
    {
      ledger: stage.under.ledger,
      pools: stage.under.registry,
      chain,
      settlement: settlementOn(stage, { chain }).settlement,
    },
    { raise: () => undefined },
  ).resolve({
    reservationId: hold.reservationId,
    as: 'expired',
    ledger: null,
    loanId: null,
    envelopeHash: null,
    reason: 'failed on two explorers',
    by: 'ada',
  });

describe('a failed transaction with a funding event', () => {
  test(
    'ends nothing and raises outcome_disputed in each round; after the deadline a person ' +
      'can end the hold',
    async () => {
      const hold = await failedHold();
      await inventFunding(hold);
      const { settlement, alarms } = settlementOn(stage);
      for (let round = 0; round < 3; round++) {
        expect(await settlement.findSettlements(pool)).toEqual({
          settled: 0,
          released: 0,
          expired: 0,
        });
        await stage.network.closeLedgers(1);
      }
      const alarm = {
        name: 'outcome_disputed',
        facts: { pool: pool.id, reservation: hold.reservationId },
      };
      expect(alarms).toEqual([alarm, alarm, alarm]);
      expect(await reservationNow(stage, hold.reservationId)).toMatchObject({
        state: 'held',
        events: ['held'],
      });
      expect(await ask(hold)).toMatchObject({ kind: 'refused', why: 'may_still_land' });
      stage.network.control.travel(400);
      await stage.network.closeLedgers(1);
      expect(await ask(hold)).toEqual({
        kind: 'resolved',
        state: 'expired',
        alarm: 'outcome_disputed',
      });
      expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({ held: 0n });
    },
  );

  test('the event, read while a person resolves the hold, raises that alarm too', async () => {
    const hold = await failedHold();
    await settlementOn(stage).settlement.findSettlements(pool); // the first reply of two
    stage.network.control.travel(400);
    await stage.network.closeLedgers(1);
    const raced = chainOver(stage, {
      findTransaction: async (hash) => {
        await inventFunding(hold);
        return stage.chain.findTransaction(hash);
      },
    });
    expect(await ask(hold, raced)).toEqual({
      kind: 'resolved',
      state: 'expired',
      alarm: 'outcome_disputed',
    });
  });
});

describe('an end that the funding event of another envelope contradicts', () => {
  const open = (number: number): LiveEnvelope => ({
    number,
    hash: `${number}`.repeat(64),
    sequence: BigInt(number),
    maxTime: 1_000n,
    issuedAfterLedger: 40,
    passedLedger: null,
    passedCloseTime: null,
    voteLedger: null,
    state: 'open',
    foundLedger: null,
    resultCode: null,
    consumedLedger: null,
    consumedSequence: null,
    consumedVoteLedger: null,
    loanIdFirst: 1n,
    loanIdLast: 25n,
    submission: null,
    cause: null,
    sighting: null,
  });
  const cause = { by: 'contract', reason: 'contract_error', contract: 'C', number: 6 } as const;
  const found = { ledger: 55, closeTime: 990n, resultCode: 'txFailed/invokeHostFunctionTrapped' };
  const range = { latestLedger: 60, latestCloseTime: 1_050n, oldestLedger: 1 };
  const failed: TransactionReport = {
    ...range,
    ...found,
    status: 'failed',
    feeBump: false,
    feeCharged: 90_000n,
    applied: true,
    cause,
  };

  test.each([
    ['the older one', 1, 'outcome_disputed'],
    ['none', null, 'released'],
  ])('%s', (_, funded, expected) => {
    const envelopes = [open(1), { ...open(2), sighting: { seenLedger: 59, ...found, cause } }];
    const funding =
      funded === null
        ? null
        : {
            txHash: 'f'.repeat(64),
            ledger: 55,
            loanId: null,
            envelopeHash: `${funded}`.repeat(64),
          };
    const hold: LiveHold = {
      poolId: 'pool',
      reservationId: 'hold',
      amount: 80n,
      borrower: 'G',
      envelopeVersion: 2,
      expiresAt: 1_000n,
      submittedAt: null,
      cancelRequested: false,
      authorization: null,
      landings: [],
      knownLedger: 0,
      vendor: 'vendor',
      totalAmount: 100n,
      guaranteeAmount: 20n,
      envelopes,
      funding,
    };
    const reports = envelopes.map((envelope) => ({
      envelope,
      report: envelope.number === 2 ? failed : { ...range, status: 'not_found' as const },
    }));
    const outcome = verdict({
      hold,
      pool: { generation: 'g1', poolContract: 'P', lendingContract: 'L', tokenContract: 'T' },
      head: null,
      reports,
    });
    expect(outcome.kind === 'keep' ? outcome.alarm : `${outcome.kind}d`).toBe(expected);
  });
});
