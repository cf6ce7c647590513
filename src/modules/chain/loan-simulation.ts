import { xdr } from '@stellar/stellar-sdk';
import { HoldfastError } from '../../common/errors.js';
import { unreachable, decodeReply } from './chain-trouble.js';
import type {
  Chain,
  ContractName,
  ContractRefusal,
  CounterWindow,
  FundingResult,
  LoanTerms,
  PoolParts,
  WantedWindow,
} from './chain.js';
import type { ContractFamily } from './families/contract-family.js';
import { familyOf } from './families/families.js';
import { footprintOf } from './footprint.js';
import type { FundingEnvelope } from './funding-envelope.js';
import { type BidRule, type InclusionFee, inclusionFeeOf } from './inclusion-fee.js';
import { balanceIn, balanceKey, instanceIn, instanceKey, readEntries } from './ledger-entries.js';
import type { NetworkSettings } from './network-settings.js';
import {
  hostFailure,
  isTokenShortage,
  poolPaid,
  refusalOf,
  type ContractNames,
} from './refusal.js';
import { restoreTransaction } from './restore.js';
import type { RpcClient } from './rpc-client.js';
import type { SimulationReply } from './rpc-replies.js';
import { simulate } from './simulation.js';
import { archivedIn, type SorobanData, sorobanDataOf } from './soroban-data.js';

const METHOD = 'simulateTransaction';
/** The least of the network. */
const ANY_FEE = 100n;

export interface LoanOptions {
  readonly networkPassphrase: string;
  /** The least bid for inclusion, stroops. */
  readonly inclusionFee: number;
}
export interface LoanSources {
  readonly rpc: RpcClient;
  readonly inclusionFee: (rule: BidRule) => Promise<InclusionFee>;
  readonly brokenLinks: Chain['brokenLinks'];
}

/** A funding call in a transaction. */
export interface LoanCall {
  readonly terms: LoanTerms;
  readonly pool: PoolParts;
  readonly envelope: FundingEnvelope;
}
/** What is granted to a call that the contract accepts. */
export interface LoanGrant {
  readonly window: WantedWindow;
  /** Most signatures that the envelope may carry. */
  readonly signatures: number;
  /** Stroops, for a transaction that restores archived entries. */
  readonly bid: bigint;
}
/** The node's answer for a call. */
export interface LoanReply {
  readonly call: LoanCall;
  readonly reply: SimulationReply;
  /** Bytes of what was simulated, without signatures. */
  readonly plainBytes: number;
}
export interface SimulatedLoan {
  readonly kind: 'simulated';
  /** Of the simulation's reply. */
  readonly ledger: number;
  /** XDR of the authorization entries in the simulation's reply. */
  readonly auth: readonly Buffer[];
  /** XDR of what the transaction declares. */
  readonly data: Buffer;
  /** What the simulation declared. */
  readonly simulatedData: SorobanData;
  readonly resourceFee: bigint;
  readonly loanIdFirst: bigint | null;
  readonly loanIdLast: bigint | null;
  readonly window: CounterWindow & { readonly fee: bigint };
  readonly perLedger: number;
}
export type LoanSimulationResult =
  | SimulatedLoan
  /** `log`: the host's, newest first. */
  | { readonly kind: 'failed'; readonly log: string; readonly ledger: number }
  | Extract<FundingResult, { kind: 'archived' | 'window_too_small' | 'over_limit' }>;

/**
 * Simulates a funding call and declares what it needs: for the transaction that the borrower signs,
 * and for the one that lands an authorization.
 */
export class LoanSimulation {
  constructor(
    private readonly sources: LoanSources,
    private readonly options: LoanOptions,
  ) {}

  /** @throws HoldfastError CHAIN_UNREACHABLE */
  async run(
    call: LoanCall,
    grant: LoanGrant,
    settings: NetworkSettings,
  ): Promise<LoanSimulationResult> {
    return this.resultOf(await this.ask(call), grant, settings);
  }

  /**
   * Sequence, deadline and bid may be known later: a simulation ignores them
   * (docs/stellar.md#simulation). @throws HoldfastError CHAIN_UNREACHABLE
   */
  async ask(call: LoanCall): Promise<LoanReply> {
    const plain = call.envelope.plain({ sequence: 1n, maxTime: 0n, fee: ANY_FEE });
    const reply = await simulate(this.sources.rpc, plain.toString('base64'));
    return { call, reply, plainBytes: plain.length };
  }

