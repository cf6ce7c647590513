import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { z } from 'zod';
import { Access } from '../../http/access-rule.js';
import { HoldfastError } from '../../common/errors.js';
import { cursorOf, listQuery } from '../../http/list-query.js';
import { reservationNotFound } from '../../http/not-found.js';
import { isUuid } from '../../common/uuid.js';
import { parsed } from '../../http/validation.js';
import { LedgerConnections } from '../liquidity/guards/ledger-connections.js';
import { PoolRegistry, type PoolRecord } from '../liquidity/pools/pool-registry.js';
import { ReservationLedger } from '../liquidity/reservation-ledger.js';
import { ReservationReader } from '../liquidity/holds/reservation.reader.js';
import type { Position } from '../liquidity/reservation.js';
import { renderReservation } from '../operations/operations-answer.js';
import type { ReservationAnswer } from '../operations/operations.schemas.js';
import {
  type History,
  historyOf,
  type RowKind,
  ROW_KINDS,
  type Rows,
  rowsOf,
} from '../reporting/console-rows.js';
import {
  chainView,
  type HoldAnswer,
  renderHold,
  renderTimeline,
  type TimelineAnswer,
} from './console-answer.js';

const ROWS_MAX = 200;
const ROWS_DAYS = 7;
/** A quarter of an hour, which shows a race, or whole hours. */
const hoursQuery = z.strictObject({
  hours: z
    .string()
    .regex(/^(0\.25|[0-9]{1,3})$/, 'must be 0.25 or a whole number')
    .default('24')
    .transform(Number)
    .pipe(z.number().min(0.25, 'must be at least 0.25').max(168, 'must be at most 168')),
});

/** The rows behind the figures. Only GET, as in `ConsoleController`. */
@ApiExcludeController()
@Controller('console/data')
export class ConsoleRowsController {
  constructor(
    private readonly registry: PoolRegistry,
    private readonly ledger: ReservationLedger,
    private readonly reader: ReservationReader,
    private readonly connections: LedgerConnections,
  ) {}

  @Get('pools/:id/holds')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async holds(@Param('id') id: string): Promise<{ total: number; holds: HoldAnswer[] }> {
    const { pool, position } = await this.pool(id);
    const live = await this.ledger.reader.liveHolds(id, ROWS_MAX);
    return {
      total: Math.max(position.heldCount, live.length),
      holds: live.map((hold) => renderHold(hold, pool, chainView(position))),
    };
  }

  @Get('pools/:id/in-flight')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async inFlight(@Param('id') id: string): Promise<{ reservations: ReservationAnswer[] }> {
    await this.pool(id);
    return { reservations: (await this.reader.listInFlight(id, ROWS_MAX)).map(renderReservation) };
  }

  @Get('pools/:id/history')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async history(
    @Param('id') id: string,
    @Query() query: unknown,
  ): Promise<History & { since: Date; until: Date }> {
    const { hours } = parsed(hoursQuery, query, 'query');
    await this.pool(id);
    const span = before(hours);
    return {
      since: span.since,
      until: span.until,
      ...(await historyOf(this.connections.read, { poolId: id, ...span })),
    };
  }

  @Get('pools/:id/rows/:kind')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async rows(@Param('id') id: string, @Param('kind') kind: string): Promise<Rows> {
    if (!isRowKind(kind))
      throw new HoldfastError(
        'NOT_FOUND',
        `There are no rows called ${kind}; there are ${Object.keys(ROW_KINDS).join(', ')}.`,
      );
    await this.pool(id);
    return rowsOf(this.connections.read, kind, { poolId: id, ...before(ROWS_DAYS * 24) });
  }

  @Get('reservations')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async reservations(
    @Query() query: unknown,
  ): Promise<{ reservations: ReservationAnswer[]; nextCursor: string | null }> {
    const { rows, next } = await this.reader.listReservations(
      'everybody',
      parsed(listQuery, query, 'query'),
    );
    return { reservations: rows.map(renderReservation), nextCursor: next && cursorOf(next) };
  }

  @Get('reservations/:id')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async reservation(@Param('id') id: string): Promise<TimelineAnswer> {
    const history = isUuid(id) ? await this.reader.findReservation('everybody', id) : null;
    if (!history) throw reservationNotFound(id);
    const [live, position] = await Promise.all([
      this.ledger.reader.liveHold(history.pool.id, id),
      this.ledger.reader.position(history.pool.id),
    ]);
    return renderTimeline(history, live, position);
  }

  private async pool(id: string): Promise<{ pool: PoolRecord; position: Position }> {
    const [pool, position] = isUuid(id)
      ? await Promise.all([this.registry.find(id), this.ledger.reader.position(id)])
      : [null, null];
    if (!pool || !position) throw new HoldfastError('POOL_NOT_FOUND', `There is no pool ${id}.`);
    return { pool, position };
  }
}

const isRowKind = (text: string): text is RowKind => Object.hasOwn(ROW_KINDS, text);

function before(hours: number): { since: Date; until: Date } {
  const until = new Date();
  return { since: new Date(until.getTime() - hours * 3_600_000), until };
}
