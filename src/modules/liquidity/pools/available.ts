/** Terms of `available` (docs/protocol.md#available), base units. Null before the first snapshot. */
export interface AvailableTerms {
  readonly total: bigint | null;
  readonly locked: bigint | null;
  readonly tokenBalance: bigint | null;
  readonly held: bigint;
  readonly inFlight: bigint;
  readonly buffer: bigint;
  /** Hundredths of a percent of the total that the contract lends at most; null: no limit. */
  readonly utilisationCapBps: number | null;
}
export interface Available {
  /**
   * min(total - locked, token balance) of the snapshot, within the contract's utilisation limit; null
   * before the first one.
   */
  readonly observed: bigint | null;
  /** What holds may still take; below zero in a shortfall. */
  readonly room: bigint;
  /** The room, never below zero. */
  readonly available: bigint;
  /** How much more is committed than was observed; 0 before the first snapshot. */
  readonly shortfall: bigint;
}

/** The formula in TypeScript; in SQL it is the function `available`. */
export function availableOf(terms: AvailableTerms): Available {
  const observed = observedOf(terms);
  const room = (observed ?? 0n) - terms.held - terms.inFlight - terms.buffer;
  return {
    observed,
    room,
    available: room > 0n ? room : 0n,
    shortfall: observed !== null && room < 0n ? -room : 0n,
  };
}

function observedOf(terms: AvailableTerms): bigint | null {
  const { total, locked, tokenBalance, utilisationCapBps } = terms;
  if (total === null || locked === null || tokenBalance === null) return null;
  return least(lendableOf(total, locked, utilisationCapBps) - locked, tokenBalance);
}

const BPS = 10_000n;

/**
 * What the contract would have lent out at most. Where more is lent than the limit allows, that much
 * and no more: the limit alone never makes a shortfall. In SQL it is the function `lendable`.
 */
function lendableOf(total: bigint, locked: bigint, capBps: number | null): bigint {
  if (capBps === null) return total;
  const capped = (total * BigInt(capBps)) / BPS;
  return least(total, capped > locked ? capped : locked);
}

const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);

/** The terms as a query reads them from a pool `p`. Amounts come as text. */
export const AVAILABLE_COLUMNS =
  'p.snapshot_total::text as total, p.snapshot_locked::text as locked, ' +
  'p.snapshot_token_balance::text as token_balance, ' +
  'p.held::text, p.in_flight::text, p.buffer::text, ' +
  'p.utilisation_cap_bps::float8 as utilisation_cap_bps';
/** What holds may still take of a pool `p`, in SQL. */
export const AVAILABLE =
  'available(lendable(p.snapshot_total, p.snapshot_locked, p.utilisation_cap_bps), ' +
  'p.snapshot_locked, p.snapshot_token_balance, p.held, p.in_flight, p.buffer)';
export interface AvailableRow {
  readonly total: string | null;
  readonly locked: string | null;
  readonly token_balance: string | null;
  readonly held: string;
  readonly in_flight: string;
  readonly buffer: string;
  readonly utilisation_cap_bps: number | null;
}
export const availableTermsOf = (row: AvailableRow): AvailableTerms => ({
  total: row.total === null ? null : BigInt(row.total),
  locked: row.locked === null ? null : BigInt(row.locked),
  tokenBalance: row.token_balance === null ? null : BigInt(row.token_balance),
  held: BigInt(row.held),
  inFlight: BigInt(row.in_flight),
  buffer: BigInt(row.buffer),
  utilisationCapBps: row.utilisation_cap_bps,
});
