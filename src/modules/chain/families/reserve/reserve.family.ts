import { Address, nativeToScVal, scValToNative } from '@stellar/stellar-sdk';
import { unreachable, unreadable } from '../../chain-trouble.js';
import type { LoanConditions } from '../../chain.js';
import {
  instanceIn,
  instanceKey,
  knownFlag,
  readEntries,
  storedAddress,
  type Instance,
} from '../../ledger-entries.js';
import { callReader } from '../../simulation.js';
import type {
  ChainAccess,
  ConditionsAsked,
  ContractFamily,
  ContractPauses,
  LoanPreview,
  PreviewAsked,
} from '../contract-family.js';
import { NO_LIMITS } from '../contract-family.js';
import { refusalBy } from '../error-tables.js';
import { functionsMatch } from '../functions-match.js';
import { FROZEN, RESERVE_ERRORS } from './reserve-errors.js';
import { factsOf, landingOf, meaningOf } from './reserve-events.js';

const METHOD = 'getLedgerEntries';
const FUNCTIONS = {
  has: [
    'borrow',
    'get_debt',
    'get_reserve',
    'get_supply',
    'pause',
    'repay',
    'set_max_utilisation',
    'supply',
    'unpause',
    'withdraw',
  ],
  may: [],
  arity: { borrow: 2, repay: 2, set_max_utilisation: 2, supply: 2, withdraw: 2 },
};
const LIQUIDITY_SHORT = 4;
const UTILISATION_EXCEEDED = 8;
const BPS = 10_000n;

/**
 * A pool that lends what is supplied to whoever asks, and keeps no loans: each borrower has one
 * debt (docs/families.md#the-reserve-family). One contract is pool and lender.
 */
export const RESERVE_FAMILY: ContractFamily = {
  family: 'reserve',
  generation: 'reserve',
  foundAs: 'reserve',
  title: 'reserve contracts',
  errors: RESERVE_ERRORS,
  lending: {
    vendor: false,
    guarantee: false,
    schedule: false,
    loanTypes: ['standard'],
    loanEntryBytes: () => 0,
  },
  recognise: (pool) => functionsMatch('pool', FUNCTIONS, pool),
  links: (poolContract, pool) => {
    const tokenContract = storedAddress(pool, 'Asset');
    return tokenContract && pool.storage.has('ResData')
      ? { tokenContract, lendingContract: poolContract }
      : null;
  },
  figures: (pool) => {
    const { supplied, lent } = reserveIn(pool);
    return {
      total: supplied,
      locked: lent,
      lastLoanId: null,
      pauses: pausesIn(pool),
      limits: { ...NO_LIMITS, utilisationCapBps: utilisationCapIn(pool) },
    };
  },
  pausable: ['pool'],
  conditions: ({ pool }) => ({ lastLoanId: null, pauses: pausesIn(pool) }),
  linked: () => [],
  linkChecks: () => [],
  pauseRefusal: (which) => (which === 'pool' ? refusalBy(RESERVE_ERRORS, 'pool', FROZEN) : null),
  fundingCall: ({ borrower, totalAmount }, { poolContract }) => ({
    contract: poolContract,
    function: 'borrow',
    args: [new Address(borrower).toScVal(), nativeToScVal(totalAmount, { type: 'i128' })],
  }),
  authorizedCalls: () => [],
  fundingTerms: { function: 'borrow', arguments: ['borrower', 'totalAmount'] },
  loanIdOf: (returned) => {
    if (typeof scValToNative(returned) !== 'bigint') throw new Error('borrow returned no amount');
    return null;
  },
  loanKeys: null,
  vendorFundings: null,
  landing: landingOf,
  meaning: meaningOf,
  facts: factsOf,
  borrowerLoans: null,
  leastGuarantee: () => Promise.resolve(0n),
  loanConditions: readConditions,
  preview: previewOf,
};

interface ReserveFigures {
  readonly supplied: bigint;
  readonly lent: bigint;
}

/** @throws HoldfastError CHAIN_UNREACHABLE */
function reserveIn({ storage }: Instance): ReserveFigures {
  const data = storage.get('ResData');
  const fields = new Map<string, unknown>(
    typeof data === 'object' && data !== null ? Object.entries(data) : [],
  );
  const [supplied, lent] = [fields.get('supplied'), fields.get('lent')];
  if (typeof supplied !== 'bigint' || typeof lent !== 'bigint')
    throw unreadable("the reserve's figures are no amounts.");
  return { supplied, lent };
}

/**
 * Null: no limit was set. A limit that cannot be read must not be taken for none.
 * @throws HoldfastError CHAIN_UNREACHABLE
 */
function utilisationCapIn({ storage }: Instance): number | null {
  const cap = storage.get('MaxUtil') ?? null;
  if (cap !== null && (typeof cap !== 'number' || cap > Number(BPS)))
    throw unreadable("the reserve's utilisation limit is no share.");
  return cap;
}

const pausesIn = (pool: Instance | undefined): ContractPauses => ({
  pool: knownFlag(pool, 'Frozen'),
});

async function readConditions(
  { rpc, networkPassphrase }: ChainAccess,
  { poolContract, borrower }: ConditionsAsked,
): Promise<LoanConditions> {
  const [entries, debt] = await Promise.all([
    readEntries(rpc, [instanceKey(poolContract)]),
    callReader(rpc, {
      contract: poolContract,
      fn: 'get_debt',
      args: [new Address(borrower).toScVal()],
      networkPassphrase,
    }),
  ]);
  const pool = instanceIn(entries, poolContract);
  if (!pool) throw unreachable(METHOD, `the reply does not carry the reserve ${poolContract}.`);
  if (typeof debt.value !== 'bigint')
    throw unreachable('simulateTransaction', `get_debt() of ${poolContract} is not an amount.`);
  const { supplied, lent } = reserveIn(pool);
  const capBps = utilisationCapIn(pool);
  return {
    ledger: Math.min(entries.ledger, debt.ledger),
    parameters: null,
    vendor: 'no_registry',
    score: null,
    activeDebt: debt.value,
    poolAvailable: supplied - lent,
    utilisationRoom: capBps === null ? null : (supplied * BigInt(capBps)) / BPS - lent,
    lendingContractLocked: false,
  };
}

/** Everything that is borrowed is owed, and no more. */
function previewOf(
  { totalAmount }: PreviewAsked,
  { poolAvailable, utilisationRoom = null }: LoanConditions,
): LoanPreview {
  const exceeds = (room: bigint | null): boolean => room !== null && totalAmount > room;
  const number = exceeds(poolAvailable)
    ? LIQUIDITY_SHORT
    : exceeds(utilisationRoom)
      ? UTILISATION_EXCEEDED
      : null;
  return {
    leastGuarantee: 0n,
    guarantee: 0n,
    funded: totalAmount,
    interestRateBps: 0,
    interest: 0n,
    serviceFee: 0n,
    owed: totalAmount,
    creditLimit: null,
    refusal: number === null ? null : refusalBy(RESERVE_ERRORS, 'pool', number),
  };
}
