import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ReconciliationLedger } from '../../../src/modules/liquidity/snapshots/reconciliation-ledger.js';
import { PoolObservation } from '../../../src/modules/loans/pool-observation.js';
import { ReconciliationService } from '../../../src/modules/settlement/reconciliation.service.js';
import { request } from '../../support/given-ledger.js';
import {
  ask,
  givenPool,
  givenService,
  loanBody,
  postLoan,
  signed,
  type Answer,
  type GivenPool,
  type Service,
} from '../../support/given.js';
import {
  settlementServiceOf,
  oneBorrower,
  type HeldLoan,
  heldLoan,
  readPool,
  sendDirectly,
} from '../../support/held-loans.js';
import {
  AMOUNT,
  chainOver,
  openStage,
  settlementOn,
  stageHold,
  stagePool,
} from '../../support/settlement-stage.js';

const UNIT = 10_000_000n;
let service: Service;
let reconciliation: ReconciliationService;
const alarms: string[] = [];
beforeAll(async () => {
  service = await givenService();
  reconciliation = new ReconciliationService(
    {
      ledger: service.app.get(ReconciliationLedger, { strict: false }),
      pools: service.registry,
      chain: service.chain,
    },
    {
      raise: (name) => {
        alarms.push(name);
      },
    },
  );
});
afterAll(() => service.stop());

const reconciliations = async ({ pool }: GivenPool): Promise<Answer['body']> =>
  (await ask(service, { url: `/pools/${pool.id}/reconciliations` })).body;
const reservation = async (id: string): Promise<unknown> =>
  (await ask(service, { url: `/reservations/${id}` })).body['reservation'];

test(
  'freed at settlement against a stale read: what settled at K counts as in flight until a ' +
    'snapshot P >= K, and a new request in between is refused',
  async () => {
    const stage = await openStage();
    try {
      const pool = await stagePool(stage, AMOUNT); // room for this one loan
      await settlementOn(stage).settlement.observePool(pool);
      const hold = await stageHold(stage, pool);
      expect(await hold.submit()).toBe('PENDING');
      const stale = await stage.chain.observePool(pool); // P < K
      await stage.network.closeLedgers(1);
      const landed = await stage.chain.findTransaction(hold.funding.hash);
      if (landed.status !== 'success') throw new Error('it landed');
      const refused = async (): Promise<void> => {
        const outcome = await stage.under.ledger.hold({
          ...request(pool.id, { amount: 1n }),
          network: pool.network,
        });
        expect(outcome).toMatchObject({
          kind: 'refused',
          code: 'INSUFFICIENT_LIQUIDITY',
          facts: { available: '0' },
        });
      };
      expect(
        await settlementOn(stage, {
          chain: chainOver(stage, { observePool: () => Promise.resolve(stale) }),
        }).settlement.observePool(pool),
      ).toMatchObject({ settled: 1 });
      expect(stale.ledger).toBeLessThan(landed.ledger);
      expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({
        snapshotLedger: stale.ledger,
        locked: 0n,
        held: 0n,
        inFlight: AMOUNT,
        available: 0n,
      });
      await refused();
      await settlementOn(stage, {
        chain: chainOver(stage, { observePool: () => Promise.resolve(stale) }),
      }).settlement.observePool(pool); // the stale read once more refreshes nothing
      expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({
        inFlight: AMOUNT,
        available: 0n,
      });
      await refused();
      await settlementOn(stage).settlement.observePool(pool); // P >= K
      expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({
        snapshotLedger: landed.ledger,
        locked: AMOUNT,
        held: 0n,
        inFlight: 0n,
        available: 0n,
        shortfall: 0n,
      });
      await refused();
    } finally {
      await stage.end();
    }
  },
);

test(
  '"drift" comparing holds with locked loans, which are disjoint: live holds beside locked ' +
    'loans are no break',
  async () => {
    const given = await givenPool(service);
    await reconciliation.reconcilePool(given.pool);
    const landed = await heldLoan(service, given);
    await Promise.all([heldLoan(service, given), heldLoan(service, given)]);
    service.network.control.foreignLoan({
      pool: given.contract,
      total: 100n * UNIT,
      guarantee: 20n * UNIT,
    });
    expect(await sendDirectly(service, landed)).toBe('PENDING');
    await service.network.closeLedgers(1);
    await settlementServiceOf(service).observePool(given.pool);
    expect(await reconciliation.reconcilePool(given.pool)).toMatchObject({ unexplained: 0 });
    expect(await readPool(service, given)).toMatchObject({
      state: 'active',
      held: '200',
      locked: '180',
      inFlight: '0',
      shortfall: '0',
    }); // 20 of "drift" to a tool that compares them
    const {
      standing,
      reconciliations: [newest],
    } = (await reconciliations(given)) as {
      standing: string;
      reconciliations: { bridges: object; breaks: { class: string }[] }[];
    };
    expect(standing).toBe('explained');
    expect(newest).toMatchObject({
      outcome: 'explained',
      bridges: {
        locked: { terms: { settledByUs: '100', unreservedFundings: '80' }, difference: '0' },
        total: { difference: '0' },
        tokenBalance: { difference: '0' },
      },
    });
    // the stranger's loan, which is one
    expect(newest?.breaks.map((each) => each.class)).toEqual(['unreserved_funding']);
    expect(await service.ledger.guards.differences(given.pool.id)).toEqual([]);
  },
);

