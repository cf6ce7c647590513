import { Operation, TransactionBuilder, xdr, type Transaction } from '@stellar/stellar-sdk';
import { HoldfastError } from '../../common/errors.js';
import { unreachable, decodeReply } from './chain-trouble.js';
import type {
  Chain,
  ContractName,
  ContractRefusal,
  CounterWindow,
  FundingRequest,
  FundingResult,
  LoanTerms,
  PoolParts,
} from './chain.js';
import type { ContractFamily } from './families/contract-family.js';
import { familyOf } from './families/families.js';
import { archivedKeys, footprintOf } from './footprint.js';
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

const METHOD = 'simulateTransaction';

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

/** A funding call in a transaction, before simulation. */
export interface LoanCall {
  readonly terms: LoanTerms;
  readonly pool: PoolParts;
  readonly plain: Transaction;
  readonly window: FundingRequest['window'];
  /** Most signatures that the envelope may carry. */
  readonly signatures: number;
}
export interface SimulatedLoan {
  readonly kind: 'simulated';
  /** Of the simulation's reply. */
  readonly ledger: number;
  /** Base64 XDR of the authorization entries in the simulation's reply. */
  readonly auth: readonly string[];
  readonly data: xdr.SorobanTransactionData;
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
  async run(call: LoanCall, settings: NetworkSettings): Promise<LoanSimulationResult> {
    const { terms, pool, plain, window } = call;
    const family = familyOf(pool.generation);
    const reply = await simulate(this.sources.rpc, plain.toXdr());
    if (reply.error !== undefined)
      return { kind: 'failed', log: reply.error, ledger: reply.latestLedger };
    // Checked before success, because a restore reply looks like one
    // (docs/stellar.md#building-a-transaction).
    if (reply.restorePreamble) return this.#archived(preambleKeys(reply), settings, plain);
    const { transactionData, minResourceFee, loanId } = simulated(reply, family);
    const auth = reply.results[0]?.auth ?? [];
    const footprint = footprintOf(
      {
        data: transactionData,
        minResourceFee,
        lendingContract: pool.lendingContract,
        borrower: terms.borrower,
        loanKeys: family.loanKeys,
        loanId,
        window,
        signedBytes:
          xdrBytes(this.assembled(plain, auth, transactionData)) +
          SIGNATURE_BYTES * call.signatures,
      },
      settings,
    );
    if (footprint.kind !== 'fits') {
      const archived = archivedKeys(transactionData);
      return archived.length > 0 ? this.#archived(archived, settings, plain) : footprint;
    }
    return {
      ...footprint,
      kind: 'simulated',
      ledger: reply.latestLedger,
      auth,
      loanIdFirst: loanId,
    };
  }

  /**
   * The SDK's assembleTransaction was rejected: it keeps the simulated resources, and changing them
   * needs a second clone. cloneFrom with sorobanData keeps bounds and sequence and adds the
   * resource fee (docs/stellar.md#building-a-transaction).
   * @param auth base64 XDR; ignored when the call carries its own, signed entries
   */
  assembled(
    plain: Transaction,
    auth: readonly string[],
    sorobanData: xdr.SorobanTransactionData,
  ): Transaction {
    return decodeReply(METHOD, () => {
      const operation = plain.operations[0];
      if (operation?.type !== 'invokeHostFunction') throw new Error('not an invocation');
      const { auth: own = [], func } = operation;
      const entries =
        own.length > 0
          ? own
          : auth.map((entry) => xdr.SorobanAuthorizationEntry.fromXdr(entry, 'base64'));
      return TransactionBuilder.cloneFrom(plain, {
        fee: plain.fee,
        networkPassphrase: this.options.networkPassphrase,
        sorobanData,
      })
        .clearOperations()
        .addOperation(Operation.invokeHostFunction({ func, auth: entries }))
        .build();
    });
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
    { fee }: Transaction,
  ): Promise<Extract<FundingResult, { kind: 'archived' }>> {
    const { networkPassphrase } = this.options;
    const restore = await restoreTransaction(this.sources.rpc, {
      keys,
      settings,
      networkPassphrase,
      inclusionFee: BigInt(fee), // before its simulation, a transaction's fee is its bid
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
const xdrBytes = (transaction: Transaction): number => transaction.toEnvelope().toXdr().length;

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
  transactionData: xdr.SorobanTransactionData;
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
    return {
      transactionData: xdr.SorobanTransactionData.fromXdr(transactionData, 'base64'),
      minResourceFee: BigInt(minResourceFee),
      loanId: family.loanIdOf(xdr.ScVal.fromXdr(result.xdr, 'base64')),
    };
  });
}
