import {
  Account,
  Operation,
  SorobanDataBuilder,
  StrKey,
  TransactionBuilder,
  xdr,
} from '@stellar/stellar-sdk';
import { decodeReply } from './chain-trouble.js';
import { readEntries } from './ledger-entries.js';
import type { NetworkSettings } from './network-settings.js';
import type { RpcClient } from './rpc-client.js';
import { simulate } from './simulation.js';

const METHOD = 'simulateTransaction';
/**
 * The operator replaces it with its own account and sequence before signing, as SEP-7's `replace`
 * does.
 */
const ZERO_ACCOUNT = StrKey.encodeEd25519PublicKey(new Uint8Array(32));
/** Bytes of a ledger entry around its data: its last modified ledger and the empty extension. */
const ENTRY_FRAME_BYTES = 8;
const FEE_PERCENT = 110n;

export interface RestoreRequest {
  readonly keys: readonly xdr.LedgerKey[];
  readonly settings: NetworkSettings;
  readonly networkPassphrase: string;
  /** Stroops. */
  readonly inclusionFee: number;
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
): Promise<{ readonly xdr: string } | null> {
  const { settings, networkPassphrase, inclusionFee } = request;
  const keys = await fitting(rpc, request);
  if (keys.length === 0) return null;
  const footprint = new SorobanDataBuilder().setReadWrite([...keys]).build();
  const built = (sorobanData: xdr.SorobanTransactionData, fee: bigint): string =>
    new TransactionBuilder(new Account(ZERO_ACCOUNT, '-1'), {
      fee: String(fee),
      networkPassphrase,
      timebounds: { minTime: 0, maxTime: 0 },
      sorobanData,
    })
      .addOperation(Operation.restoreFootprint({}))
      .build()
      .toXdr();
  const reply = await simulate(rpc, built(footprint, BigInt(inclusionFee)));
  const { transactionData, minResourceFee } = reply;
  if (reply.error !== undefined || transactionData === undefined || minResourceFee === undefined)
    return null;
  return decodeReply(METHOD, () => {
    const data = xdr.SorobanTransactionData.fromXdr(transactionData, 'base64');
    if (
      data.resources.writeBytes > settings.transaction.writeBytes ||
      data.resources.diskReadBytes > settings.transaction.diskReadBytes
    )
      return null;
    const resourceFee = (BigInt(minResourceFee) * FEE_PERCENT) / 100n;
    return {
      xdr: built(
        new SorobanDataBuilder(data).setResourceFee(resourceFee.toString()).build(),
        BigInt(inclusionFee),
      ),
    };
  });
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
