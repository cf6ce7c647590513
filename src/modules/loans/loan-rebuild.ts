import { Injectable } from '@nestjs/common';
import type { Whose } from '../../common/caller.js';
import { HoldfastError } from '../../common/errors.js';
import { poolNotFound } from '../../http/not-found.js';
import { chainTime, timeOf } from '../../common/times.js';
import type { Funding, LoanTerms } from '../chain/chain.js';
import { type PoolRecord, PoolRegistry } from '../liquidity/pools/pool-registry.js';
import { ReservationLedger } from '../liquidity/reservation-ledger.js';
import { ReservationReader, type StoredLoan } from '../liquidity/holds/reservation.reader.js';
import type { RebuildOutcome } from '../liquidity/holds/rebuild.sql.js';
import type { RebuildRefusal } from '../liquidity/reservation.js';
import { renderLoan } from './loan-answer.js';
import { rebuildsLeftOf, rebuildsMaxOf } from './loan-failures.js';
import { envelopeOf, LoanFunding } from './loan-funding.js';
import { loanEnded } from './dead-loans.js';
import { chainLags, contractTrouble, counterWindowFull, poolClosed } from './loan-refusals.js';
import { foundLoan } from './loan-finding.js';
import { termsOf } from './loan-terms.js';
import type { LoanPage } from './loan.schemas.js';
import type { WindowPlan } from './loan-window.js';

/**
 * Issues a new transaction for a live hold (docs/protocol.md#rebuild). The hold and its amount
 * stay, and a refusal changes nothing.
 */
@Injectable()
export class LoanRebuild {
  constructor(
    private readonly funding: LoanFunding,
    private readonly ledger: ReservationLedger,
    private readonly reader: ReservationReader,
    private readonly registry: PoolRegistry,
  ) {}

  /**
   * @throws HoldfastError LOAN_NOT_FOUND, ENVELOPE_OUTDATED, REBUILD_LIMIT, ENVELOPE_UNDECIDED,
   * POOL_PAUSED, POOL_QUARANTINED, SNAPSHOT_STALE, LOAN_REFUSED_BY_CONTRACT, OUTFLOW_CAP_REACHED,
   * VENDOR_CAP_EXCEEDED, CHAIN_LIQUIDITY_SHORT, COUNTER_WINDOW_FULL, CONTRACTS_BROKEN,
   * CONTRACT_FAILED, CHAIN_UNREACHABLE
   */
  async rebuild(whose: Whose, loanId: string): Promise<LoanPage> {
    const stored = await foundLoan(this.reader, whose, loanId);
    const { reservation } = stored;
    if (reservation.state !== 'held') throw loanEnded(stored);
    if (stored.authorization) throw NOT_NEEDED();
    if (reservation.cancelRequestedAt) throw refused('cancel_requested', stored);
    if (rebuildsLeftOf(stored) === 0) throw refused('rebuilds_used', stored);
    const pool = await this.registry.find(reservation.poolId);
    if (!pool) throw poolNotFound(reservation.poolId);
    if (pool.state !== 'active') throw poolClosed(pool.state);
    // the second attempt is for holds that came meanwhile and need more room than the first one has
    const outcome = (await this.issue(pool, stored)) ?? (await this.issue(pool, stored));
    if (outcome === null) throw await this.narrow(pool, stored);
    if (outcome === 'chain_lags') throw await this.lagging(pool);
    if (outcome !== 'issued') throw refused(outcome, stored);
    return renderLoan(await foundLoan(this.reader, whose, loanId));
  }

