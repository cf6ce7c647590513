import { Inject, Injectable } from '@nestjs/common';
import type { Whose } from '../../common/caller.js';
import { HoldfastError } from '../../common/errors.js';
import type { SignedAuthorization } from '../chain/authorizations.js';
import { CHAIN, type Chain } from '../chain/chain.js';
import { ReservationReader, type StoredLoan } from '../liquidity/holds/reservation.reader.js';
import { ReservationLedger } from '../liquidity/reservation-ledger.js';
import { ledgersLeftOf } from './authorization-answer.js';
import { authorizationOver, loanCancelled, loanEnded } from './dead-loans.js';
import { foundLoan } from './loan-finding.js';
import { signatureNotChecked } from './authorization-refusals.js';
import { termsOf } from './loan-terms.js';
import { notTheAuthorization, wrongKind } from './signed-refusals.js';
import type { SubmissionAnswer } from './submission.schemas.js';

type Authorized = StoredLoan & { readonly authorization: NonNullable<StoredLoan['authorization']> };
const isAuthorized = (stored: StoredLoan): stored is Authorized => stored.authorization !== null;

/**
 * Takes the signature of an authorization: checks it, and stores it for the lander
 * (docs/protocol.md#signing-by-authorization). It sends nothing itself.
 */
@Injectable()
export class AuthorizationSubmission {
  constructor(
    @Inject(CHAIN) private readonly chain: Chain,
    private readonly ledger: ReservationLedger,
    private readonly reader: ReservationReader,
  ) {}

  /**
   * The first signed entry stays. Submitting again is harmless, and after the settlement it says so.
   * @throws HoldfastError LOAN_NOT_FOUND, ENVELOPE_OUTDATED, VALIDATION_FAILED, CONTRACT_PAUSED,
   * CONTRACT_FAILED, CHAIN_UNREACHABLE, BUSY_RETRY
   */
  async submit(
    whose: Whose,
    loanId: string,
    parts: readonly SignedAuthorization[],
  ): Promise<SubmissionAnswer> {
    const stored = await foundLoan(this.reader, whose, loanId);
    if (!isAuthorized(stored)) throw wrongKind('signedAuthorization', 'transaction');
    // It landed, which is what the caller wants to know; nothing is checked or stored any more.
    if (stored.reservation.state === 'settled' && stored.authorization.signedAt)
      return answerOf(stored);
    const over = whyOver(stored);
    if (over) throw over;
    const check = await this.chain.checkAuthorization(parts, {
      entryXdr: stored.authorization.entryXdr,
      terms: termsOf(stored),
      pool: stored.pool,
    });
    if (!check.ok) {
      if (check.reason === 'not_checked' && check.refusal)
        throw signatureNotChecked(check.refusal, stored);
      throw notTheAuthorization(check, stored.pool.decimals);
    }
    const { poolId, id } = stored.reservation;
    const outcome = await this.ledger.landings.markSigned(poolId, id, check.signedEntryXdr);
    const now = await foundLoan(this.reader, whose, loanId);
    if (!isAuthorized(now)) throw new Error(`the authorization of loan ${loanId} is gone`);
    switch (outcome) {
      case 'stored':
      case 'same':
      case 'kept':
        return answerOf(now);
      case 'hold_ended':
        throw loanEnded(now);
      case 'cancel_requested':
        throw loanCancelled(now);
      case 'spent':
      case 'fence_passed':
        throw authorizationOver(outcome, now);
      case 'no_authorization':
        throw new Error(`loan ${loanId} has no authorization in the ledger`);
    }
  }
}

/** Why a signature is of no use any more; null: it may be. The ledger decides again. */
function whyOver(stored: Authorized): HoldfastError | null {
  const { reservation, authorization } = stored;
  if (reservation.state !== 'held') return loanEnded(stored);
  const spent = authorization.state === 'spent' || authorization.spentLedger !== null;
  if (spent) return authorization.signedAt ? null : authorizationOver('spent', stored);
  if (reservation.cancelRequestedAt) return loanCancelled(stored);
  if (authorization.signedAt) return null;
  return ledgersLeftOf(stored) === 0 ? authorizationOver('fence_passed', stored) : null;
}

function answerOf(stored: Authorized): SubmissionAnswer {
  const { reservation, authorization, pool } = stored;
  if (!authorization.signedAt) throw new Error('a stored signature has no time');
  return {
    status: 'SIGNED',
    hash: authorization.hash,
    feeBumpHash: null,
    latestLedger: pool.headLedger ?? authorization.issuedAfterLedger,
    reservation: { id: reservation.id, state: reservation.state },
    authorization: {
      state: authorization.state,
      expirationLedger: authorization.expirationLedger,
      ledgersLeft: ledgersLeftOf(stored),
      signedAt: authorization.signedAt.toISOString(),
    },
  };
}
