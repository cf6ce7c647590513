import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { FromCaller } from '../../http/access-rule.js';
import { ApiRoute } from '../../http/api-route.decorator.js';
import { type Caller, own } from '../../common/caller.js';
import { parsed } from '../../http/validation.js';
import {
  NOT_THE_TRANSACTION_EXAMPLE,
  OTHER_NETWORK_EXAMPLE,
  SUBMITTED_EXAMPLE,
} from './loan-examples.js';
import { LoanSubmission } from './loan-submission.js';
import { type SubmissionAnswer, submissionAnswerSchema, submissionSchema } from './loan.schemas.js';

/** Forwards the signed transaction of a loan. HTTP only: read, call, answer. */
@ApiTags('loans')
@Controller('loans')
export class SubmissionsController {
  constructor(private readonly submissions: LoanSubmission) {}

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
}
