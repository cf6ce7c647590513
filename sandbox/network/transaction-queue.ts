import { bidRate, feeAtRate, inclusionFee, paidOperations } from './transaction-fees.js';
import { BAN_LEDGERS, QUEUE_LEDGERS_MAX, QUEUE_TRANSACTIONS_MAX } from './network-limits.js';
import type { TransactionInput } from './transaction-input.js';

export interface QueuedTransaction {
  readonly input: TransactionInput;
  /** Ledgers closed since it arrived, not counting those in which a fault delayed it. */
  age: number;
  /** Ledgers for which a fault still delays it. */
  heldBack: number;
  /** A fault delays it to the ledger that closes at its maxTime. */
  readonly waitsForDeadline: boolean;
}

/**
 * Whether a fault keeps it out of a ledger with that close time. It does not age meanwhile, because
 * the fault is not its own.
 */
export const isHeld = (
  { input, heldBack, waitsForDeadline }: QueuedTransaction,
  closeTime: number,
): boolean => heldBack > 0 || (waitsForDeadline && input.maxTime > BigInt(closeTime));
export type Admission =
  | 'free'
  | 'duplicate'
  | 'banned'
  | 'busy'
  | 'bad_sequence'
  /** The whole fee that would be taken, stroops. */
  | { readonly feeNeeded: bigint };

/** A fee bump must offer this multiple of the rate of the transaction that it replaces. */
const REPLACEMENT_FEE_FACTOR = 10n;

/**
 * A node's transactions that wait for a ledger: one per source account
 * (docs/stellar.md#queue-and-validation-order).
 */
export class TransactionQueue {
  private readonly bySource = new Map<string, QueuedTransaction>();
  private readonly bannedUntil = new Map<string, number>();

  /**
   * A bid that a full queue refuses is banned, as one that stayed too long.
   * @param ledger the last closed one
   * @param leastRate stroops for one operation that a full queue still takes
   */
  admission(input: TransactionInput, ledger: number, leastRate: bigint): Admission {
    if ((this.bannedUntil.get(input.hash) ?? 0) >= ledger) return 'banned';
    const queued = this.bySource.get(input.source);
    if (queued?.input.hash === input.hash) return 'duplicate';
    const replaced = queued ? replacement(input, queued.input) : 'free';
    if (replaced !== 'free') return replaced;
    if (bidRate(input) < leastRate) {
      this.ban(input.hash, ledger);
      return { feeNeeded: feeAtRate(input, leastRate) };
    }
    return !queued && this.bySource.size >= QUEUE_TRANSACTIONS_MAX ? 'busy' : 'free';
  }
  private ban(hash: string, ledger: number): void {
    this.bannedUntil.set(hash, ledger + BAN_LEDGERS - 1);
  }
  add(
    input: TransactionInput,
    fault: Pick<QueuedTransaction, 'heldBack' | 'waitsForDeadline'>,
  ): void {
    this.bySource.set(input.source, { input, age: 0, ...fault });
  }
  /**
   * The least maxTime, beyond the last close time, for which a transaction is kept. Unix seconds.
   */
  nextDeadline(after: number): number | undefined {
    const deadlines = this.waiting()
      .filter((queued) => queued.waitsForDeadline && queued.input.maxTime > BigInt(after))
      .map((queued) => Number(queued.input.maxTime));
    return deadlines.length > 0 ? Math.min(...deadlines) : undefined;
  }
  /**
   * In order of arrival. A real network orders by fee and chance; arrival order makes tests
   * repeatable.
   */
  waiting(): readonly QueuedTransaction[] {
    return [...this.bySource.values()];
  }
  holdsFrom(source: string): boolean {
    return this.bySource.has(source);
  }
  clear(): void {
    this.bySource.clear();
    this.bannedUntil.clear();
  }
  get size(): number {
    return this.bySource.size;
  }

  /**
   * Runs after a ledger: removes landed transactions and bans those that became invalid or waited
   * too long.
   * @param ledger the one just closed
   */
  afterClose(
    ledger: { readonly sequence: number; readonly closeTime: number },
    landed: ReadonlySet<string>,
    invalid: ReadonlySet<string>,
  ): void {
    for (const [source, queued] of this.bySource) {
      const { hash } = queued.input;
      if (!isHeld(queued, ledger.closeTime)) queued.age++;
      if (queued.heldBack > 0) queued.heldBack--;
      if (landed.has(hash)) this.bySource.delete(source);
      else if (invalid.has(hash) || queued.age >= QUEUE_LEDGERS_MAX) {
        this.bySource.delete(source);
        this.ban(hash, ledger.sequence);
      }
    }
    for (const [hash, until] of this.bannedUntil)
      if (until < ledger.sequence) this.bannedUntil.delete(hash);
  }
}

/** Only a fee bump of the same sequence may replace a waiting transaction. */
function replacement(input: TransactionInput, queued: TransactionInput): Admission {
  if (input.sequence < queued.sequence) return 'bad_sequence';
  if (!input.bump || input.sequence !== queued.sequence) return 'busy';
  const due = REPLACEMENT_FEE_FACTOR * inclusionFee(queued) * paidOperations(input);
  const operations = paidOperations(queued);
  if (inclusionFee(input) * operations >= due) return 'free';
  return { feeNeeded: feeAtRate(input, 0n) + (due + operations - 1n) / operations };
}
