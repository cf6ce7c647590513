import type {
  Bridge,
  Bridges,
  EventData,
  Figures,
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
  readonly poolContract: string;
  readonly tokenContract: string;
  /** Ids of the LQFUND events that one of our envelopes caused. */
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
    externalTransfers,
  };
}

class Walk {
  readonly terms: Record<keyof Figures, Terms> = { total: {}, locked: {}, tokenBalance: {} };
  private locked: bigint;
  private readonly announced: Announced[] = [];

  constructor(private readonly input: BridgeInput) {
    this.locked = input.before.locked;
  }

  poolEvent(event: SeenEvent): void {
    const [first, second, third, fourth] = amountsOf(event.data);
    switch (event.name) {
      case 'LQDEPST':
        return this.deposit(event, first);
      case 'LQWTHDR':
        return this.withdrawal(event, second);
      case 'LQFUND':
        return this.funding(event, first);
      case 'LQREPAY':
        return this.repayment(event, first, second);
      case 'LQGUART':
        return this.guarantee(event, first);
      case 'LQINTDST':
        return this.interest(event, [second, third, fourth]);
      // Other events change no figure. If an unknown event does, the bridge does not close, which
      // is reported.
      default:
    }
  }

  private deposit(event: SeenEvent, amount: bigint): void {
    this.add('total', 'deposits', amount);
    this.announce(event, 'deposits', amount);
  }

  private withdrawal(event: SeenEvent, amount: bigint): void {
    this.add('total', 'withdrawals', -amount);
    this.announce(event, 'withdrawals', -amount);
  }

  private funding(event: SeenEvent, amount: bigint): void {
    const term = this.input.ours.has(event.id) ? 'settledByUs' : 'unreservedFundings';
    this.add('locked', term, amount);
    this.announce(event, term, -amount);
  }

  /**
   * The creditline counts principal from the whole loan, so `locked` may fall below zero
   * (docs/stellar.md#pool-arithmetic).
   */
  private repayment(event: SeenEvent, principal: bigint, interest: bigint): void {
    this.add('locked', 'repayments', -principal);
    this.announce(event, 'repayments', principal + interest);
  }

  /**
   * Moves the smaller of the amount and `locked` from `locked` to `total`; a negative `locked`
   * makes it negative. The whole amount arrives as tokens.
   */
  private guarantee(event: SeenEvent, amount: bigint): void {
    const recovered = amount < this.locked ? amount : this.locked;
    this.add('locked', 'guarantees', -recovered);
    this.add('total', 'guarantees', recovered);
    this.announce(event, 'guarantees', amount);
  }

  /**
   * Any account may trigger it. The providers' part is added to `total` even if no tokens arrive.
   * The two fees leave the pool if a receiver is set for them.
   */
  private interest(
    event: SeenEvent,
    [providers, treasury, merchants]: readonly [bigint, bigint, bigint],
  ): void {
    this.add('total', 'interest', providers);
    this.announce(event, 'interest', -treasury);
    this.announce(event, 'interest', -merchants);
  }

  /** @returns the term that this movement belongs to */
  tokensMoved(event: SeenEvent, amount: bigint): Term {
    const index = this.announced.findIndex(
      (each) => each.txHash === event.txHash && each.amount === amount,
    );
    const term = this.announced[index]?.term ?? 'externalTransfers';
    if (index >= 0) this.announced.splice(index, 1);
    this.add('tokenBalance', term, amount);
    return term;
  }

  private announce({ txHash }: SeenEvent, term: Term, amount: bigint): void {
    if (amount !== 0n) this.announced.push({ term, amount, txHash });
  }

  private add(figure: keyof Figures, term: Term, amount: bigint): void {
    if (figure === 'locked') this.locked += amount;
    if (amount !== 0n) this.terms[figure][term] = (this.terms[figure][term] ?? 0n) + amount;
  }
}

const INTEGER = /^-?[0-9]{1,39}$/;
const integer = (data: EventData | undefined): bigint =>
  typeof data === 'string' && INTEGER.test(data) ? BigInt(data) : 0n;

/**
 * Reads up to four amounts from an event's data, which is one amount or a list. A value that is not
 * an amount counts as zero, and then the bridge does not close.
 */
function amountsOf(data: EventData): readonly [bigint, bigint, bigint, bigint] {
  const list: readonly EventData[] = Array.isArray(data) ? data : [data];
  return [integer(list[0]), integer(list[1]), integer(list[2]), integer(list[3])];
}

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
  return integer(
    typeof data === 'object' && data !== null && 'amount' in data ? data.amount : data,
  );
}
