import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { FromCaller } from '../../http/access-rule.js';
import { ApiRoute } from '../../http/api-route.decorator.js';
import { type Caller, visibleTo } from '../../common/caller.js';
import { HOLD_CODES } from '../../common/problems/problems.js';
import { cursorOf, listQuery } from '../../http/list-query.js';
import { parsed } from '../../http/validation.js';
import { ReservationReader } from '../liquidity/holds/reservation.reader.js';
import { renderListed, renderLoan } from './loan-answer.js';
import { foundLoan } from './loan-finding.js';
import { AUTHORIZED_EXAMPLE } from './authorization-examples.js';
import { CREATED_EXAMPLE, INVALID_LOAN_EXAMPLE, LOAN_PAGE_EXAMPLE } from './loan-examples.js';
import { createLoanSchema } from './loan-schema.js';
import { readKey } from './request-key.js';
import {
  type LoanAnswer,
  loanAnswerSchema,
  type LoanListAnswer,
  loanListSchema,
  type LoanPage,
  loanPageSchema,
} from './loan.schemas.js';
import { LoansService } from './loans.service.js';

interface Reply {
  header(name: string, value: string): unknown;
}

/**
 * HTTP only: read, call, answer. The schemas at the parameters are for the API's pages. There is no
 * validating pipe, because a known key is answered before its body is checked.
 */
@ApiTags('loans')
@Controller('loans')
export class LoansController {
  constructor(
    private readonly loans: LoansService,
    private readonly reader: ReservationReader,
  ) {}

  @Post()
  @HttpCode(201)
  @ApiRoute({
    access: 'loans:write',
    operationId: 'createLoan',
    summary: 'Hold the liquidity and get what the borrower signs',
    description:
      'Holds totalAmount less guaranteeAmount. The answer with the XDR leaves only after the ' +
      'hold is committed. The transaction can land until `maxTime`, and the hold counts ' +
      'until the chain proves its outcome. With an Idempotency-Key the answer is repeated ' +
      'byte for byte, also a refusal that sticks to its key. A backend must send a key; each ' +
      'tenant and each wallet has keys of its own. A wallet may leave `borrower` out; a ' +
      "borrower other than the token's account is answered 403. With `signing` authorization the " +
      'answer has `authorization` instead of `transaction`: the borrower signs it once, pays no ' +
      'network fee, and this service lands it.',
    problems: [
      'PAYLOAD_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'IDEMPOTENCY_KEY_MISSING',
      'IDEMPOTENCY_KEY_REUSED',
      'VALIDATION_FAILED',
      'NOTHING_TO_FUND',
      'POOL_NOT_FOUND',
      ...HOLD_CODES,
      'CHAIN_LIQUIDITY_SHORT',
      'ACCOUNT_NOT_FOUND',
      'LOAN_REFUSED_BY_CONTRACT',
      'TRANSACTION_TOO_LARGE',
      'FENCE_TOO_FAR',
      'CONTRACT_ARCHIVED',
      'CONTRACTS_BROKEN',
      'CONTRACT_FAILED',
      'CHAIN_UNREACHABLE',
      'BUSY_RETRY',
    ],
    examples: { VALIDATION_FAILED: INVALID_LOAN_EXAMPLE },
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'Required for API keys, recommended for wallets. 1 to 255 visible ASCII characters. ' +
      'The same key and body get the same answer for 24 hours (IDEMPOTENCY_HOURS)',
    schema: { type: 'string', pattern: '^[!-~]{1,255}$' },
  })
  @ApiResponse({
    status: 201,
    description:
      'The amount is held. Sign `transaction.xdr` unchanged and submit it before `submitBefore`; or ' +
      'sign `authorization` and send it to POST /loans/{id}/submission.',
    standardSchema: loanAnswerSchema,
    examples: {
      transaction: { summary: 'A transaction to sign', value: CREATED_EXAMPLE },
      authorization: { summary: 'An authorization to sign', value: AUTHORIZED_EXAMPLE },
    },
    headers: {
      Location: { description: 'The loan', schema: { type: 'string' } },
      'Idempotency-Replayed': {
        description: '`true` on a repeated answer',
        schema: { type: 'string' },
      },
      'Holdfast-Reservation-State': {
        description: 'State of the reservation now; the body repeats the first answer',
        schema: { type: 'string' },
      },
    },
  })
  async create(
    @Body({ schema: createLoanSchema }) body: unknown,
    @Headers('idempotency-key') header: string | undefined,
    @FromCaller() caller: Caller,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<LoanAnswer> {
    const decision = await this.loans.createLoan(caller, body, readKey(header, caller));
    if (decision.replayed) reply.header('idempotency-replayed', 'true');
    if (decision.kind === 'refusal') throw decision.error;
    reply.header('holdfast-reservation-state', decision.stateNow);
    reply.header('location', `/loans/${decision.body.loan.id}`);
    return decision.body;
  }

  @Get()
  @ApiRoute({
    access: 'loans:read',
    operationId: 'listLoans',
    summary: 'Loans, newest first',
    problems: ['VALIDATION_FAILED', 'BUSY_RETRY'],
  })
  @ApiResponse({
    status: 200,
    description: 'Loans with the present state of their reservations.',
    standardSchema: loanListSchema,
  })
  async list(
    @Query({ schema: listQuery }) query: unknown,
    @FromCaller() caller: Caller,
  ): Promise<LoanListAnswer> {
    const { rows, next } = await this.reader.listLoans(
      visibleTo(caller),
      parsed(listQuery, query, 'query'),
    );
    return { loans: rows.map(renderListed), nextCursor: next && cursorOf(next) };
  }

  @Get(':id')
  @ApiRoute({
    access: 'loans:read',
    operationId: 'getLoan',
    summary: 'One loan, its reservation now, and what the borrower may sign',
    description:
      'The transaction can land on a few loan ids of the lending contract only, and loans of ' +
      'strangers use them up. `counterWindow` says whether it still can; it is about as new ' +
      "as the pool's snapshot. Do not submit an `outdated` transaction anywhere; get a new " +
      'one with `POST /loans/{id}/transaction`. While `contractPaused`, wait. A loan that is signed ' +
      'by authorization has `authorization` and `landings` instead.',
    problems: ['LOAN_NOT_FOUND', 'BUSY_RETRY'],
  })
  @ApiParam({ name: 'id', description: 'Loan id', schema: { type: 'string', format: 'uuid' } })
  @ApiResponse({
    status: 200,
    description: 'The loan.',
    standardSchema: loanPageSchema,
    example: LOAN_PAGE_EXAMPLE,
  })
  async get(@Param('id') id: string, @FromCaller() caller: Caller): Promise<LoanPage> {
    return renderLoan(await foundLoan(this.reader, visibleTo(caller), id));
  }
}
