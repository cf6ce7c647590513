import type { LiveAuthorization } from '../liquidity/reservation.js';
import { mayBeOf } from './forgotten-authorizations.js';
import { type Contradiction, contradiction } from './operator-checks.js';
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

function againstDeath(
  { as }: OperatorRequest,
  { hold, head, loans }: HoldFindings,
  { expirationLedger, spent, state }: LiveAuthorization,
): Contradiction | null {
  if (head.ledger <= expirationLedger)
    return contradiction(
      'may_still_land',
      `The authorization can land until ledger ${expirationLedger} and the chain is at ledger ` +
        `${head.ledger}. Before that only \`settled\` is possible: a released hold could still ` +
        'take its funds.',
    );
  if (spent || state === 'spent')
    return contradiction(
      'loan_exists',
      `Its nonce was spent in ledger ${spent?.ledger ?? 'unknown'}, so it landed: use \`settled\`.`,
    );
  const own = (loans?.loans ?? []).filter((loan) => mayBeOf(loan, hold));
  if (own.length === 1)
    return contradiction(
      'loan_exists',
      `The lending contract has loan ${own[0]?.loanId} with the terms of this hold: use \`settled\`.`,
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
  { hold, head, loans, alarm }: HoldFindings,
  { issuedAfterLedger, expirationLedger, spent }: LiveAuthorization,
): Contradiction | null {
  const { ledger, loanId } = request;
  if (ledger === null)
    return contradiction(
      'ledger_needed',
      'A settlement needs the ledger in which it landed: it counts as in flight until a snapshot contains it.',
    );
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
  if (!loans || alarm === 'chain_went_backwards') return null;
  const own = loans.loans.filter((loan) => mayBeOf(loan, hold)).map((loan) => loan.loanId);
  if (own.length === 0 && loans.ledger >= ledger)
    return contradiction(
      'no_such_loan',
      `At ledger ${loans.ledger} the lending contract has no loan with the terms of this hold: ` +
        'it did not land by then.',
    );
  if (loanId !== null && own.length > 0 && !own.includes(loanId))
    return contradiction(
      'no_such_loan',
      `Loan ${loanId} does not have the terms of this hold. Loans that have them: ${own.join(', ')}.`,
    );
  return loanId === null && own.length > 1
    ? contradiction(
        'which_loan',
        `Several loans have its terms: ${own.join(', ')}. Name the one that it made.`,
      )
    : null;
}
