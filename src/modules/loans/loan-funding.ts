import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import * as metrics from '../../telemetry/metrics.js';
import { timeOf } from '../../common/times.js';
import { validationFailed } from '../../http/validation.js';
import type { AuthorizationResult } from '../chain/authorizations.js';
import {
  CHAIN,
  type Chain,
  type Funding,
  type FundingRequest,
  type FundingResult,
  type LoanTerms,
  type WantedWindow,
} from '../chain/chain.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { EnvelopeRow } from '../liquidity/reservation.js';
import { notIssued } from './authorization-refusals.js';
import { ContractRefusals } from './contract-refusals.js';
import { LoanAuthorizations } from './loan-authorizations.js';
import { notBuilt } from './loan-refusals.js';
import { type LoanRequest, nothingToFund } from './loan-request.js';
import { LoanWindow, type WindowPlan } from './loan-window.js';

/** A little longer than a ledger of the public network takes. */
const LEDGER_WAIT_MS = 6_000;
const LEDGER_POLL_MS = 500;

type AuthorizationAttempt = Extract<AuthorizationResult, { kind: 'built' | 'refused' }>;
type FundingAttempt = Extract<FundingResult, { kind: 'built' | 'refused' }>;

/**
 * Reads and builds from the chain what a loan needs, outside of any database transaction
 * (docs/protocol.md#build-then-hold).
 */
@Injectable()
export class LoanFunding {
  constructor(
    @Inject(CHAIN) private readonly chain: Chain,
    private readonly refusals: ContractRefusals,
    readonly authorizations: LoanAuthorizations,
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
   * CONTRACTS_BROKEN, CONTRACT_FAILED, CHAIN_UNREACHABLE, ACCOUNT_NOT_FOUND,
   * TRANSACTION_TOO_LARGE, CONTRACT_ARCHIVED, COUNTER_WINDOW_FULL, VALIDATION_FAILED (first due
   * date)
   * @param plan a promise while the window is being planned: the node is asked meanwhile
   * @param seenLedger of the pool's snapshot; a refusal of an older ledger is CHAIN_UNREACHABLE
   */
  async build(
    pool: PoolRecord,
    terms: LoanTerms,
    plan: WindowPlan | Promise<WindowPlan>,
    seenLedger: number | null,
  ): Promise<FundingAttempt> {
    const asked = { ...fundingRequestOf(pool, terms, plan), seenLedger };
    const result = await this.inTurn(() => this.chain.buildFunding(asked));
    switch (result.kind) {
      case 'built':
        mustBeDueAfter(terms, result.funding.maxTime);
        return result;
      case 'refused':
        return this.refusals.of(pool, result.refusal);
      default:
        throw notBuilt(result, { terms, window: (await plan).request });
    }
  }

  /**
   * Builds the authorization that the borrower signs, or returns the contracts' refusal.
   * @throws HoldfastError as `build`, and FENCE_TOO_FAR
   */
  async authorize(
    pool: PoolRecord,
    terms: LoanTerms,
    seenLedger: number | null,
  ): Promise<AuthorizationAttempt> {
    const result = await this.inTurn(() => this.authorizations.build(pool, terms, seenLedger));
    switch (result.kind) {
      case 'built':
        mustBeDueAfter(terms, result.authorization.latestEnd);
        return result;
      case 'refused':
        return this.refusals.of(pool, result.refusal);
      default:
        throw notIssued(result, { terms });
    }
  }

  /**
   * A node simulates at its newest ledger. Right after a funding in that ledger, the outflow cap can
   * refuse a loan that fits into the next one (docs/stellar.md#outflow-cap), so it is built again.
   */
  private async inTurn<Result extends FundingResult | AuthorizationResult>(
    build: () => Promise<Result>,
  ): Promise<Result> {
    const once = async (): Promise<Result> => {
      const result = await build();
      metrics.count('holdfast_envelopes_built_total', { outcome: result.kind });
      return result;
    };
    const first = await once();
    return isOutflow(first) && (await this.nextLedger()) ? once() : first;
  }

  /** @returns whether a ledger closed in time */
  private async nextLedger(): Promise<boolean> {
    const { ledger } = await this.chain.head();
    for (let waited = 0; waited < LEDGER_WAIT_MS; waited += LEDGER_POLL_MS) {
      await wait(LEDGER_POLL_MS);
      if ((await this.chain.head()).ledger > ledger) return true;
    }
    return false;
  }
}

const isOutflow = (result: FundingResult | AuthorizationResult): boolean =>
  result.kind === 'refused' && result.refusal.kind === 'outflow';

/** What the chain room needs to build the envelope of these terms. */
export const fundingRequestOf = (
  pool: PoolRecord,
  terms: LoanTerms,
  plan: WindowPlan | Promise<WindowPlan>,
): FundingRequest => ({
  terms,
  pool,
  holdSeconds: pool.holdSeconds,
  bids: pool,
  window: plan instanceof Promise ? windowIn(plan) : plan.request,
});

function windowIn(plan: Promise<WindowPlan>): Promise<WantedWindow> {
  const window = plan.then(({ request }) => request);
  // it may be refused while the build still waits for its turn
  window.catch(() => undefined);
  return window;
}

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
