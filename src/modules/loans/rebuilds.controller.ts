import { Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { FromCaller } from '../../http/access-rule.js';
import { ApiRoute } from '../../http/api-route.decorator.js';
import { type Caller, own } from '../../common/caller.js';
import { REBUILT_EXAMPLE } from './loan-examples.js';
import { LoanRebuild } from './loan-rebuild.js';
import { type LoanPage, loanPageSchema } from './loan.schemas.js';
import { RetryTimes } from './retry-times.js';

/** Builds a new transaction for a live hold. HTTP only: read, call, answer. */
@ApiTags('loans')
@Controller('loans')
export class RebuildsController {
  constructor(
    private readonly rebuilds: LoanRebuild,
    private readonly times: RetryTimes,
  ) {}

  @Post(':id/transaction')
  @HttpCode(201)
  @ApiRoute({
    access: 'loans:write',
    operationId: 'rebuildLoan',
    summary: 'A new transaction for the same hold',
    description:
      'For a hold whose time runs out before the signature, whose loan counter left its ' +
      'window, or whose transaction failed for a reason that the contract did not decide. ' +
      'The new transaction has a new deadline. While an older one can still land it has the ' +
      'same sequence number, so that only one of them can land. At most 3 times per hold, ' +
      "and within the pool's limit on the total time. The first 5 that replace such a failed " +
      'one are not counted. A loan that is signed by authorization needs none and gets none.',
    problems: [
      'PAYLOAD_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'VALIDATION_FAILED',
      'LOAN_NOT_FOUND',
      'ENVELOPE_OUTDATED',
      'REBUILD_LIMIT',
      'POOL_PAUSED',
      'POOL_QUARANTINED',
      'LOAN_REFUSED_BY_CONTRACT',
      'OUTFLOW_CAP_REACHED',
      'VENDOR_CAP_EXCEEDED',
      'CHAIN_LIQUIDITY_SHORT',
      'ACCOUNT_NOT_FOUND',
      'TRANSACTION_TOO_LARGE',
      'ENVELOPE_UNDECIDED',
      'SNAPSHOT_STALE',
      'COUNTER_WINDOW_FULL',
      'CONTRACT_ARCHIVED',
      'CONTRACTS_BROKEN',
      'CONTRACT_FAILED',
      'CHAIN_UNREACHABLE',
      'BUSY_RETRY',
    ],
  })
  @ApiParam({ name: 'id', description: 'Loan id', schema: { type: 'string', format: 'uuid' } })
  @ApiResponse({
    status: 201,
    description: 'The loan with its newest transaction. Older ones that can still land stay valid.',
    standardSchema: loanPageSchema,
    example: REBUILT_EXAMPLE,
    headers: { Location: { description: 'The loan', schema: { type: 'string' } } },
  })
  async rebuild(
    @Param('id') id: string,
    @FromCaller() caller: Caller,
    @Res({ passthrough: true }) reply: { header(name: string, value: string): unknown },
  ): Promise<LoanPage> {
    const page = await this.rebuilds.rebuild(own(caller), id).catch(async (thrown: unknown) => {
      throw await this.times.ofTrouble(thrown, { poolOrLoan: id });
    });
    reply.header('location', `/loans/${page.loan.id}`);
    return page;
  }
}
