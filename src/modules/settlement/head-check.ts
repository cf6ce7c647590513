import { asError, HoldfastError } from '../../common/errors.js';
import { LAG_LEDGERS_MAX, type LedgerTime } from '../../common/ledger-time.js';
import type { Head } from '../chain/chain.js';
import { headDisputes } from '../liquidity/snapshots/head-disputes.js';
import type { Alarms } from './alarm-log.js';
import type { SettlementRooms } from './settlement-rooms.js';

/** Decides whether a round may use a head of the chain. */
export class HeadCheck {
  constructor(
    private readonly rooms: Pick<SettlementRooms, 'ledger' | 'chain'>,
    private readonly alarms: Alarms,
  ) {}

  /** @returns the head for a round over all pools; null, with an alarm, when no round may use it */
  async current(): Promise<Head | null> {
    await this.rooms.ledger.guards.noticeDatabase();
    const quarantined = await this.rooms.ledger.guards.recentDatabaseChange();
    if (quarantined !== null) this.alarms.raise('database_changed', { pools: quarantined });
    let head: Head;
    try {
      head = await this.rooms.chain.head();
    } catch (thrown) {
      const { message } = asError(thrown);
      this.alarms.raise(
        thrown instanceof HoldfastError && thrown.facts['datedTwice'] === true
          ? 'ledger_dated_twice'
          : 'chain_unreachable',
        { error: message },
      );
      return null;
    }
    // A head that contradicts known ledgers, or is far behind them, proves nothing. Later ledgers
    // or an operator show which one is right.
    if (!(await this.isBelieved(this.rooms.chain.networkPassphrase, head))) return null;
    const known = await this.rooms.ledger.snapshots.knownLedger(this.rooms.chain.networkPassphrase);
    if (head.ledger + LAG_LEDGERS_MAX < known) {
      this.alarms.raise('chain_went_backwards', { ledger: head.ledger, known });
      return null;
    }
    for (const { poolId, ended } of await this.rooms.ledger.guards.advanceQuarantine(
      this.rooms.chain.networkPassphrase,
      head.closeTime,
    ))
      if (ended) this.alarms.raise('quarantine_ended', { pool: poolId });
    return head;
  }

  /**
   * Whether a head agrees with the known ledgers. Raises an alarm for each ledger that it
   * disproves.
   */
  async isBelieved(network: string, { ledger, closeTime }: LedgerTime): Promise<boolean> {
    const seen = await this.rooms.ledger.snapshots.seeHead(network, { ledger, closeTime });
    for (const { name, facts } of headDisputes({ ledger, closeTime }, seen))
      this.alarms.raise(name, facts);
    return seen.dating.kind !== 'waiting';
  }
}
