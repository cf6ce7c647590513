import { Address, scValToNative, SorobanDataBuilder, xdr } from '@stellar/stellar-sdk';
import type { CounterWindow, FundingRequest, TransactionLimit } from './chain.js';
import { loanKey } from './ledger-entries.js';
import { LEDGER_LIMITS, type NetworkSettings } from './network-settings.js';
import { nonRefundableFee, type Resources } from './resource-fee.js';
import {
  type BareResources,
  declaredResources,
  type Excess,
  excessOf,
  windowBetween,
} from './resources.js';

/**
 * Stroops on top of the computed fee. Each of eight parts of a fee is rounded up by the network, so
 * this is far more than rounding. The
 * refundable part keeps the 15 % that Stellar RPC adds to what it simulated.
 */
export const FEE_MARGIN = 1_000n;

export interface FootprintRequest {
  readonly data: xdr.SorobanTransactionData;
  /** Stroops, of the simulation. */
  readonly minResourceFee: bigint;
  readonly creditline: string;
  readonly borrower: string;
  /** The id that create_loan returned in simulation. */
  readonly loanId: bigint;
  readonly window: FundingRequest['window'];
  /** Of the transaction with `data` as it is, and every signature that its account may need. */
  readonly signedBytes: number;
}

export type Footprint =
  | {
      readonly kind: 'fits';
      readonly data: xdr.SorobanTransactionData;
      readonly resourceFee: bigint;
      readonly loanIdLast: bigint;
      readonly window: CounterWindow & { readonly fee: bigint };
    }
  | {
      readonly kind: 'window_too_small';
      readonly limit: TransactionLimit;
      readonly fits: CounterWindow;
    }
  | ({ readonly kind: 'over_limit' } & Excess);

const NONE: CounterWindow = { loans: 0, bytes: 0 };

/**
 * Beyond what the live holds need and `plenty`, a window grows only as long as this many such
 * transactions fit into one ledger. Declared figures fill a ledger whether they are used or not:
 * with windows as wide
 * as a transaction may have, two loans land in a ledger where narrow ones let nine.
 */
const LEDGER_SHARE = 4;

/**
 * Declares what the transaction needs to land after the loans of its window, with the keys of their
 * ids in the footprint (docs/stellar.md#loan-counter-conflict). Grants as much of the wanted window
 * as the limits of one transaction and `LEDGER_SHARE` leave, never less than the least. A
 * creditline
 * that keeps its loans elsewhere gets no window: keys of a guessed layout would cost and not help.
 */
export function footprintOf(request: FootprintRequest, settings: NetworkSettings): Footprint {
  const plan = new Plan(request, settings);
  const alone = plan.excess(NONE);
  if (alone) return { kind: 'over_limit', ...alone };
  const { least, wanted } = plan.knowsLoanKeys ? request.window : { least: NONE, wanted: NONE };
  const short = plan.excess(least);
  if (short) return { kind: 'window_too_small', limit: short.limit, fits: plan.most(NONE, least) };
  const plenty = least.loans + (request.window.plenty ?? 0);
  const window = plan.most(least, wanted, (tried) => tried.loans > plenty && plan.crowds(tried));
  const resourceFee = plan.fee(window);
  return {
    kind: 'fits',
    data: plan.data(window, resourceFee),
    resourceFee,
    loanIdLast: request.loanId + BigInt(window.loans),
    window: { ...window, fee: resourceFee - plan.fee(NONE) },
  };
}

