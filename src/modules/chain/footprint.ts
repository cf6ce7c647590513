import { SorobanDataBuilder, type xdr } from '@stellar/stellar-sdk';
import { loanKey } from './ledger.entries.js';
import type { NetworkSettings } from './network.settings.js';

/** Left free below the network's limits, so that a changed limit or a forgotten key does not make every envelope invalid. */
const ENTRIES_SPARE = 4;
/** State grows between simulation and inclusion (`stellar.md` C.7): resources get 15 % more, the fee 20 %, which also covers rounding per resource. */
const RESOURCE_PERCENT = 115;
const FEE_PERCENT = 120n;
const FEE_ROUNDING = 1_000n;

export interface Widening {
  readonly data: xdr.SorobanTransactionData;
  /** Stroops, without the margin. */
  readonly minResourceFee: bigint;
  readonly creditline: string;
  /** The id that create_loan returned in simulation. */
  readonly loanId: bigint;
  /** K: ids beyond that one. */
  readonly window: number;
}

export interface Widened { readonly data: xdr.SorobanTransactionData; readonly resourceFee: bigint; readonly loanIdLast: bigint; /** Stroops of the added keys. */ readonly windowFee: bigint }

/**
 * Adds the loan keys of the next K ids, so that the envelope still lands when others land first (`stellar.md` A.6), and a margin on resources and fee.
 * K shrinks to what the network lets one transaction write. An unused key is harmless but paid for: price of a written entry and its bytes.
 * A creditline that keeps its loans elsewhere is not widened: keys of a guessed layout would cost and not help.
 */
export function widened(request: Widening, settings: NetworkSettings): Widened {
  const { data, loanId } = request;
  const { readOnly, readWrite } = data.resources.footprint;
  const predicted = loanKey(request.creditline, loanId).toXdr('base64');
  const known = readWrite.some((key) => key.toXdr('base64') === predicted);
  const room = Math.min(settings.writeEntriesMax - readWrite.length, settings.footprintEntriesMax - readWrite.length - readOnly.length) - ENTRIES_SPARE;
  const extra = known ? Math.max(0, Math.min(request.window, room)) : 0;
  const keys = Array.from({ length: extra }, (_, index) => loanKey(request.creditline, loanId + BigInt(index + 1)));
  const windowFee = keys.reduce((sum, key) => sum + keyPrice(key, settings), 0n);
  const resourceFee = (request.minResourceFee * FEE_PERCENT + 99n) / 100n + FEE_ROUNDING + windowFee;
  const { instructions, diskReadBytes, writeBytes } = data.resources;
  const builder = new SorobanDataBuilder(data)
    .appendFootprint([], keys)
    .setResources(more(instructions, settings.instructionsMax), more(diskReadBytes, 0xffff_ffff), more(writeBytes, settings.writeBytesMax))
    .setResourceFee(resourceFee.toString());
  return { data: builder.build(), resourceFee, loanIdLast: loanId + BigInt(extra), windowFee };
}

/** Never below what simulation asked for, even when that is above the limit: then the node says so, not we. */
const more = (amount: number, max: number): number => Math.max(amount, Math.min(Math.ceil((amount * RESOURCE_PERCENT) / 100), max));

function keyPrice(key: xdr.LedgerKey, settings: NetworkSettings): bigint {
  const bytes = BigInt(key.toXdr().length);
  return settings.feePerWriteEntry + (bytes * (settings.feePerHistoryKb + settings.feePerBandwidthKb) + 1023n) / 1024n;
}
