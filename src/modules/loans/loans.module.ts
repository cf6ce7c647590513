import { type DynamicModule, Module } from '@nestjs/common';
import { ReservationReader } from '../liquidity/holds/reservation.reader.js';
import { WaitReader } from '../liquidity/holds/wait.reader.js';
import { WindowReader } from '../liquidity/holds/window.reader.js';
import { AuthorizationSubmission } from './authorization-submission.js';
import { BrokenContracts } from './broken-contracts.js';
import { CancellationsController } from './cancellations.controller.js';
import { ContractRefusals } from './contract-refusals.js';
import { KeyReplay } from './key-replay.js';
import { LoanAdmission } from './loan-admission.js';
import { LoanAuthorizations } from './loan-authorizations.js';
import { LoanCancellation } from './loan-cancellation.js';
import { LoanFunding } from './loan-funding.js';
import { LoanQuote } from './loan-quote.js';
import { LoanRebuild } from './loan-rebuild.js';
import { LoanSubmission } from './loan-submission.js';
import { RebuildsController } from './rebuilds.controller.js';
import { SubmissionsController } from './submissions.controller.js';
import { QuotesController } from './quotes.controller.js';
import { LoansController } from './loans.controller.js';
import { LoansService } from './loans.service.js';
import { PoolObservation } from './pool-observation.js';
import { LoanWindow } from './loan-window.js';
import { RetryTimes } from './retry-times.js';

/**
 * The loan routes. Needs CONFIG and the ledger's doors (both global), and CHAIN from the given
 * module.
 */
@Module({})
export class LoansModule {
  static register(chain: DynamicModule): DynamicModule {
    return {
      module: LoansModule,
      imports: [chain],
      controllers: [
        LoansController,
        QuotesController,
        SubmissionsController,
        RebuildsController,
        CancellationsController,
      ],
      providers: [
        LoansService,
        LoanAdmission,
        LoanFunding,
        LoanWindow,
        LoanQuote,
        LoanSubmission,
        AuthorizationSubmission,
        LoanRebuild,
        LoanCancellation,
        KeyReplay,
        ContractRefusals,
        LoanAuthorizations,
        PoolObservation,
        BrokenContracts,
        ReservationReader,
        RetryTimes,
        WaitReader,
        WindowReader,
      ],
    };
  }
}
