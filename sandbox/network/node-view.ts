import { sha256 } from './ledger-entries.js';
import type { ClosedLedger, KeptEvent, KeptTransaction } from './ledger-history.js';
import type { EntryReader } from './ledger-state.js';
import type { LocalChain } from './local-chain.js';

/**
 * The part of the chain that the node answering one RPC call knows. A healthy node knows all of it;
 * faults narrow the view.
 */
export interface NodeView {
  readonly passphrase: string;
  readonly head: ClosedLedger;
  readonly oldest: ClosedLedger;
  /** Entries as of `head`. */
  readonly state: EntryReader;
  /** Whether it keeps diagnostic events. */
  readonly diagnostics: boolean;
  /** Events before a cursor that a page repeats. */
  readonly eventsRepeated: number;
  transaction(hash: string): KeptTransaction | undefined;
  transactionsFrom(ledger: number): readonly KeptTransaction[];
  ledgersFrom(ledger: number): readonly ClosedLedger[];
  /** Events whose id is greater, oldest first. */
  eventsAfter(id: string): readonly KeptEvent[];
}

export function wholeView(chain: LocalChain): NodeView {
  const { history } = chain;
  return {
    passphrase: chain.networkPassphrase,
    head: history.latest,
    oldest: history.oldest,
    state: chain.state,
    diagnostics: true,
    eventsRepeated: 0,
    transaction: (hash) => history.transaction(hash),
    transactionsFrom: (ledger) => history.transactionsFrom(ledger),
    ledgersFrom: (ledger) => history.ledgersFrom(ledger),
    eventsAfter: (id) => history.eventsAfter(id),
  };
}

/**
 * The view of a node that knows no ledger after this one. It goes back at most to the oldest ledger
 * kept and to the oldest state kept.
 */
export function upTo(chain: LocalChain, view: NodeView, ledger: number): NodeView {
  const last = Math.min(
    view.head.sequence,
    Math.max(ledger, view.oldest.sequence, chain.state.oldestRemembered),
  );
  const head = chain.history.at(last) ?? view.head;
  return {
    ...view,
    head,
    state: chain.state.at(head.sequence),
    transaction: (hash) => {
      const kept = view.transaction(hash);
      return kept && kept.ledger.sequence <= head.sequence ? kept : undefined;
    },
    transactionsFrom: (first) =>
      view.transactionsFrom(first).filter((kept) => kept.ledger.sequence <= head.sequence),
    ledgersFrom: (first) =>
      view.ledgersFrom(first).filter((ledger) => ledger.sequence <= head.sequence),
    eventsAfter: (id) =>
      view.eventsAfter(id).filter((event) => event.ledger.sequence <= head.sequence),
  };
}

/**
 * The view of a node that keeps only this many ledgers: it has no older transactions and events.
 */
export function keeping(chain: LocalChain, view: NodeView, ledgers: number): NodeView {
  const oldest =
    chain.history.at(Math.max(view.oldest.sequence, view.head.sequence - ledgers + 1)) ??
    view.oldest;
  return {
    ...view,
    oldest,
    transaction: (hash) => {
      const kept = view.transaction(hash);
      return kept && kept.ledger.sequence >= oldest.sequence ? kept : undefined;
    },
    transactionsFrom: (first) => view.transactionsFrom(Math.max(first, oldest.sequence)),
    ledgersFrom: (first) => view.ledgersFrom(Math.max(first, oldest.sequence)),
    eventsAfter: (id) =>
      view.eventsAfter(id).filter((event) => event.ledger.sequence >= oldest.sequence),
  };
}

/**
 * The view of a node of the same network that started again at a ledger: numbers count from 1
 * again, and it has no older data. The old chain returns when the fault ends.
 */
export function restartedAt(chain: LocalChain, view: NodeView, at: number): NodeView {
  const renumbered = (sequence: number): ClosedLedger => {
    const ledger = chain.history.at(sequence) ?? view.head;
    const hash = sha256(`begun anew ${ledger.hash}`).toString('hex');
    return { ...ledger, sequence: Math.max(1, ledger.sequence - at + 1), hash };
  };
  return {
    ...view,
    head: renumbered(view.head.sequence),
    oldest: renumbered(Math.min(at, view.head.sequence)),
    state: { get: () => undefined },
    transaction: () => undefined,
    transactionsFrom: () => [],
    ledgersFrom: () => [],
    eventsAfter: () => [],
  };
}
