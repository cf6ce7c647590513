import { GRAVE_REASON_MIN } from '../../common/reasons.js';
import type { BorrowerLoan, BorrowerLoans, Chain, Head } from '../chain/chain.js';
import type { PoolRecord, PoolRegistry } from '../liquidity/pools/pool-registry.js';
import type { LiveHold, ReservationState } from '../liquidity/reservation.js';
import type { OperatorEnd, OperatorStatement } from '../liquidity/ends/end-evidence.js';
import type { ReservationLedger } from '../liquidity/reservation-ledger.js';
import { AlarmLog, type Alarms } from './alarm-log.js';
import {
  type EndLog,
  endOfAbsence,
  endOfSettlement,
  endOfOperatorEnd,
  NO_LINES,
  logWritten,
} from './end-log.js';
import { endByList, withoutTaken } from './end-by-list.js';
import { isOf, needsContractState } from './forgotten.js';
import { mayBeOf } from './forgotten-authorizations.js';
import { type Contradiction, contradictionOf, openOf, timeOf } from './operator-checks.js';
import type { SettlementService } from './settlement.service.js';
import type { Evidence } from './finding.js';

/** How an operator says that a hold ended, and the reason. */
export interface OperatorRequest {
  readonly reservationId: string;
  readonly as: 'settled' | 'expired' | 'released';
  /** Where it landed; only for a settlement. */
  readonly ledger: number | null;
  readonly loanId: bigint | null;
  /** Which envelope landed; only for a settlement, and not needed while only one is open. */
  readonly envelopeHash: string | null;
  readonly reason: string;
  readonly by: string;
}
type OperatorRefusal =
  'no_who_or_why' | 'not_found' | 'ended' | 'nothing_for_a_person' | 'moved' | Contradiction['why'];
/** `proven`: the chain proves an end, which was written instead of the operator's request. */
export type OperatorOutcome =
  | { readonly kind: 'resolved'; readonly state: ReservationState; readonly alarm: string }
  | { readonly kind: 'proven'; readonly state: ReservationState; readonly sentence: string }
  | { readonly kind: 'refused'; readonly why: OperatorRefusal; readonly sentence: string };

export interface OperatorRooms {
  readonly ledger: ReservationLedger;
  readonly pools: PoolRegistry;
  readonly chain: Chain;
  readonly settlement: SettlementService;
}
/**
 * Everything read for one request. `loans` is null when the lending contract's list could not be
 * read, which does not keep an operator from deciding.
 */
export interface HoldFindings {
  readonly pool: PoolRecord;
  readonly hold: LiveHold;
  readonly head: Head;
  readonly evidence: Evidence;
  readonly alarm: string;
  readonly loans: BorrowerLoans | null;
  readonly matches: readonly BorrowerLoan[];
}

const DISPUTED = { why: 'outcome_disputed', alarm: 'outcome_disputed' } as const;
const refused = (why: OperatorRefusal, sentence: string): OperatorOutcome => ({
  kind: 'refused',
  why,
  sentence,
});

/**
 * Ends a hold by an operator's decision when no certificate does (alarms of `verdict`). If the
 * chain proves an end, that end is written instead, and while a proof is under way the request is
 * refused. The request must not contradict anything that can be read.
 */
export class OperatorResolution {
  constructor(
    private readonly rooms: OperatorRooms,
    private readonly alarms: Alarms = new AlarmLog(),
    private readonly ends: EndLog = NO_LINES,
  ) {}

  /** @throws HoldfastError CHAIN_UNREACHABLE when the chain cannot be read, BUSY_RETRY */
  async resolve(request: OperatorRequest): Promise<OperatorOutcome> {
    const { ledger, pools } = this.rooms;
    if (request.by.trim() === '' || request.reason.trim().length < GRAVE_REASON_MIN)
      return refused(
        'no_who_or_why',
        `Name the operator, and a reason of at least ${GRAVE_REASON_MIN} characters: the journal keeps both.`,
      );
    const place = await ledger.reader.whereIs(request.reservationId);
    const pool = place && (await pools.find(place.poolId));
    if (!pool || pool.network !== this.rooms.chain.networkPassphrase)
      return refused(
        'not_found',
        `There is no reservation ${request.reservationId} on this network.`,
      );
    const hold = await ledger.reader.liveHold(pool.id, request.reservationId);
    if (!hold)
      return refused(
        'ended',
        `The reservation has ended already: it is ${place.state}. An end is final.`,
      );
    const findings = await this.findingsOf(pool, hold);
    if ('kind' in findings) return findings;
    const contradiction = await this.contradiction(request, findings);
    if (contradiction) return refused(contradiction.why, contradiction.sentence);
    const end = endOf(request, findings);
    const written = await ledger.ends.endByOperator(end);
    if (logWritten(this.ends, endOfOperatorEnd, [end], [written]) === 0)
      return refused(
        'moved',
        `Something changed in the meantime; the reservation is ${written.state}. Ask again.`,
      );
    this.alarms.raise('resolved_by_operator', {
      pool: pool.id,
      reservation: hold.reservationId,
      as: request.as,
      by: request.by,
      alarm: findings.alarm,
      ledger: end.ledger,
    });
    return { kind: 'resolved', state: request.as, alarm: findings.alarm };
  }

