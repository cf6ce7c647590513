import type { Chain, Profile } from '../chain/chain.js';
import { DEFAULT_RULES, type PoolRecord, type PoolRegistry, type PoolRules } from '../liquidity/pool.registry.js';
import type { OperatorNote } from '../liquidity/operator.actions.js';
import type { SettlementService } from '../settlement/settlement.service.js';
import { HoldfastError } from '../../common/errors.js';
import { parseAmount } from '../../common/money.js';

export interface RegistrationRooms { readonly pools: PoolRegistry; readonly chain: Pick<Chain, 'networkPassphrase' | 'verifyNetwork' | 'describePool'>; readonly settlement: Pick<SettlementService, 'observePool'> }

export interface PoolWish {
  readonly contract: string;
  readonly name: string;
  readonly profile: Profile;
  /** What differs from the defaults; the buffer is `buffer`. */
  readonly rules?: Partial<Omit<PoolRules, 'name' | 'buffer'>>;
  /** Token units. */
  readonly buffer?: string;
}

/**
 * Registers a pool with what the chain says of its contract, and observes it once, so that it takes holds at once.
 * @param note who and why, written down with it
 * @throws HoldfastError CHAIN_UNREACHABLE, VALIDATION_FAILED (known already, rules that exclude each other, or a buffer that does not fit the token)
 */
export async function registerPool(rooms: RegistrationRooms, wish: PoolWish, note?: OperatorNote): Promise<PoolRecord> {
  const rules = { ...DEFAULT_RULES, ...wish.rules };
  if (rules.minSigningSeconds >= rules.holdSeconds) throw signingTooLong();
  await rooms.chain.verifyNetwork();
  const contract = await rooms.chain.describePool(wish.contract);
  if (contract.decimals > 18) throw new HoldfastError('VALIDATION_FAILED', `The pool's token has ${contract.decimals} decimals; at most 18 are supported.`);
  const pool = await rooms.pools.register(
    {
      network: rooms.chain.networkPassphrase, profile: wish.profile, poolContract: wish.contract, creditlineContract: contract.creditlineContract,
      tokenContract: contract.tokenContract, poolWasmHash: contract.wasmHash, decimals: contract.decimals,
    },
    { ...rules, name: wish.name, buffer: bufferUnits(wish.buffer ?? '0', contract.decimals) }, note,
  );
  await rooms.settlement.observePool(pool);
  return pool;
}

/** As `registerPool`, but a pool that is registered already is left as it is. */
export async function ensurePool(rooms: RegistrationRooms, wish: PoolWish): Promise<PoolRecord> {
  const known = (await rooms.pools.list()).find((pool) => pool.poolContract === wish.contract && pool.network === rooms.chain.networkPassphrase);
  return known ?? registerPool(rooms, wish);
}

export const signingTooLong = (): HoldfastError => new HoldfastError('VALIDATION_FAILED', 'The least signing time must be shorter than the hold time.');

/** @throws HoldfastError VALIDATION_FAILED */
export function bufferUnits(text: string, decimals: number): bigint {
  const units = parseAmount(text, decimals);
  if (typeof units === 'string') throw new HoldfastError('VALIDATION_FAILED', `The buffer ${units}.`);
  return units;
}
