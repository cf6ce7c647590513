import { Operation, TransactionBuilder, xdr, type Transaction } from '@stellar/stellar-sdk';
import { HoldfastError } from '../../common/errors.js';
import { unreachable, decodeReply } from './chain-trouble.js';
import type {
  Chain,
  ContractName,
  ContractRefusal,
  Funding,
  FundingRequest,
  FundingResult,
  Head,
} from './chain.js';
import type { ContractFamily } from './families/contract-family.js';
import { familyOf } from './families/families.js';
import { fundingTransaction } from './funding-transaction.js';
import { assertFunding } from './funding-assertions.js';
import { archivedKeys, footprintOf } from './footprint.js';
import { type BidRule, type InclusionFee, inclusionFeeOf } from './inclusion-fee.js';
import {
  accountIn,
  accountKey,
  balanceIn,
  balanceKey,
  instanceIn,
  instanceKey,
  readEntries,
} from './ledger-entries.js';
import { LifetimeGuard } from './lifetime-guard.js';
import type { NetworkSettings, NetworkSettingsReader } from './network-settings.js';
import {
  hostFailure,
  isTokenShortage,
  poolPaid,
  refusalOf,
  type ContractNames,
} from './refusal.js';
import { restoreTransaction } from './restore.js';
import type { RpcClient } from './rpc-client.js';
import { vendorFundedIn, vendorFundedKeys } from './vendor-funded.js';
import type { SimulationReply } from './rpc-replies.js';
import { simulate } from './simulation.js';

const METHOD = 'simulateTransaction';
const HOLD_SECONDS_MIN = 60;

export interface FundingOptions {
  readonly networkPassphrase: string;
  /** The least bid for inclusion, stroops. */
  readonly inclusionFee: number;
}
export interface FundingSources {
  readonly rpc: RpcClient;
  readonly settings: NetworkSettingsReader;
  readonly head: () => Promise<Head>;
  readonly inclusionFee: (rule: BidRule) => Promise<InclusionFee>;
  readonly brokenLinks: Chain['brokenLinks'];
}

/** What was read before the transaction was built. */
interface BuildInputs {
  readonly accountLedger: number;
  readonly sequence: bigint;
  readonly head: Head;
  readonly maxTime: bigint;
  readonly inclusionFee: InclusionFee;
  readonly vendorFunded: Funding['vendorFunded'];
}

/** What the simulation gave, within the limits of the network. */
interface Simulated {
  readonly plain: Transaction;
  readonly reply: SimulationReply;
  readonly footprint: Extract<ReturnType<typeof footprintOf>, { kind: 'fits' }>;
  readonly loanId: bigint | null;
}

/**
 * Builds the one transaction of a hold: sets its time bounds, simulates it, grants its window,
 * asserts it, and hashes it last (docs/stellar.md#building-a-transaction,
 * docs/stellar.md#loan-counter-conflict).
 */
export class FundingBuilder {
  readonly #lifetimes: LifetimeGuard;

  constructor(
    private readonly sources: FundingSources,
    private readonly options: FundingOptions,
  ) {
    this.#lifetimes = new LifetimeGuard(sources.rpc);
  }

