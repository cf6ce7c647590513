import type { LedgerTransactions } from '../ledger-transactions.js';
import {
  anyCrossed,
  type ConsumedNote,
  type DeathNote,
  discardSteps,
  type FailureNote,
  markSigned,
  markSubmitted,
  noteConsumedSteps,
  noteDeathSteps,
  noteFailures,
  noteOutbid,
  noteResubmissions,
  signedEnvelopes,
  type StepDiscarded,
  type Submission,
} from './envelope-notes.js';

/** Records facts about transactions while their hold is live. None of them ends a hold. */
export class EnvelopeRecords {
  constructor(private readonly transactions: LedgerTransactions) {}

  /**
   * Records that the envelope was submitted and what the node answered. The answer proves nothing
   * (docs/stellar.md#submission-proves-nothing).
   */
  markSubmitted(poolId: string, reservationId: string, submission: Submission): Promise<void> {
    return this.transactions.run('mark_submitted', (tx) =>
      markSubmitted(tx, poolId, reservationId, submission),
    );
  }

  /** Records that its borrower signed one of its transactions, although no node took it. */
  markSigned(poolId: string, reservationId: string): Promise<void> {
    return this.transactions.run('mark_signed', (tx) => markSigned(tx, poolId, reservationId));
  }

  /** Compares the bids of live transactions with the rate that was stored with the snapshot. */
  async noteOutbid(poolId: string): Promise<void> {
    if (await anyCrossed(this.transactions.read, poolId))
      await this.transactions.run('outbid', (tx) => noteOutbid(tx, poolId));
  }

  /**
   * Stores the steps of the proofs by time and by sequence, after it has removed the steps that
   * turned out wrong.
   */
  async noteDeathSteps(
    notes: readonly DeathNote[],
    consumed: readonly ConsumedNote[] = [],
    discarded: readonly StepDiscarded[] = [],
  ): Promise<void> {
    if (notes.length + consumed.length + discarded.length === 0) return;
    await this.transactions.run('death_steps', async (tx) => {
      // one statement per certificate, because an envelope may lose both its steps
      for (const certificate of ['D1', 'D2'] as const) {
        const gone = discarded.filter((each) => each.certificate === certificate);
        if (gone.length) await discardSteps(tx, gone);
      }
      if (notes.length) await noteDeathSteps(tx, notes);
      if (consumed.length) await noteConsumedSteps(tx, consumed);
    });
  }

  /** Stores step 1 of the proof of a failure (docs/protocol.md#failed). */
  async noteFailures(notes: readonly FailureNote[]): Promise<void> {
    if (notes.length > 0)
      await this.transactions.run('failure_sightings', (tx) => noteFailures(tx, notes));
  }

  /** Returns the signed envelopes to submit again, by hash. They must not be logged. */
  signedEnvelopes(hashes: readonly string[]): Promise<Map<string, string>> {
    return signedEnvelopes(this.transactions.read, hashes);
  }
  noteResubmissions(
    list: readonly { readonly hash: string; readonly status: string; readonly ledger: number }[],
  ): Promise<void> {
    return this.transactions.run('resubmissions', (tx) => noteResubmissions(tx, list));
  }
}
