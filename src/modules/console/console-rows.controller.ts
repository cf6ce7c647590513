import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Access } from '../../http/access-rule.js';
import { HoldfastError } from '../../common/errors.js';
import { cursorOf, listQuery, pageOf } from '../../http/list-query.js';
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
import { type RecentRequests, recentRequests } from '../reporting/console-recent.js';
import {
  type HistoryQuery,
  historyQuery,
  holdsCursorOf,
  holdsQuery,
  inFlightCursorOf,
  inFlightQuery,
  type Page,
  rowsListCalled,
} from './console-queries.js';
import { renderTerms, type TermsAnswer } from '../operations/terms-answer.js';
import { type History, historyOf, type Rows, rowsOf } from '../reporting/console-rows.js';
import {
  chainView,
  type HoldAnswer,
  renderHold,
  renderTimeline,
  type TimelineAnswer,
} from './console-answer.js';

const ROWS_DAYS = 7;
/** How far back the requests of a race are shown, seconds. */
const RECENT_SECONDS = 120;

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
  async holds(
    @Param('id') id: string,
    @Query() query: unknown,
  ): Promise<Page & { holds: HoldAnswer[] }> {
    const { borrower, stage, cursor, limit } = parsed(holdsQuery, query, 'query');
    const { pool, position } = await this.pool(id);
    const found = await this.ledger.reader.livePage(id, {
      borrower,
      ...(stage === 'lapsed'
        ? { lapsedBy: position.headCloseTime ?? 0n }
        : { submitted: stage === undefined ? undefined : stage === 'submitted' }),
      after: cursor && { expiresAt: cursor.at, reservationId: cursor.tie },
      limit: limit + 1,
    });
    const { rows, nextCursor } = pageOf(found, limit, ({ expiresAt, reservationId }) =>
      holdsCursorOf({ at: expiresAt, tie: reservationId }),
    );
    return { holds: rows.map((hold) => renderHold(hold, pool, chainView(position))), nextCursor };
  }

  @Get('pools/:id/in-flight')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async inFlight(
    @Param('id') id: string,
    @Query() query: unknown,
  ): Promise<Page & { reservations: ReservationAnswer[] }> {
    const { borrower, cursor, limit } = parsed(inFlightQuery, query, 'query');
    await this.pool(id);
    const found = await this.reader.listInFlight(id, {
      borrower,
      after: cursor && { ledger: cursor.at, reservationId: cursor.tie },
      limit: limit + 1,
    });
    const { rows, nextCursor } = pageOf(
      found,
      limit,
      ({ reservation: { settledLedger, id: tie } }) =>
        inFlightCursorOf({ at: BigInt(settledLedger ?? 0), tie }),
    );
    return { reservations: rows.map(renderReservation), nextCursor };
  }

  @Get('pools/:id/history')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async history(
    @Param('id') id: string,
    @Query() query: unknown,
  ): Promise<History & { since: Date; until: Date }> {
    const span = spanOf(parsed(historyQuery, query, 'query'));
    await this.pool(id);
    return {
      since: span.since,
      until: span.until,
      ...(await historyOf(this.connections.read, { poolId: id, ...span })),
    };
  }

  @Get('pools/:id/recent')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async recent(@Param('id') id: string): Promise<RecentRequests & { seconds: number; now: Date }> {
    await this.pool(id);
    const now = new Date();
    const since = new Date(now.getTime() - RECENT_SECONDS * 1000);
    return {
      seconds: RECENT_SECONDS,
      now,
      ...(await recentRequests(this.connections.read, { poolId: id, since })),
    };
  }

  @Get('pools/:id/rows/:kind')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async rows(
    @Param('id') id: string,
    @Param('kind') kind: string,
    @Query() query: unknown,
  ): Promise<Rows & Page> {
    const list = rowsListCalled(kind);
    const { since, until, cursor = null, limit, ...filters } = parsed(list.query, query, 'query');
    await this.pool(id);
    const newest = before(ROWS_DAYS * 24);
    const { next, ...rows } = await rowsOf(this.connections.read, list.kind, {
      poolId: id,
      since: since ?? newest.since,
      until: until ?? newest.until,
      filters,
      after: cursor,
      limit,
    });
    return { ...rows, nextCursor: next && list.cursorOf(next) };
  }

  @Get('reservations')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async reservations(
    @Query() query: unknown,
  ): Promise<Page & { reservations: ReservationAnswer[] }> {
    const { rows, next } = await this.reader.listReservations(
      'everybody',
      parsed(listQuery, query, 'query'),
    );
    return { reservations: rows.map(renderReservation), nextCursor: next && cursorOf(next) };
  }

  @Get('reservations/:id')
  @Access('operate', { page: true })
  @Header('cache-control', 'no-store')
  async reservation(
    @Param('id') id: string,
  ): Promise<TimelineAnswer & { terms: TermsAnswer | null }> {
    const history = isUuid(id) ? await this.reader.findReservation('everybody', id) : null;
    if (!history) throw reservationNotFound(id);
    const poolId = history.pool.id;
    const [live, position, stored] = await Promise.all([
      this.ledger.reader.liveHold(poolId, id),
      this.ledger.reader.position(poolId),
      this.reader.findLoanOfReservation(poolId, history.reservation.id),
    ]);
    return { ...renderTimeline(history, live, position), terms: stored && renderTerms(stored) };
  }

  private async pool(id: string): Promise<{ pool: PoolRecord; position: Position }> {
    const [pool, position] = isUuid(id)
      ? await Promise.all([this.registry.find(id), this.ledger.reader.position(id)])
      : [null, null];
    if (!pool || !position) throw new HoldfastError('POOL_NOT_FOUND', `There is no pool ${id}.`);
    return { pool, position };
  }
}

function spanOf({ hours, since, until = new Date() }: HistoryQuery): { since: Date; until: Date } {
  return since === undefined ? before(hours) : { since, until };
}
function before(hours: number): { since: Date; until: Date } {
  const until = new Date();
  return { since: new Date(until.getTime() - hours * 3_600_000), until };
}
