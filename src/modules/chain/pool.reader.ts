import { Address } from '@stellar/stellar-sdk';
import { HoldfastError } from '../../common/errors.js';
import { unreachable } from './chain-trouble.js';
import type { LandingConditions, PoolDescription, PoolParts, PoolReading } from './chain.js';
import type { HeadReader } from './head.reader.js';
import {
  balanceIn,
  balanceKey,
  instanceIn,
  instanceKey,
  readEntries,
  storedAddress,
  storedInteger,
  type Instance,
  type LedgerReading,
} from './ledger-entries.js';
import { pauseRefusal } from './profiles.js';
import type { RpcClient } from './rpc-client.js';
import { callReader, tryReader } from './simulation.js';

const METHOD = 'getLedgerEntries';
/**
 * A ledger may close between two replies that must be about the same one so many times before we
 * give up.
 */
const TRIES = 3;
/** More fractional digits than a contract amount can have. */
const DECIMALS_MAX = 38;
/** The contract counts its loans in a u64. */
const LOAN_ID_MAX = (1n << 64n) - 1n;

export interface PoolSources {
  readonly rpc: RpcClient;
  readonly networkPassphrase: string;
  readonly heads: Pick<HeadReader, 'read'>;
}
type Figures = Pick<
  PoolReading,
  'ledger' | 'total' | 'locked' | 'tokenBalance' | 'lastLoanId' | 'contractPaused'
>;

/**
 * Reads the pool contract: its parts once, its figures at one ledger each time
 * (docs/protocol.md#snapshots-only-move-forward).
 */
export class PoolReader {
  constructor(private readonly sources: PoolSources) {}

  /**
   * @throws HoldfastError VALIDATION_FAILED when the contract is not a pool with token and
   * creditline; CHAIN_UNREACHABLE
   */
  async describe(pool: string): Promise<PoolDescription> {
    const instance = poolIn(await readEntries(this.sources.rpc, [instanceKey(pool)]), pool);
    const [tokenContract, creditlineContract] = [
      storedAddress(instance, 'TOKEN'),
      storedAddress(instance, 'CRDTLIN'),
    ];
    if (!tokenContract || !creditlineContract || instance.executable.kind !== 'wasm') {
      throw new HoldfastError(
        'VALIDATION_FAILED',
        `${pool} is not a liquidity pool with a token and a creditline: one of the two is not set in its storage.`,
        { errors: [{ field: 'contract', message: 'is not a liquidity pool' }] },
      );
    }
    const { value } = await this.#call(tokenContract, 'decimals');
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > DECIMALS_MAX)
      throw unreachable(
        'simulateTransaction',
        `decimals() of ${tokenContract} is not a number of digits up to ${DECIMALS_MAX}.`,
      );
    return {
      tokenContract,
      creditlineContract,
      decimals: value,
      wasmHash: instance.executable.hash,
    };
  }

  /**
   * StepFi's creditline answers get_version with a number, TrustUp's with a symbol
   * (docs/stellar.md#creditline-functions, docs/stellar.md#trustup). @throws HoldfastError
   * CHAIN_UNREACHABLE
   */
  async detectProfile(creditline: string): Promise<'stepfi' | 'trustup' | null> {
    const answer = await tryReader(this.sources.rpc, {
      contract: creditline,
      fn: 'get_version',
      args: [],
      networkPassphrase: this.sources.networkPassphrase,
    });
    if ('failure' in answer) return null;
    if (typeof answer.value === 'number') return 'stepfi';
    return typeof answer.value === 'string' ? 'trustup' : null;
  }

  /**
   * The head is read first: figures of a ledger that neither of its replies knows are read again,
   * since nothing confirms that this ledger exists. Figures of an older one are read again too, and
   * taken when
   * the node stays behind.
   * @throws HoldfastError CHAIN_UNREACHABLE
   */
  async observe(parts: PoolParts): Promise<PoolReading> {
    let behind: PoolReading | null = null;
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const { head, newest } = await this.sources.heads.read();
      const figures = await this.#figures(parts);
      const reading = {
        ...figures,
        closeTime: head.ledger === figures.ledger ? head.closeTime : null,
        head,
      };
      if (figures.ledger >= head.ledger && figures.ledger <= newest) return reading;
      if (figures.ledger < head.ledger) behind = reading;
    }
    if (behind) return behind;
    throw unreachable(
      METHOD,
      `the figures of ${parts.poolContract} are of a ledger that no other reply knows, ${TRIES} times.`,
      undefined,
      { unconfirmed: true },
    );
  }

  /** @throws HoldfastError CHAIN_UNREACHABLE */
  async landingConditions({
    poolContract,
    creditlineContract,
    profile,
  }: PoolParts): Promise<LandingConditions> {
    const pausable = hasPause(profile);
    const reading = await readEntries(
      this.sources.rpc,
      [creditlineContract, ...(pausable ? [poolContract] : [])].map(instanceKey),
    );
    return {
      ledger: reading.ledger,
      lastLoanId: storedInteger(creditlineIn(reading, creditlineContract), 'LOANCNT', 0n),
      contractPaused: pausable && pausedIn(poolIn(reading, poolContract)),
    };
  }

  async #figures({
    poolContract: pool,
    tokenContract: token,
    creditlineContract: creditline,
    profile,
  }: PoolParts): Promise<Figures> {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const reading = await readEntries(this.sources.rpc, [
        instanceKey(pool),
        balanceKey(token, pool),
        instanceKey(token),
        instanceKey(creditline),
      ]);
      const instance = poolIn(reading, pool);
      const tokenBalance = await this.#balance(reading, pool, token);
      if (tokenBalance === null) continue;
      const [total, locked] = [
        storedInteger(instance, 'TOTLIQ', 0n),
        storedInteger(instance, 'LCKDLIQ', 0n),
      ];
      return {
        ledger: reading.ledger,
        total,
        locked,
        tokenBalance,
        lastLoanId: lastLoanIdIn(reading, creditline),
        contractPaused: hasPause(profile) && pausedIn(instance),
      };
    }
    throw unreachable(
      'simulateTransaction',
      `the balance of ${pool} could not be read at one ledger with its figures in ${TRIES} tries.`,
    );
  }

  /**
   * The pool's tokens at the ledger of the reading; null when the ledger moved on before the token
   * could be asked.
   */
  async #balance(reading: LedgerReading, pool: string, token: string): Promise<bigint | null> {
    const entry = reading.entry(balanceKey(token, pool));
    if (entry) return balanceIn(entry);
    const instance = instanceIn(reading, token);
    if (!instance)
      throw unreachable(METHOD, `the reply does not carry the token contract ${token}.`);
    // the asset contract has an entry for every contract that ever held some; other tokens may keep
    // balances anywhere
    if (instance.executable.kind === 'stellar_asset') return 0n;
    const { ledger, value } = await this.#call(token, 'balance', new Address(pool));
    if (typeof value !== 'bigint')
      throw unreachable('simulateTransaction', `balance() of ${token} is not an amount.`);
    return ledger === reading.ledger ? value : null;
  }

  #call(
    contract: string,
    fn: string,
    ...addresses: readonly Address[]
  ): Promise<{ readonly ledger: number; readonly value: unknown }> {
    return callReader(this.sources.rpc, {
      contract,
      fn,
      args: addresses.map((address) => address.toScVal()),
      networkPassphrase: this.sources.networkPassphrase,
    });
  }
}

