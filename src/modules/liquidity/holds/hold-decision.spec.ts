import { describe, expect, test } from '@jest/globals';
import { request } from '../../../../test/support/given-ledger.js';
import { DEFAULT_RULES, type StoredRules } from '../pools/pool-rules.js';
import type { HoldOutcome, HoldRequest } from '../reservation.js';
import {
  type LedgerFacts,
  lineOf,
  type LockedPool,
  NO_FACTS,
  type RequestFacts,
  type WindowRoom,
} from './hold-facts.js';
import { decideHolds, type HoldConditions, refusalOf } from './hold-decision.js';

const POOL = '01a22549-7b2c-755b-9ba6-5295010862f2';
const NOW = 1_800_000_000;
const LAG_MAX = 60;
const RULES: StoredRules = { ...DEFAULT_RULES, maxSnapshotAgeSeconds: 600, strict: false };
const pool = (changed: Partial<LockedPool> = {}): LockedPool => ({
  id: POOL,
  network: 'Test Network',
  lendingContract: 'C1',
  state: 'active',
  rules: RULES,
  limits: { outflowCapBps: null, vendorCap: null, utilisationCapBps: null },
  total: 1_000n,
  locked: 0n,
  tokenBalance: 1_000n,
  held: 0n,
  inFlight: 0n,
  buffer: 0n,
  utilisationCapBps: null,
  snapshotLedger: 100,
  ageSeconds: 1,
  headCloseTime: BigInt(NOW),
  now: NOW,
  nextDeadline: null,
  ...changed,
});

interface Asked {
  readonly amount?: bigint;
  readonly key?: string;
  readonly fingerprint?: string;
  readonly borrower?: string;
  readonly maxTime?: bigint;
  readonly ask?: HoldRequest['ask'];
}
function asked({ ask, maxTime = BigInt(NOW + 300), ...changed }: Asked = {}): HoldRequest {
  const plain = request(POOL, { amount: 100n });
  if (plain.ask.kind !== 'hold') throw new Error('a request has a transaction');
  const { envelope } = plain.ask;
  return {
    ...plain,
    ask: ask ?? { kind: 'hold', envelope: { ...envelope, maxTime } },
    ...changed,
  };
}

interface Given {
  readonly pool?: Partial<LockedPool>;
  readonly facts?: readonly Partial<RequestFacts>[];
  readonly window?: WindowRoom;
}
function decided(batch: readonly HoldRequest[], given: Given = {}): HoldOutcome[] {
  const locked = pool(given.pool);
  const facts: LedgerFacts = {
    pools: new Map([[POOL, locked]]),
    requests: batch.map((_, index) => ({ ...NO_FACTS, ...given.facts?.[index] })),
    windows: new Map(given.window ? [[lineOf(locked), given.window]] : []),
  };
  return decideHolds(batch, facts, LAG_MAX).map(({ outcome }) => outcome);
}
const kinds = (outcomes: readonly HoldOutcome[]): string[] => outcomes.map(({ kind }) => kind);

