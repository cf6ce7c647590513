import { FeeBumpTransaction, TransactionBuilder } from '@stellar/stellar-sdk';
import type { Landing } from '../../sandbox/network/network-control.js';
import type { RunningNetwork } from '../../sandbox/network/network.js';
import { readEntry } from './entries.js';

/**
 * An XDR that left the service, as its own bytes show it. `amount` is what its loan requested, base
 * units.
 */
export interface Issued {
  readonly hash: string;
  readonly xdr: string;
  readonly reservationId: string;
  readonly borrower: string;
  readonly amount: bigint;
  readonly sequence: bigint;
  readonly maxTime: bigint;
  /** Last loan id on which it can land; null: loans have no ids. */
  readonly lastLoanId: bigint | null;
  /** Of an authorization, which anybody can land by its last ledger. */
  readonly nonce: { readonly nonce: bigint; readonly lastLedger: number } | null;
  /** The last closed ledger when it was read. */ readonly sinceLedger: number;
  landing: Landing | null;
}
export interface Offered {
  readonly xdr: string;
  readonly hash: string;
  readonly sequence: string;
  readonly maxTime: number;
  readonly loanIdWindow: { readonly last: string } | null;
}

/** What the answer says of an authorization. */
export interface OfferedEntry {
  readonly entryXdr: string;
  readonly hash: string;
  readonly nonce: string;
  readonly expirationLedger: number;
}
interface OfHold {
  readonly reservationId: string;
  readonly borrower: string;
  readonly amount: bigint;
}

/**
 * The truth: which revealed transactions may still land, and what the chain could fund. It is read
 * from the network's own state, never through RPC or the product's code.
 */
export class Oracle {
  readonly issued = new Map<string, Issued>();
  readonly #byReservation = new Map<string, Issued[]>();
  /** What others than our borrowers took from the spendable amount, summed up to each ledger. */
  readonly #removed = new Map<number, bigint>();
  #through: number;
  #open = new Set<Issued>();

  constructor(
    private readonly network: RunningNetwork,
    private readonly pool: string,
    /** What the contract lends of its total, hundredths of a percent. */
    private readonly utilisationBps = 10_000,
  ) {
    this.#through = this.head.ledger;
    this.#removed.set(this.#through, 0n);
  }

  get head(): { readonly ledger: number; readonly closeTime: number } {
    return this.network.control.head();
  }
  of(reservationId: string): readonly Issued[] {
    return this.#byReservation.get(reservationId) ?? [];
  }

