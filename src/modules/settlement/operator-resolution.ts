import { profileOf } from '../chain/profiles.js';
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
  endOfWord,
  NO_LINES,
  tellWritten,
} from './end-log.js';
import { isOf, needsContractState, resolution } from './forgotten.js';
import { type Contradiction, contradictionOf, openOf, timeOf } from './operator-checks.js';
import type { SettlementService } from './settlement.service.js';
import type { Evidence } from './finding.js';

/** What a person says became of a hold, and why they know. */
export interface OperatorWish {
  readonly reservationId: string;
  readonly as: 'settled' | 'expired' | 'released';
  /** Of a settlement: where it landed. */
  readonly ledger: number | null;
  readonly loanId: bigint | null;
  /** Of a settlement: which envelope landed. Not needed while only one is open. */
  readonly envelopeHash: string | null;
  readonly reason: string;
  readonly by: string;
}
type OperatorRefusal =
  'no_who_or_why' | 'not_found' | 'ended' | 'nothing_for_a_person' | 'moved' | Contradiction['why'];
/** proven: the chain says it after all, and that was written instead of the wish. */
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
 * All that was read for one wish. `loans`: null when the creditline's list could not be read, which
 * must not keep a person from deciding.
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

export const REASON_MIN = 10;
const DISPUTED = { why: 'outcome_disputed', alarm: 'outcome_disputed' } as const;
const refused = (why: OperatorRefusal, sentence: string): OperatorOutcome => ({
  kind: 'refused',
  why,
  sentence,
});

/**
 * The end of a hold by a person's word, for what no certificate decides (alarms of the judge). The
 * judge goes first: what it proves is written instead of the
 * wish, and while it is still at work there is nothing to decide. Then the wish must not contradict
 * anything that can be read now.
 */
export class OperatorResolution {
  constructor(
    private readonly rooms: OperatorRooms,
    private readonly alarms: Alarms = new AlarmLog(),
    private readonly ends: EndLog = NO_LINES,
  ) {}

  /** @throws HoldfastError CHAIN_UNREACHABLE when the judge cannot be asked, BUSY_RETRY */
  async resolve(wish: OperatorWish): Promise<OperatorOutcome> {
    const { ledger, pools } = this.rooms;
    if (wish.by.trim() === '' || wish.reason.trim().length < REASON_MIN)
      return refused(
        'no_who_or_why',
        `Who decides, and why in ${REASON_MIN} characters at least: both stay in the journal.`,
      );
    const place = await ledger.reader.whereIs(wish.reservationId);
    const pool = place && (await pools.find(place.poolId));
    if (!pool || pool.network !== this.rooms.chain.networkPassphrase)
      return refused('not_found', `There is no reservation ${wish.reservationId} on this network.`);
    const hold = await ledger.reader.liveHold(pool.id, wish.reservationId);
    if (!hold)
      return refused(
        'ended',
        `The reservation has ended already: it is ${place.state}. An end is final.`,
      );
    const findings = await this.look(pool, hold);
    if ('kind' in findings) return findings;
    const contradiction = await this.contradiction(wish, findings);
    if (contradiction) return refused(contradiction.why, contradiction.sentence);
    const end = endOf(wish, findings);
    const written = await ledger.ends.endByOperator(end);
    if (tellWritten(this.ends, endOfWord, [end], [written]) === 0)
      return refused(
        'moved',
        `Something changed while this was looked at; the reservation is ${written.state}. Ask again.`,
      );
    this.alarms.raise('resolved_by_operator', {
      pool: pool.id,
      reservation: hold.reservationId,
      as: wish.as,
      by: wish.by,
      alarm: findings.alarm,
      ledger: end.ledger,
    });
    return { kind: 'resolved', state: wish.as, alarm: findings.alarm };
  }

