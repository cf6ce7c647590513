import {
  applyRefused,
  applyTransaction,
  type AppliedTransaction,
  type LedgerPlace,
  type ApplyContext,
  type TransactionRecord,
} from './transaction-apply.js';
import { goingRate, type GoingRates } from './fee-surge.js';
import { accountKey } from './ledger-entries.js';
import type { LedgerLimits } from './ledger-settings.js';
import { readAccount, StateOverlay, type LedgerState } from './ledger-state.js';
import { isHeld, type QueuedTransaction } from './transaction-queue.js';
import { declaredRoom, type TransactionInput } from './transaction-input.js';
import { bidRate, chargedFee, compareBids, feeSource } from './transaction-fees.js';
import { refusalOf } from './transaction-validation.js';

export interface LedgerOutcome {
  readonly state: StateOverlay;
  readonly records: readonly TransactionRecord[];
  /** Hashes that can no longer be included. */
  readonly invalid: ReadonlySet<string>;
}
export interface ClosePlan extends ApplyContext {
  readonly waiting: readonly QueuedTransaction[];
  readonly limits: LedgerLimits;
  /** What strangers bid; absent: there are none. */
  readonly goingRates?: GoingRates | undefined;
}

/**
 * Computes what the next ledger does to the given state. It changes only the overlay that it
 * returns.
 */
export function closeOver(state: LedgerState, plan: ClosePlan): LedgerOutcome {
  const invalid = new Set<string>();
  const chosen = choose(state, plan, invalid);
  const overlay = new StateOverlay(state, plan.sequence, plan.leastLifetime);
  for (const id of state.endedBefore(plan.sequence)) overlay.remove(id);
  for (const { input, price } of chosen) pay(input, overlay, -chargedFee(input, price));
  const applied = chosen.map(({ input, price }, index) => ({
    input,
    ...applyOne(input, overlay, { ...plan, order: index + 1, price }),
  }));
  for (const { input, refund } of applied) pay(input, overlay, refund);
  return { state: overlay, records: applied.map(({ record }) => record), invalid };
}

interface Included {
  readonly input: TransactionInput;
  /** Stroops for one of its operations. */
  readonly price: bigint;
}

/**
 * At most one per source (the queue sees to that). The best bids take the room of the ledger, by
 * declared figures, and run in order of arrival. When some found no room, all of their phase pay
 * the lowest bid that did.
 */
function choose(state: LedgerState, plan: ClosePlan, invalid: Set<string>): Included[] {
  const closeTime = BigInt(plan.closeTime);
  const ready: TransactionInput[] = [];
  for (const queued of plan.waiting) {
    if (isHeld(queued, plan.closeTime)) continue;
    const { input } = queued;
    if (refusalOf(input, { state, ledger: plan.sequence, earliest: closeTime, latest: closeTime }))
      invalid.add(input.hash);
    else ready.push(input);
  }
  const bidding = ready.filter((input) => bidRate(input) >= goingRate(plan.goingRates, input));
  const fitting = new Set(withinLimits(bidding.toSorted(compareBids), plan.limits));
  const crowded = fitting.size < bidding.length;
  const lowest = crowded ? lowestBid([...fitting].filter((input) => input.sorobanData)) : 0n;
  return ready
    .filter((input) => fitting.has(input))
    .map((input) => {
      const rate = goingRate(plan.goingRates, input);
      return { input, price: input.sorobanData && lowest > rate ? lowest : rate };
    });
}

const lowestBid = (inputs: readonly TransactionInput[]): bigint =>
  inputs.map(bidRate).reduce((least, rate) => (least < rate ? least : rate), MOST_STROOPS);
const MOST_STROOPS = 2n ** 63n - 1n;

function withinLimits(
  inputs: readonly TransactionInput[],
  limits: LedgerLimits,
): TransactionInput[] {
  let used: LedgerLimits = { instructions: 0, writeBytes: 0, writeEntries: 0, sizeBytes: 0 };
  return inputs.filter((input) => {
    const room = declaredRoom(input);
    const next = {
      instructions: used.instructions + room.instructions,
      writeBytes: used.writeBytes + room.writeBytes,
      writeEntries: used.writeEntries + room.writeEntries,
      sizeBytes: used.sizeBytes + room.sizeBytes,
    };
    const fits =
      next.instructions <= limits.instructions &&
      next.writeBytes <= limits.writeBytes &&
      next.writeEntries <= limits.writeEntries &&
      next.sizeBytes <= limits.sizeBytes;
    if (fits) used = next;
    return fits;
  });
}

/**
 * All fees of a ledger are charged before any transaction runs. Unused fees are refunded after all
 * have run.
 */
function pay(input: TransactionInput, overlay: StateOverlay, stroops: bigint): void {
  const payer = feeSource(input);
  const account = stroops === 0n ? undefined : overlay.account(payer);
  if (account) overlay.putAccount(payer, { ...account, balance: account.balance + stroops });
}

/**
 * An earlier transaction of the same ledger may have consumed the sequence (a bump through an
 * operation's own source).
 */
function applyOne(
  input: TransactionInput,
  overlay: StateOverlay,
  place: LedgerPlace,
): AppliedTransaction {
  const account = readAccount(overlay, accountKey(input.source));
  if (!account || account.sequence >= input.sequence)
    return applyRefused(input, account ? 'txBadSeq' : 'txNoAccount', place);
  return applyTransaction(input, overlay, place);
}
