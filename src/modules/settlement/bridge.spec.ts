import { describe, expect, test } from '@jest/globals';
import type {
  EventData,
  Figures,
  LedgerSide,
  SeenEvent,
  SnapshotPair,
} from '../liquidity/snapshots/observation.js';
import { bridge, type Bridged } from './bridge.js';
import { explainPair } from './reconciliation-breaks.js';

const contract = (letter: string): string => `C${letter.repeat(55)}`;
const [POOL, CREDITLINE, TOKEN, SOMEONE] = [
  contract('P'),
  contract('L'),
  contract('T'),
  `G${'S'.repeat(55)}`,
];
const ASSET = 'USD:GISSUER';

/** A transaction's events, in order. */
class Story {
  readonly events: SeenEvent[] = [];
  private transactions = 0;

  landed(
    ...parts: readonly (readonly [contract: string, topics: readonly string[], data: EventData])[]
  ): this {
    const transaction = ++this.transactions;
    for (const [index, [of, topics, data]] of parts.entries()) {
      const operation = String((1000n << 32n) | (BigInt(transaction) << 12n)).padStart(19, '0');
      const id = `${operation}-${String(index).padStart(10, '0')}`;
      this.events.push({
        id,
        ledger: 1000,
        txHash: String(transaction).padStart(64, '0'),
        contract: of,
        name: topics[0] ?? '',
        topics,
        data,
      });
    }
    return this;
  }

  deposit(amount: bigint): this {
    return this.landed(moved(SOMEONE, POOL, amount), [
      POOL,
      ['LQDEPST', SOMEONE],
      [`${amount}`, '1'],
    ]);
  }
  withdrawal(amount: bigint): this {
    return this.landed(
      [POOL, ['LQWTHDR', SOMEONE], ['99', `${amount}`]],
      moved(POOL, SOMEONE, amount),
    );
  }
  funding(amount: bigint): this {
    return this.landed(
      moved(POOL, SOMEONE, amount),
      [POOL, ['LQFUND', CREDITLINE], `${amount}`],
      [CREDITLINE, ['LOANCRTD', SOMEONE, SOMEONE], ['1']],
    );
  }
  repayment(principal: bigint, interest: bigint): this {
    const shares = interest === 0n ? [] : interestParts(interest);
    return this.landed(
      moved(CREDITLINE, POOL, principal + interest),
      [POOL, ['LQREPAY', CREDITLINE], [`${principal}`, `${interest}`]],
      ...shares,
    );
  }
  guarantee(amount: bigint): this {
    return this.landed(moved(CREDITLINE, POOL, amount), [
      POOL,
      ['LQGUART', CREDITLINE],
      `${amount}`,
    ]);
  }
  interest(amount: bigint): this {
    return this.landed(...interestParts(amount));
  }
}
const moved = (from: string, to: string, amount: bigint): [string, string[], EventData] => [
  TOKEN,
  ['transfer', from, to, ASSET],
  `${amount}`,
];
/** 85 % stay, 10 % and the rest go out (docs/stellar.md#pool-arithmetic). */
function interestParts(amount: bigint): [string, readonly string[], EventData][] {
  const [providers, treasury] = [(amount * 85n) / 100n, (amount * 10n) / 100n];
  const merchants = amount - providers - treasury;
  return [
    moved(POOL, SOMEONE, treasury),
    moved(POOL, contract('M'), merchants),
    [POOL, ['LQINTDST'], [`${amount}`, `${providers}`, `${treasury}`, `${merchants}`]],
  ];
}

const START: Figures = { total: 10_000n, locked: 0n, tokenBalance: 10_000n };
const over = (
  story: Story,
  after: Figures,
  change: { before?: Figures; ours?: readonly string[]; generation?: string } = {},
): Bridged =>
  bridge({
    generation: change.generation ?? 'g1',
    before: change.before ?? START,
    after,
    events: story.events,
    poolContract: POOL,
    tokenContract: TOKEN,
    ours: new Set(change.ours),
    incomplete: false,
  });
const differences = ({ bridges }: Bridged): unknown[] => [
  bridges.total.difference,
  bridges.locked.difference,
  bridges.tokenBalance.difference,
];
const CLOSED = [0n, 0n, 0n];

