import type { ServerResponse } from 'node:http';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiHeader, ApiParam, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { FromCaller } from '../../http/access-rule.js';
import { ApiRoute } from '../../http/api-route.decorator.js';
import { type Caller, keyOf, visibleTo } from '../../common/caller.js';
import { LoanStreams } from './loan-streams.js';
import { loanEventSchema, poolEventSchema } from './notifications.schemas.js';
import { PoolStreams } from './pool-streams.js';
import { FromLastEventId } from './last-event-id.js';
import { EventStream, STREAM_HEADERS } from './event-stream.js';

/** The part of Fastify's reply that a stream needs. */
interface Reply {
  readonly raw: ServerResponse;
  hijack(): unknown;
  getHeaders(): Record<string, string | number | string[] | undefined>;
  code(status: number): { send(): unknown };
  headers(values: Readonly<Record<string, string>>): { send(body: string): unknown };
}

const LAST_EVENT_ID = {
  name: 'Last-Event-ID',
  required: false,
  description: 'The `id` of the last event that was read. Browsers send it themselves',
  schema: { type: 'string', pattern: '^[0-9]{1,18}$' },
} as const;
const LAST_EVENT_ID_QUERY = {
  ...LAST_EVENT_ID,
  name: 'lastEventId',
  description: 'The same, for an EventSource that is opened again with a new ticket',
} as const;
const TICKET = {
  name: 'ticket',
  required: false,
  description: 'In place of a bearer token: opens this stream once',
  schema: { type: 'string' },
} as const;
/** HEAD gets the headers, and no stream. */
const isHead = ({ raw }: Reply): boolean => raw.req.method === 'HEAD';
const opened = (reply: Reply, caller: Caller): EventStream => {
  reply.hijack();
  return new EventStream(reply.raw, reply.getHeaders(), { keyId: keyOf(caller) });
};

/** HTTP only: read, call, answer. The answer goes on as long as the reader stays. */
@ApiTags('events')
@Controller()
export class StreamsController {
  constructor(
    private readonly loans: LoanStreams,
    private readonly pools: PoolStreams,
  ) {}

  @Get('loans/:id/events')
  @ApiProduces('text/event-stream')
  @ApiRoute({
    access: 'loans:read',
    ticketed: true,
    operationId: 'streamLoan',
    summary: 'The events of a loan, as they happen',
    description:
      'Server-sent events. `state` comes first, with the reservation now. Then one event of ' +
      "the journal's kind (`submitted`, `rebuilt`, `settled`, …) follows for each row of its " +
      "journal, complete and in order; the id is the row's number. With Last-Event-ID the " +
      'later rows come instead of the state. A comment comes every 15 seconds, and `closing` ' +
      'with a `reason` at the end: `stopping`, `renew` after a quarter of an hour (connect ' +
      "again), or `revoked` within a second of the key's revocation.",
    problems: ['VALIDATION_FAILED', 'LOAN_NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam({ name: 'id', description: 'Loan id', schema: { type: 'string', format: 'uuid' } })
  @ApiHeader(LAST_EVENT_ID)
  @ApiQuery(TICKET)
  @ApiQuery(LAST_EVENT_ID_QUERY)
  @ApiResponse({
    status: 200,
    description: "An endless text/event-stream. The schema is that of each event's data.",
    standardSchema: loanEventSchema,
  })
  @ApiResponse({
    status: 204,
    description:
      'The reservation has ended and its last event was read. Nothing more will come, and ' +
      'browsers stop connecting.',
  })
  async loan(
    @Param('id') id: string,
    @FromCaller() caller: Caller,
    @FromLastEventId() lastEventId: string | undefined,
    @Res() reply: Reply,
  ): Promise<void> {
    const start = await this.loans.begin(visibleTo(caller), id, lastEventId);
    if (start === 'over') reply.code(204).send();
    else if (isHead(reply)) reply.headers(STREAM_HEADERS).send('');
    else start(opened(reply, caller));
  }

  @Get('pools/:id/events')
  @ApiProduces('text/event-stream')
  @ApiRoute({
    access: 'pools:read',
    ticketed: true,
    operationId: 'streamPool',
    summary: 'A pool, at every change',
    description:
      'Server-sent events. `pool` comes first and after each change, with the whole pool as ' +
      "in `GET /pools/:id`. The id is the pool's version; changes close together come as one " +
      'event. With the Last-Event-ID of the present version, nothing comes until the next ' +
      'change.',
    problems: ['VALIDATION_FAILED', 'POOL_NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam({ name: 'id', description: 'Pool id', schema: { type: 'string', format: 'uuid' } })
  @ApiHeader(LAST_EVENT_ID)
  @ApiQuery(TICKET)
  @ApiQuery(LAST_EVENT_ID_QUERY)
  @ApiResponse({
    status: 200,
    description: "An endless text/event-stream. The schema is that of each event's data.",
    standardSchema: poolEventSchema,
  })
  async pool(
    @Param('id') id: string,
    @FromCaller() caller: Caller,
    @FromLastEventId() lastEventId: string | undefined,
    @Res() reply: Reply,
  ): Promise<void> {
    const start = await this.pools.begin(id, lastEventId);
    if (isHead(reply)) reply.headers(STREAM_HEADERS).send('');
    else start(opened(reply, caller));
  }
}
