import { contradict } from '../../common/ledger-time.js';
import { unreachable } from './chain-trouble.js';
import type { Head } from './chain.js';
import type { RpcClient } from './rpc-client.js';
import { healthReply, transactionReply } from './rpc-replies.js';

/**
 * A hash that no transaction has: the reply to it has the node's range of ledgers
 * (docs/stellar.md#rpc-methods).
 */
const NO_TRANSACTION = '0'.repeat(64);

/** `newest`: the newer ledger of the two replies, which only one of them knows. */
export interface AgreedHead {
  readonly head: Head;
  readonly newest: number;
}

/**
 * The newest ledger by the word of two replies of two methods. A close time that is too late, or a
 * ledger that
 * does not exist, in one of them cannot agree with the other one: the older ledger counts, and a
 * newer one
 * that did not close after it contradicts it. getLatestLedger was rejected: it ships whole ledgers.
 */
export class HeadReader {
  constructor(private readonly rpc: RpcClient) {}

  /**
   * @throws HoldfastError CHAIN_UNREACHABLE; with the fact `datedTwice` when the two cannot both be
   * true
   */
  async read(): Promise<AgreedHead> {
    const [health, look] = await Promise.allSettled([
      this.rpc.call('getHealth', {}, healthReply),
      this.look(),
    ]);
    if (health.status === 'rejected') throw health.reason as Error;
    if (look.status === 'rejected') throw look.reason as Error;
    const { latestLedger: ledger, latestLedgerCloseTime: closeTime, oldestLedger } = health.value;
    // close times stand in getHealth since v27.1
    return agreed(
      closeTime === undefined ? await this.look() : { ledger, closeTime, oldestLedger },
      look.value,
    );
  }

  private async look(): Promise<Head> {
    const range = await this.rpc.call('getTransaction', { hash: NO_TRANSACTION }, transactionReply);
    return {
      ledger: range.latestLedger,
      closeTime: range.latestLedgerCloseTime,
      oldestLedger: range.oldestLedger,
    };
  }
}

function agreed(a: Head, b: Head): AgreedHead {
  if (contradict(a, b)) {
    const told = ({ ledger, closeTime }: Head): string => `ledger ${ledger} closed at ${closeTime}`;
    throw unreachable(
      'getHealth',
      `two replies contradict each other: ${told(a)}, and ${told(b)}. Neither is used.`,
      undefined,
      { datedTwice: true },
    );
  }
  const [older, newer] = a.ledger <= b.ledger ? [a, b] : [b, a];
  // what one of them has forgotten counts as forgotten: a look-up proves less then, never more
  return {
    head: { ...older, oldestLedger: Math.max(a.oldestLedger, b.oldestLedger) },
    newest: newer.ledger,
  };
}