describe('the published figures of the pool', () => {
  test('a loan of 1000 with 200 repaid in full: locked falls below zero', () => {
    const result = over(new Story().funding(800n).repayment(1000n, 50n), {
      total: 10_042n,
      locked: -200n,
      tokenBalance: 10_242n,
    });
    expect(differences(result)).toEqual(CLOSED);
    expect(result.bridges.locked.terms).toEqual({ unreservedFundings: 800n, repayments: -1000n });
    expect(result.bridges.total.terms).toEqual({ interest: 42n });
    expect(result.bridges.tokenBalance.terms).toEqual({
      unreservedFundings: -800n,
      repayments: 1050n,
      interest: -8n,
    });
  });

  test('a default: the guarantee counts twice in total less locked, and once in tokens', () => {
    const result = over(new Story().funding(800n).guarantee(200n), {
      total: 10_200n,
      locked: 600n,
      tokenBalance: 9_400n,
    });
    expect(differences(result)).toEqual(CLOSED);
    expect(result.bridges.total.terms).toEqual({ guarantees: 200n });
  });

  test('the published double counting: deposit 1000, fund 500, guarantee 100', () => {
    expect(
      differences(
        over(
          new Story().deposit(1000n).funding(500n).guarantee(100n),
          { total: 1100n, locked: 400n, tokenBalance: 600n },
          { before: { total: 0n, locked: 0n, tokenBalance: 0n } },
        ),
      ),
    ).toEqual(CLOSED);
  });

  test('interest by a stranger raises total without a token coming in', () => {
    const result = over(new Story().interest(1000n), {
      total: 10_850n,
      locked: 0n,
      tokenBalance: 9_850n,
    });
    expect(differences(result)).toEqual(CLOSED);
    expect(result.externalTransfers).toEqual([]);
  });
});

describe('order', () => {
  test(
    'a guarantee recovers what is locked at its moment, so the same events in another order ' +
      'give other figures',
    () => {
      const before = { total: 1000n, locked: 0n, tokenBalance: 1000n };
      expect(
        differences(
          over(
            new Story().funding(100n).guarantee(150n),
            { total: 1100n, locked: 0n, tokenBalance: 1050n },
            { before },
          ),
        ),
      ).toEqual(CLOSED);
      expect(
        differences(
          over(
            new Story().guarantee(150n).funding(100n),
            { total: 1000n, locked: 100n, tokenBalance: 1050n },
            { before },
          ),
        ),
      ).toEqual(CLOSED);
    },
  );

  test('while locked is negative, what a guarantee recovers is negative too', () => {
    expect(
      differences(
        over(
          new Story().guarantee(150n),
          { total: 980n, locked: 0n, tokenBalance: 1150n },
          { before: { total: 1000n, locked: -20n, tokenBalance: 1000n } },
        ),
      ),
    ).toEqual(CLOSED);
  });
});

