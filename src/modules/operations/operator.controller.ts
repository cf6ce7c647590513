import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { FromOperator } from '../../http/access-rule.js';
import { ApiRoute } from '../../http/api-route.decorator.js';
import { actorOf, type Backend } from '../../common/caller.js';
import { rowPage } from '../../http/list-query.js';
import { poolNotFound } from '../../http/not-found.js';
import { isUuid } from '../../common/uuid.js';
import { parsed } from '../../http/validation.js';
import type { OperatorNote } from '../liquidity/pools/operator-actions.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import { ReservationLedger } from '../liquidity/reservation-ledger.js';
import { renderPool } from './operations-answer.js';
import { type PoolAnswer, poolSchema } from './operations.schemas.js';
import { renderAction } from './action-answer.js';
import { OperatorDesk, type RuleChange } from './operator-desk.js';
import {
  actionListSchema,
  actionQuery,
  changePoolSchema,
  observedSchema,
  reasonSchema,
  reconciledSchema,
  registerPoolSchema,
  resumedSchema,
  resumeSchema,
  selfCheckSchema,
} from './operator.schemas.js';

const BODY = ['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE', 'VALIDATION_FAILED'] as const;
const ID = {
  name: 'id',
  description: 'Pool id',
  schema: { type: 'string', format: 'uuid' },
} as const;

/**
 * Operator actions. HTTP only: read, call, answer. Every action needs a reason and is in `GET
 * /operator/actions` forever.
 */
@ApiTags('operator')
@Controller('operator')
export class OperatorController {
  constructor(
    private readonly desk: OperatorDesk,
    private readonly ledger: ReservationLedger,
  ) {}

  @Post('pools')
  @HttpCode(201)
  @ApiRoute({
    access: 'operate',
    operationId: 'registerPool',
    summary: 'Register a pool',
    description: 'As `holdfast pools add`: it is observed once and takes holds at once.',
    problems: [...BODY, 'CONTRACT_NOT_FOUND', 'CHAIN_UNREACHABLE', 'BUSY_RETRY'],
  })
  @ApiResponse({
    status: 201,
    description: 'Registered and observed.',
    standardSchema: poolSchema,
    headers: { Location: { description: 'The pool', schema: { type: 'string' } } },
  })
  async register(
    @Body({ schema: registerPoolSchema }) body: unknown,
    @FromOperator() operator: Backend,
    @Res({ passthrough: true }) reply: { header(name: string, value: string): unknown },
  ): Promise<PoolAnswer> {
    const { reason, contract, name, generation, buffer, ...rules } = parsed(
      registerPoolSchema,
      body,
      'body',
    );
    const pool = await this.rendered(
      await this.desk.register(
        {
          contract,
          name,
          ...(generation !== undefined && { generation }),
          rules: given(rules),
          ...(buffer !== undefined && { buffer }),
        },
        { by: actorOf(operator), reason },
      ),
    );
    reply.header('location', `/pools/${pool.id}`);
    return pool;
  }

