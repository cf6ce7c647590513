import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Address, nativeToScVal, type xdr } from '@stellar/stellar-sdk';
import {
  AMOUNT,
  landCall,
  openStage,
  reconciliationOn,
  reservationNow,
  settlementOn,
  type Stage,
  stageHold,
  stagePool,
} from '../support/settlement-stage.js';
import { snapshotOf } from '../../src/modules/liquidity/reservation.js';
import { HoldfastError } from '../../src/common/errors.js';
import type { Chain } from '../../src/modules/chain/chain.js';
import type { StoredReconciliation } from '../../src/modules/liquidity/snapshots/observation.js';
import type { PoolRecord } from '../../src/modules/liquidity/pools/pool-registry.js';
import type { ReconciliationRooms } from '../../src/modules/settlement/reconciliation.service.js';

const UNIT = 10_000_000n;
const LOAN = { total: 100n * UNIT, guarantee: 20n * UNIT };
const i128 = (value: bigint): xdr.ScVal => nativeToScVal(value, { type: 'i128' });
const at = (text: string): xdr.ScVal => new Address(text).toScVal();

let stage: Stage;
let pool: PoolRecord;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.end());
beforeEach(async () => {
  pool = await stagePool(stage);
  await observed();
  await reconciliationOn(stage).reconciliation.reconcilePool(pool); // begins at the first snapshot
});

const observed = () => settlementOn(stage).settlement.observePool(pool);
const reconciled = () => reconciliationOn(stage).reconciliation.reconcilePool(pool);
const newest = async (): Promise<StoredReconciliation> => {
  const [row] = await reconciliationOn(stage).ledger.list(pool.id, 1);
  if (!row) throw new Error('nothing is reconciled');
  return row;
};
const person = (tokens = 1000n * UNIT): { address: string; secret: string } => {
  const [made] = stage.network.control.makeBorrowers({
    pool: pool.poolContract,
    count: 1,
    tokens,
    score: 80,
  }).borrowers;
  if (!made) throw new Error('one was asked for');
  return made;
};
const chainWith = (own: Partial<Chain>): ReconciliationRooms['chain'] => ({
  networkPassphrase: stage.chain.networkPassphrase,
  readEvents: (request) => stage.chain.readEvents(request),
  findInner: (hash) => stage.chain.findInner(hash),
  findAuthorizations: (hash) => stage.chain.findAuthorizations(hash),
  nonces: (list) => stage.chain.nonces(list),
  contractCodes: (contracts) => stage.chain.contractCodes(contracts),
  describePool: (contract) => stage.chain.describePool(contract),
  landedLoans: (...of) => stage.chain.landedLoans(...of),
  transactionEvents: (hash) => stage.chain.transactionEvents(hash),
  ...own,
});
const stateOf = async (): Promise<string | undefined> =>
  (await stage.under.registry.find(pool.id))?.state;

