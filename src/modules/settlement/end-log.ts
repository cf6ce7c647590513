import { Logger } from '@nestjs/common';
import type {
  AbsenceEvidence,
  ConsumedEvidence,
  ExpiryEvidence,
  FailureEvidence,
  OperatorEnd,
  Settlement,
  Transition,
} from '../liquidity/ends/end-evidence.js';

/**
 * The end of one hold: how it ended, at which ledger that is proven, and by which certificate
 * (docs/protocol.md#certificates). Never its borrower, its transaction or a key.
 */
export interface HoldEnd {
  readonly reservationId: string;
  readonly poolId: string;
  readonly outcome: 'settled' | 'released' | 'expired';
  readonly ledger: number;
  readonly certificate: string;
}
export interface EndLog {
  tell(end: HoldEnd): void;
}

/**
 * One line of the log for each hold that ended: its making is the line of POST /loans, and whoever
 * reads logs alone would never learn what became of it.
 */
export class EndLines implements EndLog {
  constructor(private readonly log: Pick<Logger, 'log'> = new Logger('settlement')) {}

  tell(end: HoldEnd): void {
    this.log.log({ ...end }, 'hold ended');
  }
}
/** For commands, which say it in a sentence of their own. */
export const NO_LINES: EndLog = { tell: () => undefined };

type Ended = Pick<HoldEnd, 'reservationId' | 'poolId'>;
const ended = (
  { reservationId, poolId }: Ended,
  rest: Pick<HoldEnd, 'outcome' | 'ledger' | 'certificate'>,
): HoldEnd => ({ reservationId, poolId, ...rest });
export const endOfSettlement = (of: Settlement): HoldEnd =>
  ended(of, { outcome: 'settled', ledger: of.settledLedger, certificate: of.certificate ?? 'D4' });
export const endOfExpiry = (of: ExpiryEvidence): HoldEnd =>
  ended(of, { outcome: 'expired', ledger: of.passedLedger, certificate: 'D1' });
export const endOfAbsence = (of: AbsenceEvidence): HoldEnd =>
  ended(of, { outcome: 'expired', ledger: of.passedLedger, certificate: 'contract_state' });
export const endOfConsumed = (of: ConsumedEvidence): HoldEnd =>
  ended(of, { outcome: 'released', ledger: of.consumedLedger, certificate: 'D2' });
export const endOfFailure = (of: FailureEvidence): HoldEnd =>
  ended(of, { outcome: 'released', ledger: of.failedLedger, certificate: 'D3' });
export const endOfWord = (of: OperatorEnd): HoldEnd =>
  ended(of, { outcome: of.as, ledger: of.ledger, certificate: 'operator' });

/**
 * Tells those that were written by this call: a second writer of the same verdict tells nothing
 * again. @returns how many
 */
export function tellWritten<T>(
  log: EndLog,
  endOf: (each: T) => HoldEnd,
  list: readonly T[],
  results: readonly Transition[],
): number {
  const written = list.filter((_, index) => results[index]?.written);
  for (const each of written) log.tell(endOf(each));
  return written.length;
}
