import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../../common/caller.js';
import { HoldfastError } from '../../common/errors.js';
import { formatAmount } from '../../common/money.js';
import { timeOf } from '../../common/times.js';
import {
  CHAIN,
  type Chain,
  type ContractRefusal,
  type Funding,
  type LoanConditions,
  type LoanTerms,
} from '../chain/chain.js';
import type { LoanPreview } from '../chain/families/contract-family.js';
import { familyOf } from '../chain/families/families.js';
import { type InclusionFee, percentileOf } from '../chain/inclusion-fee.js';
import type { PoolRecord } from '../liquidity/pools/pool-registry.js';
import type { PoolLook } from '../liquidity/holds/reservation.reader.js';
import { ReservationLedger } from '../liquidity/reservation-ledger.js';
import { notIssued } from './authorization-refusals.js';
import { LoanAdmission } from './loan-admission.js';
import { fundingRequestOf, LoanFunding, mustBeDueAfter } from './loan-funding.js';
import type { QuoteAnswer } from './loan-quote.schemas.js';
import { CODE_OF_KIND, counterWindowFull } from './loan-refusals.js';
import { bodyOf, type LoanRequest, nothingToFund } from './loan-request.js';
import type { LoanWindow } from './loan-window.js';

interface QuoteInputs {
  readonly pool: PoolRecord;
  readonly request: LoanRequest;
  readonly look: PoolLook;
  readonly conditions: LoanConditions;
  readonly terms: LoanPreview;
  readonly window: Awaited<ReturnType<LoanWindow['preview']>>;
}
/** `ours`: a limit of the network for one transaction. `contracts`: the chain's own refusal. */
interface Built {
  readonly ours: Preview | null;
  readonly contracts: Preview | null;
  readonly funding: Funding | null;
}
type Preview = NonNullable<QuoteAnswer['refusal']>;

/**
 * Computes what a loan would cost and whether it would get a hold now. It holds and writes nothing,
 * so the next request may take the room.
 */
@Injectable()
export class LoanQuote {
  constructor(
    @Inject(CHAIN) private readonly chain: Chain,
    private readonly admission: LoanAdmission,
    private readonly ledger: ReservationLedger,
    private readonly funding: LoanFunding,
  ) {}

  /**
   * @throws HoldfastError FORBIDDEN (a wallet asks for another account), VALIDATION_FAILED,
   * NOTHING_TO_FUND, POOL_NOT_FOUND, CHAIN_UNREACHABLE (the node; the answer itself reports a
   * broken deployment)
   */
  async quote(caller: Caller, given: unknown): Promise<QuoteAnswer> {
    const { pool, request } = await this.admission.read(bodyOf(caller, given));
    const [look, nextDeadline, conditions] = await Promise.all([
      this.admission.look(pool, request),
      this.ledger.reader.nextDeadline(pool.id),
      this.chain.loanConditions({
        pool,
        borrower: request.borrower,
        vendor: request.vendor,
      }),
    ]);
    const terms = familyOf(pool.generation).preview(
      { ...request, decimals: pool.decimals },
      conditions,
    );
    if (terms.guarantee >= request.totalAmount) throw nothingToFund();
    const vendorConditions = await this.admission.vendorConditions(
      look,
      request,
      conditions.vendorFunded ?? null,
    );
    const { borrower, vendor, totalAmount, schedule, loanType } = request;
    const asked: LoanTerms = {
      borrower,
      vendor,
      totalAmount,
      guaranteeAmount: terms.guarantee,
      schedule,
      loanType,
    };
    const seen: QuoteInputs = {
      pool,
      request,
      look: { ...look, vendor: vendorConditions },
      conditions,
      terms,
      window: await this.funding.windows.preview(pool, asked, look.available),
    };
    const ours = await this.ledgerRefusal(seen, nextDeadline, caller);
    const built = await this.built(seen, asked);
    return {
      ...quoteFacts(seen, nextDeadline),
      counterWindow: windowOf(seen, built.funding),
      signing: {
        chosen: request.signing,
        transaction: { borrowerFee: built.funding?.fee.toString() ?? null },
        authorization: { borrowerFee: '0', ledgers: this.funding.authorizations.ledgers(pool) },
      },
      inclusionFee: inclusionOf(
        pool,
        built.funding?.inclusionFee ?? (await this.chain.inclusionFee(pool)),
      ),
      refusal: ours ?? built.ours ?? built.contracts,
      contractRefusal: built.contracts,
    };
  }

  /** In the order of precedence of `POST /loans`. */
  private async ledgerRefusal(
    { pool, look, terms, window }: QuoteInputs,
    nextDeadline: bigint | null,
    caller: Caller,
  ): Promise<Preview | null> {
    const refusal =
      this.admission.refusalOf(pool, look, terms.funded, nextDeadline) ??
      (window.full && counterWindowFull(window.full));
    if (refusal === null) return null;
    const told = await this.admission.withoutForeignIds(refusal, caller);
    return told instanceof HoldfastError ? ledgerPreview(told) : null;
  }

