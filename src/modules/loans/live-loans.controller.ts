import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { FromCaller } from '../../http/access-rule.js';
import { ApiRoute } from '../../http/api-route.decorator.js';
import { type Caller, own } from '../../common/caller.js';
import { parsed } from '../../http/validation.js';
import { LoanCancellation } from './loan-cancellation.js';
import {
  NOT_THE_TRANSACTION_EXAMPLE,
  OTHER_NETWORK_EXAMPLE,
  REBUILT_EXAMPLE,
  SUBMITTED_EXAMPLE,
} from './loan-examples.js';
import { LoanRebuild } from './loan-rebuild.js';
import {
  type CancellationAnswer,
  cancellationAnswerSchema,
  type LoanPage,
  loanPageSchema,
  type SubmissionAnswer,
  submissionAnswerSchema,
  submissionSchema,
} from './loan.schemas.js';
import { RetryTimes } from './retry-times.js';
import { LoanSubmission } from './loan-submission.js';

/** What can be done with a loan while its hold lives. HTTP only: read, call, answer. */
@ApiTags('loans')
@Controller('loans')
export class LiveLoansController {
  constructor(
    private readonly submissions: LoanSubmission,
    private readonly rebuilds: LoanRebuild,
    private readonly cancellations: LoanCancellation,
    private readonly times: RetryTimes,
  ) {}

  @Post(':id/submission')
  @HttpCode(202)
  @ApiRoute({
    access: 'loans:write',
    operationId: 'submitLoan',
    summary: 'Hand the signed transaction to the network',
    description:
      'Optional: the borrower may submit it anywhere. It must be the transaction of this ' +
      "loan, with at least one valid signature of a current signer of the borrower's " +
      'account, or a fee bump around that: anyone may pay for it. Asking again is ' +
      'harmless. A transaction that is another one is refused with `VALIDATION_FAILED`, ' +
      'whose `differences` name each field that differs, with what was issued and what ' +
      'came.',
    problems: [
      'PAYLOAD_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'VALIDATION_FAILED',
      'LOAN_NOT_FOUND',
      'ENVELOPE_OUTDATED',
      'CONTRACT_PAUSED',
      'SUBMISSION_REJECTED',
      'CHAIN_UNREACHABLE',
      'BUSY_RETRY',
    ],
    examples: { VALIDATION_FAILED: [NOT_THE_TRANSACTION_EXAMPLE, OTHER_NETWORK_EXAMPLE] },
  })
  @ApiParam({ name: 'id', description: 'Loan id', schema: { type: 'string', format: 'uuid' } })
  @ApiResponse({
    status: 202,
    description: 'A node took it. What became of it is read from the loan.',
    standardSchema: submissionAnswerSchema,
    example: SUBMITTED_EXAMPLE,
  })
  async submit(
    @Param('id') id: string,
    @Body({ schema: submissionSchema }) body: unknown,
    @FromCaller() caller: Caller,
  ): Promise<SubmissionAnswer> {
    const { signedXdr } = parsed(submissionSchema, body, 'body');
    return this.submissions.submit(own(caller), id, signedXdr);
  }

  @Post(':id/transaction')
  @HttpCode(201)
  @ApiRoute({
    access: 'loans:write',
    operationId: 'rebuildLoan',
    summary: 'A new transaction under the same hold',
    description:
      'When time runs out before it is signed, the loan counter left its window, or a ' +
      'transaction failed for a reason that the contract did not decide. The new one has a ' +
      'new deadline; while an older one can still land it has the same sequence number, so ' +
      'that only one of them can. ' +
      'At most 3 times, not counting the first 5 that replace such a failed one, and ' +
      "within the pool's bound on the total time.",
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
      'CHAIN_LIQUIDITY_SHORT',
      'ACCOUNT_NOT_FOUND',
      'TRANSACTION_TOO_LARGE',
      'ENVELOPE_UNDECIDED',
      'SNAPSHOT_STALE',
      'COUNTER_WINDOW_FULL',
      'CONTRACT_ARCHIVED',
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

  @Post(':id/cancellation')
  @HttpCode(202)
  @ApiRoute({
    access: 'loans:write',
    operationId: 'cancelLoan',
    summary: 'Say that the loan is no longer wanted',
    description:
      'A wish: it frees nothing by itself, since a signed transaction may still land until ' +
      'its deadline. `burn` is the transaction that frees the amount at once when the ' +
      'borrower signs and submits it. Asking again is harmless.',
    problems: [
      'PAYLOAD_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'VALIDATION_FAILED',
      'LOAN_NOT_FOUND',
      'ENVELOPE_OUTDATED',
      'BUSY_RETRY',
    ],
  })
  @ApiParam({ name: 'id', description: 'Loan id', schema: { type: 'string', format: 'uuid' } })
  @ApiResponse({
    status: 202,
    description: 'Noted. The hold goes on counting until the chain proves its end.',
    standardSchema: cancellationAnswerSchema,
  })
  async cancel(@Param('id') id: string, @FromCaller() caller: Caller): Promise<CancellationAnswer> {
    return this.cancellations.cancel(own(caller), id);
  }
}
