import { Operation, SorobanDataBuilder } from '@stellar/stellar-sdk';
import type { Extension, ExtensionRequest } from './lifetimes.js';
import { livingEntries } from './contract-lifetimes.js';
import { footprintTransaction } from './footprint-operation.js';
import { accountIn, accountKey, readEntries } from './ledger-entries.js';
import type { NetworkSettings } from './network-settings.js';
import { restoreTransaction } from './restore.js';
import type { RpcClient } from './rpc-client.js';

interface ExtensionPlace {
  readonly settings: NetworkSettings;
  readonly networkPassphrase: string;
  /** Stroops. */
  readonly inclusionFee: bigint;
}

/**
 * Archived entries are restored first, because an extension skips them: then it is asked for again.
 * @throws HoldfastError CHAIN_UNREACHABLE
 */
export async function buildExtension(
  rpc: RpcClient,
  { pool, source: address, ledgers }: ExtensionRequest,
  place: ExtensionPlace,
): Promise<Extension> {
  const account = accountIn(await readEntries(rpc, [accountKey(address)]), address);
  if (!account) return { kind: 'no_account' };
  const source = { address, sequence: account.sequence };
  const { ledger, entries } = await livingEntries(rpc, pool);
  const keysOf = (wanted: (liveUntil: number) => boolean) =>
    entries.flatMap(({ key, liveUntil }) => (liveUntil !== null && wanted(liveUntil) ? [key] : []));
  const archived = keysOf((liveUntil) => liveUntil === 0);
  if (archived.length > 0) {
    const restore = await restoreTransaction(rpc, { ...place, keys: archived, source });
    return restore
      ? {
          kind: 'restore',
          xdr: restore.xdr,
          fee: restore.fee,
          entries: restore.keys,
          untilLedger: null,
        }
      : { kind: 'no_figures' };
  }
  const short = keysOf((liveUntil) => liveUntil < ledger + ledgers);
  if (short.length === 0) return { kind: 'nothing' };
  const extend = await footprintTransaction(rpc, {
    ...place,
    source,
    operation: Operation.extendFootprintTtl({ extendTo: ledgers }),
    footprint: new SorobanDataBuilder().setReadOnly(short).build(),
  });
  return extend
    ? {
        kind: 'extend',
        xdr: extend.xdr,
        fee: extend.fee,
        entries: short.length,
        untilLedger: ledger + ledgers,
      }
    : { kind: 'no_figures' };
}
