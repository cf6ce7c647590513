import type { AvailableTerms } from '../pools/available.js';
import type { ContractLimits, HoldOutcome, VendorFunded } from '../reservation.js';

/**
 * The limits that a pool's contract sets itself, as bounds on what may be held
 * (docs/protocol.md#contract-limits). Amounts are base units.
 */

/** What the outflow cap looks at. */
export interface OutflowConditions {
  readonly capBps: number;
  /** What the contract calls available: total - locked, less settled loans that it lacks yet. */
  readonly unlocked: bigint;
  /** Sum of the pool's live holds, which may all land in one ledger. */
  readonly held: bigint;
}
/** What the cap of a vendor looks at. */
export interface VendorConditions {
  readonly cap: bigint;
  readonly funded: bigint;
  /** As of this ledger of `funded`. */
  readonly atLedger: number;
  /** Live holds for this vendor, and those that settled after `atLedger`. */
  readonly held: bigint;
}
type Refused = Extract<HoldOutcome, { readonly kind: 'refused' }>;

const BPS = 10_000n;

/** The most that one loan may take, when it lands alone in its ledger. */
export const outflowCapOf = ({ unlocked, capBps }: OutflowConditions): bigint =>
  (positive(unlocked) * BigInt(capBps)) / BPS;
/**
 * The most that loans may take together, when all land in one ledger. Each of them raises what is
 * used and lowers what is available, so the cap counts it twice.
 */
export const safeSumOf = ({ unlocked, capBps }: OutflowConditions): bigint =>
  (positive(unlocked) * BigInt(capBps)) / (BPS + BigInt(capBps));

const positive = (amount: bigint): bigint => (amount > 0n ? amount : 0n);

/** Null: the contract has no outflow cap, or the pool no snapshot. */
export const outflowOf = (
  { total, locked, held, inFlight }: AvailableTerms,
  { outflowCapBps: capBps }: ContractLimits,
): OutflowConditions | null =>
  capBps === null || total === null || locked === null
    ? null
    : { capBps, unlocked: total - locked - inFlight, held };

/** Null: the contract has no cap for vendors, or what it funded is not known. */
export const vendorOf = (
  { vendorCap: cap }: ContractLimits,
  funded: VendorFunded | null,
  held: bigint,
): VendorConditions | null =>
  cap === null || funded === null
    ? null
    : { cap, funded: funded.amount, atLedger: funded.ledger, held };

/** A loan that lands alone needs only the cap; with others, the sum must be safe in any order. */
export function outflowRefusal(
  outflow: OutflowConditions | null,
  amount: bigint,
  atLedger: number | null,
): Refused | null {
  if (!outflow) return null;
  const { capBps, held } = outflow;
  const [cap, safeSum] = [outflowCapOf(outflow), safeSumOf(outflow)];
  const facts = { capBps, asked: amount.toString(), atLedger: atLedger ?? 0 };
  if (amount > cap)
    return {
      kind: 'refused',
      code: 'OUTFLOW_CAP_EXCEEDED',
      facts: { ...facts, cap: cap.toString() },
    };
  if (held <= 0n || held + amount <= safeSum) return null;
  return {
    kind: 'refused',
    code: 'OUTFLOW_CAP_REACHED',
    facts: { ...facts, safeSum: safeSum.toString(), held: held.toString() },
  };
}

export function vendorRefusal(vendor: VendorConditions | null, amount: bigint): Refused | null {
  if (!vendor) return null;
  const { cap, funded, held, atLedger } = vendor;
  if (funded + held + amount <= cap) return null;
  return {
    kind: 'refused',
    code: funded + amount > cap ? 'VENDOR_CAP_EXCEEDED' : 'VENDOR_CAP_REACHED',
    facts: {
      cap: cap.toString(),
      funded: funded.toString(),
      held: held.toString(),
      asked: amount.toString(),
      atLedger,
    },
  };
}
