import type { xdr } from '@stellar/stellar-sdk';
import {
  type Loan,
  type LoanTypeName,
  plainSchedule,
  type RepaymentInstallment,
  repaymentSchedule,
} from './creditline-loan.js';
import { decodedOr, parametersOf } from './creditline-parameters.js';
import {
  creditlineKey,
  creditlineMath,
  linkedContract,
  nextLoanId,
  raiseUserActiveDebt,
  userActiveDebt,
  writeLoan,
} from './creditline-storage.js';
import { charges, creditLimit, interestRateBps } from './creditline-terms.js';
import { CreditlineError as Failure } from './error-codes.js';
import { withoutReentry } from './exported-function.js';
import type { CreditlineRules } from './generations.js';
import type { Host } from './host.js';
import { poolStats } from './pool-storage.js';
import { address, bool, i128, symbol, u32, u64, vec } from './scval.js';

export interface LoanRequest {
  readonly user: string;
  readonly vendor: string;
  readonly total: bigint;
  readonly guarantee: bigint;
  readonly schedule: readonly RepaymentInstallment[];
  /** Null in the fork, which has no types. */
  readonly type: LoanTypeName | null;
}

/**
 * create_loan, in the published order of checks (docs/stellar.md#create-loan-checks): the first
 * failure wins. Guarantee and vendor are checked twice, as published: it doubles the calls but not
 * the outcome. The schedule is not checked.
 * @returns the loan's id, u64
 */
export function createLoan(host: Host, request: LoanRequest, rules: CreditlineRules): xdr.ScVal {
  host.requireAuth(request.user);
  const score = validateRequest(host, request, rules);
  validateLiquidity(host, request);
  return withoutReentry(host, Failure.ReentrancyDetected, () => {
    const loan = {
      ...buildLoan(host, request, { score, rules }),
      funded_at: host.ledger.timestamp,
    };
    raiseUserActiveDebt(host, request.user, loan.remaining_balance);
    writeLoan(host, loan);
    takeGuarantee(host, request);
    fundFromPool(host, request);
    host.emit(
      [symbol('LOANCRTD'), address.encode(request.user), address.encode(request.vendor)],
      vec([
        u64.encode(loan.loan_id),
        i128.encode(request.total),
        i128.encode(request.guarantee),
        (request.type === null ? plainSchedule : repaymentSchedule).encode(request.schedule),
      ]),
    );
    return u64.encode(loan.loan_id);
  });
}

/**
 * The checks of create_loan and request_loan before they call the pool.
 * @returns the borrower's score
 */
export function validateRequest(host: Host, request: LoanRequest, rules: CreditlineRules): number {
  validateGuarantee(host, request, rules);
  validateVendor(host, request.vendor);
  return validateReputation(host, request.user, rules);
}

function validateGuarantee(
  host: Host,
  { total, guarantee }: LoanRequest,
  rules: CreditlineRules,
): void {
  if (total <= 0n || guarantee <= 0n || guarantee > total) host.fail(Failure.InvalidAmount);
  const math = creditlineMath(host);
  const least = math.div(math.mul(total, parametersOf(host, rules).min_guarantee_percent), 100n);
  if (guarantee < least) host.fail(Failure.InsufficientGuarantee);
}

export function validateVendor(host: Host, vendor: string): void {
  const registry =
    linkedContract(host, creditlineKey.vendorRegistry) ?? host.fail(Failure.InvalidVendor);
  const reply = host.tryCall(registry, 'is_active', [address.encode(vendor)]);
  const active = reply.ok
    ? decodedOr(
        () => host.fail(Failure.VendorValidationFailed),
        () => bool.decode(reply.value),
      )
    : host.fail(Failure.VendorValidationFailed);
  if (!active) host.fail(Failure.VendorNotActive);
}

/**
 * Returns the score. A failing reputation contract fails the loan with its own error, because this
 * is not a try call.
 */
export function validateReputation(host: Host, user: string, rules: CreditlineRules): number {
  const reputation =
    linkedContract(host, creditlineKey.reputation) ?? host.fail(Failure.ParametersUnavailable);
  const score = u32.decode(host.call(reputation, 'get_score', [address.encode(user)]));
  if (score < parametersOf(host, rules).min_reputation_threshold)
    host.fail(Failure.InsufficientReputation);
  return score;
}

export function validateLiquidity(
  host: Host,
  { total, guarantee }: Pick<LoanRequest, 'total' | 'guarantee'>,
): void {
  const pool = linkedContract(host, creditlineKey.pool) ?? host.fail(Failure.InsufficientLiquidity);
  const required = creditlineMath(host).sub(total, guarantee);
  if (required === 0n) return;
  const stats = poolStats.decode(host.call(pool, 'get_pool_stats', []));
  if (stats.available_liquidity < required) host.fail(Failure.InsufficientLiquidity);
}

export function buildLoan(
  host: Host,
  request: LoanRequest,
  { score, rules }: { score: number; rules: CreditlineRules },
): Loan {
  validateGuarantee(host, request, rules);
  validateVendor(host, request.vendor);
  const math = creditlineMath(host);
  const rate = interestRateBps(score, parametersOf(host, rules).base_interest_bps);
  const { interest, serviceFee, owed } = charges(math, request.total, rate);
  const debt = math.add(userActiveDebt(host, request.user), owed);
  if (debt > creditLimit(score, rules.limitScale)) host.fail(Failure.ExposureLimitExceeded);
  return {
    loan_id: nextLoanId(host),
    borrower: request.user,
    vendor: request.vendor,
    total_amount: request.total,
    guarantee_amount: request.guarantee,
    interest_rate_bps: rate,
    interest_amount: interest,
    service_fee_amount: serviceFee,
    // The total, not the pool's part: a full repayment returns more than was locked
    // (docs/stellar.md#pool-arithmetic).
    principal_outstanding: request.total,
    interest_outstanding: interest,
    service_fee_outstanding: serviceFee,
    remaining_balance: owed,
    repayment_schedule: request.schedule,
    status: 'Active',
    loan_type: request.type,
    created_at: host.ledger.timestamp,
    funded_at: 0n,
    late_fees_outstanding: 0n,
    late_fee_accrual_timestamp: 0n,
  };
}

/** What the guarantee does not cover goes from the pool to the vendor. */
export function fundFromPool(
  host: Host,
  request: Pick<LoanRequest, 'vendor' | 'total' | 'guarantee'>,
): void {
  const pool = linkedContract(host, creditlineKey.pool) ?? host.fail(Failure.InsufficientLiquidity);
  const fromPool = creditlineMath(host).sub(request.total, request.guarantee);
  if (fromPool > 0n)
    host.call(pool, 'fund_loan', [
      address.encode(host.self),
      address.encode(request.vendor),
      i128.encode(fromPool),
    ]);
}

export function takeGuarantee(host: Host, { user, guarantee }: LoanRequest): void {
  const token = linkedContract(host, creditlineKey.token) ?? host.fail(Failure.TokenNotConfigured);
  host.call(token, 'transfer', [
    address.encode(user),
    address.encode(host.self),
    i128.encode(guarantee),
  ]);
}
