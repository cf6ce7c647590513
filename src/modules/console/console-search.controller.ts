import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../http/access-rule.js';
import { parsed } from '../../http/validation.js';
import { LedgerConnections } from '../liquidity/guards/ledger-connections.js';
import { PoolRegistry } from '../liquidity/pools/pool-registry.js';
import { type Found, search } from '../reporting/console-search.js';

/** As long as the longest thing that is searched for, which is a key of a tenant. */
const searchQuery = z.strictObject({
  text: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(255, 'must be at most 255 characters')
    .regex(/^[^\0]*$/, 'must not contain a zero'),
});

/** One field that finds by exact id, hash, address or key. Only GET, as in `ConsoleController`. */
@ApiExcludeController()
@Controller('console/data')
export class ConsoleSearchController {
  constructor(
    private readonly registry: PoolRegistry,
    private readonly connections: LedgerConnections,
  ) {}

  @Get('search')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async search(
    @Query() query: unknown,
  ): Promise<Found & { readonly pools: readonly { id: string; name: string }[] }> {
    const { text } = parsed(searchQuery, query, 'query');
    const [pools, found] = await Promise.all([
      this.registry.list(),
      search(this.connections.read, text),
    ]);
    const named = pools.filter(({ id, poolContract, lendingContract, name }) =>
      [id, poolContract, lendingContract, name].includes(text),
    );
    return { ...found, pools: named.map(({ id, name }) => ({ id, name })) };
  }
}
