import { Injectable } from '@nestjs/common';
import { HoldfastError } from '../../common/errors.js';
import { isUuid } from '../../common/uuid.js';
import { PoolRegistry } from '../liquidity/pool.registry.js';
import { ReservationLedger } from '../liquidity/reservation.ledger.js';
import { renderPool } from '../operations/operations.answer.js';
import type { PoolAnswer } from '../operations/operations.schemas.js';
import type { EventStream } from './event.stream.js';
import { placeIn } from './last-event-id.js';
import { type PoolFollower, StreamHub } from './stream.hub.js';

@Injectable()
export class PoolStreams {
  constructor(private readonly registry: PoolRegistry, private readonly ledger: ReservationLedger, private readonly hub: StreamHub) {}

  /** @returns what to do with the open stream @throws HoldfastError VALIDATION_FAILED, POOL_NOT_FOUND, BUSY_RETRY */
  async begin(poolId: string, lastEventId: string | undefined): Promise<(stream: EventStream) => void> {
    const known = placeIn(lastEventId);
    const now = isUuid(poolId) ? await this.read(poolId) : null;
    if (!now) throw new HoldfastError('POOL_NOT_FOUND', `There is no pool ${poolId}; GET /pools lists them.`);
    this.hub.admit();
    return (stream) => {
      if (known !== BigInt(now.version)) tell(stream, now);
      this.hub.follow(stream, this.follower(stream, now));
    };
  }

  /**
   * Every pool on one stream, for a page that shows them all: a browser has six connections to a host. Each comes at once and after each change; its events carry no
   * place to go on from, so a reader that comes back gets them all again.
   * @throws HoldfastError BUSY_RETRY
   */
  async beginAll(): Promise<(stream: EventStream) => void> {
    const [pools, positions] = await Promise.all([this.registry.list(), this.ledger.positions()]);
    const byId = new Map(positions.map((position) => [position.poolId, position]));
    const answers = pools.flatMap((pool) => { const position = byId.get(pool.id); return position ? [renderPool(pool, position)] : []; });
    this.hub.admit();
    return (stream) => {
      for (const pool of answers) tell(stream, pool);
      this.hub.follow(stream, ...answers.map((pool) => this.follower(stream, pool)));
    };
  }

  private follower(stream: EventStream, now: PoolAnswer): PoolFollower {
    const follower: PoolFollower = {
      kind: 'pool', poolId: now.id, seen: BigInt(now.version),
      tell: async () => {
        const pool = await this.read(now.id);
        if (!pool || BigInt(pool.version) <= follower.seen) return;
        follower.seen = BigInt(pool.version);
        tell(stream, pool);
      },
    };
    return follower;
  }

  private async read(poolId: string): Promise<PoolAnswer | null> {
    const [pool, position] = await Promise.all([this.registry.find(poolId), this.ledger.position(poolId)]);
    return pool && position ? renderPool(pool, position) : null;
  }
}

const tell = (stream: EventStream, pool: PoolAnswer): void => { stream.send({ id: pool.version, event: 'pool', data: pool }); };
