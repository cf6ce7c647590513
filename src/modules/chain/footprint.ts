import type { CounterWindow, TransactionLimit, WantedWindow } from './chain.js';
import type { LoanKeys } from './families/contract-family.js';
import type { NetworkSettings } from './network-settings.js';
import { nonRefundableFee, type Resources } from './resource-fee.js';
import {
  type BareResources,
  declaredResources,
  type Excess,
  excessOf,
  ledgerTakes,
  NO_WINDOW,
  windowBetween,
} from './resources.js';
import { archivedIn, type SorobanData, sorobanDataBytes } from './soroban-data.js';
import type { EncodedKey } from './xdr-cursor.js';

/**
 * Stroops on top of the computed fee. The network rounds each of eight parts up, so this covers far
 * more than rounding. The refundable part keeps the 15 % that Stellar RPC adds to its simulation.
 */
export const FEE_MARGIN = 1_000n;

export interface FootprintRequest {
  readonly data: SorobanData;
  /** Stroops, from the simulation. */
  readonly minResourceFee: bigint;
  readonly lendingContract: string;
  readonly borrower: string;
  /** Null where no landing changes another loan's keys: no window is needed. */
  readonly loanKeys: LoanKeys | null;
  /** The id that the call returned in simulation; null where loans have none. */
  readonly loanId: bigint | null;
  readonly window: WantedWindow;
  /**
   * Size of the transaction with `data` as it is, and every signature that its account may need.
   */
  readonly signedBytes: number;
}

export type Footprint =
  | {
      readonly kind: 'fits';
      /** XDR of the final SorobanTransactionData. */
      readonly data: Buffer;
      readonly resourceFee: bigint;
      readonly loanIdLast: bigint | null;
      readonly window: CounterWindow & { readonly fee: bigint };
      /** How many such transactions the limits of one ledger allow. */
      readonly perLedger: number;
    }
  | {
      readonly kind: 'window_too_small';
      readonly limit: TransactionLimit;
      readonly fits: CounterWindow;
    }
  | ({ readonly kind: 'over_limit' } & Excess);

/**
 * Beyond `least` and `plenty`, a window grows only while this many such transactions fit into one
 * ledger. Declared figures fill a ledger even when unused: with the widest windows two loans land
 * in a ledger, with narrow ones nine.
 */
const LEDGER_SHARE = 4;

/**
 * Declares what the transaction needs to land after its window's loans, with their keys in the
 * footprint (docs/stellar.md#loan-counter-conflict). Grants at least `least`, then what the limits
 * and `LEDGER_SHARE` allow; no window if the lending contract's loan keys are unknown.
 */
export function footprintOf(request: FootprintRequest, settings: NetworkSettings): Footprint {
  const plan = new Plan(request, settings);
  const alone = plan.excess(NO_WINDOW);
  if (alone) return { kind: 'over_limit', ...alone };
  const { least, wanted } = plan.knowsLoanKeys
    ? request.window
    : { least: NO_WINDOW, wanted: NO_WINDOW };
  const short = plan.excess(least);
  if (short)
    return { kind: 'window_too_small', limit: short.limit, fits: plan.most(NO_WINDOW, least) };
  const plenty = least.loans + (request.window.plenty ?? 0);
  const window = plan.most(
    least,
    wanted,
    (tried) => tried.loans > plenty && plan.perLedger(tried) < LEDGER_SHARE,
  );
  const resourceFee = plan.fee(window);
  return {
    kind: 'fits',
    data: plan.data(window, resourceFee),
    resourceFee,
    loanIdLast: request.loanId === null ? null : request.loanId + BigInt(window.loans),
    window: { ...window, fee: resourceFee - plan.fee(NO_WINDOW) },
    perLedger: plan.perLedger(window),
  };
}