describe('one request', () => {
  const live = { loanId: 'l', reservationId: 'r' };
  const backOff = { until: BigInt(NOW + 60), waitSeconds: 60, lapses: 3, allowed: 3 };
  const key = {
    requestId: 'earlier',
    fingerprint: 'same',
    record: { kind: 'held', poolId: POOL, reservationId: 'earlier' },
    expired: false,
  } as const;
  test.each<[string, Asked, Given, Partial<HoldOutcome>]>([
    ['fits', {}, {}, { kind: 'held', atLedger: 100 }],
    ['takes all that is left', { amount: 1_000n }, {}, { kind: 'held' }],
    [
      'takes one base unit too many',
      { amount: 1_001n },
      { pool: { nextDeadline: 7n } },
      {
        kind: 'refused',
        code: 'INSUFFICIENT_LIQUIDITY',
        facts: { available: '1000', atLedger: 100, nextDeadline: '7' },
      },
    ],
    [
      'shows zero in a shortfall',
      { amount: 1n },
      { pool: { held: 900n, inFlight: 200n } },
      {
        kind: 'refused',
        facts: { available: '0', atLedger: 100, nextDeadline: null },
      },
    ],
    [
      'counts the token balance',
      { amount: 51n },
      { pool: { tokenBalance: 50n } },
      { kind: 'refused' },
    ],
    ['counts what is locked', { amount: 100n }, { pool: { locked: 901n } }, { kind: 'refused' }],
    ['counts the buffer', { amount: 100n }, { pool: { buffer: 901n } }, { kind: 'refused' }],
    [
      'is asked of a paused pool',
      {},
      { pool: { state: 'paused' } },
      { kind: 'pool_closed_for_holds' },
    ],
    [
      'is of a borrower with a hold',
      {},
      { facts: [{ live: [{ ...live, slot: 0 }] }] },
      { kind: 'borrower_busy', ...live },
    ],
    [
      'is of a borrower who has to wait',
      {},
      { facts: [{ backOff }] },
      { kind: 'back_off', ...backOff },
    ],
    ['finds an old snapshot', {}, { pool: { ageSeconds: 601 } }, { kind: 'snapshot_stale' }],
    [
      'finds no snapshot',
      {},
      { pool: { ageSeconds: null } },
      { kind: 'snapshot_stale', ageSeconds: null },
    ],
    [
      'finds a chain that lags',
      { maxTime: BigInt(NOW + 239) },
      { pool: { headCloseTime: BigInt(NOW - 61) } },
      { kind: 'snapshot_stale' },
    ],
    [
      'shows a newer chain time itself',
      { maxTime: BigInt(NOW + 240) },
      { pool: { headCloseTime: BigInt(NOW - 61) } },
      { kind: 'held' },
    ],
    [
      'leaves too little time to sign',
      { maxTime: BigInt(NOW + 29) },
      { pool: { rules: { ...RULES, holdSeconds: 29 } } },
      { kind: 'stale' },
    ],
    [
      'has a sequence that is used up',
      {},
      { facts: [{ consumedSequence: 2n ** 62n }] },
      { kind: 'stale' },
    ],
    [
      'is larger than one hold may be',
      { amount: 101n },
      { pool: { rules: { ...RULES, maxWalletShareBps: 1_000 } } },
      { kind: 'share_exceeded', bound: 100n, asked: 101n },
    ],
    [
      'is as large as one hold may be',
      {},
      { pool: { rules: { ...RULES, maxWalletShareBps: 1_000 } } },
      { kind: 'held' },
    ],
    ['fits, and was not to be held', { ask: { kind: 'refuse-only' } }, {}, { kind: 'fits' }],
    [
      'was refused by the contract',
      { ask: { kind: 'record-refusal', code: 'C', facts: {} } },
      {},
      { kind: 'refused', code: 'C' },
    ],
    [
      'made its hold in an earlier run',
      {},
      { facts: [{ heldAtLedger: 90 }] },
      { kind: 'held', atLedger: 90 },
    ],
    [
      'has a key that is known',
      { fingerprint: 'same' },
      { facts: [{ key }] },
      { kind: 'replayed' },
    ],
    [
      'has a key of another request',
      { fingerprint: 'other' },
      { facts: [{ key }] },
      { kind: 'key_reused' },
    ],
    [
      'has a key that expired',
      {},
      { facts: [{ key: { ...key, expired: true } }] },
      { kind: 'held' },
    ],
  ])('%s', (_, given, facts, outcome) => {
    expect(decided([asked(given)], facts)).toEqual([expect.objectContaining(outcome)]);
  });

  test('of a pool that is in no table is answered as such', () => {
    const [first] = decideHolds(
      [asked()],
      { pools: new Map(), requests: [NO_FACTS], windows: new Map() },
      LAG_MAX,
    );
    expect(first).toEqual({ outcome: { kind: 'pool_unknown' }, writes: false });
  });
});

