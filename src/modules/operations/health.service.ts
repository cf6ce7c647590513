import { Inject, Injectable } from '@nestjs/common';
import { asError } from '../../common/errors.js';
import { CHAIN, type Chain } from '../chain/chain.js';
import { ReservationLedger } from '../liquidity/reservation.ledger.js';
import { ReservationReader } from '../liquidity/reservation.reader.js';
import type { Position } from '../liquidity/reservation.js';
import type { Readiness } from './operations.schemas.js';

interface Check { readonly ok: boolean; readonly detail: string }

/** Whether this process can do its work now. A check that fails says why in a sentence, never with an address or a password. */
@Injectable()
export class HealthService {
  constructor(@Inject(CHAIN) private readonly chain: Chain, private readonly ledger: ReservationLedger, private readonly reader: ReservationReader) {}

  async readiness(): Promise<Readiness> {
    const [database, chain, pools] = await Promise.all([this.database(), this.node(), this.pools()]);
    return { status: database.ok && chain.ok && pools.ok ? 'ready' : 'not_ready', database, chain, pools };
  }

  private async database(): Promise<Check> {
    try {
      return await this.reader.isMigrated() ? { ok: true, detail: 'reachable, every migration applied' } : { ok: false, detail: 'reachable, but migrations are missing' };
    } catch (thrown) {
      return { ok: false, detail: `not reachable (${codeOf(thrown)})` };
    }
  }

  private async node(): Promise<Check> {
    try {
      const head = await this.chain.head();
      return { ok: true, detail: `ledger ${head.ledger}` };
    } catch (thrown) {
      return { ok: false, detail: `no useful answer (${codeOf(thrown)})` };
    }
  }

  /** One stale pool among fresh ones refuses for itself (SNAPSHOT_STALE); when all active ones are stale, nobody observes. */
  private async pools(): Promise<Readiness['pools']> {
    try {
      const youngest = (await this.ledger.positions()).map(poolCheck);
      const active = youngest.filter((pool) => pool.state === 'active');
      const fresh = active.filter((pool) => pool.fresh).length;
      return { ok: active.length === 0 || fresh > 0, detail: `${fresh} of ${active.length} active pools have a fresh snapshot`, youngest };
    } catch (thrown) {
      return { ok: false, detail: `not known (${codeOf(thrown)})`, youngest: [] };
    }
  }
}

function poolCheck({ poolId, state, snapshotLedger, ageSeconds, maxSnapshotAgeSeconds }: Position): Readiness['pools']['youngest'][number] {
  return {
    poolId, state, atLedger: snapshotLedger, ageSeconds: ageSeconds === null ? null : Math.round(ageSeconds * 10) / 10, maxSnapshotAgeSeconds,
    fresh: ageSeconds !== null && ageSeconds <= maxSnapshotAgeSeconds,
  };
}

function codeOf(thrown: unknown): string {
  const error = asError(thrown);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
