import type {
  EventFacts,
  EventMeaning,
  ExpectedLanding,
  FamilyContracts,
  Landing,
  MoneyTerm,
} from '../contract-family.js';
import type { ChainEvent } from '../../chain.js';
import type { ContractEvent } from '../../transaction-outcome.js';
import { addressIn, integersIn } from '../event-values.js';

const BORROWED = 'borrow';
/** What each event adds to what is supplied and lent, and to the pool's tokens, by its amount. */
const MOVEMENTS: Readonly<
  Record<string, { term: MoneyTerm; total: bigint; locked: bigint; tokens: bigint }>
> = {
  supply: { term: 'deposits', total: 1n, locked: 0n, tokens: 1n },
  withdraw: { term: 'withdrawals', total: -1n, locked: 0n, tokens: -1n },
  [BORROWED]: { term: 'fundings', total: 0n, locked: 1n, tokens: -1n },
  repay: { term: 'repayments', total: 0n, locked: -1n, tokens: 1n },
};

/**
 * `[name, asset, from] | [tokens, shares]`. A share is one token: another ratio is interest, which
 * these contracts do not have, so such an event is unreadable.
 */
function amountOf({ data }: ContractEvent): bigint | null {
  const [tokens, shares] = integersIn(data, 2) ?? [];
  return tokens === undefined || tokens !== shares ? null : tokens;
}

export function meaningOf(event: ContractEvent): EventMeaning {
  const movement = MOVEMENTS[event.name];
  if (!movement) return { kind: 'none' };
  const amount = amountOf(event);
  return amount === null
    ? { kind: 'unreadable' }
    : {
        kind: 'money',
        term: movement.term,
        total: movement.total * amount,
        locked: movement.locked * amount,
        tokens: [movement.tokens * amount],
      };
}

/** No loan has an id, so the borrower and the exact amount identify ours in its transaction. */
export function landingOf(
  events: readonly ContractEvent[],
  { borrower, amount, poolContract }: ExpectedLanding,
): Landing | undefined {
  const ours = events.some(
    (event) =>
      event.contract === poolContract &&
      event.name === BORROWED &&
      event.topics[2] === borrower &&
      amountOf(event) === amount,
  );
  return ours ? { loanId: null } : undefined;
}

/** The event of a funding names its borrower, so it is the loan's event too. */
export function factsOf(
  events: readonly ChainEvent[],
  { poolContract }: FamilyContracts,
): EventFacts {
  const ofPool = events.filter(({ contract }) => contract === poolContract);
  const borrowed = ofPool.filter(({ name }) => name === BORROWED);
  const placeOf = ({ id: eventId, ledger, txHash }: ChainEvent) => ({ eventId, ledger, txHash });
  return {
    fundings: borrowed.map((event) => ({
      ...placeOf(event),
      amount: amountOf(event),
      vendor: null,
    })),
    loans: borrowed.map((event) => ({
      ...placeOf(event),
      borrower: addressIn(event.topics[2]),
      loanId: null,
    })),
    notices: [],
    unreadable: ofPool
      .filter((event) => meaningOf(event).kind === 'unreadable')
      .map(({ id }) => id),
  };
}