  /**
   * @throws HoldfastError CHAIN_UNREACHABLE; Error when the hold time is not a whole number of at
   * least 60 seconds (a programming fault)
   */
  async build(request: FundingRequest): Promise<FundingResult> {
    if (!Number.isSafeInteger(request.holdSeconds) || request.holdSeconds < HOLD_SECONDS_MIN)
      throw new Error(
        `hold time must be whole seconds, at least ${HOLD_SECONDS_MIN}: ${request.holdSeconds}`,
      );
    const { borrower, vendor } = request.terms;
    const family = familyOf(request.pool.generation);
    const counted = {
      fundings: family.vendorFundings,
      poolContract: request.pool.poolContract,
      vendor,
    };
    const [entries, head, settings, inclusionFee] = await Promise.all([
      readEntries(this.sources.rpc, [accountKey(borrower), ...vendorFundedKeys(counted)]),
      this.sources.head(),
      this.sources.settings.read(),
      this.#inclusionFee(request),
    ]);
    const account = accountIn(entries, borrower);
    if (!account) return { kind: 'no_account' };
    const inputs: BuildInputs = {
      accountLedger: entries.ledger,
      sequence: account.sequence,
      head,
      maxTime: head.closeTime + BigInt(request.holdSeconds),
      inclusionFee,
      vendorFunded: vendorFundedIn(entries, counted),
    };
    const plain = this.#plain(request, inputs);
    const reply = await simulate(this.sources.rpc, plain.toXdr());
    if (reply.error !== undefined)
      return { kind: 'refused', refusal: await this.#refusal(reply.error, request) };
    // Checked before success, because a restore reply looks like one
    // (docs/stellar.md#building-a-transaction).
    if (reply.restorePreamble)
      return this.#archived(preambleKeys(reply), settings, inclusionFee.bid);
    const { transactionData, minResourceFee, loanId } = simulated(reply, family);
    const signedBytes =
      xdrBytes(this.#assembled(plain, reply, transactionData)) +
      SIGNATURE_BYTES * Math.max(1, account.signers.length);
    const footprint = footprintOf(
      {
        data: transactionData,
        minResourceFee,
        lendingContract: request.pool.lendingContract,
        borrower,
        loanKeys: family.loanKeys,
        loanId,
        window: request.window,
        signedBytes,
      },
      settings,
    );
    if (footprint.kind !== 'fits') {
      const archived = archivedKeys(transactionData);
      return archived.length > 0 ? this.#archived(archived, settings, inclusionFee.bid) : footprint;
    }
    return this.#issued(request, inputs, { plain, reply, footprint, loanId });
  }

  async #issued(
    request: FundingRequest,
    { head, maxTime, sequence, accountLedger, inclusionFee, vendorFunded }: BuildInputs,
    { plain, reply, footprint, loanId }: Simulated,
  ): Promise<FundingResult> {
    const lapsing = await this.#lifetimes.lapsing(footprint.data, {
      ledger: head.ledger,
      seconds: request.holdSeconds,
    });
    if (lapsing) return { kind: 'lapsing', ...lapsing };
    const final = this.#assembled(plain, reply, footprint.data);
    const funding: Funding = {
      ...assertFunding(final.toXdr(), {
        networkPassphrase: this.options.networkPassphrase,
        borrower: request.terms.borrower,
        sequence: sequence + 1n,
        maxTime,
        fee: inclusionFee.bid + footprint.resourceFee,
      }),
      issuedAfterLedger: Math.min(accountLedger, head.ledger, reply.latestLedger),
      chainTime: head.closeTime,
      loanIdFirst: loanId,
      loanIdLast: footprint.loanIdLast,
      window: footprint.window,
      vendorFunded,
      inclusionFee,
    };
    return { kind: 'built', funding };
  }

  #inclusionFee({ bids }: FundingRequest): InclusionFee | Promise<InclusionFee> {
    if (bids) return this.sources.inclusionFee(bids);
    const floor = this.options.inclusionFee;
    return inclusionFeeOf(floor, { maxInclusionFee: floor }, null);
  }

  async #archived(
    keys: readonly xdr.LedgerKey[],
    settings: NetworkSettings,
    inclusionFee: bigint,
  ): Promise<FundingResult> {
    const { networkPassphrase } = this.options;
    const restore = await restoreTransaction(this.sources.rpc, {
      keys,
      settings,
      networkPassphrase,
      inclusionFee,
    });
    return { kind: 'archived', keys: keys.length, restore: restore && { xdr: restore.xdr } };
  }

  #plain(request: FundingRequest, inputs: BuildInputs): Transaction {
    return fundingTransaction({
      borrower: request.terms.borrower,
      call: familyOf(request.pool.generation).fundingCall(request.terms, request.pool),
      accountSequence: inputs.sequence,
      maxTime: inputs.maxTime,
      inclusionFee: inputs.inclusionFee.bid,
      networkPassphrase: this.options.networkPassphrase,
    });
  }

  /**
   * The SDK's assembleTransaction was rejected: it keeps the simulated resources, and changing them
   * needs a second clone. cloneFrom with sorobanData keeps bounds and sequence and adds the
   * resource fee (docs/stellar.md#building-a-transaction).
   */
  #assembled(
    plain: Transaction,
    reply: SimulationReply,
    sorobanData: xdr.SorobanTransactionData,
  ): Transaction {
    return decodeReply(METHOD, () => {
      const auth = reply.results[0]?.auth ?? [];
      const operation = plain.operations[0];
      if (operation?.type !== 'invokeHostFunction') throw new Error('not an invocation');
      return TransactionBuilder.cloneFrom(plain, {
        fee: plain.fee,
        networkPassphrase: this.options.networkPassphrase,
        sorobanData,
      })
        .clearOperations()
        .addOperation(
          Operation.invokeHostFunction({
            func: operation.func,
            auth: auth.map((entry) => xdr.SorobanAuthorizationEntry.fromXdr(entry, 'base64')),
          }),
        )
        .build();
    });
  }

  async #refusal(text: string, request: FundingRequest): Promise<ContractRefusal> {
    const failure = hostFailure(text);
    const names = await this.#names(request);
    const short = isTokenShortage(failure, names)
      ? (poolPaid(failure, names) ?? (await this.#poolLacksTokens(request)))
      : false;
    const { errors } = familyOf(request.pool.generation);
    const refusal = refusalOf(failure, { names, errors }, short);
    return refusal.kind === 'protocol' && refusal.number === null
      ? this.#brokenLink(request, refusal)
      : refusal;
  }

  /** A contract that is missing fails without a number of its own: the links say what it is. */
  async #brokenLink({ pool }: FundingRequest, refusal: ContractRefusal): Promise<ContractRefusal> {
    try {
      const broken = await this.sources.brokenLinks(pool);
      return broken.find(({ lost }) => lost === null)?.refusal ?? refusal;
    } catch (thrown) {
      if (thrown instanceof HoldfastError) return refusal;
      throw thrown;
    }
  }

  /** The ids the request knows, and the others from where the lending contract keeps them. */
  async #names({
    pool: { generation, poolContract, lendingContract, tokenContract },
  }: FundingRequest): Promise<ContractNames> {
    const reading = await readEntries(this.sources.rpc, [instanceKey(lendingContract)]);
    const lender = instanceIn(reading, lendingContract);
    return new Map<string, ContractName>(lender ? familyOf(generation).linked(lender) : [])
      .set(tokenContract, 'token')
      .set(lendingContract, 'lending_contract')
      .set(poolContract, 'pool');
  }

  /** Called only when the log does not show who paid. */
  async #poolLacksTokens(request: FundingRequest): Promise<boolean> {
    const key = balanceKey(request.pool.tokenContract, request.pool.poolContract);
    const entry = (await readEntries(this.sources.rpc, [key])).entry(key);
    return (
      entry !== undefined &&
      balanceIn(entry) < request.terms.totalAmount - request.terms.guaranteeAmount
    );
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
