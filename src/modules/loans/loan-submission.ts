import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Whose } from '../../common/caller.js';
import { asError, HoldfastError } from '../../common/errors.js';
import { validationFailed } from '../../http/validation.js';
import { CHAIN, type Chain, type SubmissionReport } from '../chain/chain.js';
import { pauseOf } from '../chain/families/families.js';
import { isOutdated, loanIdWindowOf, nextLoanId } from '../liquidity/holds/counter-window.js';
import type { EnvelopeEntity } from '../liquidity/holds/envelope.entity.js';
import { ReservationLedger } from '../liquidity/reservation-ledger.js';
import { ReservationReader, type StoredLoan } from '../liquidity/holds/reservation.reader.js';
import { loanEnded, transactionDead } from './dead-loans.js';
import { notForwarded } from './loan-refusals.js';
import { foundLoan } from './loan-finding.js';
import type { SubmissionAnswer } from './submission.schemas.js';
import { notTheTransaction, type RefusedSigned, wrongKind } from './signed-refusals.js';

const FEE_TOO_LOW = 'txInsufficientFee';
const FEE_BUMP_HINT =
  ' Others bid more for inclusion: `inclusionFee` of GET /loans/:id says which fee bump may pass.';

type Taken = SubmissionReport & { readonly status: Exclude<SubmissionReport['status'], 'ERROR'> };
const isTaken = (report: SubmissionReport): report is Taken => report.status !== 'ERROR';

/**
 * Forwards a signed transaction, or a fee bump around it, to a node, and stores it so that it can
 * be submitted again. No answer to a submission ends the hold, because none proves anything
 * (docs/protocol.md#death-needs-a-certificate).
 */
@Injectable()
export class LoanSubmission {
  private readonly log = new Logger(LoanSubmission.name);

  constructor(
    @Inject(CHAIN) private readonly chain: Chain,
    private readonly ledger: ReservationLedger,
    private readonly reader: ReservationReader,
  ) {}

  /**
   * @throws HoldfastError LOAN_NOT_FOUND, ENVELOPE_OUTDATED, CONTRACT_PAUSED, VALIDATION_FAILED,
   * SUBMISSION_REJECTED, CHAIN_UNREACHABLE
   */
  async submit(whose: Whose, loanId: string, signedXdr: string): Promise<SubmissionAnswer> {
    const stored = await foundLoan(this.reader, whose, loanId);
    if (stored.authorization) throw wrongKind('signedXdr', 'authorization');
    if (stored.reservation.state === 'settled') return this.landed(stored, signedXdr);
    if (stored.reservation.state !== 'held') throw loanEnded(stored);
    const { envelope, feeBumpHash } = await this.envelopeOf(stored, signedXdr, whose);
    const report = await this.forward(stored, envelope, signedXdr).catch(
      async (thrown: unknown) => {
        await this.noted(stored, () =>
          this.ledger.envelopes.markSigned(stored.pool.id, stored.reservation.id),
        );
        throw thrown;
      },
    );
    await this.remember(stored, { hash: envelope.hash, signedXdr }, report);
    return {
      status: report.status,
      hash: envelope.hash,
      feeBumpHash,
      latestLedger: report.latestLedger,
      reservation: { id: stored.reservation.id, state: stored.reservation.state },
    };
  }

  /** The transaction that settled the hold is submitted again: it landed, and nothing is sent. */
  private async landed(stored: StoredLoan, signedXdr: string): Promise<SubmissionAnswer> {
    const { reservation, pool, loan } = stored;
    const envelope = stored.envelopes.find(({ state }) => state === 'landed');
    if (!envelope) throw loanEnded(stored);
    const { hash, xdr } = envelope;
    const check = await this.chain.checkSigned(signedXdr, { hash, source: loan.borrower, xdr });
    if (!check.ok) throw loanEnded(stored);
    return {
      status: 'DUPLICATE',
      hash,
      feeBumpHash: check.feeBumpHash,
      latestLedger: pool.headLedger ?? envelope.issuedAfterLedger,
      reservation: { id: reservation.id, state: reservation.state },
    };
  }

