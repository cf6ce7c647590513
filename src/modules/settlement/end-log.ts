import { Logger } from '@nestjs/common';
import type {
  AbsenceEvidence,
  AuthorizationExpiry,
  ConsumedEvidence,
  ExpiryEvidence,
  FailureEvidence,
  OperatorEnd,
  Settlement,
  Transition,
} from '../liquidity/ends/end-evidence.js';

/**
 * How one hold ended, at which ledger that is proven, and by which certificate
 * (docs/protocol.md#certificates). It never names the borrower, the transaction or a key.
 */
export interface HoldEnd {
  readonly reservationId: string;
  readonly poolId: string;
  readonly outcome: 'settled' | 'released' | 'expired';
  readonly ledger: number;
  readonly certificate: string;
}
export interface EndLog {
  ended(end: HoldEnd): void;
}

/**
 * Logs one line for each hold that ended. Without it, the log shows that POST /loans made the hold
 * and never how it ended.
 */
export class EndLines implements EndLog {
  constructor(private readonly log: Pick<Logger, 'log'> = new Logger('settlement')) {}

  ended(end: HoldEnd): void {
    this.log.log({ ...end }, 'hold ended');
  }
}
/** For commands, which report the end in their own words. */
export const NO_LINES: EndLog = { ended: () => undefined };

type HoldIds = Pick<HoldEnd, 'reservationId' | 'poolId'>;
const holdEnd = (
  { reservationId, poolId }: HoldIds,
  rest: Pick<HoldEnd, 'outcome' | 'ledger' | 'certificate'>,
): HoldEnd => ({ reservationId, poolId, ...rest });
export const endOfSettlement = (of: Settlement): HoldEnd =>
  holdEnd(of, {
    outcome: 'settled',
    ledger: of.settledLedger,
    certificate: of.certificate ?? 'D4',
  });
export const endOfExpiry = (of: ExpiryEvidence): HoldEnd =>
  holdEnd(of, { outcome: 'expired', ledger: of.passedLedger, certificate: 'D1' });
export const endOfAuthorization = (of: AuthorizationExpiry): HoldEnd =>
  holdEnd(of, { outcome: 'expired', ledger: of.secondVoteLedger, certificate: 'D5' });
export const endOfAbsence = (of: AbsenceEvidence): HoldEnd =>
  holdEnd(of, { outcome: 'expired', ledger: of.passedLedger, certificate: 'contract_state' });
export const endOfConsumed = (of: ConsumedEvidence): HoldEnd =>
  holdEnd(of, { outcome: 'released', ledger: of.consumedLedger, certificate: 'D2' });
export const endOfFailure = (of: FailureEvidence): HoldEnd =>
  holdEnd(of, { outcome: 'released', ledger: of.failedLedger, certificate: 'D3' });
export const endOfOperatorEnd = (of: OperatorEnd): HoldEnd =>
  holdEnd(of, { outcome: of.as, ledger: of.ledger, certificate: 'operator' });

/**
 * Logs the ends that this call wrote. An end that another process wrote first is not logged again.
 * @returns how many ends were logged
 */
export function logWritten<T>(
  log: EndLog,
  endOf: (each: T) => HoldEnd,
  list: readonly T[],
  results: readonly Transition[],
): number {
  const written = list.filter((_, index) => results[index]?.written);
  for (const each of written) log.ended(endOf(each));
  return written.length;
}
