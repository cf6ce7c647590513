import { HOW_TO_SIGN } from './authorization-answer.js';
import { CREATED_EXAMPLE, SUBMITTED_EXAMPLE } from './loan-examples.js';
import type { LoanAnswer } from './loan.schemas.js';
import type { SubmissionAnswer } from './submission.schemas.js';

/** Examples of a loan that is signed by authorization, as in `loan-examples.ts`. */
const LENDING_CONTRACT = 'CCJOT3XSJEYXQ737HVKJZGF2ANJDHMYQKVAYACUDTIKL3CH27IXEREX2';
const AUTHORIZATION: NonNullable<LoanAnswer['authorization']> = {
  entryXdr: 'AAAAAQAAAAAAAAAAAStMhT/x8VckcdKIn8k5DYarkQbkKWPA1q3bM9IkV3+wW6kaxJc3TgAA…',
  preimageXdr: 'AAAACbrv1zS40+SEcs/4ORI3X+28dXNwGRL+MIr3MBgPl9dKsFupGsSXN04AAABRAAAAAAAA…',
  hash: '2677e908e53866c839382979d80136bafb09feb366d0aa923efef2634b9d8332',
  nonce: '-5738807367721076914',
  expirationLedger: 81,
  expiresAboutAt: '2026-11-22T17:11:49Z',
  networkPassphrase: 'Standalone Network ; February 2017',
  authorizes: {
    contract: LENDING_CONTRACT,
    function: 'create_loan',
    args: [
      {
        name: 'borrower',
        value: CREATED_EXAMPLE.loan.borrower,
      },
      {
        name: 'vendor',
        value: CREATED_EXAMPLE.loan.vendor ?? '',
      },
      {
        name: 'totalAmount',
        value: '125',
      },
      {
        name: 'guaranteeAmount',
        value: '25',
      },
      {
        name: 'schedule',
        value: [
          {
            amount: '62.5',
            dueAt: '2026-12-22T17:06:47Z',
          },
          {
            amount: '62.5',
            dueAt: '2027-01-21T17:06:47Z',
          },
        ],
      },
      {
        name: 'loanType',
        value: 'Standard',
      },
    ],
    subInvocations: [
      {
        contract: 'CBDY3GFOJWUC5WNK7VLINZEVDI4YTQ3N5PCUYYRLDSCTMIZBOTFRF4XF',
        function: 'transfer',
        args: [
          {
            name: 'from',
            value: CREATED_EXAMPLE.loan.borrower,
          },
          {
            name: 'to',
            value: LENDING_CONTRACT,
          },
          {
            name: 'amount',
            value: '25',
          },
        ],
      },
    ],
  },
  howToSign: HOW_TO_SIGN,
};

export const AUTHORIZED_EXAMPLE: LoanAnswer = {
  ...CREATED_EXAMPLE,
  signing: 'authorization',
  transaction: null,
  authorization: AUTHORIZATION,
};

export const SIGNED_EXAMPLE: SubmissionAnswer = {
  ...SUBMITTED_EXAMPLE,
  status: 'SIGNED',
  hash: AUTHORIZATION.hash,
  authorization: {
    state: 'open',
    expirationLedger: AUTHORIZATION.expirationLedger,
    ledgersLeft: 76,
    signedAt: '2026-11-22T17:06:58.109Z',
  },
};