  private async forward(
    stored: StoredLoan,
    envelope: EnvelopeEntity,
    signedXdr: string,
  ): Promise<Taken> {
    await this.mustBeAbleToLand(stored, envelope);
    const report = await this.chain.submit(signedXdr);
    if (!isTaken(report)) {
      throw new HoldfastError(
        'SUBMISSION_REJECTED',
        `The node refused the transaction: ${report.resultCode ?? 'no reason given'}. The hold is unchanged.` +
          (report.resultCode === FEE_TOO_LOW ? FEE_BUMP_HINT : ''),
        {
          resultCode: report.resultCode,
          latestLedger: report.latestLedger,
          reservation: { id: stored.reservation.id, state: stored.reservation.state },
        },
      );
    }
    return report;
  }

  /**
   * Finds the hold's envelope that was signed, newest first, because an older one may still land. A
   * fee bump is matched by the hash of the envelope inside.
   */
  private async envelopeOf(
    stored: StoredLoan,
    signedXdr: string,
    whose: Whose,
  ): Promise<{ envelope: EnvelopeEntity; feeBumpHash: string | null }> {
    const refusals: RefusedSigned[] = [];
    for (const envelope of stored.envelopes.toReversed()) {
      const check = await this.chain.checkSigned(signedXdr, {
        hash: envelope.hash,
        source: stored.loan.borrower,
        xdr: envelope.xdr,
      });
      if (check.ok && envelope.state === 'open')
        return { envelope, feeBumpHash: check.feeBumpHash };
      if (check.ok) throw transactionDead(stored, envelope);
      refusals.push(check);
      if (check.reason !== 'other_transaction') break;
    }
    const last = refusals.at(-1);
    if (!last)
      throw validationFailed([{ field: 'signedXdr', message: 'This loan has no transaction.' }]);
    // an unknown transaction is compared with the most similar one of the loan
    const nearest =
      last.reason === 'other_transaction'
        ? refusals.reduce((so, each) =>
            each.differences.length < so.differences.length ? each : so,
          )
        : last;
    throw notTheTransaction(nearest, {
      loanId: stored.loan.id,
      decimals: stored.pool.decimals,
      other: await this.otherLoan(whose, nearest),
    });
  }

  /** The caller's own loan that the received transaction was issued for, if there is one. */
  private async otherLoan(whose: Whose, { reason, hash }: RefusedSigned): Promise<string | null> {
    return reason === 'other_transaction' && hash !== null
      ? ((await this.reader.findLoanByHash(whose, hash))?.loanId ?? null)
      : null;
  }

  /**
   * A transaction outside of its loan ids (docs/protocol.md#counter-window), or during a pause of
   * one of the contracts, would trap and burn its fee, so both are read now. A counter below the
   * window comes from a node that lags.
   */
  private async mustBeAbleToLand(
    { pool, reservation }: StoredLoan,
    envelope: EnvelopeEntity,
  ): Promise<void> {
    const { lastLoanId, contractPauses, ledger } = await this.chain.landingConditions(pool);
    const [next, loanIdWindow] = [nextLoanId(lastLoanId), loanIdWindowOf(envelope)];
    if (loanIdWindow && isOutdated(envelope, lastLoanId)) {
      throw new HoldfastError(
        'ENVELOPE_OUTDATED',
        `The lending contract's next loan id is ${next} at ledger ${ledger}, but the transaction ` +
          `can only land on ${loanIdWindow.first} to ${loanIdWindow.last}. It was not ` +
          'forwarded. POST /loans/:id/transaction issues a new one for the same hold.',
        {
          reason: 'loan_counter',
          nextLoanId: next,
          loanIdWindow,
        },
      );
    }
    const refusal = pauseOf(pool.generation, contractPauses);
    if (refusal) throw notForwarded(refusal, ledger, reservation);
  }

  private remember(
    stored: StoredLoan,
    sent: { hash: string; signedXdr: string },
    report: SubmissionReport,
  ): Promise<void> {
    return this.noted(stored, () =>
      this.ledger.envelopes.markSubmitted(stored.pool.id, stored.reservation.id, {
        ...sent,
        status: report.status,
        ledger: report.latestLedger,
      }),
    );
  }

  /**
   * A busy ledger must not fail the answer: the node has decided, whether or not this write
   * succeeds.
   */
  private async noted(stored: StoredLoan, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (thrown) {
      this.log.warn(
        { reservationId: stored.reservation.id, err: asError(thrown) },
        'a submission could not be noted',
      );
    }
  }
}
