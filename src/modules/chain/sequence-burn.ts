import { Account, Operation, TransactionBuilder, xdr } from '@stellar/stellar-sdk';
import type { SequenceBurn, SequenceBurnRequest } from './chain.js';

/**
 * A transaction that only takes the envelope's place: same source and sequence, so only one of the
 * two can land. bumpSequence to 0 changes nothing and cannot fail. Beside its bid it does not
 * depend on the ledger.
 */
export function sequenceBurn(
  request: SequenceBurnRequest,
  options: { readonly networkPassphrase: string; readonly inclusionFee: bigint },
): SequenceBurn {
  const transaction = new TransactionBuilder(
    new Account(request.account, (request.sequence - 1n).toString()),
    {
      fee: String(options.inclusionFee),
      networkPassphrase: options.networkPassphrase,
      timebounds: { minTime: 0, maxTime: request.maxTime.toString() },
    },
  )
    .addOperation(Operation.bumpSequence({ bumpTo: '0' }))
    .build();
  return {
    xdr: transaction.toXdr(),
    hash: xdr.encodeBytes(transaction.hash(), 'hex'),
    sequence: request.sequence,
    maxTime: request.maxTime,
    fee: options.inclusionFee,
  };
}
