import { z } from 'zod';
import {
  OperatorResolution,
  type OperatorWish,
  REASON_MIN,
} from '../modules/settlement/operator-resolution.js';
import type { Terminal } from './pools.command.js';
import { optionsOf, runUnderstood } from './understood.js';

const RESOLVE_USAGE = `Usage:
  npm run ledger:resolve -- --reservation ID --as settled --ledger N [--loan-id N] [--envelope HASH] --reason "..." --by NAME
  npm run ledger:resolve -- --reservation ID --as expired|released [--ledger N] --reason "..." --by NAME

  Ends a hold that the judge raised an alarm for and that nothing proves the
    end of. The judge is asked first: what it proves is written instead, and while it is
  still at work nothing is decided. What contradicts anything that the node or the contract shows now is refused.
  --as         settled: it landed in --ledger; expired: every T has passed and it did not; released: the same, and the account's sequence is consumed
  --ledger     where it landed; the amount counts as in flight until a snapshot contains that ledger
  --loan-id    the loan it made, needed when several have its terms
  --envelope   which of several open envelopes landed
  --reason     how that is known, ${REASON_MIN} characters or more; --by: who says so. Both stay in the journal
  A pool paused as unexplained is resumed by \`npm run pools -- set POOL_ID --state active\` once its reconciliation is understood.`;

const number = (most: number) =>
  z.string().regex(new RegExp(`^[0-9]{1,${most}}$`), 'must be a whole number');
const UNDERSTOOD = z
  .strictObject({
    reservation: z.uuid('must be the id of a reservation'),
    as: z.enum(['settled', 'expired', 'released']),
    ledger: number(9).transform(Number).optional(),
    'loan-id': number(20).transform(BigInt).optional(),
    envelope: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be a hash of 64 hex digits')
      .optional(),
    reason: z
      .string()
      .trim()
      .min(REASON_MIN, `must say how that is known, in ${REASON_MIN} characters at least`)
      .max(1000),
    by: z.string().trim().min(1, 'must be a name').max(100),
  })
  .refine((wish) => wish.as !== 'settled' || wish.ledger !== undefined, {
    path: ['ledger'],
    message: 'is needed with --as settled',
  })
  .refine(
    (wish) =>
      wish.as === 'settled' || (wish['loan-id'] === undefined && wish.envelope === undefined),
    { path: ['as'], message: '--loan-id and --envelope go with settled only' },
  );

/**
 * @returns the exit code: 0 resolved, or proven after all; 1 refused or could not be done; 2 not
 * understood
 */
export function runResolve(args: readonly string[], terminal: Terminal): Promise<number> {
  return runUnderstood({
    usage: RESOLVE_USAGE,
    understand: () => understood(args),
    open: terminal.open,
    close: (rooms) => rooms.close(),
    complain: terminal.complain,
    work: async (rooms, wish) => {
      const outcome = await new OperatorResolution(rooms).resolve(wish);
      if (outcome.kind === 'resolved')
        terminal.say(
          `Reservation ${wish.reservationId} is ${outcome.state} by the word of ${wish.by} ` +
            `(alarm ${outcome.alarm}). It is in the journal.`,
        );
      else if (outcome.kind === 'proven') terminal.say(outcome.sentence);
      else terminal.complain(`Refused (${outcome.why}). ${outcome.sentence}`);
      return outcome.kind === 'refused' ? 1 : 0;
    },
  });
}

function understood(args: readonly string[]): OperatorWish {
  const {
    reservation,
    as,
    ledger,
    envelope,
    reason,
    by,
    'loan-id': loanId,
  } = optionsOf(UNDERSTOOD, args, [
    'reservation',
    'as',
    'ledger',
    'loan-id',
    'envelope',
    'reason',
    'by',
  ]);
  return {
    reservationId: reservation,
    as,
    ledger: ledger ?? null,
    loanId: loanId ?? null,
    envelopeHash: envelope ?? null,
    reason,
    by,
  };
}