describe('requests of one batch', () => {
  test('are decided in the order in which they came: a smaller one behind may fit', () => {
    const amounts = [600n, 500n, 400n, 1n];
    const outcomes = decided(amounts.map((amount) => asked({ amount })));
    expect(kinds(outcomes)).toEqual(['held', 'refused', 'held', 'refused']);
    expect(outcomes[1]).toMatchObject({ facts: { available: '400' } });
    expect(outcomes[3]).toMatchObject({ facts: { available: '0' } });
  });

  test('see the deadline of a hold before them and behind them', () => {
    const outcomes = decided([
      asked({ amount: 2_000n }),
      asked({ amount: 10n, maxTime: BigInt(NOW + 200) }),
    ]);
    expect(outcomes[0]).toMatchObject({ facts: { nextDeadline: String(NOW + 200) } });
  });

  test('of one borrower: the second is busy with the first', () => {
    const [first, second] = [asked({ borrower: 'G1' }), asked({ borrower: 'G1' })];
    expect(decided([first, second])).toEqual([
      expect.objectContaining({ kind: 'held' }),
      { kind: 'borrower_busy', loanId: first.loan.loanId, reservationId: first.reservationId },
    ]);
  });

  test('of one key: the second gets the answer of the first, or the refusal that the key is used', () => {
    const same = { key: 'k', fingerprint: 'f' };
    const first = asked(same);
    const outcomes = decided([first, asked(same), asked({ key: 'k', fingerprint: 'g' })]);
    expect(outcomes.slice(1)).toEqual([
      {
        kind: 'replayed',
        record: { kind: 'held', poolId: POOL, reservationId: first.reservationId },
      },
      { kind: 'key_reused' },
    ]);
    const refused = decided([
      asked({ ...same, amount: 2_000n }),
      asked({ ...same, amount: 2_000n }),
    ]);
    expect(refused[1]).toMatchObject({
      kind: 'replayed',
      record: refused[0] && { code: 'INSUFFICIENT_LIQUIDITY' },
    });
  });

  test('a key is not taken by a request of which nothing is recorded', () => {
    const same = { key: 'k', fingerprint: 'f' };
    expect(kinds(decided([asked({ ...same, ask: { kind: 'refuse-only' } }), asked(same)]))).toEqual(
      ['fits', 'held'],
    );
  });
});

describe('holds that must be able to land in any order', () => {
  const window: WindowRoom = { liveHolds: 2, liveBytes: 2_000, roomLoans: 1, roomBytes: 10_000 };
  const facts = [{ used: { loans: 0, bytes: 0 } }, { used: { loans: 0, bytes: 0 } }];
  const bounded = (batch: readonly HoldRequest[], room: WindowRoom): HoldOutcome[] =>
    decided(batch, { pool: { rules: { ...RULES, strict: true } }, window: room, facts });

  test('the last place is taken once', () => {
    expect(bounded([asked(), asked()], window)).toMatchObject([
      { kind: 'held' },
      { kind: 'counter_window_full', liveHolds: 3, window: 3 },
    ]);
  });

  test('without a bound its own window is the bound of the next one', () => {
    const [first] = [asked()];
    if (first.ask.kind !== 'hold') throw new Error('a request has a transaction');
    const narrow: HoldRequest = {
      ...first,
      ask: {
        kind: 'hold',
        envelope: { ...first.ask.envelope, loanIdFirst: 1n, loanIdLast: 4n },
      },
    };
    const free: WindowRoom = { ...window, roomLoans: null, roomBytes: null };
    expect(kinds(bounded([narrow, asked()], { ...free, liveHolds: 3 }))).toEqual([
      'held',
      'counter_window_full',
    ]);
    expect(bounded([narrow], { ...free, liveHolds: 4 })).toMatchObject([
      { kind: 'window_small', liveHolds: 4, window: 4 },
    ]);
  });

  test('bytes are short when loan ids are not', () => {
    const entryBytes = asked().loan.entryBytes;
    const short = { ...window, roomLoans: 9, roomBytes: entryBytes - 1 };
    expect(bounded([asked()], short)).toMatchObject([
      { kind: 'counter_window_full', bytes: { entryBytes, bytesLeft: entryBytes - 1 } },
    ]);
  });

  test('a ledger that did not read the window fails, and does not guess', () => {
    expect(() => decided([asked()], { pool: { rules: { ...RULES, strict: true } } })).toThrow(
      'were not read',
    );
  });
});

