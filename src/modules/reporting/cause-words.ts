import type { BreakCause, BreakEpisode } from './break-episodes.js';

/** A term as people read it; a term of the bridges that is new has its own name. */
const TERMS: Readonly<Record<string, string>> = {
  settledByUs: 'loans of this service that landed',
  repayments: 'repayments',
  deposits: 'deposits',
  withdrawals: 'withdrawals',
  interest: 'interest',
  guarantees: 'guarantees',
  losses: 'losses',
  unreservedFundings: 'loans without a hold',
  externalTransfers: "transfers past the pool's functions",
  ownHolds: 'holds of this service',
  buffer: 'a change of the buffer',
  utilisationLimit: "the contract's utilisation limit",
  roomBefore: 'room before',
  lostEvents: 'lost events',
  contradiction: 'a contradiction between ledger and chain',
};
/** Parts that are no event: the room there was, and what no term gives. */
const NO_CAUSE: ReadonlySet<string> = new Set(['roomBefore', 'unexplained']);

export const termWords = (term: string): string => TERMS[term] ?? term;

/** What took the money, in one sentence. What is not known is named as that, never guessed. */
export function causeSentence(
  { class: kind, largestAmount, totalAmount }: BreakEpisode,
  causes: readonly BreakCause[],
): string {
  const took = causes.filter(
    ({ term, amount }) => amount?.startsWith('-') === true && !NO_CAUSE.has(term),
  );
  const unknown = causes.filter(({ term }) => term === 'unexplained');
  const parts = (
    took.length > 0 || kind === 'shortfall'
      ? took
      : causes.filter((each) => !unknown.includes(each))
  ).map(partWords);
  const amount = totalAmount ?? largestAmount;
  return [
    `${capital(HEADINGS[kind])}${amount === null ? '' : `: ${amount}`}.`,
    ...(parts.length === 0 ? [] : [`${capital(parts.join('; '))}.`]),
    ...unknown.map((part) =>
      part.amount === null
        ? `How much of it other terms explain is not known: ${part.note ?? ''}`
        : `Unexplained: ${part.amount}. ${part.note ?? ''}`,
    ),
  ]
    .join(' ')
    .trim();
}

const HEADINGS: Readonly<Record<BreakEpisode['class'], string>> = {
  in_transit: 'counted twice for a moment',
  shortfall: 'more is held than there is',
  unreserved_funding: 'loans without a hold were funded',
  external_transfer: "tokens moved past the pool's functions",
  gap: 'events were lost',
  unexplained: 'a figure moved and no event explains it',
  ledger_error: 'ledger and chain contradict each other',
};

function partWords({ term, amount, transactions }: BreakCause): string {
  const count = transactions.filter(({ transaction }) => transaction !== undefined).length;
  const where = count === 0 ? '' : ` in ${count} ${count === 1 ? 'transaction' : 'transactions'}`;
  if (amount === null) return `${termWords(term)}: amount not known${where}`;
  return amount.startsWith('-')
    ? `${termWords(term)} took ${amount.slice(1)}${where}`
    : `${termWords(term)} gave ${amount}${where}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