  /**
   * The judge, then the contract's own state where look-ups prove nothing any more. @returns an
   * outcome when nothing is left to decide
   */
  private async look(pool: PoolRecord, hold: LiveHold): Promise<HoldFindings | OperatorOutcome> {
    const { head, evidence, verdict } = await this.rooms.settlement.judgeHold(pool, hold);
    if (verdict.kind !== 'keep') {
      const outcome = await this.proven(hold, 'the judge');
      // The ledger refuses an end without a landing when a funding event is there, here one that
      // was read meanwhile.
      if (verdict.kind === 'settle' || outcome.kind !== 'refused') return outcome;
    }
    const loans = await this.rooms.chain
      .borrowerLoans(pool.creditlineContract, hold.borrower, profileOf(pool.profile))
      .catch(() => null);
    const matches =
      loans?.loans.filter((loan) => openOf(hold).some((envelope) => isOf(loan, envelope, hold))) ??
      [];
    const { why, alarm: raised } = verdict.kind === 'keep' ? verdict : DISPUTED;
    let alarm: string | null = raised;
    if (loans && alarm !== 'chain_went_backwards' && needsContractState(hold, head)) {
      const outcome = resolution(hold, head, loans, evidence.reports);
      if (outcome.kind === 'settle')
        tellWritten(
          this.ends,
          endOfSettlement,
          [outcome.settlement],
          await this.rooms.ledger.ends.settle([outcome.settlement]),
        );
      if (outcome.kind === 'expire')
        tellWritten(
          this.ends,
          endOfAbsence,
          [outcome.absence],
          await this.rooms.ledger.ends.expireAbsent([outcome.absence]),
        );
      if (outcome.kind !== 'keep') return this.proven(hold, "the creditline's own list of loans");
      if (outcome.why === 'ambiguous' || outcome.why === 'landing_not_found')
        alarm = outcome.why === 'ambiguous' ? 'loans_ambiguous' : 'landing_not_found';
    } else if (
      alarm === null &&
      hold.funding &&
      openOf(hold).every(({ maxTime }) => head.closeTime >= maxTime)
    ) {
      alarm = 'landing_not_found';
    }
    if (alarm === null) {
      return refused(
        'nothing_for_a_person',
        `The judge is at work on it and needs nobody (${why}): the chain will prove its ` +
          `end, by ${timeOf(hold.expiresAt)} and a few ledgers at the latest.`,
      );
    }
    return { pool, hold, head, evidence, alarm, loans, matches };
  }

  private async proven(hold: LiveHold, by: string): Promise<OperatorOutcome> {
    const state = (await this.rooms.ledger.reader.whereIs(hold.reservationId))?.state;
    if (state === undefined || state === 'held')
      return refused('moved', 'Something changed while this was looked at. Ask again.');
    return {
      kind: 'proven',
      state,
      sentence: `Nothing was decided by hand: ${by} proves that the reservation is ${state}, and that is written.`,
    };
  }

  private async contradiction(
    wish: OperatorWish,
    findings: HoldFindings,
  ): Promise<Contradiction | null> {
    const found = contradictionOf(wish, findings);
    if (found || wish.as !== 'settled' || wish.loanId === null) return found;
    const other = await this.rooms.ledger.reader.holdOfLoan(findings.pool.creditlineContract, {
      borrower: findings.hold.borrower,
      loanId: wish.loanId,
    });
    return other === null
      ? null
      : {
          why: 'loan_of_another_hold',
          sentence: `Loan ${wish.loanId} settled reservation ${other} already.`,
        };
  }
}

function endOf(
  wish: OperatorWish,
  { hold, head, evidence, alarm, loans, matches }: HoldFindings,
): OperatorEnd {
  const statement: OperatorStatement = {
    by: wish.by.trim(),
    reason: wish.reason.trim(),
    alarm,
    saidLedger: wish.ledger,
    loansRead: loans?.loans.length ?? null,
  };
  const of = {
    poolId: hold.poolId,
    reservationId: hold.reservationId,
    envelopeVersion: hold.envelopeVersion,
    statement,
  };
  const [onlyOpen] = openOf(hold);
  if (wish.as === 'settled' && wish.ledger !== null) {
    const hash = wish.envelopeHash ?? onlyOpen?.hash ?? '';
    const report = evidence.reports.find(({ envelope }) => envelope.hash === hash)?.report;
    const closeTime = report?.status === 'success' ? report.closeTime : null;
    return {
      ...of,
      as: 'settled',
      envelopeHash: hash,
      ledger: wish.ledger,
      closeTime,
      loanId: wish.loanId ?? (matches.length === 1 ? (matches[0]?.loanId ?? null) : null),
    };
  }
  const passed = { ledger: head.ledger, closeTime: head.closeTime };
  return wish.as === 'released'
    ? { ...of, as: 'released', ...passed, sequence: evidence.account?.sequence ?? -1n }
    : { ...of, as: 'expired', ...passed };
}
