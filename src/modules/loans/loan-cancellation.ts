import { Inject, Injectable } from '@nestjs/common';
import type { Whose } from '../../common/caller.js';
import { secondsOf, timeOf } from '../../common/times.js';
import { CHAIN, type Chain } from '../chain/chain.js';
import { ReservationLedger } from '../liquidity/reservation-ledger.js';
import { ReservationReader, type StoredLoan } from '../liquidity/holds/reservation.reader.js';
import { ledgersLeftOf } from './authorization-answer.js';
import { loanEnded } from './dead-loans.js';
import { foundLoan } from './loan-finding.js';
import type { CancellationAnswer } from './cancellation.schemas.js';

/**
 * Records that the borrower no longer wants the loan. The funds stay held
 * (docs/protocol.md#cancellation), because a signed transaction may still land. The answer offers a
 * transaction with the same sequence number; its landing proves the loan's transaction dead.
 */
@Injectable()
export class LoanCancellation {
  constructor(
    @Inject(CHAIN) private readonly chain: Chain,
    private readonly ledger: ReservationLedger,
    private readonly reader: ReservationReader,
  ) {}

  /**
   * A repeated request is harmless.
   * @throws HoldfastError LOAN_NOT_FOUND, ENVELOPE_OUTDATED (the hold has ended), BUSY_RETRY
   */
  async cancel(whose: Whose, loanId: string): Promise<CancellationAnswer> {
    const { reservation } = await foundLoan(this.reader, whose, loanId);
    const state = await this.ledger.requestCancellation(reservation.poolId, reservation.id);
    const noted = await foundLoan(this.reader, whose, loanId);
    if (
      state !== 'held' ||
      noted.reservation.state !== 'held' ||
      !noted.reservation.cancelRequestedAt
    )
      throw loanEnded(noted);
    return {
      reservation: {
        id: reservation.id,
        state: 'held',
        cancelRequestedAt: noted.reservation.cancelRequestedAt.toISOString(),
        expiresAt: timeOf(secondsOf(noted.reservation.expiresAt)),
      },
      burn: await this.burn(noted),
      ...(noted.authorization && { authorization: heldUntilFence(noted, noted.authorization) }),
    };
  }

  /**
   * Open transactions of one hold share their sequence number (docs/protocol.md#rebuild).
   * @returns null when all of them are dead
   */
  private async burn({
    envelopes,
    loan,
    reservation,
    pool,
  }: StoredLoan): Promise<CancellationAnswer['burn']> {
    const open = envelopes.find(({ state }) => state === 'open');
    if (!open) return null;
    const { xdr, hash, sequence, maxTime, fee } = await this.chain.buildSequenceBurn({
      account: loan.borrower,
      sequence: open.sequence,
      maxTime: secondsOf(reservation.expiresAt),
      bids: pool,
    });
    return {
      xdr,
      hash,
      networkPassphrase: pool.network,
      maxTime: Number(maxTime),
      fee: fee.toString(),
      sequence: sequence.toString(),
    };
  }
}

/**
 * The borrower may have kept the signed entry, and anyone who has it may land it, so nothing but the
 * chain's last ledger for it proves that it is dead.
 */
function heldUntilFence(
  stored: StoredLoan,
  { expirationLedger, signedAt }: NonNullable<StoredLoan['authorization']>,
): NonNullable<CancellationAnswer['authorization']> {
  const inFlight = stored.landings.some(({ state }) => state === 'open');
  const kept = signedAt
    ? 'The signed authorization exists, and who has it can still land it'
    : 'No signature came to this service, but the borrower may have signed the authorization and can ' +
      'still land it';
  return {
    expirationLedger,
    ledgersLeft: ledgersLeftOf(stored),
    signedAt: signedAt?.toISOString() ?? null,
    sentence:
      (inFlight
        ? 'This service issues no further transaction for it; one is in flight and may land. '
        : 'This service lands it no more. ') +
      `${kept} up to ledger ${expirationLedger}. The funds stay held until the chain proves its end ` +
      'after that ledger, or shows the loan.',
  };
}
