import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config, ledgerPace } from '../../common/config.js';
import type { Authorization, AuthorizationResult } from '../chain/authorizations.js';
import { CHAIN, type Chain, type LoanTerms } from '../chain/chain.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { AuthorizationRow } from '../liquidity/reservation.js';

/** Builds what a borrower signs instead of a transaction (docs/signing.md). */
@Injectable()
export class LoanAuthorizations {
  constructor(
    @Inject(CHAIN) private readonly chain: Chain,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * At the slowest plausible pace, an authorization may hold the funds as long as a transaction with
   * all its rebuilds, and no longer (docs/protocol.md#signing-by-authorization).
   * @throws HoldfastError CHAIN_UNREACHABLE
   */
  async build(
    pool: PoolRecord,
    terms: LoanTerms,
    seenLedger: number | null,
  ): Promise<AuthorizationResult> {
    const pace = ledgerPace(this.config);
    const ledgers = this.ledgers(pool);
    const most = Math.floor((pool.holdSeconds + pool.maxExtensionSeconds) / pace.slowest);
    return ledgers > most
      ? { kind: 'fence_too_far', ledgers, most }
      : this.chain.buildAuthorization({
          terms,
          pool,
          holdSeconds: pool.holdSeconds,
          pace,
          bids: pool,
          seenLedger,
        });
  }

  /** How many ledgers an authorization is valid for. */
  ledgers({ holdSeconds }: Pick<PoolRecord, 'holdSeconds'>): number {
    return Math.ceil(holdSeconds / ledgerPace(this.config).fastest);
  }
}

/** The authorization in the ledger's form. */
export const authorizationRowOf = (
  { hash, entryXdr, nonce, expirationLedger, issuedAfterLedger, chainTime }: Authorization,
  { holdSeconds }: Pick<PoolRecord, 'holdSeconds'>,
): AuthorizationRow => ({
  hash,
  entryXdr,
  nonce,
  expirationLedger,
  issuedAfterLedger,
  expiresAt: chainTime + BigInt(holdSeconds),
});
