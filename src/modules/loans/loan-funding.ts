import { Inject, Injectable } from '@nestjs/common';
import * as metrics from '../../telemetry/metrics.js';
import { timeOf } from '../../common/times.js';
import { validationFailed } from '../../http/validation.js';
import {
  CHAIN,
  type Chain,
  type ContractRefusal,
  type Funding,
  type FundingRequest,
  type LoanTerms,
} from '../chain/chain.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { EnvelopeRow } from '../liquidity/reservation.js';
import {
  chainLiquidityShort,
  contractPaused,
  deploymentBroken,
  notBuilt,
} from './loan-refusals.js';
import { type LoanRequest, nothingToFund } from './loan-request.js';
import { LoanWindow, type WindowPlan } from './loan-window.js';
import { PoolObservation } from './pool-observation.js';

export type FundingAttempt =
  | { readonly kind: 'built'; readonly funding: Funding }
  | { readonly kind: 'refused'; readonly refusal: ContractRefusal };

/**
 * Reads and builds from the chain what a loan needs, outside of any database transaction
 * (docs/protocol.md#build-then-hold).
 */
@Injectable()
export class LoanFunding {
  constructor(
    @Inject(CHAIN) private readonly chain: Chain,
    private readonly observation: PoolObservation,
    /** Plans the window that `build` gets. */
    readonly windows: LoanWindow,
  ) {}

  /** @throws HoldfastError NOTHING_TO_FUND, CHAIN_UNREACHABLE */
  async termsOf(pool: PoolRecord, request: LoanRequest): Promise<LoanTerms> {
    const { borrower, vendor, totalAmount, schedule, loanType } = request;
    const guaranteeAmount =
      request.guaranteeAmount ?? (await this.chain.leastGuarantee(pool, totalAmount));
    if (guaranteeAmount >= totalAmount) throw nothingToFund();
    return { borrower, vendor, totalAmount, guaranteeAmount, schedule, loanType };
  }

  /**
   * Builds the envelope, or returns the contracts' refusal of these terms, which is recorded as a
   * decision.
   * @throws HoldfastError POOL_PAUSED (by the contract's own admin), CHAIN_LIQUIDITY_SHORT,
   * CHAIN_UNREACHABLE, ACCOUNT_NOT_FOUND, TRANSACTION_TOO_LARGE, CONTRACT_ARCHIVED,
   * COUNTER_WINDOW_FULL, VALIDATION_FAILED (first due date)
   */
  async build(pool: PoolRecord, terms: LoanTerms, plan: WindowPlan): Promise<FundingAttempt> {
    const asked = fundingRequestOf(pool, terms, plan);
    const result = await this.chain.buildFunding(asked);
    metrics.count('holdfast_envelopes_built_total', { outcome: result.kind });
    switch (result.kind) {
      case 'built':
        mustBeDueAfter(terms, result.funding.maxTime);
        return result;
      case 'refused':
        return this.ofRefusal(pool, result.refusal);
      default:
        throw notBuilt(result, asked);
    }
  }

  private ofRefusal(pool: PoolRecord, refusal: ContractRefusal): FundingAttempt {
    if (refusal.kind === 'protocol') throw deploymentBroken(refusal);
    if (refusal.kind === 'paused') throw contractPaused(refusal);
    if (refusal.kind === 'caller') return { kind: 'refused', refusal };
    void this.observation.request(pool); // it never rejects, and the caller need not wait for it
    throw chainLiquidityShort(refusal);
  }
}

/** What the chain room needs to build the envelope of these terms. */
export const fundingRequestOf = (
  pool: PoolRecord,
  terms: LoanTerms,
  { request: window }: WindowPlan,
): FundingRequest => ({
  terms,
  pool,
  holdSeconds: pool.holdSeconds,
  bids: pool,
  window,
});

/**
 * The contract does not check this (docs/stellar.md#create-loan-checks). A loan that is due before
 * it can be funded would be overdue at once.
 */
export function mustBeDueAfter(terms: LoanTerms, maxTime: bigint): void {
  const first = terms.schedule[0];
  if (!first || first.dueAt > maxTime) return;
  throw validationFailed([
    {
      field: 'schedule[0].dueAt',
      message: `must be after ${timeOf(maxTime)}, the last moment at which the loan can be funded`,
    },
  ]);
}

/** The envelope in the ledger's form. */
export const envelopeOf = ({
  hash,
  xdr,
  sequence,
  maxTime,
  issuedAfterLedger,
  fee,
  loanIdFirst,
  loanIdLast,
  window,
  inclusionFee,
}: Funding): EnvelopeRow => ({
  hash,
  xdr,
  sequence,
  maxTime,
  issuedAfterLedger,
  fee,
  loanIdFirst,
  loanIdLast,
  windowBytes: window.bytes,
  windowFee: window.fee,
  inclusionFee: inclusionFee.bid,
  goingRate: inclusionFee.going?.rate ?? null,
});
