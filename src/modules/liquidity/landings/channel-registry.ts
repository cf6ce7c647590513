import { HoldfastError } from '../../../common/errors.js';
import { retrySafe } from '../../../database/retry-safe.js';
import { inTransaction, type Transaction } from '../../../database/transaction.js';
import type { LedgerConnections } from '../guards/ledger-connections.js';
import { LEDGER_BEGIN } from '../ledger-transactions.js';
import { noteChange, type OperatorNote } from '../pools/operator-actions.js';

/** An account of the service that carries landings. Its secret is never in the database. */
export interface ChannelRecord {
  readonly network: string;
  readonly account: string;
  readonly name: string;
  readonly state: 'active' | 'removed';
  readonly addedAt: Date;
  readonly removedAt: Date | null;
  /** Stroops at a ledger; null: not read yet. */
  readonly balance: bigint | null;
  readonly balanceLedger: number | null;
  /** Hash of its landing in flight; null: it is free. */
  readonly inFlight: string | null;
}
export interface ChannelBalance {
  readonly account: string;
  readonly balance: bigint;
  readonly ledger: number;
}

const COLUMNS = `c.network, c.account, c.name, c.state, c.added_at, c.removed_at, c.balance::text,
  c.balance_ledger::float8 as balance_ledger, (select l.hash from landings l
    where l.network = c.network and l.channel = c.account and l.state = 'open') as in_flight`;
interface ChannelRow {
  readonly network: string;
  readonly account: string;
  readonly name: string;
  readonly state: 'active' | 'removed';
  readonly added_at: Date;
  readonly removed_at: Date | null;
  readonly balance: string | null;
  readonly balance_ledger: number | null;
  readonly in_flight: string | null;
}

/** The list of channels for operators and for the lander. */
export class ChannelRegistry {
  constructor(
    private readonly connections: LedgerConnections,
    private readonly deadlineMs: number,
  ) {}

  /** In the order in which they were added; removed ones last. */
  async list(network: string): Promise<ChannelRecord[]> {
    const { rows } = await this.connections.read.query<ChannelRow>(
      `select ${COLUMNS} from channels c where c.network = $1
        order by c.state, c.added_at, c.account`,
      [network],
    );
    return rows.map(recordOf);
  }

  /**
   * Adds a channel, or takes a removed one in again. One that is active stays as it is.
   * @returns the channel, and whether this call added it
   */
  add(
    channel: Pick<ChannelRecord, 'network' | 'account' | 'name'>,
    note: OperatorNote,
  ): Promise<{ readonly channel: ChannelRecord; readonly added: boolean }> {
    const { network, account, name } = channel;
    const facts = { network, name };
    return this.write(
      retrySafe(async (tx) => {
        const { rowCount } = await tx.client.query(
          `insert into channels as c (network, account, name) values ($1, $2, $3)
          on conflict (network, account) do update set state = 'active', removed_at = null,
              name = excluded.name, added_at = clock_timestamp()
            where c.state = 'removed'`,
          [network, account, name],
        );
        const added = rowCount === 1;
        return {
          result: { channel: await this.found(tx, network, account), added },
          row: added
            ? await noteChange(tx.client, {
                ...note,
                action: 'channel.add',
                subject: account,
                facts,
              })
            : null,
        };
      }),
    );
  }

  /**
   * Takes a channel out of use. Its landing in flight goes on to its end.
   * @throws HoldfastError NOT_FOUND
   */
  remove(
    channel: Pick<ChannelRecord, 'network' | 'account'>,
    note: OperatorNote,
  ): Promise<ChannelRecord> {
    const { network, account } = channel;
    const facts = { network };
    return this.write(
      retrySafe(async (tx) => {
        const { rowCount } = await tx.client.query(
          `update channels set state = 'removed', removed_at = clock_timestamp()
          where network = $1 and account = $2 and state = 'active'`,
          [network, account],
        );
        return {
          result: await this.found(tx, network, account),
          row:
            rowCount === 1
              ? await noteChange(tx.client, {
                  ...note,
                  action: 'channel.remove',
                  subject: account,
                  facts,
                })
              : null,
        };
      }),
    );
  }

  /** Stores balances of active channels. One of an older ledger than the stored one is dropped. */
  async noteBalances(network: string, list: readonly ChannelBalance[]): Promise<void> {
    await this.connections.write.query(
      `update channels c set balance = u.balance, balance_ledger = u.ledger
      from unnest($2::text[], $3::bigint[], $4::bigint[]) as u (account, balance, ledger)
      where c.network = $1 and c.account = u.account and c.state = 'active'
        and (c.balance_ledger is null or c.balance_ledger <= u.ledger)`,
      [
        network,
        list.map(({ account }) => account),
        list.map(({ balance }) => balance),
        list.map(({ ledger }) => ledger),
      ],
    );
  }

  private async found(tx: Transaction, network: string, account: string): Promise<ChannelRecord> {
    const { rows } = await tx.client.query<ChannelRow>(
      `select ${COLUMNS} from channels c where c.network = $1 and c.account = $2`,
      [network, account],
    );
    if (!rows[0])
      throw new HoldfastError('NOT_FOUND', `There is no channel ${account} on this network.`);
    return recordOf(rows[0]);
  }

  private write<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return inTransaction(
      this.connections.write,
      { name: 'channels', begin: LEDGER_BEGIN, deadlineMs: this.deadlineMs },
      work,
    );
  }
}

const recordOf = (row: ChannelRow): ChannelRecord => ({
  network: row.network,
  account: row.account,
  name: row.name,
  state: row.state,
  addedAt: row.added_at,
  removedAt: row.removed_at,
  balance: row.balance === null ? null : BigInt(row.balance),
  balanceLedger: row.balance_ledger,
  inFlight: row.in_flight,
});
