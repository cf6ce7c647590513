import type pg from 'pg';
import type { Figures, Term } from '../../src/modules/liquidity/snapshots/observation.js';
import type { Dice } from './dice.js';

const TERMS: readonly Term[] = [
  'settledByUs',
  'repayments',
  'deposits',
  'withdrawals',
  'interest',
  'guarantees',
  'losses',
  'unreservedFundings',
  'externalTransfers',
];
const FIGURES = ['locked', 'tokenBalance', 'total'] as const;
type FigureName = (typeof FIGURES)[number];
type Terms = Partial<Record<Term, bigint>>;
interface Pair {
  readonly from: number;
  readonly to: number;
  readonly at: Date;
  outcome: 'explained' | 'unexplained' | 'unknown';
  readonly before: Figures;
  readonly after: Figures;
  terms: Record<FigureName, Terms>;
}
interface Start {
  readonly ledger: number;
  readonly figures: Figures;
}

const sum = (list: readonly bigint[]): bigint => list.reduce((total, each) => total + each, 0n);
const sumOf = (terms: Terms): bigint => sum(Object.values(terms));
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/**
 * Reconciliations as a pool may have them, and what finance must read from them, computed here from
 * all of them at once.
 */
export class RandomBooks {
  readonly #pairs: Pair[] = [];
  #now = Date.parse('2026-02-20T12:00:00Z');

  constructor(
    private readonly dice: Dice,
    private readonly start: Start = {
      ledger: 1000,
      figures: { total: 10n ** 30n, locked: 77n, tokenBalance: 10n ** 30n },
    },
  ) {}

  /** Some minutes later, or days. */
  async add(database: pg.Pool, poolId: string): Promise<void> {
    const { dice } = this;
    this.#now += dice.chance(0.1) ? dice.below(4 * 86_400_000) : dice.below(3 * 3_600_000);
    const terms = (): Terms =>
      Object.fromEntries(
        TERMS.filter(() => dice.chance(0.3)).map((term) => [term, this.#amount()]),
      );
    const isOdd = dice.chance(0.2);
    await this.#insert(database, poolId, {
      outcome: !isOdd ? 'explained' : dice.chance(0.5) ? 'unexplained' : 'unknown',
      terms: { total: terms(), locked: terms(), tokenBalance: terms() },
      odd: isOdd ? this.#amount() : 0n,
    });
  }