describe('bridges that close', () => {
  test('a loan of ours is settledByUs, joined by its hash', async () => {
    const hold = await stageHold(stage, pool);
    await hold.submit();
    await stage.network.closeLedgers(1);
    await observed();
    expect(await reconciled()).toMatchObject({ pairs: 1, unexplained: 0, again: false });
    const row = await newest();
    expect(row).toMatchObject({ outcome: 'explained', breaks: [] });
    expect(row.bridges.locked).toEqual({
      before: 0n,
      after: AMOUNT,
      terms: { settledByUs: AMOUNT },
      expected: AMOUNT,
      difference: 0n,
    });
    expect(row.bridges.tokenBalance).toMatchObject({
      terms: { settledByUs: -AMOUNT },
      difference: 0n,
    });
    expect(row.bridges.total).toMatchObject({ terms: {}, difference: 0n });
  });

  test(
    "two loans of the same amount in one ledger, ours and a stranger's, are each joined by " +
      'their own hash',
    async () => {
      const hold = await stageHold(stage, pool);
      await hold.submit();
      const { hash } = stage.network.control.foreignLoan({ pool: pool.poolContract, ...LOAN });
      await observed();
      const { reconciliation, alarms } = reconciliationOn(stage);
      await reconciliation.reconcilePool(pool);
      const row = await newest();
      expect(row.bridges.locked).toMatchObject({
        terms: { settledByUs: AMOUNT, unreservedFundings: AMOUNT },
        difference: 0n,
      });
      expect(row.breaks).toMatchObject([
        {
          class: 'unreserved_funding',
          figure: 'locked',
          amount: AMOUNT,
          rows: [{ txHash: hash, amount: AMOUNT }],
        },
      ]);
      expect(alarms).toMatchObject([
        { name: 'unreserved_funding', facts: { pool: pool.id, amount: AMOUNT.toString() } },
      ]);
      expect(await stateOf()).toBe('active');
    },
  );

  test('a deposit and tokens sent straight to the pool are distinguished', async () => {
    const provider = person();
    await landCall(stage, provider.secret, {
      contract: pool.poolContract,
      fn: 'deposit',
      args: [at(provider.address), i128(300n * UNIT)],
    });
    const sent = await landCall(stage, provider.secret, {
      contract: pool.tokenContract,
      fn: 'transfer',
      args: [at(provider.address), at(pool.poolContract), i128(7n)],
    });
    await observed();
    await reconciled();
    const { outcome, bridges, breaks } = await newest();
    expect(outcome).toBe('explained');
    expect(bridges.total).toMatchObject({ terms: { deposits: 300n * UNIT }, difference: 0n });
    expect(bridges.tokenBalance).toMatchObject({
      terms: { deposits: 300n * UNIT, externalTransfers: 7n },
      difference: 0n,
    });
    expect(breaks).toMatchObject([
      {
        class: 'external_transfer',
        figure: 'tokenBalance',
        amount: 7n,
        rows: [{ txHash: sent, amount: 7n, note: 'transfer' }],
      },
    ]);
  });

  test('each pair of snapshots is its own, and rounds that run twice or at once write it once', async () => {
    const provider = person();
    for (const amount of [1n, 2n, 3n]) {
      await landCall(stage, provider.secret, {
        contract: pool.poolContract,
        fn: 'deposit',
        args: [at(provider.address), i128(amount * UNIT)],
      });
      await observed();
    }
    const rounds = await Promise.all([reconciled(), reconciled(), reconciled()]);
    expect(rounds.map(({ pairs }) => pairs).reduce((a, b) => a + b)).toBe(3);
    await reconciled();
    const rows = (await reconciliationOn(stage).ledger.list(pool.id, 10)).toReversed();
    expect(rows.map(({ bridges }) => bridges.total.terms)).toEqual(
      [1n, 2n, 3n].map((amount) => ({ deposits: amount * UNIT })),
    );
    expect(rows.slice(1).map(({ fromLedger }) => fromLedger)).toEqual(
      rows.slice(0, 2).map(({ toLedger }) => toLedger),
    );
  });

  test('pages of one event each give the same bridges', async () => {
    stage.network.control.foreignLoan({ pool: pool.poolContract, ...LOAN });
    stage.network.control.foreignLoan({ pool: pool.poolContract, ...LOAN });
    await observed();
    const { reconciliation, ledger } = reconciliationOn(stage, {
      limits: { eventsPerPage: 1, pagesPerRound: 3, pairsPerRound: 10, poolsAtOnce: 1 },
    });
    expect(await reconciliation.reconcilePool(pool)).toMatchObject({ again: true, pairs: 0 });
    while ((await reconciliation.reconcilePool(pool)).again);
    expect(await newest()).toMatchObject({
      outcome: 'explained',
      bridges: { locked: { terms: { unreservedFundings: 2n * AMOUNT } } },
    });
    const { rows } = await stage.under.connections.read.query(
      'select borrower, chain_loan_id::text as loan from fundings where pool_id = $1 order by event_id',
      [pool.id],
    );
    expect(rows).toEqual([
      { borrower: expect.stringMatching(/^G/), loan: '1' },
      { borrower: expect.stringMatching(/^G/), loan: '2' },
    ]);
    expect((await ledger.standing(pool.id))?.reconciledLedger).toBe((await newest()).toLedger);
  });
});

