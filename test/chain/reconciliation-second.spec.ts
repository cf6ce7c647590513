import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  AMOUNT,
  chainOver,
  openStage,
  type RaisedAlarm,
  reconciliationOn,
  reservationNow,
  settlementOn,
  type Stage,
  stageHold,
  stagePool,
} from '../support/settlement-stage.js';
import { HoldfastError } from '../../src/common/errors.js';
import type { Chain, ChainEvent } from '../../src/modules/chain/chain.js';
import type { StoredReconciliation } from '../../src/modules/liquidity/snapshots/observation.js';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';

/**
 * Events that a page of getEvents lacks. Reading the ledgers again explains them: no pool is
 * paused, and nothing is counted twice.
 */
const UNIT = 10_000_000n;
const LOAN = { total: 100n * UNIT, guarantee: 20n * UNIT };

let stage: Stage;
let pool: PoolRecord;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());
beforeEach(async () => {
  pool = await stagePool(stage);
  await observed();
  await reconciliationOn(stage).reconciliation.reconcilePool(pool);
});

const observed = (chain: Chain = stage.chain): Promise<unknown> =>
  settlementOn(stage, { chain }).settlement.observePool(pool);
type Lost = (event: ChainEvent, reading: number) => boolean;
/** A node whose pages lack events. `reading` counts the calls. */
function lossy(lost: Lost, own: Partial<Chain> = {}): Chain {
  let reading = 0;
  return chainOver(stage, {
    findInner: (hash) => stage.chain.findInner(hash),
    findAuthorizations: (hash) => stage.chain.findAuthorizations(hash),
    nonces: (list) => stage.chain.nonces(list),
    contractCodes: (contracts) => stage.chain.contractCodes(contracts),
    describePool: (contract) => stage.chain.describePool(contract),
    landedLoans: (...of) => stage.chain.landedLoans(...of),
    transactionEvents: (hash) => stage.chain.transactionEvents(hash),
    readEvents: async (request) => {
      const reply = await stage.chain.readEvents(request);
      const at = ++reading;
      return reply.kind === 'page'
        ? { ...reply, events: reply.events.filter((event) => !lost(event, at)) }
        : reply;
    },
    ...own,
  });
}
async function reconciled(
  chain: Chain = stage.chain,
): Promise<{ row: StoredReconciliation; rows: StoredReconciliation[]; alarms: RaisedAlarm[] }> {
  const { reconciliation, ledger, alarms } = reconciliationOn(stage, { chain });
  await reconciliation.reconcilePool(pool);
  const rows = await ledger.list(pool.id, 10);
  if (!rows[0]) throw new Error('nothing is reconciled');
  return { row: rows[0], rows, alarms };
}
const stateOf = async (): Promise<string | undefined> =>
  (await stage.under.registry.find(pool.id))?.state;
const foreignLoan = (): { hash: string } =>
  stage.network.control.foreignLoan({ pool: pool.poolContract, ...LOAN });
const eventsStored = async (): Promise<string[]> =>
  (
    await stage.under.connections.read.query<{ name: string }>(
      'select name from chain_events where pool_id = $1 order by id',
      [pool.id],
    )
  ).rows.map(({ name }) => name);
const fundings = async (): Promise<unknown[]> =>
  (
    await stage.under.connections.read.query(
      'select reservation_id, amount::text from fundings where pool_id = $1',
      [pool.id],
    )
  ).rows;
const funded: Lost = ({ name }) => name === 'LQFUND';

describe('an event that one page lacks', () => {
  test('is found when the ledgers are read a second time: explained, and no pool is paused', async () => {
    const { hash } = foreignLoan();
    await observed();
    const { row, alarms } = await reconciled(
      lossy((event, reading) => reading === 1 && event.txHash === hash),
    );
    expect(row).toMatchObject({
      outcome: 'explained',
      bridges: { locked: { terms: { unreservedFundings: AMOUNT } } },
      breaks: [{ class: 'unreserved_funding', rows: [{ txHash: hash }] }],
    });
    expect(alarms.map(({ name }) => name)).toEqual(['unreserved_funding']);
    expect(await stateOf()).toBe('active');
  });

  test.each<[string, Lost]>([
    ['of the funding', funded],
    ['at all', () => true],
  ])(
    "never comes, for a landing of ours, %s: its transaction's own events explain it",
    async (_, lost) => {
      const hold = await stageHold(stage, pool);
      await hold.submit();
      await stage.network.closeLedgers(1);
      await observed();
      const { row, alarms } = await reconciled(lossy(lost));
      expect(row).toMatchObject({
        outcome: 'explained',
        breaks: [],
        bridges: {
          locked: { terms: { settledByUs: AMOUNT } },
          tokenBalance: { terms: { settledByUs: -AMOUNT }, difference: 0n },
        },
      });
      expect([alarms, await stateOf()]).toEqual([[], 'active']);
      expect(await fundings()).toEqual([
        { reservation_id: hold.reservationId, amount: AMOUNT.toString() },
      ]);
    },
  );

  test(
    'what the transaction shows is stored as the node would have returned it, so nothing ' +
      'is stored twice when the node returns it later',
    async () => {
      const hold = await stageHold(stage, pool);
      await hold.submit();
      await stage.network.closeLedgers(1);
      await observed();
      await reconciled(lossy(() => true));
      const before = await eventsStored();
      expect(before).toContain('LQFUND');
      await stage.under.connections.write.query(
        'update event_cursors set cursor = null, start_ledger = baseline_ledger where pool_id = $1',
        [pool.id],
      ); // everything is read again
      await reconciled();
      expect(await eventsStored()).toEqual(before);
      expect(await fundings()).toHaveLength(1);
    },
  );

  test('belongs to a fee bump of ours: joined by the inner hash', async () => {
    const hold = await stageHold(stage, pool);
    const bump = stage.network.control.feeBump({ envelope: hold.sign(hold.funding.xdr) });
    await observed();
    const { row } = await reconciled(lossy(() => true));
    expect(row).toMatchObject({
      outcome: 'explained',
      breaks: [],
      bridges: { locked: { terms: { settledByUs: AMOUNT } } },
    });
    const { rows } = await stage.under.connections.read.query(
      'select tx_hash, envelope_hash from fundings where pool_id = $1',
      [pool.id],
    );
    expect(rows).toEqual([{ tx_hash: bump.hash, envelope_hash: hold.funding.hash }]);
  });

  test(
    "belongs to a stranger's transaction of which another event was read: that " +
      "transaction's own events explain it",
    async () => {
      const { hash } = foreignLoan();
      await observed();
      expect((await reconciled(lossy(funded))).row).toMatchObject({
        outcome: 'explained',
        breaks: [{ class: 'unreserved_funding', amount: AMOUNT, rows: [{ txHash: hash }] }],
      });
      expect(await stateOf()).toBe('active');
    },
  );

  test('reading again fails: nothing is decided until it succeeds', async () => {
    foreignLoan();
    await observed();
    const flaky = lossy(funded, {
      transactionEvents: () =>
        Promise.reject(new HoldfastError('CHAIN_UNREACHABLE', 'the node is away')),
    });
    await expect(
      reconciliationOn(stage, { chain: flaky }).reconciliation.reconcilePool(pool),
    ).rejects.toMatchObject({ code: 'CHAIN_UNREACHABLE' });
    expect(await stateOf()).toBe('active');
    expect((await reconciled()).row).toMatchObject({ outcome: 'explained' });
  });
});

