import { HoldfastError } from '../../../common/errors.js';
import type { PoolState, Signing } from '../reservation.js';

interface RuleWords {
  /** Of the table `pools`. */
  readonly column: string;
  /** Name of the option of `holdfast pools`, in camel case. */
  readonly option: string;
  /** The sentence of that option. Limits, unit and default are added to it. */
  readonly help: string;
  /** Description in the API document. */
  readonly request?: string;
  /** That of an answer, where it differs. */
  readonly answer?: string;
}
interface Limits {
  readonly least: number;
  readonly most: number;
  readonly default: number;
}
/**
 * What an operator sets for a pool. `share`: hundredths of a percent. `amount`: base units, which
 * operators write in token units. `percentile`: a name of `getFeeStats`.
 */
export type PoolRule = RuleWords &
  (
    | ({ readonly kind: 'number'; readonly unit?: string } & Limits)
    | ({ readonly kind: 'share' } & Limits)
    | { readonly kind: 'amount'; readonly default: bigint }
    | { readonly kind: 'switch'; readonly default: boolean }
    | { readonly kind: 'percentile'; readonly default: string }
    | { readonly kind: 'signing'; readonly default: Signing }
  );
interface Values {
  readonly number: number;
  readonly share: number;
  readonly amount: bigint;
  readonly switch: boolean;
  readonly percentile: string;
  readonly signing: Signing;
}

/**
 * The rules of a pool, once. Registry, early look, hold decision, API and command line read this
 * table; `migrations/functions/note_pool_rules.sql` names the columns whose changes are kept.
 */
export const POOL_RULES = {
  holdSeconds: {
    kind: 'number',
    column: 'hold_seconds',
    option: 'holdSeconds',
    least: 60,
    most: 86_400,
    unit: 'seconds',
    default: 300,
    help: 'how long a hold lives',
    request: 'How long a hold lasts',
    answer: 'T of a transaction is the newest close time plus this',
  },
  minSigningSeconds: {
    kind: 'number',
    column: 'min_signing_seconds',
    option: 'minSigning',
    least: 5,
    most: 3600,
    unit: 'seconds',
    default: 30,
    help: 'least time that a borrower must have to sign, shorter than the hold',
  },
  maxSnapshotAgeSeconds: {
    kind: 'number',
    column: 'max_snapshot_age_seconds',
    option: 'maxSnapshotAge',
    least: 1,
    most: 3600,
    unit: 'seconds',
    default: 30,
    help: 'no new hold when the last snapshot is older',
  },
  buffer: {
    kind: 'amount',
    column: 'buffer',
    option: 'buffer',
    default: 0n,
    help: 'token units that no hold may take',
    request: 'Never held for a loan, token units',
  },
  /** See docs/protocol.md#rebuild. */
  maxExtensionSeconds: {
    kind: 'number',
    column: 'max_extension_seconds',
    option: 'maxExtension',
    least: 0,
    most: 86_400,
    unit: 'seconds',
    default: 900,
    help: 'how far a rebuild may move the end of a hold beyond its first end',
    request: 'A rebuild may move the deadline this many seconds beyond the first one',
    answer: 'How far a rebuild may move T beyond the first one',
  },
  strict: {
    kind: 'switch',
    column: 'strict',
    option: 'strict',
    default: true,
    help: 'on: no more holds than can land in any order; off: some may need a rebuild',
    request:
      'on (the default): only as many holds as can land in any order (COUNTER_WINDOW_FULL). ' +
      'off: more holds, so that some transactions have to be rebuilt',
    answer:
      "Whether a hold is refused when the lending contract's live holds could no longer land in " +
      'any order, by loan ids and by bytes',
  },
  maxWalletShareBps: {
    kind: 'share',
    column: 'max_wallet_share_bps',
    option: 'maxWalletShare',
    least: 1,
    most: 10_000,
    default: 10_000,
    help: "most of the pool's observed total that one hold may take (100: no bound)",
    request:
      'Largest share of the observed total that one hold may have, hundredths of a percent; ' +
      '10000: no limit',
    answer:
      'Largest share of `total` that one hold may have, hundredths of a percent; 10000: no limit',
  },
  lapsesMax: {
    kind: 'number',
    column: 'lapses_max',
    option: 'lapses',
    least: 0,
    most: 100,
    default: 3,
    help:
      'a wallet that lets this many holds in a row lapse unsigned has to wait, 10 minutes and ' +
      'then twice as long each time (0: never)',
    request:
      'How many holds in a row a wallet may let lapse unsigned before it has to wait; 0: no limit',
    answer:
      'How many holds in a row a wallet may let lapse unsigned before it has to wait ' +
      '(`BORROWER_BACK_OFF`); 0: no limit',
  },
  feePercentile: {
    kind: 'percentile',
    column: 'fee_percentile',
    option: 'feePercentile',
    // nine of ten transactions of contracts paid this or less
    default: 'p90',
    help: 'what a transaction bids for inclusion, by what others paid',
    request:
      'A transaction bids what this share of transactions with contracts paid at most for inclusion ' +
      'in the newest 50 ledgers (`getFeeStats`)',
  },
  maxInclusionFee: {
    kind: 'number',
    column: 'max_inclusion_fee',
    option: 'maxInclusionFee',
    least: 100,
    most: 1_000_000_000,
    unit: 'stroops',
    // 100 times the usual floor, 0.01 XLM: still less than the resources of a funding cost
    default: 100_000,
    help: 'the most that it bids',
    request:
      'The most that a transaction bids for inclusion, stroops; the floor `INCLUSION_FEE` comes first',
    answer: 'The most that a transaction bids for inclusion, stroops',
  },
  /** See docs/protocol.md#signing-by-authorization. */
  signing: {
    kind: 'signing',
    column: 'signing',
    option: 'signing',
    default: 'transaction',
    help: 'what borrowers sign when the request does not say',
    request:
      'What the borrower signs when the request does not say: a transaction of its own account, or ' +
      'an authorization that the service lands',
  },
  holdsPerWallet: {
    kind: 'number',
    column: 'holds_per_wallet',
    option: 'holdsPerWallet',
    least: 1,
    most: 20,
    default: 1,
    help: 'live holds that a wallet may have when it signs the newest by authorization',
    request:
      'How many live holds a wallet may have when it signs the newest by authorization; by ' +
      'transaction it is one',
  },
} as const satisfies Readonly<Record<string, PoolRule>>;