  /** @throws Error when the XDR is not what the answer says of it */
  reveal(offer: Offered, hold: OfHold): Issued {
    const known = this.issued.get(offer.hash);
    if (known) return known;
    const parsed = TransactionBuilder.fromXdr(offer.xdr, this.network.passphrase);
    if (parsed instanceof FeeBumpTransaction)
      throw new Error('a fee bump was offered to be signed');
    const read = {
      hash: Buffer.from(parsed.hash()).toString('hex'),
      borrower: parsed.source,
      sequence: BigInt(parsed.sequence),
      maxTime: BigInt(parsed.timeBounds?.maxTime ?? 0),
    };
    if (
      read.hash !== offer.hash ||
      read.borrower !== hold.borrower ||
      read.sequence !== BigInt(offer.sequence) ||
      read.maxTime !== BigInt(offer.maxTime)
    )
      throw new Error(`an answer differs from its XDR: ${JSON.stringify(offer)}`);
    return this.#add({
      ...read,
      xdr: offer.xdr,
      reservationId: hold.reservationId,
      amount: hold.amount,
      lastLoanId: offer.loanIdWindow && BigInt(offer.loanIdWindow.last),
      nonce: null,
      sinceLedger: this.head.ledger,
      landing: this.network.control.landing(read.hash),
    });
  }

  /** @throws Error when the entry is not what the answer says of it, or allows another amount */
  revealEntry(offer: OfferedEntry, hold: OfHold): Issued {
    const known = this.issued.get(offer.hash);
    if (known) return known;
    const read = readEntry(offer.entryXdr);
    if (
      read.borrower !== hold.borrower ||
      read.amount !== hold.amount ||
      read.nonce !== BigInt(offer.nonce) ||
      read.lastLedger !== offer.expirationLedger
    )
      throw new Error(`an answer differs from its entry: ${JSON.stringify(offer)}`);
    return this.#add({
      hash: offer.hash,
      xdr: offer.entryXdr,
      reservationId: hold.reservationId,
      borrower: hold.borrower,
      amount: hold.amount,
      sequence: 0n,
      maxTime: 0n,
      lastLoanId: null,
      nonce: { nonce: read.nonce, lastLedger: read.lastLedger },
      sinceLedger: this.head.ledger,
      landing: null,
    });
  }

  #add(issued: Issued): Issued {
    this.issued.set(issued.hash, issued);
    this.#byReservation.set(issued.reservationId, [...this.of(issued.reservationId), issued]);
    this.#open.add(issued);
    return issued;
  }

  /**
   * Reads the ledgers that closed since the last call. @returns envelopes that landed, whether they
   * succeeded or not
   */
  advance(): Issued[] {
    const landed = [...this.#open].filter(
      (each) => (each.landing = this.#landingOf(each)) !== null,
    );
    for (const each of this.#open) if (!this.canLand(each)) this.#open.delete(each);
    for (const { ledger } = this.head; this.#through < ledger;)
      this.#account(++this.#through, landed);
    return landed;
  }

  #landingOf({ hash, borrower, nonce }: Issued): Landing | null {
    const { control } = this.network;
    if (nonce === null) return control.landing(hash);
    const ledger = control.spentIn(borrower, nonce.nonce);
    return ledger === null
      ? null
      : { ledger, closeTime: 0, succeeded: true, feeBump: false, failure: null };
  }

  /** Whether a later ledger may include it. Once false it stays so. */
  canLand({ borrower, sequence, maxTime, nonce, landing }: Issued): boolean {
    if (nonce !== null) return landing === null && this.head.ledger < nonce.lastLedger;
    return (
      landing === null &&
      BigInt(this.head.closeTime) < maxTime &&
      sequence > (this.network.control.sequence(borrower) ?? 0n)
    );
  }

  /** Only one envelope of a hold can land: they share a sequence, or the earlier ones are dead. */
  mayStillLand(counts: (reservationId: string) => boolean = () => true): bigint {
    const amounts = new Map(
      [...this.#open]
        .filter((each) => this.canLand(each) && counts(each.reservationId))
        .map(({ reservationId, amount }) => [reservationId, amount]),
    );
    return [...amounts.values()].reduce((sum, amount) => sum + amount, 0n);
  }

  /** The pool's own figures at one of the last 300 ledgers. */
  figures(ledger?: number): Readonly<Record<'total' | 'locked' | 'tokenBalance', bigint>> {
    const { total, locked, tokenBalance } = this.network.control.figures(this.pool, ledger);
    return { total: BigInt(total), locked: BigInt(locked), tokenBalance: BigInt(tokenBalance) };
  }

  /** What the contracts could pay out; it may be negative. */
  spendable(ledger?: number): bigint {
    const { total, locked, tokenBalance } = this.figures(ledger);
    const [unlocked, lendable] = [
      total - locked,
      (total * BigInt(this.utilisationBps)) / 10_000n - locked,
    ];
    const left = lendable > 0n ? lendable : 0n;
    const bound = unlocked < tokenBalance ? unlocked : tokenBalance;
    return this.utilisationBps < 10_000 && left < bound ? left : bound;
  }

  /** The lending contract's last loan id when that ledger had closed. */
  loanCounter(ledger: number): bigint {
    return BigInt(this.network.control.figures(this.pool, ledger).loanCounter);
  }

  /** What our borrowers' loans took in the ledgers after one and up to another. */
  fundedBetween(
    after: number,
    upTo: number,
    counts: (reservationId: string) => boolean = () => true,
  ): bigint {
    const landed = [...this.issued.values()].filter(
      ({ landing, reservationId }) =>
        landing?.succeeded &&
        landing.ledger > after &&
        landing.ledger <= upTo &&
        counts(reservationId),
    );
    return landed.reduce((sum, { amount }) => sum + amount, 0n);
  }

  /** What others took after a ledger. */
  removedSince(ledger: number): bigint {
    return (this.#removed.get(this.#through) ?? 0n) - (this.#removed.get(ledger) ?? 0n);
  }

  /**
   * Gains of a ledger hide its losses. Then the term is too small and the check too strict, never
   * too weak.
   */
  #account(ledger: number, landed: readonly Issued[]): void {
    const ours = landed
      .filter(({ landing }) => landing?.ledger === ledger && landing.succeeded)
      .reduce((sum, { amount }) => sum + amount, 0n);
    const change = this.spendable(ledger) - this.spendable(ledger - 1) + ours;
    this.#removed.set(ledger, (this.#removed.get(ledger - 1) ?? 0n) + (change < 0n ? -change : 0n));
  }
}
