import { Injectable } from '@nestjs/common';
import type { ContractRefusal, FundingResult } from '../chain/chain.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import { BrokenContracts } from './broken-contracts.js';
import { chainLiquidityShort, contractPaused, contractTrouble } from './loan-refusals.js';
import { PoolObservation } from './pool-observation.js';

/** What follows from a refusal that a simulation showed. */
@Injectable()
export class ContractRefusals {
  constructor(
    private readonly observation: PoolObservation,
    private readonly broken: BrokenContracts,
  ) {}

  /**
   * Returns a refusal of these terms, which is recorded as a decision.
   * @throws HoldfastError for one that is not about these terms
   */
  async of(
    pool: PoolRecord,
    refusal: ContractRefusal,
  ): Promise<Extract<FundingResult, { kind: 'refused' }>> {
    switch (refusal.kind) {
      case 'links':
        await this.broken.stop(pool, refusal);
        throw contractTrouble(refusal);
      case 'protocol':
        throw contractTrouble(refusal);
      case 'paused':
        throw contractPaused(refusal);
      case 'liquidity':
        void this.observation.request(pool); // it never rejects, and the caller need not wait for it
        throw chainLiquidityShort(refusal);
      default:
        return { kind: 'refused', refusal };
    }
  }
}
