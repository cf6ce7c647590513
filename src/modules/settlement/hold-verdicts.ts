import type { Head } from '../chain/chain.js';
import type { FailureEvidence, Settlement, Transition } from '../liquidity/ends/end-evidence.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { LiveHold } from '../liquidity/reservation.js';
import type { Alarms } from './alarm-log.js';
import type { AuthorizationVerdict } from './authorization-verdict.js';
import { AuthorizationVerdicts } from './authorization-verdicts.js';
import {
  type EndLog,
  endOfConsumed,
  endOfExpiry,
  endOfFailure,
  endOfSettlement,
  logWritten,
} from './end-log.js';
import { gatherEvidence } from './evidence.js';
import type { Evidence } from './finding.js';
import { raiseDisputes, raiseFailure } from './round-alarms.js';
import type { Applied, SettlementLimits, SettlementRooms } from './settlement-rooms.js';
import { type Verdict, verdict } from './verdict.js';

export interface RoundVerdicts {
  readonly verdicts: readonly Verdict[];
  readonly evidence: readonly Evidence[];
  /** Of the holds whose borrower signs an authorization. */
  readonly authorized: readonly AuthorizationVerdict[];
  readonly failure: Error | null;
}

/** Reaches the verdict on each hold of a round; the ledger writes what the verdicts prove. */
export class HoldVerdicts {
  readonly #authorizations: AuthorizationVerdicts;

  constructor(
    private readonly rooms: Pick<SettlementRooms, 'ledger' | 'chain'>,
    private readonly alarms: Alarms,
    private readonly ends: EndLog,
    private readonly limits: Pick<SettlementLimits, 'callsAtOnce' | 'lookupMs'>,
  ) {
    this.#authorizations = new AuthorizationVerdicts(rooms, alarms, ends, limits.callsAtOnce);
  }

  /**
   * Gathers evidence, reaches the verdicts, and stores the proven steps.
   * @param head null: this round seeks no proof by time of envelopes
   * @param believed for authorizations, whose fence needs no second look after it
   */
  async reach(
    pool: PoolRecord,
    all: readonly LiveHold[],
    head: Head | null,
    believed: Head | null = head,
  ): Promise<RoundVerdicts> {
    const times = all.length > 0 ? await this.rooms.ledger.snapshots.ledgerTimes(pool.network) : [];
    const authorized = await this.#authorizations.reach(pool, all, { head: believed, times });
    const holds = all.filter(({ authorization }) => authorization === null);
    const { evidence, failure } = await gatherEvidence(this.rooms.chain, pool, {
      holds,
      head,
      times,
      callsAtOnce: this.limits.callsAtOnce,
      // a proof by time may take as long as it takes: no snapshot waits for it
      ...(head === null &&
        this.limits.lookupMs !== undefined && { withinMs: this.limits.lookupMs }),
    });
    const reached = evidence.map((each) => ({
      ids: { poolId: pool.id, reservationId: each.hold.reservationId },
      outcome: verdict(each),
    }));
    const kept = reached.flatMap(({ ids, outcome }) =>
      outcome.kind === 'keep' ? [{ ids, outcome }] : [],
    );
    for (const { ids, outcome } of kept)
      if (outcome.alarm)
        this.alarms.raise(outcome.alarm, { pool: ids.poolId, reservation: ids.reservationId });
    for (const { ids, outcome } of kept) this.raiseDisputes(ids.reservationId, outcome);
    await this.rooms.ledger.envelopes.noteDeathSteps(
      kept.flatMap(({ ids, outcome }) => outcome.steps.map((step) => ({ ...step, ...ids }))),
      kept.flatMap(({ ids, outcome }) =>
        (outcome.consumedSteps ?? []).map((step) => ({ ...step, ...ids })),
      ),
      kept.flatMap(({ ids, outcome }) =>
        (outcome.discards ?? []).map((step) => ({ ...step, ...ids })),
      ),
    );
    await this.rooms.ledger.envelopes.noteFailures(
      kept.flatMap(({ ids, outcome }) =>
        (outcome.failureSteps ?? []).map((step) => ({ ...step, ...ids })),
      ),
    );
    return {
      verdicts: reached.map(({ outcome }) => outcome),
      evidence,
      authorized: authorized.verdicts,
      failure: failure ?? authorized.failure,
    };
  }

  private raiseDisputes(
    reservation: string,
    { disputes = [], discards = [] }: Verdict & { readonly kind: 'keep' },
  ): void {
    raiseDisputes(this.alarms, reservation, disputes);
    for (const { certificate, ledger } of discards)
      this.alarms.raise('ledger_dated_twice', { reservation, discarded: certificate, ledger });
  }

  async apply(
    { verdicts, authorized }: RoundVerdicts,
    alreadyWritten: ReadonlySet<Settlement> = new Set(),
  ): Promise<Applied> {
    const { ledger } = this.rooms;
    const ofAuthorized = await this.#authorizations.apply(authorized, alreadyWritten);
    const keptFailures = verdicts.flatMap((outcome) =>
      outcome.kind === 'keep' && outcome.failed ? [outcome.failed] : [],
    );
    const failures = verdicts.flatMap((outcome) =>
      outcome.kind === 'release' ? [outcome.failure] : [],
    );
    const settlements = verdicts
      .flatMap((outcome) => (outcome.kind === 'settle' ? [outcome.settlement] : []))
      .filter((settlement) => !alreadyWritten.has(settlement));
    const consumed = verdicts.flatMap((outcome) =>
      outcome.kind === 'consumed' ? [outcome.consumed] : [],
    );
    const expiries = verdicts.flatMap((outcome) =>
      outcome.kind === 'expire' ? [outcome.expiry] : [],
    );
    const settled = logWritten(
      this.ends,
      endOfSettlement,
      settlements,
      await ledger.ends.settle(settlements),
    );
    this.raiseFailures(keptFailures, await ledger.ends.failEnvelopes(keptFailures));
    const failed = await ledger.ends.releaseFailed(failures);
    const released =
      logWritten(this.ends, endOfFailure, failures, failed) +
      logWritten(this.ends, endOfConsumed, consumed, await ledger.ends.releaseConsumed(consumed));
    const expired = logWritten(
      this.ends,
      endOfExpiry,
      expiries,
      await ledger.ends.expire(expiries),
    );
    this.raiseFailures(failures, failed);
    return {
      settled: settled + ofAuthorized.settled,
      released,
      expired: expired + ofAuthorized.expired,
    };
  }

  /**
   * Raises each failed transaction once. A release that follows a failure stored earlier logs only
   * the end of the hold.
   */
  private raiseFailures(
    failures: readonly FailureEvidence[],
    results: readonly Transition[],
  ): void {
    for (const [index, failure] of failures.entries())
      if (results[index]?.written && failure.seenAt !== null) raiseFailure(this.alarms, failure);
  }
}

export const settlementsOf = ({ verdicts, authorized }: RoundVerdicts): Settlement[] => [
  ...verdicts.flatMap((outcome) => (outcome.kind === 'settle' ? [outcome.settlement] : [])),
  ...authorized.flatMap(({ settlement }) => settlement ?? []),
];
