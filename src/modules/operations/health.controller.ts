import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '../../http/access-rule.js';
import { Lifecycle } from '../../common/lifecycle.js';
import { HealthService } from './health.service.js';
import { liveSchema, type Readiness, readySchema } from './operations.schemas.js';

interface Reply {
  code(status: number): unknown;
  header(name: string, value: string): unknown;
}

/** Snapshots are taken every two seconds, so no view becomes fresh sooner. */
const ASK_AGAIN_SECONDS = '2';

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthService,
    private readonly lifecycle: Lifecycle,
  ) {}

  @Get('live')
  @Access('public')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'live',
    summary: 'Whether the process answers at all',
    description:
      'For a liveness probe. It asks neither the database nor the chain, so an outage of either ' +
      'restarts nothing.',
  })
  @ApiResponse({ status: 200, description: 'It does.', standardSchema: liveSchema })
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  @Get('ready')
  @Access('public')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'ready',
    summary: 'Whether the process can do its work',
    description:
      'For a readiness probe. Ready means: the database can be reached and is migrated, the chain ' +
      'can be reached, snapshots are fresh, and the process is not stopping.',
  })
  @ApiResponse({ status: 200, description: 'Ready.', standardSchema: readySchema })
  @ApiResponse({
    status: 503,
    description:
      'Not ready; the failing check says why. Not a problem document: the shape is that of 200.',
    standardSchema: readySchema,
    headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer', minimum: 1 } } },
  })
  async ready(@Res({ passthrough: true }) reply: Reply): Promise<Readiness> {
    const readiness = await this.health.readiness(this.lifecycle.stopping);
    if (readiness.status !== 'ready') reply.header('retry-after', ASK_AGAIN_SECONDS);
    reply.code(readiness.status === 'ready' ? 200 : 503);
    return readiness;
  }
}
