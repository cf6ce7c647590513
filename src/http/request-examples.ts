/** `POST /loans`, in a run of `test/http/openapi.e2e.spec.ts`. */
export const LOAN_REQUEST_EXAMPLE = {
  poolId: '01a20439-8365-721f-97de-c7ac9caaa4ad',
  borrower: 'GCAGRX2NINNREOHG3PZQOHWWGIZITH3VZUAXHI5YBGNTIR6XRPZF62ZN',
  vendor: 'GAOJBESMPFOR5OAXHX2IYDC5RWIZRN3REDUH3WPENC3DRWCIMEQ2AG52',
  totalAmount: '125',
  guaranteeAmount: '25',
  schedule: [
    { amount: '62.5', dueAt: '2026-12-22T17:06:47Z' },
    { amount: '62.5', dueAt: '2027-01-21T17:06:47Z' },
  ],
  loanType: 'standard',
};

type Body = Readonly<Record<string, unknown>>;
const REASON = 'Ticket 4711: the vendor asked for it';
const GRAVE = 'Restored from the backup of 04:00, see incident 12';

/** A body that routes accept, by the name of its schema. */
export const BODY_EXAMPLES: Readonly<Record<string, Body>> = {
  CreateLoan: LOAN_REQUEST_EXAMPLE,
  Submission: { signedXdr: 'AAAAAgAAAACAaN9NQ1sSOObb8wce1jIyiZ91zQFzo7gJmzRH14vyXwAFoMgAAAAE…' },
  SignedChallenge: {
    transaction: 'AAAAAgAAAABpPbpRVm3BqUpkJwWzWAvyWMiJ7qR7bk4WuJn3MBmiKwAAAMgAAAAA…',
  },
  CreateWebhook: { url: 'https://shop.example/holdfast' },
  CreateKey: {
    tenantId: 'shop',
    name: 'checkout',
    scopes: ['loans:write', 'loans:read', 'pools:read'],
    reason: REASON,
  },
  RegisterPool: {
    contract: 'CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC',
    name: 'Students',
    reason: REASON,
  },
  ChangePool: { name: 'Students of 2027', reason: REASON },
  Reason: { reason: REASON },
  Resume: { reason: REASON },
  GraveReason: { reason: GRAVE },
  ReplaySince: { since: '2026-11-22T12:00:00Z', reason: REASON },
  ResolutionRequest: { as: 'settled', ledger: 5120, loanId: '17', reason: GRAVE },
};

/** A key that people may send again: it repeats the first answer. */
export const KEY_EXAMPLE = 'order-4711';
