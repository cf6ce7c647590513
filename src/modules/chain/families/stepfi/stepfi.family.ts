import { scValToNative } from '@stellar/stellar-sdk';
import { knownFlag, storedAddress, storedInteger, type Instance } from '../../ledger-entries.js';
import type {
  ContractFamily,
  ContractPauses,
  FamilyFigures,
  FamilyInstances,
  PausedContract,
} from '../contract-family.js';
import { NO_LIMITS } from '../contract-family.js';
import { refusalBy } from '../error-tables.js';
import { functionsMatch } from '../functions-match.js';
import { readLoans } from './borrower-loans.js';
import { CREATE_LOAN_TERMS, createLoanArguments, guaranteeTransfer } from './create-loan.js';
import { type StepFiGeneration, type Traits, TRAITS } from './generations.js';
import { linkChecks } from './link-checks.js';
import { leastGuarantee, readLoanConditions } from './loan-conditions.js';
import { landedLoanIn } from './loan-entry.js';
import { loanKey, nextUserLoanKeys } from './loan-keys.js';
import { previewOf } from './loan-terms.js';
import { vendorFundingsOf } from './vendor-fundings.js';
import { factsOf, landingOf, meaningOf } from './pool-events.js';

/** The name of a learner loan is three words of XDR longer. */
const LEARNER_BYTES = 12;
/** The contract counts its loans in a u64. */
const LOAN_ID_MAX = (1n << 64n) - 1n;
/** Where the creditline keeps the contracts that it asks. */
const LINKS = [
  ['MERCHANT', 'vendor_registry'],
  ['REPCONT', 'reputation'],
  ['PARAMS', 'parameters'],
] as const;

/** The published StepFi contracts of one generation, and their other fork. */
export function stepFiFamily(generation: StepFiGeneration): ContractFamily {
  const traits = TRAITS[generation];
  return {
    family: 'stepfi',
    generation,
    foundAs: traits.scalesLimitsOf ?? generation,
    title: traits.title,
    errors: traits.errors,
    lending: {
      vendor: true,
      guarantee: true,
      schedule: true,
      loanTypes: traits.takesLoanType ? ['standard', 'learner_installment'] : ['standard'],
      loanEntryBytes: ({ instalments, loanType }) =>
        traits.loanEntry.bytes +
        traits.loanEntry.instalment * instalments +
        (loanType === 'learner_installment' ? LEARNER_BYTES : 0),
    },
    recognise: (pool, lender) => {
      const ofPool = functionsMatch('pool', traits.pool, pool);
      return ofPool === true ? functionsMatch('creditline', traits.lender, lender) : ofPool;
    },
    links: (_, pool) => {
      const [tokenContract, lendingContract] = [
        storedAddress(pool, 'TOKEN'),
        storedAddress(pool, 'CRDTLIN'),
      ];
      return tokenContract && lendingContract ? { tokenContract, lendingContract } : null;
    },
    figures: (pool, lender) => figuresOf(traits, pool, lender),
    pausable: traits.pausable,
    conditions: (instances) => conditionsOf(traits, instances),
    linked: (lender) =>
      LINKS.flatMap(([key, name]) => {
        const contract = storedAddress(lender, key);
        return contract === undefined ? [] : [[contract, name] as const];
      }),
    linkChecks: (contracts, instances) => linkChecks(traits, contracts, instances),
    pauseRefusal: (which) => {
      const [found] = Object.entries(traits.errors[which]).filter(
        ([, { kind }]) => kind === 'paused',
      );
      return found ? refusalBy(traits.errors, which, Number(found[0])) : null;
    },
    fundingCall: (terms, { lendingContract }) => ({
      contract: lendingContract,
      function: 'create_loan',
      args: createLoanArguments(terms, traits),
    }),
    authorizedCalls: guaranteeTransfer,
    fundingTerms: CREATE_LOAN_TERMS,
    loanIdOf: (returned) => {
      const loanId: unknown = scValToNative(returned);
      if (typeof loanId !== 'bigint') throw new Error('create_loan returned no loan id');
      return loanId;
    },
    loanKeys: { key: loanKey, termsIn: landedLoanIn, nextOfBorrower: nextUserLoanKeys },
    vendorFundings: vendorFundingsOf(traits),
    landing: (events, expected) => landingOf(traits, events, expected),
    meaning: (event, standing) => meaningOf(traits, event, standing),
    facts: (events, contracts) => factsOf(traits, events, contracts),
    borrowerLoans: (access, asked) => readLoans(traits, access, asked),
    leastGuarantee: (access, contracts, total) => leastGuarantee(traits, access, contracts, total),
    loanConditions: (access, asked) => readLoanConditions(traits, access, asked),
    preview: (asked, conditions) => previewOf(traits, asked, conditions),
  };
}

function figuresOf(traits: Traits, pool: Instance, lender: Instance | undefined): FamilyFigures {
  return {
    total: storedInteger(pool, 'TOTLIQ', 0n),
    locked: storedInteger(pool, 'LCKDLIQ', 0n),
    ...conditionsOf(traits, { pool, lending_contract: lender }),
    limits: traits.caps ? limitsIn(pool) : NO_LIMITS,
  };
}

const conditionsOf = (
  { pausable }: Traits,
  instances: FamilyInstances,
): Pick<FamilyFigures, 'lastLoanId' | 'pauses'> => ({
  lastLoanId: lastLoanIdIn(instances.lending_contract),
  pauses: pausesIn(pausable, instances),
});

/**
 * It is shown and decides nothing of money, so whatever is wrong with it is "not known" and never
 * costs the snapshot it came with.
 */
function lastLoanIdIn(lender: Instance | undefined): bigint | null {
  if (!lender) return null;
  const last = lender.storage.get('LOANCNT') ?? 0n;
  return typeof last === 'bigint' && last >= 0n && last <= LOAN_ID_MAX ? last : null;
}

const pausesIn = (
  pausable: readonly PausedContract[],
  instances: FamilyInstances,
): ContractPauses =>
  Object.fromEntries(pausable.map((which) => [which, knownFlag(instances[which], 'PAUSED')]));

/** A value that the contract would not write is not known, and never "no limit". */
function limitsIn(pool: Instance): FamilyFigures['limits'] {
  const bps = pool.storage.get('OUTFLOW') ?? 0;
  const cap = pool.storage.get('MCRCAP') ?? 0n;
  const unreadable = [
    ...(typeof bps === 'number' && bps >= 0 ? [] : ["the pool's OUTFLOW is not a number of bps."]),
    ...(typeof cap === 'bigint' && cap >= 0n ? [] : ["the pool's MCRCAP is not an amount."]),
  ];
  return {
    ...NO_LIMITS,
    outflowCapBps: typeof bps === 'number' && bps > 0 ? bps : null,
    vendorCap: typeof cap === 'bigint' && cap > 0n ? cap : null,
    ...(unreadable.length > 0 && { unreadable }),
  };
}