  /**
   * Reaches the verdict, then reads the contract's own state if look-ups can no longer prove
   * anything.
   * @returns an outcome when nothing is left to decide
   */
  private async findingsOf(
    pool: PoolRecord,
    hold: LiveHold,
  ): Promise<HoldFindings | OperatorOutcome> {
    const { head, evidence, verdict } = await this.rooms.settlement.verdictOn(pool, hold);
    if (verdict.kind !== 'keep') {
      const outcome = await this.proven(hold, 'the evidence');
      // The ledger refuses an end without a landing if a funding event was stored in the meantime.
      if (verdict.kind === 'settle' || outcome.kind !== 'refused') return outcome;
    }
    const listed = await this.rooms.chain.borrowerLoans(pool, hold.borrower).catch(() => null);
    const loans = listed && (await withoutTaken(this.rooms.ledger, pool, hold, listed));
    const matches =
      loans?.loans.filter((loan) =>
        hold.authorization
          ? mayBeOf(loan, hold)
          : openOf(hold).some((envelope) => isOf(loan, envelope, hold)),
      ) ?? [];
    const { why, alarm: raised } = verdict.kind === 'keep' ? verdict : DISPUTED;
    let alarm: string | null = raised;
    if (loans && alarm !== 'chain_went_backwards' && needsContractState(hold, head)) {
      const { reports } = evidence;
      const outcome = await endByList(this.rooms.ledger, pool, hold, {
        head,
        list: loans,
        reports,
      });
      if (outcome.kind === 'settle')
        logWritten(
          this.ends,
          endOfSettlement,
          [outcome.settlement],
          await this.rooms.ledger.ends.settle([outcome.settlement]),
        );
      if (outcome.kind === 'expire')
        logWritten(
          this.ends,
          endOfAbsence,
          [outcome.absence],
          await this.rooms.ledger.ends.expireAbsent([outcome.absence]),
        );
      if (outcome.kind !== 'keep')
        return this.proven(hold, "the lending contract's own list of loans");
      if (outcome.why === 'ambiguous' || outcome.why === 'landing_not_found')
        alarm = outcome.why === 'ambiguous' ? 'loans_ambiguous' : 'landing_not_found';
    } else if (
      alarm === null &&
      hold.funding &&
      !hold.authorization &&
      openOf(hold).every(({ maxTime }) => head.closeTime >= maxTime)
    ) {
      alarm = 'landing_not_found';
    }
    if (alarm === null) {
      return refused(
        'nothing_for_a_person',
        `No decision is needed (${why}): the chain will prove its ` +
          `end, by ${lastMoment(hold)} and a few ledgers at the latest.`,
      );
    }
    return { pool, hold, head, evidence, alarm, loans, matches };
  }

  private async proven(hold: LiveHold, by: string): Promise<OperatorOutcome> {
    const state = (await this.rooms.ledger.reader.whereIs(hold.reservationId))?.state;
    if (state === undefined || state === 'held')
      return refused('moved', 'Something changed in the meantime. Ask again.');
    return {
      kind: 'proven',
      state,
      sentence: `No decision was needed: ${by} proves that the reservation is ${state}, and this is recorded.`,
    };
  }

  private async contradiction(
    request: OperatorRequest,
    findings: HoldFindings,
  ): Promise<Contradiction | null> {
    const found = contradictionOf(request, findings);
    if (found || request.as !== 'settled' || request.loanId === null) return found;
    const other = await this.rooms.ledger.reader.holdOfLoan(findings.pool, {
      borrower: findings.hold.borrower,
      loanId: request.loanId,
    });
    return other === null
      ? null
      : {
          why: 'loan_of_another_hold',
          sentence: `Loan ${request.loanId} settled reservation ${other} already.`,
        };
  }
}

const lastMoment = ({ authorization, expiresAt }: LiveHold): string =>
  authorization ? `ledger ${authorization.expirationLedger}` : timeOf(expiresAt);

function endOf(
  request: OperatorRequest,
  { hold, head, evidence, alarm, loans, matches }: HoldFindings,
): OperatorEnd {
  const statement: OperatorStatement = {
    by: request.by.trim(),
    reason: request.reason.trim(),
    alarm,
    saidLedger: request.ledger,
    loansRead: loans?.loans.length ?? null,
  };
  const ids = {
    poolId: hold.poolId,
    reservationId: hold.reservationId,
    envelopeVersion: hold.envelopeVersion,
    statement,
  };
  const [onlyOpen] = openOf(hold);
  if (request.as === 'settled' && request.ledger !== null) {
    const hash = hold.authorization
      ? (request.envelopeHash ?? hold.funding?.envelopeHash ?? null)
      : (request.envelopeHash ?? onlyOpen?.hash ?? '');
    const report = evidence.reports.find(({ envelope }) => envelope.hash === hash)?.report;
    const closeTime = report?.status === 'success' ? report.closeTime : null;
    return {
      ...ids,
      as: 'settled',
      envelopeHash: hash,
      ledger: request.ledger,
      closeTime,
      loanId: request.loanId ?? (matches.length === 1 ? (matches[0]?.loanId ?? null) : null),
    };
  }
  const passed = { ledger: head.ledger, closeTime: head.closeTime };
  return request.as === 'released'
    ? { ...ids, as: 'released', ...passed, sequence: evidence.account?.sequence ?? -1n }
    : { ...ids, as: 'expired', ...passed };
}
