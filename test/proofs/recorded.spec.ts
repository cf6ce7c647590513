import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { creditlineKey } from '../../sandbox/contracts/creditline-storage.js';
import { poolStats } from '../../sandbox/contracts/pool-storage.js';
import type { Host } from '../../sandbox/contracts/host.js';
import { contractCode } from '../../sandbox/contracts/registry.js';
import { contractDataKey } from '../../sandbox/network/ledger-entries.js';
import { tokenHolding, tokenKey } from '../../sandbox/contracts/token.contract.js';
import {
  ABSENT_FUNCTIONS,
  DECIDED_OUTSIDE,
  KEPT_DIFFERENCES,
} from '../support/recorded-differences.js';
import { CODE_NAMES, codeOf } from '../support/recorded-code.js';
import type { Aspect, Difference } from '../support/recorded-entries.js';
import { type RecordedCall, RecordedWorld } from '../support/recorded-replay.js';
import { recorded } from '../support/recorded.js';
import { entryBytes } from '../support/recorded-values.js';
import { replayStory, type StoryReplay } from '../support/recorded-story.js';

/** The story is 290 steps and takes seconds; a busy machine takes longer. */
const PATIENCE = 120_000;
const recording = recorded('g1');
const STEPFI = codeOf('g1');
let replay: StoryReplay;
beforeAll(() => {
  replay = replayStory(recording);
}, PATIENCE);

const place = ({ step, aspect }: Pick<Difference, 'step' | 'aspect'>): string =>
  `${step}: ${aspect}`;
const KEPT = new Set(
  KEPT_DIFFERENCES.flatMap(({ steps, aspects }) =>
    steps.flatMap((step) => aspects.map((aspect) => place({ step, aspect }))),
  ),
);

describe('the story of g1 on the contracts of the sandbox', () => {
  it('ends every step as recorded, except for the listed differences', () => {
    expect(replay.differences.filter((difference) => !KEPT.has(place(difference)))).toEqual([]);
  });

  it('lists no difference that no longer exists', () => {
    const found = new Set(replay.differences.map(place));
    expect([...KEPT].filter((each) => !found.has(each))).toEqual([]);
    expect(replay.differences).toHaveLength(16);
  });

  it('leaves out only steps that something else than the contracts decided', () => {
    expect(replay.outside).toEqual(DECIDED_OUTSIDE);
  });

  // a comparison that is never made finds nothing
  it.each<[Aspect, number]>([
    ['simulation', 282],
    ['footprint', 216],
    ['outcome', 176],
    ['return value', 382],
    ['events', 159],
    ['entries', 542],
    ['sizes', 159],
    ['figures', 766],
    ['written bytes', 196],
  ])('compares %s %i times', (aspect, times) => {
    expect(replay.compared[aspect]).toBe(times);
  });

  it(
    'finds the limits of another profile',
    () => {
      const found = replayStory(recording, contractCode('scaled', 7)).differences.filter(
        ({ step }) => step.startsWith('limit-'),
      );
      expect(found.map(place)).toEqual([
        'limit-90-one-above: simulation',
        'limit-89-one-above: simulation',
        'limit-50-above: simulation',
      ]);
    },
    PATIENCE,
  );

  it(
    'finds a loan that is one second younger',
    () => {
      const altered = new Map(STEPFI);
      const creditline = STEPFI.get('creditline');
      const create = creditline?.functions['create_loan'];
      if (!creditline || !create) throw new Error('no creditline');
      const later = (host: Host): Host =>
        Object.create(host, {
          ledger: { value: { ...host.ledger, timestamp: host.ledger.timestamp + 1n } },
        }) as Host;
      altered.set('creditline', {
        ...creditline,
        functions: {
          ...creditline.functions,
          create_loan: (host, args) => create(later(host), args),
        },
      });
      expect(
        replayStory(recording, altered)
          .differences.filter(({ step }) => step === 'create_loan-standard')
          .map(({ aspect }) => aspect),
      ).toEqual(['entries', 'figures']);
    },
    PATIENCE,
  );
});

