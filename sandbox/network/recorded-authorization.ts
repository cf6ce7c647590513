import { randomBytes } from 'node:crypto';
import { Address, xdr } from '@stellar/stellar-sdk';
import { accountKey } from './ledger-entries.js';
import {
  invocationOf,
  nearest,
  type Authorization,
  type AuthorizationPlace,
  type CallFrame,
} from './authorization.js';
import { notTiedToRoot } from './host-failure.js';
import { MAX_LIFETIME } from './ledger-settings.js';
import { spendNonce } from './nonces.js';

interface RecordedCall {
  readonly frame: CallFrame;
  readonly children: RecordedCall[];
}
interface RecordedRoot {
  readonly call: RecordedCall;
  /** null: the source of the transaction, whose signature is the transaction's. */
  readonly signer: { readonly address: string; readonly nonce: bigint } | null;
}

/** A random number that is not negative, as nodes draw it. */
const drawNonce = (): bigint => randomBytes(8).readBigUInt64BE() >> 1n;

/**
 * Simulation without given entries: records the trees that the addresses must sign. The source gets
 * source-account credentials, any other address an unsigned entry with a nonce.
 */
export class RecordedAuthorization implements Authorization {
  private readonly byAddress = new Map<string, Map<CallFrame, RecordedCall>>();
  private readonly roots: RecordedRoot[] = [];

  constructor(
    private readonly source: string,
    private readonly draw: () => bigint = drawNonce,
  ) {}

  require(address: string, frame: CallFrame, place: AuthorizationPlace): void {
    const calls = this.byAddress.get(address) ?? new Map<CallFrame, RecordedCall>();
    this.byAddress.set(address, calls);
    if (calls.has(frame)) return;
    const call: RecordedCall = { frame, children: [] };
    const above = nearest(frame, calls);
    if (!above && frame.parent) throw notTiedToRoot(address, calledIn(frame, address));
    if (above) above.children.push(call);
    else this.roots.push({ call, signer: this.signerOf(address, place) });
    calls.set(frame, call);
  }

  /** The nonce is booked for as long as an entry can live, since its expiration is not known. */
  private signerOf(address: string, place: AuthorizationPlace): RecordedRoot['signer'] {
    if (address === this.source) return null;
    const nonce = this.draw();
    spendNonce({ address, nonce, until: place.ledger + MAX_LIFETIME - 1 }, place);
    if (address.startsWith('G')) place.access.touch(accountKey(address), 'read');
    else place.codeOf(address);
    place.countSignature(address.startsWith('G') ? 'account' : 'contract, recorded');
    return { address, nonce };
  }

  entries(): xdr.SorobanAuthorizationEntry[] {
    const tree = (call: RecordedCall): xdr.SorobanAuthorizedInvocation =>
      invocationOf(call.frame, call.children.map(tree));
    return this.roots.map(
      ({ call, signer }) =>
        new xdr.SorobanAuthorizationEntry({
          credentials: signer
            ? xdr.SorobanCredentials.sorobanCredentialsAddress(
                new xdr.SorobanAddressCredentials({
                  address: new Address(signer.address).toScAddress(),
                  nonce: signer.nonce,
                  signatureExpirationLedger: 0,
                  signature: xdr.ScVal.scvVoid(),
                }),
              )
            : xdr.SorobanCredentials.sorobanCredentialsSourceAccount(),
          rootInvocation: tree(call),
        }),
    );
  }
}

/** Whether a contract further up is the address itself. */
function calledIn(frame: CallFrame, address: string): boolean {
  for (let above = frame.parent; above; above = above.parent)
    if (above.contract === address) return true;
  return false;
}
