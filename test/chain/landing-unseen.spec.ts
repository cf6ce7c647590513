import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  AMOUNT,
  chainOver,
  openStage,
  reconciliationOn,
  reservationNow,
  settlementOn,
  type Stage,
  type StageHold,
  stageHold,
  stagePool,
} from '../support/settlement-stage.js';
import type { Chain } from '../../src/modules/chain/chain.js';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';
import {
  OperatorResolution,
  type OperatorOutcome,
  type OperatorRequest,
} from '../../src/modules/settlement/operator-resolution.js';

/** A landing that the contracts' events show but look-ups by our hash do not. */
let stage: Stage;
let pool: PoolRecord;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());
beforeEach(async () => {
  pool = await stagePool(stage);
  await settlementOn(stage).settlement.observePool(pool);
  await reconciliationOn(stage).reconciliation.reconcilePool(pool);
});

interface Landed {
  readonly hold: StageHold;
  readonly bump: string;
  readonly ledger: number;
}
/** A landing for which another account paid. Its events are read, as the job does. */
async function landedInside(): Promise<Landed> {
  const hold = await stageHold(stage, pool);
  const bump = stage.network.control.feeBump({ envelope: hold.sign(hold.funding.xdr) });
  expect(bump).toMatchObject({ succeeded: true, innerHash: hold.funding.hash });
  const { ledger } = stage.network.control.head();
  await settlementOn(stage, { chain: without(hold.funding.hash) }).settlement.observePool(pool);
  expect(await reservationNow(stage, hold.reservationId)).toMatchObject({ state: 'held' });
  await reconciliationOn(stage).reconciliation.reconcilePool(pool);
  return { hold, bump: bump.hash, ledger };
}
/** A node that does not find these hashes. */
const without = (...hashes: string[]): Chain =>
  chainOver(stage, {
    findTransaction: async (hash) => {
      const report = await stage.chain.findTransaction(hash);
      return hashes.includes(hash)
        ? {
            status: 'not_found',
            latestLedger: report.latestLedger,
            latestCloseTime: report.latestCloseTime,
            oldestLedger: report.oldestLedger,
          }
        : report;
    },
  });
const withoutLoans = (chain: Chain): Chain =>
  Object.assign(chain, {
    borrowerLoans: async (...of: Parameters<Chain['borrowerLoans']>) => ({
      ...(await stage.chain.borrowerLoans(...of)),
      loans: [],
    }),
  });
/**
 * Rounds of settlement, a ledger apart, after the deadline.
 * @returns their alarms
 */
async function lapsedRounds(chain: Chain, rounds = 4): Promise<{ name: string; facts: object }[]> {
  const { settlement, alarms } = settlementOn(stage, { chain });
  stage.network.control.travel(400);
  for (let round = 0; round < rounds; round++) {
    await stage.network.closeLedgers(1);
    await settlement.expireAll();
  }
  return alarms.filter(({ name }) => name !== 'pool_round_failed');
}

describe('a fee bump whose inner hash the node never finds', () => {
  test('settles by the hash of the fee bump, which its events carry', async () => {
    const { hold, ledger } = await landedInside();
    expect(
      await settlementOn(stage, { chain: without(hold.funding.hash) }).settlement.observePool(pool),
    ).toMatchObject({ settled: 1 });
    expect(await reservationNow(stage, hold.reservationId)).toMatchObject({
      state: 'settled',
      settled_ledger: String(ledger),
      evidence: { certificate: 'D4', feeBump: true },
    });
    expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({ held: 0n });
  });

  test(
    "is counted until the deadline while neither hash is found; then the contract's own " +
      'list of loans settles it',
    async () => {
      const { hold, bump } = await landedInside();
      const blind = without(hold.funding.hash, bump);
      expect(
        await settlementOn(stage, { chain: blind }).settlement.observePool(pool),
      ).toMatchObject({
        settled: 0,
      });
      expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({ held: AMOUNT });
      expect(await lapsedRounds(blind)).toEqual([]);
      expect(await reservationNow(stage, hold.reservationId)).toMatchObject({
        state: 'settled',
        evidence: { certificate: 'contract_state' },
      });
    },
  );

  test(
    'without any other evidence raises an alarm after the deadline, with the transaction ' +
      'and its ledger, and the hold stays',
    async () => {
      const { hold, bump, ledger } = await landedInside();
      const blind = withoutLoans(without(hold.funding.hash, bump));
      expect(
        await settlementOn(stage, { chain: blind }).settlement.expireLapsed(pool),
      ).toMatchObject({ expired: 0, settled: 0 });
      const alarms = await lapsedRounds(blind);
      expect(alarms.length).toBeGreaterThan(0);
      expect(alarms).toEqual(
        alarms.map(() => ({
          name: 'landing_not_found',
          facts: { pool: pool.id, reservation: hold.reservationId, transaction: bump, ledger },
        })),
      );
      expect(await reservationNow(stage, hold.reservationId)).toMatchObject({ state: 'held' });
      expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({ held: AMOUNT });
    },
  );
});

describe('a person decides on such a landing', () => {
  const ask = (chain: Chain, wish: Partial<OperatorRequest>): Promise<OperatorOutcome> =>
    new OperatorResolution(
      {
        ledger: stage.under.ledger,
        pools: stage.under.registry,
        chain,
        settlement: settlementOn(stage, { chain }).settlement,
      },
      { raise: () => undefined },
    ).resolve({
      reservationId: '',
      as: 'settled',
      ledger: null,
      loanId: null,
      envelopeHash: null,
      reason: 'an explorer shows it',
      by: 'ada',
      ...wish,
    });

  test('settled, in the ledger of its event and no other; before the deadline no person is needed', async () => {
    const { hold, bump, ledger } = await landedInside();
    const blind = Object.assign(without(hold.funding.hash, bump), {
      borrowerLoans: () => Promise.reject(new Error('no list')),
    });
    const wish = { reservationId: hold.reservationId, ledger };
    expect(await ask(blind, wish)).toMatchObject({ kind: 'refused', why: 'nothing_for_a_person' });
    stage.network.control.travel(400);
    await stage.network.closeLedgers(1);
    expect(await ask(blind, { ...wish, ledger: ledger + 1 })).toMatchObject({
      kind: 'refused',
      why: 'not_in_that_ledger',
      sentence: expect.stringContaining(`ledger ${ledger}`),
    });
    expect(await ask(blind, wish)).toEqual({
      kind: 'resolved',
      state: 'settled',
      alarm: 'landing_not_found',
    });
  });
});