type Table = typeof POOL_RULES;
export type RuleName = keyof Table;
/** Amounts are base units, durations seconds. */
export type StoredRules = { readonly [Name in RuleName]: Values[Table[Name]['kind']] };
/** As an operator writes them: an amount is text in token units. */
export type GivenRules = {
  readonly [Name in RuleName]: StoredRules[Name] extends bigint ? string : StoredRules[Name];
};
/** The rules that an operator may set at registration and later. */
export interface PoolRules extends Partial<StoredRules> {
  readonly name: string;
  readonly state: PoolState;
}

export const RULES: readonly (readonly [RuleName, PoolRule])[] = (
  Object.keys(POOL_RULES) as RuleName[]
).map((name) => [name, POOL_RULES[name]]);
export const DEFAULT_RULES = {
  ...(Object.fromEntries(RULES.map(([name, rule]) => [name, rule.default])) as StoredRules),
  state: 'active',
} as const satisfies Omit<PoolRules, 'name'>;

/** The rules of a pool as a query reads them. Amounts come as text. */
export const RULE_COLUMNS = RULES.map(([, { kind, column }]) =>
  kind === 'amount' ? `${column}::text` : column,
).join(', ');
export type RuleRow = Readonly<Record<string, unknown>>;
/** @param row from a query that selects RULE_COLUMNS */
export function rulesOf(row: RuleRow): StoredRules {
  const values = RULES.map(([name, { kind, column }]) => {
    const value = row[column];
    if (value === undefined || value === null) throw new Error(`a pool has no ${name}`);
    return [name, kind === 'amount' && typeof value === 'string' ? BigInt(value) : value];
  });
  return Object.fromEntries(values) as StoredRules;
}

/** The parts of an insert that begin at parameter `first`. */
export const insertedRules = (
  first: number,
): { readonly columns: string; readonly values: string } => ({
  columns: RULES.map(([, { column }]) => column).join(', '),
  values: RULES.map((_, index) => `$${first + index}`).join(', '),
});
/** The parts of an update that begin at parameter `first`; a rule that is left out stays. */
export const changedRules = (first: number): string =>
  RULES.map(([, { column }], index) => `${column} = coalesce($${first + index}, ${column})`).join(
    ', ',
  );
/** @param absent for rules that are left out; without it they are null */
export const ruleParameters = (
  rules: Partial<StoredRules>,
  absent: Partial<StoredRules> = {},
): unknown[] => RULES.map(([name]) => rules[name] ?? absent[name] ?? null);

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
