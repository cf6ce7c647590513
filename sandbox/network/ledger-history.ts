import { StrKey, xdr } from '@stellar/stellar-sdk';
import type { TransactionRecord } from './transaction-apply.js';
import type { GoingRates } from './fee-surge.js';
import { base64 } from './ledger-entries.js';

/** What was out of the ordinary when a ledger closed. */
export interface LedgerMarks {
  /** Strangers bid these. */
  readonly goingRates?: GoingRates;
  /** Absent: the network's first. */
  readonly protocolVersion?: number;
}
export interface ClosedLedger extends LedgerMarks {
  readonly sequence: number;
  /** unix seconds */
  readonly closeTime: number;
  readonly hash: string;
  readonly previousHash: string;
  readonly content: string;
}
export interface KeptTransaction {
  readonly record: TransactionRecord;
  readonly ledger: ClosedLedger;
}
/** A contract event as RPC pages it. XDR in base64. */
export interface KeptEvent {
  readonly id: string;
  readonly ledger: ClosedLedger;
  readonly transactionIndex: number;
  readonly operationIndex: number;
  readonly txHash: string;
  readonly type: 'contract' | 'system';
  readonly contractId: string;
  readonly topics: readonly string[];
  readonly value: string;
}

const NO_HASH = '0'.repeat(64);

/** Closed ledgers, transactions and events within retention. */
export class LedgerHistory {
  private ledgers: ClosedLedger[] = [];
  private transactions: KeptTransaction[] = [];
  private events: KeptEvent[] = [];
  private readonly byHash = new Map<string, KeptTransaction>();

  constructor(private readonly retention: number) {}

  get latest(): ClosedLedger {
    const last = this.ledgers.at(-1);
    if (!last) throw new Error('no ledger is closed yet');
    return last;
  }
  get oldest(): ClosedLedger {
    return this.ledgers[this.surplus] ?? this.latest;
  }
  /** A ledger by its number, within retention. */
  at(sequence: number): ClosedLedger | undefined {
    const first = this.ledgers[0];
    return first && sequence >= this.oldest.sequence
      ? this.ledgers[sequence - first.sequence]
      : undefined;
  }
  ledgersFrom(sequence: number): readonly ClosedLedger[] {
    const first = Math.max(sequence, this.oldest.sequence) - (this.ledgers[0]?.sequence ?? 0);
    return this.ledgers.slice(first);
  }
  get started(): boolean {
    return this.ledgers.length > 0;
  }
  get previousHash(): string {
    return this.ledgers.at(-1)?.hash ?? NO_HASH;
  }
  all(): readonly ClosedLedger[] {
    return this.ledgers.slice(this.surplus);
  }
  transaction(hash: string): KeptTransaction | undefined {
    const kept = this.byHash.get(hash);
    return kept && kept.ledger.sequence >= this.oldest.sequence ? kept : undefined;
  }
  transactionsFrom(ledger: number): readonly KeptTransaction[] {
    return this.transactions.slice(
      firstAt(this.transactions, (kept) => kept.ledger.sequence >= ledger),
    );
  }
  /** Events whose id is greater than the given one, oldest first. */
  eventsAfter(id: string): readonly KeptEvent[] {
    return this.events.slice(firstAt(this.events, (event) => event.id > id));
  }
  ledgerTransactions(ledger: number): readonly TransactionRecord[] {
    const start = firstAt(this.transactions, (kept) => kept.ledger.sequence >= ledger);
    return this.transactions
      .slice(
        start,
        firstAt(this.transactions, (kept) => kept.ledger.sequence > ledger),
      )
      .map((kept) => kept.record);
  }

  add(ledger: ClosedLedger, records: readonly TransactionRecord[]): void {
    this.ledgers.push(ledger);
    for (const record of records) {
      const kept: KeptTransaction = { record, ledger };
      this.transactions.push(kept);
      for (const hash of hashesOf(record)) this.byHash.set(hash, kept);
      this.events.push(...eventsOf(kept));
    }
    this.trim();
  }

  clear(): void {
    this.ledgers = [];
    this.transactions = [];
    this.events = [];
    this.byHash.clear();
  }

  /** Ledgers beyond retention that are not removed yet. They are not shown. */
  private get surplus(): number {
    return Math.max(0, this.ledgers.length - this.retention);
  }

  /**
   * Removed in blocks, because removing at every ledger would copy the whole history each second.
   */
  private trim(): void {
    if (this.ledgers.length <= this.retention + Math.ceil(this.retention / 100)) return;
    this.ledgers = this.ledgers.slice(-this.retention);
    const oldest = this.oldest.sequence;
    for (const kept of this.transactions)
      if (kept.ledger.sequence < oldest)
        for (const hash of hashesOf(kept.record)) this.byHash.delete(hash);
    this.transactions = this.transactions.filter((kept) => kept.ledger.sequence >= oldest);
    this.events = this.events.filter((event) => event.ledger.sequence >= oldest);
  }
}

const hashesOf = ({ hash, innerHash }: TransactionRecord): readonly string[] =>
  innerHash === undefined ? [hash] : [hash, innerHash];

/** Index of the first element of a sorted list that qualifies. */
function firstAt<T>(sorted: readonly T[], qualifies: (element: T) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const element = sorted[middle];
    if (element !== undefined && qualifies(element)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** TOID (ledger, transaction, operation) and event index, as RPC prints event ids and cursors. */
export function eventId(
  place: { ledger: number; transaction: number; operation: number },
  index: number,
): string {
  return `${String(toid(place)).padStart(19, '0')}-${String(index).padStart(10, '0')}`;
}
export const toid = (place: { ledger: number; transaction: number; operation: number }): bigint =>
  (BigInt(place.ledger) << 32n) | (BigInt(place.transaction) << 12n) | BigInt(place.operation);

function eventsOf({ record, ledger }: KeptTransaction): KeptEvent[] {
  return record.events.flatMap((list, operation) =>
    list.map((text, index): KeptEvent => {
      const event = xdr.ContractEvent.fromXdr(text, 'base64');
      return {
        id: eventId({ ledger: ledger.sequence, transaction: record.order, operation }, index),
        ledger,
        transactionIndex: record.order,
        operationIndex: operation,
        txHash: record.hash,
        type: event.type.name === 'system' ? 'system' : 'contract',
        contractId: event.contractId ? StrKey.encodeContract(event.contractId.toBytes()) : '',
        topics: event.body.value.topics.map(base64),
        value: base64(event.body.value.data),
      };
    }),
  );
}