class Plan {
  readonly knowsLoanKeys: boolean;
  readonly #bare: BareResources;
  /** Added whatever the window. */
  readonly #always: readonly xdr.LedgerKey[];
  /** Of the keys that are always added, together; and of one loan's key, whatever its id. */
  readonly #keySizes: {
    readonly count: number;
    readonly bytes: number;
    readonly loanBytes: number;
  };

  constructor(
    private readonly request: FootprintRequest,
    private readonly settings: NetworkSettings,
  ) {
    const { data, creditline, loanId } = request;
    const { readOnly, readWrite } = data.resources.footprint;
    const predicted = loanKey(creditline, loanId);
    const text = predicted.toXdr('base64');
    this.knowsLoanKeys = readWrite.some((key) => key.toXdr('base64') === text);
    this.#always = nextUserLoanKeys(readWrite, request);
    this.#keySizes = {
      count: this.#always.length,
      bytes: this.#always.reduce((sum, key) => sum + key.toXdr().length, 0),
      loanBytes: predicted.toXdr().length,
    };
    const classicWriteEntries = readWrite.filter(isClassic).length;
    const classicReadEntries = readOnly.filter(isClassic).length + classicWriteEntries;
    const { instructions, diskReadBytes, writeBytes } = data.resources;
    this.#bare = {
      instructions,
      diskReadBytes,
      writeBytes,
      classicReadEntries,
      classicWriteEntries,
      diskReadEntries: classicReadEntries + archivedKeys(data).length,
      writeEntries: readWrite.length,
      footprintEntries: readOnly.length + readWrite.length,
      transactionBytes: request.signedBytes,
    };
  }

  excess(window: CounterWindow): Excess | null {
    return excessOf(this.#declared(window), this.settings.transaction);
  }

  /** Whether a ledger has room for fewer than `LEDGER_SHARE` such transactions. */
  crowds(window: CounterWindow): boolean {
    const declared = this.#declared(window);
    return LEDGER_LIMITS.some((name) => declared[name] * LEDGER_SHARE > this.settings.ledger[name]);
  }

  /**
   * The largest window on the way from one that fits to another, short of what is too much besides.
   * A window that is too large has no larger one that is not, so half of the rest goes with each
   * try.
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
   * What the network charges for all that is declared, and what simulation found beyond that: rent
   * and events, with its margin on them.
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

  data(window: CounterWindow, resourceFee: bigint): xdr.SorobanTransactionData {
    const { instructions, diskReadBytes, writeBytes } = this.#declared(window);
    // keys are appended: the restore list counts places in the list as it was
    return new SorobanDataBuilder(this.request.data)
      .appendFootprint([], this.#keys(window))
      .setResources(instructions, diskReadBytes, writeBytes)
      .setResourceFee(resourceFee.toString())
      .build();
  }

  #keys({ loans }: CounterWindow): xdr.LedgerKey[] {
    const ahead = Array.from({ length: loans }, (_, index) =>
      loanKey(this.request.creditline, this.request.loanId + BigInt(index + 1)),
    );
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
const isClassic = (key: xdr.LedgerKey): boolean =>
  key.type !== 'contractData' && key.type !== 'contractCode';

/** What has to be restored on the way, by the list that the simulation made. */
export function archivedKeys(data: xdr.SorobanTransactionData): xdr.LedgerKey[] {
  if (data.ext.type !== 'resourceExt') return [];
  return data.ext.value.archivedSorobanEntries.flatMap(
    (index) => data.resources.footprint.readWrite[index] ?? [],
  );
}

/**
 * The key after the borrower's own [UserLoanAt, borrower, n]: it is the one that a further loan of
 * the same borrower, landing first, moves
 * this one to (`same-borrower-fourth`). Taken from the footprint itself, so that its layout is not
 * guessed; none is added when it is not there.
 */
function nextUserLoanKeys(
  readWrite: readonly xdr.LedgerKey[],
  { creditline, borrower }: FootprintRequest,
): xdr.LedgerKey[] {
  return readWrite.flatMap((key) => {
    if (
      key.type !== 'contractData' ||
      Address.fromScAddress(key.value.contract).toString() !== creditline ||
      key.value.key.type !== 'scvVec'
    )
      return [];
    const [name, owner, index, ...others] = key.value.key.value ?? [];
    if (
      name?.type !== 'scvSymbol' ||
      String(name.value) !== 'UserLoanAt' ||
      owner?.type !== 'scvAddress' ||
      scValToNative(owner) !== borrower ||
      others.length > 0
    )
      return [];
    const next =
      index?.type === 'scvU64'
        ? xdr.ScVal.scvU64(index.value + 1n)
        : index?.type === 'scvU32'
          ? xdr.ScVal.scvU32(index.value + 1)
          : null;
    if (!next) return [];
    const { contract, durability } = key.value;
    return [
      xdr.LedgerKey.contractData(
        new xdr.LedgerKeyContractData({
          contract,
          durability,
          key: xdr.ScVal.scvVec([name, owner, next]),
        }),
      ),
    ];
  });
}
