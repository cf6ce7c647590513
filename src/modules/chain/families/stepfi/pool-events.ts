import type { ChainEvent, EventData } from '../../chain.js';
import type { ContractEvent } from '../../transaction-outcome.js';
import type {
  EventFacts,
  EventMeaning,
  ExpectedLanding,
  FamilyContracts,
  FundingFact,
  Landing,
  LoanFact,
  MoneyMeaning,
  MoneyTerm,
  Notice,
  PoolStanding,
} from '../contract-family.js';
import { addressIn, integerIn, integersIn, listIn } from '../event-values.js';
import type { Traits } from './generations.js';

const FUNDED = 'LQFUND';
const CREATED = 'LOANCRTD';
/** Of `approve_loan` from G3 on; the second names the borrower. */
const APPROVED = 'LOANAPPROVED';
const PAID_OUT = 'LOANFNDD';
const UPGRADED = 'CONTRACTUPGRADED';
const PROPOSED = 'UPGDPRP';
/** A loan's number, not an amount. */
const U64_MAX = (1n << 64n) - 1n;

const UNREADABLE = { kind: 'unreadable' } as const;
const NONE = { kind: 'none' } as const;
const money = (
  term: MoneyTerm,
  changes: Partial<Pick<MoneyMeaning, 'total' | 'locked' | 'tokens'>>,
): MoneyMeaning => ({ kind: 'money', term, total: 0n, locked: 0n, tokens: [], ...changes });
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/**
 * What an event of the pool's contract does to the pool's figures
 * (docs/stellar.md#pool-events, docs/stellar.md#pool-arithmetic). Losses and guarantees depend on
 * what is locked at that moment, so events are read in the order of the chain.
 */
export function meaningOf(
  traits: Traits,
  event: ContractEvent,
  standing: PoolStanding,
): EventMeaning {
  const reader = READERS[event.name];
  return reader ? (reader(event.data, standing, traits) ?? UNREADABLE) : NONE;
}

type Reader = (data: EventData, standing: PoolStanding, traits: Traits) => MoneyMeaning | null;

const READERS: Readonly<Record<string, Reader>> = {
  LQDEPST: (data) => {
    const [amount] = integersIn(data, 2) ?? [];
    return amount === undefined ? null : money('deposits', { total: amount, tokens: [amount] });
  },
  LQWTHDR: (data) => {
    const [, amount] = integersIn(data, 2) ?? [];
    return amount === undefined
      ? null
      : money('withdrawals', { total: -amount, tokens: [-amount] });
  },
  [FUNDED]: (data, _, traits) => {
    const funded = fundingOf(data, traits);
    return funded && money('fundings', { locked: funded.amount, tokens: [-funded.amount] });
  },
  /** Before G2 the principal counts from the whole loan, so locked may fall below zero. */
  LQREPAY: (data, { locked }, { lockedHasFloor }) => {
    const [principal, interest] = integersIn(data, 2) ?? [];
    if (principal === undefined || interest === undefined) return null;
    const unlocked = lockedHasFloor && principal > locked ? locked : principal;
    return money('repayments', { locked: -unlocked, tokens: [principal + interest] });
  },
  /** While locked is negative, so is what is recovered. All of the amount arrives. */
  LQGUART: (data, { locked }) => {
    const amount = integerIn(data);
    if (amount === null) return null;
    const recovered = least(amount, locked);
    return money('guarantees', { total: recovered, locked: -recovered, tokens: [amount] });
  },
  /**
   * Each figure is lowered by at most itself. No tokens move. Contracts before G2 have no such
   * event: one that sends it is read by the wrong generation.
   */
  LQLOSS: (data, { total, locked }, { absorbsLosses }) => {
    const shortfall = integerIn(data);
    return shortfall === null || !absorbsLosses
      ? null
      : money('losses', { total: -least(shortfall, total), locked: -least(shortfall, locked) });
  },
  /**
   * The providers' part is added to total whether tokens came or not; the two fees go out, unless no
   * receiver is set.
   */
  LQINTDST: (data) => {
    const [, providers, treasury, merchants] = integersIn(data, 4) ?? [];
    return providers === undefined || treasury === undefined || merchants === undefined
      ? null
      : money('interest', { total: providers, tokens: [-treasury, -merchants] });
  },
};

function fundingOf(
  data: EventData,
  { fundingEvent }: Traits,
): { readonly amount: bigint; readonly vendor: string | null } | null {
  if (fundingEvent === 'amount') {
    const amount = integerIn(data);
    return amount === null ? null : { amount, vendor: null };
  }
  const values = listIn(data);
  const [vendor, amount] = [addressIn(values?.[0]), integerIn(values?.[1])];
  return values?.length !== 4 || vendor === null || amount === null ? null : { amount, vendor };
}

/**
 * A landing (docs/protocol.md#landed): the borrower's loan of our creditline, and exactly the held
 * amount out of our pool, in the same transaction.
 */
export function landingOf(
  traits: Traits,
  events: readonly ContractEvent[],
  { borrower, amount, poolContract, lendingContract }: ExpectedLanding,
): Landing | undefined {
  const funded = events.some(
    ({ contract, name, data }) =>
      contract === poolContract && name === FUNDED && fundingOf(data, traits)?.amount === amount,
  );
  const loan = events.find(
    ({ contract, name, topics }) =>
      contract === lendingContract && name === CREATED && topics[1] === borrower,
  );
  return funded && loan ? { loanId: loanIdIn(listIn(loan.data)?.[0]) } : undefined;
}

export function factsOf(
  traits: Traits,
  events: readonly ChainEvent[],
  { poolContract, lendingContract }: FamilyContracts,
): EventFacts {
  const ofPool = events.filter(({ contract }) => contract === poolContract);
  const ofLender = events.filter(({ contract }) => contract === lendingContract);
  return {
    fundings: ofPool
      .filter(({ name }) => name === FUNDED)
      .map(({ id: eventId, ledger, txHash, data }): FundingFact => ({
        eventId,
        ledger,
        txHash,
        ...(fundingOf(data, traits) ?? { amount: null, vendor: null }),
      })),
    loans: ofLender.flatMap(loanOf),
    notices: events.flatMap(noticeOf),
    unreadable: [
      ...ofPool.filter(
        (event) => meaningOf(traits, event, { total: 0n, locked: 0n }).kind === 'unreadable',
      ),
      ...events.filter((event) => event.name === PROPOSED && noticeOf(event).length === 0),
    ].map(({ id }) => id),
  };
}

function loanOf({ id: eventId, ledger, txHash, name, topics, data }: ChainEvent): LoanFact[] {
  const place = { eventId, ledger, txHash };
  const borrower = addressIn(topics[1]);
  if (name === CREATED || name === PAID_OUT)
    return [{ ...place, borrower, loanId: loanIdIn(listIn(data)?.[0]) }];
  return name === APPROVED ? [{ ...place, borrower: null, loanId: loanIdIn(topics[1]) }] : [];
}

function noticeOf(event: ChainEvent): Notice[] {
  if (event.name === UPGRADED) return [{ kind: 'upgraded', event }];
  if (event.name !== PROPOSED) return [];
  const [wasmHash, , unlocks] = listIn(event.data) ?? [];
  const unlocksAt = integerIn(unlocks);
  return typeof wasmHash === 'string' && unlocksAt !== null
    ? [{ kind: 'upgrade_proposed', event, wasmHash, unlocksAt }]
    : [];
}

function loanIdIn(data: EventData | undefined): bigint | null {
  const id = integerIn(data);
  return id !== null && id >= 0n && id <= U64_MAX ? id : null;
}
