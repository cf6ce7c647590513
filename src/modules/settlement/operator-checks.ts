import type { BorrowerLoan } from '../chain/chain.js';
import type { LiveEnvelope, LiveHold } from '../liquidity/reservation.js';
import { contradictsAuthorization } from './authorization-checks.js';
import { isOf } from './forgotten.js';
import type { HoldFindings, OperatorRequest } from './operator-resolution.js';

/** A fact read from the chain that contradicts the operator's statement. */
export interface Contradiction {
  readonly why:
    | 'may_still_land'
    | 'sequence_not_consumed'
    | 'loan_exists'
    | 'ledger_needed'
    | 'which_envelope'
    | 'ledger_impossible'
    | 'not_in_that_ledger'
    | 'no_such_loan'
    | 'which_loan'
    | 'loan_of_another_hold';
  readonly sentence: string;
}
export const contradiction = (why: Contradiction['why'], sentence: string): Contradiction => ({
  why,
  sentence,
});

export const openOf = (hold: LiveHold): readonly LiveEnvelope[] =>
  hold.envelopes.filter(({ state }) => state === 'open');
/** Unix seconds of the chain as RFC 3339. */
export const timeOf = (seconds: bigint): string =>
  new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');

/** @returns null when nothing contradicts the request */
export function contradictionOf(
  request: OperatorRequest,
  findings: HoldFindings,
): Contradiction | null {
  const { authorization } = findings.hold;
  if (authorization) return contradictsAuthorization(request, findings, authorization);
  return request.as === 'settled'
    ? againstSettled(request, findings)
    : againstDeath(request, findings);
}

/**
 * Only time proves by itself that an envelope is dead. Until T has passed for every open envelope,
 * released funds could still be taken.
 */
function againstDeath(
  request: OperatorRequest,
  { hold, head, evidence, matches }: HoldFindings,
): Contradiction | null {
  const open = openOf(hold);
  const last = open.reduce((most, { maxTime }) => (maxTime > most ? maxTime : most), 0n);
  if (head.closeTime < last) {
    return contradiction(
      'may_still_land',
      `An envelope can land until ${timeOf(last)} and the chain is at ` +
        `${timeOf(head.closeTime)} (ledger ${head.ledger}). Before that only \`settled\` is ` +
        'possible: a released hold could still take its funds.',
    );
  }
  if (matches.length === 1)
    return contradiction(
      'loan_exists',
      `The lending contract has loan ${matches[0]?.loanId} with the terms of this hold, created by ` +
        `its deadline, so it landed: use \`settled\`.`,
    );
  const sequence = evidence.account?.sequence ?? null;
  if (
    request.as === 'released' &&
    (sequence === null || open.some((envelope) => envelope.sequence > sequence))
  ) {
    return contradiction(
      'sequence_not_consumed',
      `Released means that the sequence is consumed, and the account's sequence is ` +
        `${sequence ?? 'not known'}. Every T has passed: use \`expired\`.`,
    );
  }
  return null;
}

function againstSettled(request: OperatorRequest, findings: HoldFindings): Contradiction | null {
  const { hold, head } = findings;
  const open = openOf(hold);
  const { ledger } = request;
  if (ledger === null) return LEDGER_NEEDED;
  const envelope =
    request.envelopeHash === null
      ? open.length === 1
        ? open[0]
        : undefined
      : open.find(({ hash }) => hash === request.envelopeHash);
  if (!envelope)
    return contradiction(
      'which_envelope',
      `Name the envelope that landed; open are ${open.map(({ hash }) => hash).join(', ') || 'none'}.`,
    );
  if (ledger <= envelope.issuedAfterLedger || ledger > Math.max(head.ledger, hold.knownLedger)) {
    return contradiction(
      'ledger_impossible',
      `It can only have landed after ledger ${envelope.issuedAfterLedger}, when it was issued, ` +
        `and up to ledger ${Math.max(head.ledger, hold.knownLedger)}, the newest known.`,
    );
  }
  const byLookUp = againstLookUp(findings, envelope, ledger);
  if (byLookUp) return byLookUp;
  return againstList({ ledger, loanId: request.loanId }, findings, (loan) =>
    isOf(loan, envelope, hold),
  );
}

export const LEDGER_NEEDED = contradiction(
  'ledger_needed',
  'A settlement needs the ledger in which it landed: it counts as in flight until a snapshot contains it.',
);

/** What the lending contract's list says against a settlement. Null also when it was not read. */
export function againstList(
  { ledger, loanId }: { readonly ledger: number; readonly loanId: bigint | null },
  { loans, alarm }: Pick<HoldFindings, 'loans' | 'alarm'>,
  hasTerms: (loan: BorrowerLoan) => boolean,
): Contradiction | null {
  if (!loans || alarm === 'chain_went_backwards') return null;
  const own = loans.loans.filter(hasTerms).map((loan) => loan.loanId);
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

function againstLookUp(
  { hold, evidence, alarm }: HoldFindings,
  envelope: LiveEnvelope,
  ledger: number,
): Contradiction | null {
  const report = evidence.reports.find((each) => each.envelope.hash === envelope.hash)?.report;
  // That node serves another chain, or is far behind.
  if (!report || alarm === 'chain_went_backwards') return null;
  if (report.status === 'failed')
    return contradiction(
      'not_in_that_ledger',
      `The node found it FAILED in ledger ${report.ledger} (${report.resultCode}): it did not land.`,
    );
  if (report.status === 'success')
    return report.ledger === ledger
      ? null
      : contradiction(
          'not_in_that_ledger',
          `The node found it in ledger ${report.ledger}, not in ${ledger}.`,
        );
  const funding = hold.funding?.envelopeHash === envelope.hash ? hold.funding : null;
  if (funding)
    return funding.ledger === ledger
      ? null
      : contradiction(
          'not_in_that_ledger',
          `The pool's funding event is in ledger ${funding.ledger}, not in ${ledger}.`,
        );
  return ledger >= report.oldestLedger
    ? contradiction(
        'not_in_that_ledger',
        `The node still has ledger ${ledger} (it keeps ${report.oldestLedger} to ` +
          `${report.latestLedger}) and does not find the envelope in it.`,
      )
    : null;
}
