import { Injectable } from '@nestjs/common';
import { poolNotFound } from '../../http/not-found.js';
import { isUuid } from '../../common/uuid.js';
import { PoolRegistry } from '../liquidity/pools/pool-registry.js';
import { ReservationLedger } from '../liquidity/reservation-ledger.js';
import { renderPool } from '../operations/operations-answer.js';
import type { PoolAnswer } from '../operations/operations.schemas.js';
import type { EventStream } from './event-stream.js';
import { placeIn } from './last-event-id.js';
import { type PoolFollower, StreamHub } from './stream-hub.js';

@Injectable()
export class PoolStreams {
  constructor(
    private readonly registry: PoolRegistry,
    private readonly ledger: ReservationLedger,
    private readonly hub: StreamHub,
  ) {}

  /**
   * @returns what to do with the open stream
   * @throws HoldfastError VALIDATION_FAILED, POOL_NOT_FOUND, BUSY_RETRY
   */
  async begin(
    poolId: string,
    lastEventId: string | undefined,
  ): Promise<(stream: EventStream) => void> {
    const known = placeIn(lastEventId);
    const now = isUuid(poolId) ? await this.read(poolId) : null;
    if (!now) throw poolNotFound(poolId);
    this.hub.admit();
    return (stream) => {
      if (known !== BigInt(now.version)) sendPool(stream, now);
      const follower: PoolFollower = {
        kind: 'pool',
        poolId: now.id,
        seen: BigInt(now.version),
        send: async () => {
          const pool = await this.read(poolId);
          if (!pool || BigInt(pool.version) <= follower.seen) return;
          follower.seen = BigInt(pool.version);
          sendPool(stream, pool);
        },
      };
      this.hub.follow(stream, follower);
    };
  }

  /**
   * Every pool on one stream, because a browser allows six connections per host. Each pool comes at
   * once, after each change, and when it is registered. Its events have no ids, so a reader that
   * reconnects gets all of them again.
   * @throws HoldfastError BUSY_RETRY
   */
  beginAll(): (stream: EventStream) => void {
    this.hub.admit();
    return (stream) => {
      const seen = new Map<string, bigint>();
      this.hub.follow(stream, {
        kind: 'all pools',
        send: async (versions) => {
          for (const [id, version] of versions) {
            if (version <= (seen.get(id) ?? -1n)) continue;
            const pool = await this.read(id);
            if (!pool) continue;
            seen.set(id, BigInt(pool.version));
            sendPool(stream, pool);
          }
        },
      });
    };
  }

  private async read(poolId: string): Promise<PoolAnswer | null> {
    const [pool, position] = await Promise.all([
      this.registry.find(poolId),
      this.ledger.reader.position(poolId),
    ]);
    return pool && position ? renderPool(pool, position) : null;
  }
}

const sendPool = (stream: EventStream, pool: PoolAnswer): void => {
  stream.send({ id: pool.version, event: 'pool', data: pool });
};
