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
import { SIGNED_EXAMPLE } from './authorization-examples.js';
import { AuthorizationSubmission } from './authorization-submission.js';
import { LoanSubmission } from './loan-submission.js';
import {
  signedPartsOf,
  type SubmissionAnswer,
  submissionAnswerSchema,
  submissionSchema,
} from './submission.schemas.js';

/** Takes the signed transaction or authorization of a loan. HTTP only: read, call, answer. */
@ApiTags('loans')
@Controller('loans')
export class SubmissionsController {
  constructor(
    private readonly submissions: LoanSubmission,
    private readonly authorizations: AuthorizationSubmission,
  ) {}

  @Post(':id/submission')
  @HttpCode(202)
  @ApiRoute({
    access: 'loans:write',
    operationId: 'submitLoan',
    summary: 'Submit the signed transaction or authorization',
    description:
      'An authorization (`signedAuthorization`) is checked and stored; this service lands it with a ' +
      'transaction of its own until `expirationLedger`. A transaction (`signedXdr`) is forwarded; ' +
      'that is optional, because the borrower may submit it anywhere. It must be the transaction of this ' +
      "loan with at least one valid signature of a current signer of the borrower's account, " +
      'or a fee bump around it: anyone may pay the fee. Submitting again is harmless. ' +
      'Another transaction is refused with `VALIDATION_FAILED`; its `differences` list each ' +
      'field that differs, as issued and as received.',
    problems: [
      'PAYLOAD_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'VALIDATION_FAILED',
      'LOAN_NOT_FOUND',
      'ENVELOPE_OUTDATED',
      'CONTRACT_PAUSED',
      'CONTRACT_FAILED',
      'SUBMISSION_REJECTED',
      'CHAIN_UNREACHABLE',
      'BUSY_RETRY',
    ],
    examples: { VALIDATION_FAILED: [NOT_THE_TRANSACTION_EXAMPLE, OTHER_NETWORK_EXAMPLE] },
  })
  @ApiParam({ name: 'id', description: 'Loan id', schema: { type: 'string', format: 'uuid' } })
  @ApiResponse({
    status: 202,
    description:
      'A node accepted the transaction, or the authorization is stored. Read its outcome from the loan.',
    standardSchema: submissionAnswerSchema,
    examples: {
      transaction: { summary: 'A signed transaction', value: SUBMITTED_EXAMPLE },
      authorization: { summary: 'A signed authorization', value: SIGNED_EXAMPLE },
    },
  })
  async submit(
    @Param('id') id: string,
    @Body({ schema: submissionSchema }) body: unknown,
    @FromCaller() caller: Caller,
  ): Promise<SubmissionAnswer> {
    const given = parsed(submissionSchema, body, 'body');
    const parts = signedPartsOf(given);
    return parts === null
      ? this.submissions.submit(own(caller), id, given.signedXdr ?? '')
      : this.authorizations.submit(own(caller), id, parts);
  }
}
