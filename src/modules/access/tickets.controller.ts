import { Controller, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../common/caller.js';
import { isUuid, uuidV7 } from '../../common/uuid.js';
import { FromCaller } from '../../http/access-rule.js';
import { ApiRoute } from '../../http/api-route.decorator.js';
import { validationFailed } from '../../http/validation.js';
import { ticketSchema } from './access.schemas.js';
import { TICKET_SECONDS, Tokens } from './tokens.js';

interface TicketAnswer {
  readonly ticket: string;
  readonly url: string;
  readonly expiresAt: string;
}
const DESCRIPTION =
  "For a browser's EventSource, which cannot send a header. The ticket opens this stream, once, " +
  'within a minute; `url` has it as a query parameter, which this service does not log. When the ' +
  'stream ends, ask for a new one and go on with `lastEventId`. Whether the stream exists is ' +
  'decided when it is opened.';
const ANSWER = {
  status: 200,
  description: 'Open `url` with EventSource.',
  standardSchema: ticketSchema,
} as const;
const ID = { name: 'id', schema: { type: 'string', format: 'uuid' } } as const;

/** Tickets for event streams. HTTP only. */
@ApiTags('events')
@Controller()
export class TicketsController {
  constructor(private readonly tokens: Tokens) {}

  @Post('loans/:id/events/tickets')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiRoute({
    access: 'loans:read',
    operationId: 'createLoanStreamTicket',
    summary: "A ticket for a loan's event stream",
    description: DESCRIPTION,
    problems: ['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'VALIDATION_FAILED'],
  })
  @ApiParam({ ...ID, description: 'Loan id' })
  @ApiResponse(ANSWER)
  loan(@Param('id') id: string, @FromCaller() caller: Caller): Promise<TicketAnswer> {
    return this.issue('loans', id, caller);
  }

  @Post('pools/:id/events/tickets')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiRoute({
    access: 'pools:read',
    operationId: 'createPoolStreamTicket',
    summary: "A ticket for a pool's event stream",
    description: DESCRIPTION,
    problems: ['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'VALIDATION_FAILED'],
  })
  @ApiParam({ ...ID, description: 'Pool id' })
  @ApiResponse(ANSWER)
  pool(@Param('id') id: string, @FromCaller() caller: Caller): Promise<TicketAnswer> {
    return this.issue('pools', id, caller);
  }

  private async issue(of: 'loans' | 'pools', id: string, caller: Caller): Promise<TicketAnswer> {
    if (!isUuid(id)) throw validationFailed([{ field: 'id', message: 'must be a UUID' }]);
    const path = `/${of}/${id}/events`;
    const ticket = await this.tokens.ofTicket(caller, path, uuidV7());
    return {
      ticket,
      url: `${path}?ticket=${ticket}`,
      expiresAt: new Date(Date.now() + TICKET_SECONDS * 1000).toISOString(),
    };
  }
}
