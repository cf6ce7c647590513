import { xdr } from '@stellar/stellar-sdk';
import type { SigningKey } from '../../common/ed25519.js';
import { ownEntry } from './authorization-entry.js';
import type { LandingRequest, LandingResult } from './authorizations.js';
import type { Head } from './chain.js';
import type { ChannelKeys } from './channel-keys.js';
import { decodeReply } from './chain-trouble.js';
import { familyOf } from './families/families.js';
import { assertFunding, signedBy } from './funding-assertions.js';
import type { BuilderSources } from './funding-builder.js';
import { FundingEnvelope, networkId } from './funding-envelope.js';
import type { InclusionFee } from './inclusion-fee.js';
import { isExpired, isSpent } from './landing-failure.js';
import { accountIn, accountKey, nonceKey, readEntries } from './ledger-entries.js';
import type { LoanCall, SimulatedLoan } from './loan-simulation.js';
import { spentIn } from './nonce.reader.js';
import { NO_WINDOW } from './resources.js';

interface LandingInputs {
  readonly key: SigningKey;
  readonly ledger: number;
  readonly head: Head;
  readonly inclusionFee: InclusionFee;
}

/**
 * Builds the transaction of a channel that lands a signed authorization. The simulation carries the
 * signed entry, so it enforces it: the resources count the check of the signature and the nonce's
 * entry (docs/stellar.md#signed-authorizations).
 */
export class LandingBuilder {
  constructor(
    private readonly sources: BuilderSources,
    private readonly options: {
      readonly networkPassphrase: string;
      readonly channels: ChannelKeys;
    },
  ) {}

  /** @throws HoldfastError CHAIN_UNREACHABLE; Error for an entry without an address */
  async build(request: LandingRequest): Promise<LandingResult> {
    const { terms, pool, channel } = request;
    const key = this.options.channels.get(channel.account);
    if (!key) return { kind: 'no_channel', reason: 'no_secret', sequence: null };
    const signed = xdr.SorobanAuthorizationEntry.fromXdr(request.signedEntryXdr, 'base64');
    const addressed = ownEntry(signed);
    const { expirationLedger } = addressed;
    const { rpc, simulation } = this.sources;
    const [entries, head, settings, inclusionFee] = await Promise.all([
      readEntries(rpc, [accountKey(channel.account), nonceKey(addressed.address, addressed.nonce)]),
      this.sources.head(),
      this.sources.settings.read(),
      request.bid === undefined
        ? simulation.inclusionFee(request.bids)
        : { bid: request.bid, going: null },
    ]);
    if (spentIn(entries, addressed)) return { kind: 'spent', ledger: entries.ledger };
    // The next ledger is the first in which it can land.
    if (head.ledger >= expirationLedger)
      return { kind: 'expired', ledger: head.ledger, expirationLedger };
    const sequence = accountIn(entries, channel.account)?.sequence ?? null;
    if (sequence !== channel.sequence)
      return { kind: 'no_channel', reason: sequence === null ? 'no_account' : 'moved', sequence };
    const envelope = new FundingEnvelope({
      source: channel.account,
      call: familyOf(pool.generation).fundingCall(terms, pool),
      authorization: Buffer.from(request.signedEntryXdr, 'base64'),
    });
    const { window: wanted } = request;
    const window = { least: NO_WINDOW, wanted, plenty: wanted.loans };
    const call: LoanCall = { terms, pool, envelope };
    const grant = { window, signatures: 1, bid: inclusionFee.bid };
    const result = await simulation.run(call, grant, settings);
    if (result.kind === 'failed') {
      if (isSpent(result.log)) return { kind: 'spent', ledger: result.ledger };
      if (isExpired(result.log))
        return { kind: 'expired', ledger: result.ledger, expirationLedger };
      return { kind: 'refused', refusal: await simulation.refusal(result.log, call) };
    }
    if (result.kind === 'window_too_small')
      throw new Error('a landing that needs no window lacks room for one');
    return result.kind === 'simulated'
      ? this.#signed(request, { key, ledger: entries.ledger, head, inclusionFee }, envelope, result)
      : result;
  }

  async #signed(
    { channel, signedEntryXdr, maxTime }: LandingRequest,
    { key, ledger, head, inclusionFee }: LandingInputs,
    envelope: FundingEnvelope,
    simulated: SimulatedLoan,
  ): Promise<LandingResult> {
    const lapsing = await this.sources.lifetimes.lapsing(simulated.simulatedData, {
      ledger: head.ledger,
      seconds: Math.max(0, Number(maxTime - head.closeTime)),
    });
    if (lapsing) return { kind: 'lapsing', ...lapsing };
    const network = networkId(this.options.networkPassphrase);
    const bounds = {
      sequence: channel.sequence + 1n,
      maxTime,
      fee: inclusionFee.bid + simulated.resourceFee,
    };
    const final = decodeReply('simulateTransaction', () =>
      signedBy(key, envelope.withResources(bounds, simulated), network),
    );
    const { loanIdFirst, loanIdLast, window, perLedger } = simulated;
    return {
      kind: 'built',
      landing: {
        ...assertFunding(final, {
          ...bounds,
          networkId: network,
          source: channel.account,
          call: envelope.call,
          authorization: Buffer.from(signedEntryXdr, 'base64'),
          resourceFee: simulated.resourceFee,
        }),
        channel: channel.account,
        issuedAfterLedger: Math.min(ledger, head.ledger, simulated.ledger),
        inclusionFee,
        loanIdFirst,
        loanIdLast,
        window: { loans: window.loans, bytes: window.bytes },
        perLedger,
      },
    };
  }
}
