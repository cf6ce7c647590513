import type { ServerResponse } from 'node:http';
import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access, FromOperator } from '../../http/access-rule.js';
import { type Backend, SCOPES, sessionOf } from '../../common/caller.js';
import { CONFIG, type Config } from '../../common/config.js';
import type { PauseReason } from '../liquidity/snapshots/observation.js';
import { PoolRegistry } from '../liquidity/pools/pool-registry.js';
import { ReservationLedger } from '../liquidity/reservation-ledger.js';
import { EventStream } from '../notifications/event-stream.js';
import { PoolStreams } from '../notifications/pool-streams.js';
import { EVENT_KINDS } from '../notifications/webhooks.schemas.js';
import { renderPool } from '../operations/operations-answer.js';
import type { PoolAnswer } from '../operations/operations.schemas.js';
import { BREAK_CLASSES } from '../reporting/break-episodes.js';

/** Why the service paused a pool; null: a person paused it. */
type Pause = { readonly reason: PauseReason; readonly at: string } | null;
interface Overview {
  readonly now: string;
  readonly explorerTxUrl: string | null;
  /** Whose actions the page's actions would be, by the key that opened the session. */
  readonly signedIn: {
    readonly name: string;
    readonly tenantId: string;
    readonly scopes: readonly string[];
  };
  readonly pools: PoolAnswer[];
  /** What the page offers in its filters and forms. */
  readonly breakClasses: readonly string[];
  readonly eventKinds: readonly string[];
  readonly keyScopes: readonly string[];
  /** Of those that are paused. */
  readonly pauses: Readonly<Record<string, Pause>>;
}
interface Reply {
  readonly raw: ServerResponse;
  hijack(): unknown;
  getHeaders(): Record<string, string | number | string[] | undefined>;
}

/**
 * What the console's page reads. Only GET, because a session cookie opens it. Not part of the API,
 * so not in its document.
 */
@ApiExcludeController()
@Controller('console/data')
export class ConsoleController {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly registry: PoolRegistry,
    private readonly ledger: ReservationLedger,
    private readonly streams: PoolStreams,
  ) {}

  /**
   * `now` is the service's clock. The page counts down by it, whatever the browser's clock shows.
   */
  @Get('overview')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async overview(@FromOperator() { name, tenantId, scopes }: Backend): Promise<Overview> {
    const [pools, positions, pauses] = await Promise.all([
      this.registry.list(),
      this.ledger.reader.positions(),
      this.registry.pauses(),
    ]);
    const byId = new Map(positions.map((position) => [position.poolId, position]));
    return {
      now: new Date().toISOString(),
      explorerTxUrl: this.config.EXPLORER_TX_URL ?? null,
      signedIn: { name, tenantId, scopes },
      breakClasses: BREAK_CLASSES,
      eventKinds: EVENT_KINDS,
      keyScopes: SCOPES,
      pools: pools.flatMap((pool) => {
        const position = byId.get(pool.id);
        return position ? [renderPool(pool, position)] : [];
      }),
      pauses: Object.fromEntries(
        [...pauses].map(([id, pause]) => [
          id,
          pause && { reason: pause.reason, at: pause.at.toISOString() },
        ]),
      ),
    };
  }

  @Get('events')
  @Access('operate', { page: true })
  events(@FromOperator() caller: Backend, @Res() reply: Reply): void {
    const start = this.streams.beginAll();
    reply.hijack();
    const { keyId } = caller;
    start(new EventStream(reply.raw, reply.getHeaders(), { keyId, sessionId: sessionOf(caller) }));
  }
}
