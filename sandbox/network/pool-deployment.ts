import { startingSequence } from './classic-operations.js';
import { ControlRefusal } from './control-refusal.js';
import { isLike } from './deployed-code.js';
import type { DevelopmentAccounts } from './development-accounts.js';
import { contractAddress, sha256 } from './ledger-entries.js';
import type { LocalChain } from './local-chain.js';
import { FRIENDBOT_GRANT } from './network-limits.js';
import type { PoolRecord } from './network-notes.js';
import { reserveDeployment } from './reserve-actions.js';
import { writeChanges, writeDeployment } from './setup-writes.js';
import {
  balanceChange,
  deployment,
  scoreChange,
  type DeploymentIds,
  type StateChange,
} from '../contracts/deploy.js';
import { type Generation, ownGenerationOf } from '../contracts/generations.js';
import type { Profile } from '../contracts/host.js';

export interface PoolRequest {
  /** Absent: `scaled`, or that of the generation where it is one of its own. */
  readonly profile?: Profile | undefined;
  readonly decimals: number;
  readonly deposit: bigint;
  /** Absent: the network's, or the fork's where the profile is the fork's. */
  readonly generation?: Generation | undefined;
}
interface PoolPlan extends PoolRequest {
  readonly profile: Profile;
  readonly generation: Generation;
}

const PROFILES_OF_THEIR_OWN: Partial<Record<Generation, Profile>> = {
  trustup: 'trustup',
  reserve: 'reserve',
};

/**
 * The fork and the reserve are a profile and a generation, and have no limits to scale, so the two
 * go together.
 * @throws ControlRefusal
 */
export function codeAskedFor(request: PoolRequest, networks: Generation): PoolPlan {
  const asked = request.generation ?? (request.profile === undefined ? networks : undefined);
  const profile = request.profile ?? (asked && PROFILES_OF_THEIR_OWN[asked]) ?? 'scaled';
  const own = ownGenerationOf(profile) ?? (networks === 'trustup' ? 'g1' : networks);
  const generation = asked ?? own;
  if ((PROFILES_OF_THEIR_OWN[generation] ?? null) !== (ownGenerationOf(profile) ?? null))
    throw new ControlRefusal(`profile ${profile} has no generation ${generation}`);
  return { ...request, profile, generation };
}

/**
 * Writes a whole deployment and its provider, who has the tokens for the later deposit, into one
 * ledger.
 */
export function writePool(
  chain: LocalChain,
  accounts: DevelopmentAccounts,
  request: PoolPlan,
): PoolRecord {
  const { profile, decimals, generation } = request;
  const makers = accounts.next(2);
  const [admin, provider] = makers.keys.map((key) => key.publicKey());
  if (admin === undefined || provider === undefined) throw new Error('two keys were asked for');
  const ids = contractIds(chain.networkPassphrase, admin, generation);
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
  const noted = chain.code.install(installed);
  const notes = {
    ...makers.notes,
    codes: known ? chain.notes.codes : [...chain.notes.codes, noted],
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
      const token = { decimal: decimals, name: `HFD:${admin}`, symbol: 'HFD' };
      writeDeployment(
        state,
        generation === 'reserve'
          ? reserveDeployment({ ids, admin, token })
          : deployment({ ids, admin, generation, token }),
        { registry: chain.code, installed },
      );
      writeChanges(state, [balanceChange(ids, provider, request.deposit)]);
    },
  });
  return pool;
}

/** A reserve is one contract, which stands for all but its token. */
function contractIds(
  networkPassphrase: string,
  admin: string,
  generation: Generation,
): DeploymentIds {
  const one = generation === 'reserve';
  const id = (name: string): string =>
    contractAddress(networkPassphrase, admin, sha256(one && name !== 'token' ? 'pool' : name));
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

/** A new borrower's tokens, base units, and the score where the contracts keep one. */
export function borrowerChanges(
  pool: PoolRecord,
  borrower: string,
  { tokens, score }: { readonly tokens: bigint; readonly score: number },
): readonly StateChange[] {
  const ids = deploymentIds(pool);
  return [
    ...(pool.generation === 'reserve' ? [] : [scoreChange(ids, borrower, score)]),
    balanceChange(ids, borrower, tokens),
  ];
}
