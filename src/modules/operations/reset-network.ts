import { HoldfastError } from '../../common/errors.js';
import { LAG_LEDGERS_MAX } from '../../common/ledger-time.js';
import type { Chain } from '../chain/chain.js';
import type { OperatorNote } from '../liquidity/pools/operator-actions.js';
import type { PoolRegistry } from '../liquidity/pools/pool-registry.js';
import type { LedgerSnapshots } from '../liquidity/snapshots/ledger-snapshots.js';

export interface NetworkResetRooms {
  readonly pools: Pick<PoolRegistry, 'renameNetwork'>;
  readonly chain: Pick<Chain, 'networkPassphrase' | 'verifyNetwork' | 'head'>;
  readonly snapshots: Pick<LedgerSnapshots, 'knownLedger'>;
}
export interface NetworkWasReset {
  /** Ids of pools of the old chain. */
  readonly pools: readonly string[];
  /** Under which they stay. */
  readonly oldName: string;
  readonly knownLedger: number;
  readonly ledger: number;
}

/**
 * Accepts that the network began again under its old passphrase: the old chain's pools stay under
 * another name, its heights are forgotten, and pools can be registered at the same addresses.
 * Every hold of the old chain has ended and its pools are closed by then.
 * @throws HoldfastError VALIDATION_FAILED when the node is not behind the known ledger: nothing was
 * reset; POOL_STATE_CONFLICT while a pool is open or a hold is live; CHAIN_UNREACHABLE
 */
export async function resetNetwork(
  { pools, chain, snapshots }: NetworkResetRooms,
  note: OperatorNote,
): Promise<NetworkWasReset> {
  await chain.verifyNetwork();
  const { ledger, closeTime } = await chain.head();
  const network = chain.networkPassphrase;
  const knownLedger = await snapshots.knownLedger(network);
  if (ledger + LAG_LEDGERS_MAX >= knownLedger)
    throw new HoldfastError(
      'VALIDATION_FAILED',
      `The node is at ledger ${ledger}, and the newest known ledger is ${knownLedger}: the network ` +
        'was not reset. Nothing was changed.',
      { errors: [{ field: 'network', message: 'was not reset' }] },
    );
  const at = new Date(Number(closeTime) * 1000).toISOString().slice(0, 19);
  const oldName = `${network} (before the reset found at ${at}Z)`;
  return {
    pools: await pools.renameNetwork({ network, oldName }, note, { knownLedger, ledger }),
    oldName,
    knownLedger,
    ledger,
  };
}
