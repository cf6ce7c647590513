import { Address } from '@stellar/stellar-sdk';
import { HoldfastError } from '../../common/errors.js';
import { unreachable } from './chain-trouble.js';
import type {
  CodeRecognition,
  LandingConditions,
  PoolDescription,
  PoolParts,
  PoolState,
} from './chain.js';
import type { ProposedCode } from './lifetimes.js';
import type { HeadReader } from './head.reader.js';
import {
  balanceIn,
  balanceKey,
  instanceIn,
  instanceKey,
  instancesIn,
  readEntries,
  type Instance,
  lenderIn,
  poolIn,
  type LedgerEntries,
} from './ledger-entries.js';
import { readAssetCode } from './asset-code.js';
import { codeHashes } from './code-hashes.js';
import type { ContractCodeReader } from './contract-code.js';
import type { Generation } from './families/contract-family.js';
import { familyOf, isPaused, knownGeneration, linksOf, recognise } from './families/families.js';
import type { RpcClient } from './rpc-client.js';
import { callReader } from './simulation.js';

const METHOD = 'getLedgerEntries';
/**
 * A ledger may close between two replies that must be about the same one. This many tries are made.
 */
const TRIES = 3;
/** More fractional digits than a contract amount can have. */
const DECIMALS_MAX = 38;

export interface PoolSources {
  readonly rpc: RpcClient;
  readonly networkPassphrase: string;
  readonly heads: Pick<HeadReader, 'read'>;
  readonly codes: ContractCodeReader;
}
type Figures = Pick<
  PoolState,
  | 'ledger'
  | 'total'
  | 'locked'
  | 'tokenBalance'
  | 'lastLoanId'
  | 'contractPaused'
  | 'contractPauses'
  | 'limits'
>;

/**
 * Reads the pool contract: its parts once, its figures at one ledger each time
 * (docs/protocol.md#snapshots-only-move-forward).
 */
export class PoolReader {
  constructor(private readonly sources: PoolSources) {}

  /**
   * @throws HoldfastError VALIDATION_FAILED when the contract is no pool of a supported family;
   * CHAIN_UNREACHABLE
   */
  async describe(pool: string, named?: Generation): Promise<PoolDescription> {
    const entries = await readEntries(this.sources.rpc, [instanceKey(pool)]);
    const instance = poolIn(entries, pool);
    const links = linksOf(pool, instance, named);
    const wasmHash = await this.#codeOf(pool, instance);
    if (!links || wasmHash === null) {
      throw new HoldfastError(
        'VALIDATION_FAILED',
        `${pool} is not a liquidity pool with a token and a lending contract: one of the two is ` +
          'not set in its storage.',
        { errors: [{ field: 'contract', message: 'is not a liquidity pool' }] },
      );
    }
    const { tokenContract, lendingContract } = links;
    const [lender, decimals, assetCode] = await Promise.all([
      this.#codeAt(lendingContract),
      this.#decimals(tokenContract),
      readAssetCode(this.sources.rpc, tokenContract),
    ]);
    return {
      ...links,
      decimals,
      assetCode,
      wasmHash,
      codes: {
        ledger: Math.min(entries.ledger, lender.ledger),
        hashes: new Map([
          [lendingContract, lender.hash],
          [pool, wasmHash],
        ]),
      },
      code: await this.#recognised(wasmHash, lendingContract, lender.hash),
    };
  }

