import {
  Account,
  Operation,
  TransactionBuilder,
  type Transaction,
  type xdr,
} from '@stellar/stellar-sdk';
import type { FundingCall } from './families/contract-family.js';

export interface FundingEnvelope {
  /** The borrower, or the channel that lands the borrower's authorization. */
  readonly source: string;
  readonly call: FundingCall;
  /** The signed authorization; absent: the source's own signature authorizes the call. */
  readonly authorization?: xdr.SorobanAuthorizationEntry;
  /** The account's sequence now; the envelope uses the next one. */
  readonly accountSequence: bigint;
  /** T, unix seconds of the chain. */
  readonly maxTime: bigint;
  /** Stroops. */
  readonly inclusionFee: bigint;
  readonly networkPassphrase: string;
}

/**
 * The plain transaction, before simulation. When its source is the borrower, the envelope's
 * signature is the only authorisation and T ends it (docs/protocol.md#fence-first,
 * docs/stellar.md#authorisation).
 */
export function fundingTransaction(envelope: FundingEnvelope): Transaction {
  const { contract, function: called, args } = envelope.call;
  return new TransactionBuilder(new Account(envelope.source, envelope.accountSequence.toString()), {
    fee: String(envelope.inclusionFee),
    networkPassphrase: envelope.networkPassphrase,
    timebounds: { minTime: 0, maxTime: envelope.maxTime.toString() },
  })
    .addOperation(
      Operation.invokeContractFunction({
        contract,
        function: called,
        args: [...args],
        auth: envelope.authorization ? [envelope.authorization] : [],
      }),
    )
    .build();
}
