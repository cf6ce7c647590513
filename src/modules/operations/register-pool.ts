import type { Chain, CodeRecognition, PoolDescription } from '../chain/chain.js';
import { absentContractIn } from '../chain/chain-trouble.js';
import { type Generation, GENERATION_NAMES } from '../chain/families/contract-family.js';
import { familyOf } from '../chain/families/families.js';
import type { PoolIdentity, PoolRecord, PoolRegistry } from '../liquidity/pools/pool-registry.js';
import { checkSigningTime, DEFAULT_RULES, type PoolRules } from '../liquidity/pools/pool-rules.js';
import type { OperatorNote } from '../liquidity/pools/operator-actions.js';
import { HoldfastError } from '../../common/errors.js';
import { parseAmount } from '../../common/money.js';

export interface RegistrationRooms {
  readonly pools: PoolRegistry;
  readonly chain: Pick<
    Chain,
    'networkPassphrase' | 'verifyNetwork' | 'describePool' | 'observePool'
  >;
}

export interface RegistrationRequest {
  readonly contract: string;
  readonly name: string;
  /** Absent: detected from the contracts' code. Named: used even where the code is not known. */
  readonly generation?: Generation;
  /** What differs from the defaults; the buffer is `buffer`. */
  readonly rules?: Partial<Omit<PoolRules, 'name' | 'buffer'>>;
  /** Token units. */
  readonly buffer?: string;
}

/**
 * Registers a pool with the facts of its contract and a first snapshot, in one transaction. It
 * takes holds at once, and the first reconciliation explains everything after that snapshot.
 * Without a snapshot nothing is registered.
 * @param note who and why, recorded with it
 * @throws HoldfastError CHAIN_UNREACHABLE, CONTRACT_NOT_FOUND, VALIDATION_FAILED (known already, code that is another
 * generation's than the one named, or is not known, rules that exclude each other, or a buffer that does not
 * fit the token)
 */
export async function registerPool(
  rooms: RegistrationRooms,
  request: RegistrationRequest,
  note?: OperatorNote,
): Promise<PoolRecord> {
  const rules = { ...DEFAULT_RULES, ...request.rules };
  checkSigningTime(rules, DEFAULT_RULES);
  await rooms.chain.verifyNetwork();
  const { identity } = await identify(rooms.chain, request);
  const { decimals } = identity;
  const figures = await rooms.chain.observePool(identity);
  const { unreadable } = figures.limits;
  if (unreadable)
    throw refused(
      'contract',
      'has an entry that cannot be read',
      `The contract's own limits cannot be read: ${unreadable.join(' ')}`,
    );
  return rooms.pools.register(
    identity,
    { ...rules, name: request.name, buffer: bufferUnits(request.buffer ?? '0', decimals) },
    note,
    figures,
  );
}

/**
 * What a pool at this address is.
 * @throws HoldfastError CHAIN_UNREACHABLE, CONTRACT_NOT_FOUND, VALIDATION_FAILED (code that is
 * another generation's than the one named, or is not known, or a token that is not supported)
 */
export async function identify(
  chain: Pick<Chain, 'networkPassphrase' | 'describePool'>,
  request: Pick<RegistrationRequest, 'contract' | 'generation'>,
): Promise<{ readonly identity: PoolIdentity; readonly code: CodeRecognition }> {
  const contract = await described(chain, request);
  if (contract.decimals > 18)
    throw refused(
      'contract',
      `has a token of ${contract.decimals} decimals`,
      `The pool's token has ${contract.decimals} decimals; at most 18 are supported.`,
    );
  return {
    identity: {
      network: chain.networkPassphrase,
      generation: generationFor(contract, request.generation),
      poolContract: request.contract,
      lendingContract: contract.lendingContract,
      tokenContract: contract.tokenContract,
      poolWasmHash: contract.wasmHash,
      decimals: contract.decimals,
      assetCode: contract.assetCode,
    },
    code: contract.code,
  };
}

/**
 * A node that lags does not know a new contract yet. What comes of it here is a message that a person
 * reads, so it is said plainly.
 */
async function described(
  chain: Pick<Chain, 'networkPassphrase' | 'describePool'>,
  { contract, generation }: Pick<RegistrationRequest, 'contract' | 'generation'>,
): Promise<PoolDescription> {
  try {
    return await chain.describePool(contract, generation);
  } catch (thrown) {
    const absent = absentContractIn(thrown);
    if (absent === null) throw thrown;
    throw new HoldfastError(
      'CONTRACT_NOT_FOUND',
      `There is no contract at this address on this network (${chain.networkPassphrase}): ${absent}` +
        `${absent === contract ? '' : `, which the pool ${contract} names`}.`,
      { contractId: absent },
      { cause: thrown },
    );
  }
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
 * With the wrong generation every funding would fail or be read wrongly, so a request that
 * contradicts known code is refused. Where the code is not known, the operator's word is used and
 * recorded.
 * @throws HoldfastError VALIDATION_FAILED
 */
export function generationFor(
  { code }: Pick<PoolDescription, 'code'>,
  named: Generation | undefined,
): Generation {
  if (code.generation === null) {
    if (named !== undefined) return named;
    throw refused(
      'generation',
      'is required, because the code of the contracts is not known',
      unknownCode(code.found),
    );
  }
  if (named === undefined || named === code.generation || readsAlike(named, code.generation))
    return named ?? code.generation;
  throw refused(
    'generation',
    `is not the contracts', which is ${code.generation}`,
    `The contracts are ${familyOf(code.generation).title} (${code.generation}), not ${named}.`,
  );
}

export const unknownCode = (found: readonly string[]): string =>
  `The contracts run code that is not known. ${found.join(' ')} Supported: ` +
  `${GENERATION_NAMES.join(', ')}. Name the one that it behaves like with --generation.`;

/** Limits in whole tokens are told from limits in base units by nothing in the code. */
export const readsAlike = (named: Generation, found: Generation): boolean =>
  familyOf(named).foundAs === found;

/** `detail` is for people at the command line, who see no fields. */
const refused = (field: string, message: string, detail: string): HoldfastError =>
  new HoldfastError('VALIDATION_FAILED', detail, { errors: [{ field, message }] });

/** @throws HoldfastError VALIDATION_FAILED */
export function bufferUnits(text: string, decimals: number): bigint {
  const units = parseAmount(text, decimals);
  if (typeof units === 'string') throw refused('buffer', units, `The buffer ${units}.`);
  return units;
}
