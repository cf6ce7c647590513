import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiRoute } from '../../http/api-route.decorator.js';
import { GroupRead } from '../../database/group-read.js';
import { tagMatches, weakTag } from '../../http/etag.js';
import { limitQuery } from '../../http/list-query.js';
import { poolNotFound } from '../../http/not-found.js';
import { isUuid } from '../../common/uuid.js';
import { parsed } from '../../http/validation.js';
import { PoolRegistry } from '../liquidity/pools/pool-registry.js';
import { ReconciliationLedger } from '../liquidity/snapshots/reconciliation-ledger.js';
import { ReservationLedger } from '../liquidity/reservation-ledger.js';
import { renderContracts, renderPool, taggedPool } from './operations-answer.js';
import {
  type PoolAnswer,
  poolListSchema,
  type PoolPageAnswer,
  poolPageSchema,
} from './operations.schemas.js';
import { renderReconciliations } from './reconciliations-answer.js';
import { type ReconciliationsAnswer, reconciliationsSchema } from './reconciliations.schemas.js';

const PAUSES_SHOWN = 20;
const IF_NONE_MATCH = {
  name: 'If-None-Match',
  required: false,
  description: 'An `ETag` of an earlier answer. While it matches, the answer is 304 without a body',
  schema: { type: 'string' },
} as const;
const NOT_MODIFIED = {
  status: 304,
  description:
    'Only `ageSeconds` and `chainLagSeconds` have changed. The tag also covers whether the ' +
    'snapshot is within `maxSnapshotAgeSeconds`.',
} as const;
const TAG = {
  ETag: {
    description: 'Weak: covers everything but `ageSeconds` and `chainLagSeconds`',
    schema: { type: 'string' },
  },
} as const;

interface Reply {
  header(name: string, value: string): unknown;
  code(status: number): unknown;
}

interface TaggedPage {
  readonly page: PoolPageAnswer;
  readonly tag: string;
}

@ApiTags('pools')
@Controller('pools')
export class PoolsController {
  /** Requests that wait at the same time read a pool once; its page is the same for all of them. */
  private readonly pages = new GroupRead((ids: readonly string[]) => this.pagesOf(ids));

  constructor(
    private readonly registry: PoolRegistry,
    private readonly ledger: ReservationLedger,
    private readonly reconciliations: ReconciliationLedger,
  ) {}

  private async pagesOf(ids: readonly string[]): Promise<(TaggedPage | null)[]> {
    const unique = [...new Set(ids)];
    const pages = await Promise.all(unique.map((id) => this.pageOf(id)));
    const found = new Map(unique.map((id, index) => [id, pages[index] ?? null]));
    return ids.map((id) => found.get(id) ?? null);
  }

  private async pageOf(id: string): Promise<TaggedPage | null> {
    const [pool, position, lifetimes, upgrades] = await Promise.all([
      this.registry.find(id),
      this.ledger.reader.position(id),
      this.reconciliations.lifetimes(id),
      this.reconciliations.proposals(id),
    ]);
    if (!pool || !position) return null;
    const page = {
      ...renderPool(pool, position),
      ...renderContracts(lifetimes, upgrades, position),
    };
    return { page, tag: weakTag(taggedPool(page)) };
  }

  @Get()
  @ApiRoute({
    access: 'pools:read',
    operationId: 'listPools',
    summary: 'Every pool, with every term of its available amount',
    problems: ['BUSY_RETRY'],
  })
  @ApiHeader(IF_NONE_MATCH)
  @ApiResponse(NOT_MODIFIED)
  @ApiResponse({
    status: 200,
    description: 'Pools in the order they were registered.',
    standardSchema: poolListSchema,
    headers: TAG,
  })
  async list(
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<{ pools: PoolAnswer[] } | undefined> {
    const [pools, positions] = await Promise.all([
      this.registry.list(),
      this.ledger.reader.positions(),
    ]);
    const byId = new Map(positions.map((position) => [position.poolId, position]));
    const answers = pools.flatMap((pool) => {
      const position = byId.get(pool.id);
      return position ? [renderPool(pool, position)] : [];
    });
    return unchanged(reply, known, weakTag(answers.map(taggedPool)))
      ? undefined
      : { pools: answers };
  }

  @Get(':id')
  @ApiRoute({
    access: 'pools:read',
    operationId: 'getPool',
    summary: 'One pool, with every term of its available amount',
    problems: ['POOL_NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam({ name: 'id', description: 'Pool id', schema: { type: 'string', format: 'uuid' } })
  @ApiHeader(IF_NONE_MATCH)
  @ApiResponse(NOT_MODIFIED)
  @ApiResponse({
    status: 200,
    description:
      'The pool. All its terms are of one moment. Lifetimes of its contracts are read every few ' +
      'minutes.',
    standardSchema: poolPageSchema,
    headers: TAG,
  })
  async get(
    @Param('id') id: string,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<PoolPageAnswer | undefined> {
    if (!isUuid(id)) throw poolNotFound(id);
    const answer = await this.pages.ask(id);
    if (!answer) throw poolNotFound(id);
    return unchanged(reply, known, answer.tag) ? undefined : answer.page;
  }

  @Get(':id/reconciliations')
  @ApiRoute({
    access: 'pools:read',
    operationId: 'listReconciliations',
    summary: 'How each snapshot of a pool follows from the one before',
    description:
      "Explains total, locked and token balance separately, by replaying the contracts' " +
      'events in order. A difference, even of one unit, is `unexplained` and pauses the ' +
      'pool. What is not known yet is `unknown`, never zero.',
    problems: ['VALIDATION_FAILED', 'POOL_NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam({ name: 'id', description: 'Pool id', schema: { type: 'string', format: 'uuid' } })
  @ApiResponse({
    status: 200,
    description:
      'Newest first, with the standing of the explanation and the last times the service ' +
      'paused the pool.',
    standardSchema: reconciliationsSchema,
  })
  async reconciled(
    @Param('id') id: string,
    @Query({ schema: limitQuery }) query: unknown,
  ): Promise<ReconciliationsAnswer> {
    const { limit } = parsed(limitQuery, query, 'query');
    const [pool, standing] = isUuid(id)
      ? await Promise.all([this.registry.find(id), this.reconciliations.standing(id)])
      : [null, null];
    if (!pool || !standing) throw poolNotFound(id);
    const [list, pauses] = await Promise.all([
      this.reconciliations.list(id, limit),
      this.reconciliations.pauses(id, PAUSES_SHOWN),
    ]);
    return renderReconciliations(pool, standing, { list, pauses });
  }
}

/** Tags the answer. @returns whether the caller already has it; then the answer is 304 */
function unchanged(reply: Reply, known: string | undefined, tag: string): boolean {
  reply.header('etag', tag);
  reply.header('cache-control', 'no-cache'); // the caller may keep it, but must revalidate each time
  if (!tagMatches(known, tag)) return false;
  reply.code(304);
  return true;
}