describe('a loan inside a fee bump', () => {
  test('is ours by the inner hash, although its events carry the outer one', async () => {
    const hold = await stageHold(stage, pool);
    const bump = stage.network.control.feeBump({ envelope: hold.sign(hold.funding.xdr) });
    expect(bump).toMatchObject({ succeeded: true, innerHash: hold.funding.hash });
    expect(await observed()).toMatchObject({ settled: 1 });
    await reconciled();
    expect(await newest()).toMatchObject({
      outcome: 'explained',
      breaks: [],
      bridges: { locked: { terms: { settledByUs: AMOUNT } } },
    });
    const { rows } = await stage.under.connections.read.query(
      'select tx_hash, envelope_hash, reservation_id, borrower from fundings where pool_id = $1',
      [pool.id],
    );
    expect(rows).toEqual([
      {
        tx_hash: bump.hash,
        envelope_hash: bump.innerHash,
        reservation_id: hold.reservationId,
        borrower: hold.borrower,
      },
    ]);
  });

  test('waits while the node does not find its transaction: nothing is written', async () => {
    stage.network.control.foreignLoan({ pool: pool.poolContract, ...LOAN });
    await observed();
    const forgetful = reconciliationOn(stage, {
      chain: chainWith({ findInner: () => Promise.resolve({ found: false }) }),
    });
    await expect(forgetful.reconciliation.reconcilePool(pool)).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
    });
    expect(await forgetful.ledger.list(pool.id, 10)).toEqual([]);
    expect(await reconciled()).toMatchObject({ pairs: 1 });
  });
});

describe('in transit', () => {
  test(
    'a landing in the snapshot whose hold still counts is shown, without an alarm, and ' +
      'gone after the next snapshot',
    async () => {
      const hold = await stageHold(stage, pool);
      await hold.submit();
      await stage.network.closeLedgers(1);
      // a snapshot that came before its settlements were known
      const reading = await stage.chain.observePool(pool);
      await stage.under.ledger.snapshots.observe(snapshotOf(pool.id, reading));
      const { reconciliation, alarms } = reconciliationOn(stage);
      await reconciliation.reconcilePool(pool);
      expect((await newest()).breaks).toMatchObject([
        { class: 'in_transit', amount: AMOUNT, rows: [{ reservationId: hold.reservationId }] },
      ]);
      expect(alarms).toEqual([]);
      await stage.network.closeLedgers(1);
      await observed();
      expect(await reservationNow(stage, hold.reservationId)).toMatchObject({ state: 'settled' });
      await reconciled();
      expect(await newest()).toMatchObject({ outcome: 'explained', breaks: [] });
    },
  );
});

describe('a bridge that does not close', () => {
  test('pauses the pool with the difference to the unit, until an operator resumes it', async () => {
    const [first] = await stage.under.connections.read
      .query<{ ledger: string }>(
        'select max(ledger)::text as ledger from snapshots where pool_id = $1',
        [pool.id],
      )
      .then(({ rows }) => rows);
    const { ledger, closeTime } = await stage.network.closeLedgers(1);
    const { total, locked, tokenBalance } = await stage.chain.observePool(pool);
    await stage.under.ledger.snapshots.observe({
      poolId: pool.id,
      ledger,
      total: total + 1n,
      locked,
      tokenBalance,
      lastLoanId: null,
      contractPaused: null,
      limits: { outflowCapBps: null, vendorCap: null, utilisationCapBps: null },
      closeTime: BigInt(closeTime),
      headLedger: ledger,
      headCloseTime: BigInt(closeTime),
    });
    const { reconciliation, alarms, ledger: stored } = reconciliationOn(stage);
    expect(await reconciliation.reconcilePool(pool)).toMatchObject({ unexplained: 1 });
    expect(await newest()).toMatchObject({
      outcome: 'unexplained',
      fromLedger: Number(first?.ledger),
      toLedger: ledger,
      bridges: {
        total: { expected: total, after: total + 1n, difference: 1n },
        locked: { difference: 0n },
      },
      breaks: [{ class: 'unexplained', figure: 'total', amount: 1n }],
    });
    expect(alarms).toMatchObject([
      {
        name: 'reconciliation_unexplained',
        facts: { pool: pool.id, figure: 'total', amount: '1', paused: true },
      },
    ]);
    expect(await stateOf()).toBe('paused');
    expect(await stored.pauses(pool.id, 5)).toMatchObject([
      { reason: 'unexplained', facts: { total: '1', locked: '0', tokenBalance: '0' } },
    ]);
    await stage.under.registry.change(pool.id, { state: 'active' });
    await reconciled();
    expect(await stateOf()).toBe('active');
  });
});