describe("the contract's own limits", () => {
  const capped = (outflowCapBps: number | null, vendorCap: bigint | null = null) => ({
    limits: { outflowCapBps, vendorCap, utilisationCapBps: null },
  });
  const half = capped(5_000); // of 1,000: 500 alone, 333 together

  test.each<[string, Asked, Partial<LockedPool>, Partial<HoldOutcome>]>([
    ['a loan alone may take the whole cap', { amount: 500n }, half, { kind: 'held' }],
    [
      'a loan above the cap never lands',
      { amount: 501n },
      half,
      {
        kind: 'refused',
        code: 'OUTFLOW_CAP_EXCEEDED',
        facts: { capBps: 5_000, cap: '500', asked: '501', atLedger: 100 },
      },
    ],
    [
      'with a live hold the sum is bounded',
      { amount: 233n },
      { ...half, held: 100n },
      { kind: 'held' },
    ],
    [
      'one base unit above the safe sum',
      { amount: 234n },
      { ...half, held: 100n, nextDeadline: 7n },
      {
        kind: 'refused',
        code: 'OUTFLOW_CAP_REACHED',
        facts: {
          capBps: 5_000,
          safeSum: '333',
          held: '100',
          asked: '234',
          atLedger: 100,
          nextDeadline: '7',
        },
      },
    ],
    [
      'a settled loan that the snapshot lacks lowers what is available',
      { amount: 101n },
      { ...half, inFlight: 800n },
      { kind: 'refused', code: 'OUTFLOW_CAP_EXCEEDED' },
    ],
    [
      'what is locked does not count',
      { amount: 101n },
      { ...half, locked: 800n, tokenBalance: 900n },
      { kind: 'refused', code: 'OUTFLOW_CAP_EXCEEDED' },
    ],
    [
      'a full cap is not the same as none',
      { amount: 401n },
      { ...capped(10_000), held: 100n },
      { kind: 'refused', code: 'OUTFLOW_CAP_REACHED' },
    ],
    [
      'without a cap all is held',
      { amount: 900n },
      { ...capped(null), held: 100n },
      { kind: 'held' },
    ],
  ])('%s', (_, changed, locked, expected) => {
    expect(decided([asked(changed)], { pool: locked })).toMatchObject([expected]);
  });

  test.each<[string, Asked, Partial<LockedPool>, Partial<HoldOutcome>]>([
    ['what the utilisation limit leaves can be held', { amount: 200n }, {}, { kind: 'held' }],
    [
      'and not one base unit more',
      { amount: 201n },
      {},
      {
        kind: 'refused',
        code: 'INSUFFICIENT_LIQUIDITY',
        facts: { available: '200', atLedger: 100, nextDeadline: null },
      },
    ],
    [
      'holds, loans that the snapshot lacks, and the buffer count as lent',
      { amount: 51n },
      { held: 100n, inFlight: 30n, buffer: 20n },
      {
        code: 'INSUFFICIENT_LIQUIDITY',
        facts: { available: '50', atLedger: 100, nextDeadline: null },
      },
    ],
    ['tokens still bound', { amount: 91n }, { tokenBalance: 90n }, { kind: 'refused' }],
    [
      'where more is lent than the limit allows, nothing is left',
      { amount: 1n },
      { utilisationCapBps: 5_000 },
      {
        code: 'INSUFFICIENT_LIQUIDITY',
        facts: { available: '0', atLedger: 100, nextDeadline: null },
      },
    ],
    [
      'a limit of everything is none',
      { amount: 400n },
      { utilisationCapBps: 10_000 },
      { kind: 'held' },
    ],
  ])('%s', (_, changed, locked, expected) => {
    // of 1,000 at most 800 are lent, and 600 are
    const given = { locked: 600n, utilisationCapBps: 8_000, ...locked };
    expect(decided([asked(changed)], { pool: given })).toMatchObject([expected]);
  });

  test('requests of one batch share the safe sum', () => {
    const batch = Array.from({ length: 5 }, () => asked({ amount: 100n }));
    expect(kinds(decided(batch, { pool: half }))).toEqual([
      'held',
      'held',
      'held',
      'refused',
      'refused',
    ]);
  });

  const forVendor = (amount: bigint, vendor = 'GV', funded: bigint | null = 40n): HoldRequest => {
    const plain = asked({ amount });
    if (plain.ask.kind !== 'hold') throw new Error('a request has a transaction');
    return {
      ...plain,
      loan: { ...plain.loan, vendor },
      ask: { ...plain.ask, vendorFunded: funded === null ? null : { amount: funded, ledger: 99 } },
    };
  };

  test.each<[string, bigint, bigint | null, Partial<HoldOutcome>]>([
    ['up to the cap', 30n, 40n, { kind: 'held' }],
    [
      'above the cap with the live holds',
      31n,
      40n,
      {
        kind: 'refused',
        code: 'VENDOR_CAP_REACHED',
        facts: { cap: '100', funded: '40', held: '30', asked: '31', atLedger: 99 },
      },
    ],
    ['above the cap by itself', 61n, 40n, { kind: 'refused', code: 'VENDOR_CAP_EXCEEDED' }],
    ['without a figure of the contract', 61n, null, { kind: 'held' }],
  ])('a vendor is held %s', (_, amount, funded, expected) => {
    expect(
      decided([forVendor(amount, 'GV', funded)], {
        pool: capped(null, 100n),
        facts: [{ vendorHeld: 30n }],
      }),
    ).toMatchObject([expected]);
  });

  test('that cannot be read promise nothing, whatever fits', () => {
    const unreadable = ['OUTFLOW is no number.'];
    const limits = { outflowCapBps: null, vendorCap: null, utilisationCapBps: null, unreadable };
    expect(decided([asked({ amount: 1n })], { pool: { limits } })).toMatchObject([
      { kind: 'snapshot_stale', ageSeconds: 1, maxAgeSeconds: 600, unreadable },
    ]);
  });

  test('requests of one batch share the cap of their vendor, and no other', () => {
    const batch = [forVendor(60n), forVendor(1n), forVendor(60n, 'GW')];
    expect(decided(batch, { pool: capped(null, 100n) })).toMatchObject([
      { kind: 'held' },
      { kind: 'refused', code: 'VENDOR_CAP_REACHED' },
      { kind: 'held' },
    ]);
  });
});

