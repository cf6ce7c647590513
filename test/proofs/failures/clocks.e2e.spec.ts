import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LedgerConnections } from '../../../src/modules/liquidity/guards/ledger-connections.js';
import {
  AMOUNT,
  openStage,
  reservationNow,
  settlementOn,
  stageHold,
  stagePool,
} from '../../support/settlement-stage.js';
import { givenPool, givenService, loanBody, type Service } from '../../support/given.js';
import { oneBorrower, heldLoan, readPool } from '../../support/held-loans.js';
import {
  postLoanTo,
  startSettlementProcess,
  startServiceProcess,
} from '../../support/service-process.js';

const TEN_YEARS = 315_360_000;
let service: Service;
beforeAll(async () => {
  service = await givenService();
});
afterAll(() => service.stop());

test(
  "TTL by a process's own clock (one fast node frees everyone's holds): ten years ahead " +
    'it frees no hold, and sets no deadline by it',
  async () => {
    const given = await givenPool(service);
    await Promise.all([heldLoan(service, given), heldLoan(service, given)]);
    const place = {
      databaseUrl: service.database.url,
      rpcUrl: service.network.rpcUrl,
      passphrase: service.network.passphrase,
    };
    const fast = { preload: 'clock-preload', env: { CLOCK_AHEAD_SECONDS: String(TEN_YEARS) } };
    const api = await startServiceProcess(place, fast);
    const judge = startSettlementProcess(place, fast);
    try {
      const { closeTime } = service.network.control.head();
      const answer = await postLoanTo(
        { url: api.url, apiKey: service.key },
        loanBody(given, oneBorrower(service, given)),
        'fast-clock',
      );
      expect(answer.status).toBe(201);
      const { transaction } = (await answer.json()) as { transaction: { maxTime: number } };
      expect(transaction.maxTime - service.network.control.head().closeTime).toBeLessThanOrEqual(
        300,
      );
      expect(transaction.maxTime - closeTime).toBeGreaterThanOrEqual(300);
      for (let round = 0; round < 8; round++) {
        // enough for both votes if it believed its clock
        expect((await judge.round()) / 1000).toBeGreaterThan(closeTime + TEN_YEARS - 3600);
        await service.network.closeLedgers(1);
      }
      expect(await readPool(service, given)).toMatchObject({
        held: '300',
        liveHolds: 3,
        atLedger: service.network.control.head().ledger - 1,
      });
      const { rows } = await service.app
        .get(LedgerConnections, { strict: false })
        .read.query(
          'select r.id from reservations r join envelopes e on e.pool_id = r.pool_id and ' +
            'e.reservation_id = r.id where r.pool_id = $1 and e.passed_ledger is not null',
          [given.pool.id],
        );
      expect(rows).toEqual([]); // not even a first step
      service.network.control.travel(1000); // now the chain's clock passes it
      for (let round = 0; round < 6; round++) {
        await judge.round();
        await service.network.closeLedgers(1);
      }
      expect(await readPool(service, given)).toMatchObject({ held: '0', liveHolds: 0 });
    } finally {
      judge.stop();
      await api.stop();
    }
  },
  120_000,
);

test(
  "a hold freed by TTL while its XDR can still land: past expires_at by the database's " +
    'clock, and in the ledger that closes at the deadline, it counts, and lands in that ' +
    'ledger',
  async () => {
    // the chain is 50 minutes behind the database: by the latter's clock every deadline has passed
    // when it is issued
    const behindMs = 3_000_000;
    const stage = await openStage({
      network: { now: () => Date.now() - behindMs },
      ledger: { chainLagSeconds: 3600 },
    });
    try {
      const pool = await stagePool(stage, AMOUNT);
      await settlementOn(stage).settlement.observePool(pool);
      const hold = await stageHold(stage, pool);
      const counted = async (): Promise<void> => {
        expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({
          held: AMOUNT,
          available: 0n,
        });
        await expect(stageHold(stage, pool)).rejects.toThrow('INSUFFICIENT_LIQUIDITY');
      };
      const { rows } = await stage.under.connections.read.query(
        'select expires_at < clock_timestamp() as passed from reservations where id = $1',
        [hold.reservationId],
      );
      expect(rows).toEqual([{ passed: true }]);
      for (let round = 0; round < 6; round++) {
        expect(await settlementOn(stage).settlement.expireLapsed(pool)).toMatchObject({
          expired: 0,
          released: 0,
        });
        await stage.network.closeLedgers(1);
      }
      await counted();

      stage.network.control.setFault('include_at_max_time', {});
      expect(await hold.submit()).toBe('PENDING');
      stage.network.control.travel(
        Number(hold.funding.maxTime) - stage.network.control.head().closeTime + 60,
      ); // asked to go beyond; the ledger that takes it closes exactly at the deadline
      const head = await stage.chain.head();
      expect(head.closeTime).toBe(hold.funding.maxTime);
      // a node whose look-up is behind its range answers NOT_FOUND beside the ledger that contains
      // it (docs/stellar.md#not-found-proves-little)
      stage.network.control.setFault('look_up_race', { times: 2 });
      for (let round = 0; round < 2; round++)
        expect(await settlementOn(stage).settlement.expireLapsed(pool)).toMatchObject({
          settled: 0,
          expired: 0,
          again: true,
        });
      expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({
        held: AMOUNT,
        inFlight: 0n,
        available: 0n,
      });
      expect(await settlementOn(stage).settlement.expireLapsed(pool)).toMatchObject({
        settled: 1,
        expired: 0,
      });
      expect(await reservationNow(stage, hold.reservationId)).toMatchObject({
        state: 'settled',
        settled_ledger: String(head.ledger),
        events: ['held', 'settled'],
      });
      expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({
        held: 0n,
        inFlight: AMOUNT,
        available: 0n,
      });
    } finally {
      await stage.end();
    }
  },
);
