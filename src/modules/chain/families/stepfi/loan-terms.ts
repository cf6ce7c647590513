import { I128_MAX } from '../../../../common/money.js';
import type { LoanConditions } from '../../chain.js';
import type { LoanPreview, PreviewAsked } from '../contract-family.js';
import { refusalBy } from '../error-tables.js';
import type { Traits } from './generations.js';

const BPS = 10_000n;
const SERVICE_FEE_BPS = 100n;
/**
 * By score, best first: the rate when no base rate is set, the discount on a base rate, and the
 * credit limit in the contract's raw units.
 */
const TIERS = [
  { score: 90, rate: 400, discount: 600, limit: 10_000n },
  { score: 75, rate: 600, discount: 400, limit: 5_000n },
  { score: 60, rate: 800, discount: 200, limit: 2_500n },
  { score: 0, rate: 1_000, discount: 0, limit: 1_000n },
] as const;
/**
 * While the parameters cannot be read, the contract refuses. The amounts are computed with its
 * defaults.
 */
const UNREAD = { baseInterestBps: 0, minGuaranteePercent: 20n, minReputation: 50 } as const;

/**
 * The arithmetic and the checks of create_loan in their published order, on exact integers
 * (docs/stellar.md#create-loan-checks, docs/stellar.md#units-and-credit-limits). Written from the
 * contract's description; `test/proofs/quote-property.spec.ts` compares it with the sandbox's
 * model.
 */
export function previewOf(
  { scalesLimitsOf, errors }: Traits,
  { totalAmount: total, guaranteeAmount, decimals }: PreviewAsked,
  conditions: LoanConditions,
): LoanPreview {
  const limitScale = scalesLimitsOf === null ? 1n : 10n ** BigInt(decimals);
  const parameters = conditions.parameters ?? UNREAD;
  const share = total * parameters.minGuaranteePercent;
  const least = share / 100n > 1n ? share / 100n : 1n;
  const guarantee = guaranteeAmount ?? least;
  const tier = TIERS.find(({ score }) => (conditions.score ?? 0) >= score) ?? TIERS[3];
  const interestRateBps =
    parameters.baseInterestBps === 0
      ? tier.rate
      : Math.max(0, parameters.baseInterestBps - tier.discount);
  const products = [total * BigInt(interestRateBps), total * SERVICE_FEE_BPS] as const;
  const [interest, serviceFee] = [products[0] / BPS, products[1] / BPS];
  const owed = total + interest + serviceFee;
  const creditLimit = tier.limit * limitScale;
  const funded = total - guarantee;
  const number = firstFailure({
    conditions,
    minReputation: parameters.minReputation,
    total,
    guarantee,
    share,
    funded,
    overflows: [...products, owed, conditions.activeDebt + owed].some(
      (amount) => amount > I128_MAX,
    ),
    exceeds: conditions.activeDebt + owed > creditLimit,
  });
  return {
    leastGuarantee: least,
    guarantee,
    funded,
    interestRateBps,
    interest,
    serviceFee,
    owed,
    creditLimit,
    refusal: number === null ? null : refusalBy(errors, 'lending_contract', number),
  };
}

interface ContractCheck {
  readonly conditions: LoanConditions;
  readonly minReputation: number;
  readonly total: bigint;
  readonly guarantee: bigint;
  readonly share: bigint;
  readonly funded: bigint;
  readonly overflows: boolean;
  readonly exceeds: boolean;
}

/**
 * The number of the creditline's error, in the order of its checks. The token's checks come later,
 * and only a simulation runs them.
 */
function firstFailure({
  conditions,
  minReputation,
  total,
  guarantee,
  share,
  funded,
  overflows,
  exceeds,
}: ContractCheck): number | null {
  if (total <= 0n || guarantee <= 0n || guarantee > total) return 9;
  if (conditions.parameters === null) return 20;
  if (share > I128_MAX) return 10;
  if (guarantee < share / 100n) return 2;
  if (conditions.vendor === 'no_registry') return 16;
  if (conditions.vendor === 'unanswered') return 17;
  if (conditions.vendor === 'inactive') return 3;
  if (conditions.score === null) return 20;
  if (conditions.score < minReputation) return 4;
  if (conditions.poolAvailable === null) return 5;
  if (funded > 0n && conditions.poolAvailable < funded) return 5;
  if (conditions.lendingContractLocked) return 21;
  if (overflows) return 10;
  return exceeds ? 18 : null;
}
