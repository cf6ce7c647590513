import type { Dice } from './dice.js';

type Fate = 'open' | 'landed' | 'failed';
/** An issued envelope. Only a revealed one can be signed, so only a revealed one can land. */
export interface ModelEnvelope {
  readonly hash: string;
  readonly poolId: string;
  readonly borrower: string;
  readonly sequence: bigint;
  readonly maxTime: bigint;
  readonly amount: bigint;
  revealed: boolean;
  fate: Fate;
  ledger: number;
  closeTime: bigint;
}
export interface Figures {
  total: bigint;
  locked: bigint;
  balance: bigint;
}

/** Sequence of every account at the start. */
const FIRST_SEQUENCE = 4n;

/**
 * The chain that the ledger under test has to follow: accounts, envelopes, pools. The dice choose
 * what a ledger includes, at most one envelope of an account.
 */
export class ModelChain {
  ledger = 100;
  /**
   * Fundings that reverted for lack of liquidity although their amount was held
   * (docs/protocol.md#held-means-fundable).
   */
  readonly broken: string[] = [];
  readonly envelopes = new Map<string, ModelEnvelope>();
  readonly pools = new Map<string, Figures>();
  readonly #consumed = new Map<string, bigint>();

  constructor(public closeTime: bigint) {}

  consumed(borrower: string): bigint {
    return this.#consumed.get(borrower) ?? FIRST_SEQUENCE;
  }
  burn(borrower: string): void {
    this.#consumed.set(borrower, this.consumed(borrower) + 1n);
  }
  figures(poolId: string): Figures {
    const figures = this.pools.get(poolId);
    if (!figures) throw new Error(`the chain has no pool ${poolId}`);
    return figures;
  }

  /**
   * No later ledger can include it: its deadline has passed (the next close time is greater than
   * this one's), or its sequence is used.
   */
  isDead(envelope: ModelEnvelope): boolean {
    return (
      envelope.fate !== 'open' ||
      this.closeTime >= envelope.maxTime ||
      envelope.sequence <= this.consumed(envelope.borrower)
    );
  }

  close(dice: Dice, seconds: number): void {
    this.ledger++;
    this.closeTime += BigInt(seconds);
    for (const envelope of this.envelopes.values()) {
      const valid =
        envelope.revealed &&
        envelope.fate === 'open' &&
        envelope.sequence === this.consumed(envelope.borrower) + 1n &&
        envelope.maxTime >= this.closeTime;
      if (valid && dice.chance(0.35)) this.#include(envelope, dice.chance(0.2));
    }
  }

  #include(envelope: ModelEnvelope, trapped: boolean): void {
    this.#consumed.set(envelope.borrower, envelope.sequence);
    const pool = this.figures(envelope.poolId);
    const short = envelope.amount > available(pool);
    if (short && !trapped)
      this.broken.push(
        `${envelope.hash} at ledger ${this.ledger}: ${envelope.amount} of ${available(pool)}`,
      );
    Object.assign(envelope, {
      fate: trapped || short ? 'failed' : 'landed',
      ledger: this.ledger,
      closeTime: this.closeTime,
    });
    if (envelope.fate !== 'landed') return;
    pool.locked += envelope.amount;
    pool.balance -= envelope.amount;
  }

  repay(poolId: string, amount: bigint): void {
    const pool = this.figures(poolId);
    const paid = amount < pool.locked ? amount : pool.locked;
    pool.locked -= paid;
    pool.balance += paid;
  }

  /** A negative amount is a withdrawal, of at most what is unlocked. */
  deposit(poolId: string, amount: bigint): void {
    const pool = this.figures(poolId);
    const moved = amount < -available(pool) ? -available(pool) : amount;
    pool.total += moved;
    pool.balance += moved;
  }
}

export function available({ total, locked, balance }: Figures): bigint {
  const unlocked = total - locked;
  return unlocked < balance ? unlocked : balance;
}
