import type { CounterWindow, TransactionLimit } from './chain.js';
import type { Generation } from './families/contract-family.js';
import { familyOf } from './families/families.js';
import { FEE_MARGIN } from './footprint.js';
import { LEDGER_LIMITS, type NetworkSettings } from './network-settings.js';
import { eventsFee, nonRefundableFee, rentOfNew, type Resources } from './resource-fee.js';
import {
  type AddedKeys,
  type BareResources,
  declaredResources,
  excessOf,
  ledgerTakes,
  NO_WINDOW,
  windowBetween,
} from './resources.js';

/**
 * What create_loan of a generation's contracts takes, as simulated: for one instalment, and for each
 * further one.
 */
interface Measured {
  readonly instructions: number;
  readonly writeBytes: number;
  readonly transactionBytes: number;
  readonly eventBytes: number;
}
/** Of the footprint. */
interface LoanEntries {
  readonly readWrite: number;
  readonly all: number;
  /** Accounts and trustlines. */
  readonly classic: number;
  /** Bytes of what a borrower's first loan creates, besides the loan's own entry. */
  readonly created: readonly number[];
}
interface LoanCost {
  readonly first: Measured;
  readonly further: Measured;
  readonly entries: LoanEntries;
  /** Numbers of instalments of the rows. */
  readonly instalments: readonly number[];
}
type MeasuredGeneration = Extract<Generation, 'g1' | 'trustup' | 'reserve'>;

/** Created are debt, count and number of the borrower's loans. */
const STEPFI = {
  entries: { readWrite: 10, all: 20, classic: 2, created: [156, 156, 148] },
  instalments: [1, 4, 12, 24, 60],
};

/**
 * StepFi: `sizes` and landings of `test/recorded` g1. TrustUp: `test/recorded/trustup.json`;
 * transaction and event bytes are computed from its argument layout. The reserve: as the local
 * network runs it, because no real host has.
 */
const COSTS: Readonly<Record<MeasuredGeneration, LoanCost>> = {
  g1: {
    first: {
      instructions: 12_158_894,
      writeBytes: 3_320,
      transactionBytes: 2_436,
      eventBytes: 860,
    },
    further: { instructions: 24_307, writeBytes: 124, transactionBytes: 248, eventBytes: 124 },
    ...STEPFI,
  },
  trustup: {
    first: { instructions: 9_960_000, writeBytes: 3_224, transactionBytes: 2_284, eventBytes: 812 },
    further: { instructions: 15_593, writeBytes: 76, transactionBytes: 152, eventBytes: 76 },
    ...STEPFI,
  },
  reserve: {
    first: { instructions: 2_504_914, writeBytes: 804, transactionBytes: 892, eventBytes: 464 },
    further: { instructions: 0, writeBytes: 0, transactionBytes: 0, eventBytes: 0 },
    entries: { readWrite: 4, all: 6, classic: 1, created: [144] },
    instalments: [1],
  },
};
const ACCOUNT_BYTES = 144;
/** Ledgers that the lending contract pays for: 120 days of 5 seconds. */
const LOAN_LEDGERS = 2_073_600;
const LOAN_KEY_BYTES = 88;
const USER_LOAN_KEY_BYTES = 116;
/**
 * What Stellar RPC adds to the refundable part of the fee, percent, and to the size of a
 * transaction: room for 20 signatures and every precondition.
 */
const REFUNDABLE_PERCENT = 115n;
const SIMULATED_SIZE = { added: 1_700, percent: 110 };
const INCLUSION_FEE = 1_000n;
const SECONDS_OF_LEDGER = 5;

export interface CapacityRow {
  readonly generation: MeasuredGeneration;
  readonly instalments: number;
  /** K that was requested. */
  readonly wanted: number;
  /** K that the limits of one transaction allow. */
  readonly granted: number;
  readonly declared: Resources;
  readonly perLedger: number;
  readonly perMinute: number;
  /** The limit that a ledger reaches first. */
  readonly boundBy: TransactionLimit;
  /** Stroops of a loan, and the part of them that pays for the window. */
  readonly fee: bigint;
  readonly windowFee: bigint;
  /** With the earlier rule: 15 % more resources and 20 % more fee, whatever the window. */
  readonly before: { readonly perLedger: number; readonly landing: number; readonly fee: bigint };
}

