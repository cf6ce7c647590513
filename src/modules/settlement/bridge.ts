import type { ContractFamily, MoneyMeaning } from '../chain/families/contract-family.js';
import { integerIn } from '../chain/families/event-values.js';
import { familyOf } from '../chain/families/families.js';
import type {
  Bridge,
  Bridges,
  EventData,
  Figures,
  Move,
  SeenEvent,
  Term,
} from '../liquidity/snapshots/observation.js';

export interface BridgeInput {
  readonly before: Figures;
  readonly after: Figures;
  /**
   * Events of the ledgers after the first snapshot, up to and including the second, in chain order.
   */
  readonly events: readonly SeenEvent[];
  readonly generation: string;
  readonly poolContract: string;
  readonly tokenContract: string;
  /** Ids of the funding events that an envelope of ours caused. */
  readonly ours: ReadonlySet<string>;
  /**
   * Events are missing, so no figure can be expected; the terms show only the events that were
   * found.
   */
  readonly incomplete: boolean;
}
/** Tokens that arrived (positive) or left (negative) without an event of the pool contract. */
export interface ExternalTransfer {
  readonly event: SeenEvent;
  readonly amount: bigint;
}
export interface Bridged {
  readonly bridges: Bridges;
  readonly moves: readonly Move[];
  readonly externalTransfers: readonly ExternalTransfer[];
}

type Terms = Partial<Record<Term, bigint>>;
/** A token movement that the pool's event states, kept until the token's own event is found. */
interface Announced {
  readonly term: Term;
  readonly amount: bigint;
  readonly txHash: string;
}

/**
 * Replays events over three figures (docs/protocol.md#three-bridges). `total` and `locked` follow
 * the pool's events in order, because a guarantee recovers at most what is locked at that moment.
 * The balance follows the token's events; the pool's events only name each movement.
 */
export function bridge(input: BridgeInput): Bridged {
  const walk = new Walk(input);
  for (const event of input.events)
    if (event.contract === input.poolContract) walk.poolEvent(event);
  const externalTransfers: ExternalTransfer[] = [];
  for (const event of input.events) {
    if (event.contract !== input.tokenContract) continue;
    const amount = movementOf(event, input.poolContract);
    if (amount !== 0n && walk.tokensMoved(event, amount) === 'externalTransfers')
      externalTransfers.push({ event, amount });
  }
  const bridgeOf = (figure: keyof Figures): Bridge => {
    const terms = walk.terms[figure];
    const expected = input.incomplete
      ? null
      : Object.values(terms).reduce((sum, amount) => sum + amount, input.before[figure]);
    return {
      before: input.before[figure],
      after: input.after[figure],
      terms,
      expected,
      difference: expected === null ? null : input.after[figure] - expected,
    };
  };
  return {
    bridges: {
      total: bridgeOf('total'),
      locked: bridgeOf('locked'),
      tokenBalance: bridgeOf('tokenBalance'),
    },
    moves: largest(walk.moves.values()),
    externalTransfers,
  };
}

/** A pair of snapshots keeps at most this many; the terms are always the sums of all. */
const MOVES_MAX = 100;
const magnitude = (amount = 0n): bigint => (amount < 0n ? -amount : amount);
const size = ({ total, locked, tokenBalance }: Move): bigint =>
  [total, locked, tokenBalance].map(magnitude).reduce((a, b) => (a > b ? a : b));

/** In the order in which they came. */
function largest(moves: Iterable<Move>): Move[] {
  const all = [...moves];
  if (all.length <= MOVES_MAX) return all;
  const kept = new Set(
    all
      .toSorted((a, b) => (size(a) < size(b) ? 1 : size(a) > size(b) ? -1 : 0))
      .slice(0, MOVES_MAX),
  );
  return all.filter((move) => kept.has(move));
}

class Walk {
  readonly terms: Record<keyof Figures, Terms> = { total: {}, locked: {}, tokenBalance: {} };
  /** By transaction and term. */
  readonly moves = new Map<string, Move>();
  private readonly family: ContractFamily;
  /** At the moment of the next event: what some events change depends on it. */
  private readonly standing: { total: bigint; locked: bigint };
  private readonly announced: Announced[] = [];

  constructor(private readonly input: BridgeInput) {
    this.family = familyOf(input.generation);
    this.standing = { total: input.before.total, locked: input.before.locked };
  }

  poolEvent(event: SeenEvent): void {
    const meaning = this.family.meaning(event, this.standing);
    // changes no figure, or is not known or not readable: then the bridge does not close
    if (meaning.kind !== 'money') return;
    const term = termOf(meaning, this.input.ours.has(event.id));
    this.add(event, 'total', term, meaning.total);
    this.add(event, 'locked', term, meaning.locked);
    for (const amount of meaning.tokens) this.announce(event, term, amount);
  }

  /** @returns the term that this movement belongs to */
  tokensMoved(event: SeenEvent, amount: bigint): Term {
    const index = this.announced.findIndex(
      (each) => each.txHash === event.txHash && each.amount === amount,
    );
    const term = this.announced[index]?.term ?? 'externalTransfers';
    if (index >= 0) this.announced.splice(index, 1);
    this.add(event, 'tokenBalance', term, amount);
    return term;
  }

  private announce({ txHash }: SeenEvent, term: Term, amount: bigint): void {
    if (amount !== 0n) this.announced.push({ term, amount, txHash });
  }

  private add(event: SeenEvent, figure: keyof Figures, term: Term, amount: bigint): void {
    if (amount === 0n) return;
    if (figure !== 'tokenBalance') this.standing[figure] += amount;
    this.terms[figure][term] = (this.terms[figure][term] ?? 0n) + amount;
    if (term !== 'settledByUs') this.note(event, figure, term, amount);
  }

  private note(
    { txHash, ledger }: SeenEvent,
    figure: keyof Figures,
    term: Term,
    amount: bigint,
  ): void {
    const key = `${txHash} ${term}`;
    const move = this.moves.get(key) ?? { term, txHash, ledger };
    this.moves.set(key, { ...move, [figure]: (move[figure] ?? 0n) + amount });
  }
}

/** A funding is ours or a stranger's; every other term has one name. */
const termOf = ({ term }: MoneyMeaning, ours: boolean): Term =>
  term === 'fundings' ? (ours ? 'settledByUs' : 'unreservedFundings') : term;

const ADDRESS = /^[GC][A-Z2-7]{55}$/;

/**
 * How a token event changed the pool's balance. On older protocols, mint and clawback name an
 * administrator first.
 */
function movementOf({ name, topics, data }: SeenEvent, pool: string): bigint {
  const amount = tokenAmount(data);
  const [, first, second] = topics;
  const holder = second !== undefined && ADDRESS.test(second) ? second : first;
  if (name === 'transfer') return (second === pool ? amount : 0n) - (first === pool ? amount : 0n);
  if (name === 'mint') return holder === pool ? amount : 0n;
  if (name === 'clawback') return holder === pool ? -amount : 0n;
  if (name === 'burn') return first === pool ? -amount : 0n;
  return 0n;
}

/** The amount, bare or in a map beside a memo for the receiver. */
function tokenAmount(data: EventData): bigint {
  return (
    integerIn(typeof data === 'object' && data !== null && 'amount' in data ? data.amount : data) ??
    0n
  );
}