function poolIn(reading: LedgerReading, pool: string): Instance {
  const instance = instanceIn(reading, pool);
  if (!instance)
    throw unreachable(
      METHOD,
      `the reply does not carry the pool contract ${pool}; it does not exist on this network, or the node lags.`,
    );
  return instance;
}

/** @throws HoldfastError CHAIN_UNREACHABLE */
export function creditlineIn(reading: LedgerReading, creditline: string): Instance {
  const instance = instanceIn(reading, creditline);
  if (!instance)
    throw unreachable(
      METHOD,
      `the reply does not carry the creditline contract ${creditline}; it does not exist ` +
        'on this network, or the node lags.',
    );
  return instance;
}

const hasPause = (profile: string): boolean => pauseRefusal(profile) !== null;

/**
 * False until its administrator paused it for the first time. It is no figure of money: a value
 * that is none is "not known", and costs nothing else of the reply.
 */
function pausedIn({ storage }: Instance): boolean | null {
  const stored = storage.get('PAUSED') ?? false;
  return typeof stored === 'boolean' ? stored : null;
}

/**
 * It is shown and decides nothing of money: whatever is wrong with it is "not known", and never
 * costs the snapshot it came with.
 */
function lastLoanIdIn(reading: LedgerReading, creditline: string): bigint | null {
  try {
    const instance = instanceIn(reading, creditline);
    const last = instance ? storedInteger(instance, 'LOANCNT', 0n) : null;
    return last !== null && last >= 0n && last <= LOAN_ID_MAX ? last : null;
  } catch (thrown) {
    if (thrown instanceof HoldfastError && thrown.code === 'CHAIN_UNREACHABLE') return null;
    throw thrown;
  }
}
