import { HoldfastError } from '../../common/errors.js';
import type { AuthorizationResult } from '../chain/authorizations.js';
import type { ContractRefusal, FundingResult } from '../chain/chain.js';
import type { StoredLoan } from '../liquidity/holds/reservation.reader.js';
import { contractFacts, notBuilt } from './loan-refusals.js';

/**
 * A contract account judges its signature within the funding call, which a contract refuses now.
 * Nothing was stored; the same signature can be sent again.
 */
export const signatureNotChecked = (
  refusal: ContractRefusal,
  { pool, reservation: { id, state } }: StoredLoan,
): HoldfastError => {
  const words =
    `The signature could not be checked, because the loan is refused at present: ` +
    `${refusal.sentence} Send it again later; the hold is unchanged.`;
  return refusal.kind === 'paused'
    ? new HoldfastError('CONTRACT_PAUSED', words, {
        ...contractFacts(refusal),
        atLedger: pool.headLedger ?? 0,
        reservation: { id, state },
      })
    : new HoldfastError('CONTRACT_FAILED', words, { ...contractFacts(refusal) });
};

/**
 * A node asks the borrower to authorize what the loan's terms do not contain. It is not shown to the
 * borrower, who might sign it.
 */
const foreignInvocations = (found: readonly string[]): HoldfastError =>
  new HoldfastError(
    'CONTRACT_FAILED',
    "The node's simulation asks the borrower to authorize other calls than those of this loan, so " +
      `nothing was issued: ${found.join('; ')}`,
    {
      contract: 'unknown',
      number: null,
      name: 'ForeignInvocations',
      sentence: 'The simulation asks for other authorizations than the terms of this loan contain.',
    },
  );

const fenceTooFar = ({ ledgers, most }: { ledgers: number; most: number }): HoldfastError =>
  new HoldfastError(
    'FENCE_TOO_FAR',
    `The authorization would have to be valid for ${ledgers} ledgers, and ${most} are allowed. ` +
      '`signing` transaction has no such limit.',
    { ledgers, most },
  );

/** Why nothing to sign was built although no contract refused. No hold is made for it. */
export function notIssued(
  result: Exclude<AuthorizationResult | FundingResult, { kind: 'built' | 'refused' }>,
  asked: Parameters<typeof notBuilt>[1],
): HoldfastError {
  switch (result.kind) {
    case 'foreign_invocations':
      return foreignInvocations(result.found);
    case 'fence_too_far':
      return fenceTooFar(result);
    default:
      return notBuilt(result, asked);
  }
}
