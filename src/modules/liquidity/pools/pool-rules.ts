import { HoldfastError } from '../../../common/errors.js';
import type { PoolState } from '../reservation.js';

/**
 * The rules of a pool that an operator sets, in one table: the column, and the default when a
 * registration leaves it out. Registry, early look and hold decision use this table.
 */
export interface StoredRules {
  readonly holdSeconds: number;
  /** Minimum time that a borrower has to sign. */
  readonly minSigningSeconds: number;
  readonly maxSnapshotAgeSeconds: number;
  /** Base units that no hold may take. */
  readonly buffer: bigint;
  /** How far a rebuild may move T beyond the first T (docs/protocol.md#rebuild). */
  readonly maxExtensionSeconds: number;
  /** Refuses a new hold when the live ones could not land in any order. */
  readonly strict: boolean;
  /** The largest share of the observed total for one hold, hundredths of a percent, 1 to 10000. */
  readonly maxWalletShareBps: number;
  /**
   * How many holds in a row a wallet may let lapse unsigned before it has to wait; 0: it never
   * waits.
   */
  readonly lapsesMax: number;
  /** Percentile of the node's inclusion fees that an envelope bids. */
  readonly feePercentile: string;
  /** The most that an envelope bids for inclusion, stroops. */
  readonly maxInclusionFee: number;
}
interface Rule {
  readonly column: string;
  readonly absent?: string;
}
const RULES: Readonly<Record<keyof StoredRules, Rule>> = {
  holdSeconds: { column: 'hold_seconds' },
  minSigningSeconds: { column: 'min_signing_seconds' },
  maxSnapshotAgeSeconds: { column: 'max_snapshot_age_seconds' },
  buffer: { column: 'buffer' },
  maxExtensionSeconds: { column: 'max_extension_seconds', absent: '900' },
  strict: { column: 'strict', absent: 'true' },
  maxWalletShareBps: { column: 'max_wallet_share_bps', absent: '10000' },
  lapsesMax: { column: 'lapses_max', absent: '3' },
  // nine of ten transactions of contracts paid this or less
  feePercentile: { column: 'fee_percentile', absent: "'p90'" },
  // 100 times the usual floor, 0.01 XLM: still less than the resources of a funding cost
  maxInclusionFee: { column: 'max_inclusion_fee', absent: '100000' },
};
type Field = keyof StoredRules;
const FIELDS = Object.keys(RULES) as Field[];
const columnOf = (field: Field): string => RULES[field].column;

type Left =
  | 'maxExtensionSeconds'
  | 'strict'
  | 'maxWalletShareBps'
  | 'lapsesMax'
  | 'feePercentile'
  | 'maxInclusionFee';
/**
 * The rules that an operator may set at registration and later. Amounts are base units, durations
 * seconds.
 */
export interface PoolRules extends Omit<StoredRules, Left>, Partial<Pick<StoredRules, Left>> {
  readonly name: string;
  readonly state: PoolState;
}
export const DEFAULT_RULES = {
  holdSeconds: 300,
  minSigningSeconds: 30,
  maxSnapshotAgeSeconds: 30,
  buffer: 0n,
  state: 'active',
  strict: true,
} as const satisfies Omit<PoolRules, 'name'>;

/** The rules of a pool as a query reads them. Amounts come as text. */
export const RULE_COLUMNS = FIELDS.map((field) =>
  field === 'buffer' ? 'buffer::text' : columnOf(field),
).join(', ');
export type RuleRow = Readonly<Record<string, unknown>>;
/** @param row from a query that selects RULE_COLUMNS */
export function rulesOf(row: RuleRow): StoredRules {
  const values = FIELDS.map((field) => {
    const value = row[columnOf(field)];
    if (value === undefined || value === null) throw new Error(`a pool has no ${field}`);
    return [field, field === 'buffer' && typeof value === 'string' ? BigInt(value) : value];
  });
  return Object.fromEntries(values) as StoredRules;
}

/** The parts of an insert that begin at parameter `first`. */
export const insertedRules = (
  first: number,
): { readonly columns: string; readonly values: string } => ({
  columns: FIELDS.map(columnOf).join(', '),
  values: FIELDS.map((field, index) => {
    const { absent } = RULES[field];
    return absent === undefined ? `$${first + index}` : `coalesce($${first + index}, ${absent})`;
  }).join(', '),
});
/** The parts of an update that begin at parameter `first`; a rule that is left out stays. */
export const changedRules = (first: number): string =>
  FIELDS.map(columnOf)
    .map((column, index) => `${column} = coalesce($${first + index}, ${column})`)
    .join(', ');
export const ruleParameters = (rules: Partial<StoredRules>): unknown[] =>
  FIELDS.map((field) => rules[field] ?? null);

type Times = Pick<StoredRules, 'minSigningSeconds' | 'holdSeconds'>;
/**
 * @param changed what is left out stays as in `known`
 * @throws HoldfastError VALIDATION_FAILED when no hold would leave the least time to sign
 */
export function checkSigningTime(
  changed: { readonly [Name in keyof Times]?: number | undefined },
  known: Times,
): void {
  const least = changed.minSigningSeconds ?? known.minSigningSeconds;
  if (least < (changed.holdSeconds ?? known.holdSeconds)) return;
  throw new HoldfastError(
    'VALIDATION_FAILED',
    'The least signing time must be shorter than the hold time.',
    { errors: [{ field: 'minSigningSeconds', message: 'must be shorter than holdSeconds' }] },
  );
}
