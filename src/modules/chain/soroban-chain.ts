import { readAssetCode } from './asset-code.js';
import { AuthorizationBuilder } from './authorization-builder.js';
import { AuthorizationChecker } from './authorization-checker.js';
import { authorizationsOf } from './authorizations-lookup.js';
import type {
  AuthorizationCheck,
  AuthorizationRequest,
  AuthorizationResult,
  AuthorizationsLookup,
  ChannelFunding,
  ChannelFundingRequest,
  ChannelState,
  ExpectedAuthorization,
  LandingRequest,
  LandingResult,
  NonceKey,
  NonceSighting,
  SignedAuthorization,
} from './authorizations.js';
import { readChannels, readSequences } from './account.reader.js';
import type {
  AccountState,
  AccountSequence,
  BorrowerLoans,
  BrokenLink,
  Chain,
  ContractCodes,
  EventsReply,
  ExpectedSigned,
  EventsRequest,
  FeeBumpLookup,
  FundingRequest,
  FundingResult,
  Head,
  LandedLoan,
  LandingConditions,
  LoanConditions,
  LoanConditionsRequest,
  PoolDescription,
  PoolParts,
  PoolState,
  SequenceBurn,
  SequenceBurnRequest,
  SubmissionReport,
  TransactionEvents,
} from './chain.js';
import type { ContractLifetimes, Extension, ExtensionRequest, ProposedCode } from './lifetimes.js';
import type { SignedCheck } from './signed-check.js';
import type { TransactionReport } from './transaction-outcome.js';
import type { ChannelKeys } from './channel-keys.js';
import { brokenLinks } from './broken-links.js';
import { BUILDS_AT_ONCE, BuildTurns } from './build-turns.js';
import { buildChannelFunding } from './channel-funding.js';
import { codeHashes } from './code-hashes.js';
import { ContractCodeReader } from './contract-code.js';
import { readLifetimes } from './contract-lifetimes.js';
import { EventReader, eventsOfTransaction } from './event.reader.js';
import { buildExtension } from './extension.js';
import { FundingBuilder } from './funding-builder.js';
import { FeeStatsReader } from './fee-stats.reader.js';
import { HeadReader, RecentHeads } from './head.reader.js';
import { accountIn, accountKey, contractIn, instanceKey, readEntries } from './ledger-entries.js';
import type { ChainAccess, Generation } from './families/contract-family.js';
import { familyOf } from './families/families.js';
import {
  type BidRule,
  type FeePhase,
  type InclusionFee,
  inclusionFeeOf,
  percentileOf,
} from './inclusion-fee.js';
import { readLandedLoans } from './landed-loans.reader.js';
import { LandingBuilder } from './landing-builder.js';
import { LifetimeGuard } from './lifetime-guard.js';
import { LoanSimulation } from './loan-simulation.js';
import { NetworkSettingsReader, readMinTemporaryTtl } from './network-settings.js';
import { readNonces } from './nonce.reader.js';
import { PoolReader } from './pool.reader.js';
import { RpcClient, type RpcOptions } from './rpc-client.js';
import { submissionReply, transactionReply } from './rpc-replies.js';
import { innerHashOf, readEnvelope, signedCheckOf } from './signed-envelope.js';
import { sequenceBurn } from './sequence-burn.js';
import { reportOf, submissionCode } from './transaction-report.js';

/** The limit is of one call to the node; a method of the port makes a few. */
export interface SorobanChainOptions extends RpcOptions {
  /** The least bid for inclusion, stroops. */
  readonly inclusionFee: number;
  /** The keys of the channels that land authorizations; absent: none. */
  readonly channels?: ChannelKeys;
}

/**
 * The port to the chain on any Stellar RPC. Replies only count while the node serves the configured
 * network: see `RpcClient`.
 */
export class SorobanChain implements Chain {
  readonly networkPassphrase: string;
  readonly channelAccounts: readonly string[];
  readonly #rpc: RpcClient;
  readonly #feeStats: FeeStatsReader;
  readonly #settings: NetworkSettingsReader;
  readonly #heads: HeadReader;
  readonly #pools: PoolReader;
  /** Of callers that wait; what the jobs build has no queue. */
  readonly #turns: BuildTurns;
  readonly #fundings: FundingBuilder;
  readonly #authorizations: AuthorizationBuilder;
  readonly #signatures: AuthorizationChecker;
  readonly #landings: LandingBuilder;
  readonly #events: EventReader;
  readonly #access: ChainAccess;
  readonly #codes: ContractCodeReader;

