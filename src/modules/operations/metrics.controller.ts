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
      'Figures of the database are read at the scrape, at most once a second. When the ' +
      'database cannot be read they are left out, `holdfast_scrape_error` is 1, and the ' +
      'answer is still 200.',
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