describe('an outage', () => {
  test('while events are read leaves snapshots unexplained, never explained by nothing', async () => {
    stage.network.control.foreignLoan({ pool: pool.poolContract, ...LOAN });
    await observed();
    const away = chainWith({
      readEvents: () => Promise.reject(new HoldfastError('CHAIN_UNREACHABLE', 'the node is away')),
    });
    const { reconciliation, ledger, alarms } = reconciliationOn(stage, { chain: away });
    await expect(reconciliation.reconcilePool(pool)).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
    });
    expect(await ledger.list(pool.id, 10)).toEqual([]);
    const standing = await ledger.standing(pool.id);
    expect(standing).toMatchObject({ outcome: null, waitingSeconds: expect.any(Number) });
    expect(standing?.reconciledLedger).toBeLessThan(standing?.snapshotLedger ?? 0);
    expect(await reconciliation.reconcileAll()).toMatchObject({ again: true });
    expect(alarms).toContainEqual({
      name: 'pool_round_failed',
      facts: { pool: pool.id, error: 'the node is away' },
    });
  });

  test('a node behind our cursor is not believed', async () => {
    await stage.network.closeLedgers(2);
    await reconciled();
    const lagging = chainWith({
      readEvents: (request) =>
        stage.chain.readEvents({ ...request, from: { startLedger: 1_000_000 } }),
    });
    await expect(
      reconciliationOn(stage, { chain: lagging }).reconciliation.reconcilePool(pool),
    ).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
      message: expect.stringContaining('it lags'),
    });
  });
});

describe('a node that does not get on', () => {
  test('is asked once a round, alarmed by name, and read on when it does', async () => {
    await reconciled();
    await stage.network.closeLedgers(3);
    let asked = 0;
    let stuck = true;
    const chain = chainWith({
      readEvents: async (request) => {
        asked++;
        const reply = await stage.chain.readEvents(request);
        return stuck && reply.kind === 'page' && 'cursor' in request.from
          ? { ...reply, events: [], cursor: request.from.cursor, more: true }
          : reply;
      },
    });
    const { reconciliation, alarms } = reconciliationOn(stage, { chain });
    const round = await reconciliation.reconcilePool(pool);
    expect([asked, round.again]).toEqual([1, false]);
    expect(alarms).toEqual([
      { name: 'events_stuck', facts: { pool: pool.id, cursor: expect.any(String) } },
    ]);
    stuck = false;
    const { throughLedger } = await reconciliation.reconcilePool(pool);
    expect(throughLedger).toBe((await stage.chain.head()).ledger);
    expect(alarms).toHaveLength(1);
  });

  test('a refusal that is not understood is alarmed by name and stops only that pool', async () => {
    const error = new HoldfastError('CHAIN_UNREACHABLE', 'the node answered with an error.', {
      rpcCode: -32_603,
    });
    const { reconciliation, alarms } = reconciliationOn(stage, {
      chain: chainWith({ readEvents: () => Promise.reject(error) }),
    });
    await expect(reconciliation.reconcilePool(pool)).rejects.toBe(error);
    expect(alarms).toEqual([
      { name: 'events_stuck', facts: { pool: pool.id, error: error.message } },
    ]);
  });
});

