import type { Command } from 'commander';
import { z } from 'zod';
import { GRAVE_REASON_MIN } from '../common/reasons.js';
import { graveReason } from '../http/reason.schemas.js';
import { OperatorResolution } from '../modules/settlement/operator-resolution.js';
import { checked, command, does } from './command-line.js';
import type { Terminal } from './terminal.js';
import { withRooms } from './with-rooms.js';

const number = (most: number) =>
  z.string().regex(new RegExp(`^[0-9]{1,${most}}$`), 'must be a whole number');
const optionsSchema = z
  .strictObject({
    reservation: z.uuid('must be the id of a reservation or of its loan'),
    as: z.enum(['settled', 'expired', 'released']),
    ledger: number(9).transform(Number).optional(),
    loanId: number(20).transform(BigInt).optional(),
    envelope: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be a hash of 64 hex digits')
      .optional(),
    reason: graveReason,
    by: z.string().trim().min(1, 'must be a name').max(100),
  })
  .refine((options) => options.as !== 'settled' || options.ledger !== undefined, {
    path: ['ledger'],
    message: 'is required with --as settled',
  })
  .refine(
    (options) =>
      options.as === 'settled' || (options.loanId === undefined && options.envelope === undefined),
    { path: ['as'], message: '--loan-id and --envelope go with settled only' },
  );

/** Exit code 0: resolved, or proven after all; 1: refused, or could not be done. */
export function resolveCommand(terminal: Pick<Terminal, 'open' | 'say' | 'complain'>): Command {
  return does(
    command('resolve', {
      summary: 'end a hold by the word of an operator, when nothing proves its end',
      more:
        'For a hold that raised an alarm. The chain is looked at first: what it proves is written ' +
        'instead, and while the proof may still come nothing is decided. What contradicts anything ' +
        'that the node or the contract shows now is refused. A pool that is paused as unexplained ' +
        'is resumed by `holdfast pools set POOL_ID --state active`, once its reconciliation is clear.',
      example:
        'holdfast resolve --reservation ID --as expired --reason "not on two explorers, ticket 4711" --by ada',
    })
      .usage(
        '--reservation ID --as settled --ledger N [--loan-id N] [--envelope HASH] --reason "..." --by NAME\n' +
          '       holdfast resolve --reservation ID --as expired|released [--ledger N] --reason "..." --by NAME',
      )
      .option('--reservation <id>', 'whose hold ends: its own id, or that of its loan')
      .option(
        '--as <state>',
        'settled: it landed in --ledger; expired: every time bound has passed and it did not ' +
          "land; released: the same, and the account's sequence is consumed",
      )
      .option(
        '--ledger <n>',
        'where it landed; the amount counts as in flight until a snapshot contains that ledger',
      )
      .option('--loan-id <n>', 'the loan it made, needed when several have its terms')
      .option('--envelope <hash>', 'which of several open envelopes landed')
      .option(
        '--reason <text>',
        `how that is known, ${GRAVE_REASON_MIN} characters or more; it stays in the journal`,
      )
      .option('--by <name>', 'who says so; it stays in the journal'),
    (options) => {
      const { reservation, as, ledger, loanId, envelope, reason, by } = checked(
        optionsSchema,
        options,
      );
      return withRooms(terminal, async (rooms) => {
        const place = await rooms.ledger.reader.whereIs(reservation);
        const reservationId = place?.reservationId ?? reservation;
        const outcome = await new OperatorResolution(rooms).resolve({
          reservationId,
          as,
          ledger: ledger ?? null,
          loanId: loanId ?? null,
          envelopeHash: envelope ?? null,
          reason,
          by,
        });
        if (outcome.kind === 'refused') {
          terminal.complain(`Refused (${outcome.why}). ${outcome.sentence}`);
          return 1;
        }
        terminal.say(
          outcome.kind === 'proven'
            ? outcome.sentence
            : `Reservation ${reservationId} is ${outcome.state} by the word of ${by} ` +
                `(alarm ${outcome.alarm}). It is in the journal.`,
        );
        return 0;
      });
    },
  );
}