  /** @returns null when the window is too small for the other live holds */
  private async issue(
    pool: PoolRecord,
    stored: StoredLoan,
  ): Promise<Exclude<RebuildOutcome, 'window_small'> | null> {
    const { reservation } = stored;
    const terms = termsOf(stored);
    const plan = await this.funding.windows.forRebuild(pool, terms, reservation.id);
    const envelope = envelopeOf(await this.build(stored, { pool, terms, plan }));
    // The ledger checks this again under its lock: an open transaction and the new one must exclude
    // each other.
    if (
      stored.envelopes.some(
        ({ state, sequence }) => state === 'open' && sequence !== envelope.sequence,
      )
    )
      return 'undecided';
    const outcome = await this.ledger.issueEnvelope({
      poolId: pool.id,
      reservationId: reservation.id,
      seenVersion: reservation.envelopeVersion,
      envelope,
      strangerBytes: plan.strangerBytes,
      rebuildsMax: rebuildsMaxOf(stored),
    });
    return outcome === 'window_small' ? null : outcome;
  }

  private async narrow(pool: PoolRecord, stored: StoredLoan): Promise<HoldfastError> {
    const {
      look: { liveHolds },
    } = await this.funding.windows.forRebuild(pool, termsOf(stored), stored.reservation.id);
    return counterWindowFull({ liveHolds: liveHolds + 1, window: liveHolds });
  }

  private async lagging({ id, maxSnapshotAgeSeconds }: PoolRecord): Promise<HoldfastError> {
    const position = await this.ledger.reader.position(id);
    return chainLags(position?.ageSeconds ?? null, maxSnapshotAgeSeconds);
  }

  private async build(
    { pool: { snapshotLedger } }: StoredLoan,
    { pool, terms, plan }: { pool: PoolRecord; terms: LoanTerms; plan: WindowPlan },
  ): Promise<Funding> {
    const firstDue = terms.schedule[0]?.dueAt;
    const built = this.funding.build(pool, terms, plan, snapshotLedger);
    const attempt = await built.catch((thrown: unknown) => {
      // For an accepted loan, only the first due date can have become invalid.
      throw thrown instanceof HoldfastError && thrown.code === 'VALIDATION_FAILED'
        ? limit(
            'due_date',
            'Its first instalment is due at ' +
              `${firstDue === undefined ? 'no time' : timeOf(firstDue)}, before a new ` +
              `transaction's time would end.`,
          )
        : thrown;
    });
    if (attempt.kind === 'refused') throw contractTrouble(attempt.refusal);
    return attempt.funding;
  }
}

const limit = (reason: string, sentence: string): HoldfastError =>
  new HoldfastError('REBUILD_LIMIT', `${sentence} The hold is unchanged and ends by itself.`, {
    reason,
  });

const NOT_NEEDED = (): HoldfastError =>
  new HoldfastError(
    'REBUILD_LIMIT',
    'The borrower signs an authorization, which needs no new transaction: this service builds the ' +
      'transaction that lands it again, whatever has landed before.',
    { reason: 'not_needed' },
  );

function refused(
  outcome: Exclude<RebuildRefusal, 'window_small' | 'chain_lags'>,
  stored: StoredLoan,
): HoldfastError {
  switch (outcome) {
    case 'hold_ended':
      return loanEnded(stored);
    case 'pool_paused':
      return poolClosed('paused');
    case 'pool_closed':
      return poolClosed('closed');
    case 'pool_quarantined':
      return poolClosed('quarantined');
    case 'cancel_requested':
      return new HoldfastError(
        'ENVELOPE_OUTDATED',
        'The loan was cancelled, so it gets no new transaction.',
        { reason: outcome },
      );
    case 'rebuilds_used':
      return limit(
        outcome,
        `The transaction was rebuilt ${stored.envelopes.length - 1} times already.`,
      );
    case 'too_long':
      return limit(
        outcome,
        'A new transaction would hold the funds too long: the first one ended at ' +
          `${chainTime(stored.envelopes[0]?.maxTime ?? stored.reservation.expiresAt)}.`,
      );
    case 'moved':
    case 'undecided':
      return new HoldfastError(
        'ENVELOPE_UNDECIDED',
        "The chain has changed since this loan's transactions were built, and their outcome is " +
          'being proven. Ask again in a few seconds.',
        { reason: outcome },
      );
  }
}
