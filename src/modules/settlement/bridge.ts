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
   * Of the ledgers after the first snapshot, up to and with the second, in the order of the chain.
   */
  readonly events: readonly SeenEvent[];
  readonly poolContract: string;
  readonly tokenContract: string;
  /** Ids of the LQFUND events that an envelope of ours caused. */
  readonly ours: ReadonlySet<string>;
  /** Events are missing: nothing can be expected, and what was found is shown as it is. */
  readonly incomplete: boolean;
}
/** Tokens that came (positive) or went (negative) without the pool contract saying why. */
export interface ExternalTransfer {
  readonly event: SeenEvent;
  readonly amount: bigint;
}
export interface Bridged {
  readonly bridges: Bridges;
  readonly externalTransfers: readonly ExternalTransfer[];
}

type Terms = Partial<Record<Term, bigint>>;
/** Tokens an event of the pool says have moved, until the token's own event is met. */
interface Announced {
  readonly term: Term;
  readonly amount: bigint;
  readonly txHash: string;
}

/**
 * Replays events over three figures (docs/protocol.md#three-bridges, docs/stellar.md#pool-events,
 * docs/stellar.md#pool-arithmetic). `total` and `locked` follow the pool's own events in order,
 * because a guarantee recovers no more than what is locked at that moment. The token balance
 * follows the token's events alone; the pool's events of the same transaction only name each
 * movement. Pure.
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
  const of = (figure: keyof Figures): Bridge => {
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
    bridges: { total: of('total'), locked: of('locked'), tokenBalance: of('tokenBalance') },
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
      // changes no figure, or is not known: then the bridge does not close, and that is told
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
   * The creditline counts principal from the whole loan, so `locked` may fall below zero: there is
   * no floor here (docs/stellar.md#pool-arithmetic).
   */
  private repayment(event: SeenEvent, principal: bigint, interest: bigint): void {
    this.add('locked', 'repayments', -principal);
    this.announce(event, 'repayments', principal + interest);
  }

  /**
   * The smaller of the amount and what is locked is taken off locked and added to total; while
   * locked is negative that is negative too. All of the amount arrives.
   */
  private guarantee(event: SeenEvent, amount: bigint): void {
    const recovered = amount < this.locked ? amount : this.locked;
    this.add('locked', 'guarantees', -recovered);
    this.add('total', 'guarantees', recovered);
    this.announce(event, 'guarantees', amount);
  }

  /**
   * Anyone may cause it. The providers' part is added to total whether tokens came or not; the two
   * fees go out, unless nobody is set to take them.
   */
  private interest(
    event: SeenEvent,
    [providers, treasury, merchants]: readonly [bigint, bigint, bigint],
  ): void {
    this.add('total', 'interest', providers);
    this.announce(event, 'interest', -treasury);
    this.announce(event, 'interest', -merchants);
  }

  /** @returns the name this movement goes by */
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
 * Four amounts of an event's data, a bare one or a list. What is not an amount counts as none: the
 * bridge will not close over it.
 */
function amountsOf(data: EventData): readonly [bigint, bigint, bigint, bigint] {
  const list: readonly EventData[] = Array.isArray(data) ? data : [data];
  return [integer(list[0]), integer(list[1]), integer(list[2]), integer(list[3])];
}

const ADDRESS = /^[GC][A-Z2-7]{55}$/;

/**
 * What a token event did to the pool's balance. Mint and clawback name an administrator first on
 * older protocols.
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

/** Bare, or beside a memo of the receiver in a map. */
function tokenAmount(data: EventData): bigint {
  return integer(
    typeof data === 'object' && data !== null && 'amount' in data ? data.amount : data,
  );
}
