import { Inject, Injectable, Optional } from '@nestjs/common';
import { asError, HoldfastError } from '../../common/errors.js';
import { CHAIN, type Chain } from '../chain/chain.js';
import { ReservationLedger } from '../liquidity/reservation-ledger.js';
import { orderSentence } from '../liquidity/guards/text-order.sql.js';
import { ReservationReader } from '../liquidity/holds/reservation.reader.js';
import type { Position } from '../liquidity/reservation.js';
import { JOB_LAG, type JobLag } from './job-lag.js';
import type { Readiness } from './operations.schemas.js';

interface Check {
  readonly ok: boolean;
  readonly detail: string;
}

/** Below the time limit of a usual probe, so that it gets this answer and not none, milliseconds. */
const LIMIT_MS = 2_000;
/** A round is due every few seconds and takes less than one. */
const LATE_SECONDS = 30;

/**
 * Whether this process can do its work now. A failed check says why in a sentence, never with an
 * address or a password.
 */
@Injectable()
export class HealthService {
  constructor(
    @Inject(CHAIN) private readonly chain: Chain,
    private readonly ledger: ReservationLedger,
    private readonly reader: ReservationReader,
    @Optional() @Inject(JOB_LAG) private readonly lag?: JobLag,
  ) {}

  /** @param stopping whether the process is stopping; then it is not ready, whatever works */
  async readiness(stopping: boolean): Promise<Readiness> {
    const [database, databaseRole, chain, pools, jobs] = await Promise.all([
      inTime(this.database(), { ok: false, detail: 'not reachable (no answer in time)' }),
      inTime(this.databaseRole(), null),
      inTime(this.node(), { ok: false, detail: 'no useful answer (no answer in time)' }),
      inTime(this.pools(), { ok: false, detail: 'not known (no answer in time)', youngest: [] }),
      inTime(this.jobs(), { ok: false, detail: 'not known (no answer in time)', queues: [] }),
    ]);
    return {
      status: database.ok && chain.ok && pools.ok && !stopping ? 'ready' : 'not_ready',
      stopping,
      database,
      databaseRole,
      chain,
      pools,
      jobs,
    };
  }

  private async database(): Promise<Check> {
    try {
      if (!(await this.reader.isMigrated()))
        return { ok: false, detail: 'reachable, but migrations are missing' };
      const refusal = await this.ledger.guards.writeRefusal();
      if (refusal !== null)
        return { ok: false, detail: `reachable, but cannot write now (${refusal})` };
      const changed = await this.ledger.guards.orderChange();
      // no index of ours depends on it, so this process can work
      const advice = changed ? `; ${orderSentence(changed)}` : '';
      return { ok: true, detail: `reachable, every migration applied${advice}` };
    } catch (thrown) {
      return { ok: false, detail: `not reachable (${codeOf(thrown)})` };
    }
  }

  /** Reported, but not part of the status: the owner can do all that the server can. */
  private async databaseRole(): Promise<Readiness['databaseRole']> {
    try {
      return (await this.ledger.guards.ownsTables()) ? 'owner' : 'server';
    } catch {
      return null;
    }
  }

  private async node(): Promise<Check> {
    try {
      const head = await this.chain.head();
      const { protocolVersion } = this.chain;
      return {
        ok: true,
        detail: `ledger ${head.ledger}${protocolVersion === null ? '' : `, protocol ${protocolVersion}`}`,
      };
    } catch (thrown) {
      // an error in its answer is what a node gives that lags, or whose network closes no ledger
      const answered = thrown instanceof HoldfastError && thrown.facts['rpcCode'] !== undefined;
      const words = answered ? 'the node says that it is unhealthy' : 'no useful answer';
      return { ok: false, detail: `${words} (${codeOf(thrown)})` };
    }
  }

  /**
   * One stale pool among fresh ones refuses for itself (SNAPSHOT_STALE). When all active pools are
   * stale, no worker observes.
   */
  private async pools(): Promise<Readiness['pools']> {
    try {
      const youngest = (await this.ledger.reader.positions()).map(poolCheck);
      const active = youngest.filter((pool) => pool.state === 'active');
      const fresh = active.filter((pool) => pool.fresh).length;
      return {
        ok: active.length === 0 || fresh > 0,
        detail: `${fresh} of ${active.length} active pools have a fresh snapshot`,
        youngest,
      };
    } catch (thrown) {
      return { ok: false, detail: `not known (${codeOf(thrown)})`, youngest: [] };
    }
  }

  /**
   * Reported, but not part of the status. Late jobs make pools stale, which counts; and no other
   * process would do better.
   */
  private async jobs(): Promise<Readiness['jobs']> {
    if (!this.lag) return { ok: true, detail: 'no queue is known to this process', queues: [] };
    try {
      const queues = (await this.lag.lags()).map((lag) => ({
        ...lag,
        lagSeconds: Math.round(lag.lagSeconds * 10) / 10,
      }));
      const late = queues.filter(({ lagSeconds }) => lagSeconds > LATE_SECONDS);
      return {
        ok: late.length === 0,
        detail:
          late.length === 0
            ? 'no job is late'
            : `late: ${late.map(({ queue }) => queue).join(', ')}; does a worker run?`,
        queues,
      };
    } catch (thrown) {
      return { ok: false, detail: `not known (${codeOf(thrown)})`, queues: [] };
    }
  }
}

/** A check that has not ended in time counts as failed; its statements have limits of their own. */
async function inTime<T>(check: Promise<T>, late: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, LIMIT_MS, late);
  });
  try {
    return await Promise.race([check, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function poolCheck({
  poolId,
  state,
  snapshotLedger,
  ageSeconds,
  maxSnapshotAgeSeconds,
}: Position): Readiness['pools']['youngest'][number] {
  return {
    poolId,
    state,
    atLedger: snapshotLedger,
    ageSeconds: ageSeconds === null ? null : Math.round(ageSeconds * 10) / 10,
    maxSnapshotAgeSeconds,
    fresh: ageSeconds !== null && ageSeconds <= maxSnapshotAgeSeconds,
  };
}

function codeOf(thrown: unknown): string {
  const error = asError(thrown);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
