import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { FromOperator } from '../../http/access-rule.js';
import { ApiRoute } from '../../http/api-route.decorator.js';
import { actorOf, type Backend } from '../../common/caller.js';
import { formatAmount } from '../../common/money.js';
import { poolNotFound, reservationNotFound } from '../../http/not-found.js';
import { isUuid } from '../../common/uuid.js';
import { parsed } from '../../http/validation.js';
import { OperatorDesk } from './operator-desk.js';
import {
  graveReasonSchema,
  quarantinedSchema,
  repairedSchema,
  resolutionRequestSchema,
  resolvedSchema,
} from './operator.schemas.js';

const BODY = ['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'VALIDATION_FAILED'] as const;
const ID = (description: string) =>
  ({ name: 'id', description, schema: { type: 'string', format: 'uuid' } }) as const;

/**
 * Repairs by operators: resolution of a hold, repair of counters, quarantine. HTTP only. Each
 * action is recorded before it runs and again with its end.
 */
@ApiTags('operator')
@Controller('operator')
export class RepairsController {
  constructor(private readonly desk: OperatorDesk) {}

  @Post('reservations/:id/resolution')
  @HttpCode(200)
  @ApiRoute({
    access: 'operate',
    operationId: 'resolveReservation',
    summary: "End a hold by a person's word, where nothing proves its end",
    description:
      'The judge is asked first: what it proves is written instead, and while it is at ' +
      'work nothing is decided. What contradicts anything that the node or the contract ' +
      'shows now is refused.',
    problems: [
      ...BODY,
      'RESERVATION_NOT_FOUND',
      'RESOLUTION_REFUSED',
      'CHAIN_UNREACHABLE',
      'BUSY_RETRY',
    ],
  })
  @ApiParam(ID('Reservation id'))
  @ApiResponse({ status: 200, description: 'Ended.', standardSchema: resolvedSchema })
  async resolve(
    @Param('id') id: string,
    @Body({ schema: resolutionRequestSchema }) body: unknown,
    @FromOperator() operator: Backend,
  ): Promise<z.infer<typeof resolvedSchema>> {
    const { reason, ...request } = parsed(resolutionRequestSchema, body, 'body');
    if (!isUuid(id)) throw reservationNotFound(id);
    const by = actorOf(operator);
    const outcome = await this.desk.resolve({ reservationId: id, ...request }, { by, reason });
    if (outcome.kind === 'proven')
      return { outcome: 'proven', state: outcome.state, alarm: null, sentence: outcome.sentence };
    return {
      outcome: 'resolved',
      state: outcome.state,
      alarm: outcome.alarm,
      sentence: `The reservation is ${outcome.state} by the word of ${by.name}. It is in its journal.`,
    };
  }

  @Post('pools/:id/repair')
  @HttpCode(200)
  @ApiRoute({
    access: 'operate',
    operationId: 'repairPool',
    summary: "Set a pool's counters to the sums of its reservations",
    description:
      'Find the cause first: a difference means that something wrote past the ledger, or a fault of it.',
    problems: [...BODY, 'POOL_NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam(ID('Pool id'))
  @ApiResponse({
    status: 200,
    description: 'Before and after, which are kept.',
    standardSchema: repairedSchema,
  })
  async repair(
    @Param('id') id: string,
    @Body({ schema: graveReasonSchema }) body: unknown,
    @FromOperator() operator: Backend,
  ): Promise<z.infer<typeof repairedSchema>> {
    const { reason } = parsed(graveReasonSchema, body, 'body');
    if (!isUuid(id)) throw poolNotFound(id);
    const { pool, repair } = await this.desk.repair(id, { by: actorOf(operator), reason });
    const units = (amount: bigint): string => formatAmount(amount, pool.decimals);
    return {
      repair: repair && {
        number: repair.number,
        heldBefore: units(repair.heldBefore),
        heldAfter: units(repair.heldAfter),
        inFlightBefore: units(repair.inFlightBefore),
        inFlightAfter: units(repair.inFlightAfter),
      },
    };
  }

  @Post('quarantine')
  @HttpCode(200)
  @ApiRoute({
    access: 'operate',
    operationId: 'quarantinePools',
    summary: 'Quarantine every pool, since the database was put back',
    description:
      'For what the service cannot notice: a file system snapshot. It ends by itself, when ' +
      'every promise that may be out is dead by chain time.',
    problems: [...BODY, 'BUSY_RETRY'],
  })
  @ApiResponse({
    status: 200,
    description: 'How many pools; closed ones stay closed.',
    standardSchema: quarantinedSchema,
  })
  async quarantine(
    @Body({ schema: graveReasonSchema }) body: unknown,
    @FromOperator() operator: Backend,
  ): Promise<z.infer<typeof quarantinedSchema>> {
    const { reason } = parsed(graveReasonSchema, body, 'body');
    return { pools: await this.desk.quarantine({ by: actorOf(operator), reason }) };
  }
}
