import { Account, Contract, TransactionBuilder, type Transaction } from '@stellar/stellar-sdk';
import type { FundingCall } from './families/contract-family.js';

export interface FundingEnvelope {
  readonly borrower: string;
  readonly call: FundingCall;
  /** The account's sequence now; the envelope uses the next one. */
  readonly accountSequence: bigint;
  /** T, unix seconds of the chain. */
  readonly maxTime: bigint;
  /** Stroops. */
  readonly inclusionFee: bigint;
  readonly networkPassphrase: string;
}

/**
 * The plain transaction, before simulation. Its source is the borrower, so that the envelope's
 * signature is the only authorisation and T ends it (docs/protocol.md#fence-first,
 * docs/stellar.md#authorisation).
 */
export function fundingTransaction(envelope: FundingEnvelope): Transaction {
  return new TransactionBuilder(
    new Account(envelope.borrower, envelope.accountSequence.toString()),
    {
      fee: String(envelope.inclusionFee),
      networkPassphrase: envelope.networkPassphrase,
      timebounds: { minTime: 0, maxTime: envelope.maxTime.toString() },
    },
  )
    .addOperation(
      new Contract(envelope.call.contract).call(envelope.call.function, ...envelope.call.args),
    )
    .build();
}