class Plan {
  readonly knowsLoanKeys: boolean;
  readonly #bare: BareResources;
  /** Keys added whatever the window. */
  readonly #always: readonly EncodedKey[];
  /**
   * Total size of the keys that are always added, and the size of one loan's key, whatever its id.
   */
  readonly #keySizes: {
    readonly count: number;
    readonly bytes: number;
    readonly loanBytes: number;
  };

  constructor(
    private readonly request: FootprintRequest,
    private readonly settings: NetworkSettings,
  ) {
    const { data, lendingContract, loanId, loanKeys } = request;
    const { readOnly, readWrite } = data;
    const predicted =
      loanId === null || !loanKeys ? undefined : encodedLoanKey(loanKeys, lendingContract, loanId);
    this.knowsLoanKeys =
      predicted !== undefined && readWrite.some(({ bytes }) => bytes.equals(predicted.bytes));
    this.#always = loanKeys?.nextOfBorrower(readWrite, request) ?? [];
    this.#keySizes = {
      count: this.#always.length,
      bytes: this.#always.reduce((sum, { bytes }) => sum + bytes.length, 0),
      loanBytes: predicted?.bytes.length ?? 0,
    };
    const classicWriteEntries = readWrite.filter(isClassic).length;
    const classicReadEntries = readOnly.filter(isClassic).length + classicWriteEntries;
    const { instructions, diskReadBytes, writeBytes } = data;
    this.#bare = {
      instructions,
      diskReadBytes,
      writeBytes,
      classicReadEntries,
      classicWriteEntries,
      diskReadEntries: classicReadEntries + archivedIn(data).length,
      writeEntries: readWrite.length,
      footprintEntries: readOnly.length + readWrite.length,
      transactionBytes: request.signedBytes,
    };
  }

  excess(window: CounterWindow): Excess | null {
    return excessOf(this.#declared(window), this.settings.transaction);
  }

  perLedger(window: CounterWindow): number {
    return ledgerTakes(this.#declared(window), this.settings.ledger).count;
  }

  /**
   * The largest window between one that fits and another that is not `tooMuch`. Above a window that
   * is too large, all are too large, so each try halves the range.
   */
  most(
    from: CounterWindow,
    to: CounterWindow,
    tooMuch: (window: CounterWindow) => boolean = () => false,
  ): CounterWindow {
    let [best, above] = [from, to.loans];
    while (best.loans < above) {
      const window = windowBetween(from, to, best.loans + Math.ceil((above - best.loans) / 2));
      if (this.excess(window) || tooMuch(window)) above = window.loans - 1;
      else best = window;
    }
    return best;
  }

  /**
   * What the network charges for the declared resources, and what simulation found beyond them:
   * rent and events, with their margin.
   */
  fee(window: CounterWindow): bigint {
    const { fees } = this.settings;
    const refundable = this.request.minResourceFee - nonRefundableFee(this.#bare, fees);
    return (
      nonRefundableFee(this.#declared(window), fees) +
      (refundable > 0n ? refundable : 0n) +
      FEE_MARGIN
    );
  }

  data(window: CounterWindow, resourceFee: bigint): Buffer {
    const { data } = this.request;
    const { instructions, diskReadBytes, writeBytes } = this.#declared(window);
    return sorobanDataBytes({
      archived: data.archived,
      readOnly: data.readOnly,
      // The keys are appended, because the restore list refers to entries by their position.
      readWrite: [...data.readWrite, ...this.#keys(window)],
      instructions,
      diskReadBytes,
      writeBytes,
      resourceFee,
    });
  }

  #keys({ loans }: CounterWindow): EncodedKey[] {
    const { lendingContract, loanId, loanKeys } = this.request;
    const ahead =
      loanKeys && loanId !== null
        ? Array.from({ length: loans }, (_, index) =>
            encodedLoanKey(loanKeys, lendingContract, loanId + BigInt(index + 1)),
          )
        : [];
    return [...this.#always, ...ahead];
  }

  #declared(window: CounterWindow): Resources {
    const { count, bytes, loanBytes } = this.#keySizes;
    return declaredResources(this.#bare, window, {
      count: count + window.loans,
      bytes: bytes + window.loans * loanBytes,
    });
  }
}

/** Entries that are read from disk and hold no contract's state. */
const isClassic = ({ kind }: EncodedKey): boolean => kind === 'classic';

/** Loans that are asked for at one time name the same keys. */
const LOAN_KEYS_MAX = 4_096;
const knownLoanKeys = new WeakMap<LoanKeys, Map<string, EncodedKey>>();

function encodedLoanKey(loanKeys: LoanKeys, lendingContract: string, loanId: bigint): EncodedKey {
  const all = knownLoanKeys.get(loanKeys) ?? new Map<string, EncodedKey>();
  knownLoanKeys.set(loanKeys, all);
  const name = `${lendingContract} ${loanId}`;
  const known = all.get(name);
  if (known) return known;
  if (all.size >= LOAN_KEYS_MAX) all.clear();
  const bytes = Buffer.from(loanKeys.key(lendingContract, loanId).toXdr());
  const made: EncodedKey = { kind: 'data', bytes };
  all.set(name, made);
  return made;
}
