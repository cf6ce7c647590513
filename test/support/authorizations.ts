import {
  Address,
  authorizeEntry,
  hash,
  Operation,
  rpc,
  TransactionBuilder,
  xdr,
  type Keypair,
  type Transaction,
} from '@stellar/stellar-sdk';
import { nonceKey } from '../../sandbox/network/nonces.js';
import { sorobanData, type LendingNetwork } from './lending-network.js';

export type Entry = xdr.SorobanAuthorizationEntry;
type Terms = Parameters<LendingNetwork['call']>[1];

/** Signed once: entries of borrowers, and transactions of a channel account that carry them. */
export class Authorizations {
  constructor(
    readonly lending: LendingNetwork,
    /** The account that pays and gives the sequence. */
    readonly channel: Keypair,
  ) {}

  get head(): number {
    return this.lending.network.control.head().ledger;
  }

  /** The operation with these entries; [] records. */
  operation(call: xdr.Operation, auth: Entry[]): xdr.Operation {
    if (call.body.type !== 'invokeHostFunction') throw new Error('no contract call');
    return Operation.invokeHostFunction({ func: call.body.value.hostFunction, auth });
  }

  async draft(operation: xdr.Operation, source = this.channel): Promise<Transaction> {
    return new TransactionBuilder(await this.lending.server.getAccount(source.publicKey()), {
      fee: '1000',
      networkPassphrase: this.lending.network.passphrase,
      timebounds: { minTime: 0, maxTime: this.lending.closeTime + 3000 },
    })
      .addOperation(operation)
      .build();
  }

  async simulate(
    operation: xdr.Operation,
    source = this.channel,
  ): Promise<rpc.Api.SimulateTransactionResponse> {
    return this.lending.server.simulateTransaction(await this.draft(operation, source));
  }

  /** What a simulation asks the borrower to sign. */
  async recorded(call: xdr.Operation, source = this.channel): Promise<readonly Entry[]> {
    const reply = await this.simulate(this.operation(call, []), source);
    if (rpc.Api.isSimulationError(reply)) throw new Error(reply.error);
    return reply.result?.auth ?? [];
  }

  /** The entry of a loan, recorded and signed by the account. */
  async signed(borrower: Keypair, until = this.head + 50, terms: Terms = {}): Promise<Entry> {
    const [entry] = await this.recorded(this.lending.call(borrower.publicKey(), terms));
    if (!entry) throw new Error('nothing to sign');
    return authorizeEntry(entry, borrower, until, this.lending.network.passphrase);
  }

  /** A prepared and signed transaction of the channel. */
  async transaction(
    call: xdr.Operation,
    auth: Entry[],
    change: (data: xdr.SorobanTransactionData) => xdr.SorobanTransactionData = (data) => data,
  ): Promise<Transaction> {
    const prepared = await this.lending.server.prepareTransaction(
      await this.draft(this.operation(call, auth)),
    );
    return this.lending.signed(
      TransactionBuilder.cloneFrom(prepared, {
        fee: '1000',
        networkPassphrase: this.lending.network.passphrase,
        sorobanData: change(sorobanData(prepared)),
      }).build(),
      this.channel,
    );
  }

  /** The spent nonce as the node shows it; undefined: it is not spent. */
  async nonce(entry: Entry): Promise<rpc.Api.LedgerEntryResult | undefined> {
    const { key } = nonceKey(addressOf(entry), credentialsOf(entry).nonce);
    return (await this.lending.server.getLedgerEntries(key)).entries[0];
  }

  /** The hash that the signer of an entry signs. */
  payload(entry: Entry, until: number, passphrase = this.lending.network.passphrase): Uint8Array {
    const preimage = new xdr.HashIdPreimageSorobanAuthorization({
      networkId: new xdr.Hash(hash(passphrase)),
      nonce: credentialsOf(entry).nonce,
      signatureExpirationLedger: until,
      invocation: entry.rootInvocation,
    });
    return hash(xdr.HashIdPreimage.envelopeTypeSorobanAuthorization(preimage).toXdr());
  }

  /** Signed by these keys, in this order. */
  signedBy(entry: Entry, until: number, keys: readonly Keypair[]): Entry {
    const payload = this.payload(entry, until);
    return altered(entry, {
      until,
      signature: signatures(keys.map((key) => [key, key.sign(payload)])),
    });
  }
}

export function credentialsOf(entry: Entry): xdr.SorobanAddressCredentials {
  if (entry.credentials.type !== 'sorobanCredentialsAddress')
    throw new Error(entry.credentials.type);
  return entry.credentials.value;
}
const addressOf = (entry: Entry): string =>
  Address.fromScAddress(credentialsOf(entry).address).toString();

/** The same entry with another expiration, signature or invocation. */
export function altered(
  entry: Entry,
  change: {
    readonly until?: number;
    readonly signature?: xdr.ScVal;
    readonly invocation?: xdr.SorobanAuthorizedInvocation;
  },
): Entry {
  const { address, nonce, signatureExpirationLedger, signature } = credentialsOf(entry);
  return new xdr.SorobanAuthorizationEntry({
    credentials: xdr.SorobanCredentials.sorobanCredentialsAddress(
      new xdr.SorobanAddressCredentials({
        address,
        nonce,
        signatureExpirationLedger: change.until ?? signatureExpirationLedger,
        signature: change.signature ?? signature,
      }),
    ),
    rootInvocation: change.invocation ?? entry.rootInvocation,
  });
}

/** An account's signatures as the host reads them. */
export const signatures = (list: readonly (readonly [Keypair, Uint8Array])[]): xdr.ScVal =>
  xdr.ScVal.scvVec(
    list.map(([key, signature]) =>
      xdr.ScVal.scvMap([
        new xdr.ScMapEntry({
          key: xdr.ScVal.scvSymbol('public_key'),
          val: xdr.ScVal.scvBytes(key.rawPublicKey()),
        }),
        new xdr.ScMapEntry({
          key: xdr.ScVal.scvSymbol('signature'),
          val: xdr.ScVal.scvBytes(signature),
        }),
      ]),
    ),
  );
