import type { ProblemExample } from './problem.js';
import type { TRANSACTION_PROBLEMS } from './transaction-problems.js';

const HELD = { id: '01a20439-846e-71cc-a8e2-381a9b90a251', state: 'held' };
const HASH = 'be223e3f75ef1c8f799627d6f308bd0bc928d59545db98c8a0611541e9372655';
const BORROWER = 'GCAGRX2NINNREOHG3PZQOHWWGIZITH3VZUAXHI5YBGNTIR6XRPZF62ZN';
const SHORT = 'The pool does not have enough unlocked liquidity on the chain for this loan.';
const SCORE = "The borrower's reputation score is below the threshold for a loan.";
const VENDOR = 'The vendor is not registered as active in the vendor registry.';
const PAUSED =
  'The pool contract is paused on the chain by its administrator: it funds no loan until that ends.';
const LINK =
  'The lending contract names a reputation contract that does not exist or is something else.';
const UNNAMED =
  'The pool contract refused with error #99, which its published source does not name.';
const NOBODY =
  'A contract we cannot name refused with error #5, which its published source does not name.';

/** Real answers with the codes of TRANSACTION_PROBLEMS. `test/http/codes.e2e.spec.ts` repeats them. */
export const TRANSACTION_EXAMPLES: Readonly<
  Record<keyof typeof TRANSACTION_PROBLEMS, readonly ProblemExample[]>
> = {
  CHAIN_LIQUIDITY_SHORT: [
    {
      detail: `${SHORT} The pool is being observed again; ask again in a few seconds.`,
      members: {
        contract: 'lending_contract',
        number: 5,
        name: 'InsufficientLiquidity',
        sentence: SHORT,
      },
    },
  ],
  ACCOUNT_NOT_FOUND: [
    {
      detail:
        `The borrower ${BORROWER} has no account on this network, so it has no sequence number to ` +
        'sign with.',
    },
  ],
  LOAN_REFUSED_BY_CONTRACT: [
    {
      detail: SCORE,
      members: {
        name: 'InsufficientReputation',
        number: 4,
        contract: 'lending_contract',
        sentence: SCORE,
      },
    },
  ],
  TRANSACTION_TOO_LARGE: [
    {
      detail:
        'The transaction would have to declare 139520 written bytes; the network allows 132096.',
      members: { limit: 'writeBytes', declared: '139520', max: '132096' },
    },
  ],
  FENCE_TOO_FAR: [
    {
      detail:
        'The authorization would have to be valid for 75 ledgers, and 30 are allowed. `signing` ' +
        'transaction has no such limit.',
      members: { ledgers: 75, most: 30 },
    },
  ],
  CONTRACT_ARCHIVED: [
    {
      detail:
        "10 entries of the pool's contracts are archived, too many to restore within this loan's " +
        'transaction. An operator restores them with `restoreXdr`.',
      members: { keys: 10, restoreXdr: 'AAAAAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA…' },
    },
  ],
  CONTRACTS_BROKEN: [
    {
      detail: LINK,
      members: {
        contract: 'lending_contract',
        number: null,
        name: 'ReputationMissing',
        sentence: LINK,
      },
    },
  ],
  CONTRACT_FAILED: [
    {
      detail: UNNAMED,
      members: { contract: 'pool', number: 99, name: 'Error99', sentence: UNNAMED },
    },
    {
      only: ['submitLoan'],
      detail:
        `The signature could not be checked, because the loan is refused at present: ${VENDOR} ` +
        'Send it again later; the hold is unchanged.',
      members: {
        contract: 'lending_contract',
        number: 3,
        name: 'VendorNotActive',
        sentence: VENDOR,
      },
    },
  ],
  CHAIN_UNREACHABLE: [
    {
      detail: 'Stellar RPC, getLedgerEntries: the node answered HTTP 503.',
      members: { method: 'getLedgerEntries', httpStatus: 503 },
    },
    {
      only: ['observePool', 'resolveReservation', 'resubmitReservation'],
      detail: 'Stellar RPC, getHealth: the node answered HTTP 503.',
      members: { method: 'getHealth', httpStatus: 503 },
    },
    {
      only: ['submitLoan'],
      detail: 'Stellar RPC, getLedgerEntries: the answer is not JSON (a proxy or an error page?).',
      members: { method: 'getLedgerEntries' },
    },
  ],
  CONTRACT_PAUSED: [
    {
      detail:
        `${PAUSED} This service did not pause it and cannot end the pause. The transaction was ` +
        'not forwarded, because it would fail and burn its fee; the hold is unchanged. Once the ' +
        'pause has ended it can be submitted as it is, until its maxTime.',
      members: {
        contract: 'pool',
        number: 12,
        name: 'ContractPaused',
        sentence: PAUSED,
        atLedger: 5,
        reservation: HELD,
      },
    },
  ],
  SUBMISSION_REJECTED: [
    {
      detail: 'The node refused the transaction: txTooLate. The hold is unchanged.',
      members: { resultCode: 'txTooLate', latestLedger: 5, reservation: HELD },
    },
  ],
  ENVELOPE_OUTDATED: [
    {
      detail: `The hold has ended: it is released (tx_failed). ${NOBODY}`,
      members: {
        reason: 'hold_ended',
        reservation: { ...HELD, state: 'released' },
        failure: {
          hash: HASH,
          ledger: 9,
          resultCode: 'txFailed',
          failedBy: 'contract',
          reason: 'contract_error',
          number: 5,
          contract: 'unknown',
          name: 'Error5',
          sentence: NOBODY,
        },
        rebuildOffered: false,
      },
    },
    {
      only: ['rebuildLoan'],
      detail: 'The loan was cancelled, so it gets no new transaction.',
      members: { reason: 'cancel_requested' },
    },
  ],
  ENVELOPE_UNDECIDED: [
    {
      detail:
        "The chain has changed since this loan's transactions were built, and their outcome is " +
        'being proven. Ask again in a few seconds.',
      members: { reason: 'undecided' },
    },
  ],
  REBUILD_LIMIT: [
    {
      detail:
        'A new transaction would hold the funds too long: the first one ended at ' +
        '2026-11-22T17:11:49Z. The hold is unchanged and ends by itself.',
      members: { reason: 'too_long' },
    },
  ],
};
