import { HoldfastError } from '../../common/errors.js';
import type { Chain } from '../chain/chain.js';
import { type Generation, GENERATION_NAMES } from '../chain/families/contract-family.js';
import type { AcceptedCode } from '../liquidity/pools/accepted-code.sql.js';
import type { PoolRecord, PoolRegistry } from '../liquidity/pools/pool-registry.js';
import { generationFor, readsAlike, unknownCode } from './register-pool.js';

interface ResumptionRooms {
  readonly pools: Pick<PoolRegistry, 'needsGeneration'>;
  readonly chain: Pick<Chain, 'describePool'>;
}

/**
 * The code with which a pool is resumed. It is read when a contract was upgraded or sent an event
 * that cannot be read, or when the request names a generation; otherwise undefined: nothing has
 * changed.
 * @param named used even where the code is not known
 * @throws HoldfastError CHAIN_UNREACHABLE; POOL_STATE_CONFLICT when the code is not known, or the
 * contract now belongs to other contracts; VALIDATION_FAILED when known code is another
 * generation's than the one named
 */
export async function codeToResume(
  { pools, chain }: ResumptionRooms,
  pool: PoolRecord,
  named: Generation | undefined,
): Promise<AcceptedCode | undefined> {
  if (named === undefined && !(await pools.needsGeneration(pool.id))) return undefined;
  const contract = await chain.describePool(pool.poolContract, named);
  for (const [what, now, registered] of [
    ['lending contract', contract.lendingContract, pool.lendingContract],
    ['token', contract.tokenContract, pool.tokenContract],
  ] as const)
    if (now !== registered)
      throw conflict(
        pool,
        `The pool's contract now names another ${what}, ${now}. It was registered with ` +
          `${registered}. Close this pool.`,
      );
  const { code } = contract;
  if (code.generation === null && named === undefined)
    throw conflict(pool, unknownCode(code.found), {
      found: code.found,
      supported: GENERATION_NAMES,
    });
  // the operator's word of the registration stays, where the code does not contradict it
  const stays = GENERATION_NAMES.find((name) => name === pool.generation);
  const asked =
    named ?? (stays && code.generation && readsAlike(stays, code.generation) ? stays : undefined);
  const { wasmHash: poolWasmHash, codes } = contract;
  return { generation: generationFor(contract, asked), poolWasmHash, codes };
}

const conflict = (
  { state }: PoolRecord,
  sentence: string,
  facts: Readonly<Record<string, unknown>> = {},
): HoldfastError =>
  new HoldfastError('POOL_STATE_CONFLICT', sentence, { poolState: state, ...facts });
