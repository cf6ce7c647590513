import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApiRoute } from '../../http/api-route.decorator.js';
import { MetricsService } from './metrics.service.js';

interface Reply {
  header(name: string, value: string): unknown;
}

@ApiTags('health')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: MetricsService) {}

  @Get()
  @Header('cache-control', 'no-store')
  @ApiRoute({
    access: 'operate',
    operationId: 'metrics',
    problems: [],
    summary: 'What Prometheus reads: every figure of docs/metrics.md',
    description:
      'Figures of the database are read when asked for, at most once a second. When it ' +
      'cannot be asked they are left out and `holdfast_scrape_error` is 1; the answer is ' +
      '200 all the same.',
  })
  @ApiResponse({
    status: 200,
    description: 'Text exposition format.',
    content: { 'text/plain': { schema: { type: 'string' } } },
  })
  async read(@Res({ passthrough: true }) reply: Reply): Promise<string> {
    const { contentType, text } = await this.metrics.text();
    reply.header('content-type', contentType);
    return text;
  }
}
