import { z } from 'zod';
import { contractSaid, ledger, optional, time, units } from './member-shapes.js';
import { LEDGER, problem } from './problem.js';

const outflowCap = z.string().meta({
  description: "The contract's outflow cap for one ledger, percent of what is available",
  examples: ['50'],
});
const vendorFigures = {
  cap: units('What the contract funds to one vendor at most'),
  funded: units('What it has funded to this vendor'),
  held: units('What live holds for this vendor take'),
  asked: units('What this loan needs'),
  atLedger: ledger('The ledger at which `funded` was read'),
};

/** Codes that refuse a hold, in the order of answers (docs/protocol.md#order-of-answers). */
export const HOLD_PROBLEMS = {
  POOL_PAUSED: problem(
    409,
    'The pool takes no new loans',
    'The pool is closed, or an operator or the service paused it (`poolState`), or one of its ' +
      'contracts is paused on the chain (`contract`, `name`).',
    {
      members: {
        poolState: z.enum(['active', 'paused', 'closed']).meta({
          description: 'closed is final; active: the contract itself is paused',
          examples: ['paused'],
        }),
        ...optional(contractSaid),
        atLedger: ledger(
          'Where the pause of the contract was read; absent when the simulation found it, and ' +
            'for every other pause',
        ).optional(),
      },
    },
  ),
  POOL_QUARANTINED: problem(
    503,
    'The pool is in quarantine',
    'The database was restored or replaced, so transactions may exist that it does not ' +
      'know. New holds wait until all of them are dead.',
    {
      retryable: true,
      after: 30,
      members: {
        quarantinedUntil: time(
          'Chain time at which the quarantine ends; null: not known until the next ledger is read',
        ).nullable(),
      },
    },
  ),
  BORROWER_BUSY: problem(
    409,
    'The borrower has a live hold',
    'A borrower can have one live hold, across all tenants, and already has it: two ' +
      "transactions of one account exclude each other. `loanId` names it when it is the caller's own.",
    {
      retryable: true,
      members: {
        ...optional({
          loanId: z.string().meta({
            description: 'The loan that is held; absent when it is not one of the caller',
            format: 'uuid',
            examples: ['01a20439-846e-7397-a330-e4d8bfa1007d'],
          }),
          reservationId: z.string().meta({
            description: 'The live hold; absent like `loanId`',
            format: 'uuid',
            examples: ['01a20439-846e-71cc-a8e2-381a9b90a251'],
          }),
        }),
        expiresAt: time('When that hold can lapse; null: it has meanwhile ended').nullable(),
      },
    },
  ),
  BORROWER_BACK_OFF: problem(
    409,
    'The borrower has to wait',
    "The borrower's last `lapses` holds lapsed unsigned, and the pool allows " +
      '`lapsesAllowed` in a row. It gets no new hold until `until`. The wait doubles with ' +
      'each further lapse, from 10 minutes to 24 hours, and ends with a funded loan. A hold does ' +
      'not count when its signed transaction was seen here, or when others bid more for ' +
      'inclusion at its deadline.',
    {
      retryable: true,
      members: {
        rule: z.literal('lapses').meta({ description: 'Which rule', examples: ['lapses'] }),
        until: time('From when on the borrower can get a hold'),
        lapses: z.int().meta({ description: 'Holds in a row that lapsed unsigned', examples: [3] }),
        lapsesAllowed: z.int().meta({ description: 'What the pool allows', examples: [3] }),
      },
    },
  ),
  SNAPSHOT_STALE: problem(
    503,
    'The snapshot is too old',
    'The pool takes no new hold while its snapshot is old or the chain lags.',
    {
      retryable: true,
      after: 2,
      members: {
        ageSeconds: z
          .number()
          .nullable()
          .meta({
            description: "Age of the pool's snapshot; null: the pool was never observed",
            examples: [41.2],
          }),
        maxAgeSeconds: z.number().meta({
          description:
            'The largest age that the pool allows. When `ageSeconds` is below it, the chain itself lags',
          examples: [30],
        }),
      },
    },
  ),
  WALLET_SHARE_EXCEEDED: problem(
    422,
    'The hold would take too large a share of the pool',
    "One hold may be at most `maxWalletShare` percent of the pool's total: `bound`, token " +
      'units, at `atLedger`. This loan needs `asked`.',
    {
      members: {
        rule: z
          .literal('walletShare')
          .meta({ description: 'Which rule', examples: ['walletShare'] }),
        maxWalletShare: z.string().meta({
          description: "Largest share of the pool's total that one hold may have, percent",
          examples: ['5'],
        }),
        bound: units('That share of the total'),
        asked: units('What this loan needs'),
        atLedger: ledger('The ledger of the total'),
      },
    },
  ),
  INSUFFICIENT_LIQUIDITY: problem(
    409,
    'Not enough liquidity',
    'The pool has less than this amount. `available`, `atLedger` and `nextDeadline` say ' +
      'why and until when. Ask again with a new Idempotency-Key.',
    {
      retryable: true,
      sticky: true,
      members: {
        available: units('What the pool could hold'),
        atLedger: ledger('The ledger of the snapshot'),
        nextDeadline: time(
          'When the next live hold can lapse; null: none is live. It is the same on replay; the ' +
            'header Retry-After counts from now',
        ).nullable(),
      },
    },
  ),
  OUTFLOW_CAP_EXCEEDED: problem(
    422,
    "The loan exceeds the contract's outflow cap",
    'The contract funds at most `outflowCap` percent of what is available in one ledger, ' +
      '`cap` at `atLedger`. This loan needs `asked`, so it could not land even alone.',
    {
      sticky: true,
      members: {
        outflowCap,
        cap: units('The most that one loan may need'),
        asked: units('What this loan needs'),
        atLedger: ledger('The ledger of the snapshot'),
      },
    },
  ),
  OUTFLOW_CAP_REACHED: problem(
    409,
    "The contract's outflow cap is reached",
    'The contract funds at most `outflowCap` percent of what is available in one ledger. All ' +
      'live holds could land in the same one: `held` and this loan (`asked`) are more than ' +
      '`safeSum`. Or the simulation met the cap (`contract`, `number`). Ask again with a new ' +
      'Idempotency-Key.',
    {
      retryable: true,
      sticky: true,
      members: {
        ...optional({
          outflowCap,
          safeSum: units('What may be held in all, so that every hold can land in one ledger'),
          held: units('What live holds take of it'),
          asked: units('What this loan needs'),
          atLedger: ledger('The ledger of the snapshot'),
          nextDeadline: time('When the next live hold can lapse; null: none is live').nullable(),
        }),
        ...optional(contractSaid),
      },
    },
  ),
  VENDOR_CAP_EXCEEDED: problem(
    422,
    "The loan exceeds the contract's cap for this vendor",
    'The contract funds at most `cap` to one vendor, ever, and has funded `funded` of it. This ' +
      "loan would pass it. Only the contract's administrator can raise the cap.",
    { sticky: true, members: { ...optional(vendorFigures), ...optional(contractSaid) } },
  ),
  VENDOR_CAP_REACHED: problem(
    409,
    "Live holds use up the rest of the vendor's cap",
    'The contract funds at most `cap` to one vendor, ever. It has funded `funded` as of ' +
      '`atLedger`, and `held` is held for the vendor; this loan needs `asked`. Ask again with a ' +
      'new Idempotency-Key when one of those holds has ended.',
    { retryable: true, sticky: true, members: vendorFigures },
  ),
  COUNTER_WINDOW_FULL: problem(
    503,
    'The loan counter window is full',
    'With one more hold, a live hold of this lending contract might not be able to land. Ask ' +
      'again in a ledger or two: there is room once they have landed. `nextDeadline` says when ' +
      'the first of them can lapse.',
    {
      retryable: true,
      after: LEDGER,
      members: {
        liveHolds: z
          .int()
          .meta({ description: 'Live holds of the lending contract', examples: [25] }),
        window: z
          .int()
          .meta({ description: 'How many holds can land in any order', examples: [25] }),
        limit: z
          .enum([
            'loans',
            'bytes',
            'instructions',
            'diskReadEntries',
            'diskReadBytes',
            'writeEntries',
            'writeBytes',
            'footprintEntries',
            'transactionBytes',
          ])
          .meta({
            description:
              'What has run out: loan ids or bytes in the transactions of the live holds, or a limit ' +
              'of the network for one transaction',
            examples: ['loans'],
          }),
        entryBytes: z
          .int()
          .optional()
          .meta({ description: 'With bytes: what the entry of this loan needs', examples: [2456] }),
        bytesLeft: z
          .int()
          .optional()
          .meta({
            description: 'With bytes: what the transactions of the live holds leave',
            examples: [1204],
          }),
        nextDeadline: time(
          'When the next live hold of the lending contract can lapse and free its place; null: none is live',
        ).nullable(),
      },
    },
  ),
};
