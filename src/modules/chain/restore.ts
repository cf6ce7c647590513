import { Operation, SorobanDataBuilder, StrKey, type xdr } from '@stellar/stellar-sdk';
import { type FootprintOperation, footprintTransaction } from './footprint-operation.js';
import { readEntries } from './ledger-entries.js';
import type { NetworkSettings } from './network-settings.js';
import type { RpcClient } from './rpc-client.js';

/**
 * The operator replaces it with its own account and sequence before signing, as SEP-7's `replace`
 * does.
 */
const ZERO_ACCOUNT = StrKey.encodeEd25519PublicKey(new Uint8Array(32));
/** Bytes of a ledger entry around its data: its last modified ledger and the empty extension. */
const ENTRY_FRAME_BYTES = 8;

export interface RestoreRequest {
  readonly keys: readonly xdr.LedgerKey[];
  readonly settings: NetworkSettings;
  readonly networkPassphrase: string;
  /** Stroops. */
  readonly inclusionFee: bigint;
  /** Absent: the operator sets it. */
  readonly source?: FootprintOperation['source'];
}

/**
 * A transaction that restores archived entries: all of them, or as many as fit within the limits of
 * one transaction, so that repeating it restores the rest. Null when the node returns no figures
 * for it.
 * @throws HoldfastError CHAIN_UNREACHABLE
 */
export async function restoreTransaction(
  rpc: RpcClient,
  request: RestoreRequest,
): Promise<{ readonly xdr: string; readonly fee: bigint; readonly keys: number } | null> {
  const { settings, source = { address: ZERO_ACCOUNT, sequence: -1n }, ...place } = request;
  const keys = await fitting(rpc, request);
  if (keys.length === 0) return null;
  const restore = await footprintTransaction(rpc, {
    ...place,
    source,
    operation: Operation.restoreFootprint({}),
    footprint: new SorobanDataBuilder().setReadWrite([...keys]).build(),
  });
  if (
    !restore ||
    restore.data.resources.writeBytes > settings.transaction.writeBytes ||
    restore.data.resources.diskReadBytes > settings.transaction.diskReadBytes
  )
    return null;
  return { xdr: restore.xdr, fee: restore.fee, keys: keys.length };
}

/**
 * The largest first, because small entries are then easiest to restore on the way. An entry of
 * unknown size goes alone.
 */
async function fitting(
  rpc: RpcClient,
  { keys, settings }: RestoreRequest,
): Promise<readonly xdr.LedgerKey[]> {
  const entries = await readEntries(rpc, keys);
  const limits = settings.transaction;
  const most = Math.min(limits.writeBytes, limits.diskReadBytes);
  const sized = keys
    .map((key) => {
      const entry = entries.entry(key);
      return { key, bytes: entry ? entry.toXdr().length + ENTRY_FRAME_BYTES : most };
    })
    .toSorted((one, other) => other.bytes - one.bytes);
  let left = most;
  return sized
    .flatMap(({ key, bytes }) => {
      if (bytes > left) return [];
      left -= bytes;
      return [key];
    })
    .slice(0, Math.min(limits.writeEntries, limits.diskReadEntries));
}