describe('tokens', () => {
  const quiet = (story: Story, tokenBalance: bigint): Bridged =>
    over(story, { ...START, tokenBalance });

  test.each<[string, readonly string[], EventData, bigint]>([
    ['sent to the pool', ['transfer', SOMEONE, POOL, ASSET], '7', 7n],
    ['sent with a memo', ['transfer', SOMEONE, POOL, ASSET], { amount: '7', to_muxed_id: '1' }, 7n],
    ['sent by the pool to itself', ['transfer', POOL, POOL, ASSET], '7', 0n],
    ['minted', ['mint', POOL, ASSET], '7', 7n],
    ['minted, with the administrator named', ['mint', SOMEONE, POOL, ASSET], '7', 7n],
    ['minted by the pool for someone', ['mint', POOL, SOMEONE, ASSET], '7', 0n],
    ['clawed back', ['clawback', POOL, ASSET], '7', -7n],
    ['clawed back, with the administrator named', ['clawback', SOMEONE, POOL, ASSET], '7', -7n],
    ['burnt', ['burn', POOL, ASSET], '7', -7n],
    ['only approved', ['approve', POOL, SOMEONE, ASSET], ['7', '9'], 0n],
  ])('%s', (_, topics, data, amount) => {
    const result = quiet(new Story().landed([TOKEN, topics, data]), 10_000n + amount);
    expect(differences(result)).toEqual(CLOSED);
    expect(result.externalTransfers.map((each) => each.amount)).toEqual(
      amount === 0n ? [] : [amount],
    );
  });

  test("a transfer takes its name from the pool's event of the same transaction only", () => {
    const result = over(new Story().deposit(300n).landed(moved(SOMEONE, POOL, 300n)), {
      total: 10_300n,
      locked: 0n,
      tokenBalance: 10_600n,
    });
    expect(result.bridges.tokenBalance.terms).toEqual({ deposits: 300n, externalTransfers: 300n });
    expect(result.externalTransfers).toMatchObject([
      { amount: 300n, event: { txHash: '2'.padStart(64, '0') } },
    ]);
  });

  test('a fee without a receiver stays in the pool', () => {
    const result = over(
      new Story().landed(moved(POOL, SOMEONE, 100n), [
        POOL,
        ['LQINTDST'],
        ['1000', '850', '100', '50'],
      ]),
      { total: 10_850n, locked: 0n, tokenBalance: 9_900n },
    );
    expect(differences(result)).toEqual(CLOSED);
    expect(result.bridges.tokenBalance.terms).toEqual({ interest: -100n });
  });
});

describe('events that are unknown', () => {
  test.each<[string, string, EventData]>([
    ['a figure that is no amount', 'LQFUND', [SOMEONE, '800']],
    ['an unknown event', 'LQLOSS', '800'],
  ])('%s leaves the difference open', (_, name, data) => {
    expect(
      differences(
        over(new Story().landed([POOL, [name, CREDITLINE], data]), { ...START, locked: 800n }),
      ),
    ).toEqual([0n, 800n, 0n]);
  });

  test('amounts above 2^53 stay exact', () => {
    const amount = (1n << 126n) + 1n;
    expect(
      differences(
        over(new Story().deposit(amount), {
          total: 10_000n + amount,
          locked: 0n,
          tokenBalance: 10_001n + amount,
        }),
      ),
    ).toEqual([0n, 0n, 1n]);
  });
});

describe('moves', () => {
  const movesOf = (story: Story, ours: readonly string[] = []) =>
    bridge({
      before: START,
      after: START,
      events: story.events,
      generation: 'g1',
      poolContract: POOL,
      tokenContract: TOKEN,
      ours: new Set(ours),
      incomplete: false,
    }).moves;

  test('say which transaction moved which figures under which term', () => {
    const story = new Story().deposit(70n).withdrawal(30n);
    expect(movesOf(story)).toEqual([
      {
        term: 'deposits',
        txHash: '1'.padStart(64, '0'),
        ledger: 1000,
        total: 70n,
        tokenBalance: 70n,
      },
      {
        term: 'withdrawals',
        txHash: '2'.padStart(64, '0'),
        ledger: 1000,
        total: -30n,
        tokenBalance: -30n,
      },
    ]);
  });

  test("name a stranger's funding, and leave out ours: its hold names it", () => {
    const story = new Story().funding(5n).funding(6n);
    const [first] = story.events.filter(({ name }) => name === 'LQFUND');
    expect(movesOf(story, [first?.id ?? ''])).toMatchObject([
      { term: 'unreservedFundings', txHash: '2'.padStart(64, '0'), locked: 6n, tokenBalance: -6n },
    ]);
  });

  test('are the hundred largest, in the order of the chain', () => {
    const story = new Story();
    for (let at = 1; at <= 130; at++) story.deposit(BigInt(at % 2 === 0 ? at : 1000 - at));
    const kept = movesOf(story).map(({ total = 0n }) => total);
    expect(kept).toHaveLength(100);
    const all = story.events
      .filter(({ name }) => name === 'LQDEPST')
      .map(({ data }) => BigInt(String((data as string[])[0])));
    const least = all.toSorted((a, b) => (a < b ? 1 : -1))[99] ?? 0n;
    expect(kept).toEqual(all.filter((amount) => amount >= least));
  });
});

