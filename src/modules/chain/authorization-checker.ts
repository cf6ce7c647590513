import { StrKey, xdr } from '@stellar/stellar-sdk';
import { type AddressedEntry, callOf, ownEntry, withSignature } from './authorization-entry.js';
import { authorizationDifferences } from './authorization-differences.js';
import {
  accountSignature,
  notSigned,
  type ReadAuthorization,
  readAuthorization,
  SIGNATURES_MAX,
  signaturesIn,
  weigh,
} from './authorization-signatures.js';
import type {
  AuthorizationCheck,
  ExpectedAuthorization,
  SignedAuthorization,
} from './authorizations.js';
import { FundingEnvelope } from './funding-envelope.js';
import { isSpent } from './landing-failure.js';
import { accountIn, accountKey, readEntries } from './ledger-entries.js';
import type { LoanSimulation } from './loan-simulation.js';
import { hostFailure } from './refusal.js';
import type { RpcClient } from './rpc-client.js';
import { simulate, ZERO_ACCOUNT } from './simulation.js';

type Fault = Extract<AuthorizationCheck, { ok: false }>;

/** Judges what wallets returned for an authorization. */
export class AuthorizationChecker {
  constructor(
    private readonly rpc: RpcClient,
    private readonly simulation: LoanSimulation,
    private readonly networkPassphrase: string,
  ) {}

  /** @throws HoldfastError CHAIN_UNREACHABLE */
  async check(
    signed: readonly SignedAuthorization[],
    expected: ExpectedAuthorization,
  ): Promise<AuthorizationCheck> {
    const issued = xdr.SorobanAuthorizationEntry.fromXdr(expected.entryXdr, 'base64');
    const addressed = ownEntry(issued);
    const parts = signed.map(readAuthorization);
    const read = parts.filter((part) => part !== null);
    if (read.length < parts.length || read.length === 0) return UNREADABLE;
    if (read.length > SIGNATURES_MAX || (read.length > 1 && read.some(isAnonymous))) return SEVERAL;
    const differences = read.flatMap(({ entry }) =>
      entry ? authorizationDifferences(entry, issued) : [],
    );
    if (differences.length > 0)
      return {
        ok: false,
        reason: 'differs',
        differences,
        sentence:
          'This is not the authorization of this loan. Sign the entry exactly as it was handed ' +
          'out; tools that simulate again or set another expiration change it.',
      };
    return StrKey.isValidContract(addressed.address)
      ? this.#byContract(read, addressed, expected)
      : this.#byAccount(read, addressed, issued);
  }

  async #byAccount(
    read: readonly ReadAuthorization[],
    addressed: AddressedEntry,
    issued: xdr.SorobanAuthorizationEntry,
  ): Promise<AuthorizationCheck> {
    const { address, expirationLedger } = addressed;
    const account = accountIn(await readEntries(this.rpc, [accountKey(address)]), address);
    if (!account)
      return notSigned({
        field: 'signature',
        expected: null,
        received: null,
        message: "cannot be checked: the borrower's account does not exist on the network",
      });
    const signatures = read
      .flatMap(({ entry, bare }) => [
        ...(entry ? (signaturesIn(entry) ?? []) : []),
        ...(bare ? [bare] : []),
      ])
      .slice(0, SIGNATURES_MAX);
    const { networkPassphrase } = this;
    const weighed = weigh(signatures, { issued, expirationLedger, networkPassphrase, account });
    if (!weighed.ok) return weighed;
    return accepted(addressed, weighed.signature);
  }

  /** A contract account decides with its own code, so the host has to run it. */
  async #byContract(
    read: readonly ReadAuthorization[],
    addressed: AddressedEntry,
    expected: ExpectedAuthorization,
  ): Promise<AuthorizationCheck> {
    let fault: AuthorizationCheck = notSigned({
      field: 'signature',
      expected: addressed.address,
      received: null,
      message: 'is missing: the authorization is not signed',
    });
    for (const signature of read.flatMap(contractSignatures)) {
      fault = await this.#byHost(addressed, signature, expected);
      if (fault.ok) return fault;
    }
    return fault;
  }

  async #byHost(
    addressed: AddressedEntry,
    signature: xdr.ScVal,
    { terms, pool }: ExpectedAuthorization,
  ): Promise<AuthorizationCheck> {
    const call = callOf(addressed.invocation);
    if (!call) throw new Error('the issued authorization is not a call');
    const envelope = new FundingEnvelope({
      source: ZERO_ACCOUNT,
      call,
      authorization: withSignature(addressed, signature).toXdr(),
    });
    const plain = envelope.plain({ sequence: 1n, maxTime: 0n, fee: 100n });
    const { error } = await simulate(this.rpc, plain.toString('base64'));
    // A spent nonce was accepted by the account already; what landed is judged by its evidence.
    if (error === undefined || isSpent(error)) return accepted(addressed, signature);
    const failure = hostFailure(error);
    if (failure.kind.startsWith('Auth/') || failure.origin === addressed.address)
      return notSigned({
        field: 'signature',
        expected: addressed.address,
        received: null,
        message: 'is refused by the contract account',
      });
    const refusal = await this.simulation.refusal(error, { terms, pool });
    return {
      ok: false,
      reason: 'not_checked',
      differences: [],
      refusal,
      sentence:
        'The signature could not be checked, because the loan is refused at present: ' +
        refusal.sentence,
    };
  }
}

const UNREADABLE: Fault = {
  ok: false,
  reason: 'unreadable',
  differences: [],
  sentence:
    'This is neither the base64 XDR of an authorization entry nor a signature of 64 bytes in ' +
    'base64 or hex.',
};

/** Without its signer's name, a signature has to be tried with every signer. */
const isAnonymous = ({ bare }: ReadAuthorization): boolean => bare?.signer === null;
const SEVERAL: Fault = {
  ok: false,
  reason: 'unreadable',
  differences: [],
  sentence: `Several signatures must name their signers, and ${SIGNATURES_MAX} are the most.`,
};

const accepted = (addressed: AddressedEntry, signature: xdr.ScVal): AuthorizationCheck => ({
  ok: true,
  signedEntryXdr: withSignature(addressed, signature).toXdr('base64'),
});

/**
 * What a contract account may take: the value in the entry as it is; for a bare signature its
 * bytes, and with a known key the form that accounts of the network use.
 */
function contractSignatures({ entry, bare }: ReadAuthorization): xdr.ScVal[] {
  if (entry) return signatureValue(entry);
  if (!bare) return [];
  const { signer, signature } = bare;
  return [
    xdr.ScVal.scvBytes(signature),
    ...(signer === null
      ? []
      : [accountSignature([{ key: StrKey.decodeEd25519PublicKey(signer), signature }])]),
  ];
}

function signatureValue({ credentials }: xdr.SorobanAuthorizationEntry): xdr.ScVal[] {
  if (credentials.type !== 'sorobanCredentialsAddress') return [];
  const { signature } = credentials.value;
  return signature.type === 'scvVoid' ? [] : [signature];
}
