import type { LiveAuthorization } from '../liquidity/reservation.js';
import { mayBeOf } from './forgotten-authorizations.js';
import {
  againstList,
  type Contradiction,
  contradiction,
  LEDGER_NEEDED,
} from './operator-checks.js';
import type { HoldFindings, OperatorRequest } from './operator-resolution.js';

/**
 * What contradicts an operator's statement about a hold with an authorization. Only its fence proves
 * by itself that it is dead; until then released funds could still be taken.
 */
export function contradictsAuthorization(
  request: OperatorRequest,
  findings: HoldFindings,
  authorization: LiveAuthorization,
): Contradiction | null {
  return request.as === 'settled'
    ? againstSettled(request, findings, authorization)
    : againstDeath(request, findings, authorization);
}

/**
 * Replies said that the nonce was spent, and the lending contract's list, which is final after the
 * fence, has no such loan. A person may then say that the replies were false.
 */
const listExcludes = (
  { hold, loans, matches, alarm }: HoldFindings,
  expirationLedger: number,
): boolean =>
  loans !== null &&
  loans.ledger > expirationLedger &&
  alarm !== 'chain_went_backwards' &&
  matches.length === 0 &&
  !hold.funding;

function againstDeath(
  { as }: OperatorRequest,
  findings: HoldFindings,
  { expirationLedger, spent, state }: LiveAuthorization,
): Contradiction | null {
  const { head, matches } = findings;
  if (head.ledger <= expirationLedger)
    return contradiction(
      'may_still_land',
      `The authorization can land until ledger ${expirationLedger} and the chain is at ledger ` +
        `${head.ledger}. Before that only \`settled\` is possible: a released hold could still ` +
        'take its funds.',
    );
  if ((spent || state === 'spent') && !listExcludes(findings, expirationLedger))
    return contradiction(
      'loan_exists',
      `Its nonce was spent in ledger ${spent?.ledger ?? 'unknown'}, so it landed: use \`settled\`. ` +
        'Only a list of the lending contract without its loan, read after the fence, says otherwise.',
    );
  if (matches.length === 1)
    return contradiction(
      'loan_exists',
      `The lending contract has loan ${matches[0]?.loanId} with the terms of this hold: use \`settled\`.`,
    );
  return as === 'released'
    ? contradiction(
        'sequence_not_consumed',
        'An authorization uses no sequence number. Its fence has passed: use `expired`.',
      )
    : null;
}

function againstSettled(
  request: OperatorRequest,
  findings: HoldFindings,
  { issuedAfterLedger, expirationLedger, spent }: LiveAuthorization,
): Contradiction | null {
  const { hold, head } = findings;
  const { ledger, loanId } = request;
  if (ledger === null) return LEDGER_NEEDED;
  const last = Math.min(expirationLedger, Math.max(head.ledger, hold.knownLedger));
  if (ledger <= issuedAfterLedger || ledger > last)
    return contradiction(
      'ledger_impossible',
      `It can only have landed after ledger ${issuedAfterLedger} and up to ledger ${last}.`,
    );
  const known = hold.funding?.ledger ?? spent?.ledger ?? ledger;
  if (known !== ledger)
    return contradiction(
      'not_in_that_ledger',
      `Its ${hold.funding ? 'funding event' : 'nonce'} is of ledger ${known}, not of ${ledger}.`,
    );
  return againstList({ ledger, loanId }, findings, (loan) => mayBeOf(loan, hold));
}
