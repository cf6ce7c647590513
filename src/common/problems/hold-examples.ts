import type { HOLD_PROBLEMS } from './hold-problems.js';
import type { ProblemExample } from './problem.js';

const LOAN = '01a20439-846e-7397-a330-e4d8bfa1007d';
const DEADLINE = '2026-11-22T17:11:49Z';
const OUTFLOW =
  'The pool contract funds no more than its outflow cap in one ledger, and this loan would pass it.';
const VENDOR =
  'This loan would raise what the pool contract has funded to the vendor above its exposure cap.';

/** Real answers with the codes of HOLD_PROBLEMS. `test/http/codes.e2e.spec.ts` repeats them. */
export const HOLD_EXAMPLES: Readonly<
  Record<keyof typeof HOLD_PROBLEMS, readonly ProblemExample[]>
> = {
  POOL_PAUSED: [{ detail: 'The pool is paused.', members: { poolState: 'paused' } }],
  POOL_QUARANTINED: [
    {
      detail:
        'The pool is in quarantine because its database was restored or replaced. New holds wait ' +
        'until every transaction that may exist is dead.',
      members: { quarantinedUntil: null },
    },
  ],
  BORROWER_BUSY: [
    {
      detail:
        `The borrower already has a live hold: loan ${LOAN}. GET /loans/${LOAN} returns its ` +
        'transaction again.',
      members: {
        retryAfterSeconds: 320,
        loanId: LOAN,
        reservationId: '01a20439-846e-71cc-a8e2-381a9b90a251',
        expiresAt: DEADLINE,
      },
    },
  ],
  BORROWER_BACK_OFF: [
    {
      detail:
        "The borrower's last 4 holds lapsed unsigned; the pool allows 3 in a row. The next hold " +
        'can be made from 2026-11-22T17:26:47Z on.',
      members: {
        retryAfterSeconds: 1200,
        rule: 'lapses',
        until: '2026-11-22T17:26:47Z',
        lapses: 4,
        lapsesAllowed: 3,
      },
    },
  ],
  SNAPSHOT_STALE: [
    {
      detail: 'The pool was never observed on the chain.',
      members: { ageSeconds: null, maxAgeSeconds: 30 },
    },
    {
      only: ['rebuildLoan'],
      detail: "The chain's newest ledger lags too far behind the clock for a deadline to be set.",
      members: { ageSeconds: 1.4, maxAgeSeconds: 30 },
    },
  ],
  WALLET_SHARE_EXCEEDED: [
    {
      detail:
        "One hold may be at most 50 % of the pool's total, which is 99.5 at ledger 3; this loan " +
        'needs 100.',
      members: {
        rule: 'walletShare',
        maxWalletShare: '50',
        bound: '99.5',
        asked: '100',
        atLedger: 3,
      },
    },
  ],
  INSUFFICIENT_LIQUIDITY: [
    {
      detail:
        'The pool has 40 available at ledger 3, less than this loan needs. Ask again with a ' +
        `new Idempotency-Key; the next hold can lapse after ${DEADLINE}.`,
      members: { available: '40', atLedger: 3, nextDeadline: DEADLINE },
    },
  ],
  OUTFLOW_CAP_EXCEEDED: [
    {
      detail:
        'The contract funds at most 5 % of what is available in one ledger, which is 50 at ledger ' +
        '3; this loan needs 100.',
      members: { outflowCap: '5', cap: '50', asked: '100', atLedger: 3 },
    },
  ],
  OUTFLOW_CAP_REACHED: [
    {
      detail:
        'The contract funds at most 12 % of what is available in one ledger, so holds may be 107.1 ' +
        'in all. 100 is held, and this loan needs 100. Ask again with a new Idempotency-Key; the ' +
        `next hold can lapse after ${DEADLINE}.`,
      members: {
        outflowCap: '12',
        safeSum: '107.1',
        held: '100',
        asked: '100',
        atLedger: 3,
        nextDeadline: DEADLINE,
      },
    },
    {
      only: ['rebuildLoan'],
      detail: OUTFLOW,
      members: { contract: 'pool', number: 16, name: 'OutflowCapExceeded', sentence: OUTFLOW },
    },
  ],
  VENDOR_CAP_EXCEEDED: [
    {
      detail: VENDOR,
      members: {
        contract: 'pool',
        number: 17,
        name: 'MerchantExposureCapExceeded',
        sentence: VENDOR,
      },
    },
  ],
  VENDOR_CAP_REACHED: [
    {
      detail:
        'The contract funds at most 199.9 to one vendor and had funded 0 at ledger 3. 100 is held ' +
        'for this vendor, and this loan needs 100. Ask again with a new Idempotency-Key when such ' +
        'a hold has ended.',
      members: { cap: '199.9', funded: '0', held: '100', asked: '100', atLedger: 3 },
    },
  ],
  COUNTER_WINDOW_FULL: [
    {
      detail:
        '25 holds are live on this lending contract, and its loan ids let 25 land in any order. ' +
        'This pool makes no more holds than can land in any order. There is room once they have ' +
        `landed, often in a ledger or two. The first of them can lapse after ${DEADLINE}.`,
      members: {
        retryAfterSeconds: 10,
        liveHolds: 25,
        window: 25,
        limit: 'loans',
        nextDeadline: DEADLINE,
      },
    },
    {
      only: ['rebuildLoan'],
      detail:
        '25 holds are live on this lending contract, and the network lets one transaction carry ' +
        'room for 24 of their loans (writeBytes). This pool makes no more holds than can land in ' +
        `any order. There is room once they have landed, often in a ledger or two. The first of ` +
        `them can lapse after ${DEADLINE}.`,
      members: {
        retryAfterSeconds: 10,
        liveHolds: 25,
        window: 25,
        limit: 'writeBytes',
        nextDeadline: DEADLINE,
      },
    },
  ],
};
