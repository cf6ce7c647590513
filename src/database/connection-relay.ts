import type pg from 'pg';
import { isPooled } from './limited-client.js';

/** A connection for one transaction. */
export interface LentConnection {
  readonly client: pg.PoolClient;
  /** Call it once COMMIT was sent: the next transaction may be sent behind it. */
  committing(): void;
  /** @param broken why the connection must not be used again */
  release(broken?: Error): void;
}

interface Line {
  readonly client: pg.PoolClient;
  transactions: number;
  /** The last transaction on it has sent COMMIT. */
  free: boolean;
  broken: Error | undefined;
}

/**
 * Lends one connection to transactions that follow each other. While COMMIT of one is under way, the
 * next is sent behind it, so that the server goes on without waiting for this process. A
 * transaction that comes before that, such as another attempt, gets a connection of its own.
 *
 * Behind a pooler each transaction has its own, because the server connection changes with COMMIT.
 */
export class ConnectionRelay {
  #line: Line | undefined;

  constructor(private readonly connections: pg.Pool) {}

  async take(): Promise<LentConnection> {
    if (this.#line?.free) {
      this.#line.free = false;
      this.#line.transactions += 1;
      return this.#lend(this.#line);
    }
    const client = await this.connections.connect();
    const line: Line = { client, transactions: 1, free: false, broken: undefined };
    this.#line = line;
    return this.#lend(line);
  }

  #lend(line: Line): LentConnection {
    return {
      client: line.client,
      committing: () => {
        line.free = line.broken === undefined && !isPooled(line.client);
      },
      release: (broken) => {
        line.broken ??= broken;
        line.transactions -= 1;
        if (line.broken) line.free = false;
        if (line.transactions > 0) return;
        line.free = false;
        if (this.#line === line) this.#line = undefined;
        line.client.release(line.broken);
      },
    };
  }
}
