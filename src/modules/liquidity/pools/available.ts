/** Terms of `available` (docs/protocol.md#available), base units. Null before the first snapshot. */
export interface AvailableTerms {
  readonly total: bigint | null;
  readonly locked: bigint | null;
  readonly tokenBalance: bigint | null;
  readonly held: bigint;
  readonly inFlight: bigint;
  readonly buffer: bigint;
}
export interface Available {
  /** min(total - locked, token balance) of the snapshot; null before the first one. */
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

function observedOf({ total, locked, tokenBalance }: AvailableTerms): bigint | null {
  if (total === null || locked === null || tokenBalance === null) return null;
  const unlocked = total - locked;
  return unlocked < tokenBalance ? unlocked : tokenBalance;
}

/** The terms as a query reads them from a pool `p`. Amounts come as text. */
export const AVAILABLE_COLUMNS =
  'p.snapshot_total::text as total, p.snapshot_locked::text as locked, ' +
  'p.snapshot_token_balance::text as token_balance, ' +
  'p.held::text, p.in_flight::text, p.buffer::text';
export interface AvailableRow {
  readonly total: string | null;
  readonly locked: string | null;
  readonly token_balance: string | null;
  readonly held: string;
  readonly in_flight: string;
  readonly buffer: string;
}
export const availableTermsOf = (row: AvailableRow): AvailableTerms => ({
  total: row.total === null ? null : BigInt(row.total),
  locked: row.locked === null ? null : BigInt(row.locked),
  tokenBalance: row.token_balance === null ? null : BigInt(row.token_balance),
  held: BigInt(row.held),
  inFlight: BigInt(row.in_flight),
  buffer: BigInt(row.buffer),
});