  /**
   * Checks that only a simulation shows (balances and trustlines of the parties) come after all
   * checks of this service, so the node is asked only when those passed.
   */
  private async built(seen: QuoteInputs, asked: LoanTerms): Promise<Built> {
    const { pool, request, terms, window, look } = seen;
    if (terms.refusal)
      return { ours: null, contracts: contractPreview(terms.refusal), funding: null };
    const wanted = fundingRequestOf(pool, asked, window.plan);
    const result =
      request.signing === 'authorization'
        ? await this.funding.authorizations.build(pool, asked, look.atLedger)
        : await this.chain.buildFunding({ ...wanted, seenLedger: look.atLedger });
    switch (result.kind) {
      case 'no_account':
        return { ours: null, contracts: noAccount(asked), funding: null };
      case 'refused':
        return { ours: null, contracts: contractPreview(result.refusal), funding: null };
      case 'built': {
        const funding = 'funding' in result ? result.funding : null; // only its figures are shown
        const latest =
          'authorization' in result ? result.authorization.latestEnd : result.funding.maxTime;
        mustBeDueAfter(asked, latest);
        return { ours: null, contracts: null, funding };
      }
      default:
        return {
          ours: ledgerPreview(notIssued(result, { terms: asked, window: window.plan.request })),
          contracts: null,
          funding: null,
        };
    }
  }
}

const noAccount = ({ borrower }: LoanTerms): Preview => ({
  code: 'ACCOUNT_NOT_FOUND',
  detail: `The borrower ${borrower} has no account on this network.`,
  contract: null,
  number: null,
  name: null,
});

/** A pause of the contract that this service knows of has the contract's facts. */
function ledgerPreview({ code, message, facts }: HoldfastError): Preview {
  const { contract = null, number = null, name = null } = facts as Partial<ContractRefusal>;
  return { code, detail: message, contract, number, name };
}
const contractPreview = ({ kind, sentence, contract, number, name }: ContractRefusal): Preview => ({
  code: CODE_OF_KIND[kind],
  detail: sentence,
  contract,
  number,
  name,
});

const inclusionOf = (
  pool: PoolRecord,
  { bid, going }: InclusionFee,
): QuoteAnswer['inclusionFee'] => ({
  bid: bid.toString(),
  goingRate: going?.rate.toString() ?? null,
  atLedger: going?.ledger ?? null,
  feePercentile: percentileOf(pool.feePercentile),
  maxInclusionFee: pool.maxInclusionFee.toString(),
});

function windowOf(
  {
    window: {
      plan: { look },
    },
  }: QuoteInputs,
  funding: Funding | null,
): QuoteAnswer['counterWindow'] {
  return {
    liveHolds: look.liveHolds,
    holdsLeft: look.roomLoans === null ? null : Math.max(0, look.roomLoans),
    loans: funding?.window.loans ?? null,
    bytes: funding?.window.bytes ?? null,
    windowFee: funding?.window.fee.toString() ?? null,
    fee: funding?.fee.toString() ?? null,
  };
}

function quoteFacts(
  { pool, request, look, conditions, terms }: QuoteInputs,
  nextDeadline: bigint | null,
): Omit<QuoteAnswer, 'counterWindow' | 'signing' | 'inclusionFee' | 'refusal' | 'contractRefusal'> {
  const print = (units: bigint): string => formatAmount(units, pool.decimals);
  return {
    holdMade: false,
    terms: {
      poolId: pool.id,
      borrower: request.borrower,
      vendor: request.vendor,
      loanType: request.loanType,
      totalAmount: print(request.totalAmount),
      leastGuaranteeAmount: print(terms.leastGuarantee),
      guaranteeAmount: print(terms.guarantee),
      fundedAmount: print(terms.funded),
      interestRateBps: terms.interestRateBps,
      interestAmount: print(terms.interest),
      serviceFeeAmount: print(terms.serviceFee),
      owedAmount: print(terms.owed),
      schedule: request.schedule.map((row) => ({
        amount: print(row.amount),
        dueAt: timeOf(row.dueAt),
      })),
    },
    standing: {
      score: terms.creditLimit === null ? conditions.score : (conditions.score ?? 0),
      activeDebt: print(conditions.activeDebt),
      creditLimit: terms.creditLimit === null ? null : print(terms.creditLimit),
      atLedger: conditions.ledger,
    },
    availability: {
      available: print(look.available),
      fits: terms.funded <= look.available,
      poolState: look.state,
      atLedger: look.atLedger,
      ageSeconds: look.ageSeconds === null ? null : Math.round(look.ageSeconds * 10) / 10,
      nextDeadline: nextDeadline === null ? null : timeOf(nextDeadline),
    },
  };
}