describe('breaks', () => {
  const nothing: LedgerSide = { fundings: [], stillHeld: [], settledUnseen: [], shortfall: 0n };
  const pair = (after: Figures): SnapshotPair => ({
    fromLedger: 999,
    toLedger: 1000,
    before: START,
    after,
    lost: [],
  });
  const explained = (story: Story, after: Figures, side: Partial<LedgerSide> = {}) =>
    explainPair(
      { generation: 'g1', poolContract: POOL, tokenContract: TOKEN },
      pair(after),
      story.events,
      {
        ...nothing,
        ...side,
      },
    );
  const funding = (
    story: Story,
    reservation: { id: string; state: string; amount: bigint } | null,
  ) => {
    const event = story.events.find(({ name }) => name === 'LQFUND');
    if (!event) throw new Error('no funding event');
    return {
      eventId: event.id,
      ledger: 1000,
      txHash: event.txHash,
      amount: 800n,
      borrower: SOMEONE,
      reservation,
    };
  };
  const FUNDED: Figures = { total: 10_000n, locked: 800n, tokenBalance: 9_200n };

  test('none on a quiet pool', () => {
    expect(explained(new Story(), START)).toMatchObject({ outcome: 'explained', breaks: [] });
  });

  test.each(['released', 'expired'])(
    'a hold that ended as %s and was funded is an error of the ledger',
    (state) => {
      const story = new Story().funding(800n);
      expect(
        explained(story, FUNDED, { fundings: [funding(story, { id: 'r', state, amount: 800n })] }),
      ).toMatchObject({
        outcome: 'explained',
        breaks: [
          {
            class: 'ledger_error',
            amount: 800n,
            rows: [{ reservationId: 'r', note: `funded, although the hold is ${state}` }],
          },
        ],
      });
    },
  );

  test('so is another amount than was held, and a settlement without its event', () => {
    const story = new Story().funding(800n);
    expect(
      explained(story, FUNDED, {
        fundings: [funding(story, { id: 'r', state: 'settled', amount: 700n })],
      }).breaks,
    ).toMatchObject([
      { class: 'ledger_error', rows: [{ note: 'funded with another amount than held (700)' }] },
    ]);
    expect(
      explained(new Story(), START, {
        settledUnseen: [{ reservationId: 'q', ledger: 1000, amount: 5n }],
      }).breaks,
    ).toMatchObject([{ class: 'ledger_error', amount: 5n, rows: [{ reservationId: 'q' }] }]);
  });

  test(
    'a landing that is counted twice for a moment is in transit and no shortfall; what is ' +
      'missing beyond it is one',
    () => {
      const story = new Story().funding(800n);
      const stillHeld = [funding(story, { id: 'r', state: 'held', amount: 800n })];
      expect(
        explained(story, FUNDED, { stillHeld, shortfall: 300n }).breaks.map((each) => [
          each.class,
          each.amount,
        ]),
      ).toEqual([['in_transit', 800n]]);
      expect(
        explained(story, FUNDED, { stillHeld, shortfall: 800n }).breaks.map((each) => [
          each.class,
          each.amount,
        ]),
      ).toEqual([['in_transit', 800n]]);
      expect(
        explained(story, FUNDED, { stillHeld, shortfall: 801n }).breaks.map((each) => [
          each.class,
          each.amount,
        ]),
      ).toEqual([
        ['in_transit', 800n],
        ['shortfall', 1n],
      ]);
    },
  );

  test('with events lost nothing is expected, and a settlement without its event proves nothing', () => {
    const result = explainPair(
      { generation: 'g1', poolContract: POOL, tokenContract: TOKEN },
      { ...pair(FUNDED), lost: [{ firstLedger: 990, lastLedger: 999 }] },
      [],
      { ...nothing, settledUnseen: [{ reservationId: 'q', ledger: 1000, amount: 5n }] },
    );
    expect(result).toMatchObject({
      outcome: 'unknown',
      bridges: { locked: { expected: null, difference: null, after: 800n } },
      breaks: [{ class: 'gap', amount: null, rows: [{ ledger: 990, lastLedger: 999 }] }],
    });
  });
});