  constructor(private readonly options: SorobanChainOptions) {
    this.networkPassphrase = options.networkPassphrase;
    this.#rpc = new RpcClient(options);
    this.#feeStats = new FeeStatsReader(this.#rpc);
    this.#settings = new NetworkSettingsReader(this.#rpc);
    this.#heads = new HeadReader(this.#rpc);
    this.#turns = new BuildTurns({ atOnce: BUILDS_AT_ONCE, waitMs: 2 * options.timeoutMs });
    const head = (): Promise<Head> => this.head();
    this.#codes = new ContractCodeReader(this.#rpc);
    this.#pools = new PoolReader({
      rpc: this.#rpc,
      networkPassphrase: options.networkPassphrase,
      heads: this.#heads,
      codes: this.#codes,
    });
    const { networkPassphrase, channels = new Map() } = options;
    const simulation = new LoanSimulation(
      {
        rpc: this.#rpc,
        inclusionFee: (rule) => this.inclusionFee(rule),
        brokenLinks: (pool) => this.brokenLinks(pool),
      },
      options,
    );
    const sources = {
      rpc: this.#rpc,
      settings: this.#settings,
      head,
      heads: new RecentHeads(head),
      simulation,
      lifetimes: new LifetimeGuard(this.#rpc),
    };
    this.#fundings = new FundingBuilder(sources, networkPassphrase);
    this.#authorizations = new AuthorizationBuilder(sources, networkPassphrase);
    this.#signatures = new AuthorizationChecker(this.#rpc, simulation, networkPassphrase);
    this.#landings = new LandingBuilder(sources, { networkPassphrase, channels });
    this.channelAccounts = [...channels.keys()];
    this.#events = new EventReader(this.#rpc, head);
    this.#access = { rpc: this.#rpc, networkPassphrase: options.networkPassphrase };
  }

  get protocolVersion(): number | null {
    return this.#rpc.protocolVersion;
  }

  verifyNetwork(): Promise<void> {
    return this.#rpc.verifyNetwork();
  }

  /**
   * The head on which two replies agree, so that both confirm its ledger.
   * @throws HoldfastError CHAIN_UNREACHABLE also when they contradict each other
   */
  async head(): Promise<Head> {
    return (await this.#heads.read()).head;
  }

  describePool(poolContract: string, named?: Generation): Promise<PoolDescription> {
    return this.#pools.describe(poolContract, named);
  }

  assetCode(tokenContract: string): Promise<string | null> {
    return readAssetCode(this.#rpc, tokenContract);
  }

  observePool(pool: PoolParts): Promise<PoolState> {
    return this.#pools.observe(pool);
  }

  buildFunding(request: FundingRequest): Promise<FundingResult> {
    return this.#turns.run(() => this.#fundings.build(request));
  }

  async inclusionFee(rule: BidRule, phase: FeePhase = 'soroban'): Promise<InclusionFee> {
    const percentile = percentileOf(rule.feePercentile);
    const stats = await this.#feeStats.read();
    const rates = stats?.rates[phase] ?? null;
    return inclusionFeeOf(
      this.options.inclusionFee,
      rule,
      stats && rates && { rate: rates[percentile], ledger: stats.ledger },
    );
  }

  async checkSigned(signedXdr: string, expected: ExpectedSigned): Promise<SignedCheck> {
    const envelope = readEnvelope(signedXdr, this.networkPassphrase, expected);
    if (!envelope.ok) return envelope;
    const entries = await readEntries(this.#rpc, [accountKey(expected.source)]);
    return signedCheckOf(envelope, accountIn(entries, expected.source), expected.hash);
  }

  async submit(signedXdr: string): Promise<SubmissionReport> {
    const reply = await this.#rpc.call(
      'sendTransaction',
      { transaction: signedXdr },
      submissionReply,
    );
    return {
      status: reply.status,
      resultCode: reply.status === 'ERROR' ? submissionCode(reply.errorResultXdr) : null,
      latestLedger: reply.latestLedger,
    };
  }

  async findTransaction(hash: string): Promise<TransactionReport> {
    return reportOf(await this.#rpc.call('getTransaction', { hash }, transactionReply));
  }

  async account(address: string): Promise<AccountState> {
    const entries = await readEntries(this.#rpc, [accountKey(address)]);
    const account = accountIn(entries, address);
    return {
      ledger: entries.ledger,
      sequence: account?.sequence ?? null,
      signers: account?.signers ?? [],
    };
  }

  accountSequences(addresses: readonly string[]): Promise<ReadonlyMap<string, AccountSequence>> {
    return readSequences(this.#rpc, addresses);
  }

  async borrowerLoans(pool: PoolParts, borrower: string): Promise<BorrowerLoans | null> {
    const { borrowerLoans } = familyOf(pool.generation);
    return borrowerLoans && (await borrowerLoans(this.#access, { ...pool, borrower }));
  }

  landedLoans(pool: PoolParts, loanIds: readonly bigint[]): Promise<readonly LandedLoan[]> {
    return readLandedLoans(this.#rpc, pool, loanIds);
  }

  async buildSequenceBurn(request: SequenceBurnRequest): Promise<SequenceBurn> {
    const { bid } = await this.inclusionFee(request.bids, 'classic');
    const { networkPassphrase } = this.options;
    return sequenceBurn(request, { networkPassphrase, inclusionFee: bid });
  }

  landingConditions(pool: PoolParts): Promise<LandingConditions> {
    return this.#pools.landingConditions(pool);
  }

  leastGuarantee(pool: PoolParts, totalAmount: bigint): Promise<bigint> {
    return familyOf(pool.generation).leastGuarantee(this.#access, pool, totalAmount);
  }

  loanConditions({ pool, ...parties }: LoanConditionsRequest): Promise<LoanConditions> {
    return familyOf(pool.generation).loanConditions(this.#access, { ...pool, ...parties });
  }

  readEvents(request: EventsRequest): Promise<EventsReply> {
    return this.#events.read(request);
  }

  async transactionEvents(hash: string): Promise<TransactionEvents> {
    return eventsOfTransaction(await this.#rpc.call('getTransaction', { hash }, transactionReply), {
      hash,
      networkPassphrase: this.networkPassphrase,
    });
  }

  async findInner(txHash: string): Promise<FeeBumpLookup> {
    const reply = await this.#rpc.call('getTransaction', { hash: txHash }, transactionReply);
    if (reply.status === 'NOT_FOUND') return { found: false };
    if (!reply.feeBump) return { found: true, innerHash: null };
    return { found: true, innerHash: innerHashOf(reply.envelopeXdr, this.networkPassphrase) };
  }

  brokenLinks(pool: PoolParts): Promise<readonly BrokenLink[]> {
    return brokenLinks(this.#rpc, this.#codes, pool);
  }

  contractLifetimes(pool: PoolParts): Promise<ContractLifetimes> {
    return readLifetimes(this.#rpc, pool);
  }

  proposedGeneration(pool: PoolParts, proposed: ProposedCode): Promise<Generation | null> {
    return this.#pools.proposedGeneration(pool, proposed);
  }

  async buildExtension(request: ExtensionRequest): Promise<Extension> {
    const { networkPassphrase } = this.options;
    const [settings, { bid: inclusionFee }] = await Promise.all([
      this.#settings.read(),
      this.inclusionFee(request.bids),
    ]);
    return buildExtension(this.#rpc, request, { settings, networkPassphrase, inclusionFee });
  }

  buildChannelFunding(request: ChannelFundingRequest): Promise<ChannelFunding> {
    return buildChannelFunding(this.#rpc, request, this.options);
  }

  async contractCodes(contracts: readonly string[]): Promise<ContractCodes> {
    const entries = await readEntries(this.#rpc, contracts.map(instanceKey));
    const instances = new Map(
      contracts.map((contract) => [contract, contractIn(entries, contract)]),
    );
    const hashes = await codeHashes(this.#rpc, instances);
    return { ledger: entries.ledger, hashes };
  }

  buildAuthorization(request: AuthorizationRequest): Promise<AuthorizationResult> {
    return this.#turns.run(() => this.#authorizations.build(request));
  }

  checkAuthorization(
    signed: readonly SignedAuthorization[],
    expected: ExpectedAuthorization,
  ): Promise<AuthorizationCheck> {
    return this.#signatures.check(signed, expected);
  }

  channels(accounts: readonly string[]): Promise<ReadonlyMap<string, ChannelState>> {
    return readChannels(this.#rpc, accounts);
  }

  nonces(list: readonly NonceKey[]): Promise<readonly NonceSighting[]> {
    return readNonces(this.#rpc, list);
  }

  minTemporaryTtl(): Promise<number> {
    return readMinTemporaryTtl(this.#rpc);
  }

  buildLanding(request: LandingRequest): Promise<LandingResult> {
    return this.#landings.build(request);
  }

  async findAuthorizations(txHash: string): Promise<AuthorizationsLookup> {
    return authorizationsOf(
      await this.#rpc.call('getTransaction', { hash: txHash }, transactionReply),
      { hash: txHash, networkPassphrase: this.networkPassphrase },
    );
  }
}