describe('the deployment of g1', () => {
  it('exports the recorded functions, except those that are left out', () => {
    for (const [role, name] of Object.entries(CODE_NAMES)) {
      const published = recording.contracts[role]?.functions;
      if (!published) continue;
      expect({
        role,
        functions: [
          ...Object.keys(STEPFI.get(name)?.functions ?? {}),
          ...(ABSENT_FUNCTIONS[role] ?? []),
        ].sort(),
      }).toEqual({ role, functions: [...published].sort() });
    }
  });

  it.each(Object.entries(recording.sizes))(
    'writes a loan entry of the recorded bytes with %s instalments',
    (instalments, { loanEntryBytes, note }) => {
      const world = settled();
      world.keep(
        world.simulate(
          callIn(world, ['pool', 'deposit'], {
            provider: world.account('provider-1'),
            amount: '10000',
          }),
        ),
      );
      const args = {
        ...loanArguments(world, 'A', [1200, 240]),
        repayment_schedule: Array.from({ length: Number(instalments) }, (_, at) => row(at)),
        loan_type: [note?.includes('learner') ? 'LearnerInstallment' : 'Standard'],
      };
      const done = world.simulate(callIn(world, ['creditline', 'create_loan'], args));
      if (!done.ok) throw new Error(JSON.stringify(done.raised));
      const entry = done.overlay.get(
        contractDataKey(world.id('creditline'), creditlineKey.loan(1n), 'persistent').id,
      );
      expect(entry && entryBytes(entry.data)).toBe(loanEntryBytes);
    },
  );

  it.each(recording.vectors)(
    'keeps the figures of the vector "$name"',
    ({ steps, recorded: figures }) => {
      const world = settled();
      const loans = new Map<string, string>();
      for (const [fn, ...values] of steps) {
        const [who, ...rest] = values;
        const loan = loans.get(String(who));
        const done = world.simulate(
          fn === 'deposit'
            ? callIn(world, ['pool', fn], {
                provider: world.account('provider-1'),
                amount: String(who),
              })
            : fn === 'create_loan'
              ? callIn(
                  world,
                  ['creditline', fn],
                  loanArguments(world, String(who), rest.map(Number)),
                )
              : fn === 'repay_loan'
                ? callIn(world, ['creditline', fn], {
                    borrower: BORROWERS[String(who)],
                    loan_id: loan,
                    amount: String(rest[0]),
                  })
                : callIn(world, ['creditline', fn], { loan_id: loan }, LATE),
        );
        if (!done.ok) throw new Error(`${fn} ${JSON.stringify(done.raised)}`);
        if (fn === 'create_loan') loans.set(String(who), String(loans.size + 1));
        world.keep(done);
      }
      const read = world.simulate(callIn(world, ['pool', 'get_pool_stats'], {}));
      if (!read.ok) throw new Error('no figures');
      const stats = poolStats.decode(read.value);
      const holding = world.stored('token', tokenKey.balance(world.id('pool')));
      expect({
        total: Number(stats.total_liquidity),
        locked: Number(stats.locked_liquidity),
        available: Number(stats.available_liquidity),
        tokens: Number(holding ? tokenHolding.decode(holding).amount : 0n),
        total_shares: Number(stats.total_shares),
        share_price: Number(stats.share_price),
      }).toEqual(figures);
    },
  );
});

describe('docs/local-network.md', () => {
  const section =
    readFileSync('docs/local-network.md', 'utf8')
      .split('## Differences from the recordings')[1]
      ?.split('\n## ')[0] ?? '';
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

  it('lists every kept difference with its reason, and no other', () => {
    expect(rows.filter((cells) => cells.length === 3)).toEqual(
      KEPT_DIFFERENCES.map(({ steps, difference, reason }) => [
        steps.map((step) => `\`${step}\``).join(', '),
        difference,
        reason,
      ]),
    );
  });

  it('lists the functions that are left out', () => {
    expect(rows.filter((cells) => cells.length === 2)).toEqual(
      Object.entries(ABSENT_FUNCTIONS).map(([role, functions]) => [
        `\`${role}\``,
        functions.map((fn) => `\`${fn}\``).join(', '),
      ]),
    );
  });
});

const NOW = 1_800_000_000;
const LATE = NOW + 40 * 86_400;
const BORROWERS: Readonly<Record<string, string>> = {
  A: recording.accounts['b-90'] ?? '',
  B: recording.accounts['b-std'] ?? '',
};

function callIn(
  world: RecordedWorld,
  [contract, fn]: readonly [string, string],
  args: Readonly<Record<string, unknown>>,
  closeTime = NOW,
): RecordedCall {
  const caller = args['provider'] ?? args['user'] ?? args['borrower'] ?? world.account('keeper');
  return world.callOf({ caller, contract, function: fn, args, ledger: 1000, closeTime });
}

/** A deployment after the recorded set-up, with two borrowers of the highest score. */
function settled(): RecordedWorld {
  const world = new RecordedWorld(recording);
  const scores = Object.values(BORROWERS).map((user) => ({
    caller: 'admin',
    contract: 'reputation',
    function: 'set_score',
    args: { updater: world.account('admin'), user, new_score: 100 },
    ledger: 900,
    closeTime: NOW,
  }));
  for (const setup of [
    ...recording.setup.filter((each) => each['contract'] !== null && each['beforeStep'] === 0),
    ...scores,
  ]) {
    const done = world.simulate(world.callOf(setup));
    if (!done.ok) throw new Error(JSON.stringify(done.raised));
    world.keep(done);
  }
  return world;
}

const row = (at: number): object => ({
  amount: '100',
  due_date: String(NOW + 30 * 86_400 + at),
  paid: false,
  paid_at: '0',
});

function loanArguments(
  world: RecordedWorld,
  who: string,
  [total, guarantee]: readonly number[],
): Readonly<Record<string, unknown>> {
  return {
    user: BORROWERS[who],
    vendor: world.account('vendor-1'),
    total_amount: String(total),
    guarantee_amount: String(guarantee),
    repayment_schedule: [row(0)],
    loan_type: ['Standard'],
  };
}
