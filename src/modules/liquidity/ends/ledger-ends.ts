import { retrySafe } from '../../../database/retry-safe.js';
import type { Transaction, TransactionName } from '../../../database/transaction.js';
import * as metrics from '../../../telemetry/metrics.js';
import type { LedgerTransactions } from '../ledger-transactions.js';
import type {
  AbsenceEvidence,
  AuthorizationExpiry,
  ConsumedEvidence,
  ExpiryEvidence,
  FailureEvidence,
  OperatorEnd,
  Settlement,
  Transition,
} from './end-evidence.js';
import { measureSettled } from './settle-time.js';
import {
  endByOperator,
  expireAbsentBatch,
  expireAuthorizationBatch,
  expireBatch,
  failEnvelopesBatch,
  releaseConsumedBatch,
  releaseFailedBatch,
  releaseReasonOf,
  settleBatch,
  TRANSITIONS_MAX,
} from './transition.sql.js';

/** Ends holds by evidence: settle, release, expire. The database checks each end again. */
export class LedgerEnds {
  constructor(private readonly transactions: LedgerTransactions) {}

  /**
   * Settles holds whose transaction landed (docs/protocol.md#landed). A second settlement of the
   * same hold writes nothing.
   */
  async settle(list: readonly Settlement[]): Promise<Transition[]> {
    const done = await this.write('settle', list, settleBatch);
    await measureSettled(this.transactions.read, list, done);
    return done;
  }
  /** Expires holds (docs/protocol.md#expired-by-time). */
  expire(list: readonly ExpiryEvidence[]): Promise<Transition[]> {
    return this.end('expired', list, expireBatch);
  }
  /** Expires holds by the contract's own state, where look-ups can no longer prove it. */
  expireAbsent(list: readonly AbsenceEvidence[]): Promise<Transition[]> {
    return this.end('expired', list, expireAbsentBatch);
  }
  /**
   * Expires holds whose authorization can no longer land (docs/protocol.md#expired-by-ledger). Not
   * written: a funding is known, the nonce was seen spent, or a vote does not count.
   */
  expireAuthorizations(list: readonly AuthorizationExpiry[]): Promise<Transition[]> {
    return this.end('expired', list, expireAuthorizationBatch);
  }
  /** Releases holds whose sequence is consumed (docs/protocol.md#sequence-consumed). */
  releaseConsumed(list: readonly ConsumedEvidence[]): Promise<Transition[]> {
    return this.end('sequence_consumed', list, releaseConsumedBatch);
  }
  /**
   * Records a failure that the contract did not decide: the envelope is dead, and the hold stays
   * for a rebuild (docs/protocol.md#failures-that-are-not-the-borrowers).
   */
  failEnvelopes(list: readonly FailureEvidence[]): Promise<Transition[]> {
    return this.write('fail_envelopes', list, failEnvelopesBatch);
  }
  /**
   * Releases holds whose transaction failed (docs/protocol.md#failed): `tx_failed` when the
   * contract decided, otherwise `not_rebuilt`.
   */
  releaseFailed(list: readonly FailureEvidence[]): Promise<Transition[]> {
    return this.end('tx_failed', list, releaseFailedBatch, releaseReasonOf);
  }

  /** Ends a hold that only a person can decide. `settlement` has checked the evidence before. */
  endByOperator(end: OperatorEnd): Promise<Transition> {
    return this.transactions.run(
      'operator_end',
      retrySafe((tx) => endByOperator(tx, end)),
    );
  }

  /** Ends at most 200 holds in a transaction, because the hot pool's row is locked meanwhile. */
  private async write<T>(
    name: TransactionName,
    list: readonly T[],
    statement: (tx: Transaction, part: readonly T[]) => Promise<Transition[]>,
  ): Promise<Transition[]> {
    const done: Transition[] = [];
    for (let from = 0; from < list.length; from += TRANSITIONS_MAX) {
      const part = list.slice(from, from + TRANSITIONS_MAX);
      done.push(...(await this.transactions.run(name, (tx) => statement(tx, part))));
    }
    return done;
  }

  private async end<T extends { readonly poolId: string }>(
    name: TransactionName,
    list: readonly T[],
    statement: (tx: Transaction, part: readonly T[]) => Promise<Transition[]>,
    outcomeOf: (of: T) => string = () => name,
  ): Promise<Transition[]> {
    const done = await this.write(name, list, statement);
    for (const [index, of] of list.entries())
      if (done[index]?.written)
        metrics.count('holdfast_holds_ended_total', { pool: of.poolId, outcome: outcomeOf(of) });
    return done;
  }
}