  async #codeAt(
    lender: string,
  ): Promise<{ readonly ledger: number; readonly hash: string | null }> {
    const entries = await readEntries(this.sources.rpc, [instanceKey(lender)]);
    return {
      ledger: entries.ledger,
      hash: await this.#codeOf(lender, lenderIn(entries, lender)),
    };
  }

  /** By the interfaces of both contracts' code. */
  async #recognised(
    poolHash: string,
    lender: string,
    lenderHash: string | null,
  ): Promise<CodeRecognition> {
    return lenderHash === null
      ? { generation: null, found: [`The contract ${lender} runs no Wasm code.`] }
      : this.#recogniseCode(poolHash, lenderHash);
  }

  async #recogniseCode(poolHash: string, lenderHash: string): Promise<CodeRecognition> {
    const known = knownGeneration(poolHash, lenderHash);
    if (known) return { generation: known };
    const codes = await this.sources.codes.read([poolHash, lenderHash]);
    const [ofPool, ofLender] = [codes.get(poolHash), codes.get(lenderHash)];
    if (ofPool && ofLender) return recognise(ofPool, ofLender);
    return {
      generation: null,
      found: [
        `The node does not carry the code of the ${ofPool ? 'lending contract' : 'pool'}; it may be archived.`,
      ],
    };
  }

  /**
   * Together with the code that the other contract runs now, and otherwise with the code that is
   * proposed for it: a generation is recognised by both contracts.
   */
  async proposedGeneration(
    { poolContract, lendingContract }: PoolParts,
    { contract, hashes }: ProposedCode,
  ): Promise<Generation | null> {
    const own = [poolContract, lendingContract];
    const entries = await readEntries(this.sources.rpc, own.map(instanceKey));
    const present = await codeHashes(this.sources.rpc, instancesIn(entries, own));
    const proposed = hashes.get(contract);
    if (proposed === undefined) return null;
    for (const pair of [
      new Map([...present, [contract, proposed]]),
      new Map([...present, ...hashes]),
    ]) {
      const [pool, lender] = own.map((each) => pair.get(each));
      if (!pool || !lender) continue;
      const { generation } = await this.#recogniseCode(pool, lender);
      if (generation) return generation;
    }
    return null;
  }

  async #codeOf(contract: string, instance: Instance): Promise<string | null> {
    const hashes = await codeHashes(this.sources.rpc, new Map([[contract, instance]]));
    return hashes.get(contract) ?? null;
  }

  async #decimals(token: string): Promise<number> {
    const { value } = await this.#call(token, 'decimals');
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > DECIMALS_MAX)
      throw unreachable(
        'simulateTransaction',
        `decimals() of ${token} is not a number of digits up to ${DECIMALS_MAX}.`,
      );
    return value;
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
    lendingContract,
    generation,
  }: PoolParts): Promise<LandingConditions> {
    const family = familyOf(generation);
    const ofPool = family.pausable.includes('pool');
    const entries = await readEntries(
      this.sources.rpc,
      [lendingContract, ...(ofPool ? [poolContract] : [])].map(instanceKey),
    );
    const { lastLoanId, pauses } = family.conditions({
      lending_contract: lenderIn(entries, lendingContract),
      pool: ofPool ? poolIn(entries, poolContract) : undefined,
    });
    if (family.loanKeys && lastLoanId === null)
      throw unreachable(METHOD, `the loan counter of ${lendingContract} is no number.`);
    return { ledger: entries.ledger, lastLoanId, contractPauses: pauses };
  }

  async #figures({
    poolContract: pool,
    tokenContract: token,
    lendingContract,
    generation,
  }: PoolParts): Promise<Figures> {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const entries = await readEntries(this.sources.rpc, [
        instanceKey(pool),
        balanceKey(token, pool),
        instanceKey(token),
        instanceKey(lendingContract),
      ]);
      const instance = poolIn(entries, pool);
      const tokenBalance = await this.#balance(entries, pool, token);
      if (tokenBalance === null) continue;
      const figures = familyOf(generation).figures(
        instance,
        this.#lenderOf(entries, lendingContract),
      );
      const { total, locked, lastLoanId, pauses, limits } = figures;
      return {
        ledger: entries.ledger,
        total,
        locked,
        tokenBalance,
        lastLoanId,
        contractPaused: isPaused(pauses),
        contractPauses: pauses,
        limits,
      };
    }
    throw unreachable(
      'simulateTransaction',
      `the balance of ${pool} could not be read at one ledger with its figures in ${TRIES} tries.`,
    );
  }

  /** Figures do not depend on it: one that cannot be read is none. */
  #lenderOf(entries: LedgerEntries, lender: string): Instance | undefined {
    try {
      return instanceIn(entries, lender);
    } catch (thrown) {
      if (thrown instanceof HoldfastError && thrown.code === 'CHAIN_UNREACHABLE') return undefined;
      throw thrown;
    }
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