describe('events lost to retention', () => {
  test('are a gap: unknown, reported once, and the next pair is explained again', async () => {
    const short = await openStage({ network: { retentionLedgers: 20 } });
    try {
      const lost = await stagePool(short);
      const look = () => settlementOn(short).settlement.observePool(lost);
      const { reconciliation, ledger, alarms } = reconciliationOn(short);
      await look();
      await reconciliation.reconcilePool(lost);
      const begun = (await ledger.eventPlace(lost.id))?.throughLedger ?? 0;
      short.network.control.foreignLoan({ pool: lost.poolContract, ...LOAN });
      await short.network.closeLedgers(40);
      await look();
      await reconciliation.reconcilePool(lost);
      const { oldestLedger } = await short.chain.head();
      expect(alarms).toEqual([
        {
          name: 'events_lost',
          facts: { pool: lost.id, firstLedger: begun + 1, lastLedger: oldestLedger - 1 },
        },
      ]);
      expect(await ledger.list(lost.id, 10)).toMatchObject([
        {
          outcome: 'unknown',
          bridges: { locked: { before: 0n, after: AMOUNT, expected: null, difference: null } },
          breaks: [
            {
              class: 'gap',
              amount: null,
              rows: [{ ledger: begun + 1, lastLedger: oldestLedger - 1 }],
            },
          ],
        },
      ]);
      expect((await short.under.registry.find(lost.id))?.state).toBe('active');
      short.network.control.foreignLoan({ pool: lost.poolContract, ...LOAN });
      await look();
      await reconciliation.reconcilePool(lost);
      expect((await ledger.list(lost.id, 1))[0]).toMatchObject({
        outcome: 'explained',
        bridges: { locked: { terms: { unreservedFundings: AMOUNT } } },
      });
      expect(alarms.filter(({ name }) => name === 'events_lost')).toHaveLength(1);
    } finally {
      await short.end();
    }
  });

  test('a node that trimmed only ledgers that were already read does no harm', async () => {
    const { ledger } = reconciliationOn(stage);
    await stage.network.closeLedgers(2);
    await reconciled();
    const place = await ledger.eventPlace(pool.id);
    if (!place) throw new Error('reading has begun');
    expect(await ledger.skipToOldest(pool.id, place, place.throughLedger + 1)).toBe(false);
    expect(await ledger.eventPlace(pool.id)).toEqual({
      cursor: null,
      startLedger: place.throughLedger + 1,
      throughLedger: place.throughLedger,
    });
    // from before the cursor
    expect(await ledger.skipToOldest(pool.id, place, place.throughLedger + 9)).toBe(false);
    await stage.network.closeLedgers(1);
    await observed();
    await reconciled();
    expect(await newest()).toMatchObject({ outcome: 'explained', breaks: [] });
  });
});

