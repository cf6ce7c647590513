import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { isUuid } from '../../common/uuid.js';
import { Access } from '../../http/access-rule.js';
import { poolNotFound } from '../../http/not-found.js';
import { LedgerConnections } from '../liquidity/guards/ledger-connections.js';
import { PoolRegistry } from '../liquidity/pools/pool-registry.js';
import type { PoolPause } from '../liquidity/snapshots/observation.js';
import { ReconciliationLedger } from '../liquidity/snapshots/reconciliation-ledger.js';
import { breaksPage, breakWithCauses } from '../operations/breaks.controller.js';
import type { EpisodeAnswer, EpisodeListAnswer } from '../operations/breaks.schemas.js';

const PAUSES_SHOWN = 20;

interface PausesAnswer {
  readonly pool: { readonly id: string; readonly name: string; readonly state: string };
  /** The contracts of the pool by address, as facts of a pause name them. */
  readonly contracts: Readonly<Record<string, string>>;
  /** Those by the service itself, newest first. */
  readonly pauses: readonly PoolPause[];
}

/**
 * Breaks as episodes with what caused them, and why the service paused a pool. Only GET, as in
 * `ConsoleController`.
 */
@ApiExcludeController()
@Controller('console/data')
export class ConsoleBreaksController {
  constructor(
    private readonly connections: LedgerConnections,
    private readonly registry: PoolRegistry,
    private readonly reconciliations: ReconciliationLedger,
  ) {}

  /** The newest first. */
  @Get('breaks')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async episodes(@Query() query: unknown): Promise<EpisodeListAnswer> {
    return breaksPage(this.connections.read, query);
  }

  @Get('breaks/:id')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async episode(@Param('id') id: string): Promise<EpisodeAnswer> {
    return breakWithCauses(this.connections.read, id);
  }

  @Get('pools/:id/pauses')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async pauses(@Param('id') id: string): Promise<PausesAnswer> {
    const pool = isUuid(id) ? await this.registry.find(id) : null;
    if (!pool) throw poolNotFound(id);
    return {
      pool: { id, name: pool.name, state: pool.state },
      contracts: {
        [pool.tokenContract]: 'token',
        [pool.lendingContract]: 'lending contract',
        [pool.poolContract]: 'pool contract',
      },
      pauses: await this.reconciliations.pauses(id, PAUSES_SHOWN),
    };
  }
}
