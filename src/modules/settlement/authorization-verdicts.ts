import { reached as reachedStep } from '../../common/steps.js';
import type { LedgerTime } from '../../common/ledger-time.js';
import * as metrics from '../../telemetry/metrics.js';
import type { Head } from '../chain/chain.js';
import type { Settlement } from '../liquidity/ends/end-evidence.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { LiveHold } from '../liquidity/reservation.js';
import type { Alarms } from './alarm-log.js';
import {
  type AuthorizedHold,
  authorizedHolds,
  gatherAuthorizations,
} from './authorization-evidence.js';
import { type AuthorizationVerdict, authorizationVerdict } from './authorization-verdict.js';
import { type EndLog, endOfAuthorization, endOfSettlement, logWritten } from './end-log.js';
import { missingLanding, raiseDisputes, raiseFailure } from './round-alarms.js';
import type { Applied, SettlementRooms } from './settlement-rooms.js';

export interface AuthorizationRound {
  readonly verdicts: readonly AuthorizationVerdict[];
  readonly failure: Error | null;
}

/** Reaches the verdicts on holds whose borrower signs an authorization, and has them written. */
export class AuthorizationVerdicts {
  constructor(
    private readonly rooms: Pick<SettlementRooms, 'ledger' | 'chain'>,
    private readonly alarms: Alarms,
    private readonly ends: EndLog,
    private readonly callsAtOnce: number,
  ) {}

  /** Gathers evidence, reaches the verdicts, and stores the proven steps. */
  async reach(
    pool: PoolRecord,
    holds: readonly LiveHold[],
    known: { readonly head: Head | null; readonly times: readonly LedgerTime[] },
  ): Promise<AuthorizationRound> {
    const authorized = authorizedHolds(holds);
    if (authorized.length === 0) return { verdicts: [], failure: null };
    const { landings } = this.rooms.ledger;
    const { evidence, failure } = await gatherAuthorizations(this.rooms.chain, pool, {
      ...known,
      holds: authorized,
      callsAtOnce: this.callsAtOnce,
    });
    reachedStep('landing.found');
    const reached = evidence.map((each) => ({ each, verdict: authorizationVerdict(each) }));
    for (const { each, verdict } of reached) this.raise(pool, each, verdict);
    const verdicts = reached.map(({ verdict }) => verdict);
    await landings.noteNonces(verdicts.flatMap(({ nonce }) => nonce ?? []));
    await landings.noteSteps(
      verdicts.flatMap(({ steps }) => steps),
      verdicts.flatMap(({ sightings }) => sightings),
    );
    const dead = await landings.killLandings(verdicts.flatMap(({ deaths }) => deaths));
    metrics.count('holdfast_landings_total', { outcome: 'dead' }, dead);
    return { verdicts, failure };
  }

  async apply(
    verdicts: readonly AuthorizationVerdict[],
    alreadyWritten: ReadonlySet<Settlement> = new Set(),
  ): Promise<Applied> {
    const { ends, landings } = this.rooms.ledger;
    const settlements = verdicts
      .flatMap(({ settlement }) => settlement ?? [])
      .filter((settlement) => !alreadyWritten.has(settlement));
    const expiries = verdicts.flatMap(({ expiry }) => expiry ?? []);
    const failures = verdicts.flatMap((each) => each.failures);
    const settled = logWritten(
      this.ends,
      endOfSettlement,
      settlements,
      await ends.settle(settlements),
    );
    countLanded(settled);
    const failed = await landings.failLandings(failures);
    for (const failure of failures.filter((_, index) => failed[index]?.written)) {
      metrics.count('holdfast_landings_total', { outcome: 'failed' });
      raiseFailure(this.alarms, failure);
    }
    const expired = logWritten(
      this.ends,
      endOfAuthorization,
      expiries,
      await ends.expireAuthorizations(expiries),
    );
    return { settled, released: 0, expired };
  }

  private raise(
    pool: PoolRecord,
    { hold }: AuthorizedHold,
    { alarm, disputes }: AuthorizationVerdict,
  ): void {
    if (alarm)
      this.alarms.raise(alarm, {
        pool: pool.id,
        reservation: hold.reservationId,
        ...(alarm === 'landing_not_found' && missingLanding(hold)),
      });
    raiseDisputes(this.alarms, hold.reservationId, disputes);
  }
}

const countLanded = (landed: number): void => {
  metrics.count('holdfast_landings_total', { outcome: 'landed' }, landed);
};

/** Counts the settlements of authorizations that were written with a snapshot. */
export const countLandings = (
  { authorized }: { readonly authorized: readonly AuthorizationVerdict[] },
  written: ReadonlySet<Settlement>,
): void => {
  countLanded(authorized.filter(({ settlement }) => settlement && written.has(settlement)).length);
};
