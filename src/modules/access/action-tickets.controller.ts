import { Body, Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { z } from 'zod';
import type { Backend } from '../../common/caller.js';
import { HoldfastError } from '../../common/errors.js';
import { uuidV7 } from '../../common/uuid.js';
import { Access, FromOperator } from '../../http/access-rule.js';
import { parsed } from '../../http/validation.js';
import { Tokens } from './tokens.js';

/** An action. */
const ticketRequest = z.strictObject({
  method: z.enum(['POST', 'PATCH', 'DELETE'], 'must be POST, PATCH or DELETE'),
  path: z
    .string('must be a string')
    .max(200, 'is too long')
    .regex(/^\/(operator|webhooks)(\/[\w-]+)*$/, 'must be a path of the API that operators change'),
});
/** A report as a file. */
const reportRequest = z.strictObject({
  method: z.literal('GET'),
  path: z.string().regex(/^\/operator\/reports\/[a-z-]+\.csv$/),
});

interface PageRequest {
  readonly protocol: string;
  readonly host: string;
  readonly headers: { readonly origin?: string };
}

/**
 * How the console acts. A session opens no route of the API; it gets a ticket for one request, which
 * the page sends in a header. Another site can neither ask for a ticket nor read one. It is for our
 * own page, so the API's document leaves it out.
 */
@ApiExcludeController()
@Controller('console')
export class ActionTicketsController {
  constructor(private readonly tokens: Tokens) {}

  @Post('tickets')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Access('operate', { page: true, ownForms: true })
  async issue(
    @Body() body: unknown,
    @FromOperator() operator: Backend,
    @Req() request: PageRequest,
  ): Promise<{ ticket: string }> {
    if (!isOwn(request))
      throw new HoldfastError(
        'FORBIDDEN',
        'The header Origin names another site than the one that was called.',
      );
    const report = reportRequest.safeParse(body);
    const { method, path } = report.success ? report.data : parsed(ticketRequest, body, 'body');
    return { ticket: await this.tokens.ofTicket(operator, `${method} ${path}`, uuidV7()) };
  }
}

/** A proxy before the service must pass on the host that the browser called, as for the jobs page. */
function isOwn({ protocol, host, headers: { origin = '' } }: PageRequest): boolean {
  const called = `${protocol}://${host}`;
  return (
    URL.canParse(origin) && URL.canParse(called) && new URL(origin).host === new URL(called).host
  );
}
