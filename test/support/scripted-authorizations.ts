import { Address, hash, nativeToScVal, xdr, type Keypair } from '@stellar/stellar-sdk';
import { address, borrower, CREDITLINE, i128, symbol, TOKEN, VENDOR } from './scripted-chain.js';

export interface WrittenCall {
  readonly contract: string;
  readonly fn: string;
  readonly args: readonly xdr.ScVal[];
  readonly inside?: readonly WrittenCall[];
}
/** An invocation, written out by hand. */
const invocation = ({
  contract,
  fn,
  args,
  inside = [],
}: WrittenCall): xdr.SorobanAuthorizedInvocation =>
  new xdr.SorobanAuthorizedInvocation({
    function: xdr.SorobanAuthorizedFunction.sorobanAuthorizedFunctionTypeContractFn(
      new xdr.InvokeContractArgs({
        contractAddress: new Address(contract).toScAddress(),
        functionName: fn,
        args: [...args],
      }),
    ),
    subInvocations: inside.map(invocation),
  });

const instalment = (amount: bigint, dueAt: bigint): xdr.ScVal =>
  nativeToScVal(
    { amount, due_date: dueAt, paid: false, paid_at: 0n },
    {
      type: {
        amount: ['symbol', 'i128'],
        due_date: ['symbol', 'u64'],
        paid: ['symbol', null],
        paid_at: ['symbol', 'u64'],
      },
    },
  );
/** The guarantee's transfer, which create_loan makes in the borrower's name. */
export const transferCall = (amount = 200n, from = borrower.publicKey()): WrittenCall => ({
  contract: TOKEN,
  fn: 'transfer',
  args: [address(from), address(CREDITLINE), i128(amount)],
});
/** create_loan with the terms of `fundingRequest`, as its simulation asks for it. */
export const createLoanCall = (
  changes: Partial<WrittenCall> & { readonly from?: string; readonly total?: bigint } = {},
): WrittenCall => {
  const { from = borrower.publicKey(), total = 1_000n, ...others } = changes;
  return {
    contract: CREDITLINE,
    fn: 'create_loan',
    args: [
      address(from),
      address(VENDOR),
      i128(total),
      i128(200n),
      xdr.ScVal.scvVec([instalment(500n, 1_800_000_000n), instalment(500n, 1_802_592_000n)]),
      xdr.ScVal.scvVec([symbol('Standard')]),
    ],
    inside: [transferCall(200n, from)],
    ...others,
  };
};

export interface WrittenEntry {
  readonly of?: string;
  readonly nonce?: bigint;
  readonly expirationLedger?: number;
  readonly signature?: xdr.ScVal;
  readonly call?: WrittenCall;
}
/** An entry by address, written out by hand. */
export const addressEntry = ({
  of = borrower.publicKey(),
  nonce = 77n,
  expirationLedger = 0,
  signature = xdr.ScVal.scvVoid(),
  call = createLoanCall({ from: of }),
}: WrittenEntry = {}): xdr.SorobanAuthorizationEntry =>
  new xdr.SorobanAuthorizationEntry({
    credentials: xdr.SorobanCredentials.sorobanCredentialsAddress(
      new xdr.SorobanAddressCredentials({
        address: new Address(of).toScAddress(),
        nonce,
        signatureExpirationLedger: expirationLedger,
        signature,
      }),
    ),
    rootInvocation: invocation(call),
  });

/** The entry that shows that a nonce was spent. */
export const nonceEntry = (
  of: string,
  nonce: bigint,
  durability = xdr.ContractDataDurability.temporary,
): string =>
  xdr.LedgerEntryData.contractData(
    new xdr.ContractDataEntry({
      ext: xdr.ExtensionPoint.v0(),
      contract: new Address(of).toScAddress(),
      key: xdr.ScVal.scvLedgerKeyNonce(new xdr.ScNonceKey({ nonce })),
      durability,
      val: xdr.ScVal.scvVoid(),
    }),
  ).toXdr('base64');

/** What is signed, by the protocol's definition. */
export const payloadOf = (
  { nonce = 77n, expirationLedger = 0, ...entry }: WrittenEntry,
  networkPassphrase: string,
): Uint8Array =>
  hash(
    xdr.HashIdPreimage.envelopeTypeSorobanAuthorization(
      new xdr.HashIdPreimageSorobanAuthorization({
        networkId: hash(networkPassphrase),
        nonce,
        signatureExpirationLedger: expirationLedger,
        invocation: addressEntry(entry).rootInvocation,
      }),
    ).toXdr(),
  );

/** A signature value as the network's accounts take it, in the given order. */
export const signatureList = (keys: readonly Keypair[], payload: Uint8Array): xdr.ScVal =>
  xdr.ScVal.scvVec(
    keys.map((key) =>
      xdr.ScVal.scvMap([
        new xdr.ScMapEntry({
          key: symbol('public_key'),
          val: xdr.ScVal.scvBytes(key.rawPublicKey()),
        }),
        new xdr.ScMapEntry({
          key: symbol('signature'),
          val: xdr.ScVal.scvBytes(key.sign(payload)),
        }),
      ]),
    ),
  );
