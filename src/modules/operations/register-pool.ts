import type { Chain, Profile } from '../chain/chain.js';
import { PROFILES } from '../chain/profiles.js';
import { type PoolRecord, type PoolRegistry } from '../liquidity/pools/pool-registry.js';
import { DEFAULT_RULES, type PoolRules } from '../liquidity/pools/pool-rules.js';
import type { OperatorNote } from '../liquidity/pools/operator-actions.js';
import { HoldfastError } from '../../common/errors.js';
import { parseAmount } from '../../common/money.js';

export interface RegistrationRooms {
  readonly pools: PoolRegistry;
  readonly chain: Pick<
    Chain,
    'networkPassphrase' | 'verifyNetwork' | 'describePool' | 'detectProfile' | 'observePool'
  >;
}

export interface RegistrationRequest {
  readonly contract: string;
  readonly name: string;
  /** Absent: detected from the creditline contract. */
  readonly profile?: Profile;
  /** Rules that differ from the defaults, except for the buffer. */
  readonly rules?: Partial<Omit<PoolRules, 'name' | 'buffer'>>;
  /** Token units. */
  readonly buffer?: string;
}

/**
 * Registers a pool with the facts of its contract and a first snapshot, in one transaction; without
 * a snapshot nothing is registered. It takes holds at once, and the first reconciliation explains
 * everything after that snapshot.
 * @param note actor and reason, recorded with it
 * @throws HoldfastError CHAIN_UNREACHABLE, VALIDATION_FAILED (known already, a profile that is not
 * the contract's or cannot be detected, rules that exclude each other, or a buffer that does not
 * fit the token)
 */
export async function registerPool(
  rooms: RegistrationRooms,
  request: RegistrationRequest,
  note?: OperatorNote,
): Promise<PoolRecord> {
  const rules = { ...DEFAULT_RULES, ...request.rules };
  if (rules.minSigningSeconds >= rules.holdSeconds) throw signingTooLong();
  await rooms.chain.verifyNetwork();
  const contract = await rooms.chain.describePool(request.contract);
  if (contract.decimals > 18)
    throw refused(
      'contract',
      `has a token of ${contract.decimals} decimals`,
      `The pool's token has ${contract.decimals} decimals; at most 18 are supported.`,
    );
  const profile = await profileFor(rooms.chain, contract.creditlineContract, request.profile);
  const identity = {
    network: rooms.chain.networkPassphrase,
    profile,
    poolContract: request.contract,
    creditlineContract: contract.creditlineContract,
    tokenContract: contract.tokenContract,
    poolWasmHash: contract.wasmHash,
    decimals: contract.decimals,
  };
  const figures = await rooms.chain.observePool(identity);
  return rooms.pools.register(
    identity,
    { ...rules, name: request.name, buffer: bufferUnits(request.buffer ?? '0', contract.decimals) },
    note,
    figures,
  );
}

/** Does the same as `registerPool`, but leaves a registered pool as it is. */
export async function ensurePool(
  rooms: RegistrationRooms,
  request: RegistrationRequest,
): Promise<PoolRecord> {
  const known = (await rooms.pools.list()).find(
    (pool) =>
      pool.poolContract === request.contract && pool.network === rooms.chain.networkPassphrase,
  );
  return known ?? registerPool(rooms, request);
}

/**
 * With the wrong profile every create_loan would trap, so a request that contradicts the contract
 * is refused. When the contract does not show its profile, the operator's choice applies.
 */
async function profileFor(
  chain: Pick<Chain, 'detectProfile'>,
  creditline: string,
  requested: Profile | undefined,
): Promise<Profile> {
  const detected = await chain.detectProfile(creditline);
  if (requested === undefined) {
    if (detected !== null) return detected;
    throw refused(
      'profile',
      'is required, because the contract does not show it',
      `The creditline contract ${creditline} does not show its profile. Name it with --profile.`,
    );
  }
  if (detected === null || PROFILES[detected] === PROFILES[requested]) return requested;
  throw refused(
    'profile',
    `is not the contract's, which is ${detected}`,
    `The creditline contract ${creditline} is of the profile ${detected}, not ${requested}.`,
  );
}

/** `detail` is for people at the command line, who see no fields. */
const refused = (field: string, message: string, detail: string): HoldfastError =>
  new HoldfastError('VALIDATION_FAILED', detail, { errors: [{ field, message }] });
export const signingTooLong = (): HoldfastError =>
  refused(
    'minSigningSeconds',
    'must be shorter than holdSeconds',
    'The least signing time must be shorter than the hold time.',
  );

/** @throws HoldfastError VALIDATION_FAILED */
export function bufferUnits(text: string, decimals: number): bigint {
  const units = parseAmount(text, decimals);
  if (typeof units === 'string') throw refused('buffer', units, `The buffer ${units}.`);
  return units;
}