const CAPACITY_GENERATIONS: readonly MeasuredGeneration[] = ['g1', 'trustup', 'reserve'];
const CAPACITY_WINDOWS = [0, 4, 12, 24, 48];

/**
 * How many loans to one pool one ledger of the network can carry, by number of instalments and size
 * of the window.
 */
export function capacity(settings: NetworkSettings): CapacityRow[] {
  return CAPACITY_GENERATIONS.flatMap((generation) =>
    COSTS[generation].instalments.flatMap((instalments) =>
      windowsOf(generation).map((wanted) => rowOf(settings, { generation, instalments, wanted })),
    ),
  );
}

/** Loans without ids harm each other in no order, so they need no window. */
const windowsOf = (generation: MeasuredGeneration): readonly number[] =>
  familyOf(generation).loanKeys ? CAPACITY_WINDOWS : [0];

function rowOf(
  settings: NetworkSettings,
  {
    generation,
    instalments,
    wanted,
  }: { generation: MeasuredGeneration; instalments: number; wanted: number },
): CapacityRow {
  const entry = familyOf(generation).lending.loanEntryBytes({
    instalments,
    loanType: 'standard',
  });
  const cost = costOf(generation, instalments);
  const bare = bareOf(cost, COSTS[generation].entries);
  const declare = (window: CounterWindow): Resources =>
    declaredResources(bare, window, keysOf(generation, window));
  const whole = { loans: wanted, bytes: wanted * entry };
  let granted = NO_WINDOW;
  for (let loans = wanted; loans > 0; loans--) {
    granted = windowBetween(NO_WINDOW, whole, loans);
    if (!excessOf(declare(granted), settings.transaction)) break;
  }
  const declared = declare(granted);
  const { fees, rent } = settings;
  const entries = [...(entry > 0 ? [entry] : []), ...COSTS[generation].entries.created].map(
    (bytes) => ({
      bytes,
      ledgers: LOAN_LEDGERS,
    }),
  );
  const refundable =
    ((rentOfNew(entries, rent, fees) + eventsFee(cost.eventBytes, fees)) * REFUNDABLE_PERCENT) /
    100n;
  const simulatedSize = Math.floor(
    ((cost.transactionBytes + SIMULATED_SIZE.added) * SIMULATED_SIZE.percent) / 100,
  );
  const minResourceFee =
    nonRefundableFee({ ...bare, transactionBytes: simulatedSize }, fees) + refundable;
  const feeOf = (resources: Resources): bigint =>
    INCLUSION_FEE +
    nonRefundableFee(resources, fees) +
    minResourceFee -
    nonRefundableFee(bare, fees) +
    FEE_MARGIN;
  const { count: perLedger, limit: boundBy } = ledgerTakes(declared, settings.ledger);
  return {
    generation,
    instalments,
    wanted,
    granted: granted.loans,
    declared,
    perLedger,
    boundBy,
    perMinute: (perLedger * 60) / SECONDS_OF_LEDGER,
    fee: feeOf(declared),
    windowFee: feeOf(declared) - feeOf(declare(NO_WINDOW)),
    before: before(settings, bare, { wanted, entry, minResourceFee }),
  };
}

/** What a loan uses when it lands alone. */
const bareOf = (cost: Measured, used: LoanEntries): BareResources => ({
  instructions: cost.instructions,
  diskReadEntries: used.classic,
  diskReadBytes: used.classic * ACCOUNT_BYTES,
  writeEntries: used.readWrite,
  writeBytes: cost.writeBytes,
  footprintEntries: used.all,
  transactionBytes: cost.transactionBytes,
  classicReadEntries: used.classic,
  classicWriteEntries: used.classic,
});

function costOf(generation: MeasuredGeneration, instalments: number): Measured {
  const { first, further } = COSTS[generation];
  const more = instalments - 1;
  return {
    instructions: first.instructions + more * further.instructions,
    writeBytes: first.writeBytes + more * further.writeBytes,
    transactionBytes: first.transactionBytes + more * further.transactionBytes,
    eventBytes: first.eventBytes + more * further.eventBytes,
  };
}

/** The loan keys of the window, and the borrower's own next key. */
const keysOf = (generation: MeasuredGeneration, { loans }: CounterWindow): AddedKeys =>
  familyOf(generation).loanKeys
    ? { count: loans + 1, bytes: loans * LOAN_KEY_BYTES + USER_LOAN_KEY_BYTES }
    : { count: 0, bytes: 0 };