  @Patch('pools/:id')
  @ApiRoute({
    access: 'operate',
    operationId: 'changePool',
    summary: "Change a pool's rules",
    description:
      'A rule that is left out stays. Live holds keep the rules under which they were made.',
    problems: [...BODY, 'POOL_NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam(ID)
  @ApiResponse({ status: 200, description: 'Changed.', standardSchema: poolSchema })
  async change(
    @Param('id') id: string,
    @Body({ schema: changePoolSchema }) body: unknown,
    @FromOperator() operator: Backend,
  ): Promise<PoolAnswer> {
    const { reason, ...request } = parsed(changePoolSchema, body, 'body');
    return this.rendered(
      await this.desk.change(known(id), given(request), { by: actorOf(operator), reason }),
    );
  }

  @Post('pools/:id/pause')
  @HttpCode(200)
  @ApiRoute({
    access: 'operate',
    operationId: 'pausePool',
    summary: 'Take no new holds',
    description:
      'Live holds go on to their end. Pausing again is harmless. During a quarantine the ' +
      'pause is kept for its end (`quarantine.then`).',
    problems: [...BODY, 'POOL_NOT_FOUND', 'POOL_STATE_CONFLICT', 'BUSY_RETRY'],
  })
  @ApiParam(ID)
  @ApiResponse({
    status: 200,
    description: 'Paused, or in a quarantine after which it will be.',
    standardSchema: poolSchema,
  })
  async pause(
    @Param('id') id: string,
    @Body({ schema: reasonSchema }) body: unknown,
    @FromOperator() operator: Backend,
  ): Promise<PoolAnswer> {
    return this.rendered(await this.desk.pause(known(id), note(body, operator)));
  }

  @Post('pools/:id/resume')
  @HttpCode(200)
  @ApiRoute({
    access: 'operate',
    operationId: 'resumePool',
    summary: 'Take holds again',
    description:
      'Also after the service paused the pool: read its reconciliations first. During a ' +
      'quarantine the resumption is kept for its end (`quarantine.then`), which comes by ' +
      'chain time only. After an upgrade of a contract its code is read, and the pool takes the ' +
      'generation of that code (`upgrade`); code that is not known is refused unless ' +
      '`generation` names one.',
    problems: [...BODY, 'POOL_NOT_FOUND', 'POOL_STATE_CONFLICT', 'CHAIN_UNREACHABLE', 'BUSY_RETRY'],
  })
  @ApiParam(ID)
  @ApiResponse({
    status: 200,
    description: 'Active, or in a quarantine after which it will be.',
    standardSchema: resumedSchema,
  })
  async resume(
    @Param('id') id: string,
    @Body({ schema: resumeSchema }) body: unknown,
    @FromOperator() operator: Backend,
  ): Promise<z.infer<typeof resumedSchema>> {
    const { reason, generation } = parsed(resumeSchema, body, 'body');
    const by = actorOf(operator);
    const { pool, codeBefore } = await this.desk.resume(known(id), generation, { by, reason });
    return {
      ...(await this.rendered(pool)),
      upgrade: codeBefore && {
        generation: { before: codeBefore.generation, after: pool.generation },
        poolWasmHash: { before: codeBefore.poolWasmHash, after: pool.poolWasmHash },
      },
    };
  }

  @Post('pools/:id/observation')
  @HttpCode(200)
  @ApiRoute({
    access: 'operate',
    operationId: 'observePool',
    summary: 'Read a pool and the transactions of its live holds now',
    description: 'What the worker does every few seconds.',
    problems: [...BODY, 'POOL_NOT_FOUND', 'CHAIN_UNREACHABLE', 'BUSY_RETRY'],
  })
  @ApiParam(ID)
  @ApiResponse({
    status: 200,
    description: 'What was found and recorded.',
    standardSchema: observedSchema,
  })
  observe(
    @Param('id') id: string,
    @Body({ schema: reasonSchema }) body: unknown,
    @FromOperator() operator: Backend,
  ): Promise<z.infer<typeof observedSchema>> {
    return this.desk.observe(known(id), note(body, operator));
  }

  @Post('pools/:id/reconciliation')
  @HttpCode(200)
  @ApiRoute({
    access: 'operate',
    operationId: 'reconcilePool',
    summary: "Read a pool's events and explain its snapshots now",
    problems: [...BODY, 'POOL_NOT_FOUND', 'CHAIN_UNREACHABLE', 'BUSY_RETRY'],
  })
  @ApiParam(ID)
  @ApiResponse({
    status: 200,
    description: 'How far it got. `GET /pools/{id}/reconciliations` has the explanations.',
    standardSchema: reconciledSchema,
  })
  reconcile(
    @Param('id') id: string,
    @Body({ schema: reasonSchema }) body: unknown,
    @FromOperator() operator: Backend,
  ): Promise<z.infer<typeof reconciledSchema>> {
    return this.desk.reconcile(known(id), note(body, operator));
  }

  @Post('self-check')
  @HttpCode(200)
  @ApiRoute({
    access: 'operate',
    operationId: 'selfCheck',
    summary: 'Compare every counter with the sum of its reservations',
    description:
      'Nothing is corrected: `POST /operator/pools/{id}/repair` does that, with a reason.',
    problems: [...BODY, 'BUSY_RETRY'],
  })
  @ApiResponse({
    status: 200,
    description: 'Every difference, to the unit.',
    standardSchema: selfCheckSchema,
  })
  async selfCheck(
    @Body({ schema: reasonSchema }) body: unknown,
    @FromOperator() operator: Backend,
  ): Promise<z.infer<typeof selfCheckSchema>> {
    const found = await this.desk.selfCheck(note(body, operator));
    return {
      differences: found.map(({ pool, counter, stored, summed, difference }) => ({
        poolId: pool,
        counter,
        stored: stored.toString(),
        summed: summed.toString(),
        difference: difference.toString(),
      })),
    };
  }

  @Get('actions')
  @ApiRoute({
    access: 'operate',
    operationId: 'listOperatorActions',
    summary: 'Who did what, and why, newest first',
    problems: ['VALIDATION_FAILED', 'BUSY_RETRY'],
  })
  @ApiResponse({
    status: 200,
    description: 'Actions through the API, on the command line, and at the start.',
    standardSchema: actionListSchema,
  })
  async actions(
    @Query({ schema: actionQuery }) query: unknown,
  ): Promise<z.infer<typeof actionListSchema>> {
    const { subject = null, cursor = null, limit } = parsed(actionQuery, query, 'query');
    const { rows, nextCursor } = rowPage(
      await this.desk.actions({ subject, before: cursor, limit: limit + 1 }),
      limit,
    );
    return { actions: rows.map(renderAction), nextCursor };
  }

  private async rendered(pool: PoolRecord): Promise<PoolAnswer> {
    const position = await this.ledger.reader.position(pool.id);
    if (!position) throw new Error(`pool ${pool.id} has no position`);
    return renderPool(pool, position);
  }
}

const note = (body: unknown, operator: Backend): OperatorNote => ({
  by: actorOf(operator),
  reason: parsed(reasonSchema, body, 'body').reason,
});

/** Leaves out what the schema left undefined. */
function given(rules: {
  readonly [Name in keyof RuleChange]: RuleChange[Name] | undefined;
}): RuleChange {
  return Object.fromEntries(
    Object.entries(rules).filter(([, value]) => value !== undefined),
  ) as RuleChange;
}

function known(id: string): string {
  if (!isUuid(id)) throw poolNotFound(id);
  return id;
}
