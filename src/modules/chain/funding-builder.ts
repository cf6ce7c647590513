import { decodeReply, mustNotBeBehind } from './chain-trouble.js';
import type { Funding, FundingRequest, FundingResult, Head } from './chain.js';
import { familyOf } from './families/families.js';
import { assertFunding } from './funding-assertions.js';
import { FundingEnvelope, networkId } from './funding-envelope.js';
import type { RecentHeads } from './head.reader.js';
import type { InclusionFee } from './inclusion-fee.js';
import { accountIn, accountKey, readEntries } from './ledger-entries.js';
import type { LifetimeGuard } from './lifetime-guard.js';
import type { LoanCall, LoanSimulation, SimulatedLoan } from './loan-simulation.js';
import type { NetworkSettingsReader } from './network-settings.js';
import type { RpcClient } from './rpc-client.js';
import { countedFor, vendorFundedIn, vendorFundedKeys } from './vendor-funded.js';

const HOLD_SECONDS_MIN = 60;

/** What every builder of a funding call reads with. */
export interface BuilderSources {
  readonly rpc: RpcClient;
  readonly settings: NetworkSettingsReader;
  readonly head: () => Promise<Head>;
  readonly heads: RecentHeads;
  readonly simulation: LoanSimulation;
  readonly lifetimes: LifetimeGuard;
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

/**
 * Builds the one transaction of a hold: sets its time bounds, simulates it, grants its window,
 * asserts it, and hashes it last (docs/stellar.md#building-a-transaction,
 * docs/stellar.md#loan-counter-conflict).
 */
export class FundingBuilder {
  readonly #networkId: Buffer;

  constructor(
    private readonly sources: BuilderSources,
    networkPassphrase: string,
  ) {
    this.#networkId = networkId(networkPassphrase);
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
    const { terms, pool } = request;
    const family = familyOf(pool.generation);
    const counted = countedFor(family, pool, terms);
    const { rpc, simulation, heads } = this.sources;
    const envelope = new FundingEnvelope({
      source: terms.borrower,
      call: family.fundingCall(terms, pool),
    });
    const call: LoanCall = { terms, pool, envelope };
    // The simulation needs nothing of the others. Without the account its answer does not matter.
    const asked = simulation.ask(call);
    asked.catch(() => undefined);
    const reading = readEntries(rpc, [accountKey(terms.borrower), ...vendorFundedKeys(counted)]);
    const reads = Promise.all([
      reading,
      heads.of(reading),
      this.sources.settings.read(),
      simulation.inclusionFee(request.bids),
    ]);
    reads.catch(() => undefined);
    // first, because a window that is full refuses before anything that the node says
    const window = await request.window;
    const [entries, head, settings, inclusionFee] = await reads;
    const account = accountIn(entries, terms.borrower);
    if (!account) {
      mustNotBeBehind('getLedgerEntries', entries.ledger, request.seenLedger);
      return { kind: 'no_account' };
    }
    const inputs: BuildInputs = {
      accountLedger: entries.ledger,
      sequence: account.sequence,
      head,
      maxTime: head.closeTime + BigInt(request.holdSeconds),
      inclusionFee,
      vendorFunded: vendorFundedIn(entries, counted),
    };
    const signatures = Math.max(1, account.signers.length);
    const grant = { window, signatures, bid: inclusionFee.bid };
    const result = await simulation.resultOf(await asked, grant, settings);
    if (result.kind === 'failed') {
      mustNotBeBehind('simulateTransaction', result.ledger, request.seenLedger);
      return { kind: 'refused', refusal: await simulation.refusal(result.log, call) };
    }
    return result.kind === 'simulated' ? this.#issued(request, inputs, call, result) : result;
  }

  async #issued(
    request: FundingRequest,
    { head, maxTime, sequence, accountLedger, inclusionFee, vendorFunded }: BuildInputs,
    { envelope }: LoanCall,
    simulated: SimulatedLoan,
  ): Promise<FundingResult> {
    const lapsing = await this.sources.lifetimes.lapsing(simulated.simulatedData, {
      ledger: head.ledger,
      seconds: request.holdSeconds,
    });
    if (lapsing) return { kind: 'lapsing', ...lapsing };
    const bounds = {
      sequence: sequence + 1n,
      maxTime,
      fee: inclusionFee.bid + simulated.resourceFee,
    };
    const final = decodeReply('simulateTransaction', () =>
      envelope.withResources(bounds, simulated),
    );
    const funding: Funding = {
      ...assertFunding(final, {
        ...bounds,
        networkId: this.#networkId,
        source: request.terms.borrower,
        call: envelope.call,
        authorization: null,
        resourceFee: simulated.resourceFee,
      }),
      issuedAfterLedger: Math.min(accountLedger, head.ledger, simulated.ledger),
      chainTime: head.closeTime,
      loanIdFirst: simulated.loanIdFirst,
      loanIdLast: simulated.loanIdLast,
      window: simulated.window,
      vendorFunded,
      inclusionFee,
    };
    return { kind: 'built', funding };
  }
}
