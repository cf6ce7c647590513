import { Address } from '@stellar/stellar-sdk';
import { HoldfastError } from '../../common/errors.js';
import { unreachable } from './chain-trouble.js';
import type { LandingConditions, PoolDescription, PoolParts, PoolState } from './chain.js';
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
  type LedgerEntries,
} from './ledger-entries.js';
import { pauseRefusal } from './profiles.js';
import type { RpcClient } from './rpc-client.js';
import { callReader, tryReader } from './simulation.js';

const METHOD = 'getLedgerEntries';
/**
 * A ledger may close between two replies that must be about the same one. This many tries are made.
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
  PoolState,
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
   * (docs/stellar.md#creditline-functions, docs/stellar.md#trustup).
   * @throws HoldfastError CHAIN_UNREACHABLE
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
   * The head is read first. Figures of a ledger that neither of its replies knows are read again,
   * because no reply confirms that ledger. Older figures are read again too, and taken if the node
   * stays behind.
   * @throws HoldfastError CHAIN_UNREACHABLE
   */
  async observe(parts: PoolParts): Promise<PoolState> {
    let behind: PoolState | null = null;
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const { head, newest } = await this.sources.heads.read();
      const figures = await this.#figures(parts);
      const state = {
        ...figures,
        closeTime: head.ledger === figures.ledger ? head.closeTime : null,
        head,
      };
      if (figures.ledger >= head.ledger && figures.ledger <= newest) return state;
      if (figures.ledger < head.ledger) behind = state;
    }
    if (behind) return behind;
    throw unreachable(
      METHOD,
      `the figures of ${parts.poolContract} were ${TRIES} times of a ledger that no other reply knows.`,
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
    const entries = await readEntries(
      this.sources.rpc,
      [creditlineContract, ...(pausable ? [poolContract] : [])].map(instanceKey),
    );
    return {
      ledger: entries.ledger,
      lastLoanId: storedInteger(creditlineIn(entries, creditlineContract), 'LOANCNT', 0n),
      contractPaused: pausable && pausedIn(poolIn(entries, poolContract)),
    };
  }

  async #figures({
    poolContract: pool,
    tokenContract: token,
    creditlineContract: creditline,
    profile,
  }: PoolParts): Promise<Figures> {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const entries = await readEntries(this.sources.rpc, [
        instanceKey(pool),
        balanceKey(token, pool),
        instanceKey(token),
        instanceKey(creditline),
      ]);
      const instance = poolIn(entries, pool);
      const tokenBalance = await this.#balance(entries, pool, token);
      if (tokenBalance === null) continue;
      const [total, locked] = [
        storedInteger(instance, 'TOTLIQ', 0n),
        storedInteger(instance, 'LCKDLIQ', 0n),
      ];
      return {
        ledger: entries.ledger,
        total,
        locked,
        tokenBalance,
        lastLoanId: lastLoanIdIn(entries, creditline),
        contractPaused: hasPause(profile) && pausedIn(instance),
      };
    }
    throw unreachable(
      'simulateTransaction',
      `the balance of ${pool} could not be read at one ledger with its figures in ${TRIES} tries.`,
    );
  }

  /**
   * The pool's tokens at the ledger of `entries`; null when a ledger closed before the token
   * answered.
   */
  async #balance(entries: LedgerEntries, pool: string, token: string): Promise<bigint | null> {
    const entry = entries.entry(balanceKey(token, pool));
    if (entry) return balanceIn(entry);
    const instance = instanceIn(entries, token);
    if (!instance)
      throw unreachable(METHOD, `the reply does not carry the token contract ${token}.`);
    // The asset contract has an entry for every contract that ever held its token; other tokens may
    // keep balances anywhere.
    if (instance.executable.kind === 'stellar_asset') return 0n;
    const { ledger, value } = await this.#call(token, 'balance', new Address(pool));
    if (typeof value !== 'bigint')
      throw unreachable('simulateTransaction', `balance() of ${token} is not an amount.`);
    return ledger === entries.ledger ? value : null;
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

function poolIn(entries: LedgerEntries, pool: string): Instance {
  const instance = instanceIn(entries, pool);
  if (!instance)
    throw unreachable(
      METHOD,
      `the reply does not carry the pool contract ${pool}; it does not exist on this network, or the node lags.`,
    );
  return instance;
}

/** @throws HoldfastError CHAIN_UNREACHABLE */
export function creditlineIn(entries: LedgerEntries, creditline: string): Instance {
  const instance = instanceIn(entries, creditline);
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
 * False until the contract's administrator first paused it. It is not an amount: an unexpected
 * value counts as "not known" and does not invalidate the reply.
 */
function pausedIn({ storage }: Instance): boolean | null {
  const stored = storage.get('PAUSED') ?? false;
  return typeof stored === 'boolean' ? stored : null;
}

/**
 * The counter is shown and decides no amount: an unexpected value counts as "not known" and does
 * not invalidate the snapshot.
 */
function lastLoanIdIn(entries: LedgerEntries, creditline: string): bigint | null {
  try {
    const instance = instanceIn(entries, creditline);
    const last = instance ? storedInteger(instance, 'LOANCNT', 0n) : null;
    return last !== null && last >= 0n && last <= LOAN_ID_MAX ? last : null;
  } catch (thrown) {
    if (thrown instanceof HoldfastError && thrown.code === 'CHAIN_UNREACHABLE') return null;
    throw thrown;
  }
}