describe('another code', () => {
  test('pauses the pool until an operator resumes it, and only once', async () => {
    const codes = await stage.chain.contractCodes([
      pool.poolContract,
      pool.lendingContract,
      pool.tokenContract,
    ]);
    const head = stage.network.control.head().ledger;
    const upgraded = (ledger: number) =>
      chainWith({
        contractCodes: () =>
          Promise.resolve({
            ledger,
            hashes: new Map([...codes.hashes, [pool.lendingContract, 'cd'.repeat(32)]]),
          }),
      });
    const {
      reconciliation,
      alarms,
      ledger: stored,
    } = reconciliationOn(stage, {
      chain: upgraded(head + 1),
    });
    await reconciliation.reconcilePool(pool);
    expect(await stateOf()).toBe('paused');
    expect(alarms).toMatchObject([
      {
        name: 'contract_upgraded',
        facts: {
          contract: pool.lendingContract,
          before: codes.hashes.get(pool.lendingContract),
          after: 'cd'.repeat(32),
        },
      },
    ]);
    expect(await stored.pauses(pool.id, 5)).toMatchObject([
      { reason: 'contract_upgraded', facts: { contract: pool.lendingContract } },
    ]);
    await stage.under.registry.change(pool.id, { state: 'active' });
    await reconciliation.reconcilePool(pool);
    await reconciled(); // a node that lags still shows the old code
    expect(await stateOf()).toBe('active');
  });

  test('in quarantine: the pool stays there, and is paused when it ends', async () => {
    await stage.under.connections.write.query(
      `update pools set state = 'quarantined', quarantined_from = 'active', ` +
        'quarantined_until = to_timestamp(1) where id = $1',
      [pool.id],
    );
    await stage.under.connections.write.query(
      'update pools set pool_wasm_hash = $2 where id = $1',
      [pool.id, 'ee'.repeat(32)],
    );
    await stage.under.connections.write.query('delete from contract_codes where pool_id = $1', [
      pool.id,
    ]);
    await reconciled();
    expect(await stateOf()).toBe('quarantined');
    await stage.under.ledger.guards.advanceQuarantine(
      pool.network,
      BigInt(stage.network.control.head().closeTime),
    );
    expect(await stateOf()).toBe('paused');
  });

  test('is noticed in the first round when the pool was registered with other code', async () => {
    const other = await stagePool(stage);
    await stage.under.connections.write.query(
      'update pools set pool_wasm_hash = $2 where id = $1',
      [other.id, 'ee'.repeat(32)],
    );
    await settlementOn(stage).settlement.observePool(other);
    const { reconciliation, alarms } = reconciliationOn(stage);
    await reconciliation.reconcilePool(other);
    expect(alarms).toMatchObject([
      {
        name: 'contract_upgraded',
        facts: { contract: other.poolContract, before: 'ee'.repeat(32) },
      },
    ]);
    expect((await stage.under.registry.find(other.id))?.state).toBe('paused');
  });

  test('an upgrade event pauses too, once for each event', async () => {
    const { ledger } = stage.network.control.head();
    const id = `${String((BigInt(ledger) << 32n) | (4000n << 12n)).padStart(19, '0')}-0000000000`;
    const event = {
      id,
      ledger,
      txHash: 'a'.repeat(64),
      contract: pool.poolContract,
      name: 'CONTRACTUPGRADED',
      topics: ['CONTRACTUPGRADED'],
      data: ['1', '2', '3'],
    };
    const upgrading = chainWith({
      readEvents: async (request) => {
        const reply = await stage.chain.readEvents(request);
        // a node may give a page twice
        return reply.kind === 'page' ? { ...reply, events: [...reply.events, event] } : reply;
      },
    });
    const { reconciliation, alarms } = reconciliationOn(stage, { chain: upgrading });
    await stage.network.closeLedgers(1);
    await reconciliation.reconcilePool(pool);
    expect(await stateOf()).toBe('paused');
    await stage.under.registry.change(pool.id, { state: 'active' });
    await stage.network.closeLedgers(1);
    await reconciliation.reconcilePool(pool);
    expect(await stateOf()).toBe('active');
    expect(alarms).toMatchObject([{ name: 'contract_upgraded', facts: { event: id } }]);
  });
});

describe('a shortfall', () => {
  test('refuses new holds, keeps the old ones, raises an alarm, and clears by itself', async () => {
    const hold = await stageHold(stage, pool);
    // as if this amount had left the pool
    await stage.under.registry.change(pool.id, { buffer: 10_000n * UNIT });
    await stage.network.closeLedgers(1);
    await observed();
    const { reconciliation, alarms } = reconciliationOn(stage);
    await reconciliation.reconcilePool(pool);
    expect((await newest()).breaks).toMatchObject([
      { class: 'shortfall', amount: AMOUNT, rows: [] },
    ]);
    expect(alarms).toEqual([
      { name: 'shortfall', facts: { pool: pool.id, amount: AMOUNT.toString() } },
    ]);
    expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({
      available: 0n,
      shortfall: AMOUNT,
      held: AMOUNT,
    });
    await expect(stageHold(stage, pool)).rejects.toThrow('INSUFFICIENT_LIQUIDITY');
    expect(await reservationNow(stage, hold.reservationId)).toMatchObject({ state: 'held' });
    const provider = person(20_000n * UNIT);
    await landCall(stage, provider.secret, {
      contract: pool.poolContract,
      fn: 'deposit',
      args: [at(provider.address), i128(10_000n * UNIT)],
    });
    await observed();
    await reconciled();
    expect(await newest()).toMatchObject({ outcome: 'explained', breaks: [] });
    await stageHold(stage, pool);
  });
});
