import type { ErrorCode } from '../../common/errors.js';
import { LOAN_REQUEST_EXAMPLE } from '../../http/request-examples.js';
import { exampleBody } from '../../http/problem-body.js';
import type { LoanAnswer, LoanPage, TransactionAnswer } from './loan.schemas.js';
import type { SubmissionAnswer } from './submission.schemas.js';

/**
 * Examples for the API's pages, from a run of `test/http/openapi.e2e.spec.ts`, which proves that
 * real answers still look like them. The XDR is shortened.
 */
const { poolId, borrower, vendor, ...terms } = LOAN_REQUEST_EXAMPLE;
const RESERVATION_ID = '01a20439-846e-71cc-a8e2-381a9b90a251';
const LOAN_ID = '01a20439-846e-7397-a330-e4d8bfa1007d';
const HASH = 'be223e3f75ef1c8f799627d6f308bd0bc928d59545db98c8a0611541e9372655';

const TRANSACTION: TransactionAnswer = {
  xdr: 'AAAAAgAAAACAaN9NQ1sSOObb8wce1jIyiZ91zQFzo7gJmzRH14vyXwAFoMgAAAAEAAAAAQ…',
  hash: HASH,
  networkPassphrase: 'Standalone Network ; February 2017',
  maxTime: 1795367509,
  submitBefore: '2026-11-22T17:11:34Z',
  fee: '329650',
  sequence: '17179869185',
  loanIdWindow: { first: '1', last: '25' },
  window: { loans: 24, bytes: 29184, fee: '213629' },
  inclusionFee: { bid: '1000', goingRate: '100' },
};

export const CREATED_EXAMPLE: LoanAnswer = {
  loan: {
    id: LOAN_ID,
    poolId,
    borrower,
    vendor,
    totalAmount: terms.totalAmount,
    guaranteeAmount: terms.guaranteeAmount,
    fundedAmount: '100',
    schedule: terms.schedule,
    loanType: terms.loanType,
  },
  reservation: {
    id: RESERVATION_ID,
    state: 'held',
    amount: '100',
    expiresAt: '2026-11-22T17:11:49Z',
    atLedger: 3,
  },
  transaction: TRANSACTION,
};
/** `GET /loans/:id` after 25 loans of strangers. */
export const LOAN_PAGE_EXAMPLE: LoanPage = {
  loan: { ...CREATED_EXAMPLE.loan, createdAt: '2026-11-22T17:06:50.113Z' },
  signing: 'transaction',
  reservation: {
    ...CREATED_EXAMPLE.reservation,
    state: 'held',
    releaseReason: null,
    settledLedger: null,
    submittedAt: null,
    cancelRequestedAt: null,
    endedAt: null,
  },
  transaction: TRANSACTION,
  counterWindow: {
    nextLoanId: '26',
    atLedger: 83,
    outdated: true,
    loans: 24,
    loansLeft: 0,
    bytes: 29184,
    windowFee: '213629',
    fee: '329650',
    advice:
      "The lending contract's next loan id is 26 at ledger 83, but the transaction can only land " +
      'on 1 to 25: do not submit it, it would fail and burn its fee. POST ' +
      '/loans/:id/transaction issues a new one for the same hold.',
  },
  inclusionFee: {
    bid: '1000',
    goingRate: '100',
    atLedger: 83,
    outbid: false,
    feeBump: null,
    advice: null,
  },
  contractPaused: false,
  authorization: null,
  landings: [],
  rebuildsLeft: 3,
  failedTransactions: [],
  rebuildUntil: null,
  landed: null,
};
/** `POST /loans/:id/transaction` for that loan. */
export const REBUILT_EXAMPLE: LoanPage = {
  ...LOAN_PAGE_EXAMPLE,
  reservation: { ...LOAN_PAGE_EXAMPLE.reservation, expiresAt: '2026-11-22T17:14:29Z' },
  transaction: {
    ...TRANSACTION,
    hash: '95ae3caa0278e2831254f46a2bc3386b589e23bb4a2ebcc0af58dfff0f63a18e',
    maxTime: 1795367669,
    submitBefore: '2026-11-22T17:14:14Z',
    loanIdWindow: { first: '26', last: '50' },
  },
  counterWindow: {
    nextLoanId: '26',
    atLedger: 83,
    outdated: false,
    loans: 24,
    loansLeft: 24,
    bytes: 29184,
    windowFee: '213629',
    fee: '329650',
    advice: null,
  },
  contractPaused: false,
  rebuildsLeft: 2,
};
export const SUBMITTED_EXAMPLE: SubmissionAnswer = {
  status: 'PENDING',
  hash: HASH,
  feeBumpHash: null,
  latestLedger: 5,
  reservation: { id: RESERVATION_ID, state: 'held' },
};

