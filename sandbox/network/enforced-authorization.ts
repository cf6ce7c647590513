import { Address, xdr } from '@stellar/stellar-sdk';
import { checkAccountSignatures } from './account-signatures.js';
import {
  invocationOf,
  nearest,
  type Authorization,
  type AuthorizationPlace,
  type CallFrame,
} from './authorization.js';
import { authFailure, HostFailure, notAuthorized } from './host-failure.js';
import { sha256 } from './ledger-entries.js';
import { MAX_LIFETIME } from './ledger-settings.js';
import { spendNonce } from './nonces.js';

/**
 * In a ledger, and in a simulation of given entries: each required call must be in an entry of its
 * address, each used once. An address signs by its entry's credentials, which are checked when the
 * entry is used for the first time.
 */
export class EnforcedAuthorization implements Authorization {
  private readonly entries: readonly AddressEntry[];

  constructor(source: string, entries: readonly xdr.SorobanAuthorizationEntry[]) {
    this.entries = entries.map((entry) => new AddressEntry(source, entry));
  }

  require(address: string, frame: CallFrame, place: AuthorizationPlace): void {
    const own = this.entries.filter((entry) => entry.address === address);
    if (own.some((entry) => entry.matches(frame))) return;
    const rootMayMatch = !own.some((entry) => entry.isActive(frame));
    for (const entry of own) if (entry.authorizes(frame, rootMayMatch, place)) return;
    throw notAuthorized(address);
  }
}

type AddressCredentials = xdr.SorobanAddressCredentials;

class AddressEntry {
  readonly address: string;
  /** null: the source of the transaction signed the whole of it. */
  private readonly credentials: AddressCredentials | null;
  private readonly root: xdr.SorobanAuthorizedInvocation;
  private readonly matched = new Map<CallFrame, xdr.SorobanAuthorizedInvocation>();
  private readonly used = new Set<xdr.SorobanAuthorizedInvocation>();
  private verified = false;

  constructor(source: string, { credentials, rootInvocation }: xdr.SorobanAuthorizationEntry) {
    this.root = rootInvocation;
    this.credentials = credentials.type === 'sorobanCredentialsAddress' ? credentials.value : null;
    this.address = this.credentials
      ? Address.fromScAddress(this.credentials.address).toString()
      : source;
  }

  matches(frame: CallFrame): boolean {
    return this.matched.has(frame);
  }
  /** Whether a call above the frame uses this entry. */
  isActive(frame: CallFrame): boolean {
    return nearest(frame, this.matched) !== undefined;
  }

  /** @throws HostFailure when the call is in the entry, and its credentials do not hold */
  authorizes(frame: CallFrame, rootMayMatch: boolean, place: AuthorizationPlace): boolean {
    const above = nearest(frame, this.matched);
    const candidates = above ? above.subInvocations : rootMayMatch ? [this.root] : [];
    const wanted = invocationOf(frame, []).function;
    const match = candidates.find(
      (candidate) => !this.used.has(candidate) && candidate.function.equals(wanted),
    );
    if (!match) return false;
    this.used.add(match);
    this.matched.set(frame, match);
    if (!this.verified && this.credentials) this.verify(this.credentials, place);
    this.verified = true;
    return true;
  }

  private verify(credentials: AddressCredentials, place: AuthorizationPlace): void {
    const { nonce, signatureExpirationLedger: until } = credentials;
    const holder = new Address(this.address).toScVal();
    try {
      this.authenticate(credentials, place);
    } catch (thrown) {
      if (!(thrown instanceof HostFailure) || !thrown.recoverable) throw thrown;
      // A contract account's own call is in the log already.
      if (thrown.origin && credentials.address.type === 'scAddressTypeAccount')
        place.noteError(thrown.error, thrown.origin.data);
      const error = xdr.ScVal.scvError(thrown.error);
      throw authFailure(
        'scecInvalidAction',
        'failed account authentication with error',
        holder,
        error,
      );
    }
    const u32 = (value: number): xdr.ScVal => xdr.ScVal.scvU32(value);
    const { ledger } = place;
    if (ledger > until)
      throw authFailure(
        'scecInvalidInput',
        'signature has expired',
        holder,
        u32(ledger),
        u32(until),
      );
    const last = ledger + MAX_LIFETIME - 1;
    if (until > last)
      throw authFailure(
        'scecInvalidInput',
        'signature expiration is too late',
        holder,
        u32(last),
        u32(until),
      );
    spendNonce({ address: this.address, nonce, until }, place);
  }

  private authenticate(credentials: AddressCredentials, place: AuthorizationPlace): void {
    const payload = this.payload(credentials, place.networkPassphrase);
    if (credentials.address.type === 'scAddressTypeAccount') {
      place.countSignature('account');
      checkAccountSignatures(this.address, payload, credentials.signature, place);
      return;
    }
    place.countSignature('contract');
    place.checkAuth(this.address, [
      xdr.ScVal.scvBytes(payload),
      credentials.signature,
      xdr.ScVal.scvVec(contextsOf(this.root)),
    ]);
  }

  /** The hash that the address signs. */
  private payload(credentials: AddressCredentials, networkPassphrase: string): Uint8Array {
    const preimage = new xdr.HashIdPreimageSorobanAuthorization({
      networkId: new xdr.Hash(sha256(networkPassphrase)),
      nonce: credentials.nonce,
      signatureExpirationLedger: credentials.signatureExpirationLedger,
      invocation: this.root,
    });
    return sha256(xdr.HashIdPreimage.envelopeTypeSorobanAuthorization(preimage).toXdr());
  }
}

/** What `__check_auth` is told about the calls that it authorises. */
function contextsOf(root: xdr.SorobanAuthorizedInvocation): xdr.ScVal[] {
  const own =
    root.function.type === 'sorobanAuthorizedFunctionTypeContractFn'
      ? [contextOf(root.function.value)]
      : [];
  return [...own, ...root.subInvocations.flatMap(contextsOf)];
}

function contextOf(call: xdr.InvokeContractArgs): xdr.ScVal {
  const entry = (name: string, val: xdr.ScVal): xdr.ScMapEntry =>
    new xdr.ScMapEntry({ key: xdr.ScVal.scvSymbol(name), val });
  return xdr.ScVal.scvVec([
    xdr.ScVal.scvSymbol('Contract'),
    xdr.ScVal.scvMap([
      entry('args', xdr.ScVal.scvVec([...call.args])),
      entry('contract', xdr.ScVal.scvAddress(call.contractAddress)),
      entry('fn_name', xdr.ScVal.scvSymbol(call.functionName)),
    ]),
  ]);
}