/**
 * The rule until November 2026, for comparison: 15 % on resources, 20 % and 1,000 stroops on the
 * fee, and the price of the added keys.
 */
function before(
  settings: NetworkSettings,
  bare: BareResources,
  { wanted, entry, minResourceFee }: { wanted: number; entry: number; minResourceFee: bigint },
): CapacityRow['before'] {
  const { fees } = settings;
  const more = (amount: number): number => Math.ceil((amount * 115) / 100);
  const declared: Resources = {
    ...bare,
    instructions: more(bare.instructions),
    writeBytes: more(bare.writeBytes),
    diskReadBytes: more(bare.diskReadBytes),
    writeEntries: bare.writeEntries + wanted,
    transactionBytes: bare.transactionBytes + wanted * LOAN_KEY_BYTES,
  };
  const keyPrice =
    fees.perWriteEntry +
    (BigInt(LOAN_KEY_BYTES) * (fees.perHistoryKb + fees.perBandwidthKb) + 1023n) / 1024n;
  const perLedger = ledgerTakes(declared, settings.ledger).count;
  // without an entry of its own no loan is in the way of another
  const landing =
    entry === 0
      ? perLedger
      : Math.min(
          perLedger,
          wanted + 1,
          1 + Math.floor((declared.writeBytes - bare.writeBytes) / entry),
        );
  return {
    perLedger,
    landing,
    fee: INCLUSION_FEE + (minResourceFee * 120n + 99n) / 100n + 1_000n + BigInt(wanted) * keyPrice,
  };
}

const WORDS: Readonly<Record<TransactionLimit, string>> = {
  instructions: 'instructions',
  diskReadEntries: 'disk reads',
  diskReadBytes: 'disk read bytes',
  writeEntries: 'written entries',
  writeBytes: 'written bytes',
  footprintEntries: 'footprint',
  transactionBytes: 'transaction bytes',
};
const NAMES: Readonly<Record<MeasuredGeneration, string>> = {
  g1: 'StepFi',
  trustup: 'TrustUp',
  reserve: 'A reserve, as the local network runs it',
};
const digits = (value: number | bigint): string => value.toLocaleString('en-US');

/** The same as Markdown: settings, then a table for each generation. */
export function capacityPage(settings: NetworkSettings): string {
  const rows = capacity(settings);
  const { transaction, ledger, fees } = settings;
  const limits = LEDGER_LIMITS.map(
    (limit) => `| ${WORDS[limit]} | ${digits(transaction[limit])} | ${digits(ledger[limit])} |`,
  );
  const tables = CAPACITY_GENERATIONS.flatMap((generation) => [
    '',
    `### ${NAMES[generation]}`,
    '',
    '| instalments | K wanted | K granted | written bytes | instructions | loans a ledger ' +
      '| a minute | bound by | fee | of it the window | before: fee | before: a ledger | of ' +
      'them land |',
    '|--:|--:|--:|--:|--:|--:|--:|---|--:|--:|--:|--:|--:|',
    ...rows.filter((row) => row.generation === generation).map(lineOf),
  ]);
  return [
    '| limit | one transaction | one ledger |',
    '|---|--:|--:|',
    ...limits,
    '',
    `Prices in stroops: ${digits(fees.per10000Instructions)} for 10,000 instructions, ` +
      `${digits(fees.perWriteEntry)} for a written entry, ${digits(fees.perWriteKb)} for ` +
      `1,024 written bytes, ${digits(fees.perHistoryKb + fees.perBandwidthKb)} for 1,024 ` +
      'bytes of transaction.',
    ...tables,
  ].join('\n');
}

const lineOf = ({
  instalments,
  wanted,
  granted,
  declared,
  perLedger,
  perMinute,
  boundBy,
  fee,
  windowFee,
  before: old,
}: CapacityRow): string =>
  `| ${[
    instalments,
    wanted,
    granted,
    declared.writeBytes,
    declared.instructions,
    perLedger,
    perMinute,
  ]
    .map(digits)
    .join(
      ' | ',
    )} | ${WORDS[boundBy]} | ${[fee, windowFee, old.fee, old.perLedger, old.landing].map(digits).join(' | ')} |`;