/** `POST /loans/:id/submission` by a wallet that set its own fee and deadline. */
export const NOT_THE_TRANSACTION_EXAMPLE = {
  type: '/problems/VALIDATION_FAILED',
  title: 'The request is not valid',
  status: 400,
  detail:
    'signedXdr This is not the funding transaction of this loan: its hash differs. Sign ' +
    'the XDR exactly as it was handed out; tools that simulate again or set new time ' +
    'bounds change it. What differs: fee (expected 368840, received 100), maxTime ' +
    '(expected 1795367509, received 1795367569).',
  code: 'VALIDATION_FAILED',
  retryable: false,
  holdMade: false,
  requestId: '01a20439-858a-7208-9623-2795dfb907a6',
  errors: [
    {
      field: 'signedXdr',
      message:
        'This is not the funding transaction of this loan: its hash differs. Sign the XDR ' +
        'exactly as it was handed out; tools that simulate again or set new time bounds ' +
        'change it. What differs: fee (expected 368840, received 100), maxTime (expected ' +
        '1795367509, received 1795367569).',
    },
  ],
  differences: [
    { field: 'fee', expected: '368840', received: '100', message: 'is another fee, stroops' },
    {
      field: 'maxTime',
      expected: '1795367509',
      received: '1795367569',
      message: 'is another deadline, unix seconds',
    },
  ],
};
/** The same route, for a wallet that is set to another network. */
export const OTHER_NETWORK_EXAMPLE = {
  ...NOT_THE_TRANSACTION_EXAMPLE,
  detail:
    "signedXdr No signature is by a current signer of the borrower's account on this " +
    'network. Check the key, and that the wallet signs for this network. What differs: ' +
    'network (expected Standalone Network ; February 2017, received Test SDF Network ; ' +
    'September 2015).',
  errors: [
    {
      field: 'signedXdr',
      message:
        "No signature is by a current signer of the borrower's account on this network. " +
        'Check the key, and that the wallet signs for this network. What differs: network ' +
        '(expected Standalone Network ; February 2017, received Test SDF Network ; ' +
        'September 2015).',
    },
  ],
  differences: [
    {
      field: 'network',
      expected: 'Standalone Network ; February 2017',
      received: 'Test SDF Network ; September 2015',
      message: 'is another network: the signature is for that one',
    },
  ],
};

const LOAN_CODES = [
  'INSUFFICIENT_LIQUIDITY',
  'BORROWER_BUSY',
  'LOAN_REFUSED_BY_CONTRACT',
  'IDEMPOTENCY_KEY_REUSED',
] as const;
/** What `POST /loans` answers to a body with two wrong fields. */
export const INVALID_LOAN_EXAMPLE = {
  ...exampleBody('VALIDATION_FAILED'),
  detail: '2 fields are wrong: borrower, schedule',
  errors: [
    {
      field: 'borrower',
      message:
        'must be a Stellar account (G…) or contract account (C…) address with a valid checksum',
    },
    { field: 'schedule', message: 'amounts sum to 125, not to totalAmount' },
  ],
};
/** Problems of `POST /loans` that a test causes one after the other. */
export const PROBLEM_EXAMPLES: Partial<Record<ErrorCode, Readonly<Record<string, unknown>>>> = {
  VALIDATION_FAILED: INVALID_LOAN_EXAMPLE,
  ...Object.fromEntries(LOAN_CODES.map((code) => [code, exampleBody(code)])),
};
