import { applyTransaction, recordRefused, type ApplyContext, type TransactionRecord } from './transaction-apply.js';
import { accountKey } from './ledger-entries.js';
import { readAccount, StateOverlay, type EntryReader } from './ledger-state.js';
import { isHeld, type QueuedTransaction } from './transaction-queue.js';
import { declaredWrites, type TransactionInput } from './transaction-input.js';
import { chargedFee, feeSource } from './transaction-fees.js';
import { refusalOf } from './transaction-validation.js';

export interface LedgerOutcome { readonly state: StateOverlay; readonly records: readonly TransactionRecord[]; /** hashes that can no longer be included */ readonly invalid: ReadonlySet<string> }
export interface ClosePlan extends ApplyContext { readonly waiting: readonly QueuedTransaction[]; readonly ledgerWriteEntriesMax: number }

/** What the next ledger does to the state it is given; pure but for the overlay it returns. */
export function closeOver(state: EntryReader, plan: ClosePlan): LedgerOutcome {
  const invalid = new Set<string>();
  const chosen = choose(state, plan, invalid);
  const overlay = new StateOverlay(state, plan.sequence);
  for (const input of chosen) charge(input, overlay);
  const records = chosen.map((input, index) => applyOne(input, overlay, { ...plan, order: index + 1 }));
  return { state: overlay, records, invalid };
}

/** At most one per source (the queue sees to that), in order of arrival, until the ledger's written entries are used up. */
function choose(state: EntryReader, plan: ClosePlan, invalid: Set<string>): TransactionInput[] {
  const chosen: TransactionInput[] = [];
  const closeTime = BigInt(plan.closeTime);
  let writes = 0;
  for (const queued of plan.waiting) {
    if (isHeld(queued, plan.closeTime)) continue;
    const { input } = queued;
    if (refusalOf(input, { state, ledger: plan.sequence, earliest: closeTime, latest: closeTime })) {
      invalid.add(input.hash);
      continue;
    }
    if (writes + declaredWrites(input) > plan.ledgerWriteEntriesMax) continue;
    writes += declaredWrites(input);
    chosen.push(input);
  }
  return chosen;
}

/** All fees of a ledger are taken before anything runs. */
function charge(input: TransactionInput, overlay: StateOverlay): void {
  const payer = feeSource(input);
  const account = overlay.account(payer);
  if (account) overlay.putAccount(payer, { ...account, balance: account.balance - chargedFee(input) });
}

/** An earlier transaction of the same ledger may have consumed the sequence (a bump through an operation's own source). */
function applyOne(input: TransactionInput, overlay: StateOverlay, place: ApplyContext & { readonly order: number }): TransactionRecord {
  const account = readAccount(overlay, accountKey(input.source));
  if (!account || account.sequence >= input.sequence) return recordRefused(input, chargedFee(input), account ? 'txBadSeq' : 'txNoAccount', place.order);
  return applyTransaction(input, chargedFee(input), overlay, place);
}