  /** @throws HoldfastError CHAIN_UNREACHABLE */
  async resultOf(
    { call, reply, plainBytes }: LoanReply,
    { window, signatures, bid }: LoanGrant,
    settings: NetworkSettings,
  ): Promise<LoanSimulationResult> {
    const { terms, pool } = call;
    const family = familyOf(pool.generation);
    if (reply.error !== undefined)
      return { kind: 'failed', log: reply.error, ledger: reply.latestLedger };
    // Checked before success, because a restore reply looks like one
    // (docs/stellar.md#building-a-transaction).
    if (reply.restorePreamble) return this.#archived(preambleKeys(reply), settings, bid);
    const { data, dataBytes, minResourceFee, loanId } = simulated(reply, family);
    const auth = (reply.results[0]?.auth ?? []).map((entry) => Buffer.from(entry, 'base64'));
    const footprint = decodeReply(METHOD, () =>
      footprintOf(
        {
          data,
          minResourceFee,
          lendingContract: pool.lendingContract,
          borrower: terms.borrower,
          loanKeys: family.loanKeys,
          loanId,
          window,
          signedBytes:
            plainBytes +
            call.envelope.addedBytes({ auth, data: dataBytes }) +
            SIGNATURE_BYTES * signatures,
        },
        settings,
      ),
    );
    if (footprint.kind !== 'fits') {
      const archived = archivedIn(data);
      return archived.length > 0
        ? this.#archived(
            archived.map(({ bytes }) => xdr.LedgerKey.fromXdr(bytes)),
            settings,
            bid,
          )
        : footprint;
    }
    return {
      ...footprint,
      kind: 'simulated',
      ledger: reply.latestLedger,
      auth,
      simulatedData: data,
      loanIdFirst: loanId,
    };
  }

  /** The bid of a pool's rule; without a rule, the floor. */
  inclusionFee(bids: BidRule | undefined): InclusionFee | Promise<InclusionFee> {
    if (bids) return this.sources.inclusionFee(bids);
    const floor = this.options.inclusionFee;
    return inclusionFeeOf(floor, { maxInclusionFee: floor }, null);
  }

  /** @throws HoldfastError CHAIN_UNREACHABLE */
  async refusal(
    log: string,
    call: { readonly terms: LoanTerms; readonly pool: PoolParts },
  ): Promise<ContractRefusal> {
    const failure = hostFailure(log);
    const names = await this.#names(call.pool);
    const short = isTokenShortage(failure, names)
      ? (poolPaid(failure, names) ?? (await this.#poolLacksTokens(call)))
      : false;
    const { errors } = familyOf(call.pool.generation);
    const refusal = refusalOf(failure, { names, errors }, short);
    return refusal.kind === 'protocol' && refusal.number === null
      ? this.#brokenLink(call.pool, refusal)
      : refusal;
  }

  /** A contract that is missing fails without a number of its own: the links say what it is. */
  async #brokenLink(pool: PoolParts, refusal: ContractRefusal): Promise<ContractRefusal> {
    try {
      const broken = await this.sources.brokenLinks(pool);
      return broken.find(({ lost }) => lost === null)?.refusal ?? refusal;
    } catch (thrown) {
      if (thrown instanceof HoldfastError) return refusal;
      throw thrown;
    }
  }

  async #archived(
    keys: readonly xdr.LedgerKey[],
    settings: NetworkSettings,
    bid: bigint,
  ): Promise<Extract<FundingResult, { kind: 'archived' }>> {
    const { networkPassphrase } = this.options;
    const restore = await restoreTransaction(this.sources.rpc, {
      keys,
      settings,
      networkPassphrase,
      inclusionFee: bid,
    });
    return { kind: 'archived', keys: keys.length, restore: restore && { xdr: restore.xdr } };
  }

  /** The ids the request knows, and the others from where the lending contract keeps them. */
  async #names({
    generation,
    poolContract,
    lendingContract,
    tokenContract,
  }: PoolParts): Promise<ContractNames> {
    const reading = await readEntries(this.sources.rpc, [instanceKey(lendingContract)]);
    const lender = instanceIn(reading, lendingContract);
    return new Map<string, ContractName>(lender ? familyOf(generation).linked(lender) : [])
      .set(tokenContract, 'token')
      .set(lendingContract, 'lending_contract')
      .set(poolContract, 'pool');
  }

  /** Called only when the log does not show who paid. */
  async #poolLacksTokens({
    terms,
    pool,
  }: {
    readonly terms: LoanTerms;
    readonly pool: PoolParts;
  }): Promise<boolean> {
    const key = balanceKey(pool.tokenContract, pool.poolContract);
    const entry = (await readEntries(this.sources.rpc, [key])).entry(key);
    return entry !== undefined && balanceIn(entry) < terms.totalAmount - terms.guaranteeAmount;
  }
}

/** Size of one signature in an envelope: hint, length and 64 bytes. */
const SIGNATURE_BYTES = 72;

/** The entries to restore first, as an older node lists them. */
const preambleKeys = ({ restorePreamble }: SimulationReply): readonly xdr.LedgerKey[] =>
  decodeReply(
    METHOD,
    () =>
      xdr.SorobanTransactionData.fromXdr(restorePreamble?.transactionData ?? '', 'base64').resources
        .footprint.readWrite,
  );

/** The parts of a successful simulation, or a sentence what is missing. */
function simulated(
  reply: SimulationReply,
  family: ContractFamily,
): {
  data: SorobanData;
  dataBytes: Buffer;
  minResourceFee: bigint;
  loanId: bigint | null;
} {
  const { transactionData, minResourceFee, results } = reply;
  const result = results[0];
  if (
    transactionData === undefined ||
    minResourceFee === undefined ||
    !result ||
    results.length !== 1
  )
    throw unreachable(METHOD, 'the simulation succeeded but lacks data, fee or result.');
  return decodeReply(METHOD, () => {
    const dataBytes = Buffer.from(transactionData, 'base64');
    return {
      data: sorobanDataOf(dataBytes),
      dataBytes,
      minResourceFee: BigInt(minResourceFee),
      loanId: family.loanIdOf(xdr.ScVal.fromXdr(result.xdr, 'base64')),
    };
  });
}
