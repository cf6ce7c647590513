import { Inject, Injectable, Logger } from '@nestjs/common';
import { asError, HoldfastError } from '../../common/errors.js';
import { validationFailed } from '../../common/validation.js';
import { CHAIN, type Chain, type SubmissionReport } from '../chain/chain.js';
import type { EnvelopeEntity } from '../liquidity/envelope.entity.js';
import { ReservationLedger } from '../liquidity/reservation.ledger.js';
import { ReservationReader, type StoredLoan } from '../liquidity/reservation.reader.js';
import { loanNotFound } from './loan.refusals.js';
import type { SubmissionAnswer } from './loan.schemas.js';
import { TENANT } from '../../common/tenant.js';

/** Forwards a signed envelope to a node. Nothing it learns here ends or frees the hold: no submission answer is a proof (R7). */
@Injectable()
export class LoanSubmission {
  private readonly log = new Logger(LoanSubmission.name);

  constructor(@Inject(CHAIN) private readonly chain: Chain, private readonly ledger: ReservationLedger, private readonly reader: ReservationReader) {}

  /** @throws HoldfastError LOAN_NOT_FOUND, ENVELOPE_OUTDATED, VALIDATION_FAILED, SUBMISSION_REJECTED, CHAIN_UNREACHABLE */
  async submit(loanId: string, signedXdr: string): Promise<SubmissionAnswer> {
    const stored = await this.reader.findLoan(TENANT, loanId);
    if (!stored) throw loanNotFound(loanId);
    const envelope = liveEnvelope(stored);
    const check = await this.chain.checkSigned(signedXdr, { hash: envelope.hash, source: stored.loan.borrower });
    if (!check.ok) throw validationFailed([{ field: 'signedXdr', message: check.sentence }]);
    await this.mustBeInsideWindow(stored, envelope);
    const report = await this.chain.submit(signedXdr);
    if (report.status === 'ERROR') {
      throw new HoldfastError('SUBMISSION_REJECTED', `The node refused the transaction: ${report.resultCode ?? 'no reason given'}. The hold is unchanged.`,
        { resultCode: report.resultCode, latestLedger: report.latestLedger, reservation: { id: stored.reservation.id, state: stored.reservation.state } });
    }
    await this.remember(stored, envelope.hash, report);
    return { status: report.status, hash: envelope.hash, latestLedger: report.latestLedger, reservation: { id: stored.reservation.id, state: stored.reservation.state } };
  }

  /** R11: outside of its loan ids an envelope would burn its fee and trap. A counter behind the window is a node that lags. */
  private async mustBeInsideWindow({ pool }: StoredLoan, envelope: EnvelopeEntity): Promise<void> {
    const { lastLoanId, ledger } = await this.chain.loanCounter(pool.creditlineContract);
    const next = lastLoanId + 1n;
    if (next <= envelope.loanIdLast) return;
    throw new HoldfastError('ENVELOPE_OUTDATED', `The creditline's next loan id is ${next} at ledger ${ledger}, but the transaction can only land on ${envelope.loanIdFirst} to ${envelope.loanIdLast}. It was not forwarded; the hold ends when its time has passed.`,
      { reason: 'loan_counter', nextLoanId: next.toString(), loanIdWindow: { first: envelope.loanIdFirst.toString(), last: envelope.loanIdLast.toString() } });
  }

  /** The node has the transaction whatever becomes of this note, so a busy ledger must not turn the answer into a failure. */
  private async remember(stored: StoredLoan, hash: string, report: SubmissionReport): Promise<void> {
    try {
      await this.ledger.markSubmitted(stored.pool.id, stored.reservation.id, { hash, status: report.status });
    } catch (thrown) {
      this.log.warn({ reservationId: stored.reservation.id, err: asError(thrown) }, 'a submission could not be noted');
    }
  }
}

function liveEnvelope({ reservation, envelopes }: StoredLoan): EnvelopeEntity {
  const newest = envelopes.at(-1);
  if (reservation.state === 'held' && newest) return newest;
  throw new HoldfastError('ENVELOPE_OUTDATED', `The hold has ended: it is ${reservation.state}${reservation.releaseReason ? ` (${reservation.releaseReason})` : ''}.`,
    { reason: 'hold_ended', reservation: { id: reservation.id, state: reservation.state } });
}
