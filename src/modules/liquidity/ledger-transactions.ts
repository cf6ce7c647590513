import {
  inTransaction,
  type Transaction,
  type TransactionName,
  type TransactionOptions,
} from '../../database/transaction.js';
import type { Connections } from '../../database/limited-client.js';
import type { LedgerConnections } from './guards/ledger-connections.js';

/**
 * LOCK TABLE is taken before the database snapshot. Otherwise a request that waits for the pool row
 * has an old snapshot and fails with 40001 (15 % of batches with 4 processes).
 */
export const LEDGER_BEGIN =
  'BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE ledger_gate IN EXCLUSIVE MODE';

export interface LedgerTransactionOptions {
  /** How long a transaction is retried, and how long a request waits for its own, milliseconds. */
  readonly deadlineMs: number;
  /** Called for every failed attempt of a ledger transaction. */
  readonly onRetry?: (sqlState: string, attempt: number) => void;
  /** Runs after each transaction that committed. It must neither wait nor throw. */
  readonly onCommit?: () => void;
}

/**
 * Runs each write of the ledger in one ledger transaction (docs/protocol.md#ledger-transaction).
 * @throws HoldfastError BUSY_RETRY when the deadline has passed
 */
export class LedgerTransactions {
  constructor(
    private readonly connections: Pick<LedgerConnections, 'read' | 'write'>,
    private readonly options: LedgerTransactionOptions,
  ) {}

  /** Connections for single statements outside a ledger transaction. */
  get read(): Connections {
    return this.connections.read;
  }
  get write(): Connections {
    return this.connections.write;
  }

  async run<T>(
    name: TransactionName,
    work: (tx: Transaction) => Promise<T>,
    {
      begin = LEDGER_BEGIN,
      ...rest
    }: Partial<Pick<TransactionOptions, 'begin' | 'links' | 'relay' | 'onCommitting'>> = {},
  ): Promise<T> {
    const { deadlineMs, onRetry, onCommit } = this.options;
    const done = await inTransaction(
      this.connections.write,
      { ...rest, name, begin, deadlineMs, ...(onRetry ? { onRetry } : {}) },
      work,
    );
    onCommit?.();
    return done;
  }
}
