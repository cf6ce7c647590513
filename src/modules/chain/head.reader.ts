import { contradict } from '../../common/ledger-time.js';
import { unreachable } from './chain-trouble.js';
import type { Head } from './chain.js';
import type { RpcClient } from './rpc-client.js';
import { healthReply, transactionReply } from './rpc-replies.js';

/**
 * No transaction has this hash, so the reply carries only the node's range of ledgers
 * (docs/stellar.md#rpc-methods).
 */
const NO_TRANSACTION = '0'.repeat(64);

/** `newest`: the newer ledger of the two replies, which only one of them knows. */
export interface AgreedHead {
  readonly head: Head;
  readonly newest: number;
}

/**
 * The newest ledger on which replies of two methods agree: the older of their two. A wrong close
 * time or an invented ledger in one reply contradicts the other. getLatestLedger was rejected,
 * because it returns whole ledgers.
 */
export class HeadReader {
  constructor(private readonly rpc: RpcClient) {}

  /**
   * @throws HoldfastError CHAIN_UNREACHABLE; with the fact `datedTwice` when the two replies
   * contradict each other
   */
  async read(): Promise<AgreedHead> {
    const [health, range] = await Promise.allSettled([
      this.rpc.call('getHealth', {}, healthReply),
      this.readRange(),
    ]);
    if (health.status === 'rejected') throw health.reason as Error;
    if (range.status === 'rejected') throw range.reason as Error;
    const { latestLedger: ledger, latestLedgerCloseTime: closeTime, oldestLedger } = health.value;
    // getHealth carries close times since v27.1.
    return agreed(
      closeTime === undefined ? await this.readRange() : { ledger, closeTime, oldestLedger },
      range.value,
    );
  }

  private async readRange(): Promise<Head> {
    const reply = await this.rpc.call('getTransaction', { hash: NO_TRANSACTION }, transactionReply);
    return {
      ledger: reply.latestLedger,
      closeTime: reply.latestLedgerCloseTime,
      oldestLedger: reply.oldestLedger,
    };
  }
}

function agreed(a: Head, b: Head): AgreedHead {
  if (contradict(a, b)) {
    const described = ({ ledger, closeTime }: Head): string =>
      `ledger ${ledger} closed at ${closeTime}`;
    throw unreachable(
      'getHealth',
      `two replies contradict each other: ${described(a)}, and ${described(b)}. Neither is used.`,
      undefined,
      { datedTwice: true },
    );
  }
  const [older, newer] = a.ledger <= b.ledger ? [a, b] : [b, a];
  // A ledger that one of them has forgotten counts as forgotten, so a look-up can only prove less.
  return {
    head: { ...older, oldestLedger: Math.max(a.oldestLedger, b.oldestLedger) },
    newest: newer.ledger,
  };
}

/** About a ledger. */
const RECENT_MS = 5_000;

/**
 * The head for those who build transactions: one read serves all of them while the replies that
 * they read anyway name the same ledger as the newest. Nothing is proven with it: an older head
 * makes a deadline earlier and the ledger after which the transaction can land older.
 */
export class RecentHeads {
  #known: { readonly head: Head; readonly until: number } | null = null;
  #reading: Promise<Head> | null = null;

  constructor(private readonly read: () => Promise<Head>) {}

  /** @throws HoldfastError CHAIN_UNREACHABLE */
  async of(reply: Promise<{ readonly ledger: number }>): Promise<Head> {
    if (!this.#known || performance.now() >= this.#known.until) return this.#again();
    const { ledger } = await reply;
    return ledger === this.#known.head.ledger ? this.#known.head : this.#again();
  }

  #again(): Promise<Head> {
    this.#reading ??= this.read()
      .then((head) => {
        this.#known = { head, until: performance.now() + RECENT_MS };
        return head;
      })
      .finally(() => {
        this.#reading = null;
      });
    return this.#reading;
  }
}