  /** Of the figure `total` alone. */
  put(
    database: pg.Pool,
    poolId: string,
    { at, terms, difference = 0n }: { at: string; terms: Terms; difference?: bigint },
  ): Promise<void> {
    this.#now = Date.parse(at);
    return this.#insert(database, poolId, {
      outcome: difference === 0n ? 'explained' : 'unexplained',
      terms: { total: terms, locked: {}, tokenBalance: {} },
      odd: difference,
    });
  }

  /** The node gave the events later. */
  async explainOne(database: pg.Pool, poolId: string): Promise<void> {
    const pair = this.dice.one(this.#pairs.filter(({ outcome }) => outcome === 'unexplained'));
    if (!pair) return;
    for (const figure of FIGURES) {
      const missing = pair.after[figure] - pair.before[figure] - sumOf(pair.terms[figure]);
      const terms = pair.terms[figure];
      pair.terms[figure] = { ...terms, withdrawals: (terms.withdrawals ?? 0n) + missing };
    }
    pair.outcome = 'explained';
    await database.query(
      `update reconciliations set outcome = 'explained', total_difference = 0, locked_difference = 0,
        token_difference = 0, bridges = $3, breaks = '[]' where pool_id = $1 and to_ledger = $2`,
      [poolId, pair.to, bridgesOf(pair)],
    );
  }

  /** Rows as the view must have them. */
  expected(): Record<string, string | null>[] {
    const dayOf = ({ at }: Pair): string => at.toISOString().slice(0, 10);
    const days = [...new Set(this.#pairs.map(dayOf))];
    const rows: Record<string, string | null>[] = [];
    for (
      let at = Date.parse(days[0] ?? '');
      at <= Date.parse(days.at(-1) ?? '');
      at += 86_400_000
    ) {
      const day = new Date(at).toISOString().slice(0, 10);
      const pairs = this.#pairs.filter((pair) => dayOf(pair) === day);
      for (const figure of FIGURES) rows.push(rowOf(day, figure, pairs, day === days.at(-1)));
    }
    return rows;
  }

  #amount(): bigint {
    const size = 10n ** BigInt(this.dice.below(22));
    return (BigInt(this.dice.below(2000)) - 1000n) * size;
  }

  async #insert(
    database: pg.Pool,
    poolId: string,
    { outcome, terms, odd }: Pick<Pair, 'outcome' | 'terms'> & { readonly odd: bigint },
  ): Promise<void> {
    const last = this.#pairs.at(-1);
    const before = last?.after ?? this.start.figures;
    const from = last?.to ?? this.start.ledger;
    const moved = (figure: FigureName): bigint => before[figure] + sumOf(terms[figure]) + odd;
    const pair: Pair = {
      from,
      to: from + 1 + (last ? this.dice.below(5) : 0),
      at: new Date(this.#now),
      outcome,
      before,
      after: {
        total: moved('total'),
        locked: moved('locked'),
        tokenBalance: moved('tokenBalance'),
      },
      terms,
    };
    this.#pairs.push(pair);
    const difference = outcome === 'unknown' ? null : odd.toString();
    // of before it was kept, the database clock stands in
    const isOld = this.dice.chance(0.2);
    await database.query(
      `insert into reconciliations (pool_id, from_ledger, to_ledger, outcome, total_difference,
        locked_difference, token_difference, bridges, breaks, at, snapshot_at)
      values ($1, $2, $3, $4, $5, $5, $5, $6, $7, $8, $9)`,
      [
        poolId,
        pair.from,
        pair.to,
        outcome,
        difference,
        bridgesOf(pair),
        JSON.stringify(outcome === 'explained' ? [] : [{ class: 'unexplained' }]),
        isOld ? pair.at : new Date(this.#now + 5_000_000),
        isOld ? null : pair.at,
      ],
    );
  }
}

function bridgesOf({ before, after, terms, outcome }: Pair): string {
  const bridge = (figure: FigureName) => {
    const expected = before[figure] + sumOf(terms[figure]);
    return {
      before: before[figure].toString(),
      after: after[figure].toString(),
      terms: Object.fromEntries(
        Object.entries(terms[figure]).map(([term, amount]) => [term, amount.toString()]),
      ),
      expected: outcome === 'unknown' ? null : expected.toString(),
      difference: outcome === 'unknown' ? null : (after[figure] - expected).toString(),
    };
  };
  return JSON.stringify({
    total: bridge('total'),
    locked: bridge('locked'),
    tokenBalance: bridge('tokenBalance'),
  });
}

const NAMES = { total: 'total', locked: 'locked', tokenBalance: 'token_balance' } as const;

function rowOf(
  day: string,
  figure: FigureName,
  pairs: readonly Pair[],
  isLast: boolean,
): Record<string, string | null> {
  const of = (term: Term, of = figure): bigint =>
    sum(pairs.map(({ terms }) => terms[of][term] ?? 0n));
  const left = (outcome: Pair['outcome']): bigint =>
    sum(
      pairs
        .filter((pair) => pair.outcome === outcome)
        .map(({ before, after, terms }) => after[figure] - before[figure] - sumOf(terms[figure])),
    );
  const known = pairs.length > 0;
  const repaid = of('repayments');
  const unlocked = -of('repayments', 'locked');
  const principal =
    figure === 'tokenBalance' ? least(repaid, unlocked > 0n ? unlocked : 0n) : repaid;
  const other = of('guarantees') + of('externalTransfers') + left('unexplained') + left('unknown');
  const print = (amount: bigint | undefined): string | null =>
    known && amount !== undefined ? amount.toString() : null;
  return {
    day,
    figure: NAMES[figure],
    state: !known ? 'not known' : isLast ? 'running' : 'final',
    opening: print(pairs[0]?.before[figure]),
    deposits: print(of('deposits')),
    withdrawals: print(of('withdrawals')),
    fundings: print(of('settledByUs') + of('unreservedFundings')),
    principal: print(principal),
    interest: print(repaid + of('interest') - principal),
    losses: print(of('losses')),
    other: print(other),
    closing: print(pairs.at(-1)?.after[figure]),
    unexplained: print(left('unexplained')),
    not_known: print(left('unknown')),
    without_hold: print(of('unreservedFundings')),
  };
}
