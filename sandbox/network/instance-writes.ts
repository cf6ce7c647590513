import { xdr } from '@stellar/stellar-sdk';
import { creditlineKey } from '../contracts/creditline-storage.js';
import type { PoolContract } from '../contracts/host.js';
import { poolKey } from '../contracts/pool-storage.js';
import { address } from '../contracts/scval.js';
import { ContractStorage } from './contract-storage.js';
import { ControlRefusal } from './control-refusal.js';
import { UNWATCHED } from './footprint.js';
import { contractAddress, sha256 } from './ledger-entries.js';
import type { LocalChain } from './local-chain.js';
import type { PoolRecord } from './network-notes.js';
import { deploymentIds } from './pool-deployment.js';

/** Where a contract keeps the address of another one. */
const LINKS = {
  creditline: { in: 'pool', key: poolKey.creditline },
  pool: { in: 'creditline', key: creditlineKey.pool },
  token: { in: 'creditline', key: creditlineKey.token },
  vendor_registry: { in: 'creditline', key: creditlineKey.vendorRegistry },
  reputation: { in: 'creditline', key: creditlineKey.reputation },
  parameters: { in: 'creditline', key: creditlineKey.parameters },
} as const satisfies Readonly<
  Record<PoolContract, { readonly in: PoolContract; readonly key: xdr.ScVal }>
>;
/** `missing`: an address without a contract. `other`: a contract that is something else. */
export const LINK_STATES = ['own', 'none', 'missing', 'other'] as const;
export type LinkState = (typeof LINK_STATES)[number];

/**
 * Writes into a contract's instance what none of its functions writes, as a wrong administrator, an
 * upgrade or a fault of the contract could leave it.
 */
export class InstanceWrites {
  constructor(
    private readonly chain: LocalChain,
    private readonly pool: (id: string) => PoolRecord,
  ) {}

  /** Breaks the link from the pool to its creditline, or from that to another contract; or mends it. */
  setLink(request: {
    readonly pool: string;
    readonly to: PoolContract;
    readonly state: LinkState;
  }): {
    readonly ledger: number;
    readonly address: string | null;
  } {
    const pool = this.pool(request.pool);
    if (pool.generation === 'reserve') throw new ControlRefusal('a reserve has no links');
    const ids = deploymentIds(pool);
    const addresses: Readonly<Record<LinkState, string | null>> = {
      own: ids[request.to],
      none: null,
      missing: contractAddress(this.chain.networkPassphrase, pool.admin, sha256('no contract')),
      other: request.to === 'token' ? ids.parameters : ids.token,
    };
    const link = LINKS[request.to];
    const found = addresses[request.state];
    const value = found === null ? null : address.encode(found);
    return { ledger: this.write(ids[link.in], link.key, value), address: found };
  }

  /** @param request.text in place of whatever the contract keeps there; null removes the key */
  setText(request: {
    readonly pool: string;
    readonly contract: PoolContract;
    readonly key: string;
    readonly text: string | null;
  }): { readonly ledger: number } {
    const contract = deploymentIds(this.pool(request.pool))[request.contract];
    const value = request.text === null ? null : xdr.ScVal.scvString(request.text);
    return { ledger: this.write(contract, xdr.ScVal.scvSymbol(request.key), value) };
  }

  private write(contract: string, key: xdr.ScVal, value: xdr.ScVal | null): number {
    return this.chain.closeLedger({
      setup: (state) => {
        new ContractStorage(state, UNWATCHED, contract).write('instance', key, value);
      },
    }).sequence;
  }
}
