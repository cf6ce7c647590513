import { Inject, Injectable } from '@nestjs/common';
import { count } from '../../common/metrics.js';
import { timeOf } from '../../common/times.js';
import { validationFailed } from '../../common/validation.js';
import { CHAIN, type Chain, type ContractRefusal, type Funding, type FundingRequest, type LoanTerms } from '../chain/chain.js';
import { loanEntryBytes, profileOf } from '../chain/profiles.js';
import type { PoolRecord } from '../liquidity/pool.registry.js';
import { chainLiquidityShort, contractPaused, deploymentBroken, notBuilt } from './loan.refusals.js';
import { type LoanRequest, nothingToFund } from './loan.request.js';
import { PoolObservation } from './pool.observation.js';

export type FundingAttempt = { readonly kind: 'built'; readonly funding: Funding } | { readonly kind: 'refused'; readonly refusal: ContractRefusal };

/** What is asked of the chain for a loan, outside of every database transaction (R3). */
@Injectable()
export class LoanFunding {
  constructor(@Inject(CHAIN) private readonly chain: Chain, private readonly observation: PoolObservation) {}

  /** @throws HoldfastError NOTHING_TO_FUND, CHAIN_UNREACHABLE */
  async termsOf(pool: PoolRecord, request: LoanRequest): Promise<LoanTerms> {
    const { borrower, vendor, totalAmount, schedule, loanType } = request;
    const guaranteeAmount = request.guaranteeAmount ?? await this.chain.leastGuarantee(pool.creditlineContract, totalAmount);
    if (guaranteeAmount >= totalAmount) throw nothingToFund();
    return { borrower, vendor, totalAmount, guaranteeAmount, schedule, loanType };
  }

  /**
   * Builds the envelope, or brings the contracts' refusal of these terms, which is a decision to be recorded.
   * @throws HoldfastError POOL_PAUSED (by the contract's own admin), CHAIN_LIQUIDITY_SHORT, CHAIN_UNREACHABLE, ACCOUNT_NOT_FOUND, TRANSACTION_TOO_LARGE,
   *   CONTRACT_ARCHIVED, COUNTER_WINDOW_FULL, VALIDATION_FAILED (first due date)
   */
  async build(pool: PoolRecord, terms: LoanTerms): Promise<FundingAttempt> {
    const asked = fundingRequestOf(pool, terms, this.chain.counterWindow);
    const result = await this.chain.buildFunding(asked);
    count('holdfast_envelopes_built_total', { outcome: result.kind });
    switch (result.kind) {
      case 'built':
        mustBeDueAfter(terms, result.funding.maxTime);
        return result;
      case 'refused': return this.judged(pool, result.refusal);
      default: throw notBuilt(result, asked);
    }
  }

  private judged(pool: PoolRecord, refusal: ContractRefusal): FundingAttempt {
    if (refusal.kind === 'protocol') throw deploymentBroken(refusal);
    if (refusal.kind === 'paused') throw contractPaused(refusal);
    if (refusal.kind === 'caller') return { kind: 'refused', refusal };
    void this.observation.request(pool); // it never rejects; the caller need not wait for it
    throw chainLiquidityShort(refusal);
  }
}

/** What the chain room needs to know to build the envelope of these terms. */
export function fundingRequestOf({ profile: name, poolContract, creditlineContract, tokenContract, holdSeconds }: PoolRecord, terms: LoanTerms, counterWindow: number): FundingRequest {
  const profile = profileOf(name);
  const own = loanEntryBytes(profile, { instalments: terms.schedule.length, loanType: terms.loanType });
  const window = { least: { loans: 0, bytes: 0 }, wanted: { loans: counterWindow, bytes: counterWindow * own } };
  return { terms, profile, poolContract, creditlineContract, tokenContract, holdSeconds, window };
}

/** The contract does not check it (`stellar.md` A.2): a loan due before it can be funded would be overdue at birth. */
export function mustBeDueAfter(terms: LoanTerms, maxTime: bigint): void {
  const first = terms.schedule[0];
  if (!first || first.dueAt > maxTime) return;
  throw validationFailed([{ field: 'schedule[0].dueAt', message: `must be after ${timeOf(maxTime)}, the last moment at which the loan can be funded` }]);
}
