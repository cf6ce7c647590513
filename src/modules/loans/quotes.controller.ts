import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { FromCaller } from '../../http/access-rule.js';
import { ApiRoute } from '../../http/api-route.decorator.js';
import type { Caller } from '../../common/caller.js';
import { INVALID_LOAN_EXAMPLE } from './loan-examples.js';
import { LoanQuote } from './loan-quote.js';
import { type QuoteAnswer, quoteAnswerSchema } from './loan-quote.schemas.js';
import { createLoanSchema } from './loan-schema.js';

/** HTTP only: read, call, answer. */
@ApiTags('loans')
@Controller('loans')
export class QuotesController {
  constructor(private readonly quotes: LoanQuote) {}

  @Post('quote')
  @HttpCode(200)
  @ApiRoute({
    access: 'loans:read',
    operationId: 'quoteLoan',
    summary: 'What a loan would cost, and whether it would get a hold now',
    description:
      "Takes the body of `POST /loans`. The amounts are the contract's own arithmetic. A " +
      'refusal is part of the answer, not a problem. Nothing is held and nothing is written.',
    problems: [
      'PAYLOAD_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'VALIDATION_FAILED',
      'NOTHING_TO_FUND',
      'POOL_NOT_FOUND',
      'CHAIN_UNREACHABLE',
      'BUSY_RETRY',
    ],
    examples: { VALIDATION_FAILED: INVALID_LOAN_EXAMPLE },
  })
  @ApiResponse({
    status: 200,
    description:
      "The terms, the borrower's standing, and the first refusal that `POST /loans` would give.",
    standardSchema: quoteAnswerSchema,
  })
  quote(
    @Body({ schema: createLoanSchema }) body: unknown,
    @FromCaller() caller: Caller,
  ): Promise<QuoteAnswer> {
    return this.quotes.quote(caller, body);
  }
}
