import { StrKey, xdr } from '@stellar/stellar-sdk';
import { decodeReply, mustNotBeBehind } from './chain-trouble.js';
import type { Authorization, AuthorizationRequest, AuthorizationResult } from './authorizations.js';
import type { Head } from './chain.js';
import {
  addressedEntry,
  invocationOf,
  invocationText,
  ownEntry,
  preimageOf,
  unsignedEntry,
} from './authorization-entry.js';
import { familyOf } from './families/families.js';
import type { BuilderSources } from './funding-builder.js';
import { FundingEnvelope } from './funding-envelope.js';
import { accountKey, instanceKey, readEntries } from './ledger-entries.js';
import { NO_WINDOW } from './resources.js';
import { ZERO_ACCOUNT } from './simulation.js';
import { countedFor, vendorFundedIn, vendorFundedKeys } from './vendor-funded.js';

/**
 * Builds the authorization of a hold from our own terms. The simulation only confirms it: a node
 * may add calls that the borrower would then sign (docs/stellar.md#signed-authorizations).
 */
export class AuthorizationBuilder {
  constructor(
    private readonly sources: BuilderSources,
    private readonly networkPassphrase: string,
  ) {}

  /** @throws HoldfastError CHAIN_UNREACHABLE */
  async build(request: AuthorizationRequest): Promise<AuthorizationResult> {
    const { terms, pool } = request;
    const family = familyOf(pool.generation);
    const counted = countedFor(family, pool, terms);
    const { rpc, simulation, heads } = this.sources;
    const borrower = borrowerKey(terms.borrower);
    const call = family.fundingCall(terms, pool);
    const envelope = new FundingEnvelope({ source: ZERO_ACCOUNT, call });
    const asked = simulation.ask({ terms, pool, envelope });
    asked.catch(() => undefined);
    const reading = readEntries(rpc, [borrower, ...vendorFundedKeys(counted)]);
    const [entries, head, settings, inclusionFee] = await Promise.all([
      reading,
      heads.of(reading),
      this.sources.settings.read(),
      simulation.inclusionFee(request.bids),
    ]);
    if (!entries.entry(borrower)) {
      mustNotBeBehind('getLedgerEntries', entries.ledger, request.seenLedger);
      return { kind: 'no_account' };
    }
    const ledgers = Math.ceil(request.holdSeconds / request.pace.fastest);
    // The host's own bound is this many ledgers from the one in which it checks.
    const most = settings.maxEntryTtl - 1;
    if (ledgers > most) return { kind: 'fence_too_far', ledgers, most };
    const invocation = invocationOf(call, family.authorizedCalls(terms, pool));
    const window = { least: NO_WINDOW, wanted: NO_WINDOW };
    const simulated = await simulation.resultOf(
      await asked,
      { window, signatures: 1, bid: inclusionFee.bid },
      settings,
    );
    if (simulated.kind === 'failed') {
      mustNotBeBehind('simulateTransaction', simulated.ledger, request.seenLedger);
      return { kind: 'refused', refusal: await simulation.refusal(simulated.log, request) };
    }
    if (simulated.kind === 'window_too_small')
      throw new Error('a call without a window lacks room for one');
    if (simulated.kind !== 'simulated') return simulated;
    const found = foreignIn(simulated.auth, terms.borrower, invocation);
    if (found.length > 0) return { kind: 'foreign_invocations', found };
    const entry = unsignedEntry({
      address: terms.borrower,
      expirationLedger: head.ledger + ledgers,
      invocation,
    });
    return {
      kind: 'built',
      authorization: {
        ...this.#described(entry, head, ledgers * request.pace.slowest),
        issuedAfterLedger: Math.min(entries.ledger, head.ledger, simulated.ledger),
        vendorFunded: vendorFundedIn(entries, counted),
      },
    };
  }

  #described(
    entry: xdr.SorobanAuthorizationEntry,
    head: Head,
    seconds: number,
  ): Omit<Authorization, 'issuedAfterLedger' | 'vendorFunded'> {
    const { address, nonce, expirationLedger } = ownEntry(entry);
    const { payload } = preimageOf(entry, expirationLedger, this.networkPassphrase);
    return {
      hash: xdr.encodeBytes(payload, 'hex'),
      entryXdr: entry.toXdr('base64'),
      address,
      nonce,
      expirationLedger,
      chainTime: head.closeTime,
      latestEnd: head.closeTime + BigInt(Math.ceil(seconds)),
    };
  }
}

const borrowerKey = (borrower: string): xdr.LedgerKey =>
  StrKey.isValidContract(borrower) ? instanceKey(borrower) : accountKey(borrower);

/**
 * What the simulation asks to be authorized and our terms do not contain, and the other way round;
 * empty when both are the same.
 */
function foreignIn(
  auth: readonly Uint8Array[],
  borrower: string,
  ours: xdr.SorobanAuthorizedInvocation,
): string[] {
  return decodeReply('simulateTransaction', () => {
    const entries = auth.map((each) => xdr.SorobanAuthorizationEntry.fromXdr(each));
    const isOurs = (entry: xdr.SorobanAuthorizationEntry): boolean =>
      addressedEntry(entry)?.address === borrower &&
      entry.rootInvocation.toXdr('base64') === ours.toXdr('base64');
    const foreign = entries.filter((entry) => !isOurs(entry));
    const own = entries.length - foreign.length;
    return [
      ...foreign.map(
        (entry) =>
          `${addressedEntry(entry)?.address ?? 'the source account'}: ${treeText(entry.rootInvocation)}`,
      ),
      ...(own > 1 ? [`the same authorization ${own} times`] : []),
      ...(entries.length === 0 ? ['no authorization at all'] : []),
    ];
  });
}

const treeText = (invocation: xdr.SorobanAuthorizedInvocation): string => {
  const inside = invocation.subInvocations.map(treeText);
  return `${invocationText(invocation)}${inside.length > 0 ? ` with [${inside.join('; ')}]` : ''}`;
};
