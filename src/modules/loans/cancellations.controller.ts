import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { FromCaller } from '../../http/access-rule.js';
import { ApiRoute } from '../../http/api-route.decorator.js';
import { type Caller, own } from '../../common/caller.js';
import { LoanCancellation } from './loan-cancellation.js';
import { type CancellationAnswer, cancellationAnswerSchema } from './cancellation.schemas.js';

/** Takes the request to cancel a loan. HTTP only: read, call, answer. */
@ApiTags('loans')
@Controller('loans')
export class CancellationsController {
  constructor(private readonly cancellations: LoanCancellation) {}

  @Post(':id/cancellation')
  @HttpCode(202)
  @ApiRoute({
    access: 'loans:write',
    operationId: 'cancelLoan',
    summary: 'Request cancellation of the loan',
    description:
      'Requests cancellation. The funds stay held until the transaction is proven dead, ' +
      'because a signed transaction may land until its deadline. `burn` is a transaction ' +
      'that frees the amount at once when the borrower signs and submits it. An authorization is ' +
      'landed no more, and its funds stay held until its last ledger has passed. Cancelling ' +
      'again is harmless.',
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
    description: 'Recorded. The hold counts until the chain proves its end.',
    standardSchema: cancellationAnswerSchema,
  })
  async cancel(@Param('id') id: string, @FromCaller() caller: Caller): Promise<CancellationAnswer> {
    return this.cancellations.cancel(own(caller), id);
  }
}