describe('the order of answers', () => {
  const worst: HoldConditions = {
    state: 'paused',
    available: 0n,
    atLedger: 100,
    ageSeconds: null,
    rules: { ...RULES, maxWalletShareBps: 1 },
    total: 1n,
    chainLagSeconds: null,
    live: { loanId: 'l', reservationId: 'r' },
    backOff: { until: 1n, waitSeconds: 1, lapses: 3, allowed: 3 },
    limits: {
      outflowCapBps: null,
      vendorCap: null,
      utilisationCapBps: null,
      unreadable: ['OUTFLOW is no number.'],
    },
    outflow: { capBps: 1, unlocked: 1n, held: 0n },
    vendor: { cap: 1n, funded: 1n, held: 0n, atLedger: 100 },
  };
  const cures: readonly (readonly [string | undefined, Partial<HoldConditions>])[] = [
    ['pool_closed_for_holds', { state: 'active' }],
    ['borrower_busy', { live: null }],
    ['back_off', { backOff: null }],
    ['snapshot_stale', { ageSeconds: 1, chainLagSeconds: 1 }],
    [
      'snapshot_stale',
      { limits: { outflowCapBps: null, vendorCap: null, utilisationCapBps: null } },
    ],
    ['share_exceeded', { total: null }],
    ['INSUFFICIENT_LIQUIDITY', { available: 1n }],
    ['OUTFLOW_CAP_EXCEEDED', { outflow: null }],
    ['VENDOR_CAP_EXCEEDED', { vendor: null }],
    [undefined, {}],
  ];

  test('each rule hides those behind it', () => {
    let conditions = worst;
    for (const [kind, cure] of cures) {
      const refusal = refusalOf(conditions, 1n, LAG_MAX);
      expect(refusal?.kind === 'refused' ? refusal.code : refusal?.kind).toBe(kind);
      conditions = { ...conditions, ...cure };
    }
  });

  test('without an amount the rules on the amount do not apply', () => {
    const open = cures.slice(0, 5).reduce((all, [, cure]) => ({ ...all, ...cure }), worst);
    expect(refusalOf(open, null, LAG_MAX)).toBeNull();
    expect(refusalOf(open, 1n, LAG_MAX)?.kind).toBe('share_exceeded');
  });
});