describe("a stranger's transaction without any event on any page", () => {
  const paused = async (): Promise<{ hash: string; alarms: RaisedAlarm[] }> => {
    const { hash } = foreignLoan();
    await observed();
    const { row, alarms } = await reconciled(lossy((event) => event.txHash === hash));
    expect(row).toMatchObject({
      outcome: 'unexplained',
      bridges: { locked: { difference: AMOUNT } },
    });
    return { hash, alarms };
  };

  test('pauses the pool, and the alarm says what to do', async () => {
    const { alarms } = await paused();
    const raised = alarms.filter(({ name }) => name === 'reconciliation_unexplained');
    expect(raised).toHaveLength(2);
    for (const { facts } of raised)
      expect(facts).toMatchObject({
        readings: 2,
        advice: expect.stringMatching(/another node[^]*docs\/operations.md/),
      });
    expect(await stateOf()).toBe('paused');
  });

  test(
    'is explained by a later round of a node that has them; the pool stays paused until a ' +
      'person resumes it, as the alarm explains',
    async () => {
      const { hash } = await paused();
      await pool_refreshed();
      await stage.network.closeLedgers(1);
      const { rows, alarms } = await reconciled();
      expect(
        rows.find(({ bridges }) => bridges.locked.after === AMOUNT && bridges.locked.before === 0n),
      ).toMatchObject({
        outcome: 'explained',
        bridges: { locked: { difference: 0n, terms: { unreservedFundings: AMOUNT } } },
        breaks: [{ class: 'unreserved_funding', rows: [{ txHash: hash }] }],
      });
      expect(alarms).toMatchObject([
        {
          name: 'reconciliation_explained',
          facts: {
            pool: pool.id,
            advice: expect.stringContaining(`holdfast pools set ${pool.id} --state active`),
          },
        },
      ]);
      expect(await stateOf()).toBe('paused');
      expect(await reconciliationOn(stage).ledger.pauses(pool.id, 1)).toMatchObject([
        { reason: 'unexplained', facts: { locked: AMOUNT.toString() } },
      ]); // as it was stored then
      expect((await reconciled()).alarms).toEqual([]);
      await stage.under.registry.change(pool.id, { state: 'active' });
      await pool_refreshed();
      await observed();
      expect((await reconciled()).row).toMatchObject({ outcome: 'explained', breaks: [] });
      expect(await stateOf()).toBe('active');
    },
  );

  const pool_refreshed = async (): Promise<void> => {
    pool = (await stage.under.registry.find(pool.id)) ?? pool;
  };
});

test(
  'a missing event never lets the same amount be held twice: the hold counts beside its ' +
    'own landing until that is proven',
  async () => {
    const hold = await stageHold(stage, pool);
    await hold.submit();
    await stage.network.closeLedgers(1);
    const blind = lossy(() => true, {
      findTransaction: async (hash) => ({
        ...(await stage.chain.findTransaction(hash)),
        status: 'not_found',
      }),
      transactionEvents: () => Promise.resolve({ found: false }),
    });
    await observed(blind);
    const { row } = await reconciled(blind);
    expect(row.outcome).toBe('unexplained');
    expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({
      locked: AMOUNT,
      held: AMOUNT,
      available: 10_000n * UNIT - 2n * AMOUNT,
      state: 'paused',
    });
    await observed();
    pool = (await stage.under.registry.find(pool.id)) ?? pool;
    await stage.network.closeLedgers(1);
    await observed();
    expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({
      locked: AMOUNT,
      held: 0n,
      inFlight: 0n,
      available: 10_000n * UNIT - AMOUNT,
    });
    expect(await reservationNow(stage, hold.reservationId)).toMatchObject({ state: 'settled' });
    const { rows } = await reconciled();
    expect(rows.every(({ outcome }) => outcome === 'explained')).toBe(true);
    expect(await fundings()).toEqual([
      { reservation_id: hold.reservationId, amount: AMOUNT.toString() },
    ]);
  },
);
