import { startingSequence } from './classic-operations.js';
import type { InstalledCode } from './code-registry.js';
import type { DevelopmentAccounts } from './development-accounts.js';
import { contractAddress, sha256 } from './ledger-entries.js';
import type { LocalChain } from './local-chain.js';
import { FRIENDBOT_GRANT } from './network-limits.js';
import type { PoolRecord } from './network-notes.js';
import { writeChanges, writeDeployment } from './setup-writes.js';
import { balanceChange, deployment, type DeploymentIds } from '../contracts/deploy.js';
import { type Generation, generationOf } from '../contracts/generations.js';
import type { Profile } from '../contracts/host.js';

export interface PoolRequest {
  readonly profile: Profile;
  readonly decimals: number;
  readonly deposit: bigint;
  /** Absent: the one that the profile names. */
  readonly generation?: Generation | undefined;
}

/** Whether two installations are of the same contracts, whatever their revisions. */
export const isLike = (one: InstalledCode, other: InstalledCode): boolean =>
  one.profile === other.profile &&
  one.decimals === other.decimals &&
  generationOf(one) === generationOf(other);

/**
 * Writes a whole deployment and its provider, who has the tokens for the later deposit, into one
 * ledger.
 */
export function writePool(
  chain: LocalChain,
  accounts: DevelopmentAccounts,
  request: PoolRequest,
): PoolRecord {
  const { profile, decimals } = request;
  const generation = generationOf(request);
  const makers = accounts.next(2);
  const [admin, provider] = makers.keys.map((key) => key.publicKey());
  if (admin === undefined || provider === undefined) throw new Error('two keys were asked for');
  const ids = contractIds(chain.networkPassphrase, admin);
  const pool: PoolRecord = {
    pool: ids.pool,
    creditline: ids.creditline,
    token: ids.token,
    vendorRegistry: ids.vendor_registry,
    reputation: ids.reputation,
    parameters: ids.parameters,
    admin,
    provider,
    profile,
    decimals,
    generation,
  };
  const installed = { profile, decimals, generation };
  const known = chain.notes.codes.some((code) => isLike(code, installed));
  chain.code.install(installed);
  const notes = {
    ...makers.notes,
    codes: known ? chain.notes.codes : [...chain.notes.codes, installed],
    pools: [...chain.notes.pools, pool],
  };
  chain.closeLedger({
    notes,
    setup: (state, place) => {
      for (const address of [admin, provider])
        state.putAccount(address, {
          balance: FRIENDBOT_GRANT,
          sequence: startingSequence(place.sequence),
        });
      writeDeployment(
        state,
        deployment({
          ids,
          admin,
          generation,
          token: { decimal: decimals, name: `HFD:${admin}`, symbol: 'HFD' },
        }),
        { registry: chain.code, installed },
      );
      writeChanges(state, [balanceChange(ids, provider, request.deposit)]);
    },
  });
  return pool;
}

function contractIds(networkPassphrase: string, admin: string): DeploymentIds {
  const id = (name: string): string => contractAddress(networkPassphrase, admin, sha256(name));
  return {
    pool: id('pool'),
    creditline: id('creditline'),
    token: id('token'),
    vendor_registry: id('vendor_registry'),
    reputation: id('reputation'),
    parameters: id('parameters'),
  };
}

export const deploymentIds = (pool: PoolRecord): DeploymentIds => ({
  pool: pool.pool,
  creditline: pool.creditline,
  token: pool.token,
  vendor_registry: pool.vendorRegistry,
  reputation: pool.reputation,
  parameters: pool.parameters,
});
