import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { someOf } from '../support/dose.js';
import { invariants } from '../support/given-ledger.js';
import {
  AMOUNT,
  openStage,
  type RaisedAlarm,
  reconciliationOn,
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
let alarms: RaisedAlarm[] = [];
beforeAll(async () => {
  // Each ledger closes a second after the one before, however slow the machine is.
  const opened = Date.now();
  stage = await openStage({ network: { now: () => opened } });
});
afterAll(() => stage.end());
beforeEach(async () => {
  alarms = [];
  pool = await stagePool(stage, AMOUNT); // for one loan
  await rounds(2);
});
afterEach(async () => {
  honest();
  await stage.under.connections.write.query(
    `update pools set state = 'closed', network = 'over ' || id where id = $1`,
    [pool.id],
  ); // no round of the next test asks for it
});

const lie = (parameters: object): void => {
  stage.network.control.setFault('reply_lies', parameters);
};
const honest = (): void => {
  stage.network.control.clearFaults('reply_lies');
};
/** Rounds of every kind, each by a process that has just started, and the next ledger. */
async function rounds(count: number): Promise<void> {
  for (let round = 0; round < count; round++) {
    const { settlement, alarms: raised } = settlementOn(stage);
    const { reconciliation, alarms: reported } = reconciliationOn(stage);
    await settlement.observeAll();
    await settlement.expireAll();
    await reconciliation.reconcileAll();
    alarms.push(...raised, ...reported);
    await stage.network.closeLedgers(1);
  }
}
const raised = (): Set<string> => new Set(alarms.map(({ name }) => name));
const stateOf = async (hold: StageHold): Promise<string> =>
  (await reservationNow(stage, hold.reservationId)).state;
const isRefused = (): Promise<void> =>
  expect(stageHold(stage, pool)).rejects.toThrow('INSUFFICIENT_LIQUIDITY');

/**
 * After the lie: the pool takes holds, its newest snapshot is young, its counters are their sums,
 * and every bridge closed.
 */
async function assertWell(): Promise<void> {
  await rounds(4);
  const position = await stage.under.ledger.reader.position(pool.id);
  const {
    held,
    held_sum: heldSum,
    in_flight: inFlight,
    in_flight_sum: inFlightSum,
  } = await invariants(stage.under, pool.id);
  const standing = await reconciliationOn(stage).ledger.standing(pool.id);
  const { ledger } = stage.network.control.head();
  expect({
    state: position?.state,
    held,
    inFlight,
    snapshot: position?.snapshotLedger,
    lag: position?.headCloseTime,
  }).toEqual({
    state: 'active',
    held: heldSum,
    inFlight: inFlightSum,
    snapshot: ledger - 1,
    lag: BigInt(stage.network.control.head().closeTime - 1),
  });
  const explained = await reconciliationOn(stage).ledger.list(pool.id, 1);
  expect({
    to: explained[0]?.toLedger,
    outcome: explained[0]?.outcome,
    standing: standing !== null,
  }).toMatchObject({ outcome: 'explained' });
  expect(raised().has('reconciliation_unexplained')).toBe(false);
}

describe('a node that reports a wrong close time', () => {
  test(
    'in getHealth, past the deadline, for as long as step one takes: nothing is released, ' +
      'and what was signed lands',
    async () => {
      const hold = await stageHold(stage, pool);
      lie({ methods: ['getHealth'], field: 'latestLedgerCloseTime', by: 330 });
      await rounds(2);
      honest();
      await rounds(4);
      expect(await stateOf(hold)).toBe('held');
      await isRefused();
      expect(await hold.submit()).toBe('PENDING');
      await rounds(3);
      expect(await stateOf(hold)).toBe('settled');
      expect([...raised()]).toContain('ledger_dated_twice');
    },
  );

  test(
    'in every reply of one round: the next ledgers contradict the step, and it is dropped ' +
      'with the false date',
    async () => {
      const hold = await stageHold(stage, pool);
      lie({ field: 'latestLedgerCloseTime', by: 330 });
      await rounds(1);
      const stored = async () =>
        (await stage.under.ledger.reader.liveHold(pool.id, hold.reservationId))?.envelopes[0];
      expect(await stored()).toMatchObject({
        passedLedger: stage.network.control.head().ledger - 1,
      });
      honest();
      await rounds(2);
      expect([...raised()]).toContain('ledger_dated_twice');
      await rounds(4); // three ledgers outweigh the one
      expect(alarms.find(({ name }) => name === 'head_disproved')).toBeDefined();
      expect(await stored()).toMatchObject({
        passedLedger: null,
        passedCloseTime: null,
        voteLedger: null,
      });
      await hold.submit();
      await rounds(2);
      expect(await stateOf(hold)).toBe('settled');
      await assertWell();
    },
  );
});

describe('a head far ahead of the chain', () => {
  test('in three replies: none of it is believed, and the next round continues', async () => {
    const hold = await stageHold(stage, pool);
    lie({ field: 'latestLedger', by: 5_000, times: 3 });
    await rounds(1);
    await rounds(2);
    expect(await stage.under.ledger.snapshots.knownLedger(pool.network)).toBeLessThan(
      stage.network.control.head().ledger,
    );
    await hold.submit();
    await rounds(2);
    expect(await stateOf(hold)).toBe('settled');
    await assertWell();
  });

  test(
    'in every reply of a round, with its time: the pools that believed it drop its snapshot ' +
      'and its events',
    async () => {
      const hold = await stageHold(stage, pool);
      const before = await stage.under.ledger.reader.position(pool.id);
      // two fields of all replies: the pool then stores a chain that is far ahead of the real one
      const { ledger, closeTime } = stage.network.control.head();
      const far = { ledger: ledger + 5_000, closeTime: BigInt(closeTime + 30_000) };
      await stage.under.ledger.snapshots.seeHead(pool.network, far);
      await stage.under.ledger.snapshots.observe({
        poolId: pool.id,
        ledger: far.ledger,
        total: 1n,
        locked: 0n,
        tokenBalance: 1n,
        lastLoanId: null,
        contractPaused: null,
        limits: { outflowCapBps: null, vendorCap: null, utilisationCapBps: null },
        closeTime: far.closeTime,
        headLedger: far.ledger,
        headCloseTime: far.closeTime,
      });
      await stage.under.connections.write.query(
        'update event_cursors set cursor = null, start_ledger = $2, through_ledger = $2 where pool_id = $1',
        [pool.id, far.ledger],
      );
      await hold.submit();
      await rounds(2);
      expect(raised()).toContain('chain_went_backwards');
      expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({
        snapshotLedger: far.ledger,
      });
      await rounds(3);
      expect(
        alarms.filter(({ name, facts }) => name === 'head_disproved' && facts['pool'] === pool.id),
      ).toMatchObject([{ facts: { headLedger: far.ledger, snapshotLedger: far.ledger } }]);
      await rounds(1);
      expect(await stateOf(hold)).toBe('settled');
      expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({
        total: before?.total,
        held: 0n,
        inFlight: 0n,
        locked: AMOUNT,
      });
      await assertWell();
    },
  );
});

interface Lie {
  readonly methods: readonly string[];
  readonly field: string;
  readonly by?: number;
  readonly status?: string;
}
const everywhere = (
  methods: readonly string[],
  field: string,
  ...amounts: readonly number[]
): Lie[] => methods.flatMap((method) => amounts.map((by) => ({ methods: [method], field, by })));
/** Lies that change nothing, even in every reply of the method. */
const LASTING: readonly Lie[] = [
  ...everywhere(['getHealth', 'getTransaction'], 'latestLedger', 1, 5_000, -1, -30),
  ...everywhere(['getHealth', 'getTransaction'], 'latestLedgerCloseTime', 330, -330),
  ...everywhere(['getHealth', 'getTransaction', 'getEvents'], 'oldestLedger', 100_000),
  ...everywhere(['getLedgerEntries'], 'latestLedger', 1, 5_000, -30),
  ...everywhere(['simulateTransaction', 'sendTransaction', 'getEvents'], 'latestLedger', 5_000),
  ...everywhere(['getEvents'], 'cursor', 5_000),
  { methods: ['sendTransaction'], field: 'status', status: 'TRY_AGAIN_LATER' },
];
/** Lies that change nothing when one reply at a time has them. */
const ONCE: readonly Lie[] = [
  ...LASTING,
  ...everywhere(['getTransaction'], 'ledger', -5, -1, 1, 5_000),
  ...everywhere(['getTransaction'], 'createdAt', 330, -330),
  ...everywhere(['getLedgerEntries'], 'latestLedger', -1),
  ...everywhere(['getLedgerEntries'], 'sequence', 1, 100),
  { methods: ['getTransaction'], field: 'status', status: 'NOT_FOUND' },
  { methods: ['getTransaction'], field: 'status', status: 'FAILED' },
  { methods: ['getTransaction'], field: 'status', status: 'SUCCESS' },
];
/**
 * How often a round calls each method: for the head, for the pool, for accounts, for each
 * transaction.
 */
const PLACES: Readonly<Record<string, number>> = {
  getHealth: 3,
  getTransaction: 5,
  getLedgerEntries: 4,
};

const lasting = LASTING.map((each) => ({ ...each, places: null }));
const once = ONCE.map((each) => ({ ...each, places: PLACES[each.methods.join()] ?? 1 }));
type Case = Lie & {
  /** The reply that lies, in a round of its own; null: every reply of three rounds. */
  readonly places: number | null;
};
const named = ({ methods, field, by, status, places }: Case): string =>
  `${methods.join()} ${field} ` +
  `${status ?? by}${places === null ? ', in every reply' : `, in one reply at each of ${places} places`}`;

async function lyingRounds({ places, ...of }: Case): Promise<void> {
  if (places === null) {
    lie(of);
    await rounds(3);
  }
  for (let place = 0; place < (places ?? 0); place++) {
    lie({ ...of, times: 1, after: place });
    await rounds(1);
    honest();
    await rounds(1);
  }
  honest();
}

/** Of each of the two lists. A case takes more than a second, so a run has a part of them. */
const SHARE = 1 / 3;
const drawn = (kind: string) =>
  someOf(kind, [...once, ...lasting], SHARE).map((each) => [named(each), each] as const);

describe('one lying field at a time, at every place where it is read', () => {
  test.each(drawn('lies about an open hold'))(
    '%s: an open hold stays, and settles where it landed',
    async (_, which) => {
      const open = await stageHold(stage, pool);
      await lyingRounds(which);
      expect(await stateOf(open)).toBe('held');
      await rounds(4);
      expect(await stateOf(open)).toBe('held');
      await isRefused();
      expect(await open.submit()).toBe('PENDING');
      const landedAt = (await stage.network.closeLedgers(1)).ledger;
      await lyingRounds(which);
      // whatever the state is called by then, none of the amount is free
      expect(await stage.under.ledger.reader.position(pool.id)).toMatchObject({ available: 0n });
      await rounds(2);
      expect(await reservationNow(stage, open.reservationId)).toMatchObject({
        state: 'settled',
        settled_ledger: String(landedAt),
      });
      await assertWell();
    },
  );

  test.each(drawn('lies about a lapsed hold'))(
    '%s: a lapsed hold expires once the lie is over',
    async (_, which) => {
      const lapsed = await stageHold(stage, pool);
      while (BigInt(stage.network.control.head().closeTime) < lapsed.funding.maxTime)
        stage.network.control.travel(400); // ledgers closed by hand run ahead of the clock
      await lyingRounds(which);
      await rounds(6);
      expect(await reservationNow(stage, lapsed.reservationId)).toMatchObject({ state: 'expired' });
      await stageHold(stage, pool);
      await assertWell();
    },
  );
});
