import type { ContractName } from './chain.js';
import type { FailureReason } from './transaction-outcome.js';
import { contractError } from './families/error-tables.js';
import { familyOf } from './families/families.js';

interface Words {
  /** For a list: completes "it failed at ledger 805 because …". */ readonly because: string;
  readonly sentence: string;
}

/** What a reason means for the borrower. The error tables have the contracts' own errors. */
const WORDS: Readonly<Record<FailureReason, Words>> = {
  contract_error: {
    because: 'a contract refused the loan',
    sentence: 'A contract refused the loan.',
  },
  contract_trap: {
    because: 'a contract refused the loan without an error number',
    sentence: 'A contract refused the loan without an error number.',
  },
  resource_limit: {
    because: 'the resources that this service declared were too small',
    sentence:
      'The transaction needed more than the resources that this service had declared for it.',
  },
  archived: {
    because: 'an entry that it needs was archived',
    sentence: 'An entry that the transaction needs was archived on the chain.',
  },
  refundable_fee: {
    because: 'the fee that this service set for storage was too small',
    sentence: 'The part of the fee that this service had set for storage and events was too small.',
  },
  malformed: {
    because: 'the network could not read what this service had built',
    sentence: 'The network could not read the transaction that this service had built.',
  },
  outside_footprint: {
    because: 'it touched an entry outside of its footprint',
    sentence:
      'The chain had moved, so the transaction touched an entry outside of its footprint. ' +
      'More loans than its window allows landed before it, or a contract was changed.',
  },
  missing_entry: {
    because: 'an entry that it needs was missing',
    sentence: 'An entry that the transaction needs was missing on the chain.',
  },
  authorization_spent: {
    because: "the borrower's authorization had landed with another transaction",
    sentence: "The borrower's authorization had landed with another transaction before.",
  },
  authorization_expired: {
    because: "the borrower's authorization had expired",
    sentence: "The borrower's authorization had expired when the transaction landed.",
  },
  budget: {
    because: 'the instructions that this service declared were too few',
    sentence: 'The transaction needed more instructions than this service had declared for it.',
  },
  unknown: {
    because: 'of a fault that the node does not name',
    sentence: 'The transaction failed on the chain, and the node does not say why.',
  },
};

/** The contracts of a pool that have a name. */
export interface NamedContracts {
  readonly generation: string;
  readonly poolContract: string;
  readonly lendingContract: string;
  readonly tokenContract: string;
}
/** A stored cause. A reason that this version does not know is reported as unknown. */
export interface StoredCause {
  readonly reason: string;
  readonly contract: string | null;
  readonly number: number | null;
}

export const becauseOf = (reason: string | null): string => WORDS[reasonOf(reason)].because;

/**
 * Name and sentence of a failure, from the error tables of the pool's contracts when a contract
 * decided.
 */
export function failureWords(
  names: NamedContracts,
  cause: StoredCause,
): {
  readonly contract: ContractName | null;
  readonly name: string | null;
  readonly sentence: string;
} {
  const { sentence } = WORDS[reasonOf(cause.reason)];
  const contract = cause.contract === null ? null : nameOf(names, cause.contract);
  if (contract === null || cause.number === null) return { contract, name: null, sentence };
  const meaning = contractError(familyOf(names.generation).errors, contract, cause.number);
  return { contract, name: meaning.name, sentence: meaning.sentence };
}

function nameOf(names: NamedContracts, contract: string): ContractName {
  if (contract === names.lendingContract) return 'lending_contract';
  if (contract === names.poolContract) return 'pool';
  return contract === names.tokenContract ? 'token' : 'unknown';
}

const reasonOf = (reason: string | null): FailureReason =>
  reason !== null && isReason(reason) ? reason : 'unknown';
const isReason = (reason: string): reason is FailureReason => Object.hasOwn(WORDS, reason);