describe('an outage read as zero drift', () => {
  test(
    'with the node down reconciliation is unknown, never zero or explained, and what was ' +
      'available is refused as stale',
    async () => {
      const given = await givenPool(service, { rules: { maxSnapshotAgeSeconds: 2 } });
      await reconciliation.reconcilePool(given.pool);
      await service.network.closeLedgers(1);
      await settlementServiceOf(service).observePool(given.pool);
      await reconciliation.reconcilePool(given.pool);
      expect(await reconciliations(given)).toMatchObject({ standing: 'explained' });
      const borrower = oneBorrower(service, given);
      service.network.control.setFault('node_down', {});
      try {
        // the chain continues during the outage
        service.network.control.actions.deposit({ pool: given.contract, amount: 7n * UNIT });
        await expect(settlementServiceOf(service).observePool(given.pool)).rejects.toMatchObject({
          code: 'CHAIN_UNREACHABLE',
        });
        await expect(reconciliation.reconcilePool(given.pool)).rejects.toMatchObject({
          code: 'CHAIN_UNREACHABLE',
        });
        // by the database's clock
        while (Number((await readPool(service, given))['ageSeconds']) <= 2.1);
        const during = await reconciliations(given);
        expect(during).toMatchObject({
          standing: 'unknown',
          why: expect.stringMatching(/^The last snapshot is \d/),
        });
        // nothing was written for the time that was not observed
        expect(during['reconciliations']).toHaveLength(1);
        expect(await postLoan(service, loanBody(given, borrower))).toMatchObject({
          status: 503,
          body: { code: 'SNAPSHOT_STALE' },
        });
      } finally {
        service.network.control.clearFaults();
      }
      await settlementServiceOf(service).observePool(given.pool);
      await reconciliation.reconcilePool(given.pool);
      const after = await reconciliations(given);
      expect(after).toMatchObject({ standing: 'explained' });
      expect((after['reconciliations'] as unknown[])[0]).toMatchObject({
        bridges: { total: { terms: { deposits: '7' }, difference: '0' } },
      });
    },
  );
});

describe('settlement seen only if the client reports its hash', () => {
  /** @returns the hash under which it landed */
  async function sent(one: HeldLoan): Promise<string> {
    await sendDirectly(service, one);
    await service.network.closeLedgers(1);
    return one.hash;
  }
  const bumped = (one: HeldLoan): Promise<string> =>
    Promise.resolve(
      service.network.control.feeBump({
        envelope: signed(one.xdr, service.network.passphrase, one.borrower),
      }).hash,
    );

  test.each([
    ['signs it and sends it to a node itself', sent, false],
    ["has it carried by a stranger's fee bump, under a hash that we never issued", bumped, true],
  ])(
    'a client who %s, and never reports it, is settled by the hash that was issued',
    async (_, land, isBump) => {
      const given = await givenPool(service);
      const one = await heldLoan(service, given);
      expect((await land(one)) === one.hash).toBe(!isBump);
      expect(await reservation(one.reservationId)).toMatchObject({
        state: 'held',
        submittedAt: null,
      });
      expect(await settlementServiceOf(service).observePool(given.pool)).toMatchObject({
        settled: 1,
      });
      expect(await reservation(one.reservationId)).toMatchObject({
        state: 'settled',
        submittedAt: null,
        settledLedger: service.network.control.head().ledger,
      });
      expect(
        (await ask(service, { url: `/reservations/${one.reservationId}` })).body['journal'],
      ).toMatchObject([
        { kind: 'held' },
        {
          kind: 'settled',
          envelopeHash: one.hash,
          evidence: { certificate: 'D4', feeBump: isBump },
        },
      ]);
      expect(await readPool(service, given)).toMatchObject({
        held: '0',
        inFlight: '0',
        locked: '100',
      });
    },
  );
});

test(
  'double counting in transit: a snapshot with a landing that is not matched yet may ' +
    'refuse falsely but never over-commits, is shown, and is over with the next snapshot',
  async () => {
    const given = await givenPool(service, { deposit: 200n * UNIT });
    await reconciliation.reconcilePool(given.pool);
    const landed = await heldLoan(service, given);
    expect(await sendDirectly(service, landed)).toBe('PENDING');
    await service.network.closeLedgers(1);
    // an extra snapshot: it reads the pool, not the holds
    await service.app.get(PoolObservation, { strict: false }).request(given.pool);
    alarms.length = 0;
    await reconciliation.reconcilePool(given.pool);
    expect(await readPool(service, given)).toMatchObject({
      locked: '100',
      held: '100',
      inFlight: '0',
      available: '0',
      shortfall: '0',
    }); // 100 counted twice
    const next = oneBorrower(service, given);
    expect(await postLoan(service, loanBody(given, next))).toMatchObject({
      status: 409,
      body: { code: 'INSUFFICIENT_LIQUIDITY', available: '0' },
    });
    expect(await reconciliations(given)).toMatchObject({
      standing: 'explained',
      reconciliations: [
        {
          breaks: [
            { class: 'in_transit', amount: '100', rows: [{ reservationId: landed.reservationId }] },
          ],
        },
      ],
    });
    expect(alarms).toEqual([]);

    // one snapshot, and no ledger has closed since
    expect(await settlementServiceOf(service).observePool(given.pool)).toMatchObject({
      settled: 1,
    });
    expect(await readPool(service, given)).toMatchObject({
      locked: '100',
      held: '0',
      inFlight: '0',
      available: '100',
    });
    expect(await postLoan(service, loanBody(given, next))).toMatchObject({ status: 201 });
    expect(await readPool(service, given)).toMatchObject({
      locked: '100',
      held: '100',
      available: '0',
      shortfall: '0',
    });
    await service.network.closeLedgers(1);
    await settlementServiceOf(service).observePool(given.pool);
    await reconciliation.reconcilePool(given.pool);
    expect(((await reconciliations(given))['reconciliations'] as unknown[])[0]).toMatchObject({
      outcome: 'explained',
      breaks: [],
    });
  },
);
