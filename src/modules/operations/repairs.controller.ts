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
  reasonSchema,
  repairedSchema,
  resolutionRequestSchema,
  resolvedSchema,
  resubmittedSchema,
} from './operator.schemas.js';

const BODY = ['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'VALIDATION_FAILED'] as const;
const ID = (description: string) =>
  ({ name: 'id', description, schema: { type: 'string', format: 'uuid' } }) as const;

/**
 * Repairs by operators: resolution of a hold, repair of counters, quarantine. HTTP only. Each
 * action is recorded before it runs and again when it has ended.
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
    summary: "End a hold by an operator's decision, where no proof can come",
    description:
      'The service looks for a proof first. If there is one, it writes that instead; while a ' +
      'proof can still come, it refuses. It also refuses what contradicts anything that the ' +
      'node or the contract shows now.',
    problems: [
      ...BODY,
      'RESERVATION_NOT_FOUND',
      'RESOLUTION_REFUSED',
      'CHAIN_UNREACHABLE',
      'BUSY_RETRY',
    ],
  })
  @ApiParam(ID('Id of the reservation or of its loan'))
  @ApiResponse({ status: 200, description: 'Ended.', standardSchema: resolvedSchema })
  async resolve(
    @Param('id') id: string,
    @Body({ schema: resolutionRequestSchema }) body: unknown,
    @FromOperator() operator: Backend,
  ): Promise<z.infer<typeof resolvedSchema>> {
    const { reason, ...request } = parsed(resolutionRequestSchema, body, 'body');
    if (!isUuid(id)) throw reservationNotFound(id);
    const by = actorOf(operator);
    const outcome = await this.desk.resolve(id, request, { by, reason });
    const { kind, reservationId, state } = outcome;
    return {
      outcome: kind,
      reservationId,
      state,
      alarm: outcome.kind === 'proven' ? null : outcome.alarm,
      sentence:
        outcome.kind === 'proven'
          ? outcome.sentence
          : `${by.name} resolved the reservation as ${state}; the journal has the record.`,
    };
  }

  @Post('reservations/:id/resubmission')
  @HttpCode(200)
  @ApiRoute({
    access: 'operate',
    operationId: 'resubmitReservation',
    summary: 'Submit what the borrower of a hold signed once more',
    description:
      'The worker does so every few ledgers until the transaction is found or can no longer land; ' +
      'this does it now. The service looks at the chain first and writes what it proves. It ' +
      'withholds a transaction that would fail or that nobody signed.',
    problems: [...BODY, 'RESERVATION_NOT_FOUND', 'CHAIN_UNREACHABLE', 'BUSY_RETRY'],
  })
  @ApiParam(ID('Id of the reservation or of its loan'))
  @ApiResponse({
    status: 200,
    description: "What was submitted, with the node's answers, or why nothing was.",
    standardSchema: resubmittedSchema,
  })
  async resubmit(
    @Param('id') id: string,
    @Body({ schema: reasonSchema }) body: unknown,
    @FromOperator() operator: Backend,
  ): Promise<z.infer<typeof resubmittedSchema>> {
    const { reason } = parsed(reasonSchema, body, 'body');
    if (!isUuid(id)) throw reservationNotFound(id);
    const { kind, transactions, ...outcome } = await this.desk.resubmit(id, {
      by: actorOf(operator),
      reason,
    });
    return {
      outcome: kind,
      ...outcome,
      transactions: transactions.map(({ hash, status, ledger }) => ({
        hash,
        nodeStatus: status,
        ledger,
      })),
    };
  }

  @Post('pools/:id/repair')
  @HttpCode(200)
  @ApiRoute({
    access: 'operate',
    operationId: 'repairPool',
    summary: "Set a pool's counters to the sums of its reservations",
    description:
      'Find the cause first: a difference means that something bypassed the ledger, or that ' +
      'the ledger has a fault.',
    problems: [...BODY, 'POOL_NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam(ID('Pool id'))
  @ApiResponse({
    status: 200,
    description: 'The counters before and after. Both are recorded.',
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
    summary: 'Quarantine every pool after the database was restored',
    description:
      'For a restore that the service cannot notice, such as a file system snapshot. The ' +
      'quarantine ends by itself when every transaction that may exist is dead by chain time.',
    problems: [...BODY, 'BUSY_RETRY'],
  })
  @ApiResponse({
    status: 200,
    description: 'How many pools were quarantined. Closed pools stay closed.',
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
