import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { FromCaller } from '../../http/access-rule.js';
import { ApiRoute } from '../../http/api-route.decorator.js';
import { type Caller, visibleTo } from '../../common/caller.js';
import { cursorOf, listQuery } from '../../http/list-query.js';
import { reservationNotFound } from '../../http/not-found.js';
import { isUuid } from '../../common/uuid.js';
import { parsed } from '../../http/validation.js';
import { ReservationReader } from '../liquidity/holds/reservation.reader.js';
import { renderHistory, renderReservation } from './operations-answer.js';
import {
  type ReservationAnswer,
  reservationListSchema,
  type ReservationPage,
  reservationPageSchema,
} from './operations.schemas.js';

@ApiTags('reservations')
@Controller('reservations')
export class ReservationsController {
  constructor(private readonly reader: ReservationReader) {}

  @Get()
  @ApiRoute({
    access: 'loans:read',
    operationId: 'listReservations',
    summary: 'Reservations, newest first',
    problems: ['VALIDATION_FAILED', 'BUSY_RETRY'],
  })
  @ApiResponse({ status: 200, description: 'Reservations.', standardSchema: reservationListSchema })
  async list(
    @Query({ schema: listQuery }) query: unknown,
    @FromCaller() caller: Caller,
  ): Promise<{ reservations: ReservationAnswer[]; nextCursor: string | null }> {
    const { rows, next } = await this.reader.listReservations(
      visibleTo(caller),
      parsed(listQuery, query, 'query'),
    );
    return { reservations: rows.map(renderReservation), nextCursor: next && cursorOf(next) };
  }

  @Get(':id')
  @ApiRoute({
    access: 'loans:read',
    operationId: 'getReservation',
    summary: 'One reservation with its journal and its envelopes',
    problems: ['RESERVATION_NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam({
    name: 'id',
    description: 'Reservation id',
    schema: { type: 'string', format: 'uuid' },
  })
  @ApiResponse({
    status: 200,
    description: 'The reservation. Its journal has every change with its evidence.',
    standardSchema: reservationPageSchema,
  })
  async get(@Param('id') id: string, @FromCaller() caller: Caller): Promise<ReservationPage> {
    const history = isUuid(id) ? await this.reader.findReservation(visibleTo(caller), id) : null;
    if (!history) throw reservationNotFound(id);
    return renderHistory(history);
  }
}
