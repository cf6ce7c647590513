import { createHash } from 'node:crypto';
import { Address, StrKey, xdr } from '@stellar/stellar-sdk';
import type { FundingCall } from './families/contract-family.js';
import { numbers } from './soroban-data.js';

export interface FundingParts {
  /** The borrower, or the channel that lands the borrower's authorization. */
  readonly source: string;
  readonly call: FundingCall;
  /** XDR of the signed authorization; absent: the source's own signature authorizes the call. */
  readonly authorization?: Uint8Array;
}
/** Sequence, deadline and fee. A simulation ignores the first two (docs/stellar.md#simulation). */
export interface FundingBounds {
  /** The transaction's own: the one after the account's. */
  readonly sequence: bigint;
  /** T, unix seconds of the chain. */
  readonly maxTime: bigint;
  /** Stroops: the bid, and with the resources their fee. */
  readonly fee: bigint;
}
/** What the simulation adds. */
export interface FundingResources {
  /** XDR of the authorization entries; not used when the call carries a signed one. */
  readonly auth: readonly Uint8Array[];
  /** XDR of SorobanTransactionData. */
  readonly data: Uint8Array;
}

/** Values of the XDR, as `Transaction` has them in this order (Stellar-transaction.x). */
export const ENVELOPE = {
  transaction: 2,
  ed25519: 0,
  timeBounds: 1,
  noMemo: 0,
  oneOperation: 1,
  noSource: 0,
  invokeHostFunction: 24,
  invokeContract: 0,
  noResources: 0,
  resources: 1,
  noSignatures: 0,
} as const;

/**
 * The one transaction of a funding call as bytes, made from parts that are encoded once. When its
 * source is the borrower, the envelope's signature is the only authorisation and T ends it
 * (docs/protocol.md#fence-first, docs/stellar.md#authorisation).
 */
export class FundingEnvelope {
  /** XDR of the call. */
  readonly call: Buffer;
  readonly #source: Uint8Array;
  readonly #signed: readonly Uint8Array[];

  constructor({ source, call, authorization }: FundingParts) {
    this.#source = StrKey.decodeEd25519PublicKey(source);
    this.call = callBytes(call);
    this.#signed = authorization ? [authorization] : [];
  }

  /** Before simulation. */
  plain(bounds: FundingBounds): Buffer {
    return this.#bytes(bounds, this.#signed, [numbers(ENVELOPE.noResources)]);
  }

  /** As it is issued, without signatures. */
  withResources(bounds: FundingBounds, { auth, data }: FundingResources): Buffer {
    return this.#bytes(bounds, this.#signed.length > 0 ? this.#signed : auth, [
      numbers(ENVELOPE.resources),
      data,
    ]);
  }

  /** By how much `withResources` is longer than `plain`. */
  addedBytes({ auth, data }: FundingResources): number {
    return (this.#signed.length > 0 ? [data] : [...auth, data]).reduce(
      (sum, { length }) => sum + length,
      0,
    );
  }

  #bytes(
    { sequence, maxTime, fee }: FundingBounds,
    auth: readonly Uint8Array[],
    ext: readonly Uint8Array[],
  ): Buffer {
    const bounds = Buffer.alloc(40);
    // one that is too large is found by the assertion
    bounds.writeUInt32BE(Number(BigInt.asUintN(32, fee)), 0);
    bounds.writeBigInt64BE(sequence, 4);
    bounds.writeUInt32BE(ENVELOPE.timeBounds, 12);
    bounds.writeBigUInt64BE(maxTime, 24);
    bounds.writeUInt32BE(ENVELOPE.noMemo, 32);
    bounds.writeUInt32BE(ENVELOPE.oneOperation, 36);
    return Buffer.concat([
      numbers(ENVELOPE.transaction, ENVELOPE.ed25519),
      this.#source,
      bounds,
      numbers(ENVELOPE.noSource, ENVELOPE.invokeHostFunction, ENVELOPE.invokeContract),
      this.call,
      numbers(auth.length),
      ...auth,
      ...ext,
      numbers(ENVELOPE.noSignatures),
    ]);
  }
}

const callBytes = ({ contract, function: functionName, args }: FundingCall): Buffer =>
  Buffer.from(
    new xdr.InvokeContractArgs({
      contractAddress: new Address(contract).toScAddress(),
      functionName,
      args: [...args],
    }).toXdr(),
  );

/** What is signed: the network, and the transaction without its signatures. */
export function envelopeHash(envelope: Buffer, signatureBytes: number, network: Buffer): Buffer {
  // an envelope's type, which comes first, is also the type of what is signed
  return createHash('sha256')
    .update(network)
    .update(envelope.subarray(0, envelope.length - signatureBytes))
    .digest();
}

export const networkId = (passphrase: string): Buffer =>
  createHash('sha256').update(passphrase).digest();
